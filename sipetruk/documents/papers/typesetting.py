"""Typst makes a PDF from one of our own pages and values: equal values give equal bytes, and nothing in a value is ever markup."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

_FOLDER = Path(__file__).parent
_FONTS = typst.Fonts(include_system_fonts=False)
"""Only what the wheel brings: the same letters on every machine."""


def pdf(page: str, values: Mapping[str, Any], *, made_at: datetime) -> bytes:
    """The page `{page}.typ` filled with values, which it reads as JSON; the moment is written into the PDF as that of its making."""
    source = "\n".join((_FOLDER / f"{name}.typ").read_text(encoding="utf-8") for name in ("parts", page))
    made = typst.compile(
        source.encode(),
        font_paths=_FONTS,
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"values": json.dumps(values)},
        timestamp=int(made_at.timestamp()),
    )
    return bytes(made)


def clean(value: Any) -> Any:
    """The value without what cannot be seen: a control or a turn of the direction of writing would move what stands beside it."""
    if isinstance(value, str):
        return " ".join("".join(letter for letter in value if letter.isprintable() or letter.isspace()).split())
    if isinstance(value, Mapping):
        return {key: clean(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [clean(part) for part in value]
    return value
