"""Instruments out of and into files."""

from __future__ import annotations

from sipetruk.panel.instruments.base import InstrumentBase


class FilePages(InstrumentBase):
    """Instruments out of and into files."""
