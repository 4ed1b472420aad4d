"""Form fields for our own formats; what was typed stays in the form however wrong it is."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any, ClassVar

import wtforms
from flask_admin.form import BaseForm
from wtforms import widgets
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation, ValidationError

from sipetruk.panel.kit.catalogue import WTFormsWords
from sipetruk.rules.workflow import WITA

INT_MAX = 2**31 - 1
"""The largest number an integer column holds on PostgreSQL."""

Options = Iterable[tuple[object, object]] | Callable[[], Iterable[tuple[object, object]]]
"""Pairs of a key and what is shown for it, or a function that gives them."""


WHOLE = re.compile(r"-?[0-9]{1,10}")
DIGITS = re.compile(r"-?[0-9]+")


def whole(text: str) -> int:
    """A whole number that an integer column can hold; ValueError for every other text."""
    if not WHOLE.fullmatch(text) or abs(int(text)) > INT_MAX:
        raise ValueError(text)
    return int(text)


class PanelForm(BaseForm):  # type: ignore[misc]  # flask_admin is untyped
    """Base of every form in the panel: no CSRF field of its own (the application checks one token for all)."""

    class Meta:
        def get_translations(self, _form: object) -> WTFormsWords:
            return WTFormsWords()

        def render_field(self, field: Any, render_kw: dict[str, Any]) -> Any:
            """A long text that is pasted is not cut off: the form comes back with all of it and says that it is too long."""
            if isinstance(field, wtforms.TextAreaField):
                render_kw.setdefault("maxlength", False)
            return super().render_field(field, render_kw)  # type: ignore[misc]  # wtforms puts its own Meta behind this one

    @property
    def wrong(self) -> list[Any]:
        """The fields with something wrong, in themselves or in one of their rows, also what a service refused."""
        return [field for field in self if field.errors or (isinstance(field, wtforms.FieldList) and any(row.errors for row in field))]

    def sound(self, values: Mapping[str, Any], **made_of: Collection[str]) -> dict[str, Any]:
        """The values without those whose field has something wrong; `made_of` names the fields of a value made of several."""
        wrong = {field.name for field in self.wrong}
        return {key: value for key, value in values.items() if not wrong & {*made_of.get(key, (key,))}}

    def refuse(self, path: Iterable[str], message: str) -> bool:
        """Put `message` at the innermost field that `path` names; False when no field fits."""
        for name in reversed(tuple(path)):
            if name in self._fields:
                field = self._fields[name]
                if message not in field.errors:
                    field.errors = [*field.errors, message]
                return True
        return False


class PlainText:
    """Validator: no NUL character, which PostgreSQL cannot store."""

    def __call__(self, _form: object, field: Any) -> None:
        if isinstance(field.data, str) and "\x00" in field.data:
            raise ValidationError("Isian memuat karakter yang tidak dapat disimpan.")


class Required:
    """Validator: something is there, blanks do not count; a field that could not be read says only that."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __call__(self, _form: object, field: Any) -> None:
        if field.errors and any(text.strip() for text in field.raw_data or ()):
            raise StopValidation
        if field.data is None or field.data == [] or (isinstance(field.data, str) and not field.data.strip()):
            field.errors = []  # a date that is not there is no date that is wrong
            is_many = isinstance(field, wtforms.SelectMultipleField)
            raise StopValidation("Pilih sedikitnya satu." if is_many else field.gettext("This field is required."))


class Fits:
    """Validator: the number fits a column of `digits` digits, `places` of them after the comma."""

    def __init__(self, digits: int, places: int) -> None:
        self.digits, self.places = digits, places

    def __call__(self, _form: object, field: Any) -> None:
        value: Decimal | None = field.data
        if value is None:
            return
        if abs(value) >= Decimal(10) ** (self.digits - self.places):
            raise ValidationError("Angka terlalu besar.")
        exponent = value.normalize().as_tuple().exponent
        if isinstance(exponent, int) and -exponent > self.places:
            raise ValidationError(f"Paling banyak {self.places} angka di belakang koma.")


class Number(wtforms.Field):  # type: ignore[misc]  # wtforms is untyped
    """Base: what is no number is not measured as well."""

    def pre_validate(self, _form: object) -> None:
        if self.process_errors:
            raise StopValidation


class DecimalComma(Number):
    """A Decimal typed the Indonesian way: "12,5" and "1.234,5", and "12.5" as well."""

    widget = widgets.TextInput()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["render_kw"] = {"inputmode": "decimal", **(kwargs.get("render_kw") or {})}
        super().__init__(*args, **kwargs)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data:f}".replace(".", ",")

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist:
            return
        self.data = None
        text = "".join(valuelist[0].split())
        if not text:
            return
        if "," in text:
            text = text.replace(".", "").replace(",", ".")
        try:
            number = Decimal(text)
        except InvalidOperation:
            raise ValueError("Bukan angka. Contoh: 12,5") from None
        if not number.is_finite():
            raise ValueError("Bukan angka. Contoh: 12,5")
        self.data = number


class WholeNumber(Number, wtforms.IntegerField):  # type: ignore[misc]  # wtforms is untyped
    """An int that an integer column can hold."""

    data: Any
    widget = widgets.TextInput()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["render_kw"] = {"inputmode": "numeric", **(kwargs.get("render_kw") or {})}
        super().__init__(*args, **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist:
            return
        self.data = None
        text = valuelist[0].strip()
        if not text:
            return
        try:
            self.data = whole(text)
        except ValueError:
            raise ValueError("Angka terlalu besar." if DIGITS.fullmatch(text) else "Bukan bilangan bulat. Contoh: 12") from None


class LocalDateTime(wtforms.Field):  # type: ignore[misc]  # wtforms is untyped
    """A moment: shown and typed in WITA by the browser's own picker, aware and in UTC as data."""

    widget = widgets.DateTimeLocalInput()
    FORMATS = ("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S")

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else self._shown(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist:
            return
        self.data = None
        text = valuelist[0].strip()
        if not text:
            return
        if text == self._shown(self.object_data):
            self.data = self.object_data  # the picker has no seconds: an untouched moment stays as it was
            return
        for form in self.FORMATS:
            try:
                self.data = datetime.strptime(text, form).replace(tzinfo=WITA).astimezone(UTC)
            except (ValueError, OverflowError):
                continue
            return
        raise ValueError("Bukan tanggal dan jam yang sah.")

    @staticmethod
    def _shown(value: datetime | None) -> str:
        return "" if value is None else value.astimezone(WITA).strftime("%Y-%m-%dT%H:%M")


class JSONText(wtforms.TextAreaField):  # type: ignore[misc]  # wtforms is untyped
    """A JSON document as text."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else json.dumps(self.data, ensure_ascii=False, indent=2)

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist:
            return
        self.data = None
        if not valuelist[0].strip():
            return
        try:
            self.data = json.loads(valuelist[0])
        except ValueError as fault:
            raise ValueError(f"Bukan JSON yang sah: {fault}") from None


class LineList(wtforms.TextAreaField):  # type: ignore[misc]  # wtforms is untyped
    """A list of texts, one a line; empty lines do not count."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "\n".join(self.data or ())

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            self.data = [line.strip() for line in valuelist[0].splitlines() if line.strip()]


class Choice(wtforms.SelectField):  # type: ignore[misc]  # wtforms is untyped
    """One of the options, which may be a function asked anew for every form; never the first one by silence."""

    def __init__(
        self,
        label: str | None = None,
        validators: Sequence[Any] | None = None,
        *,
        choices: Options = (),
        coerce: Callable[[str], Any] = str,
        blank: str = "– pilih –",
        **kwargs: Any,
    ) -> None:
        self._make = coerce
        super().__init__(label, validators, choices=partial(_listed, choices, blank), coerce=self._coerce, **kwargs)

    def pre_validate(self, _form: object) -> None:
        if self.process_errors or self.data is None:
            return
        if not any(choice.selected for choice in self.iter_choices()):
            raise ValidationError("Pilihan ini tidak ada.")

    def _coerce(self, value: Any) -> Any:
        """The value that the option stands for; a related row stands for its own id."""
        return None if value is None or value == "" else self._make(getattr(value, "_pk", value))


class Choices(wtforms.SelectMultipleField):  # type: ignore[misc]  # wtforms is untyped
    """Any of the options, as a list of checkboxes."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()

    def __init__(
        self,
        label: str | None = None,
        validators: Sequence[Any] | None = None,
        *,
        choices: Options = (),
        coerce: Callable[[str], Any] = str,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validators, choices=partial(_listed, choices, None), coerce=coerce, **kwargs)

    def pre_validate(self, _form: object) -> None:
        if self.process_errors:
            return
        known = {self.coerce(choice.value) for choice in self.choices}
        if any(value not in known for value in self.data or ()):
            raise ValidationError("Salah satu pilihan ini tidak ada.")


def _listed(options: Options, blank: str | None) -> list[SelectChoice]:
    listed = [] if blank is None else [SelectChoice("", blank)]
    return listed + [SelectChoice(str(key), str(label)) for key, label in (options() if callable(options) else options)]
