"""Opaque global ids: what kind of thing, and which one."""

from __future__ import annotations

import base64
import binascii
import re
from functools import lru_cache

from sipetruk.errors import NotFound

_PLAIN = re.compile(r"([A-Za-z]{1,40}):([A-Za-z0-9._/-]{1,120})", re.ASCII)
_NUMBER = re.compile(r"[1-9]\d{0,8}", re.ASCII)
LONGEST = 240
KEPT = 1_024
"""Ids whose meaning is remembered: an act and what is read after it name the same things."""


def encode(kind: str, key: int | str) -> str:
    return base64.urlsafe_b64encode(f"{kind}:{key}".encode()).decode().rstrip("=")


def decode(global_id: str) -> tuple[str, str] | None:
    """(kind, key), or None for anything that we did not make."""
    return _decoded(global_id) if len(global_id) <= LONGEST and global_id.isascii() else None


@lru_cache(KEPT)
def _decoded(global_id: str) -> tuple[str, str] | None:
    try:
        text = base64.urlsafe_b64decode(global_id + "=" * (-len(global_id) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        return None
    found = _PLAIN.fullmatch(text)
    if not found or encode(found[1], found[2]) != global_id:
        return None
    return found[1], found[2]


def as_number(key: str) -> int | None:
    """The key as the number of a row, None when it is none."""
    return int(key) if _NUMBER.fullmatch(key) else None


def number(global_id: str, kind: str, what: str) -> int:
    """The number of a thing of this kind; `NotFound` as for a thing that does not exist."""
    found = decode(global_id)
    key = as_number(found[1]) if found is not None and found[0] == kind else None
    if key is None:
        raise NotFound("%(what)s tidak ditemukan.", what=what)
    return key
