"""What every write shares: one transaction, rows held for update, the version check, keys against doing a thing twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import wraps
from hashlib import sha256
from typing import Any, ParamSpec, TypeVar

from sipetruk.errors import Conflict, Invalid
from sipetruk.models import Category, IdempotencyKey, Period, statements
from sipetruk.models.base import database
from sipetruk.models.looks import LookingDatabase, Overtaken
from sipetruk.models.statements import Remembered
from sipetruk.queries import visible
from sipetruk.rules.permissions import Action, Actor
from sipetruk.services import clock

_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")

KEY_LENGTH = 100
STALE = "Data ini sudah diubah orang lain setelah Anda membukanya. Isian Anda belum disimpan."


@contextmanager
def transaction() -> Iterator[None]:
    """All of the block is saved, with its audit entries, or nothing is."""
    with database.atomic():
        yield


def looks_first(act: Callable[_Given, _Result]) -> Callable[_Given, _Result]:
    """An act that on SQLite reads and checks beside whoever writes, and takes its turn when it has something to write.

    Where something that it read has changed by then, it is done once more, in its turn from the start. So it does nothing but
    read before its first statement that writes. Part of another transaction it is what it would be without this.
    """

    @wraps(act)
    def done(*given: _Given.args, **named: _Given.kwargs) -> _Result:
        if isinstance(database.obj, LookingDatabase) and not database.in_transaction():
            with suppress(Overtaken), database.obj.looking():
                return act(*given, **named)
        return act(*given, **named)

    return done


def held(query: Any) -> Any:
    """The query with its rows held until the transaction ends (SQLite holds the whole database anyway)."""
    return query.for_update() if database.for_update else query


def one(query: Any, what: str) -> Any:
    """The only row of the query, or `NotFound` naming what was looked for."""
    return visible.there(query.first(), what)


def held_category(actor: Actor, category_id: int) -> Any:
    """A category with its period, both held: the period first, as by the steps of the round, so that nobody waits for each other."""
    found: Any = visible.get(visible.categories(actor), Category, category_id, "Kategori")
    period = one(held(Period.select().where(Period.id == found.period_id)), "Periode")
    category: Any = visible.get(held(visible.categories(actor)), Category, category_id, "Kategori")
    category.period = period
    return category


def check_version(row: Any, expected: int) -> None:
    """`Conflict` when the row has changed since the caller read version `expected`."""
    if row.row_version != expected:
        raise Conflict(STALE, "expectedVersion")


def touch(row: Any) -> None:
    """Save a row under its next version."""
    row.row_version += 1
    if hasattr(row, "updated_at"):
        row.updated_at = clock.now()
    statements.save(row)


def once(actor: Actor, action: Action | str, key: str | None, create: Callable[[], int], *, within: object = None) -> int:
    """The number that `create` returns; the same key of the same actor again returns the first one and does nothing.

    It does so too when the thing was removed since: its number is given to nothing else, and whoever reads by it finds nothing.
    `action` names the act, which shares its keys with no other. Call it inside the transaction that creates or changes the
    thing; `within` names the thing that a key belongs to, where the action is done to one: its row must be held, so that of
    two requests at once the second waits.
    """
    if key is None:
        return create()
    if not 0 < len(key) <= KEY_LENGTH or not key.isprintable():
        raise Invalid("Kunci idempotensi harus 1 sampai %(most)s karakter yang tercetak.", "idempotencyKey", most=KEY_LENGTH)
    if within is not None:
        key = sha256(f"{within}:{key}".encode()).hexdigest()
    elif database.for_update:  # PostgreSQL: of two equal requests at once the second waits for what the first makes
        lock = sha256(f"{actor.user_id}:{action}:{key}".encode()).digest()[:8]
        database.execute_sql("SELECT pg_advisory_xact_lock(%s)", (int.from_bytes(lock, signed=True),))
    known = _KNOWN.first(actor.user_id or 0, action, key)
    if known is not None:
        return int(known.thing_id)
    thing_id = create()
    row = {"actor_id": actor.user_id or 0, "action": action, "key": key, "thing_id": str(thing_id), "at": clock.now()}
    statements.insert_many(IdempotencyKey, [row])
    return thing_id


_KNOWN = Remembered(
    lambda actor_id, action, key: IdempotencyKey.select().where(
        IdempotencyKey.actor_id == actor_id, IdempotencyKey.action == action, IdempotencyKey.key == key
    ),
    places=3,
)
