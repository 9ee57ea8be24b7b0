"""The house holds to its own rules: rooms, sizes, texts, the clock, what is loaded, and Python 3.10 for the kernel."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING

import pytest

import xlplugin
from xlplugin.rulebook import packed
from xlplugin.texts import _TEXTS as TEXTS

if TYPE_CHECKING:
    from collections.abc import Iterator

HOUSE = Path(xlplugin.__file__).parent
# From the ground up; rooms of one storey may use each other no more than those above.
STOREYS = (
    ("texts",),
    ("errors",),
    ("domain",),
    ("cells", "rulebook"),
    ("decisions",),
    ("worksheet",),
    ("hosts",),
    ("workbooks",),
    ("exchange",),
    ("cli",),
)
STOREY = {room: storey for storey, rooms in enumerate(STOREYS) for room in rooms}
KERNEL = ("texts", "errors", "domain", "cells", "rulebook", "decisions", "worksheet")
# A solver is borrowed where it is there; nothing else in the kernel needs it (docs/decisions/0005).
_SOLVING = ("decisions/assignment.py", "decisions/_bounded.py", "decisions/choices.py")
BORROWED = dict.fromkeys(_SOLVING, ("numpy", "scipy"))
ABOVE_KERNEL = ("hosts", "workbooks", "exchange", "cli")
OUTSIDE = (*ABOVE_KERNEL, "__main__")
CLOCK = {("date", "today"), ("datetime", "now"), ("datetime", "today"), ("datetime", "utcnow"), ("time", "time")}
# Modules that another program loads and looks into by name lie here.
BY_NAME = "hosts/calc/"
MOST_LINES_A_FUNCTION, MOST_LINES_A_MODULE = 40, 400
# 3.11 brought these into the standard library; the rulebook comes as JSON where tomllib is not to be had.
NOT_IN_310 = {"tomllib", "ExceptionGroup", "StrEnum", "Self", "assert_never", "LiteralString"}


def modules() -> list[str]:
    """Every module's path under the package."""
    return sorted(path.relative_to(HOUSE).as_posix() for path in HOUSE.rglob("*.py"))


@cache
def tree(module: str) -> ast.Module:
    return ast.parse((HOUSE / module).read_text(encoding="utf-8"))


def room(module: str) -> str:
    """The room a module lies in: its folder, or its own name."""
    return module.partition("/")[0].removesuffix(".py")


def imported(module: str) -> Iterator[tuple[str, int]]:
    """Every module that a module imports anywhere, with the line."""
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}:{node.lineno} relative import"
            assert node.module is not None
            top = node.module == "xlplugin"
            names = [f"{node.module}.{alias.name}" for alias in node.names] if top else [node.module]
            yield from ((name, node.lineno) for name in names)


# rooms --------------------------------------------------------------------------------------------------------------


def test_every_module_lies_in_a_room() -> None:
    assert {room(module) for module in modules()} <= {*STOREY, "__init__", "__main__"}


@pytest.mark.parametrize("module", [module for module in modules() if room(module) in STOREY])
def test_imports_go_down_the_house(module: str) -> None:
    here = room(module)
    for name, line in imported(module):
        top, _, rest = name.partition(".")
        if top != "xlplugin":
            continue
        there = rest.split(".")[0]
        if there in STOREY:
            allowed = there == here or STOREY[there] < STOREY[here]
            assert allowed, f"{module}:{line}: {here} imports {there}"
        else:
            assert there == "__version__", f"{module}:{line}: {name}"


@pytest.mark.parametrize("module", modules())
def test_other_peoples_libraries_are_used_only_above_the_kernel(module: str) -> None:
    for name, line in imported(module):
        top = name.split(".")[0]
        if top in sys.stdlib_module_names or top == "xlplugin" or top in BORROWED.get(module, ()):
            continue
        assert room(module) in OUTSIDE, f"{module}:{line} imports {name}"
        assert room(module) != "cli" or module not in ("cli/__init__.py", "cli/_parser.py", "cli/_language.py")


@pytest.mark.parametrize("module", [module for module in modules() if room(module) != "cli"])
def test_nothing_below_the_command_line_asks_the_clock(module: str) -> None:
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            assert (node.value.id, node.attr) not in CLOCK, f"{module}:{node.lineno}"


# sizes --------------------------------------------------------------------------------------------------------------


def lines_of(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The lines of a function's code, its docstring and decorators left out."""
    body = node.body
    documented = isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)
    return (node.end_lineno or node.lineno) - (body[1] if documented and len(body) > 1 else body[0]).lineno + 1


@pytest.mark.parametrize("module", modules())
def test_functions_are_short(module: str) -> None:
    for node in ast.walk(tree(module)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            assert lines_of(node) <= MOST_LINES_A_FUNCTION, f"{module}:{node.lineno} {node.name}"


def test_the_median_function_is_very_short() -> None:
    lengths = sorted(
        lines_of(node)
        for module in modules()
        for node in ast.walk(tree(module))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    )
    assert lengths[len(lengths) // 2] <= 10


@pytest.mark.parametrize("module", [module for module in modules() if room(module) != "texts"])
def test_a_module_can_be_read_in_a_sitting(module: str) -> None:
    assert len((HOUSE / module).read_text(encoding="utf-8").splitlines()) <= MOST_LINES_A_MODULE


@pytest.mark.parametrize("module", modules())
def test_a_module_says_what_it_is_and_what_is_public(module: str) -> None:
    parsed = tree(module)
    assert ast.get_docstring(parsed), f"{module} has no docstring"
    targets = [target for node in parsed.body if isinstance(node, ast.Assign) for target in node.targets]
    names = [target.id for target in targets if isinstance(target, ast.Name)]
    public = [
        node.name
        for node in parsed.body
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_")
    ]
    if public and room(module) != "cli" and not module.startswith(BY_NAME):
        assert "__all__" in names, f"{module} defines {public} and no __all__"


ROOT = HOUSE.parent
PYTHON = sorted(
    path for folder in ("xlplugin", "tests", "benchmarks", "scripts") for path in (ROOT / folder).rglob("*.py")
)
BARE = re.compile(r"# (?:noqa|type: ignore)(?:: [A-Z0-9, ]+|\[[^\]]*\])? *$")


@pytest.mark.parametrize("path", PYTHON, ids=[str(path.relative_to(ROOT)) for path in PYTHON])
def test_what_a_linter_is_told_to_overlook_has_its_reason_beside_it(path: Path) -> None:
    found = [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if BARE.search(line)]
    assert found == []


# texts --------------------------------------------------------------------------------------------------------------


def literals(call: str) -> Iterator[tuple[str, int, ast.Call]]:
    """Every call of a name in the package, with its module and line."""
    for module in modules():
        for node in ast.walk(tree(module)):
            if isinstance(node, ast.Call):
                name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                if name == call:
                    yield module, node.lineno, node


def constant(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def keys(node: ast.expr) -> list[str]:
    """The text keys an expression may give, as far as they are written out."""
    if isinstance(node, ast.IfExp):
        return [*keys(node.body), *keys(node.orelse)]
    found = constant(node)
    return [] if found is None else [found]


def beginnings(node: ast.expr) -> str | None:
    """What a key put together by an f-string begins with."""
    return constant(node.values[0]) if isinstance(node, ast.JoinedStr) and node.values else None


def test_every_error_has_a_sentence_in_both_languages() -> None:
    codes = {}
    for module, line, node in literals("XlpError"):
        written = keys(node.args[0])
        assert written or room(module) not in KERNEL, f"{module}:{line} the code is written out"
        codes.update(dict.fromkeys(written, f"{module}:{line}"))
    assert len(codes) > 15
    for lang, texts in TEXTS.items():
        missing = {code: place for code, place in codes.items() if f"error.{code}" not in texts}
        assert not missing, (lang, missing)


def test_every_error_is_given_the_facts_its_sentence_names() -> None:
    for module, line, node in literals("XlpError"):
        given = {keyword.arg for keyword in node.keywords}
        for code in keys(node.args[0]):
            text = TEXTS["en"].get(f"error.{code}", "")
            named = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
            assert None in given or named <= given, f"{module}:{line} lacks {named - given}"


def test_every_text_that_is_asked_for_exists() -> None:
    asked = [(module, line, node, 1) for module, line, node in literals("say")]
    asked += [(module, line, node, 1) for module, line, node in literals("note")]
    for module, line, node, place in asked:
        if len(node.args) <= place:
            continue
        for key in keys(node.args[place]):
            for lang, texts in TEXTS.items():
                assert key in texts, f"{module}:{line} {lang} {key}"
        start = beginnings(node.args[place])
        if start:
            assert any(key.startswith(start) for key in TEXTS["en"]), f"{module}:{line} {start}…"


def test_every_cause_of_an_unreadable_cell_has_a_text() -> None:
    for module, line, node in literals("Unreadable"):
        for cause in keys(node.args[0]):
            for lang, texts in TEXTS.items():
                assert f"cell.{cause}" in texts, f"{module}:{line} {lang} {cause}"


# what is loaded -----------------------------------------------------------------------------------------------------

HEAVY = (
    "pandas numpy openpyxl xlsxwriter formualizer python_calamine xlwings scipy matplotlib dataclasses inspect".split()
)


def loaded_by(statement: str) -> set[str]:
    """The modules that are there after a statement in a fresh Python."""
    script = f"{statement}; import sys; print(*sys.modules)"
    return ran(script)


def ran(script: str) -> set[str]:
    """The words a script prints."""
    command = [sys.executable, "-c", script]
    return set(subprocess.run(command, capture_output=True, text=True, check=True, cwd=HOUSE.parent).stdout.split())


def test_the_command_line_loads_nothing_heavy() -> None:
    before, after = loaded_by("pass"), loaded_by("import xlplugin.cli")
    heavy = {name for name in HEAVY if name in after} - before
    assert heavy == set()
    assert not {name for name in after if name.startswith("xlplugin.") and room_of(name) in ("hosts", "workbooks")}


def room_of(name: str) -> str:
    return name.split(".")[1]


def test_help_loads_nothing_heavy_either() -> None:
    statement = (
        "import contextlib, io, xlplugin.cli\n"
        "with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):\n"
        "    xlplugin.cli.main(['--help'])\n"
        "import sys; print(*sys.modules)"
    )
    assert not set(HEAVY) & ran(statement) - loaded_by("import argparse, contextlib, io")


def test_the_package_gives_its_public_nouns() -> None:
    for name in xlplugin.__all__:
        assert getattr(xlplugin, name) is not None
    with pytest.raises(AttributeError, match="no attribute"):
        _ = xlplugin.nonsense  # type: ignore[attr-defined,unused-ignore] # that is the point


# Python 3.10 ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def python_310() -> str:
    """A Python 3.10, where there is one that runs."""
    beside = sorted(str(path) for path in Path(sys.base_prefix).parent.glob("3.10*/bin/python3.10"))
    for candidate in (*beside, shutil.which("python3.10")):
        if candidate and subprocess.run([candidate, "--version"], capture_output=True, check=False).returncode == 0:
            return candidate
    pytest.skip("there is no python3.10 on this machine")


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the kernel alone, its rulebook as JSON, as it travels into other programs."""
    home: Path = tmp_path_factory.mktemp("kernel")
    package = home / "xlplugin"
    package.mkdir()
    for name in ("__init__", "errors", "domain", "cells"):
        shutil.copy(HOUSE / f"{name}.py", package)
    for name in ("texts", "decisions", "worksheet", "rulebook"):
        shutil.copytree(HOUSE / name, package / name, ignore=shutil.ignore_patterns("__pycache__", "*.toml", "schemes"))
    (package / "rulebook" / "rulebook.json").write_text(packed(), encoding="utf-8")
    return home


def answers(python: str, home: Path) -> str:
    """What the kernel answers to the golden questions of every scheme, under a Python."""
    script = (
        "import sys\n"
        "from datetime import date\n"
        "from xlplugin.worksheet import FUNCTIONS, Desk\n"
        "from xlplugin.rulebook import load\n"
        "from xlplugin.decisions import WorkingDays\n"
        "desk = Desk(); call = desk.functions()\n"
        "for scheme in desk.book.values():\n"
        "    fields = [field.label['zh'] for field in scheme.fields.values()] or ['x']\n"
        "    for cell in (None, 1, 'A', '是', date(2026, 3, 2), '#N/A', '2026-03-01'):\n"
        "        row = [cell] * len(fields)\n"
        "        args = scheme.id, fields, row, date(2026, 3, 2)\n"
        "        print(*(call[name](*args) for name in list(FUNCTIONS)[:4]), sep='|')\n"
        "    print(*(call['XLP_INTERVAL'](scheme.id, grade) for grade in scheme.grades))\n"
        "assert not {'tomllib', 'pandas', 'openpyxl'} & set(sys.modules)\n"
    )
    environment = {"PYTHONPATH": str(home), "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    command = [python, "-c", script]
    run = subprocess.run(command, capture_output=True, check=False, cwd=home, env=environment, encoding="utf-8")
    assert run.returncode == 0, run.stderr
    return run.stdout


def test_the_kernel_answers_the_same_on_python_310_from_json(python_310: str, kernel: Path) -> None:
    old, new = answers(python_310, kernel), answers(sys.executable, kernel)
    assert old == new
    assert old.count("\n") > 100


def test_the_kernel_stands_alone_on_this_python_too(kernel: Path) -> None:
    assert "定" in answers(sys.executable, kernel)


@pytest.mark.parametrize("module", [module for module in modules() if room(module) in KERNEL])
def test_the_kernel_uses_nothing_newer_than_310(module: str) -> None:
    ast.parse((HOUSE / module).read_text(encoding="utf-8"), feature_version=(3, 10))
    for node in ast.walk(tree(module)):
        names = {alias.name for alias in node.names} if isinstance(node, (ast.Import, ast.ImportFrom)) else set()
        newer = names & NOT_IN_310
        assert not newer or (newer == {"tomllib"} and module == "rulebook/__init__.py"), f"{module}: {newer}"
