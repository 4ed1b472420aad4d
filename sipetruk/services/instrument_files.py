"""Instruments out of and into files: an export of any version, and an import that is tried before it is done.

An import is one transaction. Trying it does exactly the same and takes it back, so that what is shown is what will happen.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sipetruk.documents import instrument_files as files
from sipetruk.errors import Conflict, Invalid, Problem
from sipetruk.models import Instrument, InstrumentVersion
from sipetruk.models.base import database
from sipetruk.queries import visible
from sipetruk.rules import exchange, seal, tryout
from sipetruk.rules import instrument as rules
from sipetruk.rules.examples import Example
from sipetruk.rules.examples import parse as parse_examples
from sipetruk.rules.permissions import Action, Actor, require
from sipetruk.services import audit, instruments
from sipetruk.services.transaction import one, transaction

TEMPLATE_NAME = "instrumen-kosong.xlsx"
_OTHER_CONTENT = "Isi yang dikirim berbeda dari yang diperiksa; unggah kembali berkasnya."


@dataclass(frozen=True)
class ExportedFile:
    filename: str
    media_type: str
    content: bytes
    sha256: str

    @property
    def size(self) -> int:
        return len(self.content)


@dataclass(frozen=True)
class Target:
    """Where an import goes: the draft `version_id` as it was read in `expected_version`, the next draft of `instrument_id`,
    or else a new instrument called `name` with the given `code`.
    """

    code: str = ""
    name: str = ""
    version_id: int | None = None
    expected_version: int = 0
    instrument_id: int | None = None


@dataclass(frozen=True)
class Trial:
    """What an import would do. `document` and its `sha256` are what `import_document` takes to do it.

    `changes` is None for a new instrument. `findings` and `mismatches` are remarks that an import allows and a lock does not.
    """

    document: dict[str, Any]
    sha256: str
    definition: rules.Definition
    examples: tuple[Example, ...]
    changes: tuple[rules.Change, ...] | None
    examples_before: int
    findings: tuple[rules.Finding, ...]
    mismatches: tuple[Problem, ...]

    @property
    def changes_nothing(self) -> bool:
        return self.changes == () and self.examples_before == len(self.examples)


def export(actor: Actor, *, version_id: int, kind: str) -> ExportedFile:
    """A version as a file of one kind ("toml", "json", "xlsx"); the same version always gives the same bytes."""
    require(actor, Action.INSTRUMENT_READ)
    version = one(_joined(visible.instrument_versions(actor).where(InstrumentVersion.id == version_id)), "Versi instrumen")
    content = files.write_file(kind, rules.parse(version.definition), parse_examples(version.examples))
    name = f"{version.instrument.code}-v{version.number}.{kind}"
    return ExportedFile(name, files.KINDS[kind].media_type, content, hashlib.sha256(content).hexdigest())


def empty_template() -> ExportedFile:
    """An empty workbook to fill in by hand."""
    content = files.template_xlsx()
    return ExportedFile(TEMPLATE_NAME, files.KINDS["xlsx"].media_type, content, hashlib.sha256(content).hexdigest())


def try_file(actor: Actor, *, content: bytes, target: Target) -> Trial:
    """What importing a file would do; Invalid names every problem by line or cell. Nothing is saved."""
    require(actor, Action.INSTRUMENT_EDIT)
    file = files.read_file(content)
    try:
        return _try(actor, file.definition, file.examples, target)
    except Invalid as refusal:
        raise Invalid(file.placed(refusal.problems)) from None


def try_document(actor: Actor, *, document: object, target: Target) -> Trial:
    """What importing a document would do; Invalid names every problem by its place in the document. Nothing is saved."""
    require(actor, Action.INSTRUMENT_EDIT)
    return _try(actor, *exchange.read(document), target)


def import_document(actor: Actor, *, document: object, target: Target, expected_sha256: str | None = None) -> int:
    """Write a document that was tried; returns the id of the draft it went into.

    `expected_sha256` is that of the trial: anything else than what was shown is refused.
    """
    require(actor, Action.INSTRUMENT_EDIT)
    definition, examples = exchange.read(document)
    clean = exchange.write(definition, examples)
    if expected_sha256 is not None and seal.sha256(clean) != expected_sha256:
        raise Conflict(_OTHER_CONTENT)
    with transaction():
        return _write(actor, clean, target)


def target_of(actor: Actor, *, code: str, name: str = "") -> Target:
    """Where a file for this code goes: into the draft of the instrument, its next draft, or a new instrument."""
    versions = _joined(visible.instrument_versions(actor).where(Instrument.code == code)).order_by(InstrumentVersion.number.desc())
    newest = versions.first()
    if newest is None:
        return Target(code=code, name=name)
    if newest.state == "draft":
        return Target(version_id=newest.id, expected_version=newest.row_version)
    return Target(instrument_id=newest.instrument_id)


def _try(actor: Actor, definition: rules.Definition, examples: tuple[Example, ...], target: Target) -> Trial:
    document = exchange.write(definition, examples)
    before = _before(actor, target)
    with database.atomic() as block:
        _write(actor, document, target)
        block.rollback()
    return Trial(
        document,
        seal.sha256(document),
        definition,
        examples,
        None if before is None else tuple(rules.diff(rules.parse(before.definition), definition)),
        0 if before is None else len(before.examples),
        tuple(rules.lint(definition)),
        tuple(tryout.mismatches(definition, examples)),
    )


def _write(actor: Actor, document: Mapping[str, Any], target: Target) -> int:
    """Write through the services of instruments, inside the transaction of the caller, and say where it came from."""
    definition = {key: value for key, value in document.items() if key != "examples"}
    examples = document.get("examples", [])
    version_id = target.version_id
    if version_id is None and target.instrument_id is None:
        version_id = instruments.create(actor, code=target.code, name=target.name, definition=definition, examples=examples)
    else:
        expected = target.expected_version
        if version_id is None:
            version_id, expected = instruments.start_draft(actor, instrument_id=target.instrument_id or 0), 1
        held = instruments.save_definition(actor, version_id=version_id, definition=definition, expected_version=expected)
        if InstrumentVersion.get_by_id(version_id).examples != examples:
            instruments.save_examples(actor, version_id=version_id, examples=examples, expected_version=held)
    after = {"imported_sha256": seal.sha256(document)}
    audit.record(actor, Action.INSTRUMENT_EDIT, "instrument_version", version_id, after=after, reason="Diimpor dari berkas")
    return version_id


def _before(actor: Actor, target: Target) -> Any:
    """The version with which the file is compared: the draft that it replaces, or the newest of the instrument."""
    versions = visible.instrument_versions(actor)
    if target.version_id is not None:
        return one(versions.where(InstrumentVersion.id == target.version_id), "Versi instrumen")
    if target.instrument_id is not None:
        found = versions.where(InstrumentVersion.instrument == target.instrument_id)
        return one(found.order_by(InstrumentVersion.number.desc()), "Versi instrumen")
    return None


def _joined(query: Any) -> Any:
    return query.select(InstrumentVersion, Instrument).join(Instrument)
