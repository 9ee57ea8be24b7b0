"""The visitor register 来访客户登记表: one row a reception, the answers on its left, the reasons on its right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlplugin import rulebook
from xlplugin.texts import LANGUAGES, say
from xlplugin.workbooks.recipe import Column, Counter, Recipe, texts, words_of
from xlplugin.workbooks.recipes import _register_formulas as f
from xlplugin.workbooks.recipes._fields import evidence_columns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlplugin.rulebook.model import Scheme

__all__ = ["NAME", "recipe", "tables"]

NAME = "visitor_register"
TABLE = "tblRegister"
_SCHEMES = ("visit_count_abcd", "purchase_window_habcf")
# The form's own order; the fields serve both schemes and `three_factor`.
_EVIDENCE = (
    "visits",
    "expected_purchase",
    "need",
    "power",
    "confidence",
    "price_accepted",
    "urgent",
    "interaction",
)
_DAYS = {"plan_day": "expected_purchase", "agreed_day": "agreed_contact", "last_day": "last_contact"}
_YES_NO = words_of("choice.yes_no")


def tables(scheme: str | None = None) -> dict[str, Recipe]:
    """The register's tables, see `recipe`."""
    return {"register": recipe(scheme)}


def recipe(scheme: str | None = None) -> Recipe:
    """The register's recipe.

    Args:
        scheme: the id of the scheme to lay out in place of the usual two.

    Raises:
        XlpError: `unknown_scheme`.
    """
    book = rulebook.load()
    schemes = [book[id_] for id_ in _SCHEMES] if scheme is None else [book.find(scheme)]
    evidence = evidence_columns(schemes, _EVIDENCE if scheme is None else ())
    formulas = f.Formulas(schemes, [column.key for column in evidence])
    return Recipe(
        name=NAME,
        table=TABLE,
        schemes=tuple(scheme.id for scheme in schemes),
        columns=(
            *_results(formulas),
            *_visit(),
            *(_counted(column) for column in evidence),
            *_explained(formulas),
            *_record(),
            *_ownership(),
            *_money(),
            *_admin(formulas, schemes),
            *_working(formulas, schemes, [column.key for column in evidence]),
        ),
        counters=tuple(Counter(key, formula) for key, formula in f.COUNTERS.items()),
        banner=f.BANNER,
        frozen=4,
        printed="status",
    )


def _column(key: str, zh: float, en: float | None = None, kind: str = "text", **more: Any) -> Column:
    return Column(key, texts(f"column.{key}"), {"zh": zh, "en": en or zh}, kind, **more)


def _results(formulas: f.Formulas) -> list[Column]:
    return [
        _column("grade", 5, 6, formula=formulas.grade(), band="result"),
        _column("due", 8, 12, formula=formulas.due(), band="result"),
        _column("next_contact", 10, 10, "date", formula=formulas.next_contact(), band="result"),
    ]


def _visit() -> list[Column]:
    band: dict[str, Any] = {"band": "visit"}
    return [
        _column("name", 8, 12, required=True, **band),
        _column("salutation", 6, 6, "choice", words=words_of("choice.salutation"), required=True, **band),
        _column("phone", 13, 13, "phone", required=True, **band),
        _column("visit_date", 10, 10, "date", required=True, **band),
        _column("visit_time", 6, 6, "time", **band),
        _column("received_by", 7, 9, "suggestion", names="list_staff", required=True, **band),
        _column("channel", 8, 8, "choice", words=words_of("choice.channel"), **band),
        _column("project", 8, 9, "suggestion", names="list_projects", required=True, **band),
        _column("unit", 12, 12, hint=texts("hint.unit"), required=True, **band),
    ]


def _counted(column: Column) -> Column:
    """The visits, which the register counts by itself, so that they need not be typed."""
    if column.key != "visits":
        return column
    return Column(
        column.key,
        column.header,
        column.width,
        column.kind,
        formula=f.VISITS,
        overtype=True,
        bounds=column.bounds,
        band=column.band,
        hint=texts("hint.visits"),
    )


def _explained(formulas: f.Formulas) -> list[Column]:
    return [
        _column("agreed_contact", 10, 10, "date", band="agreed", hint=texts("hint.agreed_contact")),
        _column("status", 7, 11, formula=formulas.status(), band="explained"),
        _column("why", 40, formula=formulas.why(), band="explained"),
        _column("raise", 30, formula=formulas.raise_(), band="explained"),
    ]


def _record() -> list[Column]:
    return [
        _column("validity", 6, 8, formula=f.VALIDITY, band="record"),
        _column("known", 6, 9, formula=f.KNOWN, band="record"),
        _column("owner", 7, 9, "suggestion", names="list_staff", band="record"),
        _column("note", 20, band="record"),
    ]


def _ownership() -> list[Column]:
    fold: dict[str, Any] = {"band": "ownership", "level": 1}
    staff: dict[str, Any] = {"kind": "suggestion", "names": "list_staff", **fold}
    yes_no: dict[str, Any] = {"kind": "choice", "words": _YES_NO, **fold}
    return [
        _column("register_no", 16, **fold),
        _column("asked_for", 7, 9, **staff),
        _column("relation", 5, 8, **yes_no),
        _column("substitute", 5, 10, **yes_no),
        _column("first_received", 7, 9, **staff),
        _column("correction", 16, **fold),
        _column("ruled_owner", 8, 9, **staff),
        _column("ruled_by", 7, 9, **staff),
        _column("ruled_on", 10, 10, "date", **fold),
    ]


def _money() -> list[Column]:
    fold: dict[str, Any] = {"band": "money", "level": 1}
    return [
        _column("budget", 7, 10, "amount", **fold),
        _column("area", 7, 7, "amount", **fold),
        _column("payment", 8, 12, "choice", words=words_of("choice.payment"), **fold),
        _column("deal_value", 8, 10, "amount", **fold),
    ]


def _admin(formulas: f.Formulas, schemes: Sequence[Scheme]) -> list[Column]:
    fold: dict[str, Any] = {"band": "admin", "level": 1}
    grades = tuple(dict.fromkeys(grade for scheme in schemes for grade in scheme.grades))
    override: dict[str, Any] = {"words": dict.fromkeys(LANGUAGES, grades), "hint": texts("hint.override"), **fold}
    yes_no: dict[str, Any] = {"words": _YES_NO, **fold}
    return [
        _column(
            "last_contact",
            10,
            10,
            "date",
            formula=f.LAST_CONTACT,
            overtype=True,
            hint=texts("hint.last_contact"),
            **fold,
        ),
        _column("date_basis", 10, 12, formula=formulas.basis(), **fold),
        _column("override", 5, 8, "choice", **override),
        _column("override_reason", 16, **fold),
        _column("consent", 5, 8, "choice", **yes_no),
        _column("opt_out", 5, 8, "choice", hint=texts("hint.opt_out"), **yes_no),
    ]


def _working(formulas: f.Formulas, schemes: Sequence[Scheme], evidence: Sequence[str]) -> list[Column]:
    known = {"agreed_contact", "last_contact", *evidence}
    fold: dict[str, Any] = {"band": "working", "level": 2}
    return [
        _column("flags", 16, formula=formulas.flags(), **fold),
        _column("overdue", 8, 8, "days", formula=f.OVERDUE, **fold),
        *_beside(formulas, schemes, fold),
        *(_column(key, 10, 10, "date", formula=f.day(of), **fold) for key, of in _DAYS.items() if of in known),
        _column("phone_key", 14, formula=f.PHONE_KEY, **fold),
        _column("visit_order", 14, 14, "days", formula=f.VISIT_ORDER, **fold),
        _column("repeat_key", 14, formula=f.REPEAT_KEY, **fold),
        _column("visit_no", 7, 7, "days", formula=f.VISIT_NO, **fold),
        _column("visit_key", 16, formula=f.VISIT_KEY, **fold),
        _column("continued", 7, 9, "days", formula=f.CONTINUED, **fold),
    ]


def _beside(formulas: f.Formulas, schemes: Sequence[Scheme], fold: dict[str, Any]) -> list[Column]:
    """The further grades, the grade each date goes by, and the date under each scheme where there are several."""

    def column(key: str, word: str, scheme: Scheme, formula: str, kind: str = "text") -> Column:
        header = {lang: say(lang, word, scheme=f.short(lang, scheme)) for lang in LANGUAGES}
        return Column(key, header, {"zh": 10, "en": 12}, kind, formula=formula, **fold)

    numbered = list(enumerate(schemes, 1))
    columns = [column(f"used_{n}", "column.used_of", s, formulas.used(n)) for n, s in numbered]
    if len(schemes) == 1:
        return columns
    return [
        *(column(f"grade_{n}", "column.grade_of", s, formulas.grade(n)) for n, s in numbered[1:]),
        *columns,
        *(column(f"contact_{n}", "column.contact_of", s, formulas.contact(n), "date") for n, s in numbered),
    ]
