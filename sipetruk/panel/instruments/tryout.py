"""Trying an instrument on made-up nominees, which stay with the version as its examples."""

from __future__ import annotations

from sipetruk.panel.instruments.base import InstrumentBase


class TryoutPages(InstrumentBase):
    """Trying an instrument on made-up nominees, which stay with the version as its examples."""
