"""Papers in the panel: buttons where they make sense, a PDF to save, and words where something is missing."""

from __future__ import annotations

import io
from datetime import date

import pypdf
import pytest

from sipetruk.models import PublishedWinner
from sipetruk.rules.signatories import Person, SignatoryStatus, SignedDocument
from sipetruk.services import signatories
from tests.services import builders
from tests.services.test_results import determining, published

REGENT = Person("Ahmad Noor", "Bupati Balangan", SignatoryStatus.DEFINITIVE)
RANKING, RESULTS = "/admin/pemeringkatan/", "/admin/penetapan/"


@pytest.fixture
def stage(cast):
    """A published round, on a day after its publication; nobody is named to sign anything."""
    round_, _, _ = published(cast)
    with builders.standing_at(2024, 11, 20):
        yield round_


def sign(cast):
    documents = (SignedDocument.MINUTES, SignedDocument.RECAP, SignedDocument.CERTIFICATE)
    signatories.add(cast.bkpsdm, documents=documents, person=REGENT, valid_from=date(2024, 1, 1))


def opened(answer):
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf"), answer.text
    assert answer.headers["Cache-Control"] == "private, no-store"
    return pypdf.PdfReader(io.BytesIO(answer.data))


def test_minutes_and_recap_hang_on_the_final_ranking(visit, cast, stage):
    sign(cast)
    for who in ("bkpsdm", "viewer"):
        visitor = visit(who)
        page = visitor.get(f"{RANKING}{stage.category_id}/").text
        for path, name, words in (
            ("berita-acara/1.pdf", "berita-acara-1.pdf", "BERITA ACARA PEMERINGKATAN"),
            ("rekapitulasi/1.pdf", "rekapitulasi-1.pdf", "REKAPITULASI NILAI"),
        ):
            assert f'href="{RANKING}{path}"' in page
            answer = visitor.get(RANKING + path)
            text = opened(answer).pages[0].extract_text()
            assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
            assert (words in text, "Siti Aminah" in text) == (True, True)


def test_a_draft_has_no_button_and_no_paper(visit, cast):
    round_, _ = builders.assessing(cast, "Siti Aminah")
    with builders.standing_at(2024, 11, 1):
        assert "Berita acara (PDF)" not in visit("bkpsdm").get(f"{RANKING}{round_.category_id}/").text


def test_one_certificate_and_all_of_a_period(visit, cast, stage):
    sign(cast)
    visitor = visit("bkpsdm")
    page = visitor.get(f"{RESULTS}{stage.period_id}/").text
    assert f'href="{RESULTS}{stage.period_id}/piagam/"' in page
    listed = visitor.get(f"{RESULTS}{stage.period_id}/piagam/").text
    assert "http://localhost/piagam" in listed
    assert "Ditandatangani Bupati Balangan, Ahmad Noor; Paringin, 16 November 2024" in listed
    second = PublishedWinner.get(PublishedWinner.place == 2).id
    for path, names in ((f"{second}", ["Budi Santoso"]), ("semua-1", ["Siti Aminah", "Budi Santoso"])):
        address = f"{RESULTS}{stage.period_id}/piagam/{path}.pdf"
        assert f'href="{address}"' in listed
        answer = visitor.get(address)
        assert [name in page.extract_text() for name, page in zip(names, opened(answer).pages, strict=True)] == [True] * len(names)
        assert answer.headers["Content-Disposition"] == f'attachment; filename="piagam-2024-{path}.pdf"'


def test_nobody_to_sign_is_said_with_the_way_to_name_somebody(visit, stage):
    visitor = visit("bkpsdm")
    listed = visitor.get(f"{RESULTS}{stage.period_id}/piagam/").text
    assert "Belum ada penanda tangan piagam untuk 16 November 2024" in listed
    assert ('href="/admin/penandatangan/baru/"' in listed, ".pdf" in listed) == (True, False)
    for path in (f"{RESULTS}{stage.period_id}/piagam/semua-1.pdf", f"{RANKING}berita-acara/1.pdf"):
        answer = visitor.get(path)
        assert (answer.status_code, "Belum ada penanda tangan" in answer.text) == (409, True)
    assert 'href="/admin/penandatangan/baru/"' not in visit("viewer").get(f"{RESULTS}{stage.period_id}/piagam/").text


def test_before_the_publication_there_is_neither_button_nor_certificate(visit, cast):
    round_, _, _ = determining(cast)
    with builders.standing_at(2024, 11, 8):
        visitor = visit("bkpsdm")
        assert "piagam/" not in visitor.get(f"{RESULTS}{round_.period_id}/").text
        answer = visitor.get(f"{RESULTS}{round_.period_id}/piagam/")
    assert (answer.status_code, "Piagam dicetak setelah hasil periode ini diumumkan." in answer.text) == (409, True)


@pytest.mark.parametrize("who", ["verifier", "assessor", "unit_admin", "unit_head", "outsider"])
def test_papers_open_to_nobody_else(visit, cast, stage, who):
    sign(cast)
    visitor = visit(who)
    for path in (
        f"{RANKING}berita-acara/1.pdf",
        f"{RANKING}rekapitulasi/1.pdf",
        f"{RESULTS}{stage.period_id}/piagam/",
        f"{RESULTS}{stage.period_id}/piagam/semua-1.pdf",
        f"{RESULTS}{stage.period_id}/piagam/1.pdf",
    ):
        answer = visitor.get(path)
        assert (answer.status_code, b"%PDF" in answer.data) == (403, False), path


@pytest.mark.parametrize(
    "path",
    [
        f"{RANKING}berita-acara/999.pdf",
        f"{RANKING}rekapitulasi/999.pdf",
        f"{RESULTS}999/piagam/",
        f"{RESULTS}999/piagam/semua-1.pdf",
        f"{RESULTS}1/piagam/999.pdf",
        f"{RESULTS}1/piagam/semua-2.pdf",
        f"{RESULTS}1/piagam/99999999999999999999999.pdf",
    ],
)
def test_what_is_not_there_is_not_found(visit, cast, stage, path):
    sign(cast)
    assert visit("bkpsdm").get(path).status_code == 404
