"""From scores to places and awards: competition ranks on the printed score, tie chain, decisions, quota, winners.

Equal printed scores are a tie. The chain of the instrument splits it step by step (higher printed value first); what no
step splits is left to a written decision, and without one it stays `unresolved` and shares its rank. Identity, order of
entry and alphabet never decide.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import accumulate
from typing import Any

from sipetruk.rules.canonical import canonical, is_composed, written
from sipetruk.rules.contest import Contest, Decision
from sipetruk.rules.definition import Policy, Rounding, TieStep
from sipetruk.rules.exact import over_one_denominator, printed, ratio_text, rounded
from sipetruk.rules.scoring import Score, Scorer
from sipetruk.rules.weighing import Reason

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

    def to_dict(self) -> dict[str, Any]:
        """This part of the result document."""
        return {
            "winners": list(self.winners),
            "passed_over": [{"id": who, "reason": reason} for who, reason in self.passed_over],
            "unresolved": [list(group) for group in self.unresolved],
            "blocked": list(self.blocked),
            "unused_decisions": [list(order) for order in self.unused_decisions],
        }


@dataclass(frozen=True)
class Ranking:
    rows: tuple[Row, ...]
    award: Award
    rounding: Rounding

    def to_dict(self, engine: str) -> dict[str, Any]:
        """The result document."""
        return {**self._head(engine), "rows": [_row_document(row, self.rounding) for row in self.rows], "award": self.award.to_dict()}

    def canonical(self, engine: str) -> bytes:
        """The canonical bytes of `to_dict`, put together from pieces that many nominees share."""
        rows = ",".join([_row_text(row, self.rounding) for row in self.rows])
        text = f'{{"award":{written(self.award.to_dict())},{written(self._head(engine))[1:-1]},"rows":[{rows}]}}'
        return text.encode() if is_composed(text) else canonical(self.to_dict(engine))

    def _head(self, engine: str) -> dict[str, Any]:
        return {"format": FORMAT, "engine": engine}


@dataclass(frozen=True)
class Block:
    """Nominees that share a rank: one, or an unresolved tie. `decided_by` is what separated them from their equals."""

    ids: tuple[str, ...]
    decided_by: str | None = None


@dataclass
class _Ties:
    """What splitting the ties of one contest needs and notes."""

    attributes: Mapping[str, Mapping[str, int | None]]
    scores: Mapping[str, Score]
    chain: Sequence[TieStep]
    rounding: Rounding
    decisions: Mapping[frozenset[str], tuple[str, ...]]
    used: set[frozenset[str]] = field(default_factory=set)
    unknown: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def split(self, ids: Sequence[str], step: int = 0, reached_by: str | None = None) -> list[Block]:
        """The group in blocks, best first."""
        if len(ids) == 1:
            return [Block(tuple(ids), reached_by)]
        if step == len(self.chain):
            return self._decide(ids)
        rule = self.chain[step]
        keys = {who: self._key(rule, who) for who in ids}
        if any(key is None for key in keys.values()):
            for who in (who for who, key in keys.items() if key is None):
                self.unknown[who].add(rule.code)
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
            value = self.attributes[who].get(rule.code)
            return None if value is None else Fraction(value)
        found = self.scores[who]
        if rule.by == "component":
            return next(part.official for part in found.components if part.code == rule.code)
        exact = next(part.points for part in found.criteria if part.code == rule.code)
        return None if exact is None else rounded(exact, self.rounding.decimals, self.rounding.mode)


def rank(contest: Contest) -> Ranking:
    """Score, order and award one contest (SCORING, "Ranking"; SI PETRUK 2024 for the tie chain and the three winners).

    One component a of two criteria, marked by one assessor. Ties are split by the points on x, then by the length of
    service in days.

    >>> from sipetruk.rules import definition as d
    >>> from sipetruk.rules.contest import Nominee
    >>> from sipetruk.rules.scales import Points
    >>> from sipetruk.rules.weighing import Mark
    >>> criteria = tuple(d.Criterion(code, code, Points(max=Fraction(50), step=Fraction(1)), d.Source()) for code in "xy")
    >>> chain = (TieStep("criterion", "x"), TieStep("attribute", "length_of_service_days"))
    >>> policy = d.Policy(min_assessors=1, tie_chain=chain)
    >>> instrument = d.Definition("", policy=policy, components=(d.Component("a", "A", criteria=criteria),))
    >>> def ranked(people, winners=3, quota=None, decisions=()):
    ...     nominees = [
    ...         Nominee(who, unit, {"x": (Mark("a1", "scored", x),), "y": (Mark("a1", "scored", y),)}, {}, {"length_of_service_days": days})
    ...         for who, unit, x, y, days in people
    ...     ]
    ...     return rank(Contest("uji", 1, "", instrument, "teladan", winners, quota, ("a1",), tuple(nominees), tuple(decisions)))

    Ani has 85, the others 80. Budi is higher on x; Citra served longer than Dedi and Eka, whom nothing separates: both
    are fourth, and the sixth place comes after them.

    >>> people = [("Ani", "u1", "45", "40", 900), ("Budi", "u1", "42", "38", 100), ("Citra", "u2", "40", "40", 800)]
    >>> people += [("Dedi", "u3", "40", "40", 700), ("Eka", "u4", "40", "40", 700), ("Fitri", "u5", "40", "39", 999)]
    >>> [(row.id, row.rank, row.tie_group, row.decided_by) for row in ranked(people).rows]  # doctest: +NORMALIZE_WHITESPACE
    [('Ani', 1, None, None), ('Budi', 2, 2, 'criterion:x'), ('Citra', 3, 2, 'attribute:length_of_service_days'),
     ('Dedi', 4, 2, 'unresolved'), ('Eka', 4, 2, 'unresolved'), ('Fitri', 6, None, None)]

    `winners` are taken in rank order. The open tie below the third place harms nobody; across the last place it blocks,
    until the committee decides in writing.

    >>> ranked(people).award.winners, ranked(people).award.unresolved
    (('Ani', 'Budi', 'Citra'), (('Dedi', 'Eka'),))
    >>> four = ranked(people, winners=4)
    >>> four.award.winners, four.award.blocked
    ((), ({'code': 'TIE_ACROSS_LAST_AWARD', 'ids': ['Dedi', 'Eka'], 'places': 1},))
    >>> ranked(people, winners=4, decisions=[Decision(("Eka", "Dedi"), "Rapat tim.")]).award.winners
    ('Ani', 'Budi', 'Citra', 'Eka')

    The quota per unit passes over who comes after as many winners of the same unit, and says so.

    >>> one_each = ranked(people, winners=2, quota=1)
    >>> one_each.award.winners, one_each.award.passed_over
    (('Ani', 'Citra'), (('Budi', {'code': 'UNIT_QUOTA_FULL', 'unit': 'u1', 'quota': 1}),))
    """
    nominees = {nominee.id: nominee for nominee in contest.nominees}
    scorer = Scorer(contest.definition)
    scores = {who: scorer.score(nominee.marks, nominee.values) for who, nominee in nominees.items()}
    attributes = {who: nominee.attributes for who, nominee in nominees.items()}
    order = place(contest.definition.policy, scores, attributes, contest.decisions)
    incomplete = [row.id for row in order.rows if row.status == INCOMPLETE]
    unit_of = {nominee.id: nominee.unit for nominee in contest.nominees}
    given = award(order.blocks, unit_of, contest.winners, contest.quota_per_unit, incomplete, order.unused)
    return Ranking(order.rows, given, contest.definition.policy.rounding)


@dataclass(frozen=True)
class Order:
    """Everybody in the order of the result, the blocks that share a rank, best first, and the decisions that no tie asked for."""

    rows: tuple[Row, ...]
    blocks: tuple[Block, ...]
    unused: tuple[tuple[str, ...], ...]


def place(
    policy: Policy, scores: Mapping[str, Score], attributes: Mapping[str, Mapping[str, int | None]], decisions: Sequence[Decision]
) -> Order:
    """Give everybody whose score counts a place."""
    rows = {who: _unranked(who, found) for who, found in scores.items()}
    official = {who: found.official for who, found in scores.items() if rows[who].status == RANKED and found.official is not None}
    ties = _Ties(
        attributes=attributes,
        scores=scores,
        chain=policy.tie_chain,
        rounding=policy.rounding,
        decisions={frozenset(decision.order): decision.order for decision in decisions},
    )
    blocks: list[Block] = []
    first = 1
    for group in _groups_descending(official):
        split = ties.split(group)
        _place(rows, split, first, ties)
        blocks += split
        first += len(group)
    unused = tuple(sorted(decision.order for decision in decisions if frozenset(decision.order) not in ties.used))
    return Order(tuple(sorted(rows.values(), key=_row_order)), tuple(blocks), unused)


def _unranked(who: str, found: Score) -> Row:
    if found.missing:
        return Row(who, INCOMPLETE, found, reasons=found.missing, warnings=found.warnings)
    if found.below_floor:
        return Row(who, NOT_ELIGIBLE, found, reasons=found.below_floor, warnings=found.warnings)
    return Row(who, RANKED, found, warnings=found.warnings)


def _groups_descending(values: Mapping[str, Fraction]) -> list[list[str]]:
    """Those with equal values together, the highest value first."""
    ordered = sorted(values)
    numerators, _ = over_one_denominator(values[who] for who in ordered)
    groups: dict[int, list[str]] = {}
    for who, value in zip(ordered, numerators, strict=True):
        groups.setdefault(value, []).append(who)
    return [groups[value] for value in sorted(groups, reverse=True)]


def _place(rows: dict[str, Row], blocks: Sequence[Block], first: int, ties: _Ties) -> None:
    """Give ranks to one group of equal printed scores that begins at rank `first`.

    Warns where a nominee's place differs from the exact order, and where an attribute that should decide is unknown.
    """
    if len(blocks) == 1 and len(blocks[0].ids) == 1:
        who = blocks[0].ids[0]
        rows[who] = Row(who, RANKED, rows[who].score, rank=first, warnings=rows[who].warnings)
        return
    differing = set(_out_of_exact_order(ties.scores, blocks))
    at = first
    for block in blocks:
        for who in block.ids:
            notes: list[Reason] = [{"code": "EXACT_ORDER_DIFFERS"}] if who in differing else []
            notes += [{"code": "ATTRIBUTE_UNKNOWN", "attribute": code} for code in sorted(ties.unknown.get(who, ()))]
            row = rows[who]
            warnings = (*row.warnings, *notes) if notes else row.warnings
            rows[who] = Row(who, RANKED, row.score, rank=at, tie_group=first, decided_by=block.decided_by, warnings=warnings)
        at += len(block.ids)


def _out_of_exact_order(scores: Mapping[str, Score], blocks: Sequence[Block]) -> Iterator[str]:
    """Those of a tie whose exact total is higher than that of somebody placed not lower, or lower than that of somebody not higher."""
    ids = [who for block in blocks for who in block.ids]
    numerators, _ = over_one_denominator(scores[who].total or Fraction(0) for who in ids)
    totals = dict(zip(ids, numerators, strict=True))
    lowest_so_far = list(accumulate((min(totals[who] for who in block.ids) for block in blocks), min))
    highest_from_here = list(accumulate((max(totals[who] for who in block.ids) for block in reversed(blocks)), max))[::-1]
    for block, lowest, highest in zip(blocks, lowest_so_far, highest_from_here, strict=True):
        yield from (who for who in block.ids if lowest < totals[who] or totals[who] < highest)


def _row_order(row: Row) -> tuple[bool, int, str]:
    return row.rank is None, row.rank or 0, row.id


def award(
    blocks: Sequence[Block],
    unit_of: Mapping[str, str],
    most: int,
    quota: int | None,
    incomplete: Sequence[str],
    unused: tuple[tuple[str, ...], ...],
) -> Award:
    """Hand out at most `most` awards in rank order, within the quota of each unit; without a quota nobody asks for units."""
    unresolved = tuple(block.ids for block in blocks if len(block.ids) > 1)
    blocked: list[Reason] = [{"code": "INCOMPLETE_NOMINEE", "id": who} for who in incomplete]
    winners: list[str] = []
    taken: Counter[str] = Counter()
    passed_over: list[tuple[str, Reason]] = []
    for block in blocks:
        places = most - len(winners)
        if places <= 0:
            break
        full = [who for who in block.ids if quota is not None and taken[unit_of[who]] >= quota]
        open_to = [who for who in block.ids if quota is None or taken[unit_of[who]] < quota]
        if len(open_to) > places:
            blocked.append({"code": "TIE_ACROSS_LAST_AWARD", "ids": list(block.ids), "places": places})
            break
        taken.update(unit_of[who] for who in open_to if quota is not None)
        if quota is not None and any(taken[unit_of[who]] > quota for who in open_to):
            blocked.append({"code": "TIE_ACROSS_QUOTA", "ids": list(block.ids), "quota": quota})
            break
        passed_over += [(who, {"code": "UNIT_QUOTA_FULL", "unit": unit_of[who], "quota": quota}) for who in full]
        winners += open_to
    if blocked:
        return Award((), (), unresolved, tuple(blocked), unused)
    return Award(tuple(winners), tuple(passed_over), unresolved, (), unused)


def _row_document(row: Row, rounding: Rounding) -> dict[str, Any]:
    parts = {"components": [part.document for part in row.score.components], "criteria": _criterion_documents(row.score)}
    return {**_row_frame(row, rounding), **parts, "warnings": list(row.warnings)}


def _row_frame(row: Row, rounding: Rounding) -> dict[str, Any]:
    """The line up to its components."""
    found = row.score
    return {
        "id": row.id,
        "status": row.status,
        "reasons": list(row.reasons),
        "exact": _exact(found.total),
        "score": _shown(found.total, rounding),
        "rank": row.rank,
        "tie_group": row.tie_group,
        "decided_by": row.decided_by,
    }


def _row_text(row: Row, rounding: Rounding) -> str:
    """The line as JSON with sorted keys; shown contributions are digits, so they need no escapes."""
    found = row.score
    if found.total is None:
        criteria = written(_criterion_documents(found))
    else:
        criteria = f'[{",".join([f"""{part.text}"{shown}"}}""" for part, shown in zip(found.criteria, found.shown, strict=True)])}]'
    components = ",".join([part.text for part in found.components])
    rest = written({**_row_frame(row, rounding), "warnings": row.warnings})
    return f'{{"components":[{components}],"criteria":{criteria},{rest[1:]}'


def _criterion_documents(found: Score) -> list[dict[str, Any]]:
    """Contributions are only stated where there is a total that they add up to."""
    if found.total is None:
        return [{**part.document, "contribution": None} for part in found.criteria]
    return [{**part.document, "shown_contribution": shown} for part, shown in zip(found.criteria, found.shown, strict=True)]


def _exact(value: Fraction | None) -> str | None:
    return None if value is None else ratio_text(value)


def _shown(value: Fraction | None, rounding: Rounding) -> str | None:
    return None if value is None else printed(value, rounding.decimals, rounding.mode)
