"""Who signs which document: the whole list, and the one of a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sipetruk.models import Signatory
from sipetruk.queries import visible
from sipetruk.rules.permissions import Action, Actor, require
from sipetruk.rules.signatories import DOCUMENT_LABELS, Person, SignatoryStatus, SignedDocument, on_day


@dataclass(frozen=True)
class SignatoryView:
    """One person for one document; `person` makes the lines above and below the signature."""

    id: int
    document: SignedDocument
    person: Person
    valid_from: date
    valid_to: date | None
    row_version: int

    @property
    def document_label(self) -> str:
        return DOCUMENT_LABELS[self.document]


def signatories(actor: Actor, *, document: SignedDocument | None = None) -> list[SignatoryView]:
    """All of them by document, the latest term first (1 statement)."""
    require(actor, Action.SIGNATORY_READ)
    query = Signatory.select().order_by(Signatory.document, Signatory.valid_from.desc())
    if document is not None:
        query = query.where(Signatory.document == document)
    return [_view(row) for row in query]


def signatory(actor: Actor, signatory_id: int) -> SignatoryView:
    require(actor, Action.SIGNATORY_READ)
    return _view(visible.get(Signatory.select(), Signatory, signatory_id, "Penanda tangan"))


def signatory_on(document: SignedDocument, day: date) -> SignatoryView | None:
    """Who signs this document on a day, for whoever prints it; None while nobody was named (1 statement)."""
    return on_day([_view(row) for row in Signatory.select().where(Signatory.document == document)], day)


def _view(row: Any) -> SignatoryView:
    person = Person(row.name, row.position, SignatoryStatus(row.status), row.on_behalf_of, row.rank_title, row.nip)
    return SignatoryView(row.id, SignedDocument(row.document), person, row.valid_from, row.valid_to, row.row_version)
