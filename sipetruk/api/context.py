"""What every resolver can reach: who asks, and what this request has already read."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

import strawberry

from sipetruk.api.frozen import Snapshot
from sipetruk.rules.permissions import Actor

T = TypeVar("T")


@dataclass
class Context:
    """Made anew for each request; `actor` is always None on the public schema, `snapshot` on the staff schema."""

    actor: Actor | None
    request_id: str
    deadline: float = math.inf
    snapshot: Snapshot | None = None
    shown: dict[str, Any] = field(default_factory=dict)
    """What a mutation shows of each act that is done, by its name in the answer."""
    _read: dict[object, Any] = field(default_factory=dict)
    _acts: dict[str, tuple[Any, Exception | None]] = field(default_factory=dict)

    def begin(self, deadline: float) -> None:
        """An operation begins, and has until this monotonic moment: nothing of it is done yet."""
        self.deadline = deadline
        self.shown.clear()
        self._acts.clear()

    def act(self, name: str, do: Callable[[], T]) -> T:
        """What `do` returned or raised, done once per request under this name: a document that is run again repeats no act."""
        if name not in self._acts:
            try:
                self._acts[name] = do(), None
            except Exception as problem:
                self._acts[name] = None, problem
                raise
        done, refusal = self._acts[name]
        if refusal is not None:
            raise refusal
        found: T = done
        return found

    def once(self, key: object, read: Callable[[], T]) -> T:
        """What `read` returns, read at most once per request under this key."""
        if key not in self._read:
            self._read[key] = read()
        found: T = self._read[key]
        return found

    def put(self, key: object, value: Any) -> None:
        """What `once` will give under this key, without reading."""
        self._read[key] = value

    def read(self, key: object) -> Any:
        """What was read under this key, or None."""
        return self._read.get(key)

    def forget(self) -> None:
        """Read everything again: a mutation has changed something."""
        self._read.clear()


Info: TypeAlias = strawberry.Info[Context, None]
