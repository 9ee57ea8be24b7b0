"""A worksheet function as a record: every host's surface, the README's table and the help are made from these."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["FUNCTIONS", "Arg", "Function", "worksheet_function"]


class Arg(NamedTuple):
    """One argument of a worksheet function.

    Args:
        name: as it is shown in a formula.
        zh, en: what goes there.
        optional: whether it may be left out.
    """

    name: str
    zh: str
    en: str
    optional: bool = False


class Function(NamedTuple):
    """One worksheet function.

    Args:
        name: upper case, XLP_ first; never changed once released.
        zh, en: what it gives, in a sentence.
        args: its arguments in order.
        example: a formula, and `result`: what it gives.
        body: the function itself; its first argument is the desk it works at.
        native: the working column that holds its answer where a workbook has plain formulas; None where its
            answer can't be had so, and becomes its value.
        scheme: the id of the one scheme it judges by; None where its first argument names the scheme.
        plain: the answer as a plain formula, from the language of the sheet and the texts of the arguments as they
            stand in the call; None where it takes working columns, or can't be had.
        reads: of the cells a plain formula reads, the kind of each (number, date, yes_no) by the id of its column or
            by the argument; a shared copy reads them in its workings, as the function does.
        shared: the answer in a shared copy, from the `Workings` it offers to the call; None where `plain` will do.
        brief: whether that answer is a text that may say less than the function does.
    """

    name: str
    zh: str
    en: str
    args: tuple[Arg, ...]
    example: str
    result: str
    body: Callable[..., object]
    native: str | None = None
    plain: Callable[..., str] | None = None
    scheme: str | None = None
    reads: Mapping[str, str] = {}
    shared: Callable[..., str] | None = None
    brief: bool = False

    @property
    def least(self) -> int:
        """How many arguments must be given."""
        return sum(not arg.optional for arg in self.args)

    @property
    def signature(self) -> str:
        """The call as a person writes it, optional arguments in square brackets."""
        names = [f"[{arg.name}]" if arg.optional else arg.name for arg in self.args]
        return f"{self.name}({', '.join(names)})"


FUNCTIONS: dict[str, Function] = {}


def worksheet_function(
    *,
    zh: str,
    en: str,
    args: tuple[Arg, ...],
    example: str,
    result: str,
    native: str | None = None,
    plain: Callable[..., str] | None = None,
    scheme: str | None = None,
    reads: Mapping[str, str] | None = None,
    shared: Callable[..., str] | None = None,
    brief: bool = False,
) -> Callable[[Callable[..., object]], Callable[..., object]]:
    """A decorator that records a function under its name."""

    def record(body: Callable[..., object]) -> Callable[..., object]:
        name = body.__name__
        FUNCTIONS[name] = Function(
            name, zh, en, args, example, result, body, native, plain, scheme, reads or {}, shared, brief
        )
        return body

    return record
