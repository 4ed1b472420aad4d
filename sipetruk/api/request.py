"""Reads a GraphQL request from HTTP: strict JSON in a POST, strict parameters in a GET, documents by their hash."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn
from urllib.parse import parse_qsl

import flask
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

from sipetruk.api.faults import Code, RequestRefused
from sipetruk.api.stored import Documents, digest

MAX_BODY = 256 * 1024
TOO_LARGE = f"Isi permintaan melebihi {MAX_BODY} byte."
MAX_PARAMETERS = 10
MAX_NESTING = 32
"""Objects and lists within each other in `variables`."""


@dataclass(frozen=True)
class GraphQLRequest:
    source: str
    variables: Mapping[str, Any] = field(default_factory=dict)
    operation_name: str | None = None


def read(request: flask.Request, documents: Documents) -> GraphQLRequest:
    """The request as its sender means it; raises `RequestRefused` for everything that is not exactly one."""
    given = _body(request) if request.method == "POST" else _query_string(request)
    for name, kind in (("variables", dict), ("extensions", dict), ("operationName", str), ("documentId", str), ("query", str)):
        if given.get(name) is not None and not isinstance(given[name], kind):
            raise RequestRefused(400, f"`{name}` bukan jenis nilai yang benar.")
    source = _source(given, documents)
    return GraphQLRequest(source, given.get("variables") or {}, given.get("operationName") or None)


def _source(given: Mapping[str, Any], documents: Documents) -> str:
    """The text of the document; a hash finds only what lies in our own files, a request never adds one."""
    query = given.get("query")
    wanted = _hash(given)
    if wanted is not None:
        if query is not None:
            if digest(query) != wanted:
                raise RequestRefused(400, "Sidik dokumen tidak cocok dengan `query`.")
        elif (stored := documents.get(wanted)) is not None:
            return stored
        else:
            raise RequestRefused(400, "PersistedQueryNotFound", Code.PERSISTED_QUERY_NOT_FOUND)
    if not isinstance(query, str) or not query.strip():
        raise RequestRefused(400, "`query` harus teks yang tidak kosong, atau sebutkan `documentId`.")
    return query


def _hash(given: Mapping[str, Any]) -> str | None:
    persisted = (given.get("extensions") or {}).get("persistedQuery")
    if persisted is not None:
        if not isinstance(persisted, dict) or persisted.get("version") != 1 or not isinstance(persisted.get("sha256Hash"), str):
            raise RequestRefused(400, "`extensions.persistedQuery` harus memuat `version` 1 dan `sha256Hash`.")
        return str(persisted["sha256Hash"]).lower()
    wanted = given.get("documentId")
    if wanted is None:
        return None
    if not str(wanted).startswith("sha256:"):
        raise RequestRefused(400, "`documentId` harus diawali `sha256:`.")
    return str(wanted).removeprefix("sha256:").lower()


def _query_string(request: flask.Request) -> dict[str, Any]:
    try:
        pairs = parse_qsl(request.query_string.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=MAX_PARAMETERS)
    except ValueError:
        raise RequestRefused(400, "Parameter alamat tidak dapat dibaca.") from None
    given: dict[str, Any] = {}
    for name, value in pairs:
        if name in given:
            raise RequestRefused(400, "Satu parameter diberikan lebih dari sekali.")
        given[name] = value
    for name in ("variables", "extensions"):
        if name in given:
            given[name] = _json(given[name]) if given[name] else None
    return given


def _body(request: flask.Request) -> dict[str, Any]:
    if request.mimetype != "application/json":
        raise RequestRefused(415, "Kirim `application/json`.", headers={"Accept": "application/json"})
    if request.mimetype_params.get("charset", "utf-8").lower() not in {"utf-8", "utf8"}:
        raise RequestRefused(415, "Kirim dalam UTF-8.", headers={"Accept": "application/json"})
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise RequestRefused(415, "Kirim tanpa pemampatan.", headers={"Accept-Encoding": "identity"})
    request.max_content_length = MAX_BODY + 1  # one more than allowed: a stream without a length is cut off there, silently
    try:
        raw = request.get_data(cache=False)
    except RequestEntityTooLarge:
        raise RequestRefused(413, TOO_LARGE) from None
    except BadRequest:
        raise RequestRefused(400, "Isi permintaan terputus.") from None
    if len(raw) > MAX_BODY:
        raise RequestRefused(413, TOO_LARGE)
    try:
        given = _json(raw.decode("utf-8"))
    except UnicodeDecodeError:
        raise RequestRefused(400, "Isi permintaan bukan UTF-8.") from None
    if not isinstance(given, dict):
        raise RequestRefused(400, "Kirim tepat satu objek JSON; permintaan berkelompok tidak dilayani.")
    return given


def _json(text: str) -> object:
    """The value of a JSON text without what JSON does not have: NaN, infinities, broken characters, endless nesting."""
    try:
        value = json.loads(text, parse_constant=_no_such_number, parse_float=_finite)
    except (ValueError, RecursionError):
        raise RequestRefused(400, "Isi permintaan bukan JSON.") from None
    _check_values(value)
    return value


def _no_such_number(name: str) -> NoReturn:
    raise ValueError(name)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _check_values(value: object) -> None:
    """Refuse text that no database can hold (NUL, lone surrogates) and nesting that no form has."""
    stack: list[tuple[object, int]] = [(value, 0)]
    while stack:
        item, depth = stack.pop()
        if depth > MAX_NESTING:
            raise RequestRefused(400, "JSON bersarang terlalu dalam.")
        if isinstance(item, str):
            _check_text(item)
        elif isinstance(item, list):
            stack.extend((inner, depth + 1) for inner in item)
        elif isinstance(item, dict):
            for name, inner in item.items():
                _check_text(name)
                stack.append((inner, depth + 1))


def _check_text(text: str) -> None:
    if "\x00" in text or (not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text)):
        raise RequestRefused(400, "Teks memuat karakter yang rusak.")
