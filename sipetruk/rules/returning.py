"""A return is answered point by point: what a unit has to answer, and what is still open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sipetruk.errors import Problem

REASON = ""
"""The code of the point that is about no single requirement: the reason of the return itself."""
REPLY_LENGTH = 2_000
PATH = "returnItems"


@dataclass(frozen=True)
class Point:
    """What the verifier said, the unit's reply, and whether what it was about has been replaced or changed since."""

    requirement: str
    label: str
    reply: str
    is_renewed: bool

    @property
    def is_answered(self) -> bool:
        return self.is_renewed or bool(self.reply)


def to_answer(verdicts: Mapping[str, tuple[str, str]], required: Iterable[str]) -> tuple[str, ...]:
    """Which points a return has, given verdict and note by requirement: the reason, each note, each lacking obligatory file."""
    obligatory = set(required)
    return (REASON, *(code for code, (verdict, note) in verdicts.items() if note or (verdict == "absent" and code in obligatory)))


def is_renewed(seen: Iterable[str], now: Iterable[str]) -> bool:
    """Whether something lies there now that did not when the nomination was returned; taking away alone renews nothing."""
    return bool(set(now) - set(seen))


def unanswered(points: Iterable[Point]) -> list[Problem]:
    """A problem for each point that has neither a reply nor anything new."""
    return [
        Problem(
            "Jawab catatan verifikator tentang “%(label)s”, atau ganti berkasnya.", (PATH, point.requirement), params={"label": point.label}
        )
        if point.requirement
        else Problem("Jawab alasan pengembalian, atau perbaiki isi usulan.", (PATH, REASON))
        for point in points
        if not point.is_answered
    ]
