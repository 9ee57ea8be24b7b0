"""Copies that leave the office: values everywhere, nobody given away, all else as it was; and files that can't be."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import quote

import openpyxl
import pytest
from _books import cell, changed_parts, parts_of, raw_book, rich_book, rows
from _people import NAMES, NOTES, OTHERS, PHONES, STAFF, office_book, outside_book
from python_calamine import CalamineWorkbook

from xlplugin.cli import main
from xlplugin.cli.demo import _fill
from xlplugin.errors import XlpError
from xlplugin.exchange.labels import kind_of
from xlplugin.exchange.share import Terms, share
from xlplugin.hosts.calc import find_office
from xlplugin.hosts.headless import recalc
from xlplugin.workbooks.sample_morning import morning

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LANGS = ("zh", "en")


@pytest.fixture(scope="module", params=LANGS)
def register(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, str]:
    """The filled sample register, its copy, and their language."""
    folder: Path = tmp_path_factory.mktemp("register")
    _fill(folder / "register.xlsx", request.param, "en")
    target = folder / "copy.xlsx"
    share(folder / "register.xlsx", target, Terms())
    return folder / "register.xlsx", target, request.param


def everything(path: Path) -> dict[str, str]:
    """Every part of a workbook in plain sight."""
    return {name: content.decode("utf-8", errors="replace") for name, content in parts_of(path).items()}


def shown(path: Path, sheet: int = 0) -> list[list[object]]:
    """A sheet's values as calamine reads them."""
    book = CalamineWorkbook.from_path(str(path))
    return [list(row) for row in book.get_sheet_by_index(sheet).to_python(skip_empty_area=False)]


def copied(path: Path, terms: Terms | None = None) -> Path:
    target = path.with_name(f"out-{path.name}")
    share(path, target, terms or Terms())
    return target


# the register ---------------------------------------------------------------------------------------------------------


def test_no_name_and_no_phone_is_left_in_any_part(register: tuple[Path, Path, str]) -> None:
    source, target, lang = register
    before, after = everything(source), everything(target)
    people = [str(visit[key]) for visit in morning(lang) for key in ("name", "phone") if key in visit]
    assert len(people) > 80
    for person in people:
        assert any(person in text for text in before.values())
        assert not [name for name, text in after.items() if person in text]


def test_a_copy_holds_no_formula_and_shows_the_same(register: tuple[Path, Path, str]) -> None:
    source, target, lang = register
    after = everything(target)
    assert not [name for name, text in after.items() if "worksheets/" in name and ("<f>" in text or "<f " in text)]
    assert not any("XLP_" in text for text in after.values())
    assert not any("ISFORMULA" in text for text in after.values())
    old, new = shown(source), shown(target)
    header = old[4]
    personal = {"客户姓名", "联系电话", "电话键", "复访键", "号次"}
    personal |= {"Customer", "Phone", "Phone key", "Repeat key", "Visit key"}
    kept = [at for at, head in enumerate(header) if head not in personal]
    assert len(kept) > 40
    assert [[row[at] for at in kept] for row in new] == [[row[at] for at in kept] for row in old[: len(new)]]
    assert not any(value for row in old[len(new) :] for value in row)  # rows whose formulas showed nothing
    first = dict(zip(header, new[5]))
    assert first["客户姓名" if lang == "zh" else "Customer"] == ("张**" if lang == "zh" else "Z**")
    assert first["联系电话" if lang == "zh" else "Phone"] == "100****0001"


def test_openpyxl_reads_the_same_grades_and_dates(register: tuple[Path, Path, str]) -> None:
    source, target, _ = register
    before, after = (openpyxl.load_workbook(path, data_only=True).worksheets[0] for path in (source, target))
    old, new = (list(sheet.iter_rows(6, 50, 1, 3, values_only=True)) for sheet in (before, after))
    assert new == [tuple(value if value != "" else None for value in row) for row in old]
    assert sum(row[0] is not None for row in new) > 30


def test_libreoffice_shows_the_same(register: tuple[Path, Path, str], tmp_path: Path) -> None:
    try:
        office = find_office()
    except XlpError as error:
        pytest.skip(error.sentence("en"))
    import subprocess  # noqa: PLC0415 - only this test runs a program

    _, target, _ = register
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [str(office.starter), profile, "--headless", "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76"]
    subprocess.run([*command, "--outdir", str(tmp_path), str(target)], check=True, capture_output=True, timeout=120)
    lines = (tmp_path / "copy.csv").read_text(encoding="utf-8").splitlines()
    values = shown(target)
    for line, row in zip(lines[5:50], values[5:50]):
        day = row[2].isoformat() if isinstance(row[2], date) else ""
        assert line.split(",")[:3] == [str(row[0]), str(row[1]), day]
    assert not any(bad in line for line in lines for bad in ("#NAME?", "Err:", "1899"))


# a workbook made the office's own ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    source = office_book(tmp_path_factory.mktemp("office") / "office.xlsx")
    return source, copied(source)


@pytest.mark.parametrize("secret", [*NAMES, *PHONES, *NOTES, *OTHERS, "张三疯", "有旧伤一处", "小王", "某公司"])
def test_nothing_personal_is_left_wherever_it_stood(office: tuple[Path, Path], secret: str) -> None:
    before, after = map(everything, office)
    if secret not in (PHONES[1], "备用号10000000009"):
        assert any(secret in text for text in before.values())
    assert not [name for name, text in after.items() if secret in text]


def test_links_are_masked_as_they_are_spelled(office: tuple[Path, Path]) -> None:
    before, after = map(everything, office)
    assert any(quote(NAMES[1]) in text for text in before.values())
    assert not [name for name, text in after.items() if quote(NAMES[1]) in text or quote(NAMES[0]) in text]


def test_what_is_not_personal_stays(office: tuple[Path, Path]) -> None:
    table = shown(office[1])
    assert [row[1] for row in table[4:8]] == list("ABCD")
    assert [row[5] for row in table[4:8]] == [*STAFF, *STAFF]
    assert [row[3] for row in table[4:6]] == ["与张**同来", "与李**同来"]
    assert [row[8] for row in table[4:8]] == [date(2025, 12, 10)] * 4
    own = shown(office[1], 1)
    assert own[3] == ["序", "手 机*", "姓名", "证号", "车牌号", "通讯地址", "单位", "随手记", "", ""]
    assert own[4][:7] == [1.0, "100****0001", "张**", "****234", "粤B*****", "深圳市南山区", ""]
    assert shown(office[1], 2)[1] == ["籍贯", "某地"]
    assert shown(office[1], 4)[3] == ["2026-03-02", "****678", "电话", ""]


def test_the_report_names_columns_that_only_look_personal(office: tuple[Path, Path], tmp_path: Path) -> None:
    report = share(office[0], tmp_path / "again.xlsx", Terms())
    assert report.guessed["我的名单", "证号"] == 4
    assert all(len(set(report.sentences(lang))) > 4 for lang in LANGS)


def test_a_copy_opens_in_strict_readers(office: tuple[Path, Path]) -> None:
    book = openpyxl.load_workbook(office[1])
    assert len(book.worksheets) == 7
    assert book.worksheets[5].title not in NAMES
    assert book.worksheets[0].tables["tbl"].ref == "B4:I9"


def test_unmasked_copies_are_values_and_nothing_else(office: tuple[Path, Path]) -> None:
    target = office[0].with_name("open.xlsx")
    share(office[0], target, Terms(mask=False))
    before, after = parts_of(office[0]), parts_of(target)
    formulas = {"xl/worksheets/sheet1.xml", "xl/worksheets/sheet7.xml"}
    assert {name for name in before if before[name] != after[name]} == formulas
    assert shown(target) == shown(office[0])


def test_other_parts_of_a_rich_book_stay_byte_for_byte(tmp_path: Path) -> None:
    source = rich_book(tmp_path / "rich.xlsm")
    recalc(source, source, lambda _date1904: {"XLP_GRADE": lambda *_: "A", "XLP_NEXT": lambda *_: 46000.0})
    target = copied(source, Terms(mask=False))
    before, after = parts_of(source), parts_of(target)
    assert set(before) == set(after)
    changed = {name for name in before if before[name] != after[name]}
    assert {name for name in changed if "worksheets" not in name} == set()
    assert shown(target) == shown(source)


# one consultant -----------------------------------------------------------------------------------------------------


def test_only_one_consultants_rows_stay(office: tuple[Path, Path]) -> None:
    target = office[0].with_name("one.xlsx")
    report = share(office[0], target, Terms(mask=False, consultant=STAFF[0]))
    after = everything(target)
    mine, others = (NAMES[0], NAMES[2]), (NAMES[1], NAMES[3], PHONES[1], PHONES[3], NOTES[1])
    assert report.dropped == 2 + 2 + 2
    assert [row[4] for row in shown(target)[4:8]] == [mine[0], "", mine[1]]
    assert not [(name, secret) for name, text in after.items() for secret in others if secret in text]
    assert after["xl/worksheets/sheet1.xml"].count('hidden="1"') == 2


def test_rows_prepared_for_later_are_nobodys(register: tuple[Path, Path, str]) -> None:
    source, _, lang = register
    target = source.with_name("mine.xlsx")
    consultant = {"zh": "周一鸣", "en": "Zhou"}[lang]
    report = share(source, target, Terms(consultant=consultant))
    received = [row[8] for row in shown(target)[5:50]]
    assert set(received) == {consultant, ""}
    hidden = everything(target)["xl/worksheets/sheet1.xml"].count(' hidden="1">')
    assert report.dropped == hidden == len(morning(lang)) - received.count(consultant)


def test_a_consultant_nobody_knows_is_refused(office: tuple[Path, Path], tmp_path: Path) -> None:
    with pytest.raises(XlpError) as caught:
        share(office[0], tmp_path / "x.xlsx", Terms(consultant="谁"))
    assert caught.value.code == "share_nobody"
    assert STAFF[0] in caught.value.sentence("zh")
    assert not list(tmp_path.iterdir())


# from outside ---------------------------------------------------------------------------------------------------------


def test_what_reaches_out_is_reported_and_left_out_when_asked(tmp_path: Path) -> None:
    source = outside_book(tmp_path / "outside.xlsx")
    with pytest.raises(XlpError) as caught:  # the embedded document holds a name, which can't be masked there
        copied(source)
    assert caught.value.code == "share_leak"
    assert not (tmp_path / "out-outside.xlsx").exists()
    report = share(source, tmp_path / "clean.xlsx", Terms(clean=True))
    assert set(report.outside) == {"external_links", "dde", "embedded", "fetching", "pictures"}
    after = everything(tmp_path / "clean.xlsx")
    assert not [name for name in after if "externalLink" in name or "embeddings" in name]
    for word in ("externalReference", "WEBSERVICE", "externalLink1"):
        assert not [name for name, text in after.items() if word in text]
    assert openpyxl.load_workbook(tmp_path / "clean.xlsx").sheetnames


def test_macros_go_with_clean(tmp_path: Path) -> None:
    source = rich_book(tmp_path / "rich.xlsm")
    recalc(source, source, lambda _date1904: {"XLP_GRADE": lambda *_: "A", "XLP_NEXT": lambda *_: 46000.0})
    report = share(source, tmp_path / "clean.xlsx", Terms(clean=True))
    after = everything(tmp_path / "clean.xlsx")
    assert report.outside["macros"]
    assert not [name for name in after if "vba" in name.casefold()]
    assert "macroEnabled" not in after["[Content_Types].xml"]
    assert shown(tmp_path / "clean.xlsx")[1][4] == "A"


def test_a_password_locks_the_copy(office: tuple[Path, Path], tmp_path: Path) -> None:
    msoffcrypto = pytest.importorskip("msoffcrypto")
    (tmp_path / "secret.txt").write_text("开门 sesame\n", encoding="utf-8")
    target = tmp_path / "locked.xlsx"
    words = ["share", str(office[0]), "-o", str(target), "--password-file", str(tmp_path / "secret.txt")]
    assert main(words) == 0
    assert not zipfile.is_zipfile(target)
    plain = io.BytesIO()
    with target.open("rb") as file:
        locked = msoffcrypto.OfficeFile(file)
        locked.load_key(password="开门 sesame")  # noqa: S106 - made up here
        locked.decrypt(plain)
    assert len(openpyxl.load_workbook(plain).worksheets) == 7


# what can't be shared -------------------------------------------------------------------------------------------------


def _good(path: Path) -> Path:
    return raw_book(path, {"S": rows(cell("A1", 1), cell("B1", 2, formula="A1+1"))})


def _no_values(path: Path) -> None:
    raw_book(path, {"S": rows(cell("A1", 1), cell("B1", formula="A1+1"))})


def _not_calculated(path: Path) -> None:
    raw_book(path, {"S": rows(cell("B1", 0, formula="A1+1"))}, calc='<calcPr calcId="1" fullCalcOnLoad="1"/>')


def _protected(path: Path) -> None:
    def protect(parts: dict[str, bytes]) -> None:
        name = "xl/worksheets/sheet1.xml"
        parts[name] = parts[name].replace(b"</sheetData>", b'</sheetData><sheetProtection sheet="1"/>')

    changed_parts(_good(path), protect)


def _structure(path: Path) -> None:
    raw_book(path, {"S": rows(cell("A1", 1))}, settings="<workbookProtection lockStructure='1'/>")


def _signed(path: Path) -> None:
    changed_parts(_good(path), lambda parts: parts.update({"_xmlsignatures/sig1.xml": b"<x/>"}))


def _open(path: Path) -> None:
    _good(path).with_name(f"~${path.name}").write_bytes(b"x")


def _open_in_libreoffice(path: Path) -> None:
    _good(path).with_name(f".~lock.{path.name}#").write_bytes(b"x")


def _missing(path: Path) -> None:
    del path


def _locked(path: Path) -> None:
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99) + "EncryptedPackage".encode("utf-16-le"))


@pytest.mark.parametrize(
    ("make", "word"),
    [
        (_no_values, "S!B1"),
        (_not_calculated, "recalc"),
        (_protected, "protected: S"),
        (_structure, "protected as a workbook"),
        (_signed, "signature"),
        (_open, "~$book.xlsx"),
        (_open_in_libreoffice, ".~lock.book.xlsx#"),
        (_missing, "No such file"),
        (_locked, "password"),
    ],
)
def test_bad_input_is_a_sentence(
    make: Callable[[Path], None],
    word: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("XLP_LANG", "en")
    path = tmp_path / "book.xlsx"
    make(path)
    before = {file: file.read_bytes() for file in tmp_path.iterdir()}
    assert main(["share", str(path)]) == 2
    assert word in capsys.readouterr().err
    assert {file: file.read_bytes() for file in tmp_path.iterdir()} == before


def test_an_empty_mark_of_protection_protects_nothing(tmp_path: Path) -> None:
    raw_book(tmp_path / "book.xlsx", {"S": rows(cell("A1", 1))}, settings="<workbookProtection/>")
    assert main(["share", str(tmp_path / "book.xlsx")]) == 0


@pytest.mark.parametrize("name", ["book.xlsx", "there.xlsx", "book.csv", "no/such/folder.xlsx"])
def test_a_copy_takes_nothing_elses_place(name: str, tmp_path: Path) -> None:
    _good(tmp_path / "book.xlsx")
    (tmp_path / "there.xlsx").write_bytes(b"mine")
    before = {file: file.read_bytes() for file in tmp_path.iterdir()}
    assert main(["share", str(tmp_path / "book.xlsx"), "-o", str(tmp_path / name)]) == 2
    assert {file: file.read_bytes() for file in tmp_path.iterdir()} == before


def test_no_room_on_the_disk_leaves_nothing_behind(office: tuple[Path, Path], tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    before = office[0].read_bytes()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, hard))
    try:
        code = main(["share", str(office[0]), "-o", str(tmp_path / "copy.xlsx")])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert code == 2
    assert not list(tmp_path.iterdir())
    assert office[0].read_bytes() == before


def test_an_empty_password_is_refused(tmp_path: Path) -> None:
    _good(tmp_path / "book.xlsx")
    (tmp_path / "empty.txt").write_text("\n")
    for file in ("empty.txt", "none.txt"):
        assert main(["share", str(tmp_path / "book.xlsx"), "--password-file", str(tmp_path / file)]) == 2
    assert not (tmp_path / "book-share.xlsx").exists()


def test_a_book_that_goes_by_today_is_frozen(tmp_path: Path) -> None:
    source = raw_book(
        tmp_path / "today.xlsx",
        {"S": rows(cell("A1"), cell("B1", 1, formula='IF(A1="",TODAY(),A1)'))},
        names='<definedName name="as_of">S!$A$1</definedName>',
    )
    before = source.read_bytes()
    assert main(["share", str(source)]) == 0
    first = shown(tmp_path / "today-share.xlsx")[0]
    assert first[0] == first[1] == (date.today() - date(1899, 12, 30)).days  # noqa: DTZ011 - the day on the wall
    assert source.read_bytes() == before


# headers --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("客户姓名", "name"),
        ("客户姓名(必填)*", "name"),
        ("  Customer ", "name"),
        ("联系电话", "phone"),
        ("手 机", "phone"),
        ("备用手机号", "phone"),
        ("通讯地址", "address"),
        ("车牌号", "plate"),
        ("单位", "employer"),
        ("儿女生日", "birthday"),
        ("子女状况", "removed"),
        ("首付购买力", "removed"),
        ("首付够", ""),
        ("微信互动", ""),
        ("备注", "free"),
        ("接待人姓名", "staff"),
        ("归属人", "owner"),
        ("等级", ""),
        ("", ""),
        (None, ""),
        (3.0, ""),
        ("请把客户姓名和联系电话填在下面各行里,一行一位客户,不要留空", ""),
    ],
)
def test_columns_are_known_by_their_headers(header: object, kind: str) -> None:
    assert kind_of(header) == kind
