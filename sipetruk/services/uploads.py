"""Files that come in pieces: begun when rights and room are sure, continued after a lost connection, made evidence exactly once."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sipetruk.errors import Conflict, Invalid, NotFound, Refusal, TooManyAttempts
from sipetruk.models import Upload, User
from sipetruk.queries import settings
from sipetruk.rules import file_kinds
from sipetruk.rules.permissions import Action, Actor, Subject, can
from sipetruk.services import clock, evidence, objections
from sipetruk.services.parts import Moved, Parts
from sipetruk.services.transaction import held, transaction

EVIDENCE, OBJECTION = "evidence", "objection"
GIVES_WAY = timedelta(hours=1)
"""From this age on an unfinished upload gives way to a new one of the same person."""
STRAY = timedelta(days=1)
"""Bytes without an upload on record go when they have lain untouched for so long."""
FILENAME_LENGTH = 255
LARGEST_CHECKED = 8 * 1024 * 1024
"""How large a piece with a checksum may be: it is held in memory until it is found to be right."""
_CHUNK = 64 * 1024
_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)
_BATCH = 500
_ACTIONS = {EVIDENCE: Action.EVIDENCE_ATTACH, OBJECTION: Action.OBJECTION_FILE}


class Damaged(Invalid):
    """A piece is not what its checksum says; nothing of it is kept."""


@dataclass(frozen=True)
class Announced:
    """What a sender says of a file before sending it; `metadata` is how it said so, given back on request."""

    purpose: str
    nomination_id: int
    requirement: str
    filename: str
    size: int
    metadata: str = ""


@dataclass(frozen=True)
class Progress:
    """How far an upload is, and what became of it."""

    id: str
    size: int
    offset: int
    expires_at: datetime
    metadata: str
    evidence_id: int | None = None


@dataclass(frozen=True)
class Checksum:
    """`algorithm` is one of `ALGORITHMS`."""

    algorithm: str
    digest: bytes


ALGORITHMS = ("sha1", "sha256")


def begin(actor: Actor, *, announced: Announced) -> Progress:
    """Promise a file: refused as the finished file would be, as far as its size, place and sender tell."""
    _require_wanted(actor, announced)
    if not announced.filename.strip():
        raise Invalid("Nama berkas wajib disebut.", "filename")
    if len(announced.filename) > FILENAME_LENGTH or "\x00" in announced.filename:
        raise Invalid("Nama berkas paling banyak %(most)s karakter.", "filename", most=FILENAME_LENGTH)
    name = secrets.token_hex(16)
    _parts().begin(name)
    try:
        row = _promise(actor, name, announced)
    except BaseException:
        _parts().discard(name)
        raise
    return _progress(row, 0)


def progress(actor: Actor, *, upload_id: str) -> Progress:
    """How far the actor's own upload is; one whose last byte came, but that was cut off then, is finished now."""
    row = _own(actor, upload_id)
    return _finished_if_whole(actor, row, _size(row))


def append(actor: Actor, *, upload_id: str, offset: int, stream: evidence.Readable, checksum: Checksum | None = None) -> Progress:
    """Take a piece that begins at `offset`; the piece with the last byte makes the file what it was sent for.

    What came before a connection was lost is kept; of a piece with a checksum nothing is, unless all of it is right.
    """
    row = _own(actor, upload_id)
    at = _size(row)
    if row.evidence_id is None:
        _require_wanted(actor, _announced(row))
    if offset != at:
        raise Moved("Unggahan ini sudah sampai byte ke-%(end)s.", "offset", end=at)
    try:
        try:
            for chunk in _chunks(stream, checksum):
                if at + len(chunk) > row.size:
                    raise Invalid("Yang dikirim lebih besar dari ukuran yang disebut, %(size)s byte.", "file", size=row.size)
                at = _parts().append(row.id, at, chunk)
        finally:  # a connection that is lost is an error of the stream
            if at != offset:
                _parts().settle(row.id)
    except FileNotFoundError as error:  # finished or thrown away in the meantime
        return _finished_by_another(row, error)
    return _finished_if_whole(actor, row, at)


def cancel(actor: Actor, *, upload_id: str) -> None:
    """Throw an unfinished upload of the actor away; what it became, if it is finished, stays."""
    _own(actor, upload_id)
    with transaction():
        row = held(Upload.select().where(Upload.id == upload_id)).first()
        if row is not None and (row.evidence_id is not None or row.objection_id is not None):
            raise Conflict("Unggahan ini sudah selesai dan dipakai.")
        Upload.delete().where(Upload.id == upload_id).execute()
    _parts().discard(upload_id)


@contextmanager
def attachment(actor: Actor, *, upload_id: str, nomination_id: int) -> Iterator[objections.Attachment]:
    """A whole and checked upload as the attachment of an objection, of which it may become only one."""
    row = _own(actor, upload_id)
    if row.purpose != OBJECTION or row.nomination_id != nomination_id:
        raise _gone()
    if _size(row) != row.size:
        raise Invalid("Berkas ini belum selesai diunggah.", "uploadId")
    try:
        file = _parts().open(row.id)
    except FileNotFoundError:
        raise _gone() from None
    with file as stream:
        yield objections.Attachment(row.filename, stream, lambda number: _claim(row.id, objection=number))


def forget_expired() -> int:
    """Remove unfinished uploads whose time is over, and bytes that no upload names; returns how many uploads."""
    count = 0
    while names := [row.id for row in Upload.select(Upload.id).where(Upload.expires_at <= clock.now()).limit(_BATCH)]:
        count += int(Upload.delete().where(Upload.id.in_(names)).execute())
        for name in names:
            _parts().discard(name)
    for name in _parts().untouched_since((clock.now() - STRAY).timestamp()):
        if not Upload.select().where(Upload.id == name).exists():
            _parts().discard(name)
    return count


@dataclass(frozen=True)
class Waiting:
    """Unfinished uploads of everybody: how many, how many of them past their time, and the bytes that came so far."""

    count: int
    overdue: int
    size: int


def waiting(since: datetime) -> Waiting:
    """What lies about unfinished; overdue is what should have been removed before `since`."""
    return Waiting(_unfinished().count(), Upload.select().where(Upload.expires_at < since).count(), _parts().used())


def _parts() -> Parts:
    return Parts(evidence.store_folder() / "uploads")


def _unfinished() -> Any:
    return Upload.select().where(Upload.evidence.is_null(), Upload.objection.is_null())


# Beginning ----------------------------------------------------------------------------------------------------------


def _require_wanted(actor: Actor, announced: Announced) -> None:
    """Refuse what could not become what it is sent for, now."""
    if announced.purpose == EVIDENCE:
        evidence.require_attachable(actor, nomination_id=announced.nomination_id, requirement=announced.requirement, size=announced.size)
    elif announced.purpose == OBJECTION:
        objections.require_attachable(actor, nomination_id=announced.nomination_id, size=announced.size)
    else:
        raise Invalid("Tujuan unggahan tidak dikenal.", "purpose")


def _promise(actor: Actor, name: str, announced: Announced) -> Any:
    with transaction():
        held(User.select().where(User.id == actor.user_id)).first()  # of two that begin at once the second counts the first
        given_way = _made_room(actor)
        row = Upload.create(
            id=name,
            purpose=announced.purpose,
            nomination=announced.nomination_id,
            requirement=announced.requirement if announced.purpose == EVIDENCE else "",
            filename=announced.filename,
            size=announced.size,
            metadata=announced.metadata,
            begun_by=actor.user_id,
            begun_at=clock.now(),
            expires_at=clock.now() + timedelta(hours=settings.number("upload_hours")),
        )
    if given_way:
        _parts().discard(given_way)
    return row


def _made_room(actor: Actor) -> str:
    """Refuse when the actor has as many uploads under way as one may; an old one gives way, and is named."""
    mine = _unfinished().where(Upload.begun_by == actor.user_id, Upload.expires_at > clock.now())
    rows = list(mine.order_by(Upload.begun_at, Upload.id))
    most = settings.number("upload_open")
    if len(rows) < most:
        return ""
    if rows[0].begun_at > clock.now() - GIVES_WAY:
        raise TooManyAttempts(
            "Masih ada %(count)s unggahan yang berjalan. Tunggu sampai selesai, atau batalkan salah satunya.", count=len(rows)
        )
    rows[0].delete_instance()
    return str(rows[0].id)


# Going on -----------------------------------------------------------------------------------------------------------


def _own(actor: Actor, upload_id: str) -> Any:
    """An upload that the actor began and may go on with, whose time is not over; the same `NotFound` for any other and for none."""
    if not _ID.fullmatch(upload_id):
        raise _gone()
    mine = Upload.select().where(Upload.id == upload_id, Upload.begun_by == actor.user_id, Upload.expires_at > clock.now())
    row = mine.first()
    if row is None or not can(actor, _ACTIONS[row.purpose], Subject(unit_id=row.nomination.work_unit_id)):
        raise _gone()
    return row


def _gone() -> NotFound:
    return NotFound("%(what)s tidak ditemukan.", what="Unggahan")


def _size(row: Any) -> int:
    """How many bytes have come; those of finished evidence lie in the store, also when another connection finished it just now."""
    if row.evidence_id is None:
        size = _parts().size(row.id)
        if size is not None:
            return size
        now = Upload.get_or_none(Upload.id == row.id)
        if now is None or now.evidence_id is None:
            raise _gone()
        row.evidence_id = now.evidence_id
    return int(row.size)


def _chunks(stream: evidence.Readable, checksum: Checksum | None) -> Iterator[bytes]:
    if checksum is None:
        while chunk := stream.read(_CHUNK):
            yield chunk
        return
    whole = bytearray()
    while chunk := stream.read(_CHUNK):
        whole += chunk
        if len(whole) > LARGEST_CHECKED:
            raise Invalid("Potongan dengan checksum paling besar %(most)s MB.", "file", most=LARGEST_CHECKED // evidence.MEGABYTE)
    if hashlib.new(checksum.algorithm, whole).digest() != checksum.digest:
        raise Damaged("Potongan berkas rusak dalam perjalanan: checksum tidak cocok.", "file")
    if whole:
        yield bytes(whole)


def _announced(row: Any) -> Announced:
    return Announced(row.purpose, row.nomination_id, row.requirement, row.filename, row.size, row.metadata)


# Finishing ----------------------------------------------------------------------------------------------------------


def _finished_if_whole(actor: Actor, row: Any, at: int) -> Progress:
    if at < row.size or row.evidence_id is not None or row.objection_id is not None:
        return _progress(row, at)
    try:
        with _parts().open(row.id) as stream:
            if row.purpose == OBJECTION:
                evidence.recognise(stream.read(file_kinds.HEAD), objections.KINDS)
                return _progress(row, at)
            evidence.store(
                actor,
                nomination_id=row.nomination_id,
                requirement=row.requirement,
                filename=row.filename,
                stream=stream,
                claim=lambda number: _claim(row.id, evidence=number),
            )
    except (Refusal, FileNotFoundError) as error:
        return _finished_by_another(row, error)
    _parts().discard(row.id)
    return _progress(Upload.get_by_id(row.id), at)


def _finished_by_another(row: Any, error: Exception) -> Progress:
    """What two connections finish at once is finished once, and both are told; what is refused is thrown away."""
    now = Upload.get_or_none(Upload.id == row.id)
    if now is not None and now.evidence_id is not None:
        return _progress(now, now.size)
    Upload.delete().where(Upload.id == row.id, Upload.evidence.is_null()).execute()
    _parts().discard(row.id)
    if isinstance(error, FileNotFoundError):
        raise _gone() from None
    raise error


def _claim(name: str, **became: int) -> None:
    """Note what an upload became, inside the transaction that makes it so: nothing if it became something already."""
    row = held(Upload.select().where(Upload.id == name)).first()
    if row is None:
        raise _gone()
    if row.evidence_id is not None or row.objection_id is not None:
        raise Conflict("Unggahan ini sudah dipakai.", "uploadId")
    Upload.update(**became).where(Upload.id == name).execute()


def _progress(row: Any, at: int) -> Progress:
    return Progress(row.id, row.size, at, row.expires_at, row.metadata, row.evidence_id)
