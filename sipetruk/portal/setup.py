"""Puts the portal into the application: the public pages, the unit's pages and the words they use."""

from __future__ import annotations

from flask import Flask

from sipetruk.portal import public_pages
from sipetruk.portal.words import init_words


def init_portal(app: Flask) -> None:
    """Register the pages and the filters of their templates."""
    init_words(app)
    app.register_blueprint(public_pages.blueprint)
