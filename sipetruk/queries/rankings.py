"""Rankings as BKPSDM and auditors read them: rows with names, ties, the proposed award, hashes and state."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import peewee as pw

from sipetruk.errors import NotFound
from sipetruk.models import Category, Nomination, Period, Ranking, TieDecision, User, WorkUnit
from sipetruk.queries import visible
from sipetruk.queries.impartial import require_not_assessing
from sipetruk.queries.interviews import interview_of
from sipetruk.queries.listing import Listing, Sort, choice, decimal, flag, integer, text
from sipetruk.queries.ranking_inputs import input_sha256
from sipetruk.rules import definition, instrument, reasons
from sipetruk.rules.exact import fraction, printed
from sipetruk.rules.finalists import finalists
from sipetruk.rules.permissions import Action, Actor, can, require
from sipetruk.rules.workflow import COMPUTABLE_IN, DECIDABLE_IN, FINALISABLE_IN, PROVISIONAL_IN, PeriodState

_DECIMALS = 2
_SUMMARY = (
    Ranking.id,
    Ranking.category,
    Ranking.number,
    Ranking.state,
    Ranking.input_sha256,
    Ranking.result_sha256,
    Ranking.computed_at,
    Ranking.computed_by,
    Ranking.finalised_at,
)
"""Columns of a ranking without its two long documents."""


@dataclass(frozen=True)
class ComponentScore:
    code: str
    label: str
    score: str | None


@dataclass(frozen=True)
class CriterionScore:
    """`panel_value` is the value of all assessors together; `shown_contribution` adds up to the printed score."""

    code: str
    label: str
    component: str
    panel_value: str | None
    points: str | None
    contribution: str | None
    shown_contribution: str | None
    marks: int


@dataclass(frozen=True)
class RankingRow:
    """`status` is RANKED, INCOMPLETE or NOT_ELIGIBLE; only a ranked nominee has a rank.

    `tie_group` is the rank at which those of an equal printed score begin, `decided_by` the step that placed this one
    ("component:inovatif", "committee", "unresolved"), `decided_by_label` the same in words.
    """

    nomination_id: int
    number: str
    name: str
    unit_code: str
    unit_name: str
    status: str
    reasons: tuple[str, ...]
    score: str | None
    exact: str | None
    rank: int | None
    tie_group: int | None
    decided_by: str | None
    decided_by_label: str
    components: tuple[ComponentScore, ...]
    criteria: tuple[CriterionScore, ...]
    warnings: tuple[str, ...]
    is_proposed: bool

    @property
    def decider(self) -> str:
        return reasons.decider(self.decided_by, self.decided_by_label)


_NUMBER = text("Nomor usulan.", "number")
_RANK = integer("Peringkat.", "rank", is_nullable=True)
ROWS = Listing(
    "RankingRow",
    {
        "number": _NUMBER,
        "name": text("Nama dan gelar.", "name"),
        "unit_code": text("Kode unit kerja.", "unit_code"),
        "unit_name": text("Nama unit kerja saat diajukan.", "unit_name"),
        "status": choice("Kedudukan.", "status", ("RANKED", "INCOMPLETE", "NOT_ELIGIBLE")),
        "score": decimal("Nilai akhir yang dicetak.", "score", is_nullable=True),
        "rank": _RANK,
        "is_proposed": flag("Diusulkan menjadi pemenang.", "is_proposed"),
    },
    (Sort(_RANK), Sort(_NUMBER)),
)
"""The rows of a ranking; whoever has no rank comes last."""


@dataclass(frozen=True)
class PassedOver:
    nomination_id: int
    number: str
    reason: str


@dataclass(frozen=True)
class Award:
    """Whom the ranking proposes; `unresolved` are ties that the chain left open, `blocked` says why nobody can win yet."""

    winners: tuple[int, ...]
    passed_over: tuple[PassedOver, ...]
    unresolved: tuple[tuple[int, ...], ...]
    blocked: tuple[str, ...]


@dataclass(frozen=True)
class OpenTie:
    """Nominees whom the chain left equal; `said` is whether their order is still to be decided, in words."""

    nomination_ids: tuple[int, ...]
    said: str
    waits: bool


@dataclass(frozen=True)
class DecisionView:
    """A written order of nominees that the chain left equal, best first, by number."""

    order: tuple[str, ...]
    reason: str
    decided_at: datetime


@dataclass(frozen=True)
class RankingSummary:
    ranking_id: int
    number: int
    state: str
    input_sha256: str
    result_sha256: str
    computed_at: datetime
    computed_by: str | None
    finalised_at: datetime | None


@dataclass(frozen=True)
class InstrumentUsed:
    """The version that a computation went by, as it was sealed with it."""

    title: str
    code: str
    number: int
    sha256: str


@dataclass(frozen=True)
class Interview:
    """The interview after a first stage, in which the winners are determined: the nominations of this ranking that go on into it."""

    category_id: int
    name: str
    finalists: int
    numbers: frozenset[str]


@dataclass(frozen=True)
class RankingView:
    """A computation of a category; `summary` is None when nothing has been computed yet.

    What the reader may do now: `may_compute` anew, `may_decide` its ties, `may_finalise` it. `is_provisional` says that the
    provisional standing is still worth a look.
    """

    category_id: int
    category_name: str
    period_id: int
    period_name: str
    period_state: PeriodState
    winners_max: int
    summary: RankingSummary | None
    engine: str | None
    instrument: InstrumentUsed | None
    rows: tuple[RankingRow, ...]
    statuses: Mapping[str, int]
    award: Award
    open_ties: tuple[OpenTie, ...]
    """The ties of `award.unresolved`, one by one."""
    decisions: tuple[DecisionView, ...]
    history: tuple[RankingSummary, ...]
    is_stale: bool
    is_provisional: bool
    may_compute: bool
    may_decide: bool
    may_finalise: bool
    interview: Interview | None

    @property
    def ties(self) -> tuple[tuple[RankingRow, ...], ...]:
        """Rows that share a printed score, group by group."""
        groups: dict[int, list[RankingRow]] = {}
        for row in self.rows:
            if row.tie_group is not None:
                groups.setdefault(row.tie_group, []).append(row)
        return tuple(tuple(group) for group in groups.values())


def latest(actor: Actor) -> dict[int, RankingSummary]:
    """The newest computation of every category that has one, by category (1 statement)."""
    require(actor, Action.RANKING_READ)
    newest = Ranking.alias()
    number = newest.select(pw.fn.MAX(newest.number)).where(newest.category == Ranking.category)
    rows = visible.rankings_of(actor, summaries()).where(Ranking.number == number)
    return {row.category_id: summary_of(row) for row in rows}


def ranking(actor: Actor, category_id: int, *, ranking_id: int | None = None) -> RankingView:
    """A ranking of a category with every row explained: the newest, or the one named; a draft says whether the data changed since."""
    require(actor, Action.RANKING_READ)
    category: Any = visible.get(visible.categories(actor), Category, category_id, "Kategori")
    require_not_assessing(actor, category_id)
    rows = list(visible.rankings_of(actor, summaries()).where(Ranking.category == category_id).order_by(Ranking.number.desc()))
    chosen = rows[0] if rows and ranking_id is None else next((row for row in rows if row.id == ranking_id), None)
    if ranking_id is not None and chosen is None:
        raise NotFound("%(what)s tidak ditemukan.", what="Pemeringkatan")
    stored = Ranking.get_by_id(chosen.id) if chosen else None
    period: Any = Period.get_by_id(category.period_id)
    state = PeriodState(period.state)
    decisions = list(TieDecision.select().where(TieDecision.category == category_id).order_by(TieDecision.id))
    interview = interview_of(category_id)  # whose first stage may end in a tie, since all who tie go on
    is_open = chosen is not None and chosen is rows[0] and chosen.state == "draft"
    since = [row.order for row in decisions] if is_open else []
    shown = _result(stored, is_first_stage=interview is not None, decided=since) if stored else ((), Award((), (), (), ()), (), None)
    view_rows, award, open_ties, used = shown
    is_stale = stored is not None and stored.state == "draft" and input_sha256(category_id) != stored.input_sha256
    statuses = Counter(row.status for row in view_rows)
    is_blocked = bool(award.blocked) and (interview is None or statuses["INCOMPLETE"] > 0)
    is_ready = is_open and not is_stale and not is_blocked
    return RankingView(
        category_id=category_id,
        category_name=category.name,
        period_id=period.id,
        period_name=period.name,
        period_state=state,
        winners_max=category.winners,
        summary=summary_of(chosen) if chosen else None,
        engine=stored.engine if stored else None,
        instrument=used,
        rows=view_rows,
        statuses=statuses,
        award=award,
        open_ties=open_ties,
        decisions=tuple(DecisionView(tuple(row.order), row.reason, row.decided_at) for row in decisions),
        history=tuple(summary_of(row) for row in rows),
        is_stale=is_stale,
        is_provisional=state in PROVISIONAL_IN,
        may_compute=state in COMPUTABLE_IN and can(actor, Action.RANKING_COMPUTE),
        may_decide=is_open and state in DECIDABLE_IN and can(actor, Action.RANKING_COMPUTE),
        may_finalise=is_ready and state in FINALISABLE_IN and can(actor, Action.RANKING_FINALISE),
        interview=interview and _going_on(interview, view_rows),
    )


def _going_on(interview: Any, rows: Iterable[RankingRow]) -> Interview:
    ranked = [{"id": row.number, "status": row.status, "rank": row.rank} for row in rows]
    return Interview(interview.id, interview.name, interview.finalists, frozenset(finalists(ranked, interview.finalists)))


def final_ranking_id(actor: Actor, category_id: int) -> int:
    """The final ranking of a category that counts, or `NotFound`."""
    require(actor, Action.RANKING_READ)
    found = visible.rankings_of(actor, Ranking.select(Ranking.id)).where(Ranking.category == category_id, Ranking.state == "final").first()
    if found is None:
        raise NotFound("%(what)s tidak ditemukan.", what="Pemeringkatan final")
    return int(found.id)


def summaries() -> Any:
    """Rankings with what a summary tells; `visible.rankings_of` says whose."""
    return Ranking.select(*_SUMMARY, User).join(User, pw.JOIN.LEFT_OUTER, on=Ranking.computed_by)


def summary_of(row: Any) -> RankingSummary:
    """What `summaries` read of one ranking."""
    return RankingSummary(
        ranking_id=row.id,
        number=row.number,
        state=row.state,
        input_sha256=row.input_sha256,
        result_sha256=row.result_sha256,
        computed_at=row.computed_at,
        computed_by=row.computed_by.name if row.computed_by_id else None,
        finalised_at=row.finalised_at,
    )


def said_of_ties(row: Any, document: Mapping[str, Any]) -> dict[tuple[str, ...], str]:
    """What is to be said of each tie that a computation left open (1 statement, of a draft 2).

    Only a draft waits for a decision made since. A draft is the newest computation, since the next one takes its place.
    """
    decisions = TieDecision.select(TieDecision.order).where(TieDecision.category == row.category_id)
    decided = [each.order for each in decisions] if row.state == "draft" else []
    return reasons.open_ties(document, is_first_stage=interview_of(row.category_id) is not None, decided=decided)


def _result(
    row: Any, *, is_first_stage: bool, decided: Collection[Collection[str]]
) -> tuple[tuple[RankingRow, ...], Award, tuple[OpenTie, ...], InstrumentUsed]:
    """The stored result with names in place of numbers, and the version it went by; nothing is computed."""
    document = {"inputs": json.loads(row.inputs), "result": json.loads(row.result)}
    award = document["result"]["award"]
    ties = reasons.open_ties(document, is_first_stage=is_first_stage, decided=decided)
    told = _Told(row.category_id, document, ties)
    given = Award(
        winners=told.ids(award["winners"]),
        passed_over=tuple(PassedOver(told.id(entry["id"]), entry["id"], told.sentence(entry["reason"])) for entry in award["passed_over"]),
        unresolved=tuple(told.ids(tied) for tied in award["unresolved"]),
        blocked=tuple(told.block(reason) for reason in award["blocked"]),
    )
    open_ties = tuple(OpenTie(told.ids(group), said, said == reasons.UNDECIDED) for group, said in ties.items())
    rows = tuple(told.row(entry, award["winners"]) for entry in document["result"]["rows"])
    return rows, given, open_ties, told.instrument


class _Told:
    """A result in words: numbers become people, codes become the labels of the instrument."""

    def __init__(self, category_id: int, document: Mapping[str, Any], ties: Mapping[tuple[str, ...], str]) -> None:
        sealed = document["inputs"]["instrument"]
        self._definition = instrument.parse(sealed["definition"])
        self.instrument = InstrumentUsed(self._definition.title, sealed["code"], sealed["number"], sealed["sha256"])
        self._components = {part.code: part.label for part in self._definition.components}
        self._criteria = {item.code: item.label for _, item in definition.all_criteria(self._definition)}
        self._people = {row.number: row for row in _people(category_id)}
        self._names = {number: row.person["full_name"] for number, row in self._people.items()}
        self._ties = ties
        self._said = {number: said for group, said in ties.items() for number in group}

    def id(self, number: str) -> int:
        return int(self._people[number].id)

    def ids(self, numbers: Iterable[str]) -> tuple[int, ...]:
        return tuple(self.id(number) for number in numbers)

    def sentence(self, reason: dict[str, Any]) -> str:
        return reasons.explain(reason, self._definition, self._names)

    def block(self, reason: dict[str, Any]) -> str:
        """Why nobody can win yet; a tie that was decided since waits for the next computation only."""
        is_decided = self._ties.get(tuple(reason.get("ids", ()))) == reasons.DECIDED
        return reasons.explain_decided(reason) if is_decided else self.sentence(reason)

    def row(self, entry: Mapping[str, Any], winners: Collection[str]) -> RankingRow:
        nomination = self._people[entry["id"]]
        return RankingRow(
            nomination_id=nomination.id,
            number=entry["id"],
            name=nomination.person["full_name"],
            unit_code=nomination.work_unit.code,
            unit_name=nomination.person["unit_name"],
            status=entry["status"],
            reasons=tuple(self.sentence(reason) for reason in entry["reasons"]),
            score=entry["score"],
            exact=entry["exact"],
            rank=entry["rank"],
            tie_group=entry["tie_group"],
            decided_by=entry["decided_by"],
            decided_by_label=reasons.explain_decision(
                entry["decided_by"], self._definition, self._said.get(entry["id"], reasons.UNDECIDED)
            ),
            components=tuple(ComponentScore(part["code"], self._components[part["code"]], part["score"]) for part in entry["components"]),
            criteria=tuple(self._criterion(part) for part in entry["criteria"]),
            warnings=tuple(self.sentence(reason) for reason in entry["warnings"]),
            is_proposed=entry["id"] in winners,
        )

    def _criterion(self, part: Mapping[str, Any]) -> CriterionScore:
        return CriterionScore(
            code=part["code"],
            label=self._criteria[part["code"]],
            component=part["component"],
            panel_value=_value_text(part["panel_value"]),
            points=_decimal(part["points"]),
            contribution=part["contribution"],
            shown_contribution=part["shown_contribution"],
            marks=part["marks"],
        )


def _people(category_id: int) -> Any:
    return (
        Nomination.select(Nomination, WorkUnit)
        .join(WorkUnit)
        .where(Nomination.category == category_id, Nomination.person.is_null(is_null=False))
    )


def _decimal(exact: str | None) -> str | None:
    return None if exact is None else printed(fraction(exact), _DECIMALS)


def _value_text(value: str | dict[str, int] | None) -> str | None:
    if isinstance(value, dict):
        return ", ".join(f"{code}: {count}" for code, count in sorted(value.items()))
    return value
