"""Instruments: drafts are edited as whole documents, a lock makes an immutable version."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import chain
from typing import Any

from sipetruk.errors import Conflict, IllegalMove, Invalid, NotFound, Problem
from sipetruk.models import Criterion, Instrument, InstrumentVersion
from sipetruk.queries import visible
from sipetruk.queries.instrument_changes import UNDO, last_change
from sipetruk.rules import instrument as rules
from sipetruk.rules import scales, seal, tryout
from sipetruk.rules.examples import Example, to_document
from sipetruk.rules.examples import parse as parse_examples
from sipetruk.rules.permissions import Action, Actor, require
from sipetruk.services import audit, clock
from sipetruk.services.transaction import check_version, held, once, one, touch, transaction

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
UNKNOWN_TEMPLATE = "Contoh berkas “%(name)s” tidak tersimpan di sini; kosongkan isiannya, lalu unggah berkasnya setelah disimpan."
LOCKED = "Versi %(number)s sudah terkunci dan tidak dapat diubah; buat draf baru dari versi ini."


def create(
    actor: Actor,
    *,
    code: str,
    name: str,
    definition: Mapping[str, Any] | None = None,
    examples: Sequence[Mapping[str, Any]] = (),
    idempotency_key: str | None = None,
) -> int:
    """Add an instrument with its first draft, from `definition` and `examples` (such as a starter) or empty; return the version's id."""
    require(actor, Action.INSTRUMENT_EDIT)
    _check_naming(code, name)
    tree = rules.parse(definition) if definition is not None else rules.Definition(title=name.strip())
    tried = parse_examples(examples)
    _require_known_templates(tree)

    def add() -> int:
        if Instrument.select().where(Instrument.code == code).exists():
            raise Conflict("Kode instrumen “%(code)s” sudah dipakai.", "code", code=code)
        instrument = Instrument.create(code=code, name=name.strip())
        return _new_draft(actor, instrument, tree, tried)

    with transaction():
        return once(actor, "instrument:create", idempotency_key, add)


def start_draft(
    actor: Actor, *, instrument_id: int, from_version_id: int | None = None, shift_years: int = 0, idempotency_key: str | None = None
) -> int:
    """Open the next draft of an instrument, as a copy of a version (the newest by default); one draft at a time.

    With `shift_years` the months and years of data that its criteria name are moved by so many years.
    """
    require(actor, Action.INSTRUMENT_EDIT)

    def add() -> int:
        instrument = one(held(Instrument.select().where(Instrument.id == instrument_id)), "Instrumen")
        versions = InstrumentVersion.select().where(InstrumentVersion.instrument == instrument_id)
        if draft := versions.where(InstrumentVersion.state == "draft").first():
            raise Conflict("Masih ada draf versi %(number)s; kunci dahulu atau lanjutkan draf itu.", number=draft.number)
        source = (
            one(versions.where(InstrumentVersion.id == from_version_id), "Versi instrumen")
            if from_version_id
            else one(versions.order_by(InstrumentVersion.number.desc()), "Versi instrumen")
        )
        tree = rules.shift_years(rules.parse(source.definition), shift_years)
        return _new_draft(actor, instrument, tree, parse_examples(source.examples), source.number)

    with transaction():
        return once(actor, "instrument:start_draft", idempotency_key, add)


def restore(actor: Actor, *, version_id: int) -> int:
    """Take an earlier version up again as the next draft of its instrument, with its examples; refused while a draft exists."""
    require(actor, Action.INSTRUMENT_EDIT)
    version = one(visible.instrument_versions(actor).where(InstrumentVersion.id == version_id), "Versi instrumen")
    if version.state == "draft":
        raise IllegalMove("Versi ini masih draf; ia sudah dapat diubah.")
    return start_draft(actor, instrument_id=version.instrument_id, from_version_id=version_id)


def save_definition(actor: Actor, *, version_id: int, definition: Mapping[str, Any], expected_version: int) -> int:
    """Replace the tree of a draft; it may be unfinished but must be well formed. Returns the new row version."""
    tree = rules.parse(definition)
    return edit(actor, version_id=version_id, change=lambda _: tree, expected_version=expected_version)


def edit(
    actor: Actor,
    *,
    version_id: int,
    change: Callable[[rules.Definition], rules.Definition],
    expected_version: int,
    received: str | None = None,
) -> int:
    """Apply a pure change of `rules.instrument` to a draft; returns the new row version, or the same one when nothing differs.

    `received` is the hash of an empty form that was just uploaded, the only one that no instrument needs to have already.
    """
    require(actor, Action.INSTRUMENT_EDIT)
    with transaction():
        version = _held_draft(actor, version_id, expected_version)
        before = version.definition
        old = rules.parse(before)
        new = change(old)
        if new == old:
            return int(version.row_version)  # saved by a script already, then by hand: nothing that an undo could take back
        _require_known_templates(new, {received, *_templates(old)})
        version.definition = new.to_dict()
        touch(version)
        audit.record(actor, Action.INSTRUMENT_EDIT, "instrument_version", version_id, before=before, after=version.definition)
        return int(version.row_version)


def undo(actor: Actor, *, version_id: int, expected_version: int) -> int:
    """Bring the tree of a draft back to what it was before its last change; again goes further back. Returns the new row version."""
    require(actor, Action.INSTRUMENT_EDIT)
    with transaction():
        version = _held_draft(actor, version_id, expected_version)
        last = last_change(actor, version_id)
        if last is None:
            raise IllegalMove("Tidak ada lagi perubahan yang dapat diurungkan.")
        before = version.definition
        if last.after != before:
            raise Conflict("Perubahan terakhir tidak dapat diurungkan karena draf ini sudah diganti dengan cara lain.")
        version.definition = rules.parse(last.before).to_dict()
        touch(version)
        reason = f"Diurungkan: {last.message}"
        audit.record(actor, UNDO, "instrument_version", version_id, before=before, after=version.definition, reason=reason)
        return int(version.row_version)


def save_examples(actor: Actor, *, version_id: int, examples: Sequence[Mapping[str, Any]], expected_version: int) -> int:
    """Replace the made-up nominees of a draft, each value as its scale writes it; returns the new row version."""
    require(actor, Action.INSTRUMENT_EDIT)
    given = parse_examples(examples)
    with transaction():
        version = _held_draft(actor, version_id, expected_version)
        before = version.examples
        version.examples = to_document(tryout.read(rules.parse(version.definition), given))
        touch(version)
        audit.record(
            actor,
            Action.INSTRUMENT_EDIT,
            "instrument_version",
            version_id,
            before={"examples": before},
            after={"examples": version.examples},
        )
        return int(version.row_version)


def lock(actor: Actor, *, version_id: int, expected_version: int) -> str:
    """Make a draft an immutable version and return its SHA-256.

    Refused while anything in it is unsound, or while an example does not come out as expected; every reason is named.
    """
    require(actor, Action.INSTRUMENT_LOCK)
    with transaction():
        version = _held_draft(actor, version_id, expected_version)
        tree = rules.parse(version.definition)
        rules.require_lockable(tree)
        examples = parse_examples(version.examples)
        if problems := tryout.mismatches(tree, examples):
            raise Invalid(problems)
        _write_criteria(version_id, tree)
        version.definition, version.examples = tree.to_dict(), to_document(examples)
        version.sha256 = seal.sha256(version.definition)
        version.state = "locked"
        version.locked_at, version.locked_by = clock.now(), actor.user_id
        touch(version)
        after = {"number": version.number, "sha256": version.sha256}
        audit.record(actor, Action.INSTRUMENT_LOCK, "instrument_version", version_id, after=after)
        return str(version.sha256)


def retire(actor: Actor, *, version_id: int, reason: str, expected_version: int) -> None:
    """Take a locked version out of use for new categories; what refers to it stays as it is."""
    require(actor, Action.INSTRUMENT_LOCK)
    if not reason.strip():
        raise Invalid("Alasan wajib diisi.", "reason")
    with transaction():
        version = one(held(visible.instrument_versions(actor).where(InstrumentVersion.id == version_id)), "Versi instrumen")
        check_version(version, expected_version)
        if version.state != "locked":
            raise IllegalMove("Hanya versi terkunci yang dapat dinyatakan tidak dipakai lagi.")
        version.state = "retired"
        touch(version)
        audit.record(actor, Action.INSTRUMENT_LOCK, "instrument_version", version_id, after={"state": "retired"}, reason=reason)


def discard_draft(actor: Actor, *, version_id: int, expected_version: int) -> None:
    """Delete a draft; the audit keeps its last tree."""
    require(actor, Action.INSTRUMENT_EDIT)
    with transaction():
        version = _held_draft(actor, version_id, expected_version)
        before, instrument_id = version.definition, version.instrument_id
        version.delete_instance()
        if not InstrumentVersion.select().where(InstrumentVersion.instrument == instrument_id).exists():
            Instrument.delete().where(Instrument.id == instrument_id).execute()
        audit.record(actor, Action.INSTRUMENT_EDIT, "instrument_version", version_id, before=before, after=None)


def _check_naming(code: str, name: str) -> None:
    problems = []
    if not SLUG.fullmatch(code) or len(code) > 60:
        template = "Kode terdiri atas huruf kecil, angka, dan tanda hubung, paling banyak 60 karakter."
        problems.append(Problem(template, ("code",)))
    if not 1 <= len(name.strip()) <= 150:
        problems.append(Problem("Nama wajib diisi, paling banyak 150 karakter.", ("name",)))
    if problems:
        raise Invalid(problems)


def _templates(definition: rules.Definition) -> set[str]:
    return {need.template.sha256 for need in definition.requirements if need.template is not None}


def _require_known_templates(definition: rules.Definition, known: Collection[str | None] = ()) -> None:
    """A hash must not open what else is in the store: a form is one that an instrument here has, or one just uploaded."""
    if _templates(definition) <= set(known):
        return
    kept = (rules.parse(version.definition) for version in InstrumentVersion.select(InstrumentVersion.definition))
    held_here = {*known, *chain.from_iterable(map(_templates, kept))}
    asked = [(("evidence", str(at)), need.template) for at, need in enumerate(definition.evidence)]
    asked += [(("fields", str(at)), field.template) for at, field in enumerate(definition.fields)]
    problems = [
        Problem(UNKNOWN_TEMPLATE, (*path, "template"), params={"name": template.name})
        for path, template in asked
        if template is not None and template.sha256 not in held_here
    ]
    if problems:
        raise Invalid(problems)


def _new_draft(actor: Actor, instrument: Any, tree: rules.Definition, examples: Sequence[Example], origin: int | None = None) -> int:
    """Write the next version of an instrument; `origin` is the number of the version that it was copied from."""
    newest = (
        InstrumentVersion.select(InstrumentVersion.number)
        .where(InstrumentVersion.instrument == instrument)
        .order_by(InstrumentVersion.number.desc())
        .limit(1)
        .scalar()
    )
    version = InstrumentVersion.create(
        instrument=instrument,
        number=(newest or 0) + 1,
        definition=tree.to_dict(),
        examples=to_document(examples),
        created_at=clock.now(),
        created_by=actor.user_id,
    )
    after = {"instrument": instrument.code, "number": version.number} | ({"from_number": origin} if origin else {})
    audit.record(actor, Action.INSTRUMENT_EDIT, "instrument_version", version.id, after=after)
    return int(version.id)


def _held_draft(actor: Actor, version_id: int, expected_version: int) -> Any:
    version = held(visible.instrument_versions(actor).where(InstrumentVersion.id == version_id)).first()
    if version is None:
        raise NotFound("%(what)s tidak ditemukan.", what="Versi instrumen")
    if version.state != "draft":
        raise IllegalMove(LOCKED, number=version.number)
    check_version(version, expected_version)
    return version


def _write_criteria(version_id: int, tree: rules.Definition) -> None:
    """The criteria that assessors mark, as rows for their marks to point at."""
    rows = []
    for position, (_, criterion) in enumerate(rules.all_criteria(tree), start=1):
        bounds = scales.raw_bounds(criterion.scale)
        if criterion.source.kind != "assessor" or bounds is None:
            continue
        minimum, maximum, step = bounds
        rows.append(
            {
                "version": version_id,
                "code": criterion.code,
                "position": position,
                "minimum": minimum,
                "maximum": maximum,
                "step": step,
            }
        )
    if rows:
        Criterion.insert_many(rows).execute()
