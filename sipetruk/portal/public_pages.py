"""The pages that anybody may read, each fed by one stored operation of the public schema."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request, url_for

from sipetruk.api import uploads
from sipetruk.api.stored import documents
from sipetruk.errors import NotFound
from sipetruk.portal import source
from sipetruk.services import templates

blueprint = Blueprint("portal", __name__)

EXAMPLE = """query {
  latestPublication {
    period { name year }
    publishedAt
    winners(first: 100) {
      nodes {
        rank
        name
        position
        unit { name }
        category { name }
        innovationTitle
      }
    }
  }
}"""
EXAMPLE_SHORT = "{ latestPublication { period { name } winners { nodes { rank name unit { name } } } } }"

NARROWED = {"periode": "period", "kategori": "category", "unit": "unit"}
"""By what winners are narrowed: as the address calls it -> as the contract does."""
PER_PAGE = 24
LONGEST_ASKED = 100


@blueprint.get("/")
def home() -> Response:
    return _page("home.html", source.public("Home"))


@blueprint.get("/pemenang/")
def winners() -> Response:
    """Everybody who was published: searched, narrowed and read page by page, each by the address alone."""
    search = " ".join(_asked("cari").split())
    narrowed = {name: value for name in NARROWED if (value := _asked(name))}
    data = source.public("Winners", search=search, where={NARROWED[name]: {"eq": value} for name, value in narrowed.items()}, **_part())
    choices = data["winnerChoices"]
    offered = {
        "periode": [(each["slug"], each["name"]) for each in choices["periods"]],
        "kategori": [(each["slug"], each["name"]) for each in choices["categories"]],
        "unit": [(each["code"], each["name"]) for each in choices["units"]],
    }
    chosen = {name: dict(offered[name]).get(value) for name, value in narrowed.items()}
    shown = {"winners": data["winners"], "search": search, "narrowed": narrowed, "chosen": chosen, "offered": offered}
    return _page("winners.html", shown, status=HTTPStatus.NOT_FOUND if None in chosen.values() else HTTPStatus.OK)


@blueprint.get("/pemenang/<slug>")
def winner(slug: str) -> Response:
    return _page("winner.html", _found(source.public("Winner", slug=slug), "winner", "Pemenang"))


@blueprint.get("/piagam")
def certificate() -> Response:
    """Whose certificate it is, by the code on it; a code that is none is answered on the page that asks for it."""
    code = request.args.get("kode", "").replace("\x00", "").strip()[:60]
    found = source.public("CertificateCheck", code=code)["winnerByCode"] if code else None
    return _page("certificate.html", {"winner": found, "code": code}, status=HTTPStatus.NOT_FOUND if code and not found else HTTPStatus.OK)


@blueprint.get("/periode/")
def periods() -> Response:
    after = request.args.get("setelah") or None
    return _page("periods.html", source.public("Periods", first=20, after=after))


@blueprint.get("/periode/<slug>")
def period(slug: str) -> Response:
    return _page("period.html", _found(source.public("Period", slug=slug), "period", "Periode"))


@blueprint.get("/instrumen/<code>/<int:number>")
def instrument(code: str, number: int) -> Response:
    data = source.public("Instrument", code=code, number=min(number, 2**31 - 1))
    return _page("instrument.html", _found(data, "instrument", "Instrumen"))


@blueprint.get("/instrumen/<code>/<int:number>/contoh/<requirement>")
def template(code: str, number: int, requirement: str) -> Response:
    """The empty form that a version asks to be filled in; anybody may download it."""
    return uploads.send(templates.open_public(code, min(number, 2**31 - 1), requirement))


@blueprint.get("/usulan-terbuka")
def open_forms() -> Response:
    return _page("open_forms.html", source.public("OpenForms"))


@blueprint.get("/kontak")
def contact() -> Response:
    return _page("contact.html", source.public("Contact"))


@blueprint.get("/jejak-audit")
def audit_heads() -> Response:
    """The head of the audit trail of each day, for everybody to keep."""
    after = request.args.get("setelah") or None
    return _page("audit_heads.html", source.public("AuditHeads", first=31, after=after))


@blueprint.get("/jejak-audit.txt")
def audit_heads_text() -> Response:
    """The same, every day of it, as lines that `sipetruk audit verify --heads` reads."""
    lines, after = ["# SI PETRUK: hari (WITA), banyaknya catatan, sidik catatan terakhir"], None
    while True:
        found = source.public("AuditHeads", first=100, after=after)["auditHeads"]
        lines += [f"{each['day']} {each['entries']} {each['head']}" for each in found["nodes"]]
        if not found["pageInfo"]["hasNextPage"]:
            break
        after = found["pageInfo"]["endCursor"]
    response = Response("\n".join(lines) + "\n", mimetype="text/plain")
    response.headers["Cache-Control"] = "public, no-cache"
    response.add_etag()
    return response.make_conditional(request)  # type: ignore[return-value]  # Werkzeug returns the response it was given


@blueprint.get("/data")
def data() -> Response:
    address = url_for("api.public", _external=True)
    shown = {
        "address": address,
        "example": EXAMPLE,
        "example_short": EXAMPLE_SHORT,
        "example_url": url_for("api.public", query=EXAMPLE_SHORT),
        "documents": sorted(documents("public").named.items()),
    }
    return _page("data.html", shown)


def _asked(name: str) -> str:
    """What the address asks for, as far as anything could be called that."""
    return request.args.get(name, "").replace("\x00", "").strip()[:LONGEST_ASKED]


def _part() -> dict[str, Any]:
    """Which part of a list the address asks for, as arguments of a connection."""
    if before := request.args.get("sebelum"):
        return {"last": PER_PAGE, "before": before}
    return {"first": PER_PAGE, "after": request.args.get("setelah") or None}


def _page(template: str, shown: dict[str, Any], status: int = HTTPStatus.OK) -> Response:
    """The same page for everybody: it depends on no session, and a reader who has it already gets it confirmed only."""
    response = make_response(render_template(template, **shown), status)
    response.headers["Cache-Control"] = "public, no-cache"
    if status != HTTPStatus.OK:
        return response
    response.add_etag()
    return response.make_conditional(request)  # type: ignore[return-value]  # Werkzeug returns the response it was given


def _found(data: dict[str, Any], thing: str, what: str) -> dict[str, Any]:
    if data[thing] is None:
        raise NotFound("%(what)s tidak ditemukan.", what=what)
    return data
