"""What resolvers found in what is public: kept while nothing of it changes, so that each process reads it once for a revision."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from dataclasses import fields, is_dataclass
from typing import Any

MOST_OBJECTS = 40_000
"""Objects and lists that are kept for one revision, some 500 bytes each; behind that it begins anew."""


class Frozen:
    """The values of one revision by their keys. Whoever asks gets the same objects, and nobody changes them."""

    def __init__(self) -> None:
        self._values: dict[Hashable, tuple[Any, object]] = {}
        self._counted: set[int] = set()
        self._objects = 0
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> tuple[Any, object] | None:
        """The value, and what it was found from."""
        return self._values.get(key)

    def keep(self, key: Hashable, value: Any, source: object) -> None:
        """Keep a value that was found from `source`, which lives as long: no other object takes its identity meanwhile."""
        objects = 1 if id(value) in self._counted else 1 + _objects(value)  # what many things have in common is kept once
        if objects > MOST_OBJECTS:
            return
        with self._lock:
            if self._objects + objects > MOST_OBJECTS:
                self._values, self._counted, self._objects = {}, set(), 0
            if key not in self._values:
                self._values[key] = value, source
                self._counted.add(id(value))
                self._objects += objects

    def __len__(self) -> int:
        return self._objects


class Snapshot:
    """The frozen values as one request uses them; `is_current` says whether what was read until now still belongs to them."""

    def __init__(self, frozen: Frozen, is_current: Callable[[], bool]) -> None:
        self._frozen = frozen
        self._is_current = is_current
        self._fresh: dict[Hashable, tuple[Any, object]] = {}

    def once(self, key: Hashable, source: object, read: Callable[[], Any]) -> Any:
        """The value under this key, read when nobody has read it yet."""
        found = self._frozen.get(key) or self._fresh.get(key)
        if found is None:
            found = self._fresh[key] = read(), source
        return found[0]

    def settle(self) -> None:
        """Keep what this request has read, unless anything was committed meanwhile: asked once, however much that is."""
        if self._fresh and self._is_current():
            for key, (value, source) in self._fresh.items():
                self._frozen.keep(key, value, source)
        self._fresh = {}


def _objects(value: Any) -> int:
    """How many objects and lists a value consists of, as far as it matters."""
    count, waiting = 0, [value]
    while waiting and count <= MOST_OBJECTS:
        each = waiting.pop()
        if isinstance(each, list | tuple):
            waiting.extend(each)
        elif isinstance(each, dict):
            waiting.extend(each.values())
        elif is_dataclass(each) and not isinstance(each, type):
            waiting.extend(getattr(each, field.name, None) for field in fields(each))
        else:
            continue
        count += 1
    return count
