"""LibreOffice Calc: the add-in as a file, its installation, and a register filled in the real program."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
import zipfile
from contextlib import contextmanager
from datetime import date
from math import isnan
from pathlib import Path
from struct import pack, unpack
from typing import TYPE_CHECKING, Any

import _calc
import openpyxl
import pytest
import xlsxwriter

from xlplugin import __version__
from xlplugin.cells import EPOCH_1900, EPOCH_1904
from xlplugin.errors import XlpError
from xlplugin.hosts.calc import _install, _parts, build, find_office, install, state, uninstall
from xlplugin.hosts.calc._alone import alone_with
from xlplugin.hosts.calc._calls import functions
from xlplugin.hosts.calc._extension import content
from xlplugin.hosts.calc._office import Office, check_profile, clean_environment
from xlplugin.hosts.calc._typelib import Method, type_library
from xlplugin.hosts.headless import recalc
from xlplugin.hosts.places import cell_named, open_book, ref
from xlplugin.texts import LANGUAGES
from xlplugin.workbooks.build import build as build_template
from xlplugin.workbooks.recipes import recipe_of
from xlplugin.worksheet import FUNCTIONS, Desk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

needs_calc = pytest.mark.skipif(bool(_calc.why_not()), reason=_calc.why_not() or "there")
_ROOT = Path(__file__).parents[1]
_OOR = "{http://openoffice.org/2001/registry}"
_SERIAL_0302 = 46083.0  # 2026-03-02


# the file


@pytest.fixture(scope="module")
def parts() -> dict[str, bytes]:
    """The add-in's files by path."""
    with zipfile.ZipFile(io.BytesIO(content())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_same_package_gives_the_same_bytes(tmp_path: Path) -> None:
    assert build(tmp_path / "a.oxt").read_bytes() == build(tmp_path / "new" / "b.oxt").read_bytes() == content()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.oxt", "new"]


def test_an_existing_file_stays_whole_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(XlpError) as caught:
        build(tmp_path / "file" / "x.oxt")
    assert caught.value.code == "cannot_write"
    (tmp_path / "folder.oxt").mkdir()
    with pytest.raises(XlpError):
        build(tmp_path / "folder.oxt")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder.oxt"]


def test_the_manifest_names_files_that_are_there(parts: Mapping[str, bytes]) -> None:
    space = "{http://openoffice.org/2001/manifest}"
    listed = {
        entry.get(f"{space}full-path"): entry.get(f"{space}media-type")
        for entry in _tree(parts["META-INF/manifest.xml"])
    }
    assert listed.keys() <= parts.keys()
    assert listed["xlplugin.components"] == "application/vnd.sun.star.uno-components"
    component = _tree(parts["xlplugin.components"])[0]
    assert component.get("uri") in parts


def test_the_description_says_version_and_oldest_office(parts: Mapping[str, bytes]) -> None:
    text = parts["description.xml"].decode()
    assert f'<version value="{__version__}"/>' in text
    assert '<l:LibreOffice-minimal-version value="25.2"' in text
    _tree(text)


def test_every_function_is_offered_in_both_languages(parts: Mapping[str, bytes]) -> None:
    root = _tree(parts["CalcAddIns.xcu"])
    offered = root.findall(".//node/node/node/node")[: len(FUNCTIONS)]
    assert len(offered) == len(FUNCTIONS)
    for node, function in zip(offered, FUNCTIONS.values(), strict=True):
        words = _words(node)
        assert words["DisplayName"] == words["CompatibilityName"] == dict.fromkeys(LANGUAGES, function.name)
        assert words["Description"] == {"zh": function.zh, "en": function.en}
        args = [_words(arg) for arg in node.findall("node/node")]
        assert [arg["Description"] for arg in args] == [{"zh": arg.zh, "en": arg.en} for arg in function.args]


def _tree(content: bytes | str) -> ET.Element:
    return ET.fromstring(content)  # noqa: S314 - made by this package


def _words(node: ET.Element) -> dict[str, dict[str, str]]:
    lang = "{http://www.w3.org/XML/1998/namespace}lang"
    return {
        prop.get(f"{_OOR}name", ""): {value.get(lang, ""): value.text or "" for value in prop}
        for prop in node.findall("prop")
    }


def test_the_type_library_is_the_known_one() -> None:
    # Written for this very interface by LibreOffice's own unoidl-write 25.2, but for the comment it puts first.
    found = type_library("org.a.XF", [Method("xlpGrade", [("scheme", "any"), ("fields", "any")])])
    interface = (
        b"\x05" + _counted("com.sun.star.uno.XInterface", 1) + bytes(8) + pack("<I", 1)
        + _counted("xlpGrade") + _counted("any") + pack("<I", 2)
        + b"\x00" + _counted("scheme") + pack("<I", 0x80000000 | found.index(b"\x03\x00\x00\x00any"))
        + b"\x00" + _counted("fields") + pack("<I", 0x80000000 | found.index(b"\x03\x00\x00\x00any"))
        + bytes(4)
    )  # fmt: skip
    assert found[:8] == b"UNOIDL\xff\x00"
    assert found[16:].startswith(b"XF\x00" + interface + b"a\x00")
    map_at, entries = unpack("<II", found[8:16])
    assert (map_at, entries) == (len(found) - 8, 1)
    name_at, module_at = unpack("<II", found[map_at:])
    assert found[name_at : name_at + 4] == b"org\x00"
    assert found[module_at] == 0


def _counted(text: str, *before: int) -> bytes:
    return b"".join(pack("<I", number) for number in (*before, len(text))) + text.encode()


def test_the_kernel_inside_works_on_its_own(parts: Mapping[str, bytes], tmp_path: Path) -> None:
    for path, code in parts.items():
        if path.startswith("pythonpath/"):
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_bytes(code)
    assert not list(tmp_path.rglob("*.toml"))
    said = (
        "import sys; sys.path.insert(0, sys.argv[1]); sys.modules['tomllib'] = None\n"
        "from xlplugin.hosts.calc._calls import functions\n"
        "grade = functions(693594)['XLP_GRADE']\n"
        "print(grade(('purchase_window_habcf', 'days_to_purchase', 5.0)))\n"
        "print([name for name in sys.modules if name.split('.')[0] not in sys.stdlib_module_names | {'xlplugin'}])"
    )
    command = [sys.executable, "-I", "-S", "-c", said, str(tmp_path / "pythonpath")]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert done.stdout.splitlines() == ["H", "['__main__']"]


# cells as Calc sends them, answers as it takes them


@pytest.fixture
def called() -> dict[str, Callable[[tuple[object, ...]], Any]]:
    return functions(EPOCH_1900)


def test_a_range_keeps_its_blanks(called: dict[str, Callable[..., Any]]) -> None:
    heads = (("来访次数", "微信互动"),)
    assert called["XLP_GRADE"](("visit_count_abcd", heads, ((2.0, "无"),))) == "B"
    assert called["XLP_STATUS"](("visit_count_abcd", heads, (("", "无"),))) == "缺项"


def test_a_single_zero_is_refused_for_it_may_be_a_blank(called: dict[str, Callable[..., Any]]) -> None:
    assert called["XLP_GRADE"](("score_bands_90_70_60", "意向得分", 0.0)) == ""
    why = called["XLP_WHY"](("score_bands_90_70_60", "意向得分", 0.0))
    assert "B2:B2" in why
    assert "B2:B2" in called["XLP_WHY"](("score_bands_90_70_60", "score", 0.0))
    assert called["XLP_GRADE"](("score_bands_90_70_60", "意向得分", ((0.0,),))) == "D"


def test_zero_is_blank_in_every_other_argument(called: dict[str, Callable[..., Any]]) -> None:
    cells = ("purchase_window_habcf", "B", _SERIAL_0302, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    assert called["XLP_NEXT_CONTACT"](cells) == _SERIAL_0302 + 7
    assert called["XLP_NEXT_CONTACT"](("purchase_window_habcf", "B", 0.0)) == ""
    assert called["XLP_INTERVAL"](("purchase_window_habcf", 0.0)) == ""


def test_dates_go_back_in_the_documents_own_calendar() -> None:
    serial = date(2026, 3, 2).toordinal() - EPOCH_1904
    answer = functions(EPOCH_1904)["XLP_NEXT_CONTACT"](("purchase_window_habcf", "B", float(serial)))
    assert type(answer) is float
    assert answer == serial + 7


@pytest.mark.parametrize(
    ("cells", "number"),
    [
        (("no_such_scheme", "days_to_purchase", 5.0), 32767),
        (("purchase_window_habcf", "no such field", 5.0), 32767),
        (("purchase_window_habcf", (("days_to_purchase", "x"),), ((5.0,),)), 519),
        (("purchase_window_habcf", "days_to_purchase", ((5.0,), (9.0,))), 519),
    ],
)
def test_errors_are_numbers_that_stand_for_them(called: dict[str, Callable[..., Any]], cells: Any, number: int) -> None:
    answer = called["XLP_GRADE"](cells)
    assert isnan(answer)
    assert unpack("<Q", pack("<d", answer))[0] & 0xFFFFFFFF == number


def test_numbers_are_doubles_and_answers_are_remembered(called: dict[str, Callable[..., Any]]) -> None:
    assert type(called["XLP_INTERVAL"](("purchase_window_habcf", "B"))) is float
    first = called["XLP_WHY"](("purchase_window_habcf", "days_to_purchase", 5.0))
    assert called["XLP_WHY"](("purchase_window_habcf", "days_to_purchase", 5.0)) is first


def test_what_is_remembered_differs_by_every_cell(called: dict[str, Callable[..., Any]]) -> None:
    rules = (("方案", "项", "值"), ("score_bands_90_70_60", "bands.A.limit", 80.0))
    for number in range(20):  # more ranges than are kept
        mine = (rules[0], ("score_bands_90_70_60", "bands.A.limit", 80.0 + number / 10))
        grade = called["XLP_GRADE"](("score_bands_90_70_60", "score", 81.0, None, mine))
        assert grade == ("A" if number <= 10 else "B")
    assert called["XLP_GRADE"](("score_bands_90_70_60", "score", 81.0)) == "B"


# the office on this machine


def _fake_office(folder: Path, product: str, settings: str = "bootstraprc") -> Path:
    folder.mkdir(parents=True)
    (folder / "soffice").write_text("#!/bin/sh\nexit 1\n")
    (folder / "soffice").chmod(0o755)
    profile = "UserInstallation=$SYSUSERCONFIG/libreoffice/4"
    (folder / settings).write_text(f"[Bootstrap]\nProductKey={product}\n{profile}\n")
    return folder


@pytest.mark.parametrize(
    ("version", "fits"), [("7.4", False), ("24.8", False), ("25.2", True), ("25.8", True), ("26.2", True)]
)
def test_an_old_office_is_told_apart_without_starting_it(tmp_path: Path, version: str, fits: bool) -> None:
    office = find_office(_fake_office(tmp_path / "program", f"LibreOffice {version}"))
    assert (office.version, office.is_new_enough) == (version, fits)
    if not fits:
        with pytest.raises(XlpError) as caught:
            install(tmp_path / "program", profile=tmp_path / "profile")
        assert caught.value.code == "calc_too_old"
        assert version in caught.value.sentence("zh")
        assert not (tmp_path / "profile").exists()


def test_settings_are_found_where_other_systems_keep_them(tmp_path: Path) -> None:
    assert find_office(_fake_office(tmp_path / "win", "LibreOffice 25.2", "bootstrap.ini")).version == "25.2"
    (tmp_path / "mac/Resources").mkdir(parents=True)
    assert (
        find_office(_fake_office(tmp_path / "mac/MacOS", "LibreOffice 25.8", "../Resources/bootstraprc")).version
        == "25.8"
    )


def test_no_office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("xlplugin.hosts.calc._office._PLACES", (str(tmp_path / "none*"),))
    with pytest.raises(XlpError) as caught:
        install(profile=tmp_path / "profile")
    assert caught.value.code == "calc_no_office"
    assert state().office is None
    assert "没有找到" in "".join(state().sentences("zh"))
    with pytest.raises(XlpError) as caught:
        find_office(tmp_path)
    assert caught.value.code == "calc_not_there"


def test_the_users_own_profile_is_the_usual_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr(sys, "platform", "linux")
    office = find_office(_fake_office(tmp_path / "program", "LibreOffice 25.2"))
    assert office.profile == tmp_path / "config/libreoffice/4"


def test_a_profile_in_use_or_read_only_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "used").mkdir()
    (tmp_path / "used/.lock").write_text("")
    with pytest.raises(XlpError) as caught:
        check_profile(tmp_path / "used")
    assert caught.value.code == "calc_in_use"
    (tmp_path / "file").write_text("")
    with pytest.raises(XlpError) as caught:
        check_profile(tmp_path / "file/profile")
    assert caught.value.code == "calc_read_only"


@pytest.fixture
def home() -> Iterator[Path]:
    """A user's home, outside the folder of the tests, into which only the user who runs them may look."""
    folder = Path(tempfile.mkdtemp(prefix="xlplugin-home-"))
    folder.chmod(0o755)
    yield folder
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755)
    shutil.rmtree(folder)


@contextmanager
def _as_an_ordinary_user() -> Iterator[None]:
    """Root, who may write everywhere, is nobody for as long as this lasts."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(before)


needs_permissions = pytest.mark.skipif(os.name != "posix", reason="permissions as Linux and macOS have them")


@needs_permissions
@pytest.mark.parametrize("closed", ["", "user", "user/extensions", "user/uno_packages/cache"])
@pytest.mark.parametrize("mode", [0o500, 0o000])
def test_a_profile_that_can_not_be_written_is_left_alone(home: Path, closed: str, mode: int) -> None:
    profile = home / "profile"
    (profile / closed).mkdir(parents=True)
    for folder in (profile, profile / "user", profile / "user/uno_packages"):
        if folder.exists():
            folder.chmod(0o777)
    (profile / closed).chmod(mode)
    with pytest.raises(XlpError) as caught, _as_an_ordinary_user():
        check_profile(profile)
    assert caught.value.code == "calc_read_only"
    assert caught.value.facts["path"] == profile / closed


@pytest.mark.skipif(os.name != "posix", reason="Windows has LibreOffice's own lock alone")
def test_one_installation_at_a_time(tmp_path: Path) -> None:
    program = _fake_office(tmp_path / "program", "LibreOffice 25.2")
    _list_as_installed(tmp_path / "profile", __version__)
    before = sorted(tmp_path.rglob("*"))
    with alone_with(tmp_path / "profile"):
        for change in (install, uninstall):
            with pytest.raises(XlpError) as caught:
                change(program, tmp_path / "profile")
            assert caught.value.code == "calc_busy"
    with alone_with(tmp_path / "profile"):
        assert sorted(tmp_path.rglob("*")) == before


@needs_permissions
def test_a_read_only_home(home: Path) -> None:
    home.chmod(0o555)
    with pytest.raises(XlpError) as caught, _as_an_ordinary_user():
        check_profile(home / "profile")
    assert caught.value.code == "calc_read_only"
    assert list(home.iterdir()) == []


@needs_permissions
def test_a_folder_on_the_path_that_one_may_not_look_into(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "closed/bin").mkdir(parents=True)
    (home / "closed").chmod(0o000)
    monkeypatch.setenv("PATH", os.pathsep.join([str(home / "closed/bin"), "/usr/bin"]))
    with _as_an_ordinary_user():
        assert "/usr/bin" in clean_environment()["PATH"]
        with pytest.raises(XlpError) as caught:
            find_office(home / "closed/bin")
    assert caught.value.code == "calc_not_there"


def test_an_activated_environment_is_kept_from_libreoffices_python(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "pyvenv.cfg").touch()
    monkeypatch.setenv("PATH", os.pathsep.join([str(tmp_path / "bin"), "/usr/bin"]))
    for name in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"):
        monkeypatch.setenv(name, str(tmp_path))
    assert clean_environment()["PATH"] == "/usr/bin"
    assert not {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"} & clean_environment().keys()


def _list_as_installed(profile: Path, version: str) -> None:
    listed = profile / "user/uno_packages/cache"
    listed.mkdir(parents=True)
    entry = b"lu1.tmp\xffx.oxt\xffapplication/vnd.sun.star.package-bundle\xff" + version.encode() + b"\xff0"
    (listed / "uno_packages.pmap").write_bytes(
        b"Pmp1\xfforg.other\n" + entry.replace(version.encode(), b"7") + b"\n\xfforg.xlplugin.calc\n" + entry + b"\n\n"
    )


def test_a_newer_add_in_is_not_replaced(tmp_path: Path) -> None:
    _list_as_installed(tmp_path / "profile", "99.0")
    program = _fake_office(tmp_path / "program", "LibreOffice 25.2")
    with pytest.raises(XlpError) as caught:
        install(program, tmp_path / "profile")
    assert caught.value.code == "calc_newer"
    found = state(program, tmp_path / "profile")
    assert found.installed == "99.0"
    told = [sentence for sentence in found.sentences("en") if "99.0" in sentence and __version__ in sentence]
    assert len(told) == 1
    assert "install calc" not in told[0], "that would refuse"


def _for_everyone(office: Path, version: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The add-in as `unopkg add --shared` unpacks it; gives the folder that stands for it."""
    monkeypatch.setattr(_parts, "__version__", version)
    folder = office / "share/uno_packages/cache/uno_packages/lu1.tmp_"
    with zipfile.ZipFile(io.BytesIO(content())) as archive:
        archive.extractall(folder / "xlplugin.oxt")
    monkeypatch.undo()
    return folder


@pytest.mark.parametrize("version", ["0.0.9", __version__])
def test_no_second_add_in_beside_the_one_for_everyone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    program = _fake_office(tmp_path / "office/program", "LibreOffice 25.2")
    _for_everyone(tmp_path / "office", version, monkeypatch)
    with pytest.raises(XlpError) as caught:
        install(program, tmp_path / "profile")
    assert caught.value.code == "calc_everyone"
    assert f" {version} " in caught.value.sentence("en")
    found = state(program, tmp_path / "profile")
    assert (found.installed, found.everyone) == ("", version)
    assert any(version in sentence for sentence in found.sentences("zh"))
    done = uninstall(program, tmp_path / "profile")
    assert any("--shared" in sentence for sentence in done.sentences("en")), "only an administrator can"


def test_one_that_came_with_the_office_itself_is_found_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = _fake_office(tmp_path / "office/MacOS", "LibreOffice 25.2")
    unpacked = _for_everyone(tmp_path, "0.0.9", monkeypatch) / "xlplugin.oxt"
    shutil.copytree(unpacked, tmp_path / "office/Resources/extensions/xlplugin")
    assert state(program, tmp_path / "profile").everyone == "0.0.9"


def test_one_that_was_removed_for_everyone_is_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = _fake_office(tmp_path / "office/program", "LibreOffice 25.2")
    folder = _for_everyone(tmp_path / "office", __version__, monkeypatch)
    # The files stay until LibreOffice is next started; this note beside them says that they are of no more use.
    folder.with_name("lu1.tmpremoved").touch()
    (folder.parent / "lu2.tmp_/other.oxt").mkdir(parents=True)
    (folder.parent / "lu2.tmp_/other.oxt/description.xml").write_text('<identifier value="org.other"/>')
    assert state(program, tmp_path / "profile").everyone == ""


def test_an_office_without_python_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office = find_office(_fake_office(tmp_path / "program", "LibreOffice 25.2"))
    monkeypatch.setattr(Office, "_pythons", lambda _self: iter([tmp_path / "missing", tmp_path / "program/soffice"]))
    with pytest.raises(XlpError) as caught:
        office.python()
    assert caught.value.code == "calc_no_python"


@needs_calc
def test_an_office_that_does_not_start_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(XlpError) as caught:
        install(_fake_office(tmp_path / "program", "LibreOffice 25.2"), tmp_path / "profile")
    assert caught.value.code == "calc_failed"
    assert not list((tmp_path / "profile").iterdir())


# the real program


@needs_calc
def test_installed_replaced_and_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_parts, "__version__", "0.0.9")
    monkeypatch.setattr(_install, "__version__", "0.0.9")
    assert (install(profile=tmp_path).before, state(profile=tmp_path).installed) == ("", "0.0.9")
    monkeypatch.undo()
    done = install(profile=tmp_path)
    assert (done.before, done.after) == ("0.0.9", __version__)
    assert any("0.0.9" in sentence for sentence in done.sentences("en"))
    assert state(profile=tmp_path).installed == __version__
    assert uninstall(profile=tmp_path).before == __version__
    assert state(profile=tmp_path).installed == ""
    assert uninstall(profile=tmp_path).before == ""


@needs_calc
def test_an_add_in_that_is_refused_is_not_left_half_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (_parts, _install):
        monkeypatch.setattr(module, "IDENTIFIER", "org.xlplugin.other")
    install(profile=tmp_path)
    monkeypatch.undo()
    # Another extension has the same parts, so LibreOffice refuses ours, and lists it all the same.
    with pytest.raises(XlpError) as caught:
        install(profile=tmp_path)
    assert caught.value.code == "calc_failed"
    assert state(profile=tmp_path).installed == ""


@needs_calc
@pytest.mark.parametrize("older", ["", "0.0.9"])
def test_an_add_in_that_answers_wrongly_is_taken_out_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, older: str
) -> None:
    if older:
        for module in (_parts, _install):
            monkeypatch.setattr(module, "__version__", older)
        install(profile=tmp_path)
        monkeypatch.undo()
    monkeypatch.setattr(_install, "_TRIAL", (*_install._TRIAL[:2], "not H"))
    with pytest.raises(XlpError) as caught:
        install(profile=tmp_path)
    assert "XLP_GRADE = H" in caught.value.sentence("en")
    assert caught.value.code == ("calc_failed_older" if older else "calc_failed")
    assert older in caught.value.sentence("zh")
    assert state(profile=tmp_path).installed == ""


@needs_calc
def test_another_package_of_our_name_does_not_go_before_the_one_inside(tmp_path: Path) -> None:
    shutil.copytree(_calc.profile(), tmp_path / "profile", ignore=shutil.ignore_patterns(".lock"))
    (tmp_path / "other/xlplugin").mkdir(parents=True)
    (tmp_path / "other/xlplugin/__init__.py").write_text("raise ImportError('not this one')")
    office, (function, arguments, expected) = find_office(), _install._TRIAL
    orders = {"do": "try", "function": function, "arguments": arguments, "starter": str(office.starter)}
    done = subprocess.run(
        [str(office.python()), str(_calc.MANAGER / "_manager.py")],
        input=json.dumps(orders | {"profile": (tmp_path / "profile").as_uri()}),
        env={**clean_environment(), "PYTHONPATH": str(tmp_path / "other")},
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert json.loads(done.stdout) == {"done": expected}


@needs_calc
@pytest.mark.skipif(os.name != "posix", reason="sends a signal")
def test_stopped_on_the_way_nothing_is_left_running(tmp_path: Path) -> None:
    said = "import sys; from xlplugin.hosts.calc import install; install(profile=sys.argv[1])"
    command = [sys.executable, "-c", said, str(tmp_path / "profile")]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": str(_ROOT)}) as started:
        while not (tmp_path / "profile/.lock").exists():
            assert started.poll() is None
            time.sleep(0.02)
        started.send_signal(signal.SIGINT)
    assert not (tmp_path / "profile/.lock").exists()
    # Stopped before the program took it in, or after: never half of it.
    assert state(profile=tmp_path / "profile").installed in ("", __version__)
    assert install(profile=tmp_path / "profile").after == __version__


@pytest.fixture(scope="module")
def calc() -> Iterator[_calc.Calc]:
    """A Calc with the add-in."""
    with _calc.started(_calc.profile()) as running:
        yield running


@needs_calc
def test_a_running_calc_is_left_alone(calc: _calc.Calc) -> None:
    assert calc.described("NO_SUCH") == []
    for change in (install, uninstall):
        with pytest.raises(XlpError) as caught:
            change(profile=_calc.profile())
        assert caught.value.code == "calc_in_use"


@needs_calc
def test_the_function_wizard_shows_our_words(calc: _calc.Calc) -> None:
    shown = {name: words for name, *words in calc.described("XLP_")}
    assert shown.keys() == FUNCTIONS.keys()
    for name, (description, *args) in shown.items():
        assert description in (FUNCTIONS[name].en, FUNCTIONS[name].zh)
        assert [arg.partition(":")[0] for arg in args] == [arg.name for arg in FUNCTIONS[name].args]


@needs_calc
def test_the_examples_of_the_records(calc: _calc.Calc, tmp_path: Path) -> None:
    path = tmp_path / "examples.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("S")
        for row, function in enumerate(FUNCTIONS.values()):
            sheet.write_formula(row, 0, f"={function.example}", None, "?")
    number = calc.open(str(path))
    calc.calculate(number)
    cells = [row[0] for row in calc.values(number, [["S", f"A1:A{len(FUNCTIONS)}"]])[0]]
    calc.close(number)
    found = {function.name: _as_text(cell, function.result) for cell, function in zip(cells, FUNCTIONS.values())}
    assert "scipy" in found.pop("XLP_SUGGEST")  # LibreOffice's own Python has no solver, and says so
    assert found == {function.name: function.result for function in FUNCTIONS.values() if function.name in found}


def _as_text(cell: object, like: str) -> str:
    """A cell as text; a number as a date where one is looked for."""
    if isinstance(cell, float):
        return date.fromordinal(int(cell) + EPOCH_1900).isoformat() if like.count("-") == 2 else f"{cell:g}"
    return " ".join(str(cell).split("\n"))


@needs_calc
def test_a_workbook_that_counts_from_1904(calc: _calc.Calc, tmp_path: Path) -> None:
    path = tmp_path / "mac.xlsx"
    with xlsxwriter.Workbook(str(path), {"date_1904": True}) as book:
        sheet, day = book.add_worksheet("S"), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_datetime("A1", date(2026, 3, 2), day)
        sheet.write_formula("B1", '=XLP_NEXT_CONTACT("purchase_window_habcf","B",A1)', day, 0)
        sheet.write_formula("C1", '=XLP_NEXT_CONTACT("purchase_window_habcf","B","2026-03-02")', day, 0)
    number = calc.open(str(path))
    calc.calculate(number)
    assert calc.shown(number, "S", "A1:C1") == [["2026-03-02", "2026-03-09", "2026-03-09"]]
    calc.close(number)


_KEYS = (
    "name visit_date expected_purchase need power confidence price_accepted urgent interaction agreed_contact opt_out"
).split()
_VISITS = [
    dict(zip(_KEYS, visit, strict=True))
    for visit in (
        ("张三", "2026-03-09", "2026-03-14", "需求", "是", "否", "√", "否", "有", "", ""),
        ("李四", "2026-03-02", "2026年3月30日", "动机", "Ｙ", "", "", "", "频繁", "2026-03-11", ""),
        ("王五", "2026-03-05", "", "需要", "是", "", "", "", "无", "", ""),
        ("赵六", "2026-03-06", "3月20日", "需求", "", "", "", "", "有", "", "是"),
        ("张三", "2026-03-09", "2026-06-01", "无", "1", "", "", "", "频繁", "", ""),
    )
]
_ANSWERS = ("grade", "status", "next_contact", "due", "why", "raise", "visits", "validity", "returning")


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty register of ten rows."""
    path = tmp_path_factory.mktemp("register") / "登记.xlsx"
    build_template("visitor_register", path, rows=10)
    return path


class Typed:
    """The register with rows typed into Calc, and where its cells are."""

    def __init__(self, calc: _calc.Calc, path: Path) -> None:
        recipe = recipe_of("visitor_register")
        book = open_book(path)
        self.table = book.tables[recipe.table.casefold()]
        self.headers = {column.key: column.header["zh"] for column in recipe.columns}
        as_of = cell_named(book, "as_of")
        assert as_of is not None
        self.as_of = as_of
        self.calc, self.number = calc, calc.open(str(path), seen=True)
        calc.type(self.number, as_of[0], [[as_of[1], "2026-03-09"]])
        calc.type(self.number, self.table.sheet, [[self.ref(key, row), text] for row, key, text in _typed_cells()])

    def ref(self, key: str, row: int) -> str:
        """The reference of a row's cell, the row counted from 1."""
        return ref(self.table, self.headers[key], row)

    def value(self, key: str, row: int) -> object:
        """What the cell holds."""
        return self.calc.values(self.number, [[self.table.sheet, self.ref(key, row)]])[0][0][0]


def _typed_cells() -> Iterator[tuple[int, str, str]]:
    for row, visit in enumerate(_VISITS, 1):
        extras = {"salutation": "先生", "phone": f"1000000000{row % 4}", "project": "云栖苑", "unit": "1-502"}
        yield from ((row, key, text) for key, text in {**visit, **extras}.items() if text)


@pytest.fixture(scope="module")
def typed(calc: _calc.Calc, register: Path) -> Typed:
    return Typed(calc, register)


def _keys(typed: Typed) -> list[str]:
    return [key for key in _ANSWERS if key in typed.headers]


@needs_calc
def test_a_row_typed_as_staff_do(typed: Typed) -> None:
    assert typed.value("grade", 2) == "C"
    assert typed.value("next_contact", 2) == date(2026, 3, 11).toordinal() - EPOCH_1900
    assert "〔" in str(typed.value("why", 2))
    assert str(typed.calc.shown(typed.number, typed.table.sheet, typed.ref("next_contact", 2))[0][0]).startswith(
        "2026-03-11"
    )


@needs_calc
def test_typed_rows_agree_with_the_embedded_engine(typed: Typed, register: Path, tmp_path: Path) -> None:
    inputs: dict[tuple[str, str], Any] = {
        (typed.table.sheet, typed.ref(key, row)): typed.value(key, row) for row, key, _ in _typed_cells()
    }
    inputs[typed.as_of] = date(2026, 3, 9)
    report = recalc(register, tmp_path / "engine.xlsx", lambda _: Desk().functions(), inputs=inputs)
    assert not report.faults
    sheet = openpyxl.load_workbook(tmp_path / "engine.xlsx", data_only=True)[typed.table.sheet]
    keys = _keys(typed)
    assert {"grade", "status", "next_contact", "due", "why"} <= set(keys)
    for row in range(1, len(_VISITS) + 2):
        ours = {key: typed.value(key, row) for key in keys}
        theirs = {key: _plain(sheet[typed.ref(key, row)].value) for key in keys}
        assert ours == theirs, row


def _plain(value: Any) -> object:
    if isinstance(value, date):
        return float(date(value.year, value.month, value.day).toordinal() - EPOCH_1900)
    return "" if value is None else value


@needs_calc
def test_saved_as_xlsx_the_names_stay_ours(typed: Typed, tmp_path: Path) -> None:
    path = tmp_path / "saved.xlsx"
    typed.calc.save(typed.number, str(path))
    book = openpyxl.load_workbook(path)
    formula = str(book[typed.table.sheet][typed.ref("grade", 1)].value)
    assert "XLP_GRADE(" in formula
    assert "ORG.XLPLUGIN" not in formula.upper()
    assert openpyxl.load_workbook(path, data_only=True)[typed.table.sheet][typed.ref("grade", 2)].value == "C"


@needs_calc
@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_opened_again_it_still_calculates(typed: Typed, tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"again.{kind}"
    typed.calc.save(typed.number, str(path))
    number = typed.calc.open(str(path))
    typed.calc.calculate(number)
    cells = [typed.ref(key, row) for key in _keys(typed) for row in (1, 2)]
    again = typed.calc.values(number, [[typed.table.sheet, cell] for cell in cells])
    typed.calc.close(number)
    assert [area[0][0] for area in again] == [typed.value(key, row) for key in _keys(typed) for row in (1, 2)]


@needs_calc
@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils is not installed")
def test_printed_without_an_unknown_name(typed: Typed, register: Path, tmp_path: Path) -> None:
    path = tmp_path / "printed.pdf"
    typed.calc.save(typed.number, str(path))
    text = subprocess.run(["pdftotext", "-layout", str(path), "-"], check=True, capture_output=True, text=True).stdout
    assert "张三" in text
    cells = [cell.value for sheet in openpyxl.load_workbook(register) for row in sheet.iter_rows() for cell in row]
    explained = sum(str(value).count("#NAME?") for value in cells if not str(value).startswith("="))
    assert text.count("#NAME?") == explained  # the help sheet says what it means
    assert "Err:" not in text
    subprocess.run(
        ["pdftoppm", "-r", "40", "-f", "1", "-l", "1", "-png", str(path), str(tmp_path / "page")], check=True
    )
    assert [page.stat().st_size > 5_000 for page in tmp_path.glob("page*.png")] == [True]
