"""What the official ranking would be without one assessor, or without one nominee. Never official.

The official code ranks a contest from which somebody was taken out; the ranking that stands is not touched.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, replace

from sipetruk.rules.analysis.outcome import NotComputable
from sipetruk.rules.contest import Contest, Decision, Nominee
from sipetruk.rules.ranking import INCOMPLETE, Award, Ranking, rank

NOBODY_PLACED = NotComputable("tidak ada calon yang berperingkat")


@dataclass(frozen=True)
class LeftOut:
    """The ranking without one assessor or nominee. Never official.

    `ranks` maps the remaining nominees to their place (None without one); `first` and `winners` are who is first and who is
    awarded. `first_changes`: the best of the remaining nominees is no longer the best. `winners_change`: another winner than
    the one taken out loses the award, or somebody gains it though no winner left; None where the award of either ranking is
    blocked. `moved`: those whose place changes by more than the closed gap. `lowered_to`: without an assessor one mark less is
    asked for than the instrument demands, else nobody would have a place. `failure` says why the two rankings cannot be
    compared.
    """

    removed: str
    ranks: Mapping[str, int | None]
    first: tuple[str, ...]
    winners: tuple[str, ...]
    first_changes: bool
    winners_change: bool | None
    moved: tuple[str, ...]
    lowered_to: int | None = None
    failure: NotComputable | None = None


def without_each_assessor(contest: Contest, stands: Ranking) -> tuple[LeftOut, ...]:
    """One ranking for every member of the panel taken out, in the order of the panel."""
    needed = max(1, contest.definition.policy.min_assessors - 1)
    return tuple(_compare(who, rank(without_assessor(contest, who)), stands, needed) for who in contest.panel)


def without_each_nominee(contest: Contest, stands: Ranking) -> tuple[LeftOut, ...]:
    """One ranking for every nominee taken out, in the order of the inputs.

    Scores do not depend on who else takes part. So who shares a printed score with nobody and was no candidate for an award
    only leaves a gap, which is closed; everybody else's absence is ranked anew.
    """
    award = stands.award
    involved = {*award.winners, *(who for who, _ in award.passed_over), *(row.id for row in stands.rows if row.tie_group is not None)}
    everybody = {row.id: row.rank for row in stands.rows}
    return tuple(
        _compare(who, rank(without_nominee(contest, who)), stands) if who in involved else _gap_closed(who, everybody, award)
        for who in (nominee.id for nominee in contest.nominees)
    )


def without_assessor(contest: Contest, who: str) -> Contest:
    """The contest without one assessor's marks, who is no longer on the panel; one mark less is needed. Unknown: the same contest."""
    if who not in contest.panel:
        return contest
    policy = contest.definition.policy
    lowered = replace(policy, min_assessors=max(1, policy.min_assessors - 1))
    return replace(
        contest,
        definition=replace(contest.definition, policy=lowered),
        panel=tuple(member for member in contest.panel if member != who),
        nominees=tuple(_without_marks(nominee, who) for nominee in contest.nominees),
    )


def without_nominee(contest: Contest, who: str) -> Contest:
    """The contest without one nominee, who leaves the committee's decisions as well. Unknown: the same contest."""
    shortened = [(decision, tuple(each for each in decision.order if each != who)) for decision in contest.decisions]
    return replace(
        contest,
        nominees=tuple(nominee for nominee in contest.nominees if nominee.id != who),
        decisions=tuple(Decision(order, decision.reason) for decision, order in shortened if len(order) > 1),
    )


def _without_marks(nominee: Nominee, who: str) -> Nominee:
    marks = {code: tuple(mark for mark in given if mark.assessor != who) for code, given in nominee.marks.items()}
    return replace(nominee, marks=marks)


def _gap_closed(removed: str, everybody: Mapping[str, int | None], award: Award) -> LeftOut:
    gap = everybody[removed]
    ranks = {
        who: place - 1 if place is not None and gap is not None and place > gap else place
        for who, place in everybody.items()
        if who != removed
    }
    return LeftOut(
        removed=removed,
        ranks=ranks,
        first=_first(ranks),
        winners=award.winners,
        first_changes=False,
        winners_change=None if award.blocked else False,
        moved=(),
        failure=None if any(ranks.values()) else NOBODY_PLACED,
    )


def _compare(removed: str, ranking: Ranking, stands: Ranking, lowered_to: int | None = None) -> LeftOut:
    ranks = {row.id: row.rank for row in ranking.rows}
    before = {row.id: row.rank for row in stands.rows if row.id in ranks}
    first = _first(ranks)
    return LeftOut(
        removed=removed,
        ranks=ranks,
        first=first,
        winners=ranking.award.winners,
        first_changes=first != _first(before),
        winners_change=_winners_change(removed, stands.award, ranking.award),
        moved=_moved(before, ranks),
        lowered_to=lowered_to,
        failure=_failure(before, ranking),
    )


def _first(ranks: Mapping[str, int | None]) -> tuple[str, ...]:
    best = min((place for place in ranks.values() if place is not None), default=None)
    return tuple(sorted(who for who, place in ranks.items() if place is not None and place == best))


def _winners_change(removed: str, before: Award, after: Award) -> bool | None:
    if before.blocked or after.blocked:
        return None
    remaining = set(before.winners) - {removed}
    return not remaining <= set(after.winners) if removed in before.winners else remaining != set(after.winners)


def _moved(before: Mapping[str, int | None], after: Mapping[str, int | None]) -> tuple[str, ...]:
    """Those whose place among the same nominees differs."""
    old, new = _closed(before), _closed(after)
    return tuple(sorted(who for who in after if old[who] != new[who]))


def _closed(ranks: Mapping[str, int | None]) -> dict[str, int | None]:
    """The places of these nominees alone: 1 + the number of better ones."""
    sorted_places = sorted(place for place in ranks.values() if place is not None)
    return {who: None if place is None else bisect_left(sorted_places, place) for who, place in ranks.items()}


def _failure(before: Mapping[str, int | None], ranking: Ranking) -> NotComputable | None:
    lost = [row.id for row in ranking.rows if row.status == INCOMPLETE and before[row.id] is not None]
    if lost:
        return NotComputable(f"nilai yang tersisa terlalu sedikit untuk {len(lost)} calon")
    return None if any(row.rank for row in ranking.rows) else NOBODY_PLACED
