"""Puts the portal into the application: the public pages, the unit's pages and the words they use."""

from __future__ import annotations

from flask import Flask

from sipetruk.portal import (
    announcement_pages,
    check_pages,
    explorer_pages,
    nomination_form,
    nomination_pages,
    nomination_steps,
    notification_pages,
    objection_pages,
    preview_pages,
    public_pages,
    reference_pages,
    return_pages,
)
from sipetruk.portal.nomination_words import init_nomination_words
from sipetruk.portal.words import init_words


def init_portal(app: Flask) -> None:
    """Register the pages and the filters of their templates."""
    init_words(app)
    init_nomination_words(app)
    for pages in (
        public_pages,
        announcement_pages,
        check_pages,
        explorer_pages,
        reference_pages,
        preview_pages,
        nomination_pages,
        nomination_form,
        nomination_steps,
        return_pages,
        objection_pages,
        notification_pages,
    ):
        app.register_blueprint(pages.blueprint)
    app.jinja_env.globals["unread_count"] = notification_pages.unread_count
    app.extensions["csrf"].exempt(check_pages.blueprint)  # it changes nothing, for nobody
