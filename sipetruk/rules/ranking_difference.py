"""What differs between two sealed rankings of a category: inputs one by one, places and scores, and who moved into or out of the winners.

Inputs are compared as one flat table of facts (`facts`), so nothing escapes and nothing is told twice: the facts of the old
ranking with the changes applied are exactly those of the new one (`apply`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sipetruk.rules.exact import fraction, ratio_text

ADDED, REMOVED, CHANGED = KINDS = ("added", "removed", "changed")
NOT_ASKED = "not_applicable"

Key = tuple[str, ...]
"""What a fact is about, from the outside in: ("marks", nominee, criterion, assessor)."""
Fact = Any
"""A JSON value that says it; a mark is [state, value]."""


@dataclass(frozen=True)
class Change:
    """One fact that was added, removed or changed."""

    kind: str
    key: Key
    before: Fact = None
    after: Fact = None


@dataclass(frozen=True)
class CriterionMove:
    """What one criterion contributes to a total, exact, before and after; None where there was nothing."""

    code: str
    before: str | None
    after: str | None

    @property
    def difference(self) -> str:
        """After less before, as an exact ratio."""
        return ratio_text(fraction(self.after or 0) - fraction(self.before or 0))


@dataclass(frozen=True)
class Standing:
    """Where a nominee stands in one of the two."""

    status: str
    rank: int | None
    score: str | None
    exact: str | None
    decided_by: str | None
    is_winner: bool


@dataclass(frozen=True)
class NomineeMove:
    """A nominee whose line differs; None where the nominee takes no part. `criteria` are those whose contribution differs."""

    id: str
    before: Standing | None
    after: Standing | None
    criteria: tuple[CriterionMove, ...]

    @property
    def difference(self) -> str | None:
        """The new exact score less the old; None unless there are both."""
        if self.before is None or self.after is None or self.before.exact is None or self.after.exact is None:
            return None
        return ratio_text(fraction(self.after.exact) - fraction(self.before.exact))

    @property
    def rank_gain(self) -> int | None:
        """By how many places the nominee rose (negative: fell); None unless ranked in both."""
        if self.before is None or self.after is None or self.before.rank is None or self.after.rank is None:
            return None
        return self.before.rank - self.after.rank


@dataclass(frozen=True)
class Difference:
    """Everything that differs; empty when the two are alike."""

    inputs: tuple[Change, ...]
    nominees: tuple[NomineeMove, ...]
    joined_winners: tuple[str, ...]
    left_winners: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.inputs or self.nominees or self.joined_winners or self.left_winners)


def difference(old: Mapping[str, Any], new: Mapping[str, Any]) -> Difference:
    """The difference of two documents of rankings, each with its `inputs` and `result` in normal form.

    >>> line = {"id": "7", "status": "RANKED", "rank": 1, "score": "80", "exact": "80", "decided_by": None, "criteria": []}
    >>> def document(mark, **changes):
    ...     entry = {"assessor": "3", "state": "scored", "value": mark}
    ...     nominee = {"id": "7", "unit": "u", "marks": {"x": [entry]}, "values": {}, "attributes": {}}
    ...     result = {"rows": [{**line, **changes}], "award": {"winners": ["7"]}}
    ...     return {"inputs": {"nominees": [nominee], "decisions": [], "panel": ["3"], "category": {}, "instrument": {}}, "result": result}
    >>> difference(document("80"), document("80")).is_empty
    True
    >>> found = difference(document("80"), document("85", score="85", exact="85"))
    >>> found.inputs
    (Change(kind='changed', key=('marks', '7', 'x', '3'), before=['scored', '80'], after=['scored', '85']),)
    >>> [(move.id, move.difference, move.rank_gain) for move in found.nominees]
    [('7', '5/1', 0)]
    """
    was, now = old["result"], new["result"]
    winners = {name: tuple(document["award"]["winners"]) for name, document in (("old", was), ("new", now))}
    return Difference(
        inputs=tuple(changes(facts(old["inputs"]), facts(new["inputs"]))),
        nominees=tuple(_moves(was, now)),
        joined_winners=tuple(each for each in winners["new"] if each not in winners["old"]),
        left_winners=tuple(each for each in winners["old"] if each not in winners["new"]),
    )


def facts(inputs: Mapping[str, Any]) -> dict[Key, Fact]:
    """The inputs document as one table: every key says what it is about, every value what was known of it."""
    found: dict[Key, Fact] = {("panel", assessor): True for assessor in inputs["panel"]}
    found |= {("category", key): value for key, value in inputs["category"].items()}
    found |= {("instrument", key): value for key, value in inputs["instrument"].items() if key != "definition"}
    for nominee in inputs["nominees"]:
        found["nominee", nominee["id"]] = nominee["unit"]
        found.update(_facts_of(nominee))
    found |= {("decision", *sorted(each["order"])): [list(each["order"]), each["reason"]] for each in inputs["decisions"]}
    return found


def _facts_of(nominee: Mapping[str, Any]) -> dict[Key, Fact]:
    """What counts for one nominee: values, attributes and marks."""
    who = nominee["id"]
    found: dict[Key, Fact] = {("values", who, code): value for code, value in nominee["values"].items()}
    found.update((("attributes", who, code), value) for code, value in nominee["attributes"].items())
    for code, marks in nominee["marks"].items():
        for mark in marks:
            found["marks", who, code, mark["assessor"]] = [mark["state"], mark["value"]]
    return found


def changes(old: Mapping[Key, Fact], new: Mapping[Key, Fact]) -> Iterable[Change]:
    """Every fact that differs, in the order of the keys."""
    differing = old.keys() ^ new.keys()
    differing |= {key for key in old.keys() & new.keys() if old[key] != new[key] or type(old[key]) is not type(new[key])}
    for key in sorted(differing):
        if key not in new:
            yield Change(REMOVED, key, before=old[key])
        elif key not in old:
            yield Change(ADDED, key, after=new[key])
        else:
            yield Change(CHANGED, key, old[key], new[key])


def apply(found: Mapping[Key, Fact], made: Iterable[Change]) -> dict[Key, Fact]:
    """The facts after these changes; ValueError where a change does not fit what it is applied to."""
    after = dict(found)
    for change in made:
        if (change.key in after) != (change.kind != ADDED) or after.get(change.key) != change.before:
            raise ValueError(f"{change} does not fit")
        if change.kind == REMOVED:
            del after[change.key]
        else:
            after[change.key] = change.after
    return after


def touches(old: Mapping[str, Any], new: Mapping[str, Any], nominee: str) -> bool:
    """Whether anything that counts for this nominee differs between two inputs documents: marks, values, or a decision on a tie.

    That somebody who is not asked about the nominee joined or left the panel does not count.
    """
    return _about(old, nominee) != _about(new, nominee)


def _about(inputs: Mapping[str, Any], nominee: str) -> dict[Key, Fact]:
    """The facts about one nominee, without marks that nobody is asked for."""
    found = {
        key: value
        for each in inputs["nominees"]
        if each["id"] == nominee
        for key, value in _facts_of(each).items()
        if key[0] != "marks" or value[0] != NOT_ASKED
    }
    for each in inputs["decisions"]:
        if nominee in each["order"]:
            found["decision", *sorted(each["order"])] = [list(each["order"]), each["reason"]]
    return found


def _moves(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterable[NomineeMove]:
    """Every nominee whose line differs, in the order of the new ranking, those who are gone at the end."""
    old, new = ({row["id"]: row for row in document["rows"]} for document in (was, now))
    old_winners, new_winners = (frozenset(document["award"]["winners"]) for document in (was, now))
    for who in [*new, *(each for each in old if each not in new)]:
        before, after = _standing(old.get(who), old_winners), _standing(new.get(who), new_winners)
        criteria = tuple(_criteria(old.get(who), new.get(who)))
        if before != after or criteria:
            yield NomineeMove(who, before, after, criteria)


def _standing(row: Mapping[str, Any] | None, winners: frozenset[str]) -> Standing | None:
    if row is None:
        return None
    return Standing(row["status"], row["rank"], row["score"], row["exact"], row["decided_by"], row["id"] in winners)


def _criteria(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> Iterable[CriterionMove]:
    was, now = ({part["code"]: part["contribution"] for part in row["criteria"]} if row else {} for row in (old, new))
    for code in [*now, *(each for each in was if each not in now)]:
        before, after = was.get(code), now.get(code)
        if _number(before) != _number(after):
            yield CriterionMove(code, before, after)


def _number(text: str | None) -> Fraction | None:
    return None if text is None else fraction(text)
