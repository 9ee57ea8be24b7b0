"""The unit placement workbook 客户落位图: units, wishes, and what follows from them for the map and the meeting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlplugin.workbooks.recipe import Column, Counter, Recipe, texts, words_of
from xlplugin.workbooks.recipes._placement_formulas import UNIT, WISH

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["GAP_ROWS", "HEAP_ROWS", "LAYOUT_ROWS", "NAME", "tables"]

NAME = "unit_placement"
LAYOUT_ROWS, HEAP_ROWS, GAP_ROWS = 10, 44, 44
_UNIT_WORKINGS = (
    "unit_key row_no open price_total area_no floor_text floor_no stack_no building_first layout_first on_floor "
    "on_stack on_key c1 c2 c3 c4 c5 who faults vacant_key label"
).split()
_WISH_WORKINGS = (
    "key_1 key_2 key_3 listed slot_1 slot_2 slot_3 slot_4 sum_total area_off closed strongly share enough bad_2 bad_3 "
    "hot faults heap_key wish_layout"
).split()
_HEAD = "[#wish/customer_no:strong]"


def tables(_scheme: str | None = None) -> dict[str, Recipe]:
    """The tables of the workbook by the names their formulas use; it grades nobody, so no scheme is laid out."""
    made: dict[str, Recipe] = {}
    for name, table, columns, more in (
        ("units", "tblUnits", _units(), _UNITS),
        ("wish", "tblWishes", _wishes(), _WISHES),
        ("suggestion", "tblSuggestion", _suggestion(), _SUGGESTION),
        ("changes", "tblChanges", _changes(), _CHANGES),
        ("layouts", "tblLayouts", _layouts(), _LISTED),
        ("heaps", "tblHeaps", _heaps(), _LISTED),
        ("gaps", "tblGaps", _gaps(), _LISTED),
    ):
        made[name] = Recipe(NAME, table, (), tuple(columns), banner="", others=made, **{"sheet": name, **more})
    return made


def _column(key: str, zh: float, en: float | None = None, kind: str = "text", **more: Any) -> Column:
    header = texts(f"placement.column.{more.pop('word', key)}")
    return Column(key, header, {"zh": zh, "en": en or zh}, kind, **more)


def _workings(keys: Iterable[str], formulas: dict[str, str]) -> list[Column]:
    return [_column(key, 8, 10, formula=formulas[key], band="working", level=1) for key in keys]


def _units() -> list[Column]:
    unit: dict[str, Any] = {"band": "unit"}
    standing: dict[str, Any] = {"band": "standing"}
    permit: dict[str, Any] = {"band": "permit"}
    return [
        _column("unit_no", 11, required=True, **unit),
        _column("building", 7, 9, required=True, **unit),
        _column("entrance", 7, 9, **unit),
        _column("floor", 6, 7, required=True, hint=texts("hint.floor"), **unit),
        _column("stack", 6, 7, required=True, **unit),
        _column("layout", 8, 11, required=True, **unit),
        _column("area", 8, 9, "amount", required=True, **unit),
        _column("unit_price", 9, 10, "amount", required=True, **unit),
        _column("total", 11, 12, "amount", formula=UNIT["total"], overtype=True, hint=texts("hint.total"), **unit),
        _column("sale_state", 8, 11, "choice", words=words_of("choice.sale_state"), **unit),
        _column("use", 7, 11, "choice", words=words_of("choice.use"), **unit),
        _column("wishes", 7, 8, "whole", formula=UNIT["wishes"], **standing),
        _column("placed", 7, 8, "whole", formula=UNIT["placed"], **standing),
        _column("state", 8, 10, formula=UNIT["state"], word="unit_state", **standing),
        _column("customers", 30, 34, formula=UNIT["customers"], **standing),
        _column("check", 24, 28, formula=UNIT["check"], **standing),
        _column("permit_no", 16, 16, **permit),
        _column("permit_date", 10, 10, "date", **permit),
        _column("plan", 8, 12, "choice", words=words_of("choice.plan"), **permit),
        _column("catering", 6, 9, "choice", words=words_of("choice.yes_no"), **permit),
        _column("note", 18, **permit),
        *_workings(_UNIT_WORKINGS, UNIT),
    ]


def _wishes() -> list[Column]:
    customer: dict[str, Any] = {"band": "customer"}
    choice: dict[str, Any] = {"band": "choice", "hint": texts("hint.choice")}
    power: dict[str, Any] = {"band": "power"}
    standing: dict[str, Any] = {"band": "standing"}
    return [
        _column("customer_no", 9, **customer),
        _column("name", 9, 13, required=True, **customer),
        _column("phone", 13, 13, "phone", **customer),
        _column("quantity", 6, 9, "whole", required=True, bounds=(1, 100), **customer),
        _column("choice_1", 14, 15, "short", required=True, **choice),
        _column("choice_2", 14, 15, "short", **choice),
        _column("choice_3", 14, 15, "short", **choice),
        _column("intended_area", 8, 9, "amount", required=True, **power),
        _column("acceptable_total", 11, 12, "amount", required=True, **power),
        _column("first_payment", 11, 12, "amount", required=True, **power),
        _column("payment", 9, 13, "choice", words=words_of("choice.placement_payment"), required=True, **power),
        _column("grade", 6, 7, "choice", words=words_of("choice.intent_grade"), **power),
        _column("strong", 6, 8, "choice", words=words_of("choice.yes_no"), hint=texts("hint.strong"), **power),
        _column("fit", 6, 6, formula=WISH["fit"], **standing),
        _column("placement", 13, 16, "short", formula=WISH["placement"], **standing),
        _column("quantity_check", 9, 13, formula=WISH["quantity_check"], **standing),
        _column("crowding", 8, 10, formula=WISH["crowding"], **standing),
        _column("check", 30, 34, formula=WISH["check"], **standing),
        _column("deposit_time", 15, 15, "moment", hint=texts("hint.deposit_time"), **customer),
        _column("note", 18, **customer),
        *_workings(_WISH_WORKINGS, WISH),
    ]


def _suggestion() -> list[Column]:
    band: dict[str, Any] = {"band": "suggested"}
    return [
        _column("customer_no", 10, **band),
        _column("name", 10, 13, **band),
        _column("unit_no", 12, **band),
        _column("rank", 10, 10, "whole", **band),
        _column("reason", 84, **band),
    ]


def _changes() -> list[Column]:
    band: dict[str, Any] = {"band": "change"}
    return [
        _column("changed_on", 11, 11, "date", required=True, **band),
        _column("customer_no", 10, **band),
        _column("changed_what", 8, 10, "choice", words=words_of("choice.change"), required=True, **band),
        _column("changed_old", 30, **band),
        _column("changed_new", 30, **band),
        _column("changed_by", 10, required=True, **band),
        _column("changed_why", 30, **band),
    ]


def _computed(key: str, zh: float, en: float, formula: str, kind: str = "text", **more: Any) -> Column:
    return _column(key, zh, en, kind, formula=formula, band="standing", **more)


def _layouts() -> list[Column]:
    """Customers per unit by layout."""
    at = 'IFERROR(SMALL([*units/layout_first],ROW()-ROW([#layout])),"")'
    of = "[*units/layout],[layout]"
    formulas = {
        "layout": 'IF([at]="","",INDEX([*units/layout],[at]))',
        "offered": f'IF([at]="","",COUNTIFS({of},[*units/open],1))',
        "wanted": 'IF([at]="","",COUNTIF([*wish/wish_layout],[layout]))',
        "ratio": 'IF([at]="","",IF([offered]=0,"",[wanted]/[offered]))',
        "vacant": f'IF([at]="","",COUNTIFS({of},[*units/state],[~空缺¦vacant]))',
        "crowded": f'IF([at]="","",COUNTIFS({of},[*units/state],[~扎堆¦heap]))',
    }
    bar = 'IF(ISNUMBER([ratio]),REPT("▇",MIN(40,ROUND([ratio]*10,0))),"")'
    kinds = {"layout": "text", "ratio": "percent"}
    counts = [_computed(key, 8, 9, formula, kinds.get(key, "whole")) for key, formula in formulas.items()]
    return [*counts, _computed("bar", 60, 60, bar), _computed("at", 4, 4, at, level=1)]


def _heaps() -> list[Column]:
    """The customers of heaps, the largest heap first, each with the units to ask him about.

    The names `heaps_from` and `gaps_from` are cells that say with which line the list begins.
    """
    at = 'IFERROR(MATCH(LARGE([*wish/heap_key],ROW()-ROW([#unit_no])+heaps_from-1),[*wish/heap_key],0),"")'

    def wish(key: str) -> str:
        return f'IF([at]="","",INDEX([*wish/{key}],[at])&"")'

    row = "INDEX([*wish/customer_no:strong],[at],0)"
    return [
        _computed("unit_no", 11, 11, 'IF([at]="","",INDEX([*units/unit_no],INDEX([*wish/hot],[at])))'),
        _computed("wishes", 7, 8, 'IF([at]="","",INDEX([*units/wishes],INDEX([*wish/hot],[at])))', "whole"),
        _computed("customer_no", 9, 9, wish("customer_no")),
        _computed("name", 8, 8, 'IF([at]="","",LEFT(INDEX([*wish/name],[at]),1)&"**")'),
        _computed("fit", 8, 9, wish("fit")),
        _computed("placement", 10, 14, wish("placement")),
        _computed(
            "steer", 60, 60, f'IF([at]="","",IFERROR(XLP_LADDER({_HEAD},{row},[&units/unit_no:wishes],,[rules]),""))'
        ),
        _computed("at", 4, 4, at, level=1),
    ]


def _gaps() -> list[Column]:
    """Units that nobody wants first, each with the customers of heaps whom it would suit."""
    at = 'IFERROR(SMALL([*units/vacant_key],ROW()-ROW([#unit_no])+gaps_from-1),"")'

    def unit(key: str, kind: str = "") -> str:
        return f'IF([at]="","",INDEX([*units/{key}],[at]){kind})'

    row = "INDEX([*units/unit_no:use],[at],0)"
    asked = f"XLP_COULD_ASK([#units/unit_no:use],{row},[&wish/customer_no:crowding],[rules])"
    return [
        _computed("unit_no", 11, 11, unit("unit_no")),
        _computed("building", 8, 9, unit("building", '&""')),
        _computed("floor", 8, 9, unit("floor", '&""')),
        _computed("layout", 8, 11, unit("layout", '&""')),
        _computed("area", 8, 9, unit("area"), "amount"),
        _computed("total", 11, 12, unit("total"), "amount"),
        _computed("could_ask", 60, 60, f'IF([at]="","",IFERROR({asked},""))'),
        _computed("at", 4, 4, at, level=1),
    ]


_UNITS: dict[str, Any] = {
    "counters": (
        Counter("all", 'COUNTIF([*unit_no],"?*")'),
        Counter("open", "COUNTIF([*open],1)"),
        Counter("vacant", "COUNTIF([*state],[~空缺¦vacant])"),
        Counter("heap", "COUNTIF([*state],[~扎堆¦heap])"),
    ),
    "places": (1, 4, 7, 10),
    "frozen": 1,
    "printed": "check",
    "filled": "unit_no",
}
_WISHES: dict[str, Any] = {
    "counters": (
        Counter("all", 'COUNTIF([*name],"?*")'),
        Counter("placed", "COUNTIF([*placement],[~已落位¦placed])"),
        Counter("unfit", "COUNTIF([*fit],[~否¦no])"),
        Counter("check", 'COUNTIF([*check],"?*")'),
    ),
    "places": (1, 4, 7, 10),
    "frozen": 2,
    "printed": "check",
    "sheet": "wishes",
}
_SUGGESTION: dict[str, Any] = {
    "counters": (
        Counter("seated", 'COUNTIF([*unit_no],"?*")'),
        Counter("first", "COUNTIF([*rank],1)"),
    ),
    "places": (1, 3),
    "frozen": 2,
    "printed": "reason",
    "filled": "customer_no",
}
_CHANGES: dict[str, Any] = {"counters": (), "places": (), "frozen": 1, "printed": "changed_why", "filled": "changed_on"}
_LISTED: dict[str, Any] = {"counters": (), "places": (), "frozen": 0, "printed": "at", "filled": "at"}
