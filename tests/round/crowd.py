"""Many people at once: work units that only have to submit, and assessors with sheets to fill in, in rounds that run today."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sipetruk.models import Nomination, Period, Sheet
from sipetruk.rules.permissions import SYSTEM, Grant, Role
from sipetruk.rules.workflow import WITA, Stage
from sipetruk.services import clock, nominations, people, periods
from tests.cast import Cast
from tests.round.people import added
from tests.services import builders

CASES = [
    ("gagasan", "SCORED", "37.5", ""),
    ("dampak", "SCORED", "10", "Dampaknya di unit."),
    ("disiplin", "ABSTAINED", None, "Belum lengkap."),
]
"""What every assessor says of every nominee: code, state, value and note."""


@dataclass(frozen=True)
class Office:
    """A work unit with its admin, its head and one endorsed nomination."""

    admin: str
    nomination_id: int
    version: int


@dataclass(frozen=True)
class Desk:
    """The open sheet of an assessor for one nominee."""

    assessor: str
    nomination_id: int
    version: int


def offices(cast: Cast, count: int) -> list[Office]:
    """An open round in which so many units have everything ready."""
    round_ = builders.open_round(cast, slug="usul")
    units = people.register_units(SYSTEM, units=[people.NewUnit(f"unit{n:02d}", f"Dinas Nomor {n:02d}") for n in range(count)])
    admins = added("admin", [Grant(Role.OPD_ADMIN, unit) for unit in units])
    heads = added("kepala", [Grant(Role.OPD_HEAD, unit) for unit in units])
    found = []
    for unit, admin, head in zip(units, admins, heads, strict=True):
        employee_id = builders.employee(unit, f"Calon {admin.username}")
        with builders.during_nomination():
            id_ = nominations.draft(admin, category_id=round_.category_id, employee_id=employee_id)
            nominations.save_answers(admin, nomination_id=id_, answers=builders.ANSWERS, expected_version=1)
            builders.attach(admin, id_)
            nominations.endorse(head, nomination_id=id_, expected_version=builders.version_of(id_))
        found.append(Office(admin.username, id_, builders.version_of(id_)))
    _last_until_next_week(cast, round_.period_id, Stage.NOMINATION)
    return found


def desks(cast: Cast, count: int, names: Iterable[str]) -> list[Desk]:
    """A round in which so many people assess each of the nominees."""
    panel = added("anggota", [Grant(Role.ASSESSOR)] * count)
    round_, _ = builders.assessing(cast, *names, slug="nilai", panel=panel)
    _last_until_next_week(cast, round_.period_id, Stage.ASSESSMENT)
    sheets = Sheet.select().join(Nomination).where(Nomination.category == round_.category_id).order_by(Sheet.id)
    known = {actor.user_id: actor.username for actor in panel}
    return [Desk(known[sheet.assessor_id], sheet.nomination_id, sheet.row_version) for sheet in sheets]


def _last_until_next_week(cast: Cast, period_id: int, stage: Stage) -> None:
    """Let a stage of the past last, and those after it come later."""
    until = clock.now().astimezone(WITA).date() + timedelta(days=7)
    windows: dict[Stage, tuple[date, date]] = {}
    for each, (opens, closes) in builders.WINDOWS.items():
        if each is stage:
            windows[each] = opens, until
        elif stage in windows:
            windows[each] = until + timedelta(days=len(windows)), until + timedelta(days=len(windows))
        else:
            windows[each] = opens, closes
    version = Period.get_by_id(period_id).row_version
    periods.set_windows(cast.bkpsdm, period_id=period_id, windows=windows, expected_version=version, reason="Diperpanjang.")
