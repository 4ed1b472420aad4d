"""The desk of the panels: who assesses whom in a category, what stands in the way, and what an automatic plan would do."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sipetruk.errors import Invalid, Problem
from sipetruk.models import Assignment, Category, InstrumentVersion, Membership, Nomination, PanelMember, Period, Sheet, User
from sipetruk.models.assessment import SHEET_STATES
from sipetruk.queries import conflicts, interviews, visible
from sipetruk.queries.nominations import definition_of
from sipetruk.rules import assigning, canonical, instrument
from sipetruk.rules.conflicts import Candidate, in_words
from sipetruk.rules.permissions import Action, Actor, Role, can, require
from sipetruk.rules.workflow import PANELS_CHANGE_IN, PERIOD_LABELS, NominationState, PeriodState, panel_may_change

ASSESSED_IN = (
    NominationState.VERIFIED,
    NominationState.ASSESSED,
    NominationState.RANKED,
    NominationState.AWARDED,
    NominationState.NOT_AWARDED,
)
"""States of the nominations that are assessed, or were."""
_MOST_NAMED = 20


class Mode(StrEnum):
    """What an automatic plan does."""

    FRESH = "fresh"
    FILL = "fill"
    ONE_PANEL = "one_panel"


MODES: dict[Mode, str] = {
    Mode.FRESH: "Bagi dari awal; pembagian yang ada diganti.",
    Mode.FILL: "Lengkapi saja; pembagian yang ada dipertahankan.",
    Mode.ONE_PANEL: "Satu tim untuk semua calon, dipilih dari semua penilai.",
}


@dataclass(frozen=True)
class Pair:
    """One assessor and one nominee: `conflict` in words, `sheet` the state of the sheet, both empty where there is none."""

    user_id: int
    name: str
    conflict: str
    is_assigned: bool
    sheet: str
    sheet_label: str


@dataclass(frozen=True)
class NomineeRow:
    """A nominee with every member of the panel; `found` of `wanted` may and shall assess."""

    nomination_id: int
    number: str
    name: str
    unit: str
    pairs: tuple[Pair, ...]
    found: int
    wanted: int

    @property
    def is_complete(self) -> bool:
        return self.found >= self.wanted


@dataclass(frozen=True)
class Member:
    """A member of the panel: how many nominees the member assesses, and of how many a conflict keeps the member away."""

    user_id: int
    name: str
    load: int
    conflicts: int
    is_active: bool


@dataclass(frozen=True)
class PanelDesk:
    """A category with its panel; `least` marks at least the instrument asks for on every criterion."""

    category_id: int
    category: str
    period_id: int
    period: str
    period_state: PeriodState
    period_label: str
    is_blind: bool
    assessors_each: int | None
    spread_limit: int
    least: int
    is_marked: bool
    is_ahead: bool
    members: tuple[Member, ...]
    rows: tuple[NomineeRow, ...]
    blockers: tuple[Problem, ...]
    may_change: bool
    may_assign: bool
    may_set: bool
    row_version: int


@dataclass(frozen=True)
class PlannedNominee:
    nomination_id: int
    number: str
    name: str
    assessors: tuple[str, ...]
    left_out: tuple[str, ...]
    """Assessors who may not, each with the reason."""
    missing: int


@dataclass(frozen=True)
class PlanView:
    """An automatic plan before it is applied; `digest` names exactly this plan."""

    category_id: int
    mode: Mode
    size: int
    rows: tuple[PlannedNominee, ...]
    loads: tuple[tuple[str, int, int], ...]
    """Name of the assessor, nominees in this category, nominees elsewhere in the period."""
    digest: str
    plan: assigning.Plan
    pool: tuple[int, ...]

    @property
    def is_complete(self) -> bool:
        return not self.plan.unmet


class Bench:
    """Everything about who may and shall assess whom in one category (a fixed number of statements).

    Those of an interview that is ahead (`is_ahead`) are the finalists by their nominations of the stage before.
    """

    def __init__(self, category: Any, pool: Sequence[int] | None = None) -> None:
        self.category = category
        definition = definition_of(category.instrument_version)
        self.is_marked = any(each.source.kind == "assessor" for _, each in instrument.all_criteria(definition))
        self.least = definition.policy.least_marks()
        self.panel = _panel(category.id) if pool is None else list(pool)
        active = _active(self.panel)
        self.able = [user_id for user_id in self.panel if user_id in active]
        self.who = conflicts.assessors(self.panel)
        self.is_ahead = interviews.awaits_finalists(category)
        in_category = (Nomination.category == category.id) & Nomination.state.in_(ASSESSED_IN)
        self.taking_part = interviews.going_in(category) if self.is_ahead else in_category
        self.whom = conflicts.candidates(self.taking_part, is_going_in=self.is_ahead)
        self.conflicts = conflicts.found_between(self.who, self.whom)
        self.assigned: dict[int, set[int]] = defaultdict(set)
        for nomination_id, user_id in Assignment.select().join(Nomination).where(Nomination.category == category.id).tuples():
            if user_id in self.who:
                self.assigned[nomination_id].add(user_id)

    @property
    def wanted(self) -> int:
        return max(self.least, self.category.assessors_each or 0)

    def named(self, nomination_id: int) -> list[int]:
        """Who is to assess: those named for the nominee or, where the panel is no larger than a nominee needs, the panel.

        Members who can no longer sign in are left out.
        """
        if self.assigned.get(nomination_id):
            return [user_id for user_id in self.able if user_id in self.assigned[nomination_id]]
        size = self.category.assessors_each
        return list(self.able) if size is None or len(self.able) <= size else []

    def assessing(self, nomination_id: int) -> list[int]:
        """Those of them who have no conflict of interest."""
        return [user_id for user_id in self.named(nomination_id) if (nomination_id, user_id) not in self.conflicts]

    def excluded(self, nomination_id: int) -> dict[int, str]:
        """Those who would assess but for a conflict, with the reason."""
        return {
            user_id: in_words(self.conflicts[nomination_id, user_id])
            for user_id in self.named(nomination_id)
            if (nomination_id, user_id) in self.conflicts
        }

    def barred(self) -> dict[int, list[int]]:
        """By nominee, who may not assess."""
        found: dict[int, list[int]] = defaultdict(list)
        for nomination_id, user_id in self.conflicts:
            found[nomination_id].append(user_id)
        return found

    def blockers(self) -> list[Problem]:
        """Every nominee whose panel is not complete, by name, with the reason."""
        if not self.is_marked:
            return []
        short = [each for each in self.whom.values() if len(self.assessing(each.id)) < self.wanted]
        problems = [self._short(each) for each in short[:_MOST_NAMED]]
        if len(short) > _MOST_NAMED:
            params = {"category": self.category.name, "count": len(short) - _MOST_NAMED}
            template = "Kategori “%(category)s”: masih ada %(count)s calon lain yang penilainya belum lengkap."
            problems.append(Problem(template, ("categories", self.category.slug, "panel"), params=params))
        return problems

    def _short(self, nominee: Candidate) -> Problem:
        excluded = self.excluded(nominee.id)
        why = "; ".join(f"{self.who[user_id].name} tidak boleh menilai ({words})" for user_id, words in excluded.items())
        return Problem(
            "Kategori “%(category)s”: %(name)s baru mempunyai %(found)s dari %(wanted)s penilai.%(why)s",
            ("categories", self.category.slug, "panel"),
            params={
                "category": self.category.name,
                "name": nominee.name,
                "found": len(self.assessing(nominee.id)),
                "wanted": self.wanted,
                "why": f" {why}." if why else "",
            },
        )


def desk(actor: Actor, category_id: int) -> PanelDesk:
    """The panel of a category and its nominees, for BKPSDM and auditors."""
    require(actor, Action.PROGRESS_READ)
    category = read_category(actor, category_id)
    bench = Bench(category)
    period = category.period
    sheets = {
        (nomination_id, user_id): state
        for nomination_id, user_id, state in Sheet.select(Sheet.nomination, Sheet.assessor, Sheet.state)
        .join(Nomination)
        .where(Nomination.category == category_id)
        .tuples()
    }
    state = PeriodState(period.state)
    may_change = panel_may_change(state, awaits_finalists=bench.is_ahead)
    has_begun = not may_change
    rows = tuple(_rows(bench, sheets, has_begun=has_begun))
    load = Counter(pair.user_id for row in rows for pair in row.pairs if pair.is_assigned and not pair.conflict)
    barred = Counter(user_id for _, user_id in bench.conflicts)
    may_edit = can(actor, Action.PERIOD_EDIT)
    return PanelDesk(
        category_id=category.id,
        category=category.name,
        period_id=period.id,
        period=period.name,
        period_state=state,
        period_label=PERIOD_LABELS[state],
        is_blind=category.is_blind,
        assessors_each=category.assessors_each,
        spread_limit=category.spread_limit,
        least=bench.least,
        is_marked=bench.is_marked,
        is_ahead=bench.is_ahead,
        members=tuple(Member(each, bench.who[each].name, load[each], barred[each], each in bench.able) for each in bench.panel),
        rows=rows,
        blockers=() if has_begun else tuple(bench.blockers()),
        may_change=may_edit and may_change,
        may_assign=may_edit and state in PANELS_CHANGE_IN,
        may_set=may_edit and period.state not in (PeriodState.PUBLISHED, PeriodState.ARCHIVED),
        row_version=category.row_version,
    )


def plan(actor: Actor, category_id: int, mode: Mode) -> PlanView:
    """What an automatic assignment would do; nothing is saved. The same state of things always gives the same plan."""
    require(actor, Action.PERIOD_EDIT)
    category = read_category(actor, category_id)
    pool = _able() if mode is Mode.ONE_PANEL else None
    bench = Bench(category, pool)
    size = category.assessors_each or (bench.wanted if mode is Mode.ONE_PANEL else len(bench.able))
    elsewhere = _elsewhere(category)
    barred = bench.barred()
    if not bench.is_marked:
        raise Invalid("Instrumen kategori ini tidak dinilai oleh tim penilai.")
    if mode is Mode.ONE_PANEL:
        found = assigning.one_panel(bench.whom, bench.able, barred, size, load=elsewhere)
    else:
        kept = bench.assigned if mode is Mode.FILL else {}
        found = assigning.assign(bench.whom, bench.able, barred, size, load=elsewhere, kept=kept)
    load = found.load()
    document = {"category": category.id, "mode": mode.value, "size": size, "pool": sorted(bench.able), "plan": found.document()}
    return PlanView(
        category_id=category.id,
        mode=mode,
        size=size,
        rows=tuple(_planned(bench, found, size)),
        loads=tuple(
            (bench.who[each].name, load.get(each, 0), elsewhere.get(each, 0))
            for each in bench.panel
            if mode is not Mode.ONE_PANEL or each in load
        ),
        digest=canonical.sha256(document),
        plan=found,
        pool=tuple(bench.able),
    )


def read_category(actor: Actor, category_id: int) -> Any:
    """The category with its period and instrument version, or `NotFound`."""
    query = (
        visible.categories(actor)
        .select(Category, Period, InstrumentVersion)
        .join_from(Category, Period)
        .join_from(Category, InstrumentVersion)
    )
    return visible.get(query, Category, category_id, "Kategori")


def category_of(actor: Actor, nomination_id: int) -> int:
    """The category of a nomination that the actor may see, or `NotFound`."""
    nomination: Any = visible.get(visible.nominations(actor), Nomination, nomination_id, "Usulan")
    return int(nomination.category_id)


def of_period(period_id: int) -> Iterator[Bench]:
    """The benches of a period's categories, in their order."""
    rows = Category.select(Category, InstrumentVersion).join(InstrumentVersion).where(Category.period == period_id)
    for category in rows.order_by(Category.position, Category.id):
        yield Bench(category)


def _panel(category_id: int) -> list[int]:
    members = PanelMember.select(User.id).join(User).where(PanelMember.category == category_id).order_by(User.name, User.id)
    return [user_id for (user_id,) in members.tuples()]


def _active(user_ids: Sequence[int]) -> set[int]:
    return {user_id for (user_id,) in User.select(User.id).where(User.id.in_(list(user_ids)), User.is_active).tuples()}


def _able() -> list[int]:
    """Active users who hold the role of assessor, by name."""
    query = User.select(User.id).join(Membership).where(User.is_active, Membership.role == Role.ASSESSOR)
    return [user_id for (user_id,) in query.order_by(User.name, User.id).tuples()]


def _elsewhere(category: Any) -> dict[int, int]:
    """How many nominees each assessor has in the other categories of the period (2 statements)."""
    others = (Category.period == category.period_id) & (Category.id != category.id)
    found: Counter[int] = Counter()
    assigned = Assignment.select(Assignment.assessor).join(Nomination).join(Category).where(others, Nomination.state.in_(ASSESSED_IN))
    found.update(user_id for (user_id,) in assigned.tuples())
    every = (
        PanelMember.select(PanelMember.user)
        .join(Category)
        .join(Nomination)
        .where(others, Category.assessors_each.is_null(), Nomination.state.in_(ASSESSED_IN))
        .where(Nomination.id.not_in(Assignment.select(Assignment.nomination)))
    )
    found.update(user_id for (user_id,) in every.tuples())
    return dict(found)


def _rows(bench: Bench, sheets: Mapping[tuple[int, int], str], *, has_begun: bool) -> Iterator[NomineeRow]:
    numbers = _numbers(bench)
    for nominee in bench.whom.values():
        named = set(bench.named(nominee.id))
        pairs = []
        for user_id in bench.panel:
            state = sheets.get((nominee.id, user_id), "")
            found = in_words(bench.conflicts.get((nominee.id, user_id), ()))
            is_assigned = bool(state) if has_begun else user_id in named
            pairs.append(Pair(user_id, bench.who[user_id].name, found, is_assigned, state, SHEET_STATES.get(state, "")))
        alive = sum(pair.sheet in {"open", "submitted"} if has_begun else pair.is_assigned and not pair.conflict for pair in pairs)
        number, unit = numbers[nominee.id]
        yield NomineeRow(nominee.id, number, nominee.name, unit, tuple(pairs), alive, bench.wanted)


def _planned(bench: Bench, found: assigning.Plan, size: int) -> Iterator[PlannedNominee]:
    numbers = _numbers(bench)
    chosen = set(found.load())
    for nomination_id, panel in found.panels.items():
        relevant = chosen if bench.category.assessors_each is None else set(bench.panel)
        left_out = tuple(
            f"{bench.who[user_id].name}: {in_words(reasons)}"
            for (nominee, user_id), reasons in bench.conflicts.items()
            if nominee == nomination_id and user_id in relevant
        )
        names = tuple(bench.who[user_id].name for user_id in bench.panel if user_id in panel)
        yield PlannedNominee(
            nomination_id, numbers[nomination_id][0], bench.whom[nomination_id].name, names, left_out, max(size - len(panel), 0)
        )


def _numbers(bench: Bench) -> dict[int, tuple[str, str]]:
    """Number and unit of every nominee of the bench."""
    rows = Nomination.select(Nomination.id, Nomination.number, Nomination.person).where(bench.taking_part)
    return {id_: (number, (person or {}).get("unit_name", "")) for id_, number, person in rows.tuples()}
