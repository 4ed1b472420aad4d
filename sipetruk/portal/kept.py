"""When the session ended while somebody was writing: the text comes back in its form, or waits on a page until they sign in."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, current_app, jsonify, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import BadRequest

from sipetruk.errors import Refusal
from sipetruk.login import current_actor
from sipetruk.portal import source
from sipetruk.portal.unit import Page, only_for_units, wants_json

SESSION_ENDED = "Sesi Anda sempat berakhir, jadi isian ini belum tersimpan. Periksa, lalu simpan sekali lagi."
PROBLEMS: source.Problems = [{"message": SESSION_ENDED, "path": [], "code": "UNAUTHENTICATED"}]


def give_back(blueprint: Blueprint, forms: Mapping[str, Callable[..., Page]]) -> None:
    """Name the endpoints whose texts are kept, each with what shows its form again as it was sent.

    Only for a form that came from a page of ours: what another site sends is put into no form.
    """

    @blueprint.errorhandler(CSRFError)
    def keep_what_was_typed(error: CSRFError) -> Page:
        if wants_json():
            return jsonify(message=SESSION_ENDED), 401
        shown_again = forms.get(request.endpoint or "")
        if shown_again and _is_ours():
            with contextlib.suppress(Refusal, BadRequest):
                return _kept(shown_again, dict(request.view_args or {}))
        handler: Any = current_app.error_handler_spec[None][error.code][CSRFError]
        page: Page = handler(error)  # the page that every other form gets
        return page


def _kept(shown_again: Callable[..., Page], arguments: dict[str, Any]) -> Page:
    if current_actor() is None:
        address = url_for(request.endpoint or "", **arguments)
        return render_template("nomination/kept.html", address=address, pairs=_everything_sent()), 401
    only_for_units()
    return shown_again(**arguments)


def _is_ours() -> bool:
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None:
        return site == "same-origin"
    return origin is not None and urlsplit(origin).netloc == request.host


def _everything_sent() -> list[tuple[str, str]]:
    """What has to be sent once more, whoever signs in meanwhile."""
    return [*(pair for pair in request.form.items(multi=True) if pair[0] != "csrf_token"), ("csrf_token", "")]
