"""What a check of the system says: all is well, something is wrong and how to cure it, or it was not looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Verdict(StrEnum):
    OK = "ok"
    PROBLEM = "problem"
    SKIPPED = "skipped"


VERDICT_LABELS: dict[Verdict, str] = {Verdict.OK: "baik", Verdict.PROBLEM: "bermasalah", Verdict.SKIPPED: "tidak diperiksa"}


@dataclass(frozen=True)
class Checked:
    """One thing that was looked at; a problem comes with its cure."""

    name: str
    verdict: Verdict
    said: str
    cure: str = ""


def ok(name: str, said: str) -> Checked:
    return Checked(name, Verdict.OK, said)


def problem(name: str, said: str, cure: str) -> Checked:
    return Checked(name, Verdict.PROBLEM, said, cure)


def skipped(name: str, said: str) -> Checked:
    return Checked(name, Verdict.SKIPPED, said)


def age_words(age: timedelta) -> str:
    """`12 menit`, `5 jam`, `3 hari`."""
    minutes = max(0, age // timedelta(minutes=1))
    if minutes < 120:
        return f"{minutes} menit"
    return f"{minutes // 60} jam" if minutes < 48 * 60 else f"{minutes // 1440} hari"


def clocks_agree(here: datetime, there: datetime, most: timedelta) -> bool:
    return abs(here - there) <= most
