"""The check of any file that SI PETRUK hands out: a sealed ranking is recomputed, a publication is examined in itself."""

from __future__ import annotations

import json
from dataclasses import dataclass

from sipetruk.rules import announcement, seal

_MOST_DIFFERENCES = 10
_RANKING, _PUBLICATION = "pemeringkatan", "pengumuman"


@dataclass(frozen=True)
class Check:
    """What a check found. `kind` names the file in Indonesian, "" where it is none of ours; `sha256` closes an equal one."""

    kind: str
    equal: bool
    differences: tuple[str, ...]
    sha256: str = ""


def check(stated: object) -> Check:
    """Check a parsed JSON value; any value gets an answer, the first differences come first."""
    if isinstance(stated, dict) and stated.get("format") == announcement.FORMAT:
        wrong = announcement.differences(stated)
        return Check(_PUBLICATION, not wrong, tuple(wrong[:_MOST_DIFFERENCES]), "" if wrong else str(stated[announcement.HASH]))
    verdict = seal.verify(stated)
    is_ours = isinstance(stated, dict) and stated.get("format") == seal.FORMAT
    found = str(stated["result_sha256"]) if verdict.equal and isinstance(stated, dict) else ""
    return Check(_RANKING if is_ours else "", verdict.equal, tuple(verdict.differences), found)


def check_bytes(content: bytes) -> Check:
    """Check the bytes of a file."""
    try:
        stated = json.loads(content)
    except (ValueError, RecursionError):
        return Check("", equal=False, differences=("Berkas ini bukan JSON yang dapat dibaca.",))
    return check(stated)
