"""Checking a file of SI PETRUK without an account, and the file of a publication; what is sent is examined and not kept."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, make_response, render_template, request

from sipetruk.api.faults import RequestRefused
from sipetruk.api.rate import Rate
from sipetruk.api.setup import RATE
from sipetruk.queries import public
from sipetruk.rules.canonical import canonical
from sipetruk.rules.checking import Check, check_bytes
from sipetruk.services import clock

blueprint = Blueprint("check", __name__)

LARGEST_MB = 2
"""A sealed ranking of some 350 nominees, checked in about a second; a larger file is checked by `sipetruk verify`."""
TOO_LARGE = f"Berkas paling besar {LARGEST_MB} MB. Periksa berkas yang lebih besar dengan sipetruk verify."
_BYTES_PER_COST = 100


@blueprint.get("/periksa")
def form() -> Response:
    return _page(None)


@blueprint.post("/periksa")
def check() -> Response:
    """Nothing is changed or kept, whoever asks: so no session and no token is needed."""
    sent = request.files.get("file")
    content = sent.read(LARGEST_MB * 2**20 + 1) if sent else b""
    if not content:
        return _page(None, error="Pilih berkas yang akan diperiksa.", status=422)
    if len(content) > LARGEST_MB * 2**20:
        return _page(None, error=TOO_LARGE, status=422)
    try:
        rate: Rate = current_app.extensions[RATE]
        rate.charge(f"check:{request.remote_addr}", len(content) // _BYTES_PER_COST)
    except RequestRefused as refused:
        return _page(None, error=refused.message, status=429, headers=refused.headers)
    return _page(check_bytes(content), name=(sent.filename or "") if sent else "")


@blueprint.get("/periode/<slug>/pengumuman.json")
def publication_file(slug: str) -> Response:
    """The file of a round's standing publication, byte for byte as it is hashed."""
    response = Response(canonical(public.publication_file(slug, now=clock.now())), mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="pengumuman-{slug}.json"'
    response.headers["Cache-Control"] = "public, no-cache"
    response.add_etag()
    return response.make_conditional(request)  # type: ignore[return-value]  # Werkzeug returns the response it was given


def _page(found: Check | None, *, name: str = "", error: str = "", status: int = 200, headers: dict[str, str] | None = None) -> Response:
    text = render_template("check.html", found=found, name=name, error=error, largest=LARGEST_MB)
    response = make_response(text, status, headers or {})
    response.headers["Cache-Control"] = "no-store"
    return response
