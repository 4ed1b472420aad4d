"""The public pages before they are public, for whoever may publish: the same templates and operations, fed with what will be."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response, render_template, request, url_for

from sipetruk.api import operations
from sipetruk.errors import NotFound, Unauthenticated
from sipetruk.login import current_actor
from sipetruk.queries import public
from sipetruk.queries import results as queries
from sipetruk.queries.public import PublicPublication
from sipetruk.rules.announcement import POLICIES
from sipetruk.rules.permissions import Action, Actor, require
from sipetruk.services import clock, results

blueprint = Blueprint("preview", __name__, url_prefix="/pratinjau")


@blueprint.get("/<int:period_id>")
def period(period_id: int) -> Response:
    shown = _shown(period_id)
    return _page("period.html", "Period", shown, slug=shown.period.slug)


@blueprint.get("/<int:period_id>/muka")
def home(period_id: int) -> Response:
    return _page("home.html", "Home", _shown(period_id))


@blueprint.get("/<int:period_id>/pemenang/<slug>")
def winner(period_id: int, slug: str) -> Response:
    shown = _shown(period_id)
    if slug not in {each.slug for each in shown.winners}:
        raise NotFound("%(what)s tidak ditemukan.", what="Pemenang")
    return _page("winner.html", "Winner", shown, slug=slug)


def _shown(period_id: int) -> PublicPublication:
    """What the public will read: the copy that is sealed, or what would be copied now under `policy`."""
    actor = _actor()
    now = clock.now()
    scheduled = queries.results(actor, period_id, now=now).scheduled
    if scheduled is not None:
        return public.sealed(scheduled.publication_id)
    policy = request.args.get("policy", "names")
    if policy not in POLICIES:
        raise NotFound("Pilihan ini tidak ada.")
    made = results.preview(actor, period_id=period_id, policy=policy)
    return public.previewed(period_id, policy, made.winners, made.statistics, content_sha256=made.sha256, now=now)


def _actor() -> Actor:
    actor = current_actor()
    if actor is None:
        raise Unauthenticated("Silakan masuk terlebih dahulu.")
    require(actor, Action.RESULT_PUBLISH)
    return actor


def _page(template: str, operation: str, shown: PublicPublication, **variables: Any) -> Response:
    """The page as everybody will get it, its links kept within the preview; nobody else may keep it."""
    period_id, slug = shown.period.id, shown.period.slug
    banner = {
        "words": f"{POLICIES[shown.policy]}.",
        "back": url_for("determinations.publish", period_id=period_id, policy=shown.policy),
    }
    text = render_template(template, preview=banner, **operations.preview(operation, variables, shown))
    asked = f"?policy={shown.policy}"
    inside = {
        f'href="{url_for("portal.winner", slug=each.slug)}"': url_for("preview.winner", period_id=period_id, slug=each.slug) + asked
        for each in shown.winners
    }
    inside[f'href="{url_for("portal.period", slug=slug)}"'] = url_for("preview.period", period_id=period_id) + asked
    inside[f'href="{url_for("portal.home")}"'] = url_for("preview.home", period_id=period_id) + asked
    for public_link, preview_link in inside.items():
        text = text.replace(public_link, f'href="{preview_link}"')
    response = make_response(text)
    response.headers["Cache-Control"] = "private, no-store"
    return response
