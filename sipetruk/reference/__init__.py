"""The code tables of BKN's SIASN (echelons, grades, kinds of positions, legal status), as they are packaged."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources


@cache
def siasn_codes() -> dict[str, tuple[tuple[str, str, str], ...]]:
    """Each table by its name, as rows of code, name and a second word."""
    text = resources.files("sipetruk.reference").joinpath("siasn_codes.json").read_text(encoding="utf-8")
    return {kind: tuple((code, name, extra) for code, name, extra in rows) for kind, rows in json.loads(text)["tables"].items()}
