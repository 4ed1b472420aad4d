"""Versions side by side, their history in words, and finished rounds under another version."""

import pytest

from sipetruk.errors import Forbidden, Invalid, NotFound
from sipetruk.models import InstrumentVersion, Ranking
from sipetruk.queries import backtests
from sipetruk.queries import instruments as queries
from sipetruk.queries.instrument_history import history
from sipetruk.queries.paging import PageRequest
from sipetruk.rules import instrument as rules
from sipetruk.services import instruments, rankings
from tests.services import builders

EXAMPLE = {"name": "Contoh A", "marks": {"gagasan": ["40", "30"]}}


def draft(cast, code="lain", **changes):
    return instruments.create(cast.bkpsdm, code=code, name=code.title(), definition=builders.tiny_instrument(**changes))


def change_title(actor, version_id, expected_version):
    def change(tree):
        return rules.set_about(tree, title=f"Judul {expected_version}", description="", source="")

    return instruments.edit(actor, version_id=version_id, change=change, expected_version=expected_version)


def test_two_versions_of_different_instruments_are_compared(cast, db):
    old, new = builders.locked_version(), draft(cast, title="Baru")
    with builders.counted(db) as sent:
        found = queries.comparison(cast.verifier, old, new)
    assert (found.old.id, found.new.id, len(sent)) == (old, new, 1)
    assert [change.message for change in found.changes] == ["Instrumen: judul diubah."]
    assert {share.difference for share in found.shares} == {0}
    assert queries.comparison(cast.verifier, old, old).changes == ()


@pytest.mark.parametrize("other", [0, -1, 4711, 2**40])
def test_comparing_with_nothing_is_not_found(cast, other):
    version_id = draft(cast)
    for pair in ((version_id, other), (other, version_id)):
        with pytest.raises(NotFound):
            queries.comparison(cast.bkpsdm, *pair)


def test_history_says_who_did_what_newest_first(cast):
    version_id = draft(cast)
    change_title(cast.bkpsdm, version_id, 1)
    instruments.save_examples(cast.bkpsdm, version_id=version_id, examples=[EXAMPLE], expected_version=2)
    instruments.save_examples(cast.bkpsdm, version_id=version_id, examples=[], expected_version=3)
    sha = instruments.lock(cast.bkpsdm, version_id=version_id, expected_version=4)
    instruments.retire(cast.bkpsdm, version_id=version_id, reason="Diganti", expected_version=5)
    found = history(cast.viewer, version_id)
    assert [(row.summary, row.reason) for row in found.rows] == [
        ("Dinyatakan tidak dipakai lagi.", "Diganti"),
        (f"Dikunci sebagai versi 1, sidik {sha[:12]}…", ""),
        ("Contoh dihapus: Contoh A.", ""),
        ("Contoh ditambahkan: Contoh A.", ""),
        ("1 perubahan.", ""),
        ("Draf versi 1 dibuat.", ""),
    ]
    assert {(row.who, row.face) for row in found.rows} == {(cast.bkpsdm.name, cast.bkpsdm.face)}
    assert [(change.label, change.was, change.now) for change in found.rows[4].changes] == [
        ("Instrumen: judul", "Instrumen kecil", "Judul 1")
    ]


def test_a_page_of_history_costs_the_same_for_few_and_many_entries(cast, db):
    version_id = draft(cast)
    counts = []
    for first in (1, 4):
        for version in range(first, first + 3):
            change_title(cast.bkpsdm, version_id, version)
        with builders.counted(db) as sent:
            page = history(cast.bkpsdm, version_id, PageRequest(5))
            assert page.total == first + 3
        counts.append(len(sent))
    assert counts == [4, 4]
    assert (len(page.rows), page.total, page.has_next) == (5, 7, True)
    rest = history(cast.bkpsdm, version_id, PageRequest(5, after=page.cursors[-1]))
    assert [row.summary for row in rest.rows] == ["1 perubahan.", "Draf versi 1 dibuat."]


def test_only_those_who_read_the_trail_read_the_history(cast):
    version_id = draft(cast)
    for who in (cast.verifier, cast.assessor, cast.unit_admin):
        with pytest.raises(Forbidden):
            history(who, version_id)
    with pytest.raises(NotFound):
        history(cast.bkpsdm, 4711)


def finished(cast, *names):
    """A round of two criteria of assessors and one of data, whose ranking is final."""
    round_, ids = builders.assessing(cast, *names)
    with builders.standing_at(2024, 10, 25):
        for place, id_ in enumerate(ids):
            marks = builders.FULL_MARKS | {"gagasan": {"state": "scored", "value": str(40 - place), "note": ""}}
            if place == 0:
                marks |= {"disiplin": {"state": "scored", "value": "0", "note": ""}}
            for assessor in (cast.assessor, cast.assessor2):
                builders.assess(assessor, id_, marks)
    with builders.standing_at(2024, 11, 1):
        builders.move(cast, round_, builders.PeriodMove.START_RANKING)
        ranking_id = rankings.compute(cast.bkpsdm, category_id=round_.category_id)
        seen = Ranking.get_by_id(ranking_id).result_sha256
        rankings.finalise(cast.bkpsdm, ranking_id=ranking_id, expected_result_sha256=seen)
    return round_, ids


def without_discipline(cast):
    """The next draft: discipline no longer counts, a new criterion takes its 20 points."""
    document = builders.tiny_instrument()
    document["components"][1]["criteria"][0]["code"] = "kedisiplinan_baru"
    return instruments.create(cast.bkpsdm, code="tanpa-disiplin", name="Tanpa disiplin", definition=document)


def test_a_finished_round_under_a_draft_shows_how_ranks_would_change(cast, db):
    round_, _ = finished(cast, "Budi Santoso", "Wati Lestari")
    version_id = without_discipline(cast)
    assert [category.id for category in backtests.finished_categories(cast.bkpsdm)] == [round_.category_id]
    with builders.counted(db) as sent:
        view = backtests.backtest(cast.bkpsdm, version_id, round_.category_id)
    assert len(sent) == 4
    # Budi 40 + 20 + 0 + 20 = 80, Wati 39 + 20 + 20 + 20 = 99; without discipline 80 and 79
    assert [(row.name, row.row.old_rank, row.row.old_score, row.row.new_rank, row.row.new_score) for row in view.rows] == [
        ("Budi Santoso", 2, "80.00", 1, "80.00"),
        ("Wati Lestari", 1, "99.00", 2, "79.00"),
    ]
    assert (view.gained, view.lost, view.moved, view.found.coverage) == (("Budi Santoso",), ("Wati Lestari",), 2, 80)
    assert InstrumentVersion.get_by_id(version_id).row_version == 1


def test_a_backtest_needs_both_rights_and_a_final_ranking(cast):
    round_ = builders.prepared_round(cast)
    version_id = draft(cast)
    for who in (cast.viewer, cast.verifier, cast.assessor):
        with pytest.raises(Forbidden):
            backtests.backtest(who, version_id, round_.category_id)
        with pytest.raises(Forbidden):
            backtests.finished_categories(who)
    assert backtests.finished_categories(cast.bkpsdm) == []
    with pytest.raises(NotFound):
        backtests.backtest(cast.bkpsdm, version_id, round_.category_id)


def test_an_empty_draft_cannot_be_backtested(cast):
    round_, _ = finished(cast, "Budi Santoso")
    version_id = instruments.create(cast.bkpsdm, code="kosong", name="Kosong")
    with pytest.raises(Invalid, match="Tidak ada kriteria yang cocok"):
        backtests.backtest(cast.bkpsdm, version_id, round_.category_id)
