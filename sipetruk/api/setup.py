"""Plugs this room into the application."""

from __future__ import annotations

from flask import Flask


def init_api(app: Flask) -> None:
    """Register what this room answers."""
