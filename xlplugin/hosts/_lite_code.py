"""The two files that xlwings Lite runs, `main.py` and `requirements.txt`, made from the function records."""

from __future__ import annotations

import json
from base64 import b64encode
from textwrap import wrap
from typing import TYPE_CHECKING

from xlplugin import __version__
from xlplugin.hosts._kernel import kernel_files, zipped
from xlplugin.texts import say
from xlplugin.worksheet import FUNCTIONS

if TYPE_CHECKING:
    from xlplugin.worksheet import Arg, Function

__all__ = ["REQUIREMENTS", "main_py"]

# What Lite's own workbooks ask for, so that it finds what it counts on; our functions need none of it.
REQUIREMENTS = """\
xlwings<1.0.0  # required
python-dotenv  # required
pyodide-http  # required
black  # required
"""
_DATE = "yyyy-mm-dd"
_WIDTH = 120
_BESIDES = ("hosts/__init__.py", "hosts/_lite_calls.py")

_HEAD = '''\
"""{about}
"""

import base64
import io
import sys
import tempfile
import zipfile
from functools import cache

from xlwings import arg, func, ret

'''

# Rows of cells (`ndim=2`) keep a column apart from a row, and `err_to_str` an error apart from a blank. No converter:
# a blank that comes as 0 would turn into a date of 1899, and a text into #VALUE!.
_FUNCTION = '''
@func
@ret(date_format="{date}")
{args}
def {name}({signature}):
    """{doc}"""
    return _functions()["{name}"]({names})

'''

_TAIL = '''
@cache
def _functions():
    folder = tempfile.mkdtemp(prefix="xlplugin-")
    with zipfile.ZipFile(io.BytesIO(base64.b64decode(_KERNEL))) as kernel:
        kernel.extractall(folder)
    for name in [name for name in sys.modules if name.partition(".")[0] == "xlplugin"]:
        del sys.modules[name]
    sys.path.insert(0, folder)
    from xlplugin.hosts._lite_calls import functions

    return functions()


_KERNEL = """
{kernel}
"""
'''


def main_py(lang: str) -> str:
    """The module that Lite loads: a function for each record, and the kernel that answers them as base64 at its end.

    Args:
        lang: `zh` or `en`, the language of what Excel shows beside the functions.
    """
    kernel = b64encode(zipped(kernel_files(*_BESIDES))).decode()
    about = say(lang, "lite.code.about", version=__version__)
    return "".join(
        [
            _HEAD.format(about=about),
            *(_function(function, lang) for function in FUNCTIONS.values()),
            _TAIL.format(kernel="\n".join(wrap(kernel, _WIDTH))),
        ]
    )


def _function(function: Function, lang: str) -> str:
    names = [arg.name for arg in function.args]
    return _FUNCTION.format(
        date=_DATE,
        args="\n".join(_argument(arg, lang) for arg in function.args),
        name=function.name,
        signature=", ".join(f"{arg.name}=None" if arg.optional else arg.name for arg in function.args),
        doc=getattr(function, lang),
        names=", ".join(names),
    )


def _argument(arg: Arg, lang: str) -> str:
    doc = json.dumps(getattr(arg, lang), ensure_ascii=False)
    return f'@arg("{arg.name}", ndim=2, err_to_str=True, doc={doc})'
