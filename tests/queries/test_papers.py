"""What papers say comes from what was sealed and published; who may read it, and what is missing before it can be printed."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from sipetruk.documents.papers.letterhead import Letterhead, Signature
from sipetruk.documents.papers.minutes import Decision, Member
from sipetruk.errors import Forbidden, IllegalMove, NotFound
from sipetruk.models import Mark, Publication, PublishedWinner, Ranking, WorkUnit
from sipetruk.queries import papers, public
from sipetruk.queries import rankings as rankings_as_read
from sipetruk.rules.signatories import Person, SignatoryStatus, SignedDocument
from sipetruk.rules.workflow import PeriodMove
from sipetruk.services import rankings, results, settings, signatories
from tests.queries.test_rankings import SECOND, ranked
from tests.services import builders
from tests.services import test_interviews as interviews
from tests.services.test_reassessment import replace, sheet_of
from tests.services.test_results import determining, published

NOW = datetime(2024, 11, 20, tzinfo=UTC)
PAGE = "https://contoh.go.id/piagam"
HEAD = Person("Norhayati, S.E.", "Kepala BKPSDM", SignatoryStatus.ACTING)
REGENT = Person("Ahmad Noor", "Bupati Balangan", SignatoryStatus.DEFINITIVE)
EVERY = (SignedDocument.MINUTES, SignedDocument.RECAP, SignedDocument.CERTIFICATE)


def sign(cast, *documents, person=HEAD, since=date(2024, 1, 1), until=None):
    signatories.add(cast.bkpsdm, documents=documents or EVERY, person=person, valid_from=since, valid_to=until)


def test_the_minutes_are_the_final_ranking_in_words(db, cast):
    _, _, ranking_id = determining(cast)
    sign(cast)
    settings.change(cast.bkpsdm, key="agency_address", value="Jalan Satu\nParingin", expected_version=0)
    settings.change(cast.bkpsdm, key="government_name", value="Pemerintah Kabupaten", expected_version=0)
    settings.change(cast.bkpsdm, key="signing_place", value="Batumandi", expected_version=0)
    found = papers.minutes(cast.viewer, ranking_id)
    assert (found.contest.category, found.contest.number, found.contest.instrument_number) == ("ASN Inovatif", 1, 1)
    unit = "Dinas Kesehatan, Pengendalian Penduduk dan Keluarga Berencana"
    assert [(row.rank, row.name, row.unit, row.score, row.parts, row.is_tied, row.is_proposed) for row in found.ranked] == [
        (1, "Siti Aminah", unit, "100.00", ("60.00", "40.00"), False, True),
        (2, "Budi Santoso", unit, "90.50", ("50.50", "40.00"), False, True),
        (3, "Wati Lestari", unit, "70.00", ("30.00", "40.00"), False, False),
    ]
    assert (found.parts, found.unranked, found.decisions, found.passed_over, found.goes_on) == (("Inovasi", "Rekam jejak"), (), (), (), "")
    assert found.members == (Member("Dewi Penilai", 0), Member("Siti Penilai", 0))
    assert found.letterhead == Letterhead(
        "Pemerintah Kabupaten",
        "Badan Kepegawaian dan Pengembangan Sumber Daya Manusia Kabupaten Balangan",
        ("Jalan Satu", "Paringin"),
    )
    assert (found.signature, found.is_superseded) == (Signature("Batumandi", date(2024, 11, 1), HEAD), False)
    stored = Ranking.get_by_id(ranking_id)
    assert (found.seal.result_sha256, found.seal.input_sha256) == (stored.result_sha256, stored.input_sha256)


def test_what_changes_afterwards_changes_no_minutes(db, cast):
    _, _, ranking_id = determining(cast)
    sign(cast)
    before = papers.minutes(cast.bkpsdm, ranking_id)
    Mark.update(value=0).execute()
    WorkUnit.update(name="Nama baru").where(WorkUnit.code == "dinkes").execute()
    assert papers.minutes(cast.bkpsdm, ranking_id) == before


def test_ties_name_what_decided_and_the_written_order(db, cast):
    document = builders.tiny_instrument()
    document["policy"]["tie_chain"] = []
    round_, ids = ranked(cast, builders.FULL_MARKS, SECOND, SECOND, document=document, winners=2)
    sign(cast)
    with builders.standing_at(2024, 11, 2):
        rankings.decide_tie(cast.bkpsdm, category_id=round_.category_id, order=[ids[2], ids[1]], reason="Rapat pleno.")
        ranking_id = rankings.compute(cast.bkpsdm, category_id=round_.category_id)
        sha256 = Ranking.get_by_id(ranking_id).result_sha256
        rankings.finalise(cast.bkpsdm, ranking_id=ranking_id, expected_result_sha256=sha256)
    found = papers.minutes(cast.bkpsdm, ranking_id)
    assert [(row.rank, row.name, row.is_tied, row.decided_by) for row in found.ranked] == [
        (1, "Siti Aminah", False, ""),
        (2, "Wati Lestari", True, "Keputusan tim penilai"),
        (3, "Budi Santoso", True, "Keputusan tim penilai"),
    ]
    assert found.decisions == (Decision(("Wati Lestari", "Budi Santoso"), "Rapat pleno."),)


def test_a_tie_that_needed_no_decision_shares_a_place_whatever_is_decided_later(db, cast):
    document = builders.tiny_instrument()
    document["policy"]["tie_chain"] = []
    round_, ids = ranked(cast, SECOND, SECOND, document=document, winners=2)
    sign(cast)
    with builders.standing_at(2024, 11, 2):
        ranking = Ranking.get(Ranking.category == round_.category_id)
        rankings.finalise(cast.bkpsdm, ranking_id=ranking.id, expected_result_sha256=ranking.result_sha256)
        before = papers.minutes(cast.bkpsdm, ranking.id)
        assert [(row.rank, row.is_tied, row.decided_by) for row in before.ranked] == [(1, True, ""), (1, True, "")]
        needless = "Tidak perlu diputuskan: tidak mengubah pemenang"
        rankings.decide_tie(cast.bkpsdm, category_id=round_.category_id, order=ids, reason="Rapat pleno.")
        view = rankings_as_read.ranking(cast.bkpsdm, round_.category_id)
    assert ({row.decided_by_label for row in view.rows}, [tie.said for tie in view.open_ties]) == ({needless}, [needless])
    assert papers.minutes(cast.bkpsdm, ranking.id) == before


def test_a_first_stage_says_that_its_winners_are_found_in_the_interview(db, cast):
    round_, _, _ = interviews.ranked(cast)
    sign(cast)
    found = papers.minutes(cast.bkpsdm, Ranking.get(Ranking.category == round_.category_id).id)
    assert found.goes_on.startswith("Pemenang ditetapkan pada tahap wawancara, yaitu kategori ")
    assert "2 calon terbaik maju" in found.goes_on


def test_who_stepped_back_is_counted_once_a_nominee(db, cast):
    def marks(*states):
        return [{"assessor": str(who.user_id), "state": state} for who, state in zip((cast.assessor, cast.assessor2), states, strict=True)]

    sealed = {
        "panel": [str(cast.assessor.user_id), str(cast.assessor2.user_id)],
        "nominees": [
            {"marks": {"a": marks("recused", "scored"), "b": marks("recused", "scored")}},
            {"marks": {"a": marks("recused", "not_applicable")}},
        ],
    }
    assert papers._members(sealed) == (Member("Dewi Penilai", 0), Member("Siti Penilai", 2, signs=False))


@pytest.mark.parametrize("without", [{"nominees": []}, {"nominees": [{"marks": {}}]}])
def test_a_panel_that_is_asked_for_no_marks_signs(db, cast, without):
    assert papers._members({"panel": [str(cast.assessor.user_id)], **without}) == (Member("Siti Penilai", 0),)


def test_who_was_replaced_for_every_nominee_signs_no_minutes(db, cast):
    round_, (budi, wati) = builders.assessing(cast, "Budi Santoso", "Wati Lestari", winners=2)
    with builders.standing_at(2024, 10, 24):
        for id_ in (budi, wati):
            replace(cast, sheet_of(cast.assessor2, id_), cast.assessor3)
            builders.assess(cast.assessor3, id_, SECOND)
            builders.assess(cast.assessor, id_, builders.FULL_MARKS)
    with builders.standing_at(2024, 11, 1):
        builders.move(cast, round_, PeriodMove.START_RANKING)
        ranking_id = rankings.compute(cast.bkpsdm, category_id=round_.category_id)
        sha256 = Ranking.get_by_id(ranking_id).result_sha256
        rankings.finalise(cast.bkpsdm, ranking_id=ranking_id, expected_result_sha256=sha256)
    sign(cast)
    assert papers.minutes(cast.viewer, ranking_id).members == (
        Member("Dewi Penilai", 0, signs=False),
        Member("Hasan Penilai", 0),
        Member("Siti Penilai", 0),
    )


def test_nothing_is_printed_before_the_ranking_is_final(db, cast):
    ranked(cast, builders.FULL_MARKS, SECOND)
    sign(cast)
    with pytest.raises(IllegalMove, match="Berita acara dicetak setelah pemeringkatan ditetapkan final"):
        papers.minutes(cast.bkpsdm, Ranking.get().id)
    with pytest.raises(IllegalMove, match="Rekapitulasi dicetak"):
        papers.minutes(cast.bkpsdm, Ranking.get().id, document=SignedDocument.RECAP)


def test_whoever_is_named_on_that_day_signs_and_nobody_else(db, cast):
    _, _, ranking_id = determining(cast)
    sign(cast, SignedDocument.MINUTES, since=date(2024, 11, 2))
    sign(cast, SignedDocument.RECAP)
    with pytest.raises(IllegalMove, match="Belum ada penanda tangan Berita acara untuk tanggal 1 November 2024"):
        papers.minutes(cast.bkpsdm, ranking_id)
    assert papers.minutes(cast.bkpsdm, ranking_id, document=SignedDocument.RECAP).signature.person == HEAD


@pytest.mark.parametrize("who", ["verifier", "assessor", "unit_admin", "unit_head", "outsider"])
def test_papers_are_for_those_who_read_rankings_whether_there_are_any_or_not(db, cast, who):
    actor = getattr(cast, who)
    for ask in (
        lambda: papers.minutes(actor, 999),
        lambda: papers.certificate_list(actor, 999, now=NOW),
        lambda: papers.certificate(actor, 999, 1, check_page=PAGE, now=NOW),
        lambda: papers.certificates(actor, 999, 1, check_page=PAGE, now=NOW),
    ):
        with pytest.raises(Forbidden):
            ask()


def test_certificates_say_what_was_published(db, cast):
    round_, _, _ = published(cast)
    sign(cast, person=REGENT)
    listed = papers.certificate_list(cast.viewer, round_.period_id, now=NOW)
    assert [(line.name, line.place, line.category) for line in listed.winners] == [
        ("Siti Aminah", 1, "ASN Inovatif"),
        ("Budi Santoso", 2, "ASN Inovatif"),
    ]
    assert (listed.on, listed.signatory.person, listed.files) == (date(2024, 11, 16), REGENT, 1)
    sheet = papers.certificates(cast.bkpsdm, round_.period_id, 1, check_page=PAGE, now=NOW)
    first, second = sheet.certificates
    assert (first.name, first.unit, first.citation, first.decree_number, first.decree_on) == (
        "Siti Aminah",
        "Dinas Kesehatan, Pengendalian Penduduk dan Keluarga Berencana",
        "Antrean tanpa kertas.",
        "188.45/1/Kum/2024",
        date(2024, 11, 7),
    )
    assert (sheet.signature, sheet.made_at) == (
        Signature("Paringin", date(2024, 11, 16), REGENT),
        Publication.get().published_at,
    )
    assert papers.certificate(cast.bkpsdm, round_.period_id, listed.winners[1].id, check_page=PAGE, now=NOW).certificates == (second,)


def test_the_code_on_a_certificate_is_the_one_that_the_public_finds(db, cast):
    round_, _, _ = published(cast)
    sign(cast)
    for certificate in papers.certificates(cast.bkpsdm, round_.period_id, 1, check_page=PAGE, now=NOW).certificates:
        assert public.winner_by_code(certificate.check_code, now=NOW).name == certificate.name
        assert certificate.check_url == f"{PAGE}?kode={certificate.check_code}"


def test_no_certificate_without_a_publication_that_stands(db, cast):
    round_, _, _ = determining(cast)
    sign(cast)
    refused = "Piagam dicetak setelah hasil periode ini diumumkan"
    with pytest.raises(IllegalMove, match=refused):
        papers.certificate_list(cast.bkpsdm, round_.period_id, now=NOW)


def test_no_certificate_before_its_moment_nor_after_the_withdrawal(db, cast):
    round_, _, publication_id = published(cast)
    sign(cast)
    with pytest.raises(IllegalMove):
        papers.certificates(cast.bkpsdm, round_.period_id, 1, check_page=PAGE, now=datetime(2024, 11, 15, tzinfo=UTC))
    with builders.standing_at(2024, 11, 18):
        results.unpublish(cast.bkpsdm, publication_id=publication_id, note="Nama salah eja.")
    with pytest.raises(IllegalMove):
        papers.certificates(cast.bkpsdm, round_.period_id, 1, check_page=PAGE, now=NOW)


def test_without_a_signatory_the_list_says_so_and_nothing_is_printed(db, cast):
    round_, _, _ = published(cast)
    sign(cast, SignedDocument.CERTIFICATE, until=date(2024, 11, 15))
    assert papers.certificate_list(cast.bkpsdm, round_.period_id, now=NOW).signatory is None
    with pytest.raises(IllegalMove, match="Belum ada penanda tangan Piagam untuk tanggal 16 November 2024"):
        papers.certificates(cast.bkpsdm, round_.period_id, 1, check_page=PAGE, now=NOW)


def test_what_is_not_there_is_not_found(db, cast):
    round_, _, _ = published(cast)
    sign(cast)
    with pytest.raises(NotFound):
        papers.minutes(cast.bkpsdm, 999)
    with pytest.raises(NotFound):
        papers.certificate_list(cast.bkpsdm, 999, now=NOW)
    for id_ in (0, 999, 2**70):
        with pytest.raises(NotFound):
            papers.certificate(cast.bkpsdm, round_.period_id, id_, check_page=PAGE, now=NOW)
    for file in (0, 2, 10**9, 2**70):
        with pytest.raises(NotFound):
            papers.certificates(cast.bkpsdm, round_.period_id, file, check_page=PAGE, now=NOW)


def test_a_winner_of_another_publication_is_not_found(db, cast):
    round_, _, former = published(cast)
    sign(cast)
    own = PublishedWinner.get().id
    with builders.standing_at(2024, 11, 18):
        results.unpublish(cast.bkpsdm, publication_id=former, note="Nama salah eja.")
        results.publish(cast.bkpsdm, period_id=round_.period_id)
    with pytest.raises(NotFound):
        papers.certificate(cast.bkpsdm, round_.period_id, own, check_page=PAGE, now=NOW)


def test_many_winners_come_in_files_of_fifty_and_cost_no_more_statements(db, cast):
    round_, _, _ = published(cast)
    sign(cast)

    def statements(ask):
        with builders.counted(db) as sent:
            ask()
        return len(sent)

    def everything():
        return (
            statements(lambda: papers.certificate_list(cast.bkpsdm, round_.period_id, now=NOW)),
            statements(lambda: papers.certificates(cast.bkpsdm, round_.period_id, 1, check_page=PAGE, now=NOW)),
        )

    few = everything()
    one = PublishedWinner.select().where(PublishedWinner.place == 2).dicts().get()
    copies = [{**one, "slug": f"pemenang-{at}", "place": at} for at in range(3, 103)]
    for copy in copies:
        del copy["id"]
    PublishedWinner.insert_many(copies).execute()
    assert everything() == few
    assert papers.certificate_list(cast.bkpsdm, round_.period_id, now=NOW).files == 3
    found = [papers.certificates(cast.bkpsdm, round_.period_id, file, check_page=PAGE, now=NOW).certificates for file in (1, 2, 3)]
    assert [len(part) for part in found] == [50, 50, 2]
    assert [each.place for part in found for each in part] == list(range(1, 103))


@pytest.mark.parametrize("marks", [(builders.FULL_MARKS, SECOND), (builders.FULL_MARKS, SECOND, SECOND)])
def test_minutes_cost_the_same_for_two_nominees_and_for_three(db, cast, marks):
    _, _, ranking_id = determining(cast, marks=marks, winners=1)
    sign(cast)
    with builders.counted(db) as sent:
        papers.minutes(cast.bkpsdm, ranking_id)
    assert len(sent) == 11
