"""The reference of both schemas, written from the contract: a page for each type, a search, in Indonesian and English."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request, url_for
from markupsafe import Markup, escape

from sipetruk.api.cost import words as cost_words
from sipetruk.api.described import Described, Member, described, in_language, search
from sipetruk.errors import NotFound, Unauthenticated
from sipetruk.login import current_actor

blueprint = Blueprint("reference", __name__, url_prefix="/data/skema")

LONGEST_SEARCH = 100
MOST_FOUND = 100
_NAME = re.compile("`([^`]+)`")
KINDS = ("object", "interface", "union", "input", "enum", "scalar")
WORDS: dict[str, dict[str, str]] = {
    "id": {
        "title": "Acuan skema",
        "public": "Publik",
        "staff": "Staf",
        "lead": "Semua tipe, kolom, dan argumen kontrak GraphQL, ditulis langsung dari kontraknya.",
        "search": "Cari nama atau keterangan",
        "find": "Cari",
        "none": "Tidak ada yang cocok. Coba kata yang lebih pendek.",
        "more": "Masih ada lagi; persempit pencarian.",
        "found": "Hasil pencarian",
        "switch": "Read in English",
        "Query": "Pertanyaan (Query)",
        "Mutation": "Tindakan (Mutation)",
        "object": "Objek",
        "interface": "Antarmuka",
        "union": "Gabungan",
        "input": "Masukan",
        "enum": "Pilihan",
        "scalar": "Skalar",
        "members": "Kolom",
        "values": "Nilai",
        "name": "Nama",
        "type": "Tipe",
        "meaning": "Keterangan",
        "arguments": "Argumen",
        "default": "bawaan",
        "deprecated": "Akan dihapus",
        "related": "Terkait",
        "used_by": "Dipakai oleh",
        "operations": "Dokumen tersimpan yang memakainya",
        "only": "",
        "data": "Data terbuka",
        "trail": "Letak halaman",
        "which": "Skema",
    },
    "en": {
        "title": "Schema reference",
        "public": "Public",
        "staff": "Staff",
        "lead": "Every type, field and argument of the GraphQL contract, written from the contract itself.",
        "search": "Search names and descriptions",
        "find": "Search",
        "none": "Nothing fits. Try a shorter word.",
        "more": "There is more; narrow the search.",
        "found": "Found",
        "switch": "Baca dalam bahasa Indonesia",
        "Query": "Queries (Query)",
        "Mutation": "Acts (Mutation)",
        "object": "Objects",
        "interface": "Interfaces",
        "union": "Unions",
        "input": "Inputs",
        "enum": "Enums",
        "scalar": "Scalars",
        "members": "Fields",
        "values": "Values",
        "name": "Name",
        "type": "Type",
        "meaning": "Meaning",
        "arguments": "Arguments",
        "default": "default",
        "deprecated": "Deprecated",
        "related": "Related",
        "used_by": "Used by",
        "operations": "Stored documents that use it",
        "only": "What was not translated yet is in Indonesian.",
        "data": "Open data",
        "trail": "Where this page is",
        "which": "Schema",
    },
}


@blueprint.get("/")
def public() -> Response:
    return _same_for_all(_index("public"))


@blueprint.get("/<name>")
def public_type(name: str) -> Response:
    return _same_for_all(_type("public", name))


@blueprint.get("/staf/")
def staff() -> Response:
    _only_signed_in()
    return _index("staff")


@blueprint.get("/staf/<name>")
def staff_type(name: str) -> Response:
    _only_signed_in()
    return _type("staff", name)


def _only_signed_in() -> None:
    """What the staff schema has is told to nobody else, over the wire either."""
    if current_actor() is None:
        raise Unauthenticated("Silakan masuk terlebih dahulu.")


def _index(schema: str) -> Response:
    types = described(schema)
    text = request.args.get("cari", "")[:LONGEST_SEARCH].strip()
    roots = [types[name] for name in ("Query", "Mutation") if name in types]
    found = search(schema, text, _language()) if text else []
    groups = [(kind, [each for each in types.values() if each.kind == kind and each not in roots]) for kind in KINDS]
    shown = {"text": text, "found": found[:MOST_FOUND], "is_more": len(found) > MOST_FOUND, "roots": roots}
    return _page("reference/index.html", schema, **shown, groups=[(kind, each) for kind, each in groups if each])


def _type(schema: str, name: str) -> Response:
    found = described(schema).get(name)
    if found is None:
        raise NotFound("%(what)s tidak ditemukan.", what="Tipe")
    return _page("reference/type.html", schema, this=found)


def _page(template: str, schema: str, **shown: Any) -> Response:
    language = _language()
    given = language if language == "en" else None  # what an address says of it; nothing for the usual one
    ends = {"public": ("reference.public", "reference.public_type"), "staff": ("reference.staff", "reference.staff_type")}[schema]

    def place(name: str, member: str = "") -> str:
        return url_for(ends[1], name=name, _anchor=member or None, bahasa=given)

    def said(thing: Described | Member) -> Markup:
        text = in_language(thing.description, language)
        is_indonesian = language == "en" and text == thing.description
        return Markup('<span lang="id">{}</span>').format(with_names(text)) if is_indonesian else with_names(text)

    def cost(member: Member) -> str:
        return (cost_in_english if language == "en" else cost_words)(member.weight, member.size)

    asked = {**(request.view_args or {}), "cari": shown.get("text") or None}
    links = {
        "home": url_for(ends[0], bahasa=given),
        "public": url_for("reference.public", bahasa=given),
        "staff": url_for("reference.staff", bahasa=given),
        "other": url_for(str(request.endpoint), **{**asked, "bahasa": None if given else "en"}),
    }
    helpers = {
        "place": place,
        "said": said,
        "marked": with_names,
        "cost": cost,
        "known": described(schema),
        "words": WORDS[language],
        "links": links,
    }
    return make_response(render_template(template, schema=schema, language=language, **helpers, **shown))


def with_names(text: str) -> Markup:
    """A text of the contract, whose names stand in backticks, as a page shows it."""
    return Markup(_NAME.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704  # escaped before


def cost_in_english(weight: int | None, size: int | None) -> str:
    """As `cost_words`."""
    parts = [f"Additional cost: {weight}."] if weight is not None else []
    return " ".join(parts + ([f"Its cost is that of {size} items."] if size is not None else []))


def _language() -> str:
    return "en" if request.args.get("bahasa") == "en" else "id"


def _same_for_all(response: Response) -> Response:
    response.headers["Cache-Control"] = "public, no-cache"
    response.add_etag()
    return response.make_conditional(request)  # type: ignore[return-value]  # Werkzeug returns the response it was given
