"""An objection that comes with a file: our own pages send it as a form, since the schema takes no multipart."""

from __future__ import annotations

from dataclasses import dataclass

from werkzeug.datastructures import FileStorage

from sipetruk.api import ids
from sipetruk.errors import Forbidden, Problem, Refusal, Unauthenticated
from sipetruk.rules.permissions import Actor
from sipetruk.services import objections


@dataclass(frozen=True)
class Filed:
    """What became of an objection: its global id, or what was wrong with it."""

    objection_id: str | None
    problems: tuple[Problem, ...] = ()


def receive(actor: Actor, nomination_id: str, reason: str, file: FileStorage | None, key: str | None) -> Filed:
    """File an objection of a unit; a refusal by rule is an answer, not an exception."""
    try:
        attachment = objections.Attachment(file.filename, file.stream) if file is not None and file.filename else None
        filed = objections.file(
            actor,
            nomination_id=ids.number(nomination_id, "Nomination", "Usulan"),
            reason=reason,
            attachment=attachment,
            idempotency_key=key,
        )
    except (Forbidden, Unauthenticated):
        raise
    except Refusal as refusal:
        return Filed(None, refusal.problems)
    return Filed(ids.encode("Objection", filed))
