"""Empty forms of an instrument, to be downloaded, filled in and uploaded: kept in the evidence store, known by their hash."""

from __future__ import annotations

import zipfile

from sipetruk.errors import Invalid, NotFound
from sipetruk.models import Blob, Nomination
from sipetruk.queries import instruments as instrument_queries
from sipetruk.queries import visible
from sipetruk.queries.nominations import definition_of
from sipetruk.queries.public.instruments import instrument_version
from sipetruk.rules import instrument as rules
from sipetruk.rules.permissions import Action, Actor, require
from sipetruk.services import evidence, instruments
from sipetruk.services.evidence import Kind, OpenedFile, Readable, Received
from sipetruk.services.transaction import transaction

MOST_MB = 5
_ZIP = b"PK\x03\x04"
_OFFICE = "application/vnd.openxmlformats-officedocument"
OFFICE_KINDS = {
    "word/document.xml": Kind("docx", f"{_OFFICE}.wordprocessingml.document", _ZIP, ("docx",)),
    "xl/workbook.xml": Kind("xlsx", f"{_OFFICE}.spreadsheetml.sheet", _ZIP, ("xlsx",)),
}
"""Word and Excel files by the part that each of them has."""
_MACROS = ("vbaproject.bin", "vbadata.xml")


def store(actor: Actor, *, version_id: int, requirement: str, filename: str, stream: Readable, expected_version: int) -> int:
    """Give a piece of evidence or a file question of a draft its form to fill in; returns the new row version."""
    require(actor, Action.INSTRUMENT_EDIT)
    _requirement(instrument_queries.version(actor, version_id).definition, requirement)
    with evidence.receive(stream, MOST_MB) as received:
        kind = _recognise(received)
        template = rules.Template(evidence.clean_filename(filename, kind), received.sha256, received.size)
        received.keep()
    with transaction():
        evidence.remember(received.sha256, received.size, kind.media_type)
        return instruments.edit(
            actor,
            version_id=version_id,
            change=lambda tree: rules.set_template(tree, requirement, template.to_dict()),
            expected_version=expected_version,
            received=template.sha256,
        )


def remove(actor: Actor, *, version_id: int, requirement: str, expected_version: int) -> int:
    """Take the form away from a draft; the bytes stay in the store, since another version may name them."""
    return instruments.edit(
        actor,
        version_id=version_id,
        change=lambda tree: rules.set_template(tree, requirement, None),
        expected_version=expected_version,
    )


def open_of_version(actor: Actor, version_id: int, requirement: str) -> OpenedFile:
    """The form of a version that the actor may read, drafts included."""
    return _open(instrument_queries.version(actor, version_id).definition, requirement)


def open_of_nomination(actor: Actor, nomination_id: int, requirement: str) -> OpenedFile:
    """The form that a nomination of the actor's unit asks for."""
    nomination = visible.get(visible.nominations(actor), Nomination, nomination_id, "Usulan")
    return _open(definition_of(nomination.category.instrument_version), requirement)


def open_public(code: str, number: int, requirement: str) -> OpenedFile:
    """The form of a locked version that a round uses; anybody may have it, as anybody may read that version."""
    return _open(instrument_version(code, number).definition, requirement)


def _requirement(tree: rules.Definition, code: str) -> rules.EvidenceRequirement:
    found = next((each for each in tree.requirements if each.code == code), None)
    if found is None:
        raise NotFound("Bukti atau pertanyaan ini tidak ada dalam instrumen.")
    return found


def _open(tree: rules.Definition, code: str) -> OpenedFile:
    template = _requirement(tree, code).template
    blob = None if template is None else Blob.get_or_none(Blob.sha256 == template.sha256)
    if template is None or blob is None or not evidence.place_of(template.sha256).is_file():
        raise NotFound("%(what)s tidak ditemukan.", what="Berkas contoh")
    return OpenedFile(evidence.place_of(template.sha256), str(blob.media_type), template.name)


def _recognise(received: Received) -> Kind:
    """What the file is by its content: a document to fill in that carries no macros."""
    if not received.head.startswith(_ZIP):
        try:
            return evidence.recognise(received.head, rules.FILE_TYPES)
        except Invalid:
            raise Invalid(_NO_FORM, "file") from None
    try:
        with zipfile.ZipFile(received.temporary) as archive:
            parts = {name.lower() for name in archive.namelist()}
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        parts = set()
    if any(part.endswith(_MACROS) for part in parts):
        raise Invalid("Berkas ini memuat makro. Simpan sebagai .docx atau .xlsx tanpa makro.", "file")
    for part, kind in OFFICE_KINDS.items():
        if part in parts:
            return kind
    raise Invalid(_NO_FORM, "file")


_NO_FORM = "Isi berkas ini bukan PDF, Word (.docx), Excel (.xlsx), JPG, atau PNG. Mengganti akhiran nama berkas tidak mengubah isinya."
