"""Imports of instruments: tried first, all or nothing, never into a locked version, and no way around what may be read."""

import pytest

from sipetruk.documents import instrument_files as files
from sipetruk.errors import Conflict, Forbidden, IllegalMove, Invalid, NotFound
from sipetruk.models import AuditEntry, Instrument, InstrumentVersion
from sipetruk.rules import exchange
from sipetruk.rules import instrument as rules
from sipetruk.services import instrument_files, instruments
from sipetruk.services.instrument_files import Target
from tests.services import builders

EXAMPLE = {"name": "Contoh A", "marks": {"gagasan": ["20", None]}}


@pytest.fixture
def draft(cast):
    return instruments.create(cast.bkpsdm, code="kecil", name="Kecil", definition=builders.tiny_instrument())


def document(**changes):
    return exchange.write(*exchange.read(builders.tiny_instrument(**changes)))


def content(kind="json", **changes):
    return files.write_file(kind, rules.parse(builders.tiny_instrument(**changes)))


def everything():
    return Instrument.select().count(), [row.definition for row in InstrumentVersion.select()], AuditEntry.select().count()


def test_a_trial_says_what_would_change_and_saves_nothing(cast, draft):
    before = everything()
    target = Target(version_id=draft, expected_version=1)
    trial = instrument_files.try_file(cast.bkpsdm, content=content(title="Judul lain"), target=target)
    assert [(change.path, change.was, change.now) for change in trial.changes] == [(("title",), "Instrumen kecil", "Judul lain")]
    assert (everything(), InstrumentVersion.get_by_id(draft).row_version) == (before, 1)


def test_the_same_content_changes_nothing(cast, draft):
    trial = instrument_files.try_file(cast.bkpsdm, content=content(), target=Target(version_id=draft, expected_version=1))
    assert trial.changes_nothing


def test_examples_travel_with_the_instrument(cast, draft):
    target = Target(version_id=draft, expected_version=1)
    given = {**document(), "examples": [EXAMPLE]}
    instrument_files.import_document(cast.bkpsdm, document=given, target=target)
    exported = instrument_files.export(cast.bkpsdm, version_id=draft, kind="xlsx")
    assert [example.marks for example in files.read_file(exported.content).examples] == [{"gagasan": ("20", None)}]


def test_an_example_that_no_scale_can_read_is_refused_at_its_place(cast, draft):
    given = {**document(), "examples": [{"name": "Contoh A", "marks": {"gagasan": ["999"]}}]}
    with pytest.raises(Invalid) as refused:
        instrument_files.import_document(cast.bkpsdm, document=given, target=Target(version_id=draft, expected_version=1))
    assert refused.value.problems[0].path[0] == "examples"
    assert InstrumentVersion.get_by_id(draft).examples == []


def test_only_what_was_shown_is_written(cast, draft):
    before = everything()
    with pytest.raises(Conflict):
        instrument_files.import_document(
            cast.bkpsdm, document=document(title="Lain"), target=Target(version_id=draft, expected_version=1), expected_sha256="0" * 64
        )
    assert everything() == before


def test_a_locked_version_is_not_changed_by_an_import(cast, draft):
    instruments.lock(cast.bkpsdm, version_id=draft, expected_version=1)
    before = everything()
    target = Target(version_id=draft, expected_version=2)
    for act in (
        lambda: instrument_files.try_file(cast.bkpsdm, content=content(title="Lain"), target=target),
        lambda: instrument_files.import_document(cast.bkpsdm, document=document(title="Lain"), target=target),
    ):
        with pytest.raises(IllegalMove, match="sudah terkunci"):
            act()
    assert everything() == before


def test_a_stale_draft_is_a_conflict(cast, draft):
    with pytest.raises(Conflict):
        instrument_files.import_document(cast.bkpsdm, document=document(title="Lain"), target=Target(version_id=draft, expected_version=7))


@pytest.mark.parametrize("who", ["verifier", "viewer", "unit_admin"])
def test_only_editors_import(cast, draft, who):
    actor = getattr(cast, who)
    with pytest.raises(Forbidden):
        instrument_files.try_file(actor, content=content(), target=Target(code="baru", name="Baru"))
    with pytest.raises(Forbidden):
        instrument_files.import_document(actor, document=document(), target=Target(code="baru", name="Baru"))


def test_an_export_needs_a_version_that_one_may_read(cast, draft):
    with pytest.raises(NotFound):
        instrument_files.export(cast.bkpsdm, version_id=draft + 1, kind="toml")
    with pytest.raises(Forbidden):
        instrument_files.export(cast.unit_admin, version_id=draft, kind="toml")


def test_a_form_that_no_instrument_has_is_refused(cast, draft):
    template = {"name": "formulir.docx", "sha256": "ab" * 32, "bytes": 100}
    evidence = [{"code": "formulir", "label": "Formulir", "template": template}]
    with pytest.raises(Invalid) as refused:
        instrument_files.import_document(
            cast.bkpsdm, document=document(evidence=evidence, components=[]), target=Target(version_id=draft, expected_version=1)
        )
    assert [problem.path for problem in refused.value.problems] == [("evidence", "0", "template")]


def test_where_a_file_for_a_code_goes(cast, draft):
    assert instrument_files.target_of(cast.bkpsdm, code="baru", name="Baru") == Target(code="baru", name="Baru")
    assert instrument_files.target_of(cast.bkpsdm, code="kecil") == Target(version_id=draft, expected_version=1)
    instruments.lock(cast.bkpsdm, version_id=draft, expected_version=1)
    instrument_id = InstrumentVersion.get_by_id(draft).instrument_id
    assert instrument_files.target_of(cast.bkpsdm, code="kecil") == Target(instrument_id=instrument_id)
