"""The workings of payments: each row of a table read, then those of some months summed by account and product line."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, NamedTuple

from xlplugin.decisions.ledger import COLUMNS
from xlplugin.exchange.forms._compile import Compiler
from xlplugin.exchange.forms._holes import NotPlain
from xlplugin.exchange.forms._rows import ROW, SPARE_ROWS, Rows
from xlplugin.exchange.forms._rule_sets import RuleSets
from xlplugin.exchange.forms._sheets import Page, cell, text_cell
from xlplugin.hosts._book import column_letters
from xlplugin.hosts._references import quoted
from xlplugin.texts import say
from xlplugin.worksheet import Desk
from xlplugin.worksheet._given import columns_of
from xlplugin.worksheet._plain_accounts import setting
from xlplugin.worksheet._shared_accounts import NAMED_MONTHS, Checked, Paid, filled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from xlplugin.exchange.forms._opened import Area, Opened
    from xlplugin.hosts._values import Value

__all__ = ["Ledger", "Ledgers"]

_MOST_MONTHS = 24
_LAST_ROW = 1_048_576
_STEPS = {"account": "account_no", "month": "month", "amount": "amount", "paid_in": "paid_in", "told": "told"}
_SUMMED = ("counted", "group", "total", "above", "first_in_month", "unread", "nth")
_BESIDE = "B"  # the column of the cells that are no row's, free where no row is guarded
_KINDS = {"account_no": "key", "product_line": "key", "month": "date", "amount": "number"}


_PROBLEMS = (
    ("month", "payments.need_month"),
    ("month", "cell.not_a_date"),
    ("month", "cell.no_such_day"),
    ("month", "cell.boolean"),
    ("amount", "payments.need_amount"),
    ("amount", "cell.not_a_number"),
    ("amount", "cell.boolean"),
)
_OF_MONTH = 4  # the first so many are the month's
_LISTED = (
    ("account_no", "payments.need_account_no"),
    ("account_no", "payments.unknown_account"),
    *_PROBLEMS,
    ("product_line", "payments.need_product_line"),
)
_UNKNOWN = 2  # the place of an unknown account among those listed
_FIRST_COMPACT = 19000101


def _shown(cell: str) -> str:
    """A cell as it is quoted."""
    return f'IFERROR({cell}&"","")'


class _Column(NamedTuple):
    """A column that looks at other rows too: which step it is, and its formula."""

    part: str
    formula: str


class Ledgers:
    """The payments that a workbook's calls sum.

    Args:
        opened: the workbook.
        named: gives a sheet a name that is still free, from the one it is to have.
    """

    def __init__(self, opened: Opened, named: Callable[[str], str]) -> None:
        self._opened, self._named = opened, named
        self._found: dict[tuple[Area, Area], Ledger] = {}

    def __iter__(self) -> Iterator[Ledger]:
        return iter(self._found.values())

    def of(self, fields: Area, payments: Area) -> Ledger:
        """The workings of some payments.

        Raises:
            NotPlain: they can't be worked out row by row.
        """
        if (fields, payments) not in self._found:
            self._found[fields, payments] = Ledger(self._opened, self._named, fields, payments)
        return self._found[fields, payments]


class Ledger:
    """The workings of one table of payments.

    Args:
        opened: the workbook.
        named: see `Ledgers`.
        fields: the headers.
        payments: the rows.
    """

    def __init__(self, opened: Opened, named: Callable[[str], str], fields: Area, payments: Area) -> None:
        columns = columns_of(Desk(), opened.values(fields), "payments", COLUMNS)
        places = [at for at in columns.places if at is not None]
        wide = fields.right - fields.left == payments.right - payments.left
        if len(places) < len(COLUMNS) or payments.follows or payments.top < 2 or not wide:
            raise NotPlain("payments")
        self.lang = "en" if columns.lang != "zh" else "zh"
        self._cells = {id_: payments.column(at)._replace(follows=True) for id_, at in zip(COLUMNS, places, strict=True)}
        self._first, self._last = payments.top, payments.bottom + SPARE_ROWS
        self._header = fields.column(0).fixed()
        self.name = named(say(self.lang, "sheet.payment_workings"))
        compiler = Compiler(opened, payments.sheet, RuleSets(opened))
        self._keys = dict(self._read(compiler))
        self.rows = Rows(payments.sheet, self.name, compiler, "", self._first, self._last)
        self._columns: list[_Column] = []
        self._beside: list[tuple[str, str]] = []
        self._windows: dict[tuple[str, str], Paid] = {}
        self._checks: dict[str, Checked] = {}

    def _read(self, compiler: Compiler) -> Iterator[tuple[str, str]]:
        """The steps that need no other row."""
        bench, keys, cells = compiler.bench, dict[str, str](), dict[str, str]()
        for id_, kind in _KINDS.items():
            area = self._cells[id_]
            place = cells[id_] = compiler.put(area._replace(bottom=area.top), self._first)
            keys[id_] = bench.reading(id_, kind, place)
            if id_ == "account_no":
                yield "there", bench.added(id_, "there", f"IF(ISBLANK({place}),0,1)")
        account, day, amount = (f"[{keys[id_]}]" for id_ in ("account_no", "month", "amount"))
        month = bench.added("month", "month", f"IF(ISNUMBER({day}),{day}-DAY({day})+1,{day})")
        of_month = f'IF({day}="",1,IF(ISLOGICAL({cells["month"]}),4,IF({self._is_no_day(keys)},3,2)))'
        of_amount = f'IF({amount}="",5,IF(ISLOGICAL({cells["amount"]}),7,6))'
        unread = f"IF(ISNUMBER([{month}]),IF(ISNUMBER({amount}),0,{of_amount}),{of_month})"
        positive = f"IF(ISNUMBER({amount}),IF({amount}>0,[{month}],0),0)"
        bad = bench.added("account_no", "bad", f'IF({account}="",0,{unread})')
        yield "bad", bad
        yield "told", bench.added("account_no", "told", self._told(bad, cells))
        yield "paid_in", bench.added("amount", "paid_in", f'IF({account}="",0,IF(ISNUMBER([{month}]),{positive},0))')
        yield from (keys | {"month": month}).items()

    def _is_no_day(self, keys: Mapping[str, str]) -> str:
        """Whether the month is written as a day, but the calendar has none such."""
        number = f"[{keys['month'].replace('.value', '.number')}]"
        return f"IF(ISNUMBER({number}),{number}>={_FIRST_COMPACT},FALSE)"

    def _told(self, bad: str, cells: Mapping[str, str]) -> str:
        """A row that can't be counted in words, as the note of the function has it."""
        texts = [self._sentence(*problem, cells) for problem in _PROBLEMS]
        return f'IF([{bad}]=0,"",CHOOSE([{bad}],{",".join(texts)}))'

    def _sentence(self, column: str, key: str, cells: Mapping[str, str]) -> str:
        row, allowed = f"(ROW()-ROW({self._header}))", f'"{say(self.lang, key)}"'
        if key.startswith("payments.need_"):
            return filled(self.lang, "payments.row_blank", row=row, allowed=allowed)
        words = {"column": f'"{say(self.lang, f"payments.{column}")}"', "allowed": allowed}
        return filled(self.lang, "payments.row", row=row, found=_shown(cells[column]), **words)

    def _own(self, key: str) -> str:
        """A step's cell of the same row."""
        return f"${self.rows.letters()[self._keys[key]]}{ROW}"

    def _all(self, key: str, home: str = "") -> str:
        """A step's cells of all rows."""
        return self._range(self.rows.letters()[self._keys[key]], home)

    def _range(self, letter: str, home: str = "", first: int = 0, last: int = 0) -> str:
        return f"{home}${letter}${first or self._first}:${letter}${last or self._last}"

    @property
    def _home(self) -> str:
        return f"{quoted(self.name)}!"

    def _column(self, part: str, formula: str) -> str:
        """The letter of a column added."""
        self._columns.append(_Column(part, formula))
        return column_letters(2 + len(self.rows.letters()) + len(self._columns))

    def _side(self, formulas: Mapping[str, str]) -> dict[str, str]:
        """Single cells, one below the other, by name; `@name@` in a formula is one before it."""
        cells: dict[str, str] = {}
        for name, formula in formulas.items():
            row = self._first + len(self._beside)
            for other, place in cells.items():
                formula = formula.replace(f"@{other}@", place)  # noqa: PLW2901 - spelled out name by name
            self._beside.append((name, formula))
            cells[name] = f"${_BESIDE}${row}"
        if self._first + len(self._beside) > self._last:
            raise NotPlain("payments")
        return cells

    def _not_worked(self) -> str:
        """How many filled rows stand below those worked out."""
        area = self._cells["account_no"]
        column = column_letters(area.left)
        sheet = f"{quoted(area.sheet)}!"
        above = f"COUNTA({sheet}${column}$1:${column}${self._first - 1})"
        return f"COUNTA({sheet}${column}$1:${column}${_LAST_ROW})-{above}-SUM({self._all('there')})"

    def paid(self, as_of: str, rules: str) -> Paid:
        """The payments of the full months before a day.

        Args:
            as_of: the day, as any sheet speaks of it.
            rules: the rules, likewise.
        """
        if (as_of, rules) not in self._windows:
            self._windows[as_of, rules] = self._window(as_of, rules)
        return self._windows[as_of, rules]

    def _window(self, as_of: str, rules: str) -> Paid:
        side = self._side(self._months(as_of, rules))
        account, month, line = self._own("account_no"), self._own("month"), self._own("product_line")
        within = f"IF({month}>={side['since']},IF({month}<{side['until']},1,0),0)"
        bad, is_known = self._own("bad"), f"ISNUMBER({side['until']})"
        known = f'IF({is_known},IF({account}="",0,IF({bad}=0,{within},0)),0)'
        counted = self._column("counted", known)
        group = self._column("group", f'IF(${counted}{ROW}=1,{account}&"|"&{line},"")')
        own, groups = f"${group}{ROW}", self._range(group)
        total = f"ROUND(SUMIFS({self._all('amount')},{groups},{own}),6)"
        is_first = f"MATCH({own},{groups},0)=ROW()-{self._first - 1}"
        totals = self._column("total", f'IF({own}="","",IF({is_first},{total},""))')
        larger = f'COUNTIFS({self._all("account_no")},{account},{self._range(totals)},">"&${totals}{ROW})'
        above = self._column("above", f'IF(${totals}{ROW}="","",{larger})')
        monthly = self._column("in_month", f'IF(${counted}{ROW}=1,{account}&"|"&{month},"")')
        here = f"${monthly}{ROW}"
        opening = f"IF(MATCH({here},{self._range(monthly)},0)=ROW()-{self._first - 1},1,0)"
        first = self._column("first_in_month", f'IF({here}="",0,{opening})')
        late = f'IF({is_known},IF({within}=1,{account},""),"")'
        unread = self._column("unread_of", f'IF({bad}=0,"",IF({bad}<={_OF_MONTH},{account},{late}))')
        here = f"${unread}{ROW}"
        nth = self._column("nth", f'IF({here}="","",{here}&"|"&COUNTIFS({self._so_far(unread)},{here}))')
        home, letters = self._home, (counted, group, totals, above, first, unread, nth)
        return Paid(
            **{key: self._all(of, home) for key, of in _STEPS.items()},
            **{key: home + self._range(letter) for key, letter in zip(_SUMMED, letters)},
            **{key: home + side[key] for key in ("since", "until", "months", "beyond")},
            named=tuple((home + side[f"month {at}"], home + side[f"word {at}"]) for at in range(NAMED_MONTHS)),
        )

    def _months(self, as_of: str, rules: str) -> dict[str, str]:
        """The cells that say which months are summed; blank where the day, or how many they are, is not known."""
        months = setting("stable_months", rules)
        fit = f"IF(ISNUMBER({months}),AND(INT({months})>=1,{months}<={_MOST_MONTHS}),FALSE)"
        since = 'IF(@until@="","",DATE(YEAR(@until@),MONTH(@until@)-@months@,1))'
        cells = {
            "until": f'IF(ISNUMBER({as_of}),IF({fit},DATE(YEAR({as_of}),MONTH({as_of}),1),""),"")',
            "months": f'IF(@until@="","",INT({months}))',
            "since": since,
            "beyond": self._not_worked(),
        }
        for at in range(NAMED_MONTHS):
            month = f"@month {at}@"
            cells[f"month {at}"] = f'IF(@until@="","",IF(@months@>{at},EDATE(@since@,{at}),""))'
            cells[f"word {at}"] = f'IF({month}="","",YEAR({month})&"-"&RIGHT("0"&MONTH({month}),2))'
        return cells

    def checked(self, accounts: str) -> Checked:
        """What is wrong with each row.

        Args:
            accounts: the numbers that there are, as any sheet speaks of them.
        """
        if accounts not in self._checks:
            self._checks[accounts] = self._checking(accounts)
        return self._checks[accounts]

    def _checking(self, accounts: str) -> Checked:
        side = self._side({"beyond": self._not_worked()})
        code = self._column("problem", self._problem(accounts))
        own, account = f"${code}{ROW}", self._own("account_no")
        above = f"{self._so_far(self._letter('account_no'))},{account},{self._so_far(code)},{_UNKNOWN}"
        is_new = f"IF({own}=0,0,IF({own}={_UNKNOWN},IF(COUNTIFS({above})>1,0,1),1))"
        letter = column_letters(3 + len(self.rows.letters()) + len(self._columns))
        number = self._column("listed", f"N(${letter}{self._first - 1})+{is_new}")
        told = self._column("listed_as", f'IF({own}=0,"",CHOOSE({own},{",".join(self._listed())}))')
        home = self._home
        ranges = [home + self._range(letter) for letter in (code, number, told)]
        return Checked(ranges[0], ranges[1], ranges[2], home + side["beyond"])

    def _listed(self) -> Iterator[str]:
        """A row that is to be looked into in words, by its place among the problems."""
        cells = {id_: self._spelled(area) for id_, area in self._cells.items()}
        for column, key in _LISTED:
            blank = f'"{say(self.lang, "value.blank")}"'
            found = blank if key.startswith("payments.need_") else _shown(cells[column])
            words = {"column": f'"{say(self.lang, f"payments.{column}")}"', "allowed": f'"{say(self.lang, key)}"'}
            yield filled(self.lang, "payments.listed", row=f"(ROW()-ROW({self._header}))", found=found, **words)

    def _spelled(self, area: Area) -> str:
        letter = column_letters(area.left)
        return f"INDEX({quoted(area.sheet)}!${letter}$1:${letter}${self._last},ROW())"

    def _problem(self, accounts: str) -> str:
        """What is wrong with a row, by its place among the texts of `payment_check`."""
        tidied = f"${self.rows.letters()[self._keys['account_no'].replace('.key', '.tidy')]}{ROW}"
        escaped = tidied
        for sign in "~*?":
            escaped = f'SUBSTITUTE({escaped},"{sign}","~{sign}")'
        known = f"COUNTIF({accounts},IF(ISTEXT({tidied}),{escaped},{tidied}))"
        account, line, month, amount = (self._own(id_) for id_ in COLUMNS)
        blank = f'AND({account}="",{line}="",{month}="",{amount}="")'
        bad = self._own("bad")
        after = f'IF({bad}>0,{bad}+{_UNKNOWN},IF({line}="",{len(_LISTED)},0))'
        return f'IF({blank},0,IF({account}="",1,IF({known}=0,{_UNKNOWN},{after})))'

    def _letter(self, key: str) -> str:
        return self.rows.letters()[self._keys[key]]

    def _so_far(self, letter: str) -> str:
        """A column down to the row."""
        return f"${letter}${self._first}:${letter}{ROW}"

    def page(self, values: Mapping[tuple[int, str], Value]) -> Page:
        """The sheet of workings.

        Args:
            values: what its cells come to, by row and letter.
        """
        formulas = dict(self.rows.formulas({}))
        start = 3 + len(self.rows.letters())
        formulas |= {column_letters(at): column.formula for at, column in enumerate(self._columns, start)}
        page = Page(self.name, [6, 12, *[12] * len(formulas)])
        heads = list(self._heads())
        page.put(self._first - 1, [text_cell(f"{letter}{self._first - 1}", head) for letter, head in heads])
        beside = {row: formula for row, (_, formula) in enumerate(self._beside, self._first)}
        for row in range(self._first, self._last + 1):
            cells = [
                cell(f"{letter}{row}", self._element(row, letter, at, formula), values.get((row, letter), ""))
                for at, (letter, formula) in enumerate(formulas.items())
            ]
            if row in beside:
                element = b"<f>%s</f>" % escape(beside[row], quote=False).encode()
                cells.insert(1, cell(f"{_BESIDE}{row}", element, values.get((row, _BESIDE), "")))
            page.put(row, cells)
        return page

    def _element(self, row: int, letter: str, at: int, formula: str) -> bytes:
        if row > self._first:
            return b'<f t="shared" si="%d"/>' % at
        text = escape(formula.replace(ROW, str(row)), quote=False).encode()
        return b'<f t="shared" ref="%s%d:%s%d" si="%d">%s</f>' % (
            letter.encode(), row, letter.encode(), self._last, at, text,
        )  # fmt: skip

    def _heads(self) -> Iterator[tuple[str, str]]:
        yield "A", say(self.lang, "row_workings.row")
        steps = self.rows.compiler.bench.steps
        for key, letter in self.rows.letters().items():
            step = steps[key]
            of = say(self.lang, f"payments.{step.of}")
            yield letter, say(self.lang, "native.column", of=of, part=say(self.lang, f"native.{step.part}"))
        for at, column in enumerate(self._columns, 3 + len(steps)):
            yield column_letters(at), say(self.lang, f"native.{column.part}")

    @property
    def cells(self) -> tuple[range, range]:
        """The rows and the columns that hold formulas."""
        return range(self._first, self._last + 1), range(1, 3 + len(self.rows.letters()) + len(self._columns))
