"""Contenders take turns, so that whatever else the machine does meets all of them alike; medians, and what they make of each other."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass
class Times:
    """Milliseconds of each turn: as a clock sees them, and of computing alone."""

    passed: list[float] = field(default_factory=list)
    computed: list[float] = field(default_factory=list)

    @property
    def wall(self) -> float:
        return statistics.median(self.passed)

    @property
    def cpu(self) -> float:
        return statistics.median(self.computed)


def turns(
    contenders: Mapping[str, Callable[[], object]],
    rounds: int,
    *,
    acts: int = 1,
    computing: Callable[[str], float] = lambda _: time.process_time(),
) -> dict[str, Times]:
    """The times of each contender, per act; `computing` gives the seconds that the one who works for it has computed."""
    found = {name: Times() for name in contenders}
    for act in contenders.values():
        for _ in range(3):
            act()
    gc.collect()
    gc.freeze()
    for _ in range(rounds):
        for name, act in contenders.items():
            computed, begun = computing(name), time.perf_counter()
            act()
            found[name].passed.append((time.perf_counter() - begun) * 1000 / acts)
            found[name].computed.append((computing(name) - computed) * 1000 / acts)
    return found


def table(found: Mapping[str, Times]) -> None:
    print(f"  {'':<28}{'median ms':>11}{'CPU ms':>10}")
    for name, times in found.items():
        print(f"  {name:<28}{times.wall:>11.3f}{times.cpu:>10.3f}")


def ratio(name: str, wall: float, cpu: float, *, judged: str, least: float = 0.0, most: float = 0.0) -> None:
    """Print what came out, and whether what is `judged` ("wall" or "CPU") reaches its aim."""
    value = wall if judged == "wall" else cpu
    aim = f"{judged} at least {least}" if least else f"{judged} at most {most}"
    missed = value < least if least else value > most
    print(f"  {name:<40}{wall:>7.2f}x {cpu:>7.2f}x   ({aim}){'  MISSED' if missed else ''}")


def of(found: Mapping[str, Times], slow: str, quick: str) -> tuple[float, float]:
    """How many times as long the one takes as the other."""
    return found[slow].wall / found[quick].wall, found[slow].cpu / found[quick].cpu


def expect(what: str, *, holds: bool) -> None:
    if not holds:
        raise SystemExit(f"Not so: {what}.")
