"""What stands above every paper and below it: who issues it, and who signs it where and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sipetruk.rules.dates import day_text
from sipetruk.rules.signatories import Person, footing, heading


@dataclass(frozen=True)
class Letterhead:
    """The government, the agency, and the lines of its address."""

    government: str
    agency: str
    address: tuple[str, ...]

    def told(self) -> dict[str, Any]:
        return {"government": self.government, "agency": self.agency, "address": list(self.address)}


@dataclass(frozen=True)
class Signature:
    """Where and when a paper is signed, and by whom."""

    place: str
    on: date
    person: Person

    def told(self, *, with_nip: bool) -> dict[str, Any]:
        """The lines of the block; the NIP is for papers of the service alone."""
        return {
            "place": f"{self.place}, {day_text(self.on)}",
            "heading": list(heading(self.person)),
            "footing": list(footing(self.person, with_nip=with_nip)),
        }
