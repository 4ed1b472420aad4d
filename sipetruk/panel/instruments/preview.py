"""How a version looks to those who will use it: the unit, an assessor, the public."""

from __future__ import annotations

from sipetruk.panel.instruments.base import InstrumentBase


class PreviewPages(InstrumentBase):
    """How a version looks to those who will use it: the unit, an assessor, the public."""
