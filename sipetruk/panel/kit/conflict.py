"""Two people at one form: what each wrote, field by field, and the choice between the two that the page of a conflict sends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import wtforms
from werkzeug.datastructures import ImmutableMultiDict, MultiDict

CHOSEN, STORED, PARTS = "pilih.", "tersimpan.", "bagian."
"""Beginnings of the names that the page sends besides the fields: which text, the stored values, the inputs of a field."""
MINE, THEIRS = "saya", "tersimpan"
VERSION = "row_version"
_UNSENT = (wtforms.FileField, wtforms.MultipleFileField, wtforms.PasswordField, wtforms.SubmitField)

Pair = tuple[str, str]
"""Name and value as a browser sends them."""


@dataclass(frozen=True)
class Clash:
    """One field whose text here differs from the text stored meanwhile; `hidden` are the inputs that carry the stored one."""

    name: str
    label: str
    yours: str
    stored: str
    hidden: tuple[Pair, ...]


def clashes(form: Any, stored: Any) -> list[Clash]:
    """Every field of the form that is stored with another text, in the order of the form."""
    found = []
    for field in form:
        if field.name == VERSION or field.name not in stored or isinstance(field, _UNSENT):
            continue
        other = stored[field.name]
        yours, theirs = text_of(field), text_of(other)
        if yours != theirs:
            parts = dict.fromkeys([*names_of(field), *names_of(other)])
            hidden = [(f"{PARTS}{field.name}", name) for name in parts]
            hidden += [(f"{STORED}{name}", value) for name, value in pairs_of(other)]
            found.append(Clash(field.name, field.label.text, yours, theirs, tuple(hidden)))
    return found


def clashes_with_read(form: Any) -> list[Clash]:
    """The same against the texts with which the form was made, for a form whose stored state nobody else can make."""
    with _AsRead(form) as read:
        stored = {name: (text_of(field), tuple(pairs_of(field))) for name, field in read.items()}
    return [
        Clash(
            field.name,
            field.label.text,
            text_of(field),
            stored[field.name][0],
            ((f"{PARTS}{field.name}", field.name), *((f"{STORED}{name}", value) for name, value in stored[field.name][1])),
        )
        for field in form
        if field.name in stored and text_of(field) != stored[field.name][0]
    ]


class _AsRead:
    """The plain fields of a form as they stood before anything was typed: what was stored when the request began."""

    def __init__(self, form: Any) -> None:
        left_out = (wtforms.FieldList, wtforms.FormField, wtforms.BooleanField, *_UNSENT)
        self._fields = {field.name: field for field in form if not isinstance(field, left_out) and field.name != VERSION}
        self._typed = {name: (field.data, field.raw_data) for name, field in self._fields.items()}

    def __enter__(self) -> dict[str, Any]:
        for field in self._fields.values():
            field.data, field.raw_data = field.object_data, None
        return self._fields

    def __exit__(self, *_: object) -> None:
        for name, (data, raw_data) in self._typed.items():
            self._fields[name].data, self._fields[name].raw_data = data, raw_data


def settled(sent: ImmutableMultiDict[str, str]) -> ImmutableMultiDict[str, str]:
    """What the page of a conflict sent, as the form itself would have sent the texts that were chosen."""
    theirs = {key.removeprefix(CHOSEN) for key, value in sent.items() if key.startswith(CHOSEN) and value == THEIRS}
    replaced = {part for name in theirs for part in sent.getlist(f"{PARTS}{name}")}
    pairs = [pair for pair in sent.items(multi=True) if not is_ours(pair[0]) and pair[0] not in replaced]
    stored = [(key.removeprefix(STORED), value) for key, value in sent.items(multi=True) if key.startswith(STORED)]
    return ImmutableMultiDict(MultiDict([*pairs, *(pair for pair in stored if pair[0] in replaced)]))


def is_settling(sent: Iterable[str]) -> bool:
    """Whether these names come from the page of a conflict."""
    return any(key.startswith(CHOSEN) for key in sent)


def is_ours(key: str) -> bool:
    return key.startswith((CHOSEN, STORED, PARTS))


def names_of(field: Any) -> Iterator[str]:
    """The names of all inputs of a field."""
    if isinstance(field, wtforms.FieldList):
        for row in field:
            yield from names_of(row)
    elif isinstance(field, wtforms.FormField):
        for part in field.form:
            yield from names_of(part)
    else:
        yield field.name


def pairs_of(field: Any) -> Iterator[Pair]:
    """What a browser sends for a field as it stands."""
    match field:
        case wtforms.FieldList() | wtforms.FormField():
            for part in field if isinstance(field, wtforms.FieldList) else field.form:
                yield from pairs_of(part)
        case wtforms.BooleanField():
            yield from [(field.name, "y")] if field.data else []
        case wtforms.SelectFieldBase():
            yield from ((field.name, str(choice.value)) for choice in field.iter_choices() if choice.selected)
        case _ if not isinstance(field, _UNSENT):
            yield field.name, value_of(field)


def text_of(field: Any) -> str:
    """What a field says, as a person would read it; rows of fields one a line."""
    data = field.data
    if isinstance(field, wtforms.FieldList):
        return "\n".join(filter(None, map(text_of, field)))
    if isinstance(field, wtforms.FormField):
        return " | ".join(filter(None, map(text_of, field.form)))
    if isinstance(field, wtforms.BooleanField):
        return "ya" if data else "tidak"
    if isinstance(field, wtforms.SelectFieldBase):
        return ", ".join(str(choice.label) for choice in field.iter_choices() if choice.selected and choice.value != "")
    return value_of(field)


def value_of(field: Any) -> str:
    """The text in the input of a field."""
    if hasattr(field, "_value"):
        return str(field._value()).replace("\r\n", "\n")  # noqa: SLF001  # the text in the input, in WTForms' own name
    return "" if field.data is None else str(field.data)
