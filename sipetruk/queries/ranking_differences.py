"""What a new final ranking changed, for those who read rankings: people by name, criteria by label, the objections behind it."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from sipetruk.errors import NotFound
from sipetruk.models import Category, Nomination, Period, Ranking, User
from sipetruk.queries import objections, visible
from sipetruk.queries.impartial import require_not_assessing
from sipetruk.queries.interviews import interview_of
from sipetruk.queries.objections import ObjectionRow
from sipetruk.rules import definition as definitions
from sipetruk.rules import instrument, ranking_difference, reasons
from sipetruk.rules.exact import format_number, fraction
from sipetruk.rules.explanation import STATES
from sipetruk.rules.permissions import Action, Actor, require
from sipetruk.rules.ranking import STATUSES
from sipetruk.rules.ranking_difference import Change, NomineeMove

STATUS_LABELS = dict(zip(STATUSES, ("Diperingkat", "Belum lengkap", "Di bawah batas"), strict=True))
KIND_LABELS = {"added": "Ditambahkan", "removed": "Dihapus", "changed": "Diubah"}
_ATTRIBUTES = {"length_of_service_days": "masa kerja (hari)"}
_CATEGORY = {"code": "kode kategori", "winners": "jumlah pemenang", "quota_per_unit": "pemenang paling banyak per unit"}
_INSTRUMENT = {"code": "kode instrumen", "number": "versi instrumen", "sha256": "sidik instrumen"}


@dataclass(frozen=True)
class SealedSummary:
    """A ranking of the category that was made final once."""

    ranking_id: int
    number: int
    state: str
    finalised_at: datetime
    result_sha256: str


@dataclass(frozen=True)
class Place:
    """Where a nominee stood; `score` as printed, with a comma."""

    status: str
    status_label: str
    rank: int | None
    score: str | None
    exact: str | None
    decided_by: str
    decider: str
    is_winner: bool


@dataclass(frozen=True)
class CriterionLine:
    """What one criterion contributed before and after; texts with a comma, `exact` the exact difference as a ratio."""

    code: str
    label: str
    before: str
    after: str
    difference: str
    exact: str


@dataclass(frozen=True)
class NomineeLine:
    """A nominee whose place, score or parts differ."""

    nomination_id: int | None
    number: str
    name: str
    unit: str
    before: Place | None
    after: Place | None
    difference: str | None
    exact: str | None
    rank_gain: int | None
    criteria: tuple[CriterionLine, ...]


@dataclass(frozen=True)
class InputLine:
    """One input that differs: what it is about and what it says, in words."""

    kind: str
    kind_label: str
    about: str
    nominee: str
    before: str
    after: str


@dataclass(frozen=True)
class DifferenceView:
    """Two sealed rankings of a category, the older and the newer, and everything that differs between them."""

    category_id: int
    category: str
    period: str
    sealed: tuple[SealedSummary, ...]
    older: SealedSummary
    newer: SealedSummary
    nominees: tuple[NomineeLine, ...]
    joined_winners: tuple[str, ...]
    left_winners: tuple[str, ...]
    inputs: tuple[InputLine, ...]
    objections: tuple[ObjectionRow, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.nominees or self.inputs or self.joined_winners or self.left_winners)


def sealed(actor: Actor, category_id: int) -> tuple[SealedSummary, ...]:
    """The rankings of a category that were made final, the oldest first (1 statement)."""
    require(actor, Action.RANKING_READ)
    columns = (Ranking.id, Ranking.number, Ranking.state, Ranking.finalised_at, Ranking.result_sha256)
    query = visible.rankings_of(actor, Ranking.select(*columns))
    query = query.where(Ranking.category == category_id, Ranking.finalised_at.is_null(is_null=False)).order_by(Ranking.number)
    return tuple(SealedSummary(*row) for row in query.tuples())


def difference(actor: Actor, category_id: int, *, older_id: int | None = None, newer_id: int | None = None) -> DifferenceView:
    """The difference of two sealed rankings, by default the last two; `NotFound` where there are not two (9 statements)."""
    require(actor, Action.RANKING_READ)
    category: Any = visible.get(visible.categories(actor), Category, category_id, "Kategori")
    require_not_assessing(actor, category_id)
    known = sealed(actor, category_id)
    older, newer = _chosen(known, older_id, newer_id)
    documents = [_document(each.ranking_id) for each in (older, newer)]
    found = ranking_difference.difference(*documents)
    words = _Words(category_id, documents, is_first_stage=interview_of(category_id) is not None)
    return DifferenceView(
        category_id=category_id,
        category=category.name,
        period=str(Period.get_by_id(category.period_id).name),
        sealed=known,
        older=older,
        newer=newer,
        nominees=tuple(words.nominee(move) for move in found.nominees),
        joined_winners=tuple(words.name(each) for each in found.joined_winners),
        left_winners=tuple(words.name(each) for each in found.left_winners),
        inputs=tuple(words.input(change) for change in found.inputs),
        objections=tuple(objections.of_rankings(actor, category_id, range(older.number + 1, newer.number + 1))),
    )


def _chosen(known: Sequence[SealedSummary], older_id: int | None, newer_id: int | None) -> tuple[SealedSummary, SealedSummary]:
    by_id = {each.ranking_id: each for each in known}
    newer = (known[-1] if known else None) if newer_id is None else by_id.get(newer_id)
    if older_id is not None:
        older = by_id.get(older_id)
    else:
        older = next((each for each in reversed(known) if newer and each.number < newer.number), None)
    if older is None or newer is None:
        raise NotFound("Belum ada dua pemeringkatan final yang dapat dibandingkan.")
    return (older, newer) if older.number <= newer.number else (newer, older)


def _document(ranking_id: int) -> dict[str, Any]:
    row: Any = Ranking.get_by_id(ranking_id)
    return {"inputs": json.loads(row.inputs), "result": json.loads(row.result)}


class _Words:
    """Numbers become people, codes become labels."""

    def __init__(self, category_id: int, documents: Sequence[Mapping[str, Any]], *, is_first_stage: bool) -> None:
        rows = Nomination.select(Nomination.id, Nomination.number, Nomination.person).where(Nomination.category == category_id)
        self._people = {row.number: row for row in rows}
        self._definition = instrument.parse(documents[-1]["inputs"]["instrument"]["definition"])
        self._criteria = {each.code: each.label for _, each in definitions.all_criteria(self._definition)}
        ids = {assessor for document in documents for assessor in document["inputs"]["panel"]}
        self._assessors = _names(ids)
        ties = [reasons.open_ties(document, is_first_stage=is_first_stage) for document in documents]
        self._before, self._after = ({who: said for group, said in each.items() for who in group} for each in ties)

    def name(self, number: str) -> str:
        row = self._people.get(number)
        return str(row.person["full_name"]) if row and row.person else number

    def nominee(self, move: NomineeMove) -> NomineeLine:
        row = self._people.get(move.id)
        return NomineeLine(
            nomination_id=row.id if row else None,
            number=move.id,
            name=self.name(move.id),
            unit=str(row.person["unit_name"]) if row and row.person else "",
            before=self._place(move.before, self._before.get(move.id)),
            after=self._place(move.after, self._after.get(move.id)),
            difference=_signed(move.difference),
            exact=move.difference,
            rank_gain=move.rank_gain,
            criteria=tuple(
                CriterionLine(
                    each.code,
                    self._criteria.get(each.code, each.code),
                    _shown(each.before),
                    _shown(each.after),
                    _signed(each.difference) or "",
                    each.difference,
                )
                for each in move.criteria
            ),
        )

    def input(self, change: Change) -> InputLine:
        kind, *rest = change.key
        nominee = rest[0] if kind in {"marks", "values", "attributes", "nominee"} else ""
        return InputLine(
            kind=change.kind,
            kind_label=KIND_LABELS[change.kind],
            about=self._about(kind, rest),
            nominee=self.name(nominee) if nominee else "",
            before="" if change.kind == "added" else self._said(kind, change.before),
            after="" if change.kind == "removed" else self._said(kind, change.after),
        )

    def _place(self, found: ranking_difference.Standing | None, said: str | None) -> Place | None:
        if found is None:
            return None
        score = None if found.score is None else found.score.replace(".", ",")
        words = reasons.explain_decision(found.decided_by, self._definition, said or reasons.UNDECIDED)
        decider = reasons.decider(found.decided_by, words)
        return Place(found.status, STATUS_LABELS[found.status], found.rank, score, found.exact, words, decider, found.is_winner)

    def _about(self, kind: str, rest: Sequence[str]) -> str:
        match kind:
            case "marks":
                about = f"Nilai “{self._criteria.get(rest[1], rest[1])}” dari {self._assessors.get(rest[2], rest[2])}"
            case "values":
                about = f"Data “{self._criteria.get(rest[1], rest[1])}”"
            case "attributes":
                about = f"Data {_ATTRIBUTES.get(rest[1], rest[1])}"
            case "nominee":
                about = "Ikut diperingkat"
            case "panel":
                about = f"Anggota tim penilai {self._assessors.get(rest[0], rest[0])}"
            case "decision":
                about = f"Keputusan nilai seri: {', '.join(map(self.name, rest))}"
            case "category":
                about = f"Kategori: {_CATEGORY.get(rest[0], rest[0])}"
            case _:
                about = f"Instrumen: {_INSTRUMENT.get(rest[0], rest[0])}"
        return about

    def _said(self, kind: str, value: Any) -> str:
        match kind:
            case "marks":
                state, given = value
                return STATES.get(state, state) if given is None else format_number(fraction(given))
            case "decision":
                order, reason = value
                return f"{'; '.join(f'{at}. {self.name(each)}' for at, each in enumerate(order, 1))}. {reason}"
            case "panel":
                return "ya"
            case "nominee":
                return f"unit {value}"
        if isinstance(value, dict):
            return ", ".join(f"{code}: {count}" for code, count in sorted(value.items()))
        return "belum ada" if value is None else str(value).replace(".", ",") if kind == "values" else str(value)


def _names(ids: Collection[str]) -> dict[str, str]:
    numbers = [int(each) for each in ids if each.isdecimal()]
    return {str(row.id): row.name for row in User.select(User.id, User.name).where(User.id.in_(numbers))}


def _shown(text: str | None) -> str:
    return "–" if text is None else format_number(fraction(text), 2)


def _signed(text: str | None) -> str | None:
    """With its sign: "+1,25", "-0,50"; a difference too small to show is not shown as none."""
    if text is None:
        return None
    value = fraction(text)
    shown = format_number(value, 2)
    if value and Fraction(shown.replace(",", ".")) == 0:
        shown = format_number(value)
    return f"+{shown}" if value > 0 else shown
