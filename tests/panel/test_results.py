"""Results in the panel: winners by decree, deviation with a reason, and a publication that shows what it says."""

from __future__ import annotations

import html
import re
from datetime import date

import pytest

from sipetruk.models import (
    AuditEntry,
    Determination,
    DeterminationProposal,
    Nomination,
    Period,
    Publication,
    PublishedWinner,
    Ranking,
    Winner,
)
from sipetruk.rules.workflow import PeriodMove
from sipetruk.services import rankings, results
from tests.kept import kept
from tests.panel.test_rankings import SECOND, assessed
from tests.panel.visitor import fields_of
from tests.services import builders

PAGE = "/admin/penetapan/"
DECREE = {"decree_number": "188.45/123/KUM/2024", "decree_on": "2024-11-06"}


@kept
def determining_stage(cast):
    category_id, ids, round_ = assessed(cast, builders.FULL_MARKS, SECOND)
    with builders.standing_at(2024, 11, 1):
        builders.move(cast, round_, PeriodMove.START_RANKING)
        ranking_id = rankings.compute(cast.bkpsdm, category_id=category_id)
        rankings.finalise(cast.bkpsdm, ranking_id=ranking_id, expected_result_sha256=Ranking.get().result_sha256)
    with builders.standing_at(2024, 11, 6):
        builders.move(cast, round_, PeriodMove.START_DETERMINATION)
    return round_, ids, ranking_id


@pytest.fixture
def final(cast):
    """A final ranking of two nominees in a period that determines."""
    stage = determining_stage(cast)
    with builders.standing_at(2024, 11, 6):
        yield stage


@pytest.fixture
def determined(cast, final):
    round_, ids, ranking_id = final
    results.determine(
        cast.bkpsdm,
        category_id=round_.category_id,
        ranking_id=ranking_id,
        nomination_ids=[ids[0]],
        decree_number="188.45/123/KUM/2024",
        decree_on=date(2024, 11, 6),
        citations={ids[0]: "Antrean daring di semua puskesmas."},
    )
    return round_


def determining(round_):
    return f"{PAGE}kategori/{round_.category_id}/"


def publishing(round_, policy="names"):
    return f"{PAGE}{round_.period_id}/umumkan/?policy={policy}"


def winners():
    return [(w.nomination_id, w.place, w.citation) for w in Winner.select()]


def text_of(answer):
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.text)))


@pytest.mark.parametrize("who", ["verifier", "assessor", "unit_admin", "unit_head", "outsider"])
def test_others_see_nothing_of_it(visit, final, who):
    round_, _, _ = final
    visitor = visit(who)
    for path in (PAGE, f"{PAGE}{round_.period_id}/", determining(round_), publishing(round_)):
        answer = visitor.get(path)
        assert (answer.status_code, "Siti Aminah" in answer.text) == (403, False), path


def test_the_auditor_reads_and_changes_nothing(visit, final):
    round_, ids, _ = final
    visitor = visit("viewer")
    page = visitor.get(f"{PAGE}{round_.period_id}/")
    assert (page.status_code, "Tetapkan pemenang" in page.text, "Umumkan hasil" in page.text) == (200, False, False)
    desk = visitor.get(determining(round_))
    assert (desk.status_code, "Siti Aminah" in desk.text, 'name="winners"' in desk.text) == (200, True, False)
    assert visitor.get(publishing(round_)).status_code == 403
    for path in (determining(round_), publishing(round_)):
        assert visitor.post(path, confirmed="1", winners=[ids[0]], **DECREE).status_code == 403
    assert (Determination.select().count(), Publication.select().count()) == (0, 0)


@pytest.mark.parametrize(
    "path",
    [
        "999/",
        "999/umumkan/",
        "kategori/999/",
        "kategori/1/usulan/999/",
        "kategori/1/cabut/",
        "kategori/1/sk/",
        "sk/999/",
        "1/umumkan/?policy=semua",
        "1/pengumuman/999/tarik/",
        "1/pengumuman/999/jadwal/",
        "1/pengumuman/999/batal/",
    ],
)
def test_what_is_not_there_is_not_found(visit, final, path):
    assert visit("bkpsdm").get(PAGE + path).status_code == 404


def test_the_proposal_is_ticked_and_asked_again_before_it_counts(visit, final):
    round_, ids, _ = final
    visitor = visit("bkpsdm")
    page = visitor.get(determining(round_)).text
    assert re.findall(r'name="winners" value="(\d+)" checked', page) == [str(ids[0])]
    sent = DECREE | {"winners": [ids[0]], f"citation-{ids[0]}": "Antrean daring."}
    question = visitor.post(determining(round_), **sent)
    assert question.status_code == 200
    assert "Peringkat 1: Siti Aminah" in text_of(question)
    assert "sesuai usulan peringkat" in text_of(question)
    assert Determination.select().count() == 0
    assert visitor.post(determining(round_), confirmed="1", **sent).status_code == 303
    assert winners() == [(ids[0], 1, "Antrean daring.")]
    assert [Nomination.get_by_id(id_).state for id_ in ids] == ["awarded", "not_awarded"]
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).first()
    assert (entry.actor, entry.face, entry.action) == ("bkpsdm", "panel", "result:determine")
    desk = visitor.get(determining(round_))
    assert (desk.status_code, 'name="winners"' in desk.text, "Usulkan pencabutan" in desk.text) == (200, False, True)
    assert visitor.post(determining(round_), confirmed="1", **sent).status_code == 404


def test_going_back_from_the_question_keeps_what_was_typed(visit, final):
    round_, ids, _ = final
    visitor = visit("bkpsdm")
    sent = DECREE | {"winners": [ids[1]], f"citation-{ids[1]}": "Tetap teladan.", "override_reason": "Rapat pleno."}
    question = visitor.post(determining(round_), **sent)
    assert ["Belum ada yang berlaku" in text_of(question), "Tidak dipilih: peringkat 1, Siti Aminah" in text_of(question)] == [True, True]
    back = visitor.post(determining(round_), confirmed="0", **sent)
    assert (back.status_code, Determination.select().count()) == (200, 0)
    assert [text in back.text for text in ("Tetap teladan.", "Rapat pleno.", DECREE["decree_number"])] == [True] * 3
    assert re.findall(r'name="winners" value="(\d+)" checked', back.text) == [str(ids[1])]


def test_nobody_is_asked_to_confirm_what_cannot_be_done(visit, final):
    """The reason that is missing is said before the question, and the other winner that was ticked can be seen."""
    round_, ids, _ = final
    visitor = visit("bkpsdm")
    answer = visitor.post(determining(round_), **DECREE, winners=[ids[1]])
    missing = '<ul class="errors" id="override_reason-salah"><li>Pilihan ini menyimpang dari peringkat. Tuliskan alasannya.</li></ul>'
    assert [answer.status_code, missing in answer.text, "Kirim usulan?" in answer.text] == [422, True, False]
    answer = visitor.post(determining(round_), **(DECREE | {"decree_on": "2999-01-01"}), winners=[ids[1]])
    assert [answer.status_code, "Tanggal SK tidak boleh setelah hari ini." in answer.text] == [422, True]
    assert "<details open><summary>Pilih pemenang lain" in answer.text
    assert (Determination.select().count(), DeterminationProposal.select().count()) == (0, 0)


def test_another_winner_needs_a_written_reason(visit, final):
    round_, ids, _ = final
    visitor = visit("bkpsdm")
    sent = DECREE | {"winners": [ids[1]], f"citation-{ids[1]}": "Tetap teladan.", "confirmed": "1"}
    refused = visitor.post(determining(round_), **sent)
    assert (refused.status_code, Determination.select().count()) == (422, 0)
    assert (
        '<ul class="errors" id="override_reason-salah"><li>Pilihan ini menyimpang dari peringkat. Tuliskan alasannya.</li></ul>'
        in refused.text
    )
    assert ["Tetap teladan." in refused.text, DECREE["decree_number"] in refused.text] == [True, True]
    assert re.findall(r'name="winners" value="(\d+)" checked', refused.text) == [str(ids[1])]
    assert visitor.post(determining(round_), **sent, override_reason="Pemenang pertama mengundurkan diri.").status_code == 303
    assert (Determination.select().count(), DeterminationProposal.get().reason) == (0, "Pemenang pertama mengundurkan diri.")
    assert "menunggu persetujuan" in text_of(visitor.get(determining(round_)))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"decree_number": " "}, "decree_number"),
        ({"decree_on": "2024-11-07"}, "decree_on"),
        ({"decree_on": "kemarin"}, "decree_on"),
        ({"override_reason": "Tanpa sebab."}, "override_reason"),
        ({"winners": ["999"]}, "winners"),
        ({"winners": ["abc"]}, "winners"),
    ],
)
def test_a_refused_determination_keeps_what_was_typed(visit, final, changes, field):
    round_, ids, _ = final
    sent = DECREE | {"winners": [ids[0]], f"citation-{ids[0]}": "Antrean daring."} | changes
    answer = visit("bkpsdm").post(determining(round_), confirmed="1", **sent)
    assert (answer.status_code, Determination.select().count()) == (422, 0)
    assert f'<ul class="errors" id="{field}-salah">' in answer.text
    assert "Antrean daring." in answer.text
    assert Nomination.get_by_id(ids[0]).state == "ranked"


@pytest.mark.parametrize(
    ("policy", "shown"), [("names", (False, False)), ("names_and_score", (True, False)), ("names_and_breakdown", (True, True))]
)
def test_the_preview_is_what_becomes_public(visit, determined, policy, shown):
    visitor = visit("bkpsdm")
    told = text_of(visitor.get(publishing(determined, policy)))
    preview = told[told.index("Persis inilah") :]
    assert ["Siti Aminah" in preview, "Budi Santoso" in preview, "Antrean daring di semua puskesmas." in preview] == [True, False, True]
    assert ("100,00" in preview, "Rekam jejak 40,00" in preview) == shown
    assert Publication.select().count() == 0
    question = visitor.post(publishing(determined, policy), when="sekarang")
    assert (question.status_code, Publication.select().count()) == (200, 0)
    assert visitor.post(publishing(determined, policy), confirmed="1", when="sekarang").status_code == 303
    told = text_of(visitor.get(f"{PAGE}{determined.period_id}/"))
    assert (told.count("Hasil diumumkan"), told.count("Tampil di halaman publik sejak")) == (1, 1)
    winner = PublishedWinner.get()
    assert (winner.name, winner.score is not None, winner.components is not None) == ("Siti Aminah", *shown)
    assert (Publication.get().policy, Period.get_by_id(determined.period_id).state) == (policy, "published")


def test_what_is_published_is_what_was_chosen_and_then_read(visit, determined):
    visitor, sent = visit("bkpsdm"), {"policy": "names", "when": "nanti", "at": "2024-11-18T09:00"}
    for answered in ({}, {"confirmed": "1"}):
        page = visitor.post(publishing(determined, "names_and_score"), **sent, **answered)
        assert (page.status_code, Publication.select().count()) == (200, 0)
    told = text_of(page)
    assert "Anda memilih “Nama saja”, sedangkan pratinjau yang Anda baca memperlihatkan “Nama dan nilai akhir”." in told
    assert re.findall(r"<div[^>]*\bautofocus>", page.text) == ['<div class="note warn" role="alert" tabindex="-1" autofocus>']
    preview = told[told.index("Persis inilah") :]
    assert ("Persis inilah yang menjadi publik: nama saja" in preview, "100,00" in preview) == (True, False)
    assert re.findall(r'<input[^>]* checked [^>]*name="policy"[^>]*value="(\w+)"', page.text) == ["names"]
    assert f'action="/admin/penetapan/{determined.period_id}/umumkan/?policy=names"' in page.text
    kept = fields_of(page.text)
    assert (kept["when"], kept["at"][:16]) == (["nanti"], "2024-11-18T09:00")
    again = kept | {"policy": "names"}
    question = visitor.post(publishing(determined), **again)
    assert ("Nama saja. Publik melihat nama" in text_of(question), Publication.select().count()) == (True, 0)
    assert visitor.post(publishing(determined), **again, confirmed="1").status_code == 303
    assert ([each.policy for each in Publication.select()], PublishedWinner.get().score) == (["names"], None)


def test_the_preview_is_renewed_without_losing_what_was_typed(visit, determined):
    visitor = visit("bkpsdm")
    sent = {"policy": "names_and_breakdown", "when": "nanti", "at": "2020-01-01T08:00", "pratinjau": "1"}
    page = visitor.post(publishing(determined), **sent)
    assert (page.status_code, "Rekam jejak 40,00" in text_of(page), "autofocus" in page.text) == (200, True, False)
    assert fields_of(page.text)["at"][:16] == "2020-01-01T08:00"
    assert f'action="/admin/penetapan/{determined.period_id}/umumkan/?policy=names_and_breakdown"' in page.text
    assert Publication.select().count() == 0


def test_a_choice_that_is_not_there_is_refused(visit, determined):
    answer = visit("bkpsdm").post(publishing(determined), policy="semua", when="sekarang")
    assert (answer.status_code, 'id="policy-salah"' in answer.text, Publication.select().count()) == (422, True, 0)


def test_publishing_before_the_determination_is_refused_in_words(visit, final):
    round_, _, _ = final
    visitor = visit("bkpsdm")
    answer = visitor.post(publishing(round_), confirmed="1", when="sekarang")
    assert (answer.status_code, Publication.select().count()) == (422, 0)
    assert "Pemenang kategori “ASN Inovatif” belum ditetapkan." in text_of(answer)


def test_a_moment_that_has_passed_is_refused_before_the_question(visit, determined):
    visitor = visit("bkpsdm")
    sent = visitor.form(publishing(determined), when="nanti", at="2020-01-01T08:00")
    answer = visitor.post(publishing(determined), **sent)
    assert [answer.status_code, "Waktu terbit harus setelah sekarang." in answer.text, "Jadwalkan" in answer.text] == [422, True, False]
    assert Publication.select().count() == 0


def test_withdrawing_needs_a_note_for_the_public(visit, cast, determined):
    publication_id = results.publish(cast.bkpsdm, period_id=determined.period_id)
    visitor, path = visit("bkpsdm"), f"{PAGE}{determined.period_id}/pengumuman/{publication_id}/tarik/"
    assert "hilang dari halaman publik" in text_of(visitor.get(path))
    assert (visitor.send(path, note=" ").status_code, Publication.get().withdrawn_at) == (422, None)
    assert visitor.send(path, note="Kekeliruan nama unit.").status_code == 303
    assert (Publication.get().withdrawal_note, Publication.get().withdrawn_at is None) == ("Kekeliruan nama unit.", False)
    again = visitor.send(path, note="Sekali lagi.")
    assert (again.status_code, "Pengumuman ini sudah ditarik." in again.text, "Sekali lagi." in again.text) == (422, True, True)
