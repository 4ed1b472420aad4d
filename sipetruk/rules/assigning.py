"""Who assesses whom: complete panels for every nominee, the load balanced, conflicts avoided; equal input, equal plan."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Unmet:
    """A nominee for whom the panel cannot be made complete: `found` of `wanted` assessors are free to assess."""

    nominee: int
    found: int
    wanted: int


@dataclass(frozen=True)
class Plan:
    """Assessors by nominee, each in order of number; `unmet` names every nominee whose panel stays incomplete."""

    panels: Mapping[int, tuple[int, ...]]
    unmet: tuple[Unmet, ...]

    def load(self) -> dict[int, int]:
        """How many nominees each assessor of the plan gets."""
        counted: dict[int, int] = {}
        for panel in self.panels.values():
            for assessor in panel:
                counted[assessor] = counted.get(assessor, 0) + 1
        return counted

    def document(self) -> dict[str, list[int]]:
        """The plan as JSON, the same for equal plans."""
        return {str(nominee): list(panel) for nominee, panel in sorted(self.panels.items())}


def assign(
    nominees: Iterable[int],
    assessors: Iterable[int],
    barred: Mapping[int, Iterable[int]],
    size: int,
    *,
    load: Mapping[int, int] | None = None,
    kept: Mapping[int, Iterable[int]] | None = None,
) -> Plan:
    """Give every nominee `size` assessors, none of whom is `barred` from the nominee, so that the work is spread evenly.

    `load` is what assessors have to do elsewhere; `kept` are pairs that stay, unless they are barred. No other plan
    spreads the work more evenly: nobody could hand a nominee on, directly or along a chain, to somebody who has at
    least two fewer.

    >>> assign([1, 2, 3], [7, 8, 9], {1: [7]}, 2).panels
    {1: (8, 9), 2: (7, 8), 3: (7, 9)}
    >>> assign([1], [7, 8], {1: [7]}, 2).unmet
    (Unmet(nominee=1, found=1, wanted=2),)
    """
    people = sorted(set(assessors))
    free = {nominee: [each for each in people if each not in set(barred.get(nominee, ()))] for nominee in sorted(set(nominees))}
    fixed = {nominee: set(free[nominee]) & set((kept or {}).get(nominee, ())) for nominee in free}
    work = {each: (load or {}).get(each, 0) for each in people}
    panels: dict[int, set[int]] = {nominee: set(stay) for nominee, stay in fixed.items()}
    for stay in fixed.values():
        for each in stay:
            work[each] += 1
    for nominee in sorted(free, key=lambda each: (len(free[each]), each)):  # those with the least choice first
        for _ in range(size - len(panels[nominee])):
            open_ = [each for each in free[nominee] if each not in panels[nominee]]
            if not open_:
                break
            chosen = min(open_, key=lambda each: (work[each], each))
            panels[nominee].add(chosen)
            work[chosen] += 1
    _even_out(panels, free, fixed, work)
    unmet = tuple(Unmet(nominee, len(panel), size) for nominee, panel in sorted(panels.items()) if len(panel) < size)
    return Plan({nominee: tuple(sorted(panel)) for nominee, panel in sorted(panels.items())}, unmet)


def one_panel(
    nominees: Iterable[int],
    assessors: Iterable[int],
    barred: Mapping[int, Iterable[int]],
    size: int,
    *,
    load: Mapping[int, int] | None = None,
) -> Plan:
    """The same `size` assessors for every nominee: those with the fewest conflicts, then the least to do, then by number.

    >>> assign_all = one_panel([1, 2], [7, 8, 9], {1: [7]}, 2)
    >>> assign_all.panels, assign_all.unmet
    ({1: (8, 9), 2: (8, 9)}, ())
    """
    wanted = sorted(set(nominees))
    people = sorted(set(assessors))
    shut = {nominee: set(barred.get(nominee, ())) for nominee in wanted}
    conflicts = {each: sum(each in shut[nominee] for nominee in wanted) for each in people}
    chosen = sorted(people, key=lambda each: (conflicts[each], (load or {}).get(each, 0), each))[:size]
    panels = {nominee: tuple(sorted(set(chosen) - shut[nominee])) for nominee in wanted}
    unmet = tuple(Unmet(nominee, len(panel), size) for nominee, panel in panels.items() if len(panel) < size)
    return Plan(panels, unmet)


def _even_out(
    panels: Mapping[int, set[int]],
    free: Mapping[int, Sequence[int]],
    fixed: Mapping[int, set[int]],
    work: dict[int, int],
) -> None:
    """Hand nominees on along chains from who has more to who has at least two fewer, until there is no such chain."""
    while chain := _chain(panels, free, fixed, work):
        for nominee, giver, taker in chain:
            panels[nominee].remove(giver)
            panels[nominee].add(taker)
        work[chain[0][1]] -= 1
        work[chain[-1][2]] += 1


def _chain(
    panels: Mapping[int, set[int]], free: Mapping[int, Sequence[int]], fixed: Mapping[int, set[int]], work: Mapping[int, int]
) -> list[tuple[int, int, int]]:
    """Steps (nominee, giver, taker) from somebody with more to somebody with at least two fewer; empty when there are none."""
    for start in sorted(work, key=lambda each: (-work[each], each)):
        came: dict[int, tuple[int, int]] = {}  # taker -> (nominee, giver)
        queue = deque([start])
        while queue:
            giver = queue.popleft()
            for nominee, panel in panels.items():
                if giver not in panel or giver in fixed[nominee]:
                    continue
                for taker in free[nominee]:
                    if taker in panel or taker == start or taker in came:
                        continue
                    came[taker] = nominee, giver
                    if work[taker] <= work[start] - 2:
                        return _steps(came, start, taker)
                    queue.append(taker)
    return []


def _steps(came: Mapping[int, tuple[int, int]], start: int, end: int) -> list[tuple[int, int, int]]:
    steps = []
    taker = end
    while taker != start:
        nominee, giver = came[taker]
        steps.append((nominee, giver, taker))
        taker = giver
    return steps[::-1]
