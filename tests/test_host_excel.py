"""Classic xlwings: our surface under its real decorators and converters; its files, steps and refresh action."""

from __future__ import annotations

import datetime as dt
import platform
import re
import sys
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
import xlwings
from _excel import OFFICE, SECURITY, Home, a_macro_book, modules_in
from _pywin32 import MISSING, Classic, classic

from xlplugin import __version__
from xlplugin.cells import error_in
from xlplugin.cli import main as command
from xlplugin.errors import XlpError
from xlplugin.hosts._package import Package, write_beside
from xlplugin.hosts.excel import _install, _status, install, status, uninstall
from xlplugin.hosts.excel._addin import NAME, QUICKSTART, addin_settings, build_addin, settings_of
from xlplugin.hosts.excel._facts import installed, macros, trusts_vba_project
from xlplugin.hosts.excel._macro import BUTTON, vba
from xlplugin.hosts.excel._settings import MODULE, merged, read, with_module, without, without_module
from xlplugin.hosts.excel._windows import ThisMachine
from xlplugin.hosts.excel.refresh import Run, main, refresh, runs
from xlplugin.hosts.excel.udfs import HELP_LIMIT, NEWER_ERRORS
from xlplugin.texts import say
from xlplugin.worksheet import FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlplugin.hosts.excel._windows import Windows

MARCH_2 = dt.datetime(2026, 3, 2, tzinfo=dt.timezone.utc)
NOT_AVAILABLE, DIVIDED_BY_ZERO = -2146826246, -2146826281
SOURCE = Path(xlwings.__file__).parent / QUICKSTART
# No argument may have one of these names, which VBA keeps for itself.
VBA_WORDS = {
    *"and as boolean byref byte byval call case const date declare dim do double each else end enum eqv".split(),
    *"erase error".split(),
    *"exit false for friend function get global gosub goto if imp implements in input integer is let lib like".split(),
    *"long loop lset me mod new next not nothing null on open option optional or paramarray print private".split(),
    *"property public put raiseevent redim rem resume return rset seek select set single static stop string".split(),
    *"sub then to true type until variant wend while with withevents write xor".split(),
}


@pytest.fixture(scope="module")
def excel() -> Classic:
    with classic() as host:
        return host


# the surface --------------------------------------------------------------------------------------------------------


def test_the_module_works_as_plain_python_where_xlwings_decorates_nothing() -> None:
    from xlplugin.hosts.excel import udfs  # noqa: PLC0415 - what xlwings is at that moment matters

    grade = udfs.XLP_GRADE  # type: ignore[attr-defined] # made from the records
    assert grade("purchase_window_habcf", "days_to_purchase", 5.0) == "H"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_is_what_its_record_says(excel: Classic, name: str) -> None:
    function, known = FUNCTIONS[name], excel.record(name)
    assert (known["name"], known["sub"], known["volatile"], known["call_in_wizard"]) == (name, False, False, True)
    assert known["category"] == "xlplugin"
    assert [each["name"] for each in known["args"]] == [each.name for each in function.args]
    assert ["optional" in each for each in known["args"]] == [each.optional for each in function.args]
    assert all(each["options"] == {"ndim": 2, "err_to_str": True} for each in known["args"]), "no converter of xlwings'"
    assert known["ret"]["options"] == {}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_help_fits_into_the_function_wizard(excel: Classic, name: str) -> None:
    known = excel.record(name)
    texts = [known["ret"]["doc"], *(each["doc"] for each in known["args"])]
    assert all(0 < len(text) <= HELP_LIMIT for text in texts)
    assert FUNCTIONS[name].zh in texts[0]
    names = [each["name"] for each in known["args"]]
    assert sum(map(len, names)) + len(names) < 254
    assert not VBA_WORDS & {*names, name.lower()}
    assert all(re.fullmatch("[a-z][a-z_]*", each) for each in names)


@pytest.mark.parametrize(("book", "asks"), [("xlplugin.xlam", "ActiveWorkbook"), ("登记.xlsm", "ThisWorkbook")])
def test_the_vba_wrappers(excel: Classic, book: str, asks: str) -> None:
    text = excel.wrappers(book)
    assert text.isascii(), "xlwings writes it in the system's code page"
    assert max(map(len, text.splitlines())) <= 1024
    assert len(re.findall("^Function ", text, re.MULTILINE)) == len(FUNCTIONS)
    for name, function in FUNCTIONS.items():
        optional = [("Optional " if each.optional else "") + each.name for each in function.args]
        assert f"Function {name}({', '.join(optional)})" in text
        passed = ", ".join(each.name for each in function.args)
        call = f'XLPy.CallUDF("{MODULE}", "{name}", Array({passed}), {asks}, Application.Caller)'
        assert f"{name} = {call}" in text


# what Excel sends, through xlwings' own converters ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (MARCH_2, "2026-03-09"),
        (MARCH_2.replace(hour=15, minute=30), "2026-03-09"),
        (46083.0, "2026-03-09"),
        ("2026年3月2日", "2026-03-09"),
        ("２０２６-０３-０２", "2026-03-09"),
        (((MARCH_2,),), "2026-03-09"),
    ],
)
def test_a_date_in_any_form_gives_a_date(excel: Classic, sent: object, expected: str) -> None:
    found = excel.call("XLP_NEXT_CONTACT", "purchase_window_habcf", "B", sent)
    assert isinstance(found, dt.datetime), "COM makes an Excel date of it"
    assert found.tzinfo is dt.timezone.utc, "pywin32 takes no time without a zone"
    assert found.replace(tzinfo=None) == dt.datetime.fromisoformat(expected)


@pytest.mark.parametrize("blank", [None, MISSING, "", ((None,),), "　"])
def test_a_blank_is_never_a_day_of_1899(excel: Classic, blank: object) -> None:
    assert excel.call("XLP_NEXT_CONTACT", "purchase_window_habcf", "B", blank) == ""
    assert excel.call("XLP_STATUS", "purchase_window_habcf", "days_to_purchase", blank) == "missing"


def test_left_out_arguments_are_left_out(excel: Classic) -> None:
    sent = ("purchase_window_habcf", "B", MARCH_2, *[MISSING] * 7)
    assert excel.call("XLP_NEXT_CONTACT", *sent).day == 9
    assert excel.call("XLP_FLAGS", *sent) == ""


@pytest.mark.parametrize(
    ("code", "text"), [(NOT_AVAILABLE, "#N/A"), (DIVIDED_BY_ZERO, "#DIV/0!"), *NEWER_ERRORS.items()]
)
def test_an_error_in_a_cell_is_reported_and_never_a_number(excel: Classic, code: int, text: str) -> None:
    call = ("purchase_window_habcf", "days_to_purchase", code)
    assert excel.call("XLP_GRADE", *call) == ""
    assert excel.call("XLP_STATUS", *call) == "invalid"
    assert text in excel.call("XLP_WHY", *call)
    assert error_in(text) == text


def test_every_error_xlwings_knows_is_one_of_ours(excel: Classic) -> None:
    assert not set(excel.errors) & set(NEWER_ERRORS)
    for code in excel.errors:
        assert excel.call("XLP_STATUS", "purchase_window_habcf", "days_to_purchase", code) == "invalid"


def test_ranges_keep_their_shape(excel: Classic) -> None:
    headers = (("visits", "interaction"),)
    down = ((2.0, "some"), (None, "some"), (5.0, "often"))
    found = excel.call("XLP_GRADE", "visit_count_abcd", headers, down)
    assert [len(row) for row in found] == [1, 1, 1]
    assert found[1] == [""]
    one = excel.call("XLP_GRADE", "visit_count_abcd", headers, (down[0],))
    assert one == found[0][0] != ""
    across = excel.call("XLP_INTERVAL", "purchase_window_habcf", (("H", "A", "B"),))
    assert len(across) == 1
    assert len(across[0]) == 3
    assert excel.call("XLP_GRADE", "visit_count_abcd", ("visits", "interaction"), (2.0, "some")) == one, (
        "{…} in a formula"
    )


def test_dates_of_many_rows(excel: Classic) -> None:
    found = excel.call("XLP_NEXT_CONTACT", "purchase_window_habcf", (("B",), ("H",)), ((MARCH_2,), (None,)))
    assert found[0][0].day == 9
    assert found[1] == [""]


@pytest.mark.parametrize("amount", [5.0, Decimal(5), "5", "５", True])
def test_numbers_as_excel_has_them(excel: Classic, amount: object) -> None:
    status_ = excel.call("XLP_STATUS", "purchase_window_habcf", "days_to_purchase", amount)
    assert status_ == ("invalid" if amount is True else "ok"), "a currency cell comes as a decimal number"


def test_a_wrong_formula_shows_the_errors_word(excel: Classic) -> None:
    assert excel.call("XLP_GRADE", "no_such_scheme", "x", 1.0) == "#N/A"
    assert excel.call("XLP_GRADE", (("a",), ("b",)), "x", 1.0) == "#N/A", "more than one scheme"


def test_a_fault_of_ours_is_no_traceback_in_a_row(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text("id = ", encoding="utf-8")
    monkeypatch.setenv("XLP_RULEBOOK", str(tmp_path))
    with classic() as host:
        assert host.call("XLP_GRADE", "purchase_window_habcf", "days_to_purchase", 5.0) == "#VALUE!"


# the real Windows, as far as it can be followed without one ---------------------------------------------------------


class Com:
    """Anything of COM: remembers what is called, and gives itself for whatever is asked."""

    def __init__(self, said: list[str], name: str = "", **values: Any) -> None:
        self.__dict__.update(values, said=said, name=name)

    def __getattr__(self, name: str) -> Any:
        return Com(self.said, f"{self.name}.{name}".lstrip("."))

    def __call__(self, *args: object, **named: object) -> Com:
        shown = [*map(str, args), *(f"{key}={value}" for key, value in named.items())]
        self.said.append(f"{self.name}({', '.join(shown)})")
        return Com(self.said, self.name)

    def __str__(self) -> str:
        return str(self.name)

    def __iter__(self) -> Iterator[Com]:
        yield Com(self.said, "module", Name="xlwings", CodeModule=Com(self.said, "code", CountOfLines=0))


def test_what_is_asked_of_the_real_excel(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    said: list[str] = []
    app = Com(said, "app", startup_path=str(tmp_path))

    def start(**named: object) -> Com:
        said.append(f"App{named}")
        return app

    monkeypatch.setattr(xlwings, "App", start)
    monkeypatch.setitem(sys.modules, "xlwings.udfs", Com(said, "udfs"))
    machine: Windows = ThisMachine()
    with machine.excel() as excel:
        assert excel.start_folder == tmp_path
        opened = excel.open(tmp_path / NAME)
        assert opened.modules() == {"xlwings": ""}
        opened.remove_module("old")
        opened.add_module(tmp_path / "new.bas")
        opened.import_functions(MODULE)
        opened.save()
    parts = "app.books.open.api.VBProject.VBComponents"
    assert said == [
        "App{'visible': False, 'add_book': True}",
        f"app.books.open({tmp_path / NAME})",
        f"{parts}(old)",
        f"{parts}.Remove({parts})",
        f"{parts}.Import({tmp_path / 'new.bas'})",
        f"udfs.import_udfs({MODULE}, app.books.open.api)",
        "app.books.open.save()",
        "app.books.open.close()",
        "app.quit()",
    ]


def test_excel_is_ended_and_its_refusal_told_in_its_words(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    said: list[str] = []
    app = Com(said, "app", books=Com(said, "books", open=_refuse))
    monkeypatch.setattr(xlwings, "App", lambda **_: app)
    with pytest.raises(XlpError) as error, ThisMachine().excel() as excel:
        excel.open(tmp_path)
    assert error.value.facts == {"found": "Programmatic access to Visual Basic Project is not trusted"}
    assert said == ["app.quit()"]


def _refuse(_path: str) -> None:
    detail = (0, "Microsoft Excel", "Programmatic access to Visual Basic Project is not trusted", None, 0, -2146827284)
    raise RuntimeError(-2147352567, "Exception occurred.", detail, None)


def test_the_excels_that_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    said: list[str] = []
    books = {NAME: Com(said, "addin")}
    app = Com(said, "app", books=Com(said, "books"))
    monkeypatch.setattr(Com, "__getitem__", lambda _, name: books[name], raising=False)
    monkeypatch.setattr(xlwings, "apps", [app])
    machine = ThisMachine()
    machine.close_everywhere(NAME)
    machine.close_everywhere("not open.xlam")
    assert machine.open_everywhere(tmp_path / NAME)
    assert said == ["addin.close()", f"books.open({tmp_path / NAME})"]
    monkeypatch.setattr(xlwings, "apps", [])
    assert not machine.open_everywhere(tmp_path / NAME)


def test_this_machine_says_what_is_here() -> None:
    machine = ThisMachine()
    assert machine.system == platform.system()
    assert machine.xlwings_version() == xlwings.__version__
    assert (machine.xlwings_folder() / QUICKSTART).exists()
    assert machine.python == Path(sys.executable)


# xlwings.conf -------------------------------------------------------------------------------------------------------

THEIRS = '"INTERPRETER_WIN","C:\\Python\\python.exe"\r\n"ONEDRIVE_WIN","D:\\云盘"\r\n"UDF Modules","prices;tax"\r\n'


def test_settings_are_put_in_and_other_lines_stay() -> None:
    found = merged(THEIRS, {"UDF MODULES": with_module(read(THEIRS)["UDF MODULES"]), "Show Console": "True"})
    assert found.startswith(THEIRS[: THEIRS.index('"UDF')])
    assert read(found)["UDF MODULES"] == f"prices;tax;{MODULE}"
    assert found.endswith('"SHOW CONSOLE","True"\r\n')
    assert merged(found, {"SHOW CONSOLE": "True"}) == found


def test_settings_keep_the_line_ends_and_a_last_line_without_one() -> None:
    assert merged('"A","1"\n"B","2"', {"C": "3"}) == '"A","1"\n"B","2"\n"C","3"\n'
    assert merged("", {"C": "3"}) == '"C","3"\r\n'
    assert merged("# not a setting\r\n", {"C": "3"}) == '# not a setting\r\n"C","3"\r\n'


def test_settings_are_taken_out_again() -> None:
    assert without(THEIRS, {"INTERPRETER_WIN"}) == THEIRS[THEIRS.index('"ONE') :]
    assert without_module(with_module("prices;tax")) == "prices;tax"
    assert without_module(MODULE) == ""
    assert with_module(with_module("")) == MODULE
    assert read("") == {}


# the add-in file ----------------------------------------------------------------------------------------------------


@pytest.fixture
def addin(tmp_path: Path) -> Path:
    target = tmp_path / NAME
    build_addin(SOURCE, target, addin_settings("C:\\用户 & 张三\\python.exe", "0.37.8"), "zh")
    return target


def test_the_add_in_is_xlwings_own_with_settings_and_a_button(addin: Path) -> None:
    ours, theirs = Package(addin), Package(SOURCE)
    changed = {name for name in ours.names if ours.read(name) != theirs.read(name)}
    assert ours.names == theirs.names
    assert changed == {"xl/workbook.xml", "xl/worksheets/sheet1.xml", "customUI/customUI.xml"}, "VBA byte for byte"
    assert b"fullCalcOnLoad" not in ours.read("xl/workbook.xml")
    button = ours.read("customUI/customUI.xml").decode()
    assert f'onAction="{BUTTON}"' in button
    assert say("zh", "excel.button") in button


def as_workbook(addin: Path) -> openpyxl.Workbook:
    """The add-in as openpyxl reads it, which takes workbooks only."""
    package, types = Package(addin), "[Content_Types].xml"
    copy = addin.with_suffix(".xlsm")
    package.write(copy, {types: package.read(types).replace(b"ms-excel.addin.", b"ms-excel.sheet.")})
    return openpyxl.load_workbook(copy)


def test_its_settings_are_where_xlwings_vba_looks(addin: Path) -> None:
    sheet = as_workbook(addin)["myaddin.conf"]
    rows = {row[0].value: row[1].value for row in sheet.iter_rows()}
    assert rows["Interpreter_Win"] == "C:\\用户 & 张三\\python.exe"
    assert rows["UDF Modules"] == MODULE
    assert rows["Use UDF Server"] is False
    assert None not in rows, "xlwings' VBA stops reading at the first empty cell"
    project = (SOURCE.parent / "xlwings_custom_addin.bas").read_text(encoding="ascii")
    assert 'PROJECT_NAME As String = "myaddin"' in project
    assert 'SheetExists(ThisWorkbook, PROJECT_NAME & ".conf")' in project


def test_it_leaves_no_setting_to_a_file_beside_somebody_elses_workbook(addin: Path) -> None:
    """Xlwings' VBA looks into the add-in's sheet, then for a `myaddin.conf` in the folder of the workbook in front."""
    project = (SOURCE.parent / "xlwings_custom_addin.bas").read_text(encoding="ascii")
    asked = set(re.findall(r'GetConfig\("([^"]+)"', project))
    assert len(asked) > 15
    given = {str(row[0].value).upper() for row in as_workbook(addin)["myaddin.conf"].iter_rows()}
    assert asked - given == set()


def test_its_settings_are_read_back_also_after_another_program_has_saved_it(addin: Path, tmp_path: Path) -> None:
    before = settings_of(addin)
    assert before["XLPLUGIN_VERSION"] == __version__
    as_workbook(addin).save(tmp_path / "saved.xlam")
    after = settings_of(tmp_path / "saved.xlam")
    assert {key: value for key, value in before.items() if value} == {
        key: value for key, value in after.items() if value
    }


def test_a_quickstart_add_in_we_do_not_know_is_refused(tmp_path: Path) -> None:
    other = SOURCE.with_name("quickstart_standalone.xlsm")
    package = Package(SOURCE)
    package.write(tmp_path / "q.xlam", {"xl/worksheets/sheet1.xml": b"<worksheet/>"})
    with pytest.raises(XlpError, match="quickstart"):
        build_addin(tmp_path / "q.xlam", tmp_path / NAME, {}, "en")
    assert not (tmp_path / NAME).exists()
    assert settings_of(other) == {}


def test_our_vba_calls_the_refresh_script() -> None:
    text = vba(button=True).decode("ascii")
    assert "import xlplugin.hosts.excel.refresh as refresh; refresh.main()" in text
    assert BUTTON.rpartition(".")[2] in text
    assert "IRibbonControl" not in vba(button=False).decode("ascii")


# the refresh action -------------------------------------------------------------------------------------------------


def test_our_formulas_are_found_and_nothing_else() -> None:
    table: list[list[object]] = [
        ["来访", "=XLP_GRADE(a,b,c)", "=SUM(A1:A2)"],
        [None, '=IF(A2="","",IFERROR(xlp_grade(a,b,c),""))', 5.0],
        ["XLP_GRADE(", "=MYXLP_GRADE(1)", "='C:\\x y\\xlplugin.xlam'!XLP_WHY(a,b,c)"],
        ["", "=XLP_WHY(a,b,c)", "=[1]other.xlam!XLP_WHY(a)"],
    ]
    assert list(runs(table)) == [
        Run(0, 1, (str(table[0][1]), str(table[1][1]))),
        Run(3, 1, ("=XLP_WHY(a,b,c)",)),
        Run(2, 2, ("=XLP_WHY(a,b,c)", "=[1]other.xlam!XLP_WHY(a)")),
    ]
    assert list(runs([["=xlplugin.xlam!XLP_WHY(a)"]])) == [Run(0, 0, ("=XLP_WHY(a)",))]
    assert list(runs([])) == []


class Api:
    """What COM says of a cell."""

    def __init__(self, address: str, **said: Any) -> None:
        self.Address = address
        self.HasSpill = self.HasArray = False
        self.__dict__.update(said)


class OldApi(Api):
    """An Excel before dynamic arrays, whose COM errors are no AttributeErrors."""

    def __getattribute__(self, name: str) -> Any:
        if name in ("Formula2", "HasSpill"):
            raise RuntimeError(-2147352570)
        return super().__getattribute__(name)


class Area:
    """Cells of a sheet, told what is entered."""

    def __init__(self, sheet: Sheet, top: int, left: int, api: Any) -> None:
        self.row, self.column, self.api, self._sheet = top, left, api, sheet

    @property
    def formula2(self) -> object:
        return self._sheet.formulas

    @formula2.setter
    def formula2(self, formulas: object) -> None:
        if self._sheet.refuses:
            raise RuntimeError
        self._sheet.entered.append((self.row, self.column, formulas))

    @property
    def formula(self) -> object:
        return self._sheet.formulas

    @formula.setter
    def formula(self, formulas: object) -> None:
        self._sheet.entered.append((self.row, self.column, formulas, "older"))


class Sheet:
    """A sheet whose used cells begin at B3."""

    def __init__(
        self, formulas: list[list[object]], apis: dict[tuple[int, int], Api] | None = None, **how: Any
    ) -> None:
        self.name = "登记"
        self.formulas = tuple(map(tuple, formulas))
        self.entered: list[tuple[object, ...]] = []
        self.api = type("Api", (), {"ProtectContents": how.get("protected", False)})
        self.refuses = how.get("refuses", False)
        self._apis = apis or {}
        self._kind: type[Api] = OldApi if how.get("older") else Api
        self.used_range = Area(self, 3, 2, self._kind("", Formula2=""))

    def range(self, first: Any, last: tuple[int, int] | None = None) -> Area:
        if first == "A1":
            return Area(self, 1, 1, self.used_range.api)
        mixed = last is not None and first != last and self._apis
        api = Api("", HasSpill=None, HasArray=None) if mixed else self._apis.get(first, self._kind(str(first)))
        return Area(self, first[0], first[1], api)


class Book:
    """A workbook, and the Excel it is open in."""

    def __init__(self, *sheets: Sheet) -> None:
        self.sheets = sheets
        self.app = type("App", (), {"calculation": "automatic", "screen_updating": True})()


def test_refresh_enters_our_formulas_column_by_column() -> None:
    sheet, other = Sheet([["=XLP_GRADE(1)", 1.0], ["=XLP_GRADE(2)", "x"]]), Sheet([["=1+1"]])
    book = Book(sheet, other)
    assert refresh(book) == (2, ())
    assert sheet.entered == [(3, 2, [["=XLP_GRADE(1)"], ["=XLP_GRADE(2)"]])]
    assert other.entered == []
    assert (book.app.calculation, book.app.screen_updating) == ("automatic", True)


def test_refresh_in_an_excel_before_dynamic_arrays() -> None:
    sheet = Sheet([["=XLP_GRADE(1)"]], older=True)
    assert refresh(Book(sheet)) == (1, ())
    assert sheet.entered == [(3, 2, [["=XLP_GRADE(1)"]], "older")]


def test_refresh_enters_a_spilling_formula_once_and_an_old_array_as_a_whole() -> None:
    top, whole = Api("$B$3"), Api("$B$5")
    setattr(whole, "Cells", lambda _row, _column: whole)  # noqa: B010 - COM knows it, this class need not
    apis = {
        (3, 2): Api("$B$3", HasSpill=True, SpillParent=top),
        (4, 2): Api("$B$4", HasSpill=True, SpillParent=top),
        (5, 2): Api("$B$5", HasArray=True, CurrentArray=whole),
        (6, 2): Api("$B$6", HasArray=True, CurrentArray=whole),
        (7, 2): Api("$B$7"),
    }
    sheet = Sheet([["=XLP_GRADE(a)"], ["=XLP_GRADE(a)"], ["=XLP_WHY(b)"], ["=XLP_WHY(b)"], ["=XLP_RAISE(c)"]], apis)
    assert refresh(Book(sheet)) == (3, ())
    assert sheet.entered == [(3, 2, "=XLP_GRADE(a)"), (7, 2, "=XLP_RAISE(c)")]
    assert vars(whole)["FormulaArray"] == "=XLP_WHY(b)"


def test_refresh_leaves_protected_sheets_and_names_them() -> None:
    sheet = Sheet([["=XLP_GRADE(1)"]], protected=True)
    assert refresh(Book(sheet, Sheet([["x"]], protected=True))) == (0, ("登记",))
    assert sheet.entered == []


def test_refresh_gives_excel_back_as_it_was_when_it_fails() -> None:
    book = Book(Sheet([["=XLP_GRADE(1)"]], refuses=True))
    with pytest.raises(RuntimeError):
        refresh(book)
    assert (book.app.calculation, book.app.screen_updating) == ("automatic", True)


def test_the_macro_says_in_the_status_bar_what_it_did(monkeypatch: pytest.MonkeyPatch) -> None:
    book = Book(Sheet([["=XLP_GRADE(1)"]]), Sheet([["=XLP_GRADE(1)"]], protected=True))
    monkeypatch.setattr(xlwings.Book, "caller", lambda: book)
    main()
    said = vars(book.app)["status_bar"]
    assert "1 个公式" in said
    assert "1 formulas entered anew; protected sheets left alone: 登记" in said


# installation -------------------------------------------------------------------------------------------------------


class Told(list[tuple[str, dict[str, object]]]):
    """What was said, in both languages without fail."""

    def __call__(self, key: str, **facts: object) -> None:
        for lang in ("zh", "en"):
            assert "{" not in say(lang, key, **facts)
        self.append((key, facts))

    @property
    def keys(self) -> list[str]:
        return [key for key, _ in self]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def test_install_puts_the_add_in_into_the_start_folder(home: Home) -> None:
    (home.start / "PERSONAL.XLSB").write_bytes(b"theirs")
    home.running = True
    told = Told()
    install(told, lang="zh", windows=home)
    steps = ["check", "build", "import", "place", "load", "tidy"]
    assert [key.rpartition(".")[2] for key in told.keys if key.startswith("excel.step.")] == steps
    found = installed(home.start)
    assert found is not None
    assert (found.ours, found.xlplugin, found.xlwings) == (True, __version__, xlwings.__version__)
    assert found.python == str(home.python)
    modules = modules_in(found.path)
    assert "ActiveWorkbook" in modules["xlwings_udfs"]
    assert set(modules) == {"xlwings_udfs", "xlplugin_refresh"}
    assert home.open == [NAME]
    assert set(home.files()) == {
        "AppData/Roaming/Microsoft/Excel/XLSTART/PERSONAL.XLSB",
        f"AppData/Roaming/Microsoft/Excel/XLSTART/{NAME}",
        "AppData/Local/xlplugin/excel.json",
    }, "nothing half done, and no setting of other workbooks touched"


def test_uninstall_leaves_what_is_not_ours(home: Home) -> None:
    (home.start / "PERSONAL.XLSB").write_bytes(b"theirs")
    before = home.files()
    install(Told(), windows=home)
    home.open = [NAME, "登记.xlsx"]
    told = Told()
    uninstall(told, windows=home)
    assert home.files() == before
    assert home.open == ["登记.xlsx"]
    assert told.keys[-1] == "excel.uninstalled"
    uninstall(told, windows=home)
    assert told.keys[-1] == "excel.nothing_installed"
    assert not (home.local / "xlplugin").exists()


def test_installing_again_replaces_an_older_add_in_and_says_so(home: Home) -> None:
    build_addin(SOURCE, home.start / NAME, addin_settings("C:\\old\\python.exe", "0.30.0"), "en")
    told = Told()
    install(told, windows=home)
    assert ("excel.replaces", {"xlplugin": __version__, "xlwings": "0.30.0"}) in told
    found = installed(home.start)
    assert found is not None
    assert found.xlwings == xlwings.__version__


@pytest.mark.parametrize("what", ["start", "open", "add", "import", "save", "close"])
@pytest.mark.parametrize("older", [False, True])
def test_nothing_half_installed_remains(home: Home, what: str, older: bool) -> None:
    if older:
        build_addin(SOURCE, home.start / NAME, addin_settings("C:\\old\\python.exe", "0.30.0"), "en")
    before = home.files()
    home.fails_at = what
    with pytest.raises(XlpError, match="Excel refused"):
        install(Told(), windows=home)
    assert home.files() == before


def test_excel_that_cannot_load_it_now_loads_it_at_its_next_start(home: Home) -> None:
    home.fails_at = "load"
    told = Told()
    install(told, windows=home)
    assert "excel.starts_with_excel" in told.keys
    assert (home.start / NAME).exists()


def test_a_start_folder_that_cannot_be_written(home: Home) -> None:
    home.start.rmdir()
    home.start.write_bytes(b"a file in its place")
    before = home.files()
    with pytest.raises(XlpError) as error:
        install(Told(), windows=home)
    assert error.value.code == "cannot_write"
    assert home.files() == before


def _no_excel(home: Home) -> None:
    del home.values[OFFICE, "Path"]


def _no_trust(home: Home) -> None:
    home.values[SECURITY, "AccessVBOM"] = 0


def _policy(home: Home) -> None:
    home.values[SECURITY.replace("Software\\", "Software\\Policies\\"), "AccessVBOM"] = 0


def _no_library(home: Home) -> None:
    next(home.python.parent.parent.glob("*.dll")).unlink()


def _no_xlwings(home: Home) -> None:
    home.xlwings_version = lambda: ""  # type: ignore[method-assign] # this one home only


def _mixed(home: Home) -> None:
    home.xlwings_version = lambda: "0.36.0"  # type: ignore[method-assign] # this one home only
    (home.python.parent.parent / "xlwings64-0.36.0.dll").touch()


def _stranger(home: Home) -> None:
    a_macro_book(home.start / NAME, theirs="Sub x()")


def _other_system(home: Home) -> None:
    home.system = "Darwin"


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (_no_excel, "excel_none"),
        (_no_trust, "excel_trust"),
        (_policy, "excel_trust"),
        (_no_library, "excel_no_dll"),
        (_no_xlwings, "excel_needs_xlwings"),
        (_mixed, "excel_versions"),
        (_stranger, None),
        (_other_system, "excel_only_windows"),
    ],
)
def test_what_stands_in_the_way_is_said_before_anything_is_changed(home: Home, spoil: Any, code: str | None) -> None:
    spoil(home)
    before = home.files()
    with pytest.raises(XlpError) as error:
        install(Told(), windows=home)
    assert code is None or error.value.code == code
    for lang in ("zh", "en"):
        assert "{" not in error.value.sentence(lang)
    assert home.files() == before


def test_a_strangers_add_in_of_our_name_is_left_alone(home: Home) -> None:
    Package(SOURCE).write(home.start / NAME, {})
    before = home.files()
    with pytest.raises(XlpError) as error:
        install(Told(), windows=home)
    assert error.value.code == "excel_stranger"
    told = Told()
    uninstall(told, windows=home)
    assert told.keys == ["excel.nothing_installed"]
    assert home.files() == before


def test_a_stranger_where_excel_has_its_start_folder_is_left_alone(home: Home) -> None:
    home.start = home.home / "elsewhere" / "XLSTART"
    home.start.mkdir(parents=True)
    Package(SOURCE).write(home.start / NAME, {})
    before = home.files()
    with pytest.raises(XlpError) as error:
        install(Told(), windows=home)
    assert error.value.code == "excel_stranger"
    assert home.files() == before


@pytest.mark.parametrize("spoil", [lambda path: path.write_bytes(b"broken"), Path.mkdir], ids=["damaged", "folder"])
def test_what_cannot_be_read_in_its_place_is_left_alone_too(home: Home, spoil: Any) -> None:
    spoil(home.start / NAME)
    before = home.files()
    with pytest.raises(XlpError) as error:
        install(Told(), windows=home)
    assert error.value.code == "excel_stranger"
    assert seen(home)["stranger"] == "todo"
    told = Told()
    uninstall(told, windows=home)
    assert told.keys == ["excel.nothing_installed"]
    assert home.files() == before


@pytest.mark.parametrize(
    "place",
    [
        "HKLM\\SOFTWARE\\WOW6432Node\\Microsoft\\Office",
        "HKLM\\SOFTWARE\\Microsoft\\Office\\ClickToRun\\REGISTRY\\MACHINE\\Software\\Microsoft\\Office",
    ],
    ids=["32 bits", "click to run"],
)
def test_excel_is_found_where_other_editions_of_it_are_noted(home: Home, place: str) -> None:
    _no_excel(home)
    home.values[f"{place}\\16.0\\Excel\\InstallRoot", "Path"] = "C:\\"
    install(Told(), windows=home)
    assert seen(home)["version"] == "ok"


def test_an_add_in_that_could_not_be_noted_is_not_left_there(home: Home) -> None:
    (home.local / "xlplugin/excel.json").mkdir(parents=True)
    before = home.files()
    with pytest.raises(XlpError) as error:
        install(Told(), windows=home)
    assert error.value.code == "cannot_write"
    assert home.files() == before


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_commands_on_windows(
    home: Home, book: Path, lang: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (_install, _status):
        monkeypatch.setattr(module, "ThisMachine", lambda: home)
    monkeypatch.setenv("XLP_LANG", lang)
    assert command(["install", "excel", "--lang", lang]) == 0
    assert say(lang, "excel.button").encode() in Package(home.start / NAME).read("customUI/customUI.xml")
    assert command(["install", "excel", "--book", str(book)]) == 0
    assert "XlpRefresh" in modules_in(book)["xlplugin_refresh"]
    said = capsys.readouterr().err
    assert [said.count(f"[{step}/6]") for step in range(1, 7)] == [2] * 6
    assert command(["doctor", "--lang", lang]) == 0
    assert f"✓ {say(lang, 'doctor.excel.version', found='16.0')}" in capsys.readouterr().out
    assert command(["uninstall", "excel"]) == 0
    assert home.files() == {}


def test_two_versions_of_excel_are_named(home: Home) -> None:
    home.values[OFFICE.replace("16.0", "15.0"), "Path"] = "C:\\"
    with pytest.raises(XlpError) as error:
        install(Told(), windows=home)
    assert error.value.facts["found"] == "15.0", "each has its own trust setting"
    home.values[SECURITY.replace("16.0", "15.0"), "AccessVBOM"] = 1
    told = Told()
    install(told, windows=home)
    assert ("excel.several", {"found": "16.0, 15.0"}) in told


# one workbook with the functions inside -----------------------------------------------------------------------------


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return a_macro_book(tmp_path / "登记.xlsm", Mine="Sub Mine()", xlwings="an older one")


def conf(home: Home) -> Path:
    return home.home / ".xlwings" / "xlwings.conf"


def test_a_workbook_gets_the_functions_and_a_backup_is_kept(home: Home, book: Path) -> None:
    before = book.read_bytes()
    told = Told()
    install(told, book=book, windows=home)
    modules = modules_in(book)
    assert modules["Mine"] == "Sub Mine()"
    assert "ThisWorkbook" in modules["xlwings_udfs"]
    assert f'XLWINGS_VERSION As String = "{xlwings.__version__}"' in modules["xlwings"]
    assert "XlpRefresh" in modules["xlplugin_refresh"]
    assert (book.parent / "登记.xlsm.bak").read_bytes() == before
    assert ("excel.refreshed", {"count": 7}) in told
    settings = read(conf(home).read_text(encoding=home.ansi))
    assert settings == {"INTERPRETER_WIN": str(home.python), "UDF MODULES": MODULE}
    assert not (home.start / NAME).exists()
    install(Told(), book=book, windows=home)
    assert modules_in(book) == modules
    uninstall(Told(), windows=home)
    assert home.files() == {}


def test_the_users_other_settings_stay_and_come_back(home: Home, book: Path) -> None:
    theirs = THEIRS.replace("C:\\Python\\python.exe", str(home.python)).encode("gb18030")
    conf(home).parent.mkdir()
    conf(home).write_bytes(theirs)
    install(Told(), book=book, windows=home)
    assert conf(home).read_bytes() == theirs.replace(b"prices;tax", f"prices;tax;{MODULE}".encode())
    uninstall(Told(), windows=home)
    assert read(conf(home).read_text(encoding="gb18030")) == read(theirs.decode("gb18030"))


def test_settings_in_other_letters_than_the_code_pages_stay_byte_for_byte(home: Home, book: Path) -> None:
    theirs = '"ONEDRIVE_WIN","D:\\云盘€"\r\n'.encode() + b'"X","\xff\x80"\r\n'
    conf(home).parent.mkdir()
    conf(home).write_bytes(theirs)
    install(Told(), book=book, windows=home)
    assert conf(home).read_bytes().startswith(theirs)
    assert seen(home)["settings"] == "ok"
    uninstall(Told(), windows=home)
    assert conf(home).read_bytes() == theirs


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ('"INTERPRETER_WIN","C:\\Python\\python.exe"', "C:\\Python\\python.exe"),
        ('"CONDA PATH","C:\\conda"\r\n"CONDA ENV","sales"', "sales"),
    ],
)
def test_another_python_of_the_user_is_not_changed(home: Home, book: Path, line: str, found: str) -> None:
    conf(home).parent.mkdir()
    conf(home).write_bytes(line.encode())
    before = home.files(), book.read_bytes()
    with pytest.raises(XlpError) as error:
        install(Told(), book=book, windows=home)
    assert (error.value.code, error.value.facts["found"]) == ("excel_other_python", found)
    assert (home.files(), book.read_bytes()) == before


def test_a_path_the_code_page_cannot_write(tmp_path: Path, book: Path) -> None:
    home = Home(tmp_path / "李四", ansi="ascii")
    with pytest.raises(XlpError) as error:
        install(Told(), book=book, windows=home)
    assert error.value.code == "excel_letters"
    assert home.files() == {}


def test_a_workbook_with_functions_of_others_is_left_alone(home: Home, tmp_path: Path) -> None:
    book = a_macro_book(tmp_path / "b.xlsm", xlwings_udfs='P = XLPy.CallUDF("prices", "P", Array(), x)')
    before = book.read_bytes()
    with pytest.raises(XlpError) as error:
        install(Told(), book=book, windows=home)
    assert (error.value.code, error.value.facts["found"]) == ("excel_others_functions", "prices")
    assert (home.files(), book.read_bytes()) == ({}, before)


@pytest.mark.parametrize("what", ["start", "open", "add", "import", "refresh", "save"])
def test_a_workbook_is_whole_when_a_step_fails(home: Home, book: Path, what: str) -> None:
    before = book.read_bytes()
    home.fails_at = what
    with pytest.raises(XlpError):
        install(Told(), book=book, windows=home)
    assert book.read_bytes() == before
    assert home.files() == {}
    assert [path.name for path in book.parent.glob("*.xlsm*")] == [book.name]


@pytest.mark.parametrize("kept", [None, b"an older backup"])
def test_a_backup_is_as_before_where_the_workbook_cannot_be_replaced(
    home: Home, book: Path, kept: bytes | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup = book.with_name(f"{book.name}.bak")
    if kept is not None:
        backup.write_bytes(kept)

    def refuses(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(_install, "write_beside", lambda path: refuses(path) if path == book else write_beside(path))
    before = book.read_bytes()
    with pytest.raises(XlpError) as error:
        install(Told(), book=book, windows=home)
    assert error.value.code == "cannot_write"
    assert (book.read_bytes(), home.files()) == (before, {})
    assert (backup.read_bytes() if backup.exists() else None) == kept


@pytest.mark.parametrize(
    ("name", "code"), [("none.xlsm", "file_missing"), ("b.xlsx", "excel_book_kind"), ("open.xlsm", "excel_book_open")]
)
def test_a_workbook_that_will_not_do(home: Home, tmp_path: Path, name: str, code: str) -> None:
    (tmp_path / "b.xlsx").touch()
    (tmp_path / "open.xlsm").touch()
    (tmp_path / "~$open.xlsm").touch()
    with pytest.raises(XlpError) as error:
        install(Told(), book=tmp_path / name, windows=home)
    assert error.value.code == code


# what doctor sees ---------------------------------------------------------------------------------------------------


def seen(home: Home) -> dict[str, str]:
    """Each finding's state by its key; every sentence is complete in both languages."""
    found = status(home)
    for finding in found:
        for lang in ("zh", "en"):
            assert "{" not in say(lang, finding.key, **finding.facts)
    return {finding.key.removeprefix("doctor.excel."): finding.state for finding in found}


def test_doctor_before_and_after_installing(home: Home, book: Path) -> None:
    bare = {"version": "ok", "library": "ok", "trust": "ok", "macros_ask": "ok"}
    assert seen(home) == {**bare, "no_addin": "info"}
    install(Told(), windows=home)
    assert seen(home) == {**bare, "addin": "ok"}
    install(Told(), book=book, windows=home)
    assert seen(home) == {**bare, "addin": "ok", "settings": "ok"}


def test_doctor_misses_the_python_that_the_add_in_starts(home: Home, book: Path) -> None:
    install(Told(), windows=home)
    install(Told(), book=book, windows=home)
    home.python.unlink()
    found = seen(home)
    assert (found["addin_no_python"], found["settings_no_python"]) == ("todo", "todo")
    assert not {"addin", "settings"} & found.keys()


def test_doctor_finds_the_add_in_where_excel_had_its_start_folder(home: Home) -> None:
    home.start = home.home / "elsewhere" / "XLSTART"
    install(Told(), windows=home)
    assert (home.start / NAME).exists()
    assert seen(home)["addin"] == "ok"
    build_addin(SOURCE, home.start / NAME, addin_settings(str(home.python), "0.30.0"), "en")
    told = Told()
    install(told, windows=home)
    assert "excel.replaces" in told.keys


def test_doctor_names_what_is_wrong(home: Home) -> None:
    home.values[SECURITY, "AccessVBOM"] = 0
    home.values[SECURITY, "VBAWarnings"] = 4
    _no_library(home)
    build_addin(SOURCE, home.start / NAME, addin_settings("C:\\old\\python.exe", "0.30.0"), "en")
    found = {"version": "ok", "no_library": "todo", "no_trust": "info", "macros_none": "todo", "old_addin": "todo"}
    assert seen(home) == found
    (home.start / NAME).write_bytes(b"broken")
    assert [finding.state for finding in status(home)][-1] == "todo"


def test_doctor_without_excel_and_without_windows(home: Home) -> None:
    _no_excel(home)
    assert seen(home) == {"none": "info"}
    _other_system(home)
    assert seen(home) == {"elsewhere": "info"}


def test_a_policy_stands_over_the_users_choice(home: Home) -> None:
    assert (trusts_vba_project(home, "16.0"), macros(home, "16.0")) == (True, "ask")
    _policy(home)
    home.values[SECURITY.replace("Software\\", "Software\\Policies\\"), "VBAWarnings"] = 3
    home.values[SECURITY, "VBAWarnings"] = 1
    assert (trusts_vba_project(home, "16.0"), macros(home, "16.0")) == (False, "signed")
