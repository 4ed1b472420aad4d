"""Versions side by side: comparison, history, an earlier one taken up again, last round in the new draft."""

from __future__ import annotations

from sipetruk.panel.instruments.base import InstrumentBase


class VersionPages(InstrumentBase):
    """Versions side by side: comparison, history, an earlier one taken up again, last round in the new draft."""
