"""Empty forms to fill in: stored by their bytes, refused when they are not what they say, handed to whom they concern."""

import io
import zipfile

import pytest

from sipetruk.errors import Conflict, Forbidden, IllegalMove, Invalid, NotFound
from sipetruk.models import Blob, InstrumentVersion
from sipetruk.rules import instrument as rules
from sipetruk.services import evidence, instruments, templates
from tests.services import builders
from tests.services.builders import PDF, field, requirement, tiny_instrument

NO_FORM = "Isi berkas ini bukan PDF, Word (.docx), Excel (.xlsx), JPG, atau PNG. Mengganti akhiran nama berkas tidak mengubah isinya."
PHOTO = field("foto_terapan", "Foto", "file") | {"accept": ["jpg"], "max_mb": 1, "max_files": 1}


def office(*parts):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for part in ("[Content_Types].xml", *parts):
            archive.writestr(part, "<x/>")
    return file.getvalue()


DOCX = office("word/document.xml")


@pytest.fixture
def draft(cast):
    document = tiny_instrument(fields=[PHOTO, field("judul", "Judul", "short_text")])
    return instruments.create(cast.bkpsdm, code="contoh", name="Contoh", definition=document)


def put(actor, version_id, code="proposal", content=DOCX, name="Formulir proposal.docx", expected=1):
    return templates.store(
        actor, version_id=version_id, requirement=code, filename=name, stream=io.BytesIO(content), expected_version=expected
    )


def template_of(version_id, code="proposal"):
    tree = rules.parse(InstrumentVersion.get_by_id(version_id).definition)
    return next(each for each in tree.requirements if each.code == code).template


@pytest.mark.parametrize(
    ("content", "name", "kept", "media_type"),
    [
        (DOCX, "C:\\Surat\\Formulir proposal.docx", "Formulir proposal.docx", "wordprocessingml.document"),
        (DOCX, "proposal.pdf", "proposal.pdf.docx", "wordprocessingml.document"),
        (office("xl/workbook.xml"), "rekap.xlsx", "rekap.xlsx", "spreadsheetml.sheet"),
        (PDF, "contoh.pdf", "contoh.pdf", "application/pdf"),
    ],
)
def test_a_form_is_what_its_bytes_are(cast, draft, content, name, kept, media_type):
    assert put(cast.bkpsdm, draft, content=content, name=name) == 2
    template = template_of(draft)
    assert (template.name, template.bytes, evidence.place_of(template.sha256).read_bytes()) == (kept, len(content), content)
    opened = templates.open_of_version(cast.bkpsdm, draft, "proposal")
    assert (opened.filename, opened.media_type.endswith(media_type)) == (kept, True)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"MZ\x90\x00 program", NO_FORM),
        (b"PK\x03\x04 rusak", NO_FORM),
        (office("ppt/presentation.xml"), NO_FORM),
        (office("word/document.xml", "word/vbaProject.bin"), "Berkas ini memuat makro. Simpan sebagai .docx atau .xlsx tanpa makro."),
        (PDF + b"0" * (5 * 1024 * 1024), "Berkas lebih besar dari batas 5 MB."),
        (b"", "Berkas ini kosong (0 byte)."),
    ],
    ids=["program", "broken", "slides", "macros", "large", "empty"],
)
def test_anything_else_is_refused_and_nothing_is_kept(cast, draft, data_dir, content, message):
    with pytest.raises(Invalid) as refusal:
        put(cast.bkpsdm, draft, content=content, name="surat.docx")
    assert [(problem.path, problem.message) for problem in refusal.value.problems] == [(("file",), message)]
    assert template_of(draft) is None
    assert Blob.select().count() == 0
    assert [path for path in (data_dir / "evidence").rglob("*") if path.is_file()] == []


def test_file_questions_have_forms_as_well_and_other_questions_none(cast, draft):
    put(cast.bkpsdm, draft, "foto_terapan")
    assert template_of(draft, "foto_terapan").name == "Formulir proposal.docx"
    with pytest.raises(NotFound):
        put(cast.bkpsdm, draft, "judul", expected=2)
    assert templates.remove(cast.bkpsdm, version_id=draft, requirement="foto_terapan", expected_version=2) == 3
    assert template_of(draft, "foto_terapan") is None


def test_a_form_changes_only_in_a_draft_by_its_editor_in_the_version_seen(cast, draft):
    with pytest.raises(Conflict):
        put(cast.bkpsdm, draft, expected=7)
    with pytest.raises(Forbidden):
        put(cast.verifier, draft)
    locked = builders.locked_version(actor=cast.bkpsdm)
    with pytest.raises(IllegalMove):
        put(cast.bkpsdm, locked, expected=InstrumentVersion.get_by_id(locked).row_version)
    assert (template_of(draft), template_of(locked)) == (None, None)


def test_a_form_is_handed_to_units_and_to_the_public_once_its_round_has_begun(cast):
    version_id = instruments.create(cast.bkpsdm, code="contoh", name="Contoh", definition=tiny_instrument())
    put(cast.bkpsdm, version_id)
    document = InstrumentVersion.get_by_id(version_id).definition
    prepared = builders.prepared_round(cast, document)
    version = InstrumentVersion.get_by_id(prepared.version_id)
    code = version.instrument.code
    with pytest.raises(NotFound):
        templates.open_public(code, 1, "proposal")
    with builders.standing_at(2024, 10, 1):
        builders.move(cast, prepared, builders.PeriodMove.OPEN)
    nomination_id = builders.drafted(cast, prepared)
    assert templates.open_public(code, 1, "proposal").path.read_bytes() == DOCX
    assert templates.open_of_nomination(cast.unit_admin, nomination_id, "proposal").filename == "Formulir proposal.docx"
    for wrong in (
        lambda: templates.open_of_nomination(cast.outsider, nomination_id, "proposal"),
        lambda: templates.open_of_nomination(cast.unit_admin, nomination_id, "foto"),
        lambda: templates.open_public(code, 1, "tidak_ada"),
        lambda: templates.open_public(code, 2, "proposal"),
    ):
        with pytest.raises(NotFound):
            wrong()


def test_a_form_whose_bytes_are_nowhere_is_not_found(cast):
    unknown = {"name": "x.pdf", "sha256": "0" * 64, "bytes": 10}
    document = tiny_instrument(evidence=[requirement("proposal", "Proposal")])
    version_id = instruments.create(cast.bkpsdm, code="contoh", name="Contoh", definition=document)
    document["evidence"][0]["template"] = unknown
    InstrumentVersion.update(definition=document).where(InstrumentVersion.id == version_id).execute()
    with pytest.raises(NotFound):
        templates.open_of_version(cast.bkpsdm, version_id, "proposal")
