"""What a copy of a period for another year would hold: days, rules, instrument versions and panels."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sipetruk.errors import Invalid
from sipetruk.models import InstrumentVersion, Membership, PanelMember, User
from sipetruk.queries import periods
from sipetruk.queries.periods import CategoryView, PeriodView
from sipetruk.rules import eligibility
from sipetruk.rules.dates import BAD_YEAR, YEARS, shifted_day
from sipetruk.rules.eligibility import Rule
from sipetruk.rules.permissions import Action, Actor, Role, require
from sipetruk.rules.workflow import Stage


@dataclass(frozen=True)
class StageCopy:
    """A window as it is and as it would be."""

    stage: Stage
    label: str
    opens_on: date
    closes_on: date
    new_opens_on: date
    new_closes_on: date


@dataclass(frozen=True)
class VersionChoice:
    id: int
    number: int
    state: str


@dataclass(frozen=True)
class CategoryCopy:
    """A category as it would be.

    `choices` are the versions of its instrument that are in use, the newest first; `version_id` is the one that is taken
    unless another is chosen, None when all are retired; `newer` is a locked version that is newer than the present one.
    """

    id: int
    name: str
    slug: str
    instrument_name: str
    instrument_number: int
    version_id: int | None
    choices: tuple[VersionChoice, ...]
    newer: VersionChoice | None
    winners: int
    quota_per_unit: int | None
    winners_per_unit: int | None
    rules: tuple[Rule, ...]
    are_rules_moved: bool
    panel: tuple[tuple[int, str], ...]
    left_out: tuple[str, ...]
    """Members who are no active assessors any more."""
    is_blind: bool
    assessors_each: int | None
    spread_limit: int
    first_stage_id: int | None
    """The category that this one is the interview of; of the copied period."""
    finalists: int | None


@dataclass(frozen=True)
class CopyPlan:
    period: PeriodView
    year: int
    stages: tuple[StageCopy, ...]
    categories: tuple[CategoryCopy, ...]


def plan(actor: Actor, period_id: int, year: int) -> CopyPlan:
    """A period as it would stand in another year (9 statements); `Invalid` for a year out of range or an unreadable rule."""
    require(actor, Action.PERIOD_EDIT)
    if year not in YEARS:
        raise Invalid(BAD_YEAR, "year")
    period = periods.period(actor, period_id)
    by = year - period.year
    stages = tuple(
        StageCopy(s.stage, s.label, s.opens_on, s.closes_on, shifted_day(s.opens_on, by), shifted_day(s.closes_on, by))
        for s in period.stages
    )
    versions = _versions([category.instrument_version_id for category in period.categories])
    panels = _panels([category.id for category in period.categories])
    categories = tuple(_category(each, versions, panels[each.id], by) for each in period.categories)
    return CopyPlan(period, year, stages, categories)


def _category(view: CategoryView, versions: Sequence[Any], members: Sequence[tuple[int, str, bool]], by: int) -> CategoryCopy:
    own = next(row for row in versions if row.id == view.instrument_version_id)
    usable = [row for row in versions if row.instrument_id == own.instrument_id and row.state != "retired"]
    choices = tuple(VersionChoice(row.id, row.number, row.state) for row in usable)
    newest = next((choice for choice in choices if choice.state == "locked"), None)
    kept = next((choice for choice in choices if choice.id == own.id), newest)
    rules = eligibility.parse_rules(list(view.eligibility))
    moved = eligibility.shift_years(rules, by)
    return CategoryCopy(
        id=view.id,
        name=view.name,
        slug=view.slug,
        instrument_name=view.instrument_name,
        instrument_number=view.instrument_number,
        version_id=kept.id if kept else None,
        choices=choices,
        newer=newest if newest and newest.number > own.number else None,
        winners=view.winners,
        quota_per_unit=view.quota_per_unit,
        winners_per_unit=view.winners_per_unit,
        rules=moved,
        are_rules_moved=moved != rules,
        panel=tuple((user_id, name) for user_id, name, is_able in members if is_able),
        left_out=tuple(name for _, name, is_able in members if not is_able),
        is_blind=view.is_blind,
        assessors_each=view.assessors_each,
        spread_limit=view.spread_limit,
        first_stage_id=view.first_stage_id,
        finalists=view.finalists,
    )


def _versions(version_ids: Sequence[int]) -> list[Any]:
    """Every version of the instruments to which these belong, the newest first."""
    instruments = InstrumentVersion.select(InstrumentVersion.instrument).where(InstrumentVersion.id.in_(list(version_ids)))
    columns = (InstrumentVersion.id, InstrumentVersion.instrument, InstrumentVersion.number, InstrumentVersion.state)
    query = InstrumentVersion.select(*columns).where(InstrumentVersion.instrument.in_(instruments))
    return list(query.order_by(InstrumentVersion.number.desc()))


def _panels(category_ids: Sequence[int]) -> dict[int, list[tuple[int, str, bool]]]:
    """The members of each panel by name, and whether they may assess again."""
    able = {
        user_id
        for (user_id,) in Membership.select(Membership.user).join(User).where(User.is_active, Membership.role == Role.ASSESSOR).tuples()
    }
    members = (
        PanelMember.select(PanelMember.category, User.id, User.name)
        .join(User)
        .where(PanelMember.category.in_(list(category_ids)))
        .order_by(User.name)
        .tuples()
    )
    found: dict[int, list[tuple[int, str, bool]]] = defaultdict(list)
    for category_id, user_id, name in members:
        found[category_id].append((user_id, name, user_id in able))
    return found
