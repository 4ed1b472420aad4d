"""Plugs this room into the application."""

from __future__ import annotations

from flask import Flask


def init_portal(app: Flask) -> None:
    """Register what this room answers."""
