"""From scores to places and awards: competition ranks on the printed score, tie chain, decisions, quota, winners.

Equal printed scores are a tie. The chain of the instrument splits it step by step (higher printed value first); what no
step splits is left to a written decision, and without one it stays `unresolved` and shares its rank. Identity, order of
entry and alphabet never decide.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from sipetruk.rules.contest import Contest, Nominee
from sipetruk.rules.definition import Rounding, TieStep
from sipetruk.rules.exact import printed, ratio_text, rounded
from sipetruk.rules.scoring import Reason, Score, score

FORMAT = "sipetruk-ranking-result/1"
RANKED, INCOMPLETE, NOT_ELIGIBLE = STATUSES = ("RANKED", "INCOMPLETE", "NOT_ELIGIBLE")
COMMITTEE = "committee"
UNRESOLVED = "unresolved"


@dataclass(frozen=True)
class Row:
    """One nominee's line. `tie_group` is the rank at which the nominees of an equal printed score begin."""

    id: str
    status: str
    score: Score
    reasons: tuple[Reason, ...] = ()
    rank: int | None = None
    tie_group: int | None = None
    decided_by: str | None = None
    warnings: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class Award:
    """Who wins. While anything blocks, nobody does: `blocked` says why, `unresolved` names the ties that are open."""

    winners: tuple[str, ...]
    passed_over: tuple[tuple[str, Reason], ...]
    unresolved: tuple[tuple[str, ...], ...]
    blocked: tuple[Reason, ...]
    unused_decisions: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Ranking:
    rows: tuple[Row, ...]
    award: Award
    rounding: Rounding

    def to_dict(self, engine: str) -> dict[str, Any]:
        """The result document."""
        award = self.award
        return {
            "format": FORMAT,
            "engine": engine,
            "rows": [_row_document(row, self.rounding) for row in self.rows],
            "award": {
                "winners": list(award.winners),
                "passed_over": [{"id": who, "reason": reason} for who, reason in award.passed_over],
                "unresolved": [list(group) for group in award.unresolved],
                "blocked": list(award.blocked),
                "unused_decisions": [list(order) for order in award.unused_decisions],
            },
        }


@dataclass(frozen=True)
class Block:
    """Nominees that share a rank: one, or an unresolved tie. `decided_by` is what separated them from their equals."""

    ids: tuple[str, ...]
    decided_by: str | None = None


@dataclass
class _Ties:
    """What splitting the ties of one contest needs and notes."""

    nominees: Mapping[str, Nominee]
    scores: Mapping[str, Score]
    chain: Sequence[TieStep]
    rounding: Rounding
    decisions: Mapping[frozenset[str], tuple[str, ...]]
    used: set[frozenset[str]] = field(default_factory=set)
    unknown: set[tuple[str, str]] = field(default_factory=set)

    def split(self, ids: Sequence[str], step: int = 0, reached_by: str | None = None) -> list[Block]:
        """The group in blocks, best first."""
        if len(ids) == 1:
            return [Block(tuple(ids), reached_by)]
        if step == len(self.chain):
            return self._decide(ids)
        rule = self.chain[step]
        keys = {who: self._key(rule, who) for who in ids}
        if any(key is None for key in keys.values()):
            self.unknown |= {(who, rule.code) for who, key in keys.items() if key is None}
            return self.split(ids, step + 1, reached_by)
        blocks: list[Block] = []
        for group in _groups_descending({who: key for who, key in keys.items() if key is not None}):
            blocks += self.split(group, step + 1, rule.name)
        return blocks

    def _decide(self, ids: Sequence[str]) -> list[Block]:
        order = self.decisions.get(frozenset(ids))
        if order is None:
            return [Block(tuple(sorted(ids)), UNRESOLVED)]
        self.used.add(frozenset(ids))
        return [Block((who,), COMMITTEE) for who in order]

    def _key(self, rule: TieStep, who: str) -> Fraction | None:
        """The printed value that this step compares; None when it is not on record."""
        if rule.by == "attribute":
            value = self.nominees[who].attributes.get(rule.code)
            return None if value is None else Fraction(value)
        found = self.scores[who]
        if rule.by == "component":
            exact = next(part.score for part in found.components if part.code == rule.code)
        else:
            exact = next(part.points for part in found.criteria if part.code == rule.code)
        return None if exact is None else rounded(exact, self.rounding.decimals, self.rounding.mode)


def rank(contest: Contest) -> Ranking:
    """Score, order and award one contest."""
    rounding = contest.definition.policy.rounding
    nominees = {nominee.id: nominee for nominee in contest.nominees}
    scores = {who: score(contest.definition, nominee.marks, nominee.values) for who, nominee in nominees.items()}
    rows = {who: _unranked(who, found) for who, found in scores.items()}
    official = {who: scores[who].official for who, row in rows.items() if row.status == RANKED}
    ties = _Ties(
        nominees=nominees,
        scores=scores,
        chain=contest.definition.policy.tie_chain,
        rounding=rounding,
        decisions={frozenset(decision.order): decision.order for decision in contest.decisions},
    )
    blocks: list[Block] = []
    for group in _groups_descending({who: value for who, value in official.items() if value is not None}):
        first = 1 + sum(len(block.ids) for block in blocks)
        split = ties.split(group)
        _place(rows, split, first)
        _flag(rows, group, ties)
        blocks += split
    incomplete = sorted(who for who, row in rows.items() if row.status == INCOMPLETE)
    unused = tuple(sorted(decision.order for decision in contest.decisions if frozenset(decision.order) not in ties.used))
    return Ranking(tuple(sorted(rows.values(), key=_row_order)), _award(contest, blocks, incomplete, unused), rounding)


def _unranked(who: str, found: Score) -> Row:
    if found.missing:
        return Row(who, INCOMPLETE, found, reasons=found.missing, warnings=found.warnings)
    if found.below_floor:
        return Row(who, NOT_ELIGIBLE, found, reasons=found.below_floor, warnings=found.warnings)
    return Row(who, RANKED, found, warnings=found.warnings)


def _groups_descending(values: Mapping[str, Fraction]) -> list[list[str]]:
    """Those with equal values together, the highest value first."""
    groups: dict[Fraction, list[str]] = {}
    for who in sorted(values):
        groups.setdefault(values[who], []).append(who)
    return [groups[value] for value in sorted(groups, reverse=True)]


def _place(rows: dict[str, Row], blocks: Sequence[Block], first: int) -> None:
    """Give ranks to one group of equal printed scores that begins at rank `first`."""
    tied = sum(len(block.ids) for block in blocks) > 1
    place = first
    for block in blocks:
        for who in block.ids:
            decided_by = block.decided_by if tied else None
            rows[who] = replace(rows[who], rank=place, tie_group=first if tied else None, decided_by=decided_by)
        place += len(block.ids)


def _flag(rows: dict[str, Row], group: Sequence[str], ties: _Ties) -> None:
    """Warn where a nominee's place differs from the exact order, and where an attribute that should decide is unknown."""
    for who in group:
        row = rows[who]
        notes: list[Reason] = []
        if any(_exact_order_differs(row, rows[other]) for other in group):
            notes.append({"code": "EXACT_ORDER_DIFFERS"})
        notes += [{"code": "ATTRIBUTE_UNKNOWN", "attribute": code} for found, code in sorted(ties.unknown) if found == who]
        rows[who] = replace(row, warnings=(*row.warnings, *notes))


def _exact_order_differs(one: Row, other: Row) -> bool:
    if one.score.total is None or other.score.total is None or one.rank is None or other.rank is None:
        return False
    higher, lower = one.score.total > other.score.total, one.score.total < other.score.total
    return (higher and one.rank >= other.rank) or (lower and one.rank <= other.rank)


def _row_order(row: Row) -> tuple[bool, int, str]:
    return row.rank is None, row.rank or 0, row.id


def _award(contest: Contest, blocks: Sequence[Block], incomplete: Sequence[str], unused: tuple[tuple[str, ...], ...]) -> Award:
    """Hand out the awards in rank order, within the quota of each unit."""
    unit_of = {nominee.id: nominee.unit for nominee in contest.nominees}
    unresolved = tuple(block.ids for block in blocks if len(block.ids) > 1)
    blocked: list[Reason] = [{"code": "INCOMPLETE_NOMINEE", "id": who} for who in incomplete]
    winners: list[str] = []
    passed_over: list[tuple[str, Reason]] = []
    quota = contest.quota_per_unit
    for block in blocks:
        places = contest.winners - len(winners)
        if places <= 0:
            break
        taken = Counter(unit_of[who] for who in winners)
        full = [who for who in block.ids if quota is not None and taken[unit_of[who]] >= quota]
        open_to = [who for who in block.ids if who not in full]
        if len(open_to) > places:
            blocked.append({"code": "TIE_ACROSS_LAST_AWARD", "ids": list(block.ids), "places": places})
            break
        if quota is not None and any(taken[unit] + count > quota for unit, count in Counter(unit_of[who] for who in open_to).items()):
            blocked.append({"code": "TIE_ACROSS_QUOTA", "ids": list(block.ids), "quota": quota})
            break
        passed_over += [(who, {"code": "UNIT_QUOTA_FULL", "unit": unit_of[who], "quota": quota}) for who in full]
        winners += open_to
    if blocked:
        return Award((), (), unresolved, tuple(blocked), unused)
    return Award(tuple(winners), tuple(passed_over), unresolved, (), unused)


def _row_document(row: Row, rounding: Rounding) -> dict[str, Any]:
    def show(value: Fraction | None) -> str | None:
        return None if value is None else printed(value, rounding.decimals, rounding.mode)

    def exact(value: Fraction | None) -> str | None:
        return None if value is None else ratio_text(value)

    found = row.score
    return {
        "id": row.id,
        "status": row.status,
        "reasons": list(row.reasons),
        "exact": exact(found.total),
        "score": show(found.total),
        "rank": row.rank,
        "tie_group": row.tie_group,
        "decided_by": row.decided_by,
        "components": [{"code": part.code, "exact": exact(part.score), "score": show(part.score)} for part in found.components],
        "criteria": [
            {
                "code": part.code,
                "component": part.component,
                "panel_value": part.panel_value,
                "points": exact(part.points),
                "contribution": exact(part.contribution) if found.total is not None else None,
                "shown_contribution": show(part.shown_contribution),
                "marks": part.marks,
            }
            for part in found.criteria
        ],
        "warnings": list(row.warnings),
    }
