"""Which record a page of the panel is about: one table, so that every such page has the tab of its history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import current_app, request, url_for

from sipetruk.queries.history import RECORDS

ENDPOINT = "history.show_history"
NAMED_BY: Mapping[str, str] = {
    "period_id": "period",
    "category_id": "category",
    "nomination_id": "nomination",
    "user_id": "user",
    "unit_id": "unit",
    "employee_id": "employee",
    "ranking_id": "ranking",
    "publication_id": "publication",
    "objection_id": "objection",
    "announcement_id": "announcement",
    "signatory_id": "signatory",
    "token_id": "api_token",
    "webhook_id": "webhook",
}
"""Name of a part of an address -> the kind of record whose number it is. A new kind of record needs a row here and one in
`queries.history.RECORDS`. Versions of instruments have tabs of their own, with their history among them."""
SHOWN_AT: Mapping[str, tuple[str, str]] = {
    "period": ("periods.show_period", "period_id"),
    "category": ("periods.show_category", "category_id"),
    "instrument_version": ("instruments.show_version", "version_id"),
    "nomination": ("checks.show_nomination", "nomination_id"),
    "objection": ("objections.show_objection", "objection_id"),
    "user": ("users.show_user", "user_id"),
    "unit": ("units.details_view", "id"),
    "announcement": ("news.show_one", "announcement_id"),
    "signatory": ("signatories.edit", "signatory_id"),
    "api_token": ("tokens.show_token", "token_id"),
    "webhook": ("webhooks.show_webhook", "webhook_id"),
    "employee": ("employees.details_view", "id"),
}
"""Kind of record -> the page on which it is shown, and the part of its address that takes the number."""


def tabs(view: Any) -> list[tuple[str, str, bool]]:
    """What a page about a record offers on top: the record and its history, each with its address and whether it is shown."""
    found = record_of(view)
    url = history_url(*found) if found else ""
    if not found or not url:
        return []
    is_history = request.endpoint == ENDPOINT
    own = record_url(*found) if is_history else _address_here(found[1])
    return [*([("Isi", own, not is_history)] if own else []), ("Riwayat", url, is_history)]


def record_of(view: Any) -> tuple[str, int] | None:
    """The record of the page that is asked for: named by the last number in the address, or by `record` of a list view."""
    if request.endpoint == ENDPOINT:
        asked: dict[str, Any] = request.view_args or {}
        return asked["thing"], asked["record_id"]
    for name, value in reversed((request.view_args or {}).items()):
        named = NAMED_BY.get(name, "")
        if named in RECORDS and isinstance(value, int):
            return named, value
    thing = getattr(view, "record", "")
    given = request.args.get("id", "")
    if thing in RECORDS and given.isdecimal() and len(given) < 10:  # fits an integer column
        return thing, int(given)
    return None


def _address_here(record_id: int) -> str:
    """The address of this page; a list view names its record after the question mark."""
    return request.path if request.view_args else f"{request.path}?id={record_id}"


def history_url(thing: str, record_id: object) -> str:
    """Where the history of a record is shown; empty for a thing that has none."""
    text = str(record_id)
    if thing not in RECORDS or not (text.isdecimal() and len(text) < 10) or ENDPOINT not in current_app.view_functions:
        return ""
    if thing == "instrument_version" and "instruments.history" in current_app.view_functions:
        return url_for("instruments.history", version_id=int(text))
    return url_for(ENDPOINT, thing=thing, record_id=int(text))


def record_url(thing: str, record_id: int) -> str:
    """Where a record is shown; empty for one that has no page of its own."""
    endpoint, part = SHOWN_AT.get(thing, ("", ""))
    numbers: dict[str, Any] = {part: record_id}
    return url_for(endpoint, **numbers) if endpoint in current_app.view_functions else ""
