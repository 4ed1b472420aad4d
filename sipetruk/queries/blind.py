"""What assessors of a blind category read in place of what would tell who the nominee is."""

from __future__ import annotations

from typing import Any

from sipetruk.models import Employee, Nomination, WorkUnit
from sipetruk.queries import visible
from sipetruk.rules import blind
from sipetruk.rules.permissions import Actor

ENDINGS = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}


class Veil:
    """The eyes of an assessor on one nomination: names and numbers gone, everything else as it is."""

    def __init__(self, nomination: Any) -> None:
        self.is_blind = bool(nomination.category.is_blind)
        self._words: tuple[str, ...] = ()
        if self.is_blind:
            employee = Employee.select(Employee, WorkUnit).join(WorkUnit).where(Employee.id == nomination.employee_id).get()
            person = nomination.person or {}
            self._words = tuple(
                dict.fromkeys(
                    [
                        *blind.telling(employee.name, employee.full_name, person.get("full_name"), employee.nip),
                        *blind.telling("", employee.work_unit.name, nomination.work_unit.name, person.get("unit_name")),
                        *(unit.code for unit in (employee.work_unit, nomination.work_unit)),
                        nomination.number,
                    ]
                )
            )

    def text(self, given: str) -> str:
        """A text that the unit or BKPSDM wrote."""
        return blind.redacted(given, self._words) if self.is_blind else given

    def answer(self, kind: str, shown: str) -> str:
        """An answer of the form; where a link leads cannot be known, so it is hidden."""
        return blind.HIDDEN_LINK if self.is_blind and kind == "link" else self.text(shown)

    def filename(self, given: str, requirement: str, number: int, media_type: str) -> str:
        return blind.filename(requirement, number, ENDINGS.get(media_type, "bin")) if self.is_blind else given


def known_as(nomination: Any) -> str:
    """How an assessor is told of a nomination: by its number or, where nobody may know, by its code."""
    return blind.called(nomination.id) if nomination.category.is_blind else str(nomination.number)


def filename_for(actor: Actor, file: Any) -> str:
    """The name under which a file of evidence is handed out: its own to who may read the nomination, else one that tells nothing."""
    if visible.nominations(actor).where(Nomination.id == file.nomination_id).exists():
        return str(file.filename)
    return blind.filename(file.requirement, file.id, ENDINGS.get(file.blob.media_type, "bin"))
