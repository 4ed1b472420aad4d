"""Instruments: drafts are edited, conflicts are seen, a lock is final in the services and in the database."""

import peewee as pw
import pytest

from sipetruk import starters
from sipetruk.errors import Conflict, Forbidden, IllegalMove, Invalid, NotFound
from sipetruk.models import AuditEntry, Criterion, Instrument, InstrumentVersion
from sipetruk.models.base import database
from sipetruk.rules import instrument as rules
from sipetruk.rules import seal
from sipetruk.services import instruments
from tests.services import builders


def fresh(cast, **changes):
    return instruments.create(cast.bkpsdm, code="kecil", name="Kecil", definition=builders.tiny_instrument(**changes))


def test_an_empty_draft_may_be_saved_and_says_at_lock_what_lacks(cast):
    version_id = instruments.create(cast.bkpsdm, code="baru", name="Instrumen baru")
    with pytest.raises(Invalid) as refused:
        instruments.lock(cast.bkpsdm, version_id=version_id, expected_version=1)
    assert "Instrumen belum mempunyai komponen." in [p.message for p in refused.value.problems]
    assert InstrumentVersion.get_by_id(version_id).state == "draft"


def test_an_edit_is_saved_with_before_and_after(cast):
    version_id = fresh(cast)
    new = instruments.edit(
        cast.bkpsdm,
        version_id=version_id,
        change=lambda tree: rules.set_about(tree, title="Judul baru", description="", source=""),
        expected_version=1,
    )
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).first()
    assert (new, InstrumentVersion.get_by_id(version_id).definition["title"]) == (2, "Judul baru")
    assert (entry.before["title"], entry.after["title"]) == ("Instrumen kecil", "Judul baru")


def test_a_second_editor_gets_a_conflict_and_loses_nothing(cast):
    version_id = fresh(cast)
    instruments.save_definition(
        cast.bkpsdm, version_id=version_id, definition=builders.tiny_instrument(title="Pertama"), expected_version=1
    )
    with pytest.raises(Conflict):
        instruments.save_definition(
            cast.bkpsdm, version_id=version_id, definition=builders.tiny_instrument(title="Kedua"), expected_version=1
        )
    assert InstrumentVersion.get_by_id(version_id).definition["title"] == "Pertama"


def test_a_lock_freezes_the_tree_its_hash_and_its_criteria(cast):
    version_id = fresh(cast)
    sha = instruments.lock(cast.bkpsdm, version_id=version_id, expected_version=1)
    version = InstrumentVersion.get_by_id(version_id)
    assert (version.state, version.sha256, sha) == ("locked", sha, seal.sha256(version.definition))
    rows = Criterion.select().where(Criterion.version == version_id).order_by(Criterion.position)
    assert [(c.code, c.minimum, c.maximum, c.step) for c in rows] == [
        ("gagasan", 0, 4000, 50),
        ("dampak", 0, 2000, 1),
        ("disiplin", 0, 100, 100),
    ]


def test_a_locked_version_cannot_be_edited(cast):
    version_id = fresh(cast)
    instruments.lock(cast.bkpsdm, version_id=version_id, expected_version=1)
    for act in (
        lambda: instruments.edit(cast.bkpsdm, version_id=version_id, change=lambda tree: tree, expected_version=2),
        lambda: instruments.lock(cast.bkpsdm, version_id=version_id, expected_version=2),
        lambda: instruments.discard_draft(cast.bkpsdm, version_id=version_id, expected_version=2),
    ):
        with pytest.raises(IllegalMove, match="sudah terkunci"):
            act()


def test_the_database_itself_refuses_to_change_a_locked_version(cast):
    version_id = fresh(cast)
    instruments.lock(cast.bkpsdm, version_id=version_id, expected_version=1)
    before = InstrumentVersion.get_by_id(version_id).definition
    for change in ({"definition": {}}, {"sha256": "0" * 64}, {"state": "draft", "sha256": None}):
        with pytest.raises(pw.DatabaseError), database.atomic():
            InstrumentVersion.update(**change).where(InstrumentVersion.id == version_id).execute()
    with pytest.raises(pw.DatabaseError), database.atomic():
        InstrumentVersion.delete().where(InstrumentVersion.id == version_id).execute()
    assert InstrumentVersion.get_by_id(version_id).definition == before


def test_weights_that_do_not_add_up_are_refused_with_the_sum_found(cast):
    tree = builders.tiny_instrument()
    tree["components"][0]["criteria"][0]["scale"]["max"] = 35
    version_id = instruments.create(cast.bkpsdm, code="kurang", name="Kurang", definition=tree)
    with pytest.raises(Invalid, match="95"):
        instruments.lock(cast.bkpsdm, version_id=version_id, expected_version=1)
    assert InstrumentVersion.get_by_id(version_id).sha256 is None


def test_the_next_draft_is_a_copy_and_there_is_one_at_a_time(cast):
    version_id = fresh(cast)
    instruments.lock(cast.bkpsdm, version_id=version_id, expected_version=1)
    instrument_id = InstrumentVersion.get_by_id(version_id).instrument_id
    draft_id = instruments.start_draft(cast.bkpsdm, instrument_id=instrument_id)
    draft = InstrumentVersion.get_by_id(draft_id)
    assert (draft.number, draft.state, draft.definition) == (2, "draft", InstrumentVersion.get_by_id(version_id).definition)
    with pytest.raises(Conflict, match="Masih ada draf versi 2"):
        instruments.start_draft(cast.bkpsdm, instrument_id=instrument_id)
    assert InstrumentVersion.select().count() == 2


def test_a_discarded_first_draft_takes_its_instrument_with_it(cast):
    version_id = fresh(cast)
    instruments.discard_draft(cast.bkpsdm, version_id=version_id, expected_version=1)
    assert (InstrumentVersion.select().count(), Instrument.select().count()) == (0, 0)
    assert AuditEntry.select().order_by(AuditEntry.id.desc()).first().before["title"] == "Instrumen kecil"


def test_a_malformed_document_is_refused_with_places(cast):
    version_id = fresh(cast)
    with pytest.raises(Invalid) as refused:
        instruments.save_definition(cast.bkpsdm, version_id=version_id, definition={"format": "x"}, expected_version=1)
    assert refused.value.problems[0].path == ("format",)
    assert InstrumentVersion.get_by_id(version_id).row_version == 1


def test_a_code_is_used_once(cast):
    fresh(cast)
    with pytest.raises(Conflict):
        fresh(cast)
    assert Instrument.select().count() == 1


@pytest.mark.parametrize("who", ["verifier", "assessor", "viewer"])
def test_readers_do_not_edit(cast, who):
    version_id = fresh(cast)
    with pytest.raises(Forbidden):
        instruments.edit(getattr(cast, who), version_id=version_id, change=lambda tree: tree, expected_version=1)
    with pytest.raises(Forbidden):
        instruments.lock(getattr(cast, who), version_id=version_id, expected_version=1)
    assert InstrumentVersion.get_by_id(version_id).row_version == 1


def test_an_unknown_version_is_not_found(cast):
    with pytest.raises(NotFound):
        instruments.edit(cast.bkpsdm, version_id=4711, change=lambda tree: tree, expected_version=1)


def test_a_retired_version_takes_no_new_category(cast):
    round_ = builders.prepared_round(cast)
    version = InstrumentVersion.get_by_id(round_.version_id)
    instruments.retire(cast.bkpsdm, version_id=version.id, reason="Diganti", expected_version=version.row_version)
    with pytest.raises(Invalid, match="tidak dipakai lagi"):
        builders.periods.add_category(
            cast.bkpsdm,
            period_id=round_.period_id,
            name="Lain",
            slug="lain",
            instrument_version_id=version.id,
            winners=1,
        )


EXAMPLE = {
    "name": "Contoh A",
    "marks": {"gagasan": ["40", "30"], "dampak": ["20", "20"], "disiplin": ["1", "1"]},
    "values": {"penghargaan": "nasional=1"},
    "expected": {"status": "RANKED", "score": "95", "rank": 1},
}
"""(40 + 30) / 2 + 20 + 20 + 20 = 95."""


def test_examples_are_kept_as_their_scales_write_them(cast):
    version_id = fresh(cast)
    new = instruments.save_examples(cast.bkpsdm, version_id=version_id, examples=[EXAMPLE], expected_version=1)
    stored = InstrumentVersion.get_by_id(version_id)
    assert (new, stored.row_version) == (2, 2)
    assert stored.examples == [
        EXAMPLE | {"unit": None, "attributes": {}, "values": {"penghargaan": {"nasional": 1, "provinsi": 0}}},
    ]
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).first()
    assert (entry.before, entry.after) == ({"examples": []}, {"examples": stored.examples})


def test_a_mark_outside_its_bounds_names_example_criterion_and_assessor_and_saves_nothing(cast):
    version_id = fresh(cast)
    wrong = EXAMPLE | {"marks": {"gagasan": ["40", "40.5"]}}
    with pytest.raises(Invalid) as refused:
        instruments.save_examples(cast.bkpsdm, version_id=version_id, examples=[wrong], expected_version=1)
    assert [(problem.path, problem.message) for problem in refused.value.problems] == [
        (("examples", "0", "marks", "gagasan", "1"), "Contoh “Contoh A”, “Gagasan”, penilai 2: Nilai harus antara 0 dan 40.")
    ]
    assert (InstrumentVersion.get_by_id(version_id).examples, InstrumentVersion.get_by_id(version_id).row_version) == ([], 1)


def test_a_lock_is_refused_with_every_example_that_does_not_come_out(cast):
    version_id = fresh(cast)
    wrong = [
        EXAMPLE | {"expected": {"status": "RANKED", "score": "95.01", "rank": 2}},
        EXAMPLE | {"name": "Contoh B", "expected": {"status": "INCOMPLETE"}},
    ]
    instruments.save_examples(cast.bkpsdm, version_id=version_id, examples=wrong, expected_version=1)
    with pytest.raises(Invalid) as refused:
        instruments.lock(cast.bkpsdm, version_id=version_id, expected_version=2)
    assert [problem.message for problem in refused.value.problems] == [
        "Contoh “Contoh A”: nilai akhir diharapkan 95,01, ternyata 95,00.",
        "Contoh “Contoh A”: peringkat diharapkan 2, ternyata 1.",
        "Contoh “Contoh B”: keadaan diharapkan Belum lengkap, ternyata Diperingkat.",
    ]
    version = InstrumentVersion.get_by_id(version_id)
    assert (version.state, version.sha256, Criterion.select().count()) == ("draft", None, 0)
    instruments.save_examples(cast.bkpsdm, version_id=version_id, examples=[EXAMPLE], expected_version=2)
    instruments.lock(cast.bkpsdm, version_id=version_id, expected_version=3)
    assert InstrumentVersion.get_by_id(version_id).state == "locked"


def test_examples_of_a_criterion_that_is_gone_stand_in_the_way_of_a_lock(cast):
    version_id = fresh(cast)
    instruments.save_examples(cast.bkpsdm, version_id=version_id, examples=[EXAMPLE], expected_version=1)

    def change(tree):
        tree = rules.update_criterion(tree, "penghargaan", {"scale": {"kind": "points", "max": 40, "step": 1}})
        return rules.remove_criterion(tree, "disiplin")

    instruments.edit(cast.bkpsdm, version_id=version_id, change=change, expected_version=2)
    with pytest.raises(Invalid, match="“disiplin”, yang tidak dinilai"):
        instruments.lock(cast.bkpsdm, version_id=version_id, expected_version=3)


def test_examples_of_a_locked_version_change_neither_through_the_service_nor_in_the_database(cast):
    version_id = fresh(cast)
    instruments.save_examples(cast.bkpsdm, version_id=version_id, examples=[EXAMPLE], expected_version=1)
    instruments.lock(cast.bkpsdm, version_id=version_id, expected_version=2)
    before = InstrumentVersion.get_by_id(version_id).examples
    with pytest.raises(IllegalMove, match="sudah terkunci"):
        instruments.save_examples(cast.bkpsdm, version_id=version_id, examples=[], expected_version=3)
    with pytest.raises(pw.DatabaseError), database.atomic():
        InstrumentVersion.update(examples=[]).where(InstrumentVersion.id == version_id).execute()
    with pytest.raises(pw.DatabaseError), database.atomic():
        Criterion.insert(version=version_id, code="lain", position=9, minimum=0, maximum=1, step=1).execute()
    assert InstrumentVersion.get_by_id(version_id).examples == before
    assert Criterion.select().count() == 3


def test_an_earlier_version_is_taken_up_again_with_its_examples(cast):
    first = fresh(cast)
    instruments.save_examples(cast.bkpsdm, version_id=first, examples=[EXAMPLE], expected_version=1)
    instruments.lock(cast.bkpsdm, version_id=first, expected_version=2)
    instrument_id = InstrumentVersion.get_by_id(first).instrument_id
    second = instruments.start_draft(cast.bkpsdm, instrument_id=instrument_id)
    instruments.save_examples(cast.bkpsdm, version_id=second, examples=[], expected_version=1)
    with pytest.raises(Conflict, match="Masih ada draf versi 2"):
        instruments.restore(cast.bkpsdm, version_id=first)
    with pytest.raises(IllegalMove, match="masih draf"):
        instruments.restore(cast.bkpsdm, version_id=second)
    instruments.lock(cast.bkpsdm, version_id=second, expected_version=2)
    third = InstrumentVersion.get_by_id(instruments.restore(cast.bkpsdm, version_id=first))
    origin = InstrumentVersion.get_by_id(first)
    assert (third.number, third.state, third.definition, third.examples) == (3, "draft", origin.definition, origin.examples)
    assert AuditEntry.select().order_by(AuditEntry.id.desc()).first().after == {"instrument": "kecil", "number": 3, "from_number": 1}


@pytest.mark.parametrize("who", ["verifier", "assessor", "viewer"])
def test_readers_neither_keep_examples_nor_restore(cast, who):
    version_id = fresh(cast)
    with pytest.raises(Forbidden):
        instruments.save_examples(getattr(cast, who), version_id=version_id, examples=[EXAMPLE], expected_version=1)
    with pytest.raises(Forbidden):
        instruments.restore(getattr(cast, who), version_id=version_id)
    assert InstrumentVersion.get_by_id(version_id).examples == []


def test_a_starter_brings_its_examples_and_locks(cast):
    for name in ("balangan-2021", "balangan-2023", "balangan-2024", "kemnaker-2025"):
        made = instruments.create(
            cast.bkpsdm, code=name, name=name, definition=starters.starter(name), examples=starters.starter_examples(name)
        )
        assert len(InstrumentVersion.get_by_id(made).examples) == 3
        instruments.lock(cast.bkpsdm, version_id=made, expected_version=1)


def test_a_draft_for_next_year_takes_its_months_and_years_along(cast):
    months = builders.criterion("hadir", "Hadir", {"kind": "percentage", "max": 20})
    months["source"] = {"kind": "attendance", "months": ["2023-12", "2024-01"]}
    document = builders.tiny_instrument()
    document["components"][1]["criteria"][0] = months
    version_id = builders.locked_version(document, actor=cast.bkpsdm)
    instrument_id = InstrumentVersion.get_by_id(version_id).instrument_id
    draft = InstrumentVersion.get_by_id(instruments.start_draft(cast.bkpsdm, instrument_id=instrument_id, shift_years=1))
    assert draft.definition["components"][1]["criteria"][0]["source"]["months"] == ["2024-12", "2025-01"]
    origin = InstrumentVersion.get_by_id(version_id).definition
    assert origin["components"][1]["criteria"][0]["source"]["months"] == ["2023-12", "2024-01"]
    assert draft.definition["components"][0] == origin["components"][0]


def test_years_that_no_round_has_are_refused_and_no_draft_is_made(cast):
    document = builders.tiny_instrument()
    document["components"][1]["criteria"][0]["scale"] = {
        "kind": "predicate",
        "table": {"SANGAT BAIK": 20, "BAIK": 15, "BUTUH PERBAIKAN": 10, "KURANG": 5, "SANGAT KURANG": 0},
    }
    document["components"][1]["criteria"][0]["source"] = {"kind": "predicate", "year": 2024}
    version_id = builders.locked_version(document, actor=cast.bkpsdm)
    instrument_id = InstrumentVersion.get_by_id(version_id).instrument_id
    with pytest.raises(Invalid):
        instruments.start_draft(cast.bkpsdm, instrument_id=instrument_id, shift_years=500)
    assert InstrumentVersion.select().where(InstrumentVersion.instrument == instrument_id).count() == 1


def test_a_hash_opens_nothing_that_no_instrument_has(db, cast):
    form = {"name": "proposal.docx", "sha256": "a" * 64, "bytes": 10}
    need = {"code": "proposal", "label": "Proposal", "required": True, "source": "unit", "accept": ["pdf"], "max_mb": 5, "max_files": 1}
    tree = {"format": "sipetruk-instrument/1", "title": "Uji", "evidence": [{**need, "template": form}]}
    refused = "Contoh berkas “proposal.docx” tidak tersimpan di sini"
    with pytest.raises(Invalid, match=refused):
        instruments.create(cast.bkpsdm, code="uji", name="Uji", definition=tree)
    assert InstrumentVersion.select().where(InstrumentVersion.definition.contains("a" * 64)).count() == 0
    version_id = instruments.create(cast.bkpsdm, code="uji", name="Uji")
    with pytest.raises(Invalid, match=refused) as refusal:
        instruments.save_definition(cast.bkpsdm, version_id=version_id, definition=tree, expected_version=1)
    assert refusal.value.problems[0].path == ("evidence", "0", "template")
    assert InstrumentVersion.get_by_id(version_id).row_version == 1
