"""Columns of a Peewee model become form fields; label, help and limits come from the column."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import peewee as pw
import wtforms
from wtforms.validators import Length, NumberRange, Optional

from sipetruk.models.base import DocumentField, UTCDateTimeField
from sipetruk.panel.kit.fields import (
    INT_MAX,
    Choice,
    DecimalComma,
    Fits,
    JSONText,
    LocalDateTime,
    PanelForm,
    PlainText,
    Required,
    WholeNumber,
)
from sipetruk.panel.kit.page import VersionedForm

LONGEST = 100_000
"""Characters that a text without a limit of its own may have."""

References = Mapping[str, Callable[[], Iterable[tuple[str, str]]]]
"""Name of a column -> the choices that the person may see."""


def form_for(model: Any, names: Iterable[str], references: References) -> type[PanelForm]:
    """A form class with a field per named column, in that order; versioned when the model has a `row_version`."""
    base = VersionedForm if "row_version" in model._meta.fields else PanelForm  # Peewee's public name
    fields = {name: field_for(model._meta.fields[name], references.get(name)) for name in names}
    return type(f"{model.__name__}Form", (base,), fields)


def field_for(column: Any, choices: Callable[[], Iterable[tuple[str, str]]] | None = None) -> Any:
    """The field for one column; TypeError for a reference whose choices nobody scoped."""
    made = _maker(column, choices)
    if made is None:
        raise TypeError(f"no form field for a {type(column).__name__} ({column.name!r})")
    maker, validators, options = made
    if isinstance(column, pw.BooleanField):
        needed: list[Any] = []
    elif column.null or column.default is not None:
        needed = [Optional()]
    else:
        needed = [Required()]
    return maker(
        column.verbose_name or column.name,
        [*needed, *validators],
        description=column.help_text or "",
        filters=[_filler(column)],
        default=column.default,
        **options,
    )


def _maker(column: Any, choices: Callable[[], Iterable[tuple[str, str]]] | None) -> tuple[Any, list[Any], dict[str, Any]] | None:
    """Field class, validators and options; subclasses stand before their bases."""
    if isinstance(column, pw.ForeignKeyField):
        if choices is None:
            raise TypeError(f"{column.name!r} needs its choices: a reference is never listed unscoped")
        return Choice, [], {"choices": choices, "coerce": int}
    if choices is not None or column.choices:
        coerce = int if isinstance(column, pw.IntegerField) else str
        return Choice, [], {"choices": choices or column.choices, "coerce": coerce}
    kinds: tuple[tuple[Any, Any, list[Any], dict[str, Any]], ...] = (
        (DocumentField, JSONText, [PlainText()], {}),
        (pw.JSONField, JSONText, [PlainText()], {}),
        (UTCDateTimeField, LocalDateTime, [], {}),
        (pw.DateField, wtforms.DateField, [], {}),
        (pw.BooleanField, wtforms.BooleanField, [], {}),
        (pw.DecimalField, DecimalComma, [Fits(*_digits(column))], {}),
        (pw.IntegerField, WholeNumber, [NumberRange(-INT_MAX, INT_MAX)], {}),
        (pw.CharField, wtforms.StringField, [PlainText(), Length(max=getattr(column, "max_length", None) or LONGEST)], {}),
        (pw.TextField, wtforms.TextAreaField, [PlainText(), Length(max=LONGEST)], {}),
    )
    for kind, maker, validators, options in kinds:
        if isinstance(column, kind) and not isinstance(column, pw.AutoField):
            return maker, validators, options
    return None


def _digits(column: Any) -> tuple[int, int]:
    return getattr(column, "max_digits", 0), getattr(column, "decimal_places", 0)


def _filler(column: Any) -> Callable[[Any], Any]:
    """Nothing typed becomes what the column stores then: its default, NULL, or an empty text."""

    def fill(value: Any) -> Any:
        if value is not None and value != "":
            return value.strip() if isinstance(value, str) else value
        if column.default is not None:
            return column.default() if callable(column.default) else column.default
        return None if column.null else value

    return fill
