"""The starter instruments in `admin/instruments`: TOML files that become the first draft of a new instrument."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from sipetruk.errors import NotFound
from sipetruk.windows import window


def starters() -> list[tuple[str, str]]:
    """Name of the file without its ending, and the title in it, newest round first."""
    return sorted(((name, str(_document(name).get("title", name))) for name in _paths()), reverse=True)


def starter(name: str) -> dict[str, Any]:
    """The definition of one starter."""
    return {key: value for key, value in _document(name).items() if key != "examples"}


def starter_examples(name: str) -> list[dict[str, Any]]:
    """The made-up nominees of one starter, with what is expected of them."""
    return list(_document(name).get("examples", ()))


def _document(name: str) -> dict[str, Any]:
    path = _paths().get(name)
    if path is None:
        raise NotFound("Instrumen awal ini tidak ada.")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _paths() -> dict[str, Path]:
    return {path.stem: path for path in (window("admin") / "instruments").glob("*.toml")}
