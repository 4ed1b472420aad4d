"""The scalars of the contract: exact decimals as text, dates, and moments in UTC."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, NewType

import strawberry
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig

Document = NewType("Document", object)
"""A JSON value with integers and texts, never floats."""

_DECIMAL = re.compile(r"-?\d{1,12}(\.\d{1,6})?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})", re.ASCII)


def _matching(value: object, pattern: re.Pattern[str], wanted: str) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise GraphQLError(f"Nilai harus {wanted}.")
    return value


def _read_decimal(value: object) -> Decimal:
    return Decimal(_matching(value, _DECIMAL, 'teks angka dengan titik desimal, misalnya "82.67"'))


def _read_date(value: object) -> date:
    text = _matching(value, _DATE, "tanggal berbentuk 2026-11-24")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise GraphQLError("Tanggal itu tidak ada.") from None


def _read_moment(value: object) -> datetime:
    text = _matching(value, _MOMENT, "waktu RFC 3339, misalnya 2026-11-24T09:00:00Z")
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        raise GraphQLError("Waktu itu tidak ada.") from None


def _read_document(value: object) -> object:
    if isinstance(value, float):
        raise GraphQLError('Angka pecahan dikirim sebagai teks, misalnya "17.5".')
    if isinstance(value, dict):
        return {name: _read_document(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_read_document(inner) for inner in value]
    return value


def _write_document(value: object) -> object:
    return value


def _write_decimal(value: object) -> str:
    if not isinstance(value, Decimal):
        raise TypeError(f"{type(value).__name__} is no exact number")
    return format(value, "f")


def _write_date(value: object) -> str:
    if isinstance(value, datetime) or not isinstance(value, date):
        raise TypeError(f"{type(value).__name__} is no date")
    return value.isoformat()


def _write_moment(value: object) -> str:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise TypeError("a moment needs its zone")
    return value.astimezone(UTC).replace(microsecond=0).isoformat().removesuffix("+00:00") + "Z"


SCALARS: Mapping[object, Any] = {
    Decimal: strawberry.scalar(
        name="Decimal",
        description='Angka persis sebagai teks dengan titik desimal, misalnya "82.67"; tidak pernah pecahan biner.',
        serialize=_write_decimal,
        parse_value=_read_decimal,
    ),
    Document: strawberry.scalar(
        name="Document",
        description='Nilai JSON; angka pecahan sebagai teks ("17.5"), tidak pernah pecahan biner.',
        serialize=_write_document,
        parse_value=_read_document,
    ),
    date: strawberry.scalar(
        name="Date",
        description="Tanggal kalender ISO 8601 (2026-11-24) menurut WITA.",
        serialize=_write_date,
        parse_value=_read_date,
    ),
    datetime: strawberry.scalar(
        name="DateTime",
        description="Waktu RFC 3339 dalam UTC, misalnya 2026-11-24T01:00:00Z.",
        serialize=_write_moment,
        parse_value=_read_moment,
    ),
}


def config() -> StrawberryConfig:
    """The configuration that both schemas share."""
    return StrawberryConfig(scalar_map=SCALARS)
