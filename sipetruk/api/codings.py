"""Which form of an answer a reader takes: as it is, or packed by gzip."""

from __future__ import annotations

import gzip

LEAST_PACKED = 256
"""Shorter bodies are not worth packing."""
LEVEL = 6


def takes_gzip(accepted: str) -> bool:
    """Whether `Accept-Encoding` says that the reader takes gzip, at least as gladly as the bytes as they are."""
    wanted: dict[str, float] = {}
    for part in accepted.lower().split(","):
        coding, _, more = part.partition(";")
        wanted[coding.strip()] = _quality(more)
    quality = wanted.get("gzip", wanted.get("*", 0.0))
    return quality > 0 and quality >= wanted.get("identity", 0.0)


def _quality(parameters: str) -> float:
    name, _, value = parameters.partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0


def packed(body: bytes) -> bytes | None:
    """The body packed, the same bytes each time; None where it is not worth it."""
    return gzip.compress(body, LEVEL, mtime=0) if len(body) >= LEAST_PACKED else None
