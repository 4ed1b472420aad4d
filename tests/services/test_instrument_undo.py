"""Undo: a draft goes back change by change, found in the audit trail; nobody's newer work is lost by it."""

from __future__ import annotations

import pytest

from sipetruk.errors import Conflict, Forbidden, IllegalMove
from sipetruk.models import AuditEntry, InstrumentVersion
from sipetruk.queries.instrument_changes import last_change
from sipetruk.rules import instrument as rules
from sipetruk.services import audit
from sipetruk.services import instruments as services
from sipetruk.starters import starter


@pytest.fixture
def version(cast):
    return services.create(cast.bkpsdm, code="asn-2024", name="ASN Berprestasi", definition=starter("balangan-2024"))


def tree(version):
    return rules.parse(InstrumentVersion.get_by_id(version).definition)


def at(version):
    return InstrumentVersion.get_by_id(version).row_version


def remove(actor, version, code):
    change = lambda t: rules.remove_criterion(t, code)  # noqa: E731  # reads as the sentence it stands in
    return services.edit(actor, version_id=version, change=change, expected_version=at(version))


def undo(actor, version):
    return services.undo(actor, version_id=version, expected_version=at(version))


def test_an_undo_brings_back_what_was_removed_and_is_itself_on_record(cast, version):
    before = tree(version)
    remove(cast.bkpsdm, version, "manfaat")
    after = tree(version)
    found = last_change(cast.bkpsdm, version)
    assert (found.actor, found.message) == ("Rina Admin", "Kriteria “Manfaat/dampak” dihapus.")
    assert undo(cast.bkpsdm, version) == 3
    assert tree(version) == before
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
    assert (entry.action, entry.actor, entry.reason) == ("instrument:undo", "bkpsdm", "Diurungkan: Kriteria “Manfaat/dampak” dihapus.")
    assert (rules.parse(entry.before), rules.parse(entry.after)) == (after, before)
    assert audit.verify().broken_at is None


def test_saving_what_is_saved_already_is_no_change_and_takes_no_undo(cast, version):
    remove(cast.bkpsdm, version, "manfaat")
    kept, entries = at(version), AuditEntry.select().count()
    document = tree(version).to_dict()
    assert services.save_definition(cast.bkpsdm, version_id=version, definition=document, expected_version=kept) == kept
    assert (at(version), AuditEntry.select().count()) == (kept, entries)
    assert last_change(cast.bkpsdm, version).message == "Kriteria “Manfaat/dampak” dihapus."
    with pytest.raises(Conflict):
        services.save_definition(cast.bkpsdm, version_id=version, definition=document, expected_version=kept - 1)


def test_undoing_again_goes_further_back(cast, version):
    trees = [tree(version)]
    for code in ("manfaat", "orisinalitas"):
        remove(cast.bkpsdm, version, code)
        trees.append(tree(version))
    undo(cast.bkpsdm, version)
    assert tree(version) == trees[1]
    undo(cast.bkpsdm, version)
    assert tree(version) == trees[0]
    remove(cast.bkpsdm, version, "manfaat")
    undo(cast.bkpsdm, version)
    assert tree(version) == trees[0]
    with pytest.raises(IllegalMove, match="Tidak ada lagi perubahan"):
        undo(cast.bkpsdm, version)
    assert (tree(version), at(version), last_change(cast.bkpsdm, version)) == (trees[0], 7, None)


def test_examples_between_are_left_as_they_are(cast, version):
    before = tree(version)
    remove(cast.bkpsdm, version, "manfaat")
    services.save_examples(cast.bkpsdm, version_id=version, examples=[], expected_version=at(version))
    undo(cast.bkpsdm, version)
    assert tree(version) == before


def test_many_changes_are_undone_one_by_one(cast, version):
    first = tree(version)
    for number in range(12):
        services.edit(
            cast.bkpsdm, version_id=version, expected_version=at(version),
            change=lambda t, number=number: rules.set_about(t, title=f"Judul {number}", description="", source=""),
        )  # fmt: skip
    for number in range(12):
        undo(cast.bkpsdm, version)
        assert tree(version).title == (f"Judul {10 - number}" if number < 11 else first.title)
    assert tree(version) == first


def test_an_undo_never_takes_back_what_was_not_on_the_screen(cast, version):
    remove(cast.bkpsdm, version, "manfaat")
    seen = at(version)
    remove(cast.bkpsdm, version, "orisinalitas")
    kept = tree(version)
    with pytest.raises(Conflict):
        services.undo(cast.bkpsdm, version_id=version, expected_version=seen)
    assert tree(version) == kept


def test_a_draft_replaced_behind_the_trail_is_not_undone(cast, version):
    remove(cast.bkpsdm, version, "manfaat")
    other = {**InstrumentVersion.get_by_id(version).definition, "title": "Diganti"}
    InstrumentVersion.update(definition=other).where(InstrumentVersion.id == version).execute()
    with pytest.raises(Conflict, match="sudah diganti dengan cara lain"):
        undo(cast.bkpsdm, version)
    assert tree(version).title == "Diganti"


@pytest.mark.parametrize("who", ["verifier", "assessor", "viewer", "unit_admin"])
def test_who_may_not_edit_may_not_undo(cast, version, who):
    remove(cast.bkpsdm, version, "manfaat")
    kept = tree(version)
    with pytest.raises(Forbidden):
        undo(getattr(cast, who), version)
    assert tree(version) == kept


def test_a_locked_version_is_not_undone(cast, version):
    services.edit(
        cast.bkpsdm, version_id=version, expected_version=1,
        change=lambda t: rules.set_about(t, title="Judul", description="", source=""),
    )  # fmt: skip
    services.lock(cast.bkpsdm, version_id=version, expected_version=2)
    with pytest.raises(IllegalMove):
        undo(cast.bkpsdm, version)
    assert tree(version).title == "Judul"
