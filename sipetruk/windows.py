"""Where the window folders and config.py lie: in the checkout, or inside the installed wheel."""

from __future__ import annotations

import runpy
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from config import Settings

PACKAGE = Path(__file__).resolve().parent


@cache
def root() -> Path:
    """The folder that holds `admin/`, `graphql/`, `static/` and `config.py`.

    The checkout comes first: an editable install keeps stale copies under `_windows`.
    """
    checkout = PACKAGE.parent
    if (checkout / "config.py").is_file() and (checkout / "pyproject.toml").is_file():
        return checkout
    return PACKAGE / "_windows"


def window(name: str) -> Path:
    """The folder that people and machines see: `admin`, `graphql` or `static`."""
    return root() / name


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Execute config.py and read the settings, from `environ` when given, else from the environment."""
    settings: Settings = runpy.run_path(str(root() / "config.py"))["read"](environ)
    return settings


def described_settings(settings: Settings) -> list[tuple[str, str, str]]:
    """Name, value and meaning of the settings of config.py, without secrets."""
    described: list[tuple[str, str, str]] = runpy.run_path(str(root() / "config.py"))["shown"](settings)
    return described
