"""Reads a JSON document made by somebody else: notes every problem at its place and stops only where there is no end of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator
from fractions import Fraction
from typing import TypeVar

from sipetruk.errors import Invalid, Problem
from sipetruk.rules.exact import fraction

T = TypeVar("T")

LARGEST = 1_000_000
MOST_PROBLEMS = 1_000
"""Nobody reads more, and a hostile document must not make millions."""
UNKNOWN_NAME = "Nama ini tidak dikenal dalam format ini."
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_CODE = re.compile(r"[a-z][a-z0-9_]{0,49}")
_MONTH = re.compile(r"(199[0-9]|20[0-9]{2})-(0[1-9]|1[0-2])")


class Problems:
    """The list of what is wrong so far; Invalid with all of them as soon as there are `MOST_PROBLEMS`."""

    def __init__(self) -> None:
        self.found: list[Problem] = []
        self.places: set[tuple[str, ...]] = set()

    def add(self, path: tuple[str, ...], template: str, **params: object) -> None:
        self.found.append(Problem(template, path, "BAD_USER_INPUT", params))
        self.places.add(path)
        if len(self.found) >= MOST_PROBLEMS:
            raise Invalid(self.found)

    def refuse_if_any(self) -> None:
        if self.found:
            raise Invalid(self.found)


def clean_text(value: str) -> str | None:
    """NFC, plain line ends, no outer blanks; None when it holds characters that no document may carry."""
    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n")).strip()
    return None if _FORBIDDEN.search(text) else text


def is_code(text: str) -> bool:
    return _CODE.fullmatch(text) is not None


def is_month(text: str) -> bool:
    """A month as "2024-04"."""
    return _MONTH.fullmatch(text) is not None


def safe_key(key: object) -> str:
    """A key of the input as it may stand in a path or a message: short, printable."""
    text = key if isinstance(key, str) else str(type(key).__name__)
    return "".join(c if c.isprintable() else "?" for c in text[:60])


class Reader:
    """One JSON object being read.

    Every reading method returns a value of the promised type. Where the document has none that fits, the problem is
    noted and a harmless stand-in is returned, so that reading goes on; `done` notes keys that nobody asked for.
    """

    def __init__(self, value: object, path: tuple[str, ...], problems: Problems) -> None:
        self.path = path
        self.problems = problems
        self._asked: set[str] = set()
        if isinstance(value, dict):
            self.value: dict[object, object] = dict(value)
            self.is_object = True
        else:
            self.value = {}
            self.is_object = False
            problems.add(path, "Bagian ini harus berupa objek dengan nama dan isi.")

    def note(self, key: str | None, template: str, **params: object) -> None:
        """Note a problem at a key of this object, or at the object itself."""
        self.problems.add(self.path if key is None else (*self.path, key), template, **params)

    def sound(self, *keys: str) -> bool:
        """Whether nothing is wrong so far at these keys, so that comparing their values makes sense."""
        return self.problems.places.isdisjoint((*self.path, key) for key in keys)

    def done(self) -> None:
        """Note every key that the format does not know: a rule nobody applies must not be kept."""
        for key in self.value:
            if key not in self._asked:
                self.note(safe_key(key), UNKNOWN_NAME)

    def has(self, key: str) -> bool:
        return self.value.get(key) is not None

    def raw(self, key: str) -> object:
        self._asked.add(key)
        return self.value.get(key)

    def text(self, key: str, longest: int = 300, *, required: bool = True) -> str:
        value = self._required(key, required=required)
        if value is None:
            return ""
        text = clean_text(value) if isinstance(value, str) else None
        if text is None:
            self.note(key, "Harus berupa teks biasa.")
            return ""
        if len(text) > longest:
            self.note(key, "Paling banyak %(longest)s karakter.", longest=longest)
        if required and not text:
            self.note(key, "Wajib diisi.")
        return text

    def code(self, key: str = "code") -> str:
        text = self.text(key, 50)
        if text and not is_code(text):
            self.note(key, "Kode hanya boleh berisi huruf kecil, angka dan garis bawah, dan diawali huruf.")
        return text

    def one_of(self, key: str, options: Collection[str], default: str | None = None) -> str:
        value = self.raw(key)
        if value is None and default is not None:
            return default
        if isinstance(value, str) and value in options:
            return value
        self.note(key, "Pilih salah satu: %(options)s.", options=", ".join(options))
        return default or next(iter(options))

    def integer(self, key: str, low: int, high: int, default: int | None = None) -> int:
        value = self.optional_integer(key, low, high)
        if value is None:
            if default is None and not self.has(key):
                self.note(key, "Wajib diisi.")
            return low if default is None else default
        return value

    def optional_integer(self, key: str, low: int, high: int) -> int | None:
        value = self.raw(key)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool):
            self.note(key, "Harus berupa bilangan bulat.")
            return None
        if not low <= value <= high:
            self.note(key, "Harus antara %(low)s dan %(high)s.", low=low, high=high)
            return None
        return value

    def number(self, key: str, low: int = 0, high: int = LARGEST, default: Fraction | None = None) -> Fraction:
        value = self.optional_number(key, low, high)
        if value is None:
            if default is None and not self.has(key):
                self.note(key, "Wajib diisi.")
            return Fraction(low) if default is None else default
        return value

    def optional_number(self, key: str, low: int = 0, high: int = LARGEST) -> Fraction | None:
        value = self.raw(key)
        if value is None:
            return None
        return self.check_number(key, value, low, high)

    def check_number(self, key: str, value: object, low: int = 0, high: int = LARGEST) -> Fraction | None:
        try:
            number = fraction(value)
        except TypeError:
            self.note(key, 'Tulis angka sebagai bilangan bulat atau teks desimal, misalnya "12.5".')
        except ValueError:
            self.note(key, "Ini bukan angka.")
        else:
            if (number * 100).denominator != 1:
                self.note(key, "Paling banyak dua angka di belakang koma.")
            elif not low <= number <= high:
                self.note(key, "Harus antara %(low)s dan %(high)s.", low=low, high=high)
            else:
                return number
        return None

    def flag(self, key: str, *, default: bool) -> bool:
        value = self.raw(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.note(key, "Harus ya atau tidak (true atau false).")
            return default
        return value

    def items(self, key: str, most: int = 200) -> Iterator[tuple[str, object]]:
        """The members of a list with their place as text; a missing list is empty."""
        value = self.raw(key)
        if value is None:
            return
        if not isinstance(value, (list, tuple)):
            self.note(key, "Harus berupa daftar.")
            return
        if len(value) > most:
            self.note(key, "Paling banyak %(most)s isian.", most=most)
            return
        for at, item in enumerate(value):
            yield str(at), item

    def objects(self, key: str, read: Callable[[Reader], T], most: int = 200) -> tuple[T, ...]:
        """Every member of a list of objects, read by `read`; members that are no objects are noted and left out."""
        readers = [Reader(item, (*self.path, key, at), self.problems) for at, item in self.items(key, most)]
        return tuple(read(reader) for reader in readers if reader.is_object)

    def texts(self, key: str, most: int = 200, longest: int = 100) -> tuple[str, ...]:
        found = []
        for at, item in self.items(key, most):
            text = clean_text(item) if isinstance(item, str) else None
            if not text or len(text) > longest:
                self.problems.add((*self.path, key, at), "Harus berupa teks pendek.")
            elif text in found:
                self.problems.add((*self.path, key, at), "Isian ini tertulis dua kali.")
            else:
                found.append(text)
        return tuple(found)

    def refuse_doubles(self, key: str, values: Iterable[object], template: str) -> None:
        listed = list(values)
        if len(set(listed)) != len(listed):
            self.note(key, template)

    def nested(self, key: str) -> Reader:
        """A nested object that must be there."""
        return Reader(self.raw(key), (*self.path, key), self.problems)

    def _required(self, key: str, *, required: bool) -> object:
        value = self.raw(key)
        if value is None and required:
            self.note(key, "Wajib diisi.")
        return value
