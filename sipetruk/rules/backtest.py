"""A finished ranking once more under another instrument: what the ranks would have been, as far as the criteria match.

Never an official number. A criterion without data keeps its place and its weight and adds nothing for anybody, so that
nothing is stretched in silence; `Backtest.coverage` says how much of the total is behind the new scores.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from sipetruk.errors import Invalid
from sipetruk.rules import contest, scales
from sipetruk.rules.canonical import sha256
from sipetruk.rules.comparison import criterion_share
from sipetruk.rules.definition import ATTRIBUTES, Criterion, Definition, Source, all_criteria
from sipetruk.rules.parsing import parse
from sipetruk.rules.ranking import rank
from sipetruk.rules.reasons import explain
from sipetruk.rules.weighing import SCORED, Mark

_NO_DATA = "0"


@dataclass(frozen=True)
class Match:
    """A criterion of the new instrument; `why_not` is empty where data of the round are used, `note` where its scale is the same."""

    code: str
    label: str
    share: Fraction
    why_not: str = ""
    note: str = ""


@dataclass(frozen=True)
class BacktestRow:
    """One nominee: as it was, and as it would have been; `change` is positive for somebody who would stand higher."""

    id: str
    old_rank: int | None
    old_score: str | None
    new_rank: int | None
    new_score: str | None
    new_status: str
    reasons: tuple[str, ...]

    @property
    def change(self) -> int | None:
        return None if self.old_rank is None or self.new_rank is None else self.old_rank - self.new_rank


@dataclass(frozen=True)
class Backtest:
    """`coverage` is the percentage of the total that matched criteria make; `left_out` the rules that could not be applied."""

    matched: tuple[Match, ...]
    unmatched: tuple[Match, ...]
    gone: tuple[str, ...]
    coverage: Fraction
    left_out: tuple[str, ...]
    rows: tuple[BacktestRow, ...]
    winners_before: tuple[str, ...]
    winners_after: tuple[str, ...]
    blocked: tuple[str, ...]


def backtest(definition: Definition, inputs: Mapping[str, Any], result: Mapping[str, Any]) -> Backtest:
    """Rank the nominees of sealed inputs under `definition`; refused where no criterion has data, or the instrument is unfinished."""
    old = parse(inputs["instrument"]["definition"])
    matches = _matches(definition, old, inputs)
    known = frozenset(match.code for match in matches if not match.why_not)
    if not known:
        raise Invalid("Tidak ada kriteria yang cocok dengan data putaran itu, jadi tidak ada yang dapat diuji ulang.")
    tried, left_out = _reduced(definition, known)
    found = rank(_contest(tried, known, inputs))
    rows = {row.id: row for row in found.rows}
    told = found.to_dict("")["rows"]
    scores = {row["id"]: row["score"] for row in told}
    before = {row["id"]: row for row in result["rows"]}
    return Backtest(
        matched=tuple(match for match in matches if not match.why_not),
        unmatched=tuple(match for match in matches if match.why_not),
        gone=tuple(each.label for _, each in all_criteria(old) if each.is_scored and each.code not in known),
        coverage=sum((match.share for match in matches if not match.why_not), Fraction(0)),
        left_out=tuple(left_out),
        rows=tuple(
            BacktestRow(
                id=row["id"],
                old_rank=before[row["id"]]["rank"],
                old_score=before[row["id"]]["score"],
                new_rank=row["rank"],
                new_score=scores[row["id"]],
                new_status=row["status"],
                reasons=tuple(explain(reason, tried) for reason in rows[row["id"]].reasons),
            )
            for row in told
        ),
        winners_before=tuple(result["award"]["winners"]),
        winners_after=found.award.winners,
        blocked=tuple(map(explain, found.award.blocked)),
    )


def _matches(definition: Definition, old: Definition, inputs: Mapping[str, Any]) -> list[Match]:
    earlier = {each.code: each for _, each in all_criteria(old) if each.is_scored}
    matches = []
    for part, criterion in all_criteria(definition):
        if criterion.is_scored:
            before = earlier.get(criterion.code)
            note = ""
            if before is not None and scales.to_dict(before.scale) != scales.to_dict(criterion.scale):
                note = f"Skala berbeda; dahulu {scales.describe(before.scale)}, kini {scales.describe(criterion.scale)}."
            share = criterion_share(definition, part, criterion)
            matches.append(Match(criterion.code, criterion.label, share, _why_not(criterion, before, inputs), note))
    return matches


def _why_not(criterion: Criterion, before: Criterion | None, inputs: Mapping[str, Any]) -> str:
    """Why the data of a round cannot be used for a criterion; empty where they can."""
    if before is None:
        return "Tidak ada kriteria dengan kode ini pada putaran itu."
    if (before.source.kind == "assessor") != (criterion.source.kind == "assessor"):
        return "Dahulu nilainya diberikan dengan cara lain (tim penilai atau data)."
    unreadable = next(_unreadable(criterion, inputs), None)
    return "" if unreadable is None else f"Nilai “{unreadable}” tidak dapat dibaca oleh skala yang baru."


def _unreadable(criterion: Criterion, inputs: Mapping[str, Any]) -> Iterator[str]:
    sound: set[str] = set()
    for raw in _raws(criterion, inputs):
        key = str(raw)
        if raw is None or key in sound:
            continue
        try:
            scales.parse_raw(criterion.scale, raw)
        except Invalid:
            yield key
        sound.add(key)


def _raws(criterion: Criterion, inputs: Mapping[str, Any]) -> Iterator[scales.Raw | None]:
    for nominee in inputs["nominees"]:
        if criterion.source.kind == "assessor":
            yield from (mark["value"] for mark in nominee["marks"][criterion.code])
        else:
            yield nominee["values"][criterion.code]


def _reduced(definition: Definition, known: frozenset[str]) -> tuple[Definition, list[str]]:
    """The instrument with criteria that add nothing in place of those without data, and the rules that cannot be applied."""
    whole = {part.code for part in definition.components if part.scored and all(each.code in known for each in part.scored)}
    labels = {part.code: part.label for part in definition.components} | {each.code: each.label for _, each in all_criteria(definition)}
    can_compare = {"component": whole, "criterion": known, "attribute": ATTRIBUTES}
    policy = definition.policy
    chain = tuple(step for step in policy.tie_chain if step.code in can_compare[step.by])
    floors = tuple(floor for floor in policy.floors if floor.component in whole)
    left_out = [f"Penentu nilai sama: {labels.get(step.code, step.code)}." for step in policy.tie_chain if step not in chain]
    left_out += [f"Batas nilai komponen: {labels.get(floor.component, floor.component)}." for floor in policy.floors if floor not in floors]
    components = tuple(replace(part, criteria=tuple(_with_data(each, known) for each in part.criteria)) for part in definition.components)
    return replace(definition, components=components, policy=replace(policy, tie_chain=chain, floors=floors)), left_out


def _with_data(criterion: Criterion, known: frozenset[str]) -> Criterion:
    """The criterion itself, or one of the same weight and maximum that is worth nothing for everybody."""
    if criterion.code in known or not criterion.is_scored:
        return criterion
    return replace(criterion, scale=scales.Points(max=criterion.maximum, step=Fraction(1, 100)), source=Source("unit"))


def _contest(definition: Definition, known: frozenset[str], inputs: Mapping[str, Any]) -> contest.Contest:
    reader = _Values(definition, known)
    category = inputs["category"]
    return contest.Contest(
        instrument_code="uji-ulang",
        instrument_number=1,
        instrument_sha256=sha256(definition.to_dict()),
        definition=definition,
        category=category["code"],
        winners=category["winners"],
        quota_per_unit=category["quota_per_unit"],
        panel=tuple(inputs["panel"]),
        nominees=tuple(reader.nominee(nominee) for nominee in inputs["nominees"]),
        decisions=(),
    )


class _Values:
    """Takes the marks and values of matched criteria over, each as the new scale writes it."""

    def __init__(self, definition: Definition, known: frozenset[str]) -> None:
        scored = [each for _, each in all_criteria(definition) if each.is_scored]
        self._marked = [each for each in scored if each.source.kind == "assessor"]
        self._valued = [each for each in scored if each.source.kind != "assessor"]
        self._known = known
        self._read: dict[tuple[str, str], scales.Raw] = {}

    def nominee(self, given: Mapping[str, Any]) -> contest.Nominee:
        return contest.Nominee(
            id=given["id"],
            unit=given["unit"],
            marks={each.code: tuple(self._mark(each, mark) for mark in given["marks"][each.code]) for each in self._marked},
            values={each.code: self._value(each, given["values"].get(each.code)) for each in self._valued},
            attributes=given["attributes"],
        )

    def _mark(self, criterion: Criterion, mark: Mapping[str, Any]) -> Mark:
        value = self._raw(criterion, mark["value"]) if mark["state"] == SCORED else None
        return Mark(mark["assessor"], mark["state"], value if isinstance(value, str) else None)

    def _value(self, criterion: Criterion, raw: scales.Raw | None) -> scales.Raw | None:
        if criterion.code not in self._known:
            return _NO_DATA
        return None if raw is None else self._raw(criterion, raw)

    def _raw(self, criterion: Criterion, raw: scales.Raw) -> scales.Raw:
        key = (criterion.code, str(raw))
        if key not in self._read:
            self._read[key] = scales.parse_raw(criterion.scale, raw)
        return self._read[key]
