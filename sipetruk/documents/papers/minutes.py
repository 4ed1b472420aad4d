"""Minutes of a final ranking (berita acara) and the recap of its scores, as they were sealed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sipetruk.documents.papers.letterhead import Letterhead, Signature
from sipetruk.documents.papers.typesetting import clean, pdf
from sipetruk.rules.dates import day_in_words
from sipetruk.rules.exact import format_number, fraction
from sipetruk.rules.moments import moment_text


@dataclass(frozen=True)
class Contest:
    """What was ranked, by which instrument; `number` is that of the computation."""

    category: str
    period: str
    instrument: str
    instrument_number: int
    instrument_sha256: str
    number: int


@dataclass(frozen=True)
class Ranked:
    """A nominee with a place; scores as the result prints them ("82.67"), `parts` in the order of `Minutes.parts`."""

    rank: int
    number: str
    name: str
    unit: str
    score: str
    parts: tuple[str | None, ...]
    is_tied: bool
    decided_by: str
    is_proposed: bool


@dataclass(frozen=True)
class Unranked:
    """A nominee without a place, and why."""

    number: str
    name: str
    unit: str
    score: str | None
    reason: str


@dataclass(frozen=True)
class Decision:
    """The written order of equals, best first."""

    names: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class Member:
    """An assessor of the panel, and from how many nominees this one stepped back.

    `signs` is False for whose marks the ranking counts none: replaced, let go, or stepped back from every nominee.
    """

    name: str
    recused: int
    signs: bool = True


@dataclass(frozen=True)
class Seal:
    engine: str
    input_sha256: str
    result_sha256: str
    computed_at: datetime
    finalised_at: datetime


@dataclass(frozen=True)
class Minutes:
    """All that the minutes say; `parts` are the components of the instrument.

    `passed_over` are (name, reason) of who would have won but for a rule; `goes_on` says in which interview the winners are
    found instead; `is_superseded` that another final ranking took the place of this one.
    """

    letterhead: Letterhead
    contest: Contest
    parts: tuple[str, ...]
    ranked: tuple[Ranked, ...]
    unranked: tuple[Unranked, ...]
    decisions: tuple[Decision, ...]
    passed_over: tuple[tuple[str, str], ...]
    goes_on: str
    members: tuple[Member, ...]
    seal: Seal
    signature: Signature
    is_superseded: bool


def minutes_pdf(minutes: Minutes) -> bytes:
    """The minutes on F4, upright."""
    return _paper("minutes", minutes)


def recap_pdf(minutes: Minutes) -> bytes:
    """The scores of every component beside the total, on F4, lengthwise."""
    return _paper("recap", minutes)


def _paper(page: str, minutes: Minutes) -> bytes:
    contest, seal, on = minutes.contest, minutes.seal, minutes.signature.on
    scores: list[str | None] = [row.score for row in minutes.ranked]
    totals = _column(scores + [row.score for row in minutes.unranked])
    columns = [_column(row.parts[at] for row in minutes.ranked) for at in range(len(minutes.parts))]
    rows = [{**asdict(row), "score": totals[at], "parts": [column[at] for column in columns]} for at, row in enumerate(minutes.ranked)]
    values: dict[str, Any] = {
        "letterhead": minutes.letterhead.told(),
        "contest": asdict(contest),
        "parts": minutes.parts,
        "day": f"{day_in_words(on)} ({on:%d-%m-%Y})",
        "place": minutes.signature.place,
        "ranked": rows,
        "unranked": [{**asdict(row), "score": total} for row, total in zip(minutes.unranked, totals[len(minutes.ranked) :], strict=True)],
        "decisions": [asdict(decision) for decision in minutes.decisions],
        "passed_over": minutes.passed_over,
        "goes_on": minutes.goes_on,
        "members": [asdict(member) for member in minutes.members],
        "seal": {
            **asdict(seal),
            "computed_at": moment_text(seal.computed_at),
            "finalised_at": moment_text(seal.finalised_at),
        },
        "signature": minutes.signature.told(with_nip=True),
        "is_superseded": minutes.is_superseded,
    }
    return pdf(page, clean(values), made_at=seal.finalised_at)


def _column(texts: Iterable[str | None]) -> list[str]:
    """Printed scores of one column with a decimal comma and equally many decimals."""
    given = list(texts)
    decimals = max((len(text.partition(".")[2]) for text in given if text), default=0)
    return ["–" if text is None else format_number(fraction(text), decimals) for text in given]
