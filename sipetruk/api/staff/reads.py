"""What the staff resolvers read; a thing that is not there, or not the actor's to see, is None."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sipetruk.api import ids
from sipetruk.api.context import Info
from sipetruk.api.staff.acts import actor_of
from sipetruk.api.staff.assessment import Sheet
from sipetruk.api.staff.common import NominationReference, WorkUnit
from sipetruk.api.staff.instruments import InstrumentVersion
from sipetruk.api.staff.nominations import Nomination
from sipetruk.api.staff.periods import Category, Period
from sipetruk.api.staff.rankings import Ranking
from sipetruk.api.staff.results import Results
from sipetruk.errors import NotFound
from sipetruk.queries import assessment, instruments, nominations, people, periods, rankings
from sipetruk.queries import results as results_queries
from sipetruk.services import clock

T = TypeVar("T")


def by_id(global_id: str, kind: str, read: Callable[[int], T | None]) -> T | None:
    """What `read` returns for the number in the id; None for an id of another kind as for an unknown one."""
    found = ids.decode(global_id)
    number = ids.as_number(found[1]) if found is not None and found[0] == kind else None
    return None if number is None else read(number)


def or_none(read: Callable[[], T]) -> T | None:
    try:
        return read()
    except NotFound:
        return None


def work_units(info: Info) -> dict[int, WorkUnit]:
    """Every work unit that the actor may see, by number; read once however many are named."""
    return info.context.once(
        "work units", lambda: {row.id: WorkUnit.of(row.id, row.code, row.name) for row in people.units(actor_of(info))}
    )


def nomination_among(info: Info, number: int | None, named: tuple[int, ...]) -> NominationReference | None:
    """One of the nominations that are named together; they are read at once, with 1 statement even where there is none."""
    known = info.context.once(("numbers", named), lambda: nominations.numbers(actor_of(info), named))
    return None if number is None or number not in known else NominationReference.of(number, known[number])


def nomination(info: Info, number: int) -> Nomination | None:
    return or_none(lambda: Nomination.of(nominations.nomination(actor_of(info), number, now=clock.now(), today=clock.today())))


def all_periods(info: Info) -> list[periods.PeriodView]:
    return info.context.once("periods", lambda: periods.periods(actor_of(info)))


def period(info: Info, number: int) -> Period | None:
    return next((Period.of(row) for row in all_periods(info) if row.id == number), None)


def category(info: Info, number: int) -> Category | None:
    rows = ((row, each) for row in all_periods(info) for each in row.categories)
    return next((Category.of(each, row) for row, each in rows if each.id == number), None)


def period_of(info: Info, category_number: int) -> int | None:
    """The period of a category."""
    info.context.forget()
    return next((row.id for row in all_periods(info) for each in row.categories if each.id == category_number), None)


def instrument_version(info: Info, number: int) -> InstrumentVersion | None:
    return or_none(lambda: InstrumentVersion.of(instruments.version(actor_of(info), number)))


def sheet(info: Info, number: int) -> Sheet | None:
    return or_none(lambda: Sheet.of(assessment.sheet(actor_of(info), number)))


def ranking(info: Info, category_number: int) -> Ranking | None:
    return or_none(lambda: Ranking.of(rankings.ranking(actor_of(info), category_number)))


def results(info: Info, period_number: int) -> Results | None:
    return or_none(lambda: Results.of(results_queries.results(actor_of(info), period_number, now=clock.now())))
