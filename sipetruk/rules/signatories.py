"""Who signs a document on a day, and how the lines above a signature read on Indonesian letters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol, TypeVar

from sipetruk.errors import Invalid, Problem
from sipetruk.rules.dates import day_text
from sipetruk.rules.nip import format_nip
from sipetruk.rules.nip import parse as parse_nip

LAST_DAY = date(9999, 12, 31)


class SignatoryStatus(StrEnum):
    DEFINITIVE = "definitif"
    ACTING_HEAD = "pj"
    ACTING = "plt"
    DAILY = "plh"
    ON_BEHALF = "an"


class SignedDocument(StrEnum):
    DECREE = "decree"
    CERTIFICATE = "certificate"
    MINUTES = "minutes"
    RECAP = "recap"
    LETTER = "letter"


STATUS_LABELS: dict[SignatoryStatus, str] = {
    SignatoryStatus.DEFINITIVE: "Definitif",
    SignatoryStatus.ACTING_HEAD: "Pj. (penjabat)",
    SignatoryStatus.ACTING: "Plt. (pelaksana tugas)",
    SignatoryStatus.DAILY: "Plh. (pelaksana harian)",
    SignatoryStatus.ON_BEHALF: "a.n. (atas nama)",
}
DOCUMENT_LABELS: dict[SignedDocument, str] = {
    SignedDocument.DECREE: "SK penetapan",
    SignedDocument.CERTIFICATE: "Piagam",
    SignedDocument.MINUTES: "Berita acara",
    SignedDocument.RECAP: "Rekapitulasi",
    SignedDocument.LETTER: "Surat dan nota dinas",
}
_PREFIX = {SignatoryStatus.ACTING_HEAD: "Pj. ", SignatoryStatus.ACTING: "Plt. ", SignatoryStatus.DAILY: "Plh. "}
_TYPED_PREFIXES = ("pj.", "plt.", "plh.", "a.n.", "an.", "pj ", "plt ", "plh ", "a.n ")


class Term(Protocol):
    """The days on which somebody signs, both inclusive; without an end it lasts."""

    @property
    def valid_from(self) -> date: ...

    @property
    def valid_to(self) -> date | None: ...


T = TypeVar("T", bound=Term)


@dataclass(frozen=True)
class Person:
    """Who signs, as it will stand on paper."""

    name: str
    position: str
    status: SignatoryStatus
    on_behalf_of: str = ""
    rank_title: str = ""
    nip: str = ""


def heading(person: Person) -> tuple[str, ...]:
    """The lines above the signature: "a.n. Bupati Balangan", "Sekretaris Daerah,"."""
    own = f"{_PREFIX.get(person.status, '')}{person.position},"
    return (f"a.n. {person.on_behalf_of}", own) if person.status is SignatoryStatus.ON_BEHALF else (own,)


def footing(person: Person, *, with_nip: bool = False) -> tuple[str, ...]:
    """The lines below the signature: the name, the rank title and, on papers of the service, the NIP."""
    lines = (person.name, person.rank_title, f"NIP {format_nip(person.nip)}" if with_nip and person.nip else "")
    return tuple(line for line in lines if line)


def one_line(person: Person) -> str:
    """The capacity in one line: "a.n. Bupati Balangan, Sekretaris Daerah"."""
    return ", ".join(line.rstrip(",") for line in heading(person))


def checked(person: Person) -> Person:
    """The person without blanks around what was typed; `Invalid` names what is wrong."""
    clean = Person(
        name=person.name.strip(),
        position=person.position.strip(),
        status=person.status,
        on_behalf_of=person.on_behalf_of.strip(),
        rank_title=person.rank_title.strip(),
        nip="".join(person.nip.split()),
    )
    problems = [
        Problem("Wajib diisi, paling banyak %(most)s karakter.", (name,), params={"most": most})
        for name, most in (("name", 150), ("position", 200))
        if not 1 <= len(getattr(clean, name)) <= most
    ]
    if len(clean.rank_title) > 80:
        problems.append(Problem("Paling banyak %(most)s karakter.", ("rankTitle",), params={"most": 80}))
    if clean.position.lower().startswith(_TYPED_PREFIXES) and clean.status is not SignatoryStatus.ON_BEHALF:
        problems.append(Problem("Tulis jabatannya saja; Pj., Plt., Plh., dan a.n. ditulis dari status.", ("position",)))
    is_on_behalf = clean.status is SignatoryStatus.ON_BEHALF
    if is_on_behalf and not 1 <= len(clean.on_behalf_of) <= 200:
        problems.append(Problem("Sebutkan atas nama siapa, misalnya Bupati Balangan.", ("onBehalfOf",)))
    if not is_on_behalf and clean.on_behalf_of:
        problems.append(Problem("Kosongkan, kecuali statusnya a.n.", ("onBehalfOf",)))
    if clean.nip:
        problems += _nip_problems(clean.nip)
    if problems:
        raise Invalid(problems)
    return clean


def check_term(valid_from: date, valid_to: date | None, others: Iterable[Term]) -> None:
    """Refuse a term that ends before it begins or meets another one of the same document."""
    if valid_to is not None and valid_to < valid_from:
        raise Invalid("Tidak boleh sebelum tanggal mulai.", "endsOn")
    for other in others:
        if valid_from <= (other.valid_to or LAST_DAY) and other.valid_from <= (valid_to or LAST_DAY):
            until = day_text(other.valid_to) if other.valid_to else "seterusnya"
            raise Invalid(
                "Bertumpang tindih dengan penanda tangan lain, %(first)s sampai %(last)s. Akhiri yang lama lebih dahulu.",
                "startsOn",
                first=day_text(other.valid_from),
                last=until,
            )


def on_day(terms: Iterable[T], day: date) -> T | None:
    """The one whose term holds on the day, both ends included."""
    return next((term for term in terms if term.valid_from <= day <= (term.valid_to or LAST_DAY)), None)


def _nip_problems(nip: str) -> list[Problem]:
    try:
        parse_nip(nip, "PNS")
    except Invalid as refusal:
        return list(refusal.problems)
    return []
