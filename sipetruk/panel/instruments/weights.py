"""Weights found by comparing pairs."""

from __future__ import annotations

from sipetruk.panel.instruments.base import InstrumentBase


class WeightPages(InstrumentBase):
    """Weights found by comparing pairs."""
