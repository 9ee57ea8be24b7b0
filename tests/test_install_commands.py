"""`xlplugin install`, `uninstall` and `doctor` on the machine the tests run on."""

from __future__ import annotations

import platform
import re
import sys
from typing import TYPE_CHECKING

import pytest

from xlplugin import __version__
from xlplugin.cli import doctor, main

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there these commands would change the machine")


@pytest.mark.parametrize("command", ["install", "uninstall"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_excel_elsewhere_than_on_windows(
    command: str, lang: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XLP_LANG", lang)
    assert main([command, "excel"]) == 2
    said = capsys.readouterr().err
    assert platform.system() in said
    assert "xlplugin install calc" in said


@pytest.mark.parametrize(
    "words",
    [
        ["install", "calc", "--book", "b.xlsm"],
        ["install", "excel", "--build-only"],
        ["install", "excel", "-o", "x.oxt"],
        ["install", "calc", "-o", "x.oxt"],
        ["install", "excel", "--program", "soffice"],
        ["uninstall", "excel", "--program", "soffice"],
        ["install", "calc", "--program", "soffice", "--build-only"],
    ],
)
def test_options_of_the_other_host_are_refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("words", [["install", "calc"], ["uninstall", "calc"], ["doctor"]])
def test_a_libreoffice_in_an_unusual_place_is_named(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XLP_LANG", "en")
    assert main([*words, "--program", str(tmp_path)]) == 2
    assert f"{tmp_path} is not LibreOffice's program" in capsys.readouterr().err
    (tmp_path / "soffice").touch()
    (tmp_path / "bootstraprc").write_text("[Bootstrap]\nProductKey=LibreOffice 7.4\n")
    code = main([*words, "--program", str(tmp_path / "soffice")])
    out, err = capsys.readouterr()
    assert "LibreOffice 7.4" in out + err
    assert code == (2 if words[0] == "install" else 0), "too old"
    assert not (tmp_path / "config").exists()


def test_where_there_is_no_office_the_way_to_name_one_is_an_option_there_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("xlplugin.hosts.calc._office._PLACES", ())
    assert main(["install", "calc"]) == 2
    named = re.findall(r"--[a-z-]+", capsys.readouterr().err)
    with pytest.raises(SystemExit):
        main(["install", "--help"])
    shown = capsys.readouterr().out
    assert "--program" in named
    assert all(option in shown for option in named)


def test_the_extension_alone(tmp_path: Path) -> None:
    assert main(["install", "calc", "--build-only", "-o", str(tmp_path)]) == 0
    assert (tmp_path / "xlplugin.oxt").read_bytes()[:2] == b"PK"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_doctor_tells_what_is_here(lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--lang", lang]) == 0
    said = capsys.readouterr().out
    for fact in (f"xlplugin {__version__}", sys.executable, platform.python_version(), "formualizer", "xlwings 0."):
        assert fact in said
    assert platform.system() in said
    assert "LibreOffice" in said
    assert "{" not in said


def test_doctor_names_a_missing_package_and_a_bad_rulebook(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "own.toml").write_text("id = ", encoding="utf-8")
    monkeypatch.setenv("XLP_RULEBOOK", str(tmp_path))
    monkeypatch.setattr(doctor, "_PACKAGES", ("no-such-package",))
    monkeypatch.setattr(doctor, "_wanted", lambda _name: ">=99,<100")
    assert main(["doctor", "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert "✗ no-such-package is missing" in said
    assert "own.toml" in said
    assert '"formualizer>=99,<100"' in said
    assert "marked ✗" in said


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_doctor_names_what_only_some_need(
    lang: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    there = {name: doctor._version(name) for name in doctor._EXTRAS}
    monkeypatch.setattr(doctor, "_version", lambda name: "" if name == "scipy" else there.get(name, "1.0"))
    assert main(["doctor", "--lang", lang]) == 0
    lines = capsys.readouterr().out.splitlines()
    (missing,) = [line for line in lines if "scipy" in line]
    assert missing.startswith("  ·")
    assert "pip install scipy" in missing
    assert any("matplotlib" in line and there["matplotlib"] in line for line in lines)


@pytest.mark.parametrize(
    ("version", "wanted", "right"),
    [("0.13.0", ">=0.13,<0.14", True), ("0.14.0", ">=0.13,<0.14", False), ("0.9", ">=0.13", False), ("1", "", True)],
)
def test_a_version_within_what_is_wanted(version: str, wanted: str, right: bool) -> None:
    assert doctor._within(version, wanted) is right
