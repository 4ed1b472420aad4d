"""Blind assessment: what a nominee is called where nobody may know who it is, and texts without what would tell.

A nominee's code is made from the number of the nomination alone: it stays the same for ever, two nominations never share
one, and neither the order of entry nor the work unit can be read from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
"""Without vowels, so that no word comes out."""
HIDDEN = "[disamarkan]"
"""What stands in place of a text that would tell."""
HIDDEN_LINK = "[tautan disamarkan]"
_LENGTH = 5
_ROOM = len(LETTERS) ** _LENGTH
_STEP, _START = 1_954_321, 815_002
_SHORTEST = 3


def code(nomination_id: int) -> str:
    """The code of a nominee: five letters, more only after 3.2 million nominations.

    >>> code(1), code(2)
    ('FJFJW', 'GDMNM')
    """
    rest, lap = (nomination_id * _STEP + _START) % _ROOM, nomination_id // _ROOM
    found = ""
    for _ in range(_LENGTH):
        rest, at = divmod(rest, len(LETTERS))
        found += LETTERS[at]
    return found if not lap else f"{found}{lap}"


def called(nomination_id: int) -> str:
    """What assessors call the nominee of a nomination."""
    return f"Calon {code(nomination_id)}"


def telling(*texts: str | None) -> tuple[str, ...]:
    """What must not stay in a text: each of these as a whole, and every word of a name that is long enough to tell.

    >>> telling("Budi Santoso", "", None)
    ('Budi Santoso', 'Santoso', 'Budi')
    """
    whole = [text.strip() for text in texts if text and len(text.strip()) >= _SHORTEST]
    return tuple(dict.fromkeys(sorted([*whole, *_words(whole[:1])], key=lambda text: (-len(text), text))))


def redacted(text: str, words: Iterable[str]) -> str:
    """The text without the words, whatever their case and however many blanks stand between their parts.

    >>> redacted("Inovasi BUDI  santoso di Dishub", ("Budi Santoso",))
    'Inovasi [disamarkan] di Dishub'
    """
    patterns = [r"\s+".join(map(re.escape, word.split())) for word in words if word.split()]
    if not patterns:
        return text
    return re.sub(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)", HIDDEN, text, flags=re.IGNORECASE)


def filename(requirement: str, number: int, ending: str) -> str:
    """What a file of evidence is called: its requirement and its place, never what the unit called it.

    >>> filename("proposal", 1, "pdf")
    'proposal-1.pdf'
    """
    return f"{requirement}-{number}.{ending}"


def _words(names: Iterable[str]) -> list[str]:
    return [word for name in names for word in re.findall(r"[^\W\d_]+", name) if len(word) >= _SHORTEST + 1]
