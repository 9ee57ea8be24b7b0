"""The one chain: evidence -> grade with status -> interval -> next contact date, and what is said about them.

Everything an office sees of a row is a view of one `Decision`, so an explanation cannot disagree with a grade.
"""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from xlplugin.cells import EPOCH_1900, Unreadable, date_reader, is_blank, read_yes_no, text_of
from xlplugin.decisions.advice import Adviser
from xlplugin.decisions.cadence import due
from xlplugin.decisions.evidence import EvidenceReader, Problem, read_or_problem
from xlplugin.decisions.grading import Graded, Grading
from xlplugin.decisions.why import LONGEST, Explainer, cut, explain_problems
from xlplugin.domain import Contact
from xlplugin.errors import XlpError
from xlplugin.texts import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from xlplugin.decisions.cadence import Due, WorkingDays
    from xlplugin.decisions.quantities import AsOf, Values
    from xlplugin.rulebook.model import Scheme

    # The scheme's cells, as_of, last contact, agreed contact and opt-out, as they came.
    Row = tuple[Sequence[object], object, object, object, object]

__all__ = ["INVALID", "Chain", "Decision", "chain_of", "decide"]

INVALID = Graded("", "invalid")


class Decision:
    """What was decided about one row, and why.

    Args:
        chain: the chain that decided.
        row: the row as it came, kept for those who ask why.
        values: its values; empty where they could not be read.
        graded: grade and status.
        contact: interval, next contact date and flags.
    """

    __slots__ = ("_chain", "_contact", "_graded", "_row", "_values")

    def __init__(self, chain: Chain, row: Row, values: Values, graded: Graded, contact: Due) -> None:
        self._chain = chain
        self._row = row
        self._values = values
        self._graded = graded
        self._contact = contact

    @property
    def grade(self) -> str:
        """The grade; an empty text where the status leaves none."""
        return self._graded.grade

    @property
    def status(self) -> str:
        """How sure the grade is, as a code of `domain.STATUSES`."""
        return self._graded.status

    @property
    def interval_days(self) -> int | None:
        """Days to the next contact; None where the scheme sets none, or fixed days of the month stand in place."""
        return None if self._chain.scheme.fixed_days else self._contact[0]

    @property
    def next_contact(self) -> date | None:
        """The date to call next; None where there is none."""
        return self._contact[1]

    @property
    def flags(self) -> tuple[str, ...]:
        """Codes of what is to be said beside the date."""
        return self._contact[2]

    @property
    def leaves_contact(self) -> bool:
        """Whether the evidence leaves any further contact at all."""
        return self._graded.contact

    @property
    def _as_of(self) -> AsOf:
        """The day the row was judged on, or why it cannot be read."""
        return self._chain.day(self._row[1])

    def why(self, lang: str = "zh") -> str:
        """One sentence, at most 255 characters: the line that decided, on which inputs, and its source."""
        chain, (days, _, flags) = self._chain, self._contact
        if self._graded is INVALID:
            text = chain.why_invalid(self._row[0], self._row[1], lang)
        else:
            text = chain.explain(self._graded, self._values, days, lang)
        dates = chain.contact_problems(self._row) if flags else ()  # none goes without a flag
        if dates:
            text = explain_problems(chain.scheme, dates, lang) + say(lang, "join.sentence") + text
        return text if len(text) <= LONGEST else cut(text)

    def advice(self, lang: str = "zh") -> str:
        """What would better the grade with the least change; empty where nothing graded would, or nobody may call."""
        if "opt_out" in self.flags:
            return ""
        return self._chain.adviser.advice(self._graded, self._values, self._as_of, lang)


class Chain:
    """One scheme, ready to decide rows.

    Args:
        scheme: the scheme, with an office's own values where it has any.
        epoch: day 0 of the workbook's serial dates, as an ordinal.
        working_days: the calendar, where the working-day rule is on.
    """

    def __init__(self, scheme: Scheme, *, epoch: int = EPOCH_1900, working_days: WorkingDays | None = None) -> None:
        self.scheme = scheme
        self.working_days = working_days
        self._evidence = EvidenceReader(scheme, epoch)
        self.ids = self._evidence.ids
        self.day = self._evidence.day
        self._read = self._evidence.read
        self._grading = Grading(scheme, self._evidence.place)
        self._grade = self._grading.grade
        self.explain = Explainer(scheme, self.ids).sentence
        self._named = {text_of(grade): grade for grade in scheme.grades}
        for grade, words in scheme.names.items():
            self._named.update({text_of(word): grade for word in words.values()})
        self._grades = frozenset(scheme.grades)
        self._days = {grade: interval.days for grade, interval in scheme.intervals.items()}
        self._fixed_days = scheme.fixed_days
        self._read_date = date_reader(epoch)
        self._count_from = self._evidence.place.get(scheme.interval_from)
        lines = (*scheme.first, *(line for table in scheme.tables for line in table.lines))
        # What a host can spare itself: a day that no input is measured against, evidence that can't change a date.
        self.knows_no_day = not scheme.derived
        self.hears_evidence = self._count_from is not None or not all(line.contact for line in lines)

    @cached_property
    def adviser(self) -> Adviser:
        """Who knows what would better a grade."""
        return Adviser(self.scheme, self._evidence.place, self._regrade, self._alone)

    def graded(self, cells: Sequence[object], as_of: object = None) -> Graded:
        """The bare grade and status, for those who ask for nothing else.

        Args:
            cells: one cell for each of the scheme's inputs, in its order.
            as_of: the cell with the day the row is judged on.
        """
        try:
            return self._grade(self._read(cells, as_of))
        except Unreadable:
            return INVALID

    def why(self, cells: Sequence[object], as_of: object, lang: str) -> str:
        """What `Decision.why` says of a row without contact cells, for those who ask for nothing else.

        Args:
            cells: one cell for each of the scheme's inputs, in its order.
            as_of: the cell with the day the row is judged on.
            lang: zh or en.
        """
        values, graded = self._graded(cells, as_of)
        if graded is INVALID:
            return self.why_invalid(cells, as_of, lang)
        return self.explain(graded, values, self._days.get(graded.grade) if graded.contact else None, lang)

    def why_invalid(self, cells: Sequence[object], as_of: object, lang: str) -> str:
        """What cannot be read of a row's evidence, and that there is no grade therefore."""
        text = explain_problems(self.scheme, self._evidence.problems(cells, as_of), lang)
        return cut(text + say(lang, "why.no_grade_end"))

    def advice(self, cells: Sequence[object], as_of: object, lang: str) -> str:
        """What `Decision.advice` says of a row without contact cells, for those who ask for nothing else.

        Args:
            cells: one cell for each of the scheme's inputs, in its order.
            as_of: the cell with the day the row is judged on.
            lang: zh or en.
        """
        values, graded = self._graded(cells, as_of)
        return self.adviser.advice(graded, values, self.day(as_of), lang)

    def grade(self, cells: Sequence[object], as_of: object = None) -> Decision:
        """The decision as far as the grade.

        Args:
            cells: one cell for each of the scheme's inputs, in its order.
            as_of: the cell with the day the row is judged on.
        """
        values, graded = self._graded(cells, as_of)
        days = self._days.get(graded.grade) if graded.contact else None
        counted = None if self._count_from is None else self._counted(values)
        contact: Due = days, None, ()  # with no date at hand there is nothing to count from
        if counted is not None:
            contact = due(days, None, None, None, counted, self.working_days, self._fixed_days)
        return Decision(self, (cells, as_of, None, None, None), values, graded, contact)

    def _graded(self, cells: Sequence[object], as_of: object) -> tuple[Values, Graded]:
        """A row's values and grade; no values where a cell cannot be read, which `why` names."""
        try:
            values = self._read(cells, as_of)
            return values, self._grade(values)
        except Unreadable:
            return [], INVALID

    def decide(
        self,
        cells: Sequence[object],
        as_of: object = None,
        last_contact: object = None,
        agreed: object = None,
        opt_out: object = None,
    ) -> Decision:
        """The whole decision of one row, from its cells as typed.

        Args:
            cells: one cell for each of the scheme's inputs, in its order.
            as_of: the cell with the day the row is judged on.
            last_contact: the cell with the date of the last contact.
            agreed: the cell with the date agreed with the customer.
            opt_out: the cell that says the customer is not to be contacted.
        """
        values, graded = self._graded(cells, as_of)
        counted = None if self._count_from is None else self._counted(values)
        days = self._days.get(graded.grade) if graded.contact else None
        contact = self._due(days, last_contact, agreed, opt_out, counted)
        return Decision(self, (cells, as_of, last_contact, agreed, opt_out), values, graded, contact)

    def _due(self, days: int | None, last_contact: object, agreed: object, opt_out: object, counted: int | None) -> Due:
        """When to call next, from the contact cells as typed."""
        try:
            last: AsOf = None if last_contact is None else self._read_date(last_contact)
            day: AsOf = None if agreed is None else self._read_date(agreed)
            stop: object = None if opt_out is None else read_yes_no(opt_out)
        except Unreadable:
            last, day, stop = self._contact_cells(last_contact, agreed, opt_out)
        return due(days, last, day, stop, counted, self.working_days, self._fixed_days)

    def contact(
        self,
        grade: str,
        last_contact: object,
        agreed: object,
        opt_out: object,
        evidence: Decision | None = None,
    ) -> Contact:
        """The next contact of a grade that stands already, such as one set by hand.

        Args:
            grade: a grade of the scheme, or an empty text.
            last_contact: the cell with the date of the last contact.
            agreed: the cell with the date agreed with the customer.
            opt_out: the cell that says the customer is not to be contacted.
            evidence: the row's own decision, where the evidence has a say too: a hostile customer is left alone
                whatever the grade, and some schemes count from another date than the last contact.
        """
        days, day, flags = self.due(grade, last_contact, agreed, opt_out, evidence)
        return Contact(None if self._fixed_days else days, day, flags)

    def due(
        self, grade: str, last_contact: object, agreed: object, opt_out: object, evidence: Decision | None = None
    ) -> Due:
        """The values of `contact`, bare, for those who ask for many."""
        if evidence is None:
            return self._due(self._days.get(grade), last_contact, agreed, opt_out, None)
        counted = self._counted(evidence._values)  # noqa: SLF001 - a decision is this chain's own
        return self._due(self._days_of(grade, evidence), last_contact, agreed, opt_out, counted)

    def interval_of(self, grade: str, evidence: Decision | None = None) -> int | None:
        """Days to the next contact of a grade; None where there is to be none, or it is due on fixed days."""
        return None if self._fixed_days else self._days_of(grade, evidence)

    def _days_of(self, grade: str, evidence: Decision | None) -> int | None:
        return None if evidence is not None and not evidence.leaves_contact else self._days.get(grade)

    def contact_problems(self, row: Row) -> tuple[Problem, ...]:
        """The contact cells of a row that cannot be read; they leave its grade as it is."""
        read = zip(("last_contact", "agreed_contact", "opt_out"), self._contact_cells(*row[2:]))
        return tuple(Problem(field, cause) for field, cause in read if isinstance(cause, Unreadable))

    def _contact_cells(self, last_contact: object, agreed: object, opt_out: object) -> tuple[AsOf, AsOf, object]:
        """The three contact cells read, or why they cannot be."""
        last, day = read_or_problem(self._read_date, last_contact), read_or_problem(self._read_date, agreed)
        return last, day, read_or_problem(read_yes_no, opt_out)  # type: ignore[return-value] # dates are ordinals

    def _counted(self, values: Values) -> int | None:
        return values[self._count_from] if values and self._count_from is not None else None  # type: ignore[return-value] # a quantity of a date is a day

    def grade_named(self, cell: object) -> str | None:
        """The scheme's grade that a cell names (`B`, `ｂ`, `B级`, 3); empty for a blank, None for anything else."""
        if type(cell) is str and cell in self._grades:
            return cell
        if is_blank(cell):
            return ""
        name = text_of(cell)
        return self._named.get(name) or self._named.get(name.removesuffix("级"))

    def _alone(self, table: int, inputs: Values, as_of: AsOf) -> str | None:
        return self._grading.alone(table, self._evidence.complete(inputs, as_of))

    def _regrade(self, inputs: Values, as_of: AsOf) -> Graded:
        return self._grade(self._evidence.complete(inputs, as_of))


class _Held:
    """A scheme as a cache key: by identity, and kept alive while cached."""

    __slots__ = ("scheme",)

    def __init__(self, scheme: Scheme) -> None:
        self.scheme = scheme

    def __hash__(self) -> int:
        return id(self.scheme)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and other.scheme is self.scheme


@lru_cache(maxsize=64)
def _chain_by_identity(held: _Held) -> Chain:
    return Chain(held.scheme)


def chain_of(scheme: Scheme) -> Chain:
    """The chain of a scheme with published values and plain calendar days, made once."""
    return _chain_by_identity(_Held(scheme))


def decide(
    scheme: Scheme,
    given: Mapping[str, object],
    *,
    as_of: object = None,
    last_contact: object = None,
    agreed_contact: object = None,
    opt_out: object = None,
    working_days: WorkingDays | None = None,
) -> Decision:
    """What is decided about one customer: grade, status, interval, next contact date, and why.

    Args:
        scheme: the scheme to judge by.
        given: the scheme's inputs as typed, by field id; what is left out is blank.
        as_of: the day the customer is judged on.
        last_contact: the date of the last contact.
        agreed_contact: a date agreed with the customer.
        opt_out: whether the customer is not to be contacted.
        working_days: the calendar, where the working-day rule is on.

    Raises:
        XlpError: `unknown_field`, where `given` has a name that is none of the scheme's.
    """
    unknown = next((id_ for id_ in given if id_ not in scheme.fields), None)
    if unknown is not None:
        raise XlpError("unknown_field", scheme=scheme.id, found=unknown, allowed=", ".join(scheme.fields))
    chain = chain_of(scheme) if working_days is None else Chain(scheme, working_days=working_days)
    cells = [given.get(id_) for id_ in scheme.fields]
    return chain.decide(cells, as_of, last_contact, agreed_contact, opt_out)
