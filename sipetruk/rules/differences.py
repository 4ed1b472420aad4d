"""What differs between two documents of the audit trail, field by field, in words that a person reads."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sipetruk.rules.dates import day_text
from sipetruk.rules.moments import moment_text

HIDDEN = frozenset({"nip", "born_on", "phone", "email", "password_hash", "secret"})
"""Keys whose content no history shows: what they hold is about the person, not about what was done."""
UNSEEN = "(tidak ditampilkan)"
NOTHING = "–"
MOST = 200
"""Differences shown of one entry; what is beyond is counted."""
LONGEST = 2_000
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?\+00:00")
_HASH = re.compile(r"[0-9a-f]{64}")

Word = Callable[[str, Any], str | None]
"""What a value under a key is called: its words, or None where it has none of its own."""


@dataclass(frozen=True)
class Difference:
    """One field that is not as it was; `path` names it in the document, `label` to a reader."""

    path: tuple[str, ...]
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Told:
    """An entry in words: what it is about (label, text), what differs, and how many differences are left out."""

    about: tuple[tuple[str, str], ...]
    differences: tuple[Difference, ...]
    left_out: int = 0


def tell(before: Any, after: Any, *, labels: Mapping[str, str], word: Word, about: frozenset[str] = frozenset()) -> Told:
    """Both documents side by side; keys in `about` say what the entry is about where they do not differ.

    Differences stand in the order of the labels.
    """
    old, new = _flat(before), _flat(after)
    order = {key: place for place, key in enumerate(labels)}
    told, found = [], []
    for path in sorted(dict.fromkeys([*new, *old]), key=lambda path: order.get(path[0] if path else "", len(order))):
        is_same = path in old and path in new and old[path] == new[path]
        key = path[-1] if path else ""
        given = new.get(path, old.get(path))
        if key in about and not isinstance(given, list) and (is_same or path not in old or path not in new):
            told.append((_label(path, labels), _text(key, given, labels, word)))
        elif not is_same:
            was, now = (_text(key, side[path], labels, word) if path in side else NOTHING for side in (old, new))
            if was != now or key in HIDDEN or was.endswith("…"):
                found.append(Difference(path, _label(path, labels), was, now))
    return Told(tuple(told), tuple(found[:MOST]), max(0, len(found) - MOST))


def _flat(document: Any) -> dict[tuple[str, ...], Any]:
    """Every value of a document by its path; lists stay whole, since their members have no name."""
    if document is None:
        return {}
    if not isinstance(document, Mapping):
        return {(): document}
    return dict(_leaves(document, ()))


def _leaves(document: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    for key, value in document.items():
        here = (*path, str(key))
        if isinstance(value, Mapping) and value and key not in HIDDEN:
            yield from _leaves(value, here)
        else:
            yield here, value


def _label(path: tuple[str, ...], labels: Mapping[str, str]) -> str:
    """The labels of the parts of a path; a part that has none stays as it is written."""
    whole = labels.get(".".join(path))
    return whole or " · ".join(labels.get(part, part.replace("_", " ")) for part in path) or "isi"


def _text(key: str, value: Any, labels: Mapping[str, str], word: Word) -> str:
    if key in HIDDEN:
        return NOTHING if value in (None, "", {}, []) else UNSEEN
    known = word(key, value)
    if known is not None:
        return known
    if value in (None, "", [], {}):
        return NOTHING
    match value:
        case bool():
            text = "ya" if value else "tidak"
        case str():
            text = _written(value)
        case list():
            text = _list(key, value, labels, word)
        case Mapping():
            told = {str(name): _text(str(name), each, labels, word) for name, each in value.items()}
            text = ", ".join(f"{_label((name,), labels)}: {each}" for name, each in told.items())
        case _:
            text = str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _list(key: str, value: list[Any], labels: Mapping[str, str], word: Word) -> str:
    """Plain members on one line, members with parts one a line; two days are from and until."""
    if len(value) == 2 and all(isinstance(each, str) and _DAY.fullmatch(each) for each in value):  # from and until
        return " sampai ".join(map(_day, value))
    between = "\n" if any(isinstance(each, Mapping | list) for each in value) else ", "
    return between.join(_text(key, each, labels, word) for each in value)


def _written(text: str) -> str:
    """A day and a moment as people write them, the beginning of a hash, any other text as it is."""
    if _DAY.fullmatch(text):
        return _day(text)
    if _MOMENT.fullmatch(text):
        return _moment(text)
    return f"{text[:12]}…" if _HASH.fullmatch(text) else text


def _moment(text: str) -> str:
    try:
        return moment_text(datetime.fromisoformat(text))
    except ValueError:
        return text


def _day(text: str) -> str:
    try:
        return day_text(date.fromisoformat(text))
    except ValueError:
        return text
