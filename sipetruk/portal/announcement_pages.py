"""Announcements on the portal: the list, one announcement, and a feed; in Indonesian, and in English where translated."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response, render_template, request, url_for

from sipetruk.errors import NotFound
from sipetruk.portal import source
from sipetruk.portal.words import day, english_day

blueprint = Blueprint("announcements", __name__)

WORDS: dict[str, dict[str, str]] = {
    "id": {
        "title": "Kabar",
        "lead": "Pengumuman BKPSDM Kabupaten Balangan di luar hasil pemilihan.",
        "empty": "Belum ada pengumuman.",
        "older": "Pengumuman yang lebih lama",
        "pinned": "disematkan",
        "published": "Terbit",
        "changed": "diubah",
        "until": "berlaku sampai",
        "only": "",
        "feed": "Umpan (Atom)",
        "switch": "Read in English",
        "trail": "Letak halaman",
    },
    "en": {
        "title": "News",
        "lead": "Announcements of the personnel agency of Kabupaten Balangan beside the results.",
        "empty": "There are no announcements yet.",
        "older": "Older announcements",
        "pinned": "pinned",
        "published": "Published",
        "changed": "changed",
        "until": "until",
        "only": "Available in Indonesian only.",
        "feed": "Feed (Atom)",
        "switch": "Baca dalam bahasa Indonesia",
        "trail": "Where this page is",
    },
}
PER_PAGE = 10
IN_FEED = 20


@blueprint.get("/kabar/")
def index() -> Response:
    language = _language()
    data = source.public("Announcements", language=language.upper(), first=PER_PAGE, after=request.args.get("setelah") or None)
    return _page("announcement/list.html", language, data)


@blueprint.get("/kabar/<slug>")
def show(slug: str) -> Response:
    language = _language()
    data = source.public("Announcement", slug=slug, language=language.upper())
    if data["announcement"] is None:
        raise NotFound("%(what)s tidak ditemukan.", what="Pengumuman")
    return _page("announcement/show.html", language, data)


@blueprint.get("/kabar/umpan.xml")
def feed() -> Response:
    """The latest as an Atom feed."""
    language = _language()
    data = source.public("Announcements", language=language.upper(), first=IN_FEED, after=None)
    nodes = data["announcements"]["nodes"]
    text = render_template(
        "announcement/feed.xml",
        entries=nodes,
        updated=max((each["publishedAt"] for each in nodes), default="1970-01-01T00:00:00Z"),
        words=WORDS[language],
        language=language,
        home=url_for("announcements.index", bahasa=_given(language), _external=True),
        own=url_for("announcements.feed", bahasa=_given(language), _external=True),
    )
    return _same_for_all(make_response(text, 200, {"Content-Type": "application/atom+xml; charset=utf-8"}))


def _language() -> str:
    return "en" if request.args.get("bahasa") == "en" else "id"


def _given(language: str) -> str | None:
    """What the address says of the language; nothing for the usual one."""
    return language if language == "en" else None


def _page(template: str, language: str, data: dict[str, Any]) -> Response:
    text = render_template(
        template,
        words=WORDS[language],
        other=WORDS["id" if language == "en" else "en"],
        language=language,
        given=_given(language),
        other_given=None if language == "en" else "en",
        date_of=english_day if language == "en" else day,
        **data,
    )
    return _same_for_all(make_response(text))


def _same_for_all(response: Response) -> Response:
    """The same page for everybody: a reader who has it already gets it confirmed only."""
    response.headers["Cache-Control"] = "public, no-cache"
    response.add_etag()
    return response.make_conditional(request)  # type: ignore[return-value]  # Werkzeug returns the response it was given
