"""Evidence files of a nomination: kept under the hash of their bytes, recognised by what they hold, not by their name."""

from __future__ import annotations

import hashlib
import os
import tempfile
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import NamedTuple, Protocol

import peewee as pw

from sipetruk.errors import Invalid
from sipetruk.models import Blob, CheckItem, Evidence, Nomination
from sipetruk.queries import settings, visible
from sipetruk.queries.blind import filename_for
from sipetruk.queries.nominations import definition_of
from sipetruk.rules import file_kinds, form
from sipetruk.rules.definition import EvidenceRequirement
from sipetruk.rules.permissions import Action, Actor, Subject, require
from sipetruk.services import audit, clock, nominations
from sipetruk.services.transaction import held, transaction

FILENAME_LENGTH = 200
_CHUNK = 64 * 1024
MEGABYTE = 1024 * 1024


class Readable(Protocol):
    """An upload: bytes to be read once."""

    def read(self, size: int, /) -> bytes: ...


class OpenedFile(NamedTuple):
    """Where the bytes lie, what they are, and the name under which they are handed out (as an attachment)."""

    path: Path
    media_type: str
    filename: str


def use_store(folder: Path | str) -> None:
    """Keep evidence in `folder` from now on; called once when the application is put together."""
    global _store  # noqa: PLW0603  # one store for the whole process, like the one database
    _store = Store(Path(folder))


def store(
    actor: Actor,
    *,
    nomination_id: int,
    requirement: str,
    filename: str,
    stream: Readable,
    claim: Callable[[int], None] = lambda _: None,
) -> int:
    """Attach a file to a nomination for one of the evidence requirements of its instrument; returns the id of the evidence.

    A live endorsement and the verifier's verdict on that requirement are void afterwards: they were about other files.
    `claim` is told the id before anything is saved for good, and may refuse.
    """
    wanted = _requirement(_editable(actor, nomination_id), requirement)
    with receive(stream, wanted.max_mb) as received:
        kind = recognise(received.head, wanted.accept)
        _refuse_double(nomination_id, wanted, received.sha256)
        _refuse_full(nomination_id, wanted, received.size)
        received.keep()
    with transaction():
        nomination = _editable(actor, nomination_id, hold=True)
        wanted = _requirement(nomination, requirement)
        _refuse_double(nomination_id, wanted, received.sha256)
        _refuse_full(nomination_id, wanted, received.size)
        remember(received.sha256, received.size, kind.media_type)
        evidence = Evidence.create(
            nomination=nomination,
            requirement=requirement,
            blob=received.sha256,
            filename=clean_filename(filename, kind),
            uploaded_by=actor.user_id,
            uploaded_at=clock.now(),
        )
        _void(nomination, requirement)
        audit.record(actor, Action.EVIDENCE_ATTACH, "evidence", evidence.id, after=_described(evidence, received.size))
        claim(int(evidence.id))
    return int(evidence.id)


def require_attachable(actor: Actor, *, nomination_id: int, requirement: str, size: int) -> None:
    """Refuse what could not be attached now, before a byte of it is taken: who asks, for what, how large, how much is there."""
    wanted = _requirement(_editable(actor, nomination_id), requirement)
    require_size(size, wanted.max_mb)
    _refuse_full(nomination_id, wanted, size)


def require_size(size: int, most_mb: int) -> None:
    """Refuse a file of no bytes and one of too many."""
    if not size:
        raise Invalid("Berkas ini kosong (0 byte).", "file")
    if size > most_mb * MEGABYTE:
        raise Invalid("Berkas lebih besar dari batas %(most)s MB.", "file", most=most_mb)


def remove(actor: Actor, *, evidence_id: int) -> int:
    """Take a file away from its nomination; the bytes stay in the store, since another nomination may hold the same.

    Returns the id of the nomination.
    """
    with transaction():
        nomination = _editable(actor, _visible_evidence(actor, evidence_id).nomination_id, hold=True)
        found = _visible_evidence(actor, evidence_id)  # again: somebody may have removed it before the nomination was held
        found.delete_instance()
        _void(nomination, found.requirement)
        audit.record(actor, "evidence:remove", "evidence", evidence_id, before=_described(found, found.blob.size))
    return int(nomination.id)


def require_removable(actor: Actor, *, evidence_id: int) -> None:
    """Refuse what `remove` would refuse now, before anybody is asked whether to remove it."""
    _editable(actor, _visible_evidence(actor, evidence_id).nomination_id)


def receive(stream: Readable, most_mb: int) -> AbstractContextManager[Received]:
    """Read a file into the store's waiting room, measured and hashed; what is not kept there leaves nothing behind."""
    return _store.receive(stream, most_mb)


def store_folder() -> Path:
    """Where all files lie."""
    return _store.folder


def place_of(sha256: str) -> Path:
    """Where bytes with this hash lie when the store holds them."""
    return _store.path(sha256)


def open_file(actor: Actor, evidence_id: int) -> OpenedFile:
    """The file of an evidence that the actor may read; the same `NotFound` for a hidden and for an unknown one."""
    found = _visible_evidence(actor, evidence_id)
    path = _store.path(found.blob_id)
    if not path.is_file():
        raise RuntimeError(f"evidence {evidence_id} is on record but its file is not in the store")
    return OpenedFile(path, str(found.blob.media_type), filename_for(actor, found))


# What a file is -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Kind:
    """A kind of file that can be evidence: the bytes it opens with, and the endings its name may have (the first is usual)."""

    code: str
    media_type: str
    magic: bytes
    endings: tuple[str, ...]


KINDS = (
    Kind("pdf", "application/pdf", b"%PDF-", ("pdf",)),
    Kind("png", "image/png", b"\x89PNG\r\n\x1a\n", ("png",)),
    Kind("jpg", "image/jpeg", b"\xff\xd8\xff", ("jpg", "jpeg")),
)
NOT_BY_NAME = "Mengganti akhiran nama berkas tidak mengubah isinya."


def clean_filename(given: str, kind: Kind) -> str:
    """The name without folders and without characters that control a terminal, a header or the direction of writing.

    It always ends as its kind does, so that "surat.exe" with a PDF inside opens as what it is.
    """
    name = PurePosixPath(unicodedata.normalize("NFC", given).replace("\\", "/")).name
    name = "".join("_" if c in '<>:"|?*' else c for c in name if unicodedata.category(c)[0] != "C")
    name = " ".join(name.split())
    stem, dot, ending = name.rpartition(".")
    if not dot or ending.lower() not in kind.endings:
        stem, ending = name, kind.endings[0]
    room = FILENAME_LENGTH - len(ending) - 1
    return f"{stem.strip('. ')[:room].strip() or 'berkas'}.{ending}"


def recognise(head: bytes, accept: tuple[str, ...]) -> Kind:
    """The kind of a file by its first bytes; one that is not accepted is refused by what it is."""
    allowed = {"jpg" if code == "jpeg" else code for code in accept}
    found = next((kind for kind in KINDS if head.startswith(kind.magic)), None)
    if found is not None and found.code in allowed:
        if found.code == "png" and (file_kinds.png_pixels(head) or 0) > file_kinds.LARGEST_PIXELS:
            raise Invalid("Gambar ini berukuran terlalu banyak piksel untuk dibuka. Perkecil ukurannya, lalu unggah kembali.", "file")
        return found
    accepted = _one_of(sorted(code.upper() for code in allowed))
    if words := file_kinds.kind_in_words(head):
        raise Invalid("Isi berkas ini adalah %(found)s, bukan %(accepted)s. " + NOT_BY_NAME, "file", found=words, accepted=accepted)
    raise Invalid("Isi berkas ini bukan %(accepted)s. " + NOT_BY_NAME, "file", accepted=accepted)


def _one_of(names: list[str]) -> str:
    """`JPG`, `JPG atau PNG`, `JPG, PDF, atau PNG`."""
    return " atau ".join(names) if len(names) < 3 else f"{', '.join(names[:-1])}, atau {names[-1]}"


def remember(sha256: str, size: int, media_type: str) -> None:
    """Put bytes that lie in the store on record, inside the transaction of what refers to them.

    A row that is there already is held: whoever removes what nothing refers to waits for the end of this transaction.
    """
    row = Blob.insert(sha256=sha256, size=size, media_type=media_type)
    row.on_conflict(conflict_target=[Blob.sha256], update={Blob.size: size}).execute()


# The store ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Received:
    """An upload that lies in a temporary file, measured and hashed; `keep` moves it to its place."""

    temporary: Path
    place: Path
    sha256: str
    size: int
    head: bytes

    def keep(self) -> None:
        """Move the bytes to the place that their hash names; the same bytes may lie there already."""
        self.place.parent.mkdir(parents=True, exist_ok=True)
        self.temporary.replace(self.place)


class Store:
    """A folder of files named by the SHA-256 of their bytes, two levels of folders deep: `ab/cd/abcd...`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, sha256: str) -> Path:
        return self.folder / sha256[:2] / sha256[2:4] / sha256

    @contextmanager
    def receive(self, stream: Readable, most_mb: int) -> Iterator[Received]:
        """Read an upload of at most so many megabytes; a refused or abandoned one leaves nothing behind."""
        incoming = self.folder / "incoming"
        incoming.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=incoming)
        try:
            with os.fdopen(descriptor, "wb") as file:
                digest, size, head = hashlib.sha256(), 0, b""
                while chunk := stream.read(_CHUNK):
                    size += len(chunk)
                    if size > most_mb * MEGABYTE:
                        break
                    head += chunk[: file_kinds.HEAD - len(head)]
                    digest.update(chunk)
                    file.write(chunk)
                require_size(size, most_mb)
                file.flush()
                os.fsync(file.fileno())
            sha256 = digest.hexdigest()
            yield Received(Path(name), self.path(sha256), sha256, size, head)
        finally:
            Path(name).unlink(missing_ok=True)


_store = Store(Path("var/evidence"))


# Rules of attaching -------------------------------------------------------------------------------------------------


def _editable(actor: Actor, nomination_id: int, *, hold: bool = False) -> Nomination:
    """The nomination, when the actor may attach to it now."""
    query = visible.nominations(actor)
    nomination: Nomination = visible.get(held(query) if hold else query, Nomination, nomination_id, "Usulan")
    require(actor, Action.EVIDENCE_ATTACH, Subject(unit_id=nomination.work_unit_id))
    nominations.require_editable(nomination)
    return nomination


def _requirement(nomination: Nomination, code: str) -> EvidenceRequirement:
    """What the nomination's instrument asks for under `code`, evidence or a file question, as far as the unit is to give it now."""
    definition = definition_of(nomination.category.instrument_version)
    wanted = next((each for each in definition.requirements if each.code == code), None)
    if wanted is None:
        raise Invalid("Jenis bukti ini tidak ada pada instrumen.", "requirement")
    if wanted.source != "unit":
        raise Invalid("Bukti “%(label)s” diambil dari data kepegawaian, tidak perlu diunggah.", "requirement", label=wanted.label)
    if wanted not in form.requirements(definition, nomination.answers):
        raise Invalid("“%(label)s” tidak ditanyakan untuk jawaban yang tersimpan.", "requirement", label=wanted.label)
    return wanted


def _refuse_full(nomination_id: int, wanted: EvidenceRequirement, size: int) -> None:
    """Refuse one file more than the requirement takes, or than a nomination may have in number or in size."""
    attached = Evidence.select().where(Evidence.nomination == nomination_id, Evidence.requirement == wanted.code).count()
    if attached >= wanted.max_files:
        raise Invalid(
            "Bukti “%(label)s” paling banyak %(most)s berkas. Hapus berkas yang lama terlebih dahulu.",
            "file",
            label=wanted.label,
            most=wanted.max_files,
        )
    limits = settings.texts("upload_files", "upload_total_mb")
    files = Evidence.select(pw.fn.COUNT(Evidence.id), pw.fn.COALESCE(pw.fn.SUM(Blob.size), 0)).join(Blob)
    count, total = files.where(Evidence.nomination == nomination_id).scalar(as_tuple=True)
    if count >= int(limits["upload_files"]):
        raise Invalid("Satu usulan paling banyak memuat %(most)s berkas bukti.", "file", most=limits["upload_files"])
    if total + size > int(limits["upload_total_mb"]) * MEGABYTE:
        most = limits["upload_total_mb"]
        raise Invalid("Semua berkas bukti satu usulan paling besar %(most)s MB. Perkecil atau hapus berkas lain dahulu.", "file", most=most)


def _refuse_double(nomination_id: int, wanted: EvidenceRequirement, sha256: str) -> None:
    double = Evidence.get_or_none(nomination=nomination_id, requirement=wanted.code, blob=sha256)
    if double is not None:
        raise Invalid(
            "Berkas yang sama sudah diunggah untuk bukti “%(label)s” dengan nama “%(filename)s”.",
            "file",
            label=wanted.label,
            filename=double.filename,
        )


def _void(nomination: Nomination, requirement: str) -> None:
    """What was said about the files before the change no longer holds."""
    CheckItem.delete().where(CheckItem.nomination == nomination, CheckItem.requirement == requirement).execute()
    nominations.note_change(nomination)


def _visible_evidence(actor: Actor, evidence_id: int) -> Evidence:
    nominations_read = visible.nominations(actor, Action.EVIDENCE_READ).select(Nomination.id)
    query = Evidence.select(Evidence, Blob).join(Blob).where(Evidence.nomination.in_(nominations_read))
    found: Evidence = visible.get(query, Evidence, evidence_id, "Berkas bukti")
    return found


def _described(evidence: Evidence, size: int) -> dict[str, object]:
    return {
        "nomination": evidence.nomination_id,
        "requirement": evidence.requirement,
        "sha256": evidence.blob_id,
        "filename": evidence.filename,
        "size": size,
    }
