"""The determination desk, a second person's decision, the decree on file, and a publication with a moment of its own."""

from __future__ import annotations

import io
import re
from datetime import datetime, timedelta

import pytest

from sipetruk.models import Determination, DeterminationProposal, EmployeeAward, Job, Nomination, Period, Publication
from sipetruk.rules.workflow import WITA
from sipetruk.services import clock, results
from tests.panel.test_results import PAGE, determined, determining, final, publishing, text_of, winners
from tests.panel.visitor import Visitor
from tests.services import builders
from tests.services.second import second_admin

__all__ = ["determined", "final"]
MOMENT = datetime(2024, 11, 18, 9, tzinfo=WITA)
REASON = "Pemenang pertama mengundurkan diri."


@pytest.fixture
def proposed(cast, final):
    """The second in rank proposed instead of the first, and the page on which that is decided."""
    round_, ids, ranking_id = final
    outcome = results.determine(
        cast.bkpsdm,
        category_id=round_.category_id,
        ranking_id=ranking_id,
        nomination_ids=[ids[1]],
        decree_number="188.45/123/KUM/2024",
        decree_on=datetime(2024, 11, 6, tzinfo=WITA).date(),
        citations={ids[1]: "Tetap teladan."},
        override_reason=REASON,
    )
    return round_, ids, f"{determining(round_)}usulan/{outcome.proposal_id}/"


def test_the_desk_says_what_the_committee_needs(visit, cast, final):
    round_, ids, _ = final
    first = Nomination.get_by_id(ids[0])
    EmployeeAward.create(employee=first.employee, year=2021, level="provinsi", name="Inovator Terbaik", giver="Gubernur")
    told = text_of(visit("bkpsdm").get(determining(round_)))
    for fact in (
        "Tempat: 1; diusulkan peringkat: 1.",
        "Jumlah pemenang dari satu unit kerja tidak dibatasi.",
        "Semua calon memenuhi batas nilai komponen.",
        "Tidak ada nilai tercetak yang sama.",
        "Tidak ada sanggahan yang menunggu keputusan.",
        "2021: Inovator Terbaik (provinsi, data kepegawaian)",
        "Berkas SK (PDF) diunggah setelah pemenang ditetapkan.",
    ):
        assert fact in told, fact


def test_the_desk_costs_the_same_for_more_nominees(visit, db, final):
    round_, _, _ = final
    visitor = visit("viewer")
    visitor.get(determining(round_))
    with builders.counted(db) as sent:
        assert visitor.get(determining(round_)).status_code == 200
    asked = [sql for sql in sent if "employee_award" in sql or '"winner"' in sql or "determination_proposal" in sql]
    assert len(asked) <= 6, asked


def test_a_second_person_reads_and_approves(visit, app, proposed):
    _, ids, page = proposed
    own = text_of(visit("bkpsdm").get(page))
    assert ("Batalkan usulan" in own, "Setujui" in own) == (True, False)
    second = Visitor(app.test_client(), second_admin())
    told = text_of(second.get(page))
    for fact in ("Diusulkan Rina Admin", "Budi Santoso", "Tetap teladan.", REASON, "SK 188.45/123/KUM/2024, 6 November 2024."):
        assert fact in told, fact
    assert second.post(page, keputusan="setuju", **{"setuju-note": "Sepakat."}).status_code == 303
    assert winners() == [(ids[1], 1, "Tetap teladan.")]
    told = text_of(second.get(page))
    assert ("Disetujui oleh Hadi Admin" in told, "Sepakat." in told, "Setujui" in told) == (True, True, False)


def test_a_rejection_without_a_reason_comes_back_at_the_field(app, proposed):
    _, _, page = proposed
    second = Visitor(app.test_client(), second_admin())
    refused = second.post(page, keputusan="tolak", **{"tolak-note": "  "})
    assert (refused.status_code, 'id="tolak-note-salah"' in refused.text, DeterminationProposal.get().state) == (422, True, "waiting")
    assert second.post(page, keputusan="tolak", **{"tolak-note": "Ikuti peringkat."}).status_code == 303
    assert (DeterminationProposal.get().state, Determination.select().count()) == ("rejected", 0)


@pytest.mark.parametrize("sent", [{}, {"keputusan": "lain"}, {"keputusan": "setuju"}, {"keputusan": "tolak", "tolak-note": "Ya."}])
def test_the_proposer_cannot_decide_by_hand(visit, proposed, sent):
    _, _, page = proposed
    answer = visit("bkpsdm").post(page, **sent)
    assert (answer.status_code in {200, 403}, DeterminationProposal.get().state) == (True, "waiting")


def test_the_auditor_reads_the_proposal_and_decides_nothing(visit, proposed):
    _, _, page = proposed
    visitor = visit("viewer")
    told = visitor.get(page)
    assert (told.status_code, REASON in told.text, "Setujui" in told.text, "Batalkan" in told.text) == (200, True, False, False)
    assert [visitor.post(page, keputusan="setuju").status_code, visitor.post(f"{page}batal/", confirmed="1").status_code] == [403, 403]
    assert DeterminationProposal.get().state == "waiting"


def test_the_proposer_takes_it_back_after_a_question(visit, proposed):
    round_, _, page = proposed
    visitor = visit("bkpsdm")
    assert "Batalkan usulan penetapan ASN Inovatif?" in text_of(visitor.post(f"{page}batal/"))
    assert visitor.post(f"{page}batal/", confirmed="1").status_code == 303
    assert (DeterminationProposal.get().state, 'name="winners"' in visitor.get(determining(round_)).text) == ("withdrawn", True)


def test_a_determination_is_taken_back_by_two(visit, app, determined):
    visitor = visit("bkpsdm")
    page = f"{determining(determined)}cabut/"
    assert visitor.send(page, reason=" ").status_code == 422
    assert visitor.send(page, reason="Nomor SK keliru.").status_code == 303
    proposal_id = DeterminationProposal.get().id
    second = Visitor(app.test_client(), second_admin())
    decision = f"{determining(determined)}usulan/{proposal_id}/"
    assert "Penetapan dicabut saat itu juga" in text_of(second.get(decision))
    assert second.post(decision, keputusan="setuju").status_code == 303
    told = text_of(visitor.get(determining(determined)))
    assert ("penetapan dengan SK 188.45/123/KUM/2024 dicabut. Nomor SK keliru." in told, "Pemenang dan surat keputusan" in told) == (
        True,
        True,
    )


# The decree on file --------------------------------------------------------------------------------------------------


def upload(visitor, page, content, name="SK.pdf"):
    return visitor.post(page, file=(io.BytesIO(content), name))


def test_the_decree_is_kept_and_handed_to_who_may_read_it(visit, determined):
    visitor, page = visit("bkpsdm"), f"{determining(determined)}sk/"
    assert upload(visitor, page, builders.PDF, "../SK <1>.exe").status_code == 303
    row = Determination.get()
    assert (row.decree_name, row.decree_id is None) == ("SK _1_.exe.pdf", False)
    link = f"{PAGE}sk/{row.id}/"
    assert link in visitor.get(f"{PAGE}{determined.period_id}/").text
    for who in ("bkpsdm", "viewer"):
        with visit(who).get(link) as got:
            assert (got.status_code, got.data, got.headers["Content-Disposition"][:10]) == (200, builders.PDF, "attachment")
    for who in ("verifier", "assessor", "unit_admin", "unit_head", "outsider"):
        assert visit(who).get(link).status_code == 403
    visitor = visit("bkpsdm")
    assert upload(visitor, page, builders.PDF + b"%2").status_code == 303
    assert Determination.get().decree_id != row.decree_id


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "kosong"),
        (b"MZ\x90\x00", "bukan PDF"),
        (builders.PNG, "bukan PDF"),
    ],
)
def test_what_is_no_decree_is_refused_beside_the_field(visit, determined, content, words):
    answer = upload(visit("bkpsdm"), f"{determining(determined)}sk/", content)
    assert (answer.status_code, words in text_of(answer), Determination.get().decree_id) == (422, True, None)


def test_a_form_without_a_file_asks_for_one(visit, determined):
    answer = visit("bkpsdm").post(f"{determining(determined)}sk/")
    assert (answer.status_code, "Pilih berkas yang akan diunggah." in text_of(answer)) == (422, True)


# A moment of its own ---------------------------------------------------------------------------------------------------


def scheduled(visitor, round_, at="2024-11-18T09:00"):
    page = publishing(round_)
    sent = visitor.form(page, when="nanti", at=at)
    return page, sent


def test_a_publication_is_scheduled_after_a_question(visit, determined):
    visitor = visit("bkpsdm")
    page, sent = scheduled(visitor, determined)
    question = visitor.post(page, **sent)
    assert "mulai 18 November 2024 pukul 09.00 WITA" in text_of(question)
    assert (Publication.select().count(), visitor.post(page, confirmed="0", **sent).status_code) == (0, 200)
    assert visitor.post(page, confirmed="1", **sent).status_code == 303
    row = Publication.get()
    assert (row.published_at, row.withdrawn_at, Job.get(kind="publication").run_at) == (MOMENT, None, MOMENT)
    assert Period.get().state == "determination"
    told = text_of(visitor.get(f"{PAGE}{determined.period_id}/"))
    assert "Pengumuman no. 1 terbit 18 November 2024 pukul 09.00 WITA: nama saja." in told
    assert "sudah dijadwalkan" in text_of(visitor.get(page))


@pytest.mark.parametrize("at", ["", "kemarin", "2020-01-01T00:00", "2029-01-01T00:00", "9999-12-31T23:59"])
def test_a_wrong_moment_comes_back_at_the_field(visit, determined, at):
    visitor = visit("bkpsdm")
    page, sent = scheduled(visitor, determined, at)
    answer = visitor.post(page, confirmed="1", **sent)
    assert (answer.status_code, 'id="at-salah"' in answer.text, Publication.select().count()) == (422, True, 0)


def test_what_changed_since_the_preview_is_not_published(visit, cast, determined):
    visitor = visit("bkpsdm")
    page, sent = publishing(determined), visitor.form(publishing(determined), when="sekarang")
    Nomination.update(person=Nomination.get().person | {"full_name": "Siti A."}).execute()
    refused = visitor.post(page, confirmed="1", **sent)
    assert (refused.status_code, "berubah sejak pratinjau" in text_of(refused), Publication.select().count()) == (422, True, 0)
    again = sent | {"sha256": re.search(r'name="sha256"[^>]*value="(\w{64})"', refused.text).group(1)}
    assert visitor.post(page, confirmed="1", **again).status_code == 303


def test_the_schedule_is_moved_and_called_off(visit, cast, determined):
    publication_id = results.publish(cast.bkpsdm, period_id=determined.period_id, at=MOMENT)
    visitor, base = visit("bkpsdm"), f"{PAGE}{determined.period_id}/pengumuman/"
    page = f"{base}{publication_id}/jadwal/"
    assert visitor.send(page, at="2020-01-01T00:00").status_code == 422
    assert visitor.send(page, at="2024-11-20T09:00").status_code == 303
    moved = Publication.get(Publication.withdrawn_at.is_null())
    assert (moved.number, moved.published_at) == (2, MOMENT + timedelta(days=2))
    page = f"{base}{moved.id}/batal/"
    assert visitor.send(page, reason=" ").status_code == 422
    assert visitor.send(page, reason="Bupati berhalangan.").status_code == 303
    told = text_of(visitor.get(f"{PAGE}{determined.period_id}/"))
    assert ("Dibatalkan" in told, "Waktu terbit diubah." in told, "Bupati berhalangan." in told, "Umumkan hasil" in told) == (
        False,
        *[True] * 3,
    )


def test_what_the_worker_has_not_done_yet_is_finished_by_hand(visit, cast, determined):
    results.publish(cast.bkpsdm, period_id=determined.period_id, at=MOMENT)
    visitor = visit("bkpsdm")
    with clock.standing_at(MOMENT):
        page = f"{PAGE}{determined.period_id}/"
        assert "Selesaikan sekarang" in text_of(visitor.get(page))
        assert visitor.post(f"{page}pengumuman/{Publication.get().id}/selesaikan/").status_code == 303
        assert (Period.get().state, "Selesaikan sekarang" in visitor.get(page).text) == ("published", False)


@pytest.mark.parametrize("who", ["viewer", "verifier", "unit_admin"])
def test_others_do_not_touch_publications(visit, cast, determined, who):
    publication_id = results.publish(cast.bkpsdm, period_id=determined.period_id, at=MOMENT)
    visitor, base = visit(who), f"{PAGE}{determined.period_id}/pengumuman/{publication_id}/"
    for path in ("jadwal/", "batal/", "tarik/"):
        assert [visitor.get(base + path).status_code, visitor.post(base + path, confirmed="1").status_code] == [403, 403]
    assert visitor.post(f"{base}selesaikan/").status_code == 403
    assert Publication.get().withdrawn_at is None


def test_readiness_names_what_waits(visit, cast, proposed):
    round_, _, _ = proposed
    visitor = visit("bkpsdm")
    told = text_of(visitor.get(f"{PAGE}{round_.period_id}/"))
    assert ("menunggu persetujuan" in told, "Umumkan hasil" in told) == (True, False)
    refused = visitor.post(publishing(round_), confirmed="1", when="sekarang")
    assert "Usulan penetapan kategori “ASN Inovatif” masih menunggu persetujuan." in text_of(refused)
