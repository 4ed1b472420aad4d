"""Naming who signs: a person for one or several documents from a day on; terms of a document never overlap."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sipetruk.errors import Invalid
from sipetruk.models import Signatory
from sipetruk.models.base import database
from sipetruk.rules.permissions import Action, Actor, require
from sipetruk.rules.signatories import Person, SignedDocument, check_term, checked
from sipetruk.services import audit
from sipetruk.services.transaction import check_version, held, one, touch, transaction

_LOCK = 815_011


def add(actor: Actor, *, documents: Sequence[SignedDocument], person: Person, valid_from: date, valid_to: date | None = None) -> list[int]:
    """Name a person for these documents; returns an id for each, or nothing is saved."""
    require(actor, Action.SIGNATORY_EDIT)
    if not documents or len(set(documents)) != len(documents):
        raise Invalid("Pilih paling sedikit satu dokumen, masing-masing sekali.", "documents")
    clean = checked(person)
    with transaction():
        _one_at_a_time()
        ids = []
        for document in documents:
            check_term(valid_from, valid_to, _others(document, None))
            row = Signatory.create(document=document, valid_from=valid_from, valid_to=valid_to, **_columns(clean))
            ids.append(int(row.id))
        for number, document in zip(ids, documents, strict=True):
            after = _told(document, clean, valid_from, valid_to)
            audit.record(actor, Action.SIGNATORY_EDIT, "signatory", number, after=after)
    return ids


def update(actor: Actor, *, signatory_id: int, person: Person, valid_from: date, valid_to: date | None, expected_version: int) -> None:
    """Correct a signatory or end the term; the document stays the same."""
    require(actor, Action.SIGNATORY_EDIT)
    clean = checked(person)
    with transaction():
        _one_at_a_time()
        row = _held(signatory_id, expected_version)
        check_term(valid_from, valid_to, _others(row.document, signatory_id))
        before = _told(row.document, _person(row), row.valid_from, row.valid_to)
        for name, value in _columns(clean).items():
            setattr(row, name, value)
        row.valid_from, row.valid_to = valid_from, valid_to
        touch(row)
        after = _told(row.document, clean, valid_from, valid_to)
        audit.record(actor, Action.SIGNATORY_EDIT, "signatory", signatory_id, before=before, after=after)


def remove(actor: Actor, *, signatory_id: int, expected_version: int) -> None:
    """Take a signatory off the list who was named by mistake; one who has signed is ended instead."""
    require(actor, Action.SIGNATORY_EDIT)
    with transaction():
        row = _held(signatory_id, expected_version)
        before = _told(row.document, _person(row), row.valid_from, row.valid_to)
        row.delete_instance()
        audit.record(actor, "signatory:remove", "signatory", signatory_id, before=before)


def _one_at_a_time() -> None:
    """Two people naming somebody at once would not see each other's term; SQLite has one writer anyway."""
    if database.for_update:
        database.execute_sql("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))


def _others(document: str, signatory_id: int | None) -> list[Any]:
    query = Signatory.select().where(Signatory.document == document).order_by(Signatory.valid_from)
    return list(query if signatory_id is None else query.where(Signatory.id != signatory_id))


def _held(signatory_id: int, expected_version: int) -> Any:
    row = one(held(Signatory.select().where(Signatory.id == signatory_id)), "Penanda tangan")
    check_version(row, expected_version)
    return row


def _columns(person: Person) -> dict[str, Any]:
    return {
        "name": person.name,
        "position": person.position,
        "rank_title": person.rank_title,
        "nip": person.nip,
        "status": person.status,
        "on_behalf_of": person.on_behalf_of,
    }


def _person(row: Any) -> Person:
    return Person(row.name, row.position, row.status, row.on_behalf_of, row.rank_title, row.nip)


def _told(document: str, person: Person, valid_from: date, valid_to: date | None) -> dict[str, Any]:
    """What the trail says, which names no number of a person."""
    return {
        "document": str(document),
        "name": person.name,
        "position": person.position,
        "status": str(person.status),
        "on_behalf_of": person.on_behalf_of,
        "valid_from": valid_from.isoformat(),
        "valid_to": valid_to.isoformat() if valid_to else None,
    }
