"""Codes that a name suggests: what people see in an address or a file name."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 60


def suggest_code(name: str) -> str:
    """Small letters, digits and hyphens of a name; empty when nothing of it can be kept.

    >>> suggest_code("ASN Berprestasi Balangan 2026")
    'asn-berprestasi-balangan-2026'
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.findall("[a-z0-9]+", plain)
    code = ""
    for word in words:
        longer = f"{code}-{word}" if code else word[:LONGEST]
        if len(longer) > LONGEST:
            break
        code = longer
    return code
