"""Files of the store that nothing refers to: found, and removed once they are old enough. For whoever runs the server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import peewee as pw

from sipetruk.models import TABLES, AuditEntry, Blob, InstrumentVersion
from sipetruk.rules.permissions import SYSTEM
from sipetruk.services import audit, clock, evidence
from sipetruk.services.transaction import held, transaction

CLEAN = "evidence:clean"
INCOMING, LEAVING = "incoming", "leaving"
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Found:
    """What lies about without a reference: files by their path in the store, and their size in all."""

    paths: tuple[str, ...]
    size: int


def clean(*, older_than: timedelta, is_dry_run: bool) -> Found:
    """Remove the files that no row and no instrument names and that were not touched for `older_than`; name them only, in a dry run.

    An upload under way is safe: it writes its file anew before it puts it on record, and a file that is new again when it
    is to leave stays. Returns what was, or would be, removed.
    """
    if not is_dry_run:
        _put_back()
    limit = clock.now() - older_than
    named = _named_by_instruments()
    removed = [each for each in _old_files(limit) if _leaves(each, named, limit, is_dry_run=is_dry_run)]
    found = Found(tuple(str(path.relative_to(evidence.store_folder())) for path, _ in removed), sum(size for _, size in removed))
    if found.paths and not is_dry_run:
        with transaction():
            audit.record(SYSTEM, CLEAN, "evidence", "store", after={"files": len(found.paths), "bytes": found.size})
    return found


def _put_back() -> None:
    """Return files that were moved aside although something refers to them: a cleaning was cut off at that very moment."""
    for aside in (evidence.store_folder() / LEAVING).glob("*"):
        if _SHA256.fullmatch(aside.name) and _is_referred_to(aside.name):
            with suppress(FileNotFoundError):  # another cleaning has done it
                aside.replace(evidence.place_of(aside.name))


def _old_files(limit: datetime) -> Iterator[tuple[Path, int]]:
    """Files of the store last written before `limit`, in a fixed order, with their size."""
    folder = evidence.store_folder()
    for path in sorted(folder.rglob("*")):
        if (size := _size_if_old(path, limit)) is not None:
            yield path, size


def _leaves(file: tuple[Path, int], named: set[str], limit: datetime, *, is_dry_run: bool) -> bool:
    """Whether the file is nothing's; it is removed unless this is a dry run."""
    path, _ = file
    if path.parent.name in {INCOMING, LEAVING} and path.parent.parent == evidence.store_folder():
        if path.parent.name == LEAVING and _is_referred_to(path.name):
            return False  # `clean` was cut off before it could put it back
        if not is_dry_run:
            path.unlink(missing_ok=True)
        return True
    if not _SHA256.fullmatch(path.name) or path != evidence.place_of(path.name) or path.name in named:
        return False  # what is not ours is left alone
    if is_dry_run:
        return not _is_referred_to(path.name)
    return _forget(path, limit) and _take_away(path, limit)


def _forget(path: Path, limit: datetime) -> bool:
    """Take the record of bytes away unless something refers to them; False when they are needed after all."""
    try:
        with transaction():
            held(Blob.select().where(Blob.sha256 == path.name)).first()
            if _size_if_old(path, limit) is None or _is_referred_to(path.name):
                return False
            Blob.delete().where(Blob.sha256 == path.name).execute()
    except pw.IntegrityError:
        return False  # something came to refer to it at this very moment
    return True


def _take_away(path: Path, limit: datetime) -> bool:
    """Remove a file, unless an upload has put it there anew: it is moved aside first, so that what is looked at is what goes."""
    aside = evidence.store_folder() / LEAVING / path.name
    aside.parent.mkdir(exist_ok=True)
    try:
        path.rename(aside)
    except FileNotFoundError:
        return False
    if _size_if_old(aside, limit) is None:
        with suppress(FileNotFoundError):  # another cleaning has put it back
            aside.replace(path)
        return False
    aside.unlink(missing_ok=True)
    return True


def _size_if_old(path: Path, limit: datetime) -> int | None:
    """The size of a file that was last written before `limit`; None for a newer one and for what is no file."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return None
    return found.st_size if path.is_file() and found.st_mtime < limit.timestamp() else None


def _is_referred_to(sha256: str) -> bool:
    """Whether a row of any table refers to these bytes: every foreign key to them is asked."""
    return any(model.select().where(field == sha256).exists() for model, field in _references())


def _references() -> list[tuple[Any, Any]]:
    return [(model, field) for model in TABLES for field in model._meta.refs if field.rel_model is Blob]


def _named_by_instruments() -> set[str]:
    """Empty forms that a version names, or that an earlier state of a draft named, which may be brought back."""
    named: set[str] = set()
    for (definition,) in InstrumentVersion.select(InstrumentVersion.definition).tuples().iterator():
        named |= set(_hashes(definition))
    drafts = [str(id_) for (id_,) in InstrumentVersion.select(InstrumentVersion.id).where(InstrumentVersion.state == "draft").tuples()]
    entries = AuditEntry.select(AuditEntry.before, AuditEntry.after).where(
        AuditEntry.thing == "instrument_version", AuditEntry.thing_id.in_(drafts)
    )
    for before, after in entries.tuples().iterator():
        named |= set(_hashes(before)) | set(_hashes(after))
    return named


def _hashes(tree: Any) -> Iterator[str]:
    """Every text of a document that could be the name of a file."""
    if isinstance(tree, str):
        if _SHA256.fullmatch(tree):
            yield tree
    elif isinstance(tree, dict):
        for each in tree.values():
            yield from _hashes(each)
    elif isinstance(tree, list):
        for each in tree:
            yield from _hashes(each)
