"""Versions in the panel: compared, their history read, an earlier one restored, a finished round run again."""

import re

import pytest

from sipetruk.models import InstrumentVersion
from sipetruk.rules import instrument as rules
from sipetruk.services import instruments as services
from tests.panel.visitor import Visitor
from tests.queries.test_instruments import finished, without_discipline
from tests.services import builders

PAGE = "/admin/instrumen"


def lock_and_change(cast, version):
    """Version 1 locked, version 2 a draft in which discipline became twice yes-or-no and moved."""
    services.lock(cast.bkpsdm, version_id=version, expected_version=1)
    draft = services.start_draft(cast.bkpsdm, instrument_id=InstrumentVersion.get_by_id(version).instrument_id)

    def change(tree):
        tree = rules.update_criterion(tree, "gagasan", {"label": "Gagasan & <karya>", "scale": {"kind": "points", "max": 30, "step": 1}})
        return rules.move_criterion(tree, "disiplin", "inovasi", 2)

    services.edit(cast.bkpsdm, version_id=draft, change=change, expected_version=1)
    return draft


def words(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_a_draft_is_compared_with_the_version_before_it(visit, version, cast):
    draft = lock_and_change(cast, version)
    answer = visit("verifier").get(f"{PAGE}/{draft}/bandingkan/")
    text = words(answer.text)
    assert answer.status_code == 200
    for said in (
        "Sebelum: Kecil v1 (terkunci) · Sesudah: Kecil v2 (draf)",
        "Dipindahkan Rekam jejak Inovasi",
        "0 sampai 40 poin, kelipatan 0,5 0 sampai 30 poin, kelipatan 1",
        "40 % 30 % −10 %",
        "Jumlah 100 % 90 %",
    ):
        assert said in text
    assert "<karya>" not in answer.text
    assert "{" not in text


def test_the_earlier_version_stands_before_whichever_was_chosen_first(visit, version, cast):
    draft = lock_and_change(cast, version)
    pages = [
        words(visit("bkpsdm").get(f"{PAGE}/{one}/bandingkan/?dengan={other}").text) for one, other in ((draft, version), (version, draft))
    ]
    assert ["Sebelum: Kecil v1 (terkunci) · Sesudah: Kecil v2 (draf)" in page for page in pages] == [True, True]


def test_versions_of_other_instruments_can_be_compared(visit, version, cast):
    other = builders.locked_version(builders.tiny_instrument(title="Lain"))
    text = words(visit("bkpsdm").get(f"{PAGE}/{version}/bandingkan/?dengan={other}").text)
    assert "Instrumen: judul" in text
    assert visit("bkpsdm").get(f"{PAGE}/{version}/bandingkan/?dengan=4711").status_code == 404


def test_a_version_that_stands_alone_says_so(visit, version):
    answer = visit("bkpsdm").get(f"{PAGE}/{version}/bandingkan/")
    assert (answer.status_code, "Belum ada versi lain" in answer.text) == (200, True)


def test_the_lock_page_tells_the_differences_in_words(visit, version, cast):
    draft = lock_and_change(cast, version)
    assert "Dipindahkan Rekam jejak Inovasi" in words(visit("bkpsdm").get(f"{PAGE}/{draft}/kunci/").text)


def test_history_names_who_when_through_which_face_and_what(visit, version, cast):
    draft = lock_and_change(cast, version)
    text = words(visit("viewer").get(f"{PAGE}/{draft}/riwayat/").text)  # whose own name is another one than that of who did it
    made = r"Draf versi 2 dibuat sebagai salinan versi 1\. Rina Admin · [^·]+ pukul [0-9.]+ WITA · (\w+)"
    assert re.findall(made, text) == ["Panel"]
    assert "Dipindahkan Rekam jejak Inovasi" in text
    assert visit("verifier").get(f"{PAGE}/{draft}/riwayat/").status_code == 403


def test_a_long_history_is_read_page_by_page(visit, version, cast):
    for expected in range(1, 13):
        change = lambda tree, n=expected: rules.set_about(tree, title=f"Judul {n}", description="", source="")  # noqa: E731  # one line a step
        services.edit(cast.bkpsdm, version_id=version, change=change, expected_version=expected)
    visitor = visit("bkpsdm")
    first = visitor.get(f"{PAGE}/{version}/riwayat/").text
    assert ("13 catatan." in first, first.count('id="catatan-'), "Lebih baru" in first) == (True, 10, False)
    second = visitor.get(re.search(r'rel="next" href="([^"]+)"', first).group(1)).text
    assert (second.count('id="catatan-'), "Lebih lama" in second) == (3, False)
    back = visitor.get(re.search(r'rel="prev" href="([^"]+)"', second).group(1)).text
    assert re.findall(r'id="catatan-\d+', back) == re.findall(r'id="catatan-\d+', first)
    assert visitor.get(f"{PAGE}/{version}/riwayat/?sesudah=rusak").status_code == 422


def test_an_earlier_version_is_restored_as_the_next_draft(visit, version, cast):
    services.lock(cast.bkpsdm, version_id=version, expected_version=1)
    answer = visit("bkpsdm").post(f"{PAGE}/{version}/pulihkan/")
    made = InstrumentVersion.get(InstrumentVersion.number == 2)
    assert (answer.status_code, answer.location, made.state) == (303, f"{PAGE}/{made.id}/", "draft")


def test_restoring_is_refused_with_a_link_while_a_draft_exists(visit, version, cast):
    draft = lock_and_change(cast, version)
    answer = visit("bkpsdm").post(f"{PAGE}/{version}/pulihkan/")
    assert (answer.status_code, f'href="{PAGE}/{draft}/"' in answer.text, InstrumentVersion.select().count()) == (409, True, 2)
    assert visit("bkpsdm").post(f"{PAGE}/{draft}/pulihkan/").status_code == 409
    assert visit("viewer").post(f"{PAGE}/{version}/pulihkan/").status_code == 403


def test_a_finished_round_is_run_again_without_becoming_official(visit, cast):
    round_, _ = finished(cast, "Budi Santoso", "Wati Lestari")
    draft = without_discipline(cast)
    visitor = visit("bkpsdm")
    assert f'<option value="{round_.category_id}"' in visitor.get(f"{PAGE}/{draft}/uji-ulang/").text
    answer = visitor.get(f"{PAGE}/{draft}/uji-ulang/?kategori={round_.category_id}")
    text = words(answer.text)
    assert answer.status_code == 200
    for said in (
        "Bukan nilai resmi.",
        "Nilai baru di bawah ini paling tinggi 80, bukan 100",
        "Disiplin (20 %): Tidak ada kriteria dengan kode ini pada putaran itu.",
        "2 dari 2 calon berpindah peringkat. Akan menjadi pemenang: Budi Santoso . Tidak lagi menjadi pemenang: Wati Lestari .",
        "naik 1 80,00 80,00",
        "turun 1 99,00 79,00",
    ):
        assert said in text
    for who in ("viewer", "verifier", "assessor"):
        assert visit(who).get(f"{PAGE}/{draft}/uji-ulang/").status_code == 403


def test_a_backtest_that_cannot_be_computed_says_why(visit, cast):
    round_, _ = finished(cast, "Budi Santoso")
    empty = services.create(cast.bkpsdm, code="kosong", name="Kosong")
    answer = visit("bkpsdm").get(f"{PAGE}/{empty}/uji-ulang/?kategori={round_.category_id}")
    assert (answer.status_code, "Tidak ada kriteria yang cocok" in answer.text) == (422, True)
    assert visit("bkpsdm").get(f"{PAGE}/{empty}/uji-ulang/?kategori=4711").status_code == 404


def test_an_old_round_is_shown_by_its_own_instrument_after_everything_was_renamed(visit, cast, app):
    """Ranking, explanation, and public page of version 1 keep its labels; those of version 2 are its own."""
    round_, ids = finished(cast, "Budi Santoso")
    first = InstrumentVersion.get_by_id(round_.version_id)
    draft = services.start_draft(cast.bkpsdm, instrument_id=first.instrument_id)

    def rename(tree):
        tree = rules.update_component(tree, "inovasi", {"label": "Karya"})
        return rules.update_criterion(tree, "gagasan", {"label": "Buah pikiran"})

    services.edit(cast.bkpsdm, version_id=draft, change=rename, expected_version=1)
    services.lock(cast.bkpsdm, version_id=draft, expected_version=2)
    visitor = visit("bkpsdm")
    ranking = words(visitor.get(f"/admin/pemeringkatan/{round_.category_id}/").text)
    explained = words(visitor.get(f"/admin/pemeringkatan/{round_.category_id}/calon/{ids[0]}/").text)
    public = words(app.test_client().get(f"/instrumen/{first.instrument.code}/1").text)
    assert ["Inovasi" in page and "Karya" not in page for page in (ranking, explained, public)] == [True] * 3
    assert ["menurut Instrumen kecil versi 1" in page for page in (ranking, explained)] == [True] * 2
    assert f"{first.instrument.code} versi 1 {first.sha256}" in ranking
    assert ["Gagasan" in page and "Buah pikiran" not in page for page in (explained, public)] == [True] * 2


@pytest.fixture
def visit(app, cast):
    """visit("bkpsdm"): that member of the cast, signed in with a client of their own."""
    return lambda who: Visitor(app.test_client(), getattr(cast, who))


@pytest.fixture
def version(cast):
    """A draft of the small instrument."""
    return services.create(cast.bkpsdm, code="kecil", name="Kecil", definition=builders.tiny_instrument())
