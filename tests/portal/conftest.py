"""The portal's tests run on SQLite; the operations behind its pages are tested on both engines."""

from __future__ import annotations

import pytest


@pytest.fixture
def engine() -> str:
    return "sqlite"
