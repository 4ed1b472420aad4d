"""The administrative check in the panel: who may open it, what it shows, verdicts and decisions that keep what was typed."""

from __future__ import annotations

import html
import re
from datetime import date

import pytest

from sipetruk.models import AuditEntry, CheckItem, Evidence, Nomination, Review
from sipetruk.rules.workflow import PeriodMove
from sipetruk.services import checks, nominations
from tests.services import builders

PAGE = "/admin/verifikasi/"
VERDICTS = {"verdict-proposal": "present", "note-proposal": "Lengkap.", "verdict-skp": "present"}


@pytest.fixture
def round_(cast):
    return builders.open_round(
        cast, eligibility_rules=[{"fact": "age", "operator": "at_most", "value": 50, "effect": "block", "message": ""}]
    )


@pytest.fixture
def waiting(cast, round_):
    """The id of a nomination that waits for the check."""
    return builders.submitted(cast, round_, "Siti Aminah")


@pytest.fixture(autouse=True)
def in_time():
    with builders.standing_at(2024, 10, 17):
        yield


def address(nomination_id, step=""):
    return f"{PAGE}{nomination_id}/{step}"


def version(nomination_id):
    return str(builders.version_of(nomination_id))


def items(nomination_id):
    return [
        (i.requirement, i.verdict, i.note)
        for i in CheckItem.select().where(CheckItem.nomination == nomination_id).order_by(CheckItem.requirement)
    ]


@pytest.mark.parametrize("who", ["verifier", "bkpsdm", "viewer"])
def test_those_of_the_round_see_queue_and_nomination(visit, waiting, who):
    visitor = visit(who)
    queue, page = visitor.get(PAGE), visitor.get(address(waiting))
    assert (queue.status_code, page.status_code) == (200, 200)
    assert "1 usulan menunggu" in queue.text
    assert ("Simpan hasil pemeriksaan" in page.text) == (who == "verifier")


@pytest.mark.parametrize("who", ["assessor", "unit_admin", "unit_head", "outsider"])
def test_others_see_nothing_of_it(visit, waiting, who):
    visitor = visit(who)
    for answer in (visitor.get(PAGE), visitor.get(address(waiting)), visitor.post(address(waiting), **VERDICTS)):
        assert answer.status_code == 403
        assert "Siti Aminah" not in answer.text


@pytest.mark.parametrize("who", ["bkpsdm", "viewer"])
@pytest.mark.parametrize("step", ["", "terima/", "kembalikan/", "tolak/"])
def test_readers_change_nothing(visit, waiting, who, step):
    answer = visit(who).post(address(waiting, step), row_version=version(waiting), reason="Tidak.", due_on="2024-10-20", **VERDICTS)
    assert answer.status_code == 403
    assert (items(waiting), Review.select().count(), Nomination.get_by_id(waiting).state) == ([], 0, "submitted")


@pytest.mark.parametrize("path", ["999/", "999/terima/", "1/lulus/"])
def test_what_is_not_there_is_not_found(visit, waiting, path):
    assert visit("verifier").get(PAGE + path).status_code == 404


def test_the_page_shows_rules_with_sign_word_and_value(visit, waiting):
    page = html.unescape(visit("verifier").get(address(waiting)).text)
    outcome = re.search(r'<li class="passed"><span class="sign" aria-hidden="true">✓</span>.*?</li>', page, re.DOTALL).group(0)
    assert "Terpenuhi" in outcome
    assert "38 tahun" in outcome
    assert "Antrean daring puskesmas" in page


def test_the_queue_filters_and_says_when_it_is_empty(visit, waiting, cast, round_):
    visitor = visit("verifier")
    assert "Siti Aminah" in visitor.get(f"{PAGE}?cari=siti&kategori={round_.category_id}&unit={cast.unit_id}").text
    for query in (f"unit={cast.other_unit_id}", "cari=wati", "status=rejected", "kategori=999"):
        answer = visitor.get(f"{PAGE}?{query}")
        assert "Tidak ada usulan yang cocok dengan saringan ini." in answer.text, query
    for query in ("kategori=abc", "unit=99999999999999999999", "status=apa", "cari=%00"):
        assert visitor.get(f"{PAGE}?{query}").status_code == 200, query
    assert visitor.get(f"{PAGE}?sesudah=xyz").status_code == 422


def test_previous_and_next_follow_the_queue(visit, cast, round_, waiting):
    second, third = (builders.submitted(cast, round_, name) for name in ("Budi Santoso", "Wati Lestari"))
    page = visit("verifier").get(address(second)).text
    assert "Antrean 2 dari 3" in page
    assert [re.search(rf'rel="{way}"', page) is not None for way in ("prev", "next")] == [True, True]
    assert f'href="{address(waiting)}" rel="prev"' in page
    assert f'href="{address(third)}" rel="next"' in page


def test_verdicts_are_saved_together(visit, waiting):
    before = int(version(waiting))
    answer = visit("verifier").post(address(waiting), row_version=str(before), **VERDICTS)
    assert (answer.status_code, answer.location) == (303, f"{address(waiting)}#bukti")
    assert items(waiting) == [("proposal", "present", "Lengkap."), ("skp", "present", "")]
    assert int(version(waiting)) == before + 1
    entries = AuditEntry.select().where(AuditEntry.action == "nomination:check").order_by(AuditEntry.id)
    assert [(e.actor, e.face, e.after["requirement"]) for e in entries] == [
        ("verifikator", "panel", "proposal"),
        ("verifikator", "panel", "skp"),
    ]


def test_a_refused_verdict_saves_none_and_keeps_what_was_typed(visit, waiting):
    typed = VERDICTS | {"verdict-foto": "present", "note-foto": "Ada di lampiran <b>surat</b>."}
    answer = visit("verifier").post(address(waiting), row_version=version(waiting), **typed)
    assert answer.status_code == 422
    message = "Bukti “Foto kegiatan” belum diunggah, jadi tidak dapat dinyatakan ADA."
    assert f'<ul class="errors" id="verdict-foto-salah"><li>{message}</li></ul>' in answer.text
    assert "Ada di lampiran &lt;b&gt;surat&lt;/b&gt;." in answer.text
    assert re.search(r'<input[^>]*\bchecked\b[^>]*name="verdict-foto"[^>]*value="present"', answer.text)
    assert items(waiting) == []


def test_a_note_without_a_verdict_asks_for_it(visit, waiting):
    answer = visit("verifier").post(address(waiting), row_version=version(waiting), **{"note-skp": "Belum dilihat."})
    assert (answer.status_code, items(waiting)) == (422, [])
    assert '<ul class="errors" id="verdict-skp-salah"><li>Pilih ADA atau TIDAK ADA.</li></ul>' in answer.text


def test_a_second_tab_sees_both_texts(visit, waiting):
    visitor, stale = visit("verifier"), version(waiting)
    visitor.post(address(waiting), row_version=stale, **VERDICTS)
    answer = visitor.post(address(waiting), row_version=stale, **(VERDICTS | {"note-proposal": "Halaman 3 hilang."}))
    assert answer.status_code == 409
    assert "Halaman 3 hilang." in answer.text
    assert "Lengkap." in answer.text
    assert items(waiting)[0] == ("proposal", "present", "Lengkap.")


def test_accepting_leads_to_the_next_that_waits(visit, cast, round_, waiting):
    after = builders.submitted(cast, round_, "Budi Santoso")
    visitor = visit("verifier")
    visitor.post(address(waiting), row_version=version(waiting), **VERDICTS)
    page = visitor.get(address(waiting, "terima/"))
    assert "diteruskan ke tim penilai" in page.text
    answer = visitor.send(address(waiting, "terima/"), note="Lengkap dan benar.")
    assert (answer.status_code, answer.location) == (303, address(after))
    assert Nomination.get_by_id(waiting).state == "verified"
    assert [(r.decision, r.reason) for r in Review.select()] == [("accepted", "Lengkap dan benar.")]


def test_accepting_without_the_evidence_is_refused_naming_each(visit, waiting):
    answer = visit("verifier").send(address(waiting, "terima/"), note="Terima saja.")
    assert answer.status_code == 422
    assert re.findall(rf'<li><a href="{address(waiting)}#(verdict-\w+)">(.*?)</a></li>', answer.text) == [
        ("verdict-proposal", "Bukti “Proposal” belum diperiksa."),
        ("verdict-skp", "Bukti “Laporan SKP” belum diperiksa."),
    ]
    assert answer.text.count('role="alert"') == 1
    assert "Terima saja." in answer.text
    assert (Nomination.get_by_id(waiting).state, Review.select().count()) == ("submitted", 0)


def test_what_stands_in_the_way_of_a_decision_is_said_when_its_page_is_opened(visit, cast, round_, waiting):
    visitor, block = visit("verifier"), r'<div class="note bad" id="penghalang">.*?</div>'
    shown = re.search(block, visitor.get(address(waiting, "terima/")).text, re.DOTALL)
    assert re.findall(rf'<li><a href="{address(waiting)}#(verdict-\w+)">(.*?)</a></li>', shown.group()) == [
        ("verdict-proposal", "Bukti “Proposal” belum diperiksa."),
        ("verdict-skp", "Bukti “Laporan SKP” belum diperiksa."),
    ]
    builders.check_all(cast, waiting)
    for decision in ("terima/", "kembalikan/", "tolak/", "tarik/"):
        page = visitor.get(address(waiting, decision))
        assert (page.status_code in {200, 403}, re.search(block, page.text)) == (True, None)
    visitor.send(address(waiting, "terima/"), note="")
    for decision, said in (("terima/", "diterima"), ("kembalikan/", "dikembalikan"), ("tolak/", "ditolak")):
        shown = re.search(block, visitor.get(address(waiting, decision)).text, re.DOTALL).group()
        assert re.findall("<li>(.*?)</li>", shown) == [f"Usulan berstatus “Memenuhi syarat” tidak dapat {said}."]


def test_the_same_file_under_two_requirements_is_said(visit, waiting):
    visitor, said = visit("verifier"), r'<span class="hint">(Berkas yang sama[^<]*)</span>'
    assert re.findall(said, visitor.get(address(waiting)).text) == []
    file = Evidence.get(nomination=waiting)
    others = {"filename": file.filename, "uploaded_by": file.uploaded_by_id, "uploaded_at": file.uploaded_at}
    Evidence.create(nomination=waiting, requirement="foto", blob=file.blob_id, **others)
    assert re.findall(said, visitor.get(address(waiting)).text) == [
        "Berkas yang sama juga dilampirkan pada “Foto kegiatan”.",
        "Berkas yang sama juga dilampirkan pada “Proposal”.",
    ]


def test_accepting_is_the_main_button_only_when_everything_was_found(visit, waiting):
    visitor, tone = visit("verifier"), r'<a class="(btn[ main]*)" href="[^"]*/terima/"'
    assert re.findall(tone, visitor.get(address(waiting)).text) == ["btn"]
    visitor.post(address(waiting), row_version=version(waiting), **VERDICTS)
    assert re.findall(tone, visitor.get(address(waiting)).text) == ["btn main"]


def test_bkpsdm_withdraws_a_nomination_with_a_reason(visit, waiting):
    visitor, path = visit("bkpsdm"), address(waiting, "tarik/")
    assert f'href="{path}">Tarik usulan' in visitor.get(address(waiting)).text
    assert "Penarikan ini tidak dapat dibatalkan." in visitor.get(path).text
    assert (visitor.send(path, reason=" ").status_code, Nomination.get_by_id(waiting).state) == (422, "submitted")
    answer = visitor.send(path, reason="Calon pindah tugas.")
    assert (answer.status_code, answer.location, Nomination.get_by_id(waiting).state) == (303, address(waiting), "withdrawn")
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).first()
    assert (entry.actor, entry.face, entry.action, entry.reason) == ("bkpsdm", "panel", "nomination:withdraw", "Calon pindah tugas.")
    assert "Tarik usulan" not in visitor.get(address(waiting)).text


@pytest.mark.parametrize("who", ["verifier", "viewer"])
def test_others_do_not_withdraw(visit, waiting, who):
    visitor, path = visit(who), address(waiting, "tarik/")
    assert "Tarik usulan" not in visitor.get(address(waiting)).text
    assert [visitor.get(path).status_code, visitor.post(path, row_version=version(waiting), reason="x").status_code] == [403, 403]
    assert Nomination.get_by_id(waiting).state == "submitted"


def test_returning_needs_a_reason_and_a_day(visit, waiting):
    visitor, path = visit("verifier"), address(waiting, "kembalikan/")
    refused = visitor.send(path, reason="Proposal belum ditandatangani.", due_on="2024-10-16")
    assert refused.status_code == 422
    assert '<ul class="errors" id="due_on-salah"><li>Batas perbaikan paling cepat hari ini.</li></ul>' in refused.text
    assert "Proposal belum ditandatangani." in refused.text
    assert Nomination.get_by_id(waiting).state == "submitted"
    assert visitor.send(path, reason=" ", due_on="").status_code == 422
    assert visitor.send(path, reason="Proposal belum ditandatangani.", due_on="2024-10-20").status_code == 303
    found = Nomination.get_by_id(waiting)
    assert (found.state, found.due_on) == ("returned", date(2024, 10, 20))
    assert [(r.decision, r.reason) for r in Review.select()] == [("returned", "Proposal belum ditandatangani.")]


def test_rejecting_warns_and_says_why(visit, waiting):
    visitor, path = visit("verifier"), address(waiting, "tolak/")
    assert "Keputusan ini tidak dapat dibatalkan." in visitor.get(path).text
    assert visitor.send(path, reason="").status_code == 422
    assert visitor.send(path, reason="Bukan pegawai aktif.").status_code == 303
    assert Nomination.get_by_id(waiting).state == "rejected"


def test_a_decision_on_an_old_page_shows_both(visit, cast, waiting):
    visitor, path = visit("verifier"), address(waiting, "tolak/")
    old = visitor.form(path, reason="Bukan pegawai aktif.")
    visitor.post(address(waiting), row_version=version(waiting), **VERDICTS)
    answer = visitor.post(path, **old)
    assert (answer.status_code, Nomination.get_by_id(waiting).state) == (409, "submitted")
    assert "Bukan pegawai aktif." in answer.text


def test_a_nomination_that_was_withdrawn_cannot_be_decided(visit, cast, round_, waiting):
    visitor, path = visit("verifier"), address(waiting, "tolak/")
    nominations.withdraw(cast.unit_admin, nomination_id=waiting, reason="Pindah tugas.", expected_version=int(version(waiting)))
    answer = visitor.send(path, reason="Tidak memenuhi.")
    assert (answer.status_code, Review.select().count()) == (422, 0)
    assert 'role="alert"' in answer.text


def test_evidence_is_shown_in_the_page_and_nowhere_else(visit, waiting):
    visitor = visit("verifier")
    page = visitor.get(address(waiting)).text
    address_, name = re.search(r'<iframe src="([^"]+)" title="Isi berkas ([^"]+)" loading="lazy"></iframe>', page).groups()
    address_, _, shape = html.unescape(address_).partition("#")
    assert (name, shape) == ("proposal.pdf", "navpanes=0&view=FitH")
    assert re.findall(r'<details class="viewer" id="berkas-\d+"( open)?>', page) == [" open"]
    shown = visitor.client.get(address_, buffered=True)
    headers = ("Content-Type", "Content-Disposition", "X-Content-Type-Options", "X-Frame-Options", "Content-Security-Policy")
    assert [shown.headers[each] for each in headers] == [
        "application/pdf",
        "inline; filename=proposal.pdf",
        "nosniff",
        "SAMEORIGIN",
        "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'",
    ]
    taken = visitor.client.get(address_.partition("?")[0], buffered=True)
    assert taken.headers["Content-Disposition"] == "attachment; filename=proposal.pdf"
    assert [taken.headers["X-Frame-Options"], "frame-ancestors 'none'" in taken.headers["Content-Security-Policy"]] == ["DENY", True]


def test_verdicts_save_themselves_and_say_who_was_faster(visit, waiting):
    visitor, before = visit("verifier"), int(version(waiting))
    script = {"headers": {"Accept": "application/json"}}

    def save(version_, **typed):
        return visitor.client.post(address(waiting), data={"csrf_token": visitor.token, "row_version": version_, **typed}, **script)

    saved = save(before, **VERDICTS)
    assert (saved.status_code, saved.json["row_version"]) == (200, before + 1)
    assert items(waiting)[0] == ("proposal", "present", "Lengkap.")
    stale = save(before, **(VERDICTS | {"note-proposal": "Lain."}))
    assert (stale.status_code, stale.json["message"].startswith("Yusuf Verifikator menyimpan hasil pemeriksaan pukul")) == (409, True)
    assert items(waiting)[0] == ("proposal", "present", "Lengkap.")


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"note-foto": "Buram."}, {"verdict-foto": ["Pilih ADA atau TIDAK ADA."]}),
        ({"verdict-foto": "present"}, {"verdict-foto": ["Bukti “Foto kegiatan” belum diunggah, jadi tidak dapat dinyatakan ADA."]}),
        ({"verdict-foto": "absent", "note-foto": "x" * 2001}, {"note-foto": ["Paling banyak 2000 karakter."]}),
    ],
)
def test_one_wrong_verdict_does_not_keep_the_others_from_saving_themselves(visit, waiting, wrong, named):
    visitor, before = visit("verifier"), int(version(waiting))

    def save(version_):
        sent = {"csrf_token": visitor.token, "row_version": version_, **VERDICTS, **wrong}
        return visitor.client.post(address(waiting), data=sent, headers={"Accept": "application/json"})

    answer = save(before)
    assert (answer.status_code, answer.json["row_version"], answer.json["errors"]) == (200, before + 1, named)
    assert items(waiting) == [("proposal", "present", "Lengkap."), ("skp", "present", "")]
    again = save(before + 1)  # nothing new: nothing is written
    assert (again.status_code, again.json["row_version"], again.json["errors"]) == (200, before + 1, named)
    assert save(before).status_code == 409


def test_a_verdict_that_is_typed_wrongly_now_stays_as_it_was(visit, waiting):
    visitor, before = visit("verifier"), int(version(waiting))
    visitor.post(address(waiting), row_version=before, **VERDICTS)
    sent = {"csrf_token": visitor.token, "row_version": before + 1, **VERDICTS, "verdict-skp": "absent", "note-skp": "x" * 2001}
    answer = visitor.client.post(address(waiting), data=sent, headers={"Accept": "application/json"})
    assert (answer.status_code, list(answer.json["errors"])) == (200, ["note-skp"])
    assert items(waiting) == [("proposal", "present", "Lengkap."), ("skp", "present", "")]


def test_the_filter_goes_along_with_every_step(visit, cast, round_, waiting):
    second = builders.submitted(cast, round_, "Budi Santoso")
    builders.submitted(cast, round_, "Wati Lestari")
    visitor = visit("verifier")
    query = f"?cari=a&kategori={round_.category_id}&pemeriksa=belum"
    page = html.unescape(visitor.get(address(waiting) + query).text)
    assert "Antrean 1 dari 3" in page
    kept = f"kategori={round_.category_id}&cari=a&pemeriksa=belum"
    assert f'href="{address(second)}?{kept}" rel="next"' in page
    assert f'href="{address(waiting, "terima/")}?{kept}"' in page
    answer = visitor.post(address(waiting, "tolak/") + query, row_version=version(waiting), reason="Bukan pegawai aktif.")
    assert (answer.status_code, answer.location) == (303, f"{address(second)}?{kept}")


@pytest.mark.parametrize(
    "query", ["tenggat=x", "pemeriksa=x", "syarat=x", "periode=x", "periode=99999999999999", "status=semua", "cari=%00"]
)
def test_filters_that_make_no_sense_are_none(visit, waiting, query):
    visitor = visit("verifier")
    assert [visitor.get(f"{path}?{query}").status_code for path in (PAGE, address(waiting), address(waiting, "terima/"))] == [200] * 3


def test_facts_name_their_source_and_when_it_was_loaded(visit, waiting):
    page = html.unescape(visit("verifier").get(address(waiting)).text)
    found = re.search(r'<span class="hint">(Sumber: .*?)</span>', page).group(1)
    assert found.startswith("Sumber: Data pegawai: lahir 26 September 1986; terakhir dimuat ")
    assert found.endswith("oleh sistem (Baris perintah).")


def test_a_return_lies_within_the_check(visit, waiting):
    visitor, path = visit("verifier"), address(waiting, "kembalikan/")
    refused = visitor.send(path, reason="Foto buram.", due_on="2024-10-23")
    assert "Batas perbaikan paling lambat 22 Oktober 2024, hari terakhir verifikasi administrasi." in refused.text
    assert (refused.status_code, Nomination.get_by_id(waiting).state) == (422, "submitted")
    assert visitor.send(path, reason="Foto buram.", due_on="2024-10-22").status_code == 303


def test_what_was_found_in_an_earlier_round_stays_readable(visit, cast, waiting):
    visitor = visit("verifier")
    visitor.post(address(waiting), row_version=version(waiting), **{"verdict-proposal": "absent", "note-proposal": "Halaman 3 hilang."})
    visitor.send(address(waiting, "kembalikan/"), reason="Lengkapi.", due_on="2024-10-20")
    builders.attach(cast.unit_admin, waiting, filename="lengkap.pdf", content=builders.PDF + b"baru")
    page = html.unescape(visitor.get(address(waiting)).text)
    assert "Hasil pemeriksaan sebelumnya (1)" in page
    assert "Proposal: <b>TIDAK ADA</b>. Halaman 3 hilang." in page
    assert "Berkas diganti" in page


# Several at once


def ready(cast, round_, *names):
    ids = [builders.submitted(cast, round_, name) for name in names]
    for id_ in ids:
        builders.check_all(cast, id_)
    return ids


def versions_on(page):
    return dict(re.findall(r'name="(versi-\d+)" value="(\d+)"', page))


def test_several_are_accepted_after_a_page_that_names_what_is_open(visit, cast, round_, waiting):
    good, other = ready(cast, round_, "Budi Santoso", "Wati Lestari")
    visitor = visit("verifier")
    page = visitor.post(f"{PAGE}terima/", pilih=[good, waiting, other])
    assert page.status_code == 200
    assert "Terima 2 usulan?" in page.text
    assert "Bukti “Proposal” belum diperiksa." in page.text
    assert [Nomination.get_by_id(id_).state for id_ in (good, waiting, other)] == ["submitted"] * 3
    answer = visitor.post(f"{PAGE}terima/", **versions_on(page.text), pilih=[good, waiting, other], confirmed="1")
    assert (answer.status_code, answer.location) == (303, PAGE)
    assert [Nomination.get_by_id(id_).state for id_ in (good, waiting, other)] == ["verified", "submitted", "verified"]
    assert "2 usulan diterima (memenuhi syarat): Budi Santoso" in visitor.get(PAGE).text


def test_one_that_changed_meanwhile_is_named_and_holds_nobody_up(visit, cast, round_):
    good, changed = ready(cast, round_, "Budi Santoso", "Wati Lestari")
    visitor = visit("verifier")
    sent = versions_on(visitor.post(f"{PAGE}terima/", pilih=[good, changed]).text) | {"pilih": [good, changed]}
    checks.record_items(
        cast.verifier, nomination_id=changed, items={"foto": ("absent", "Tidak ada.")}, expected_version=builders.version_of(changed)
    )
    visitor.post(f"{PAGE}terima/", **sent, confirmed="1")
    assert [Nomination.get_by_id(id_).state for id_ in (good, changed)] == ["verified", "submitted"]
    assert "Wati Lestari (" in re.search(r'role="alert">([^<]*) tidak diterima: Data ini sudah diubah', visitor.get(PAGE).text).group(1)


@pytest.mark.parametrize("who", ["bkpsdm", "viewer", "assessor", "outsider"])
def test_only_verifiers_accept_several(visit, cast, round_, who):
    (good,) = ready(cast, round_, "Budi Santoso")
    answer = visit(who).post(f"{PAGE}terima/", pilih=good, confirmed="1", **{f"versi-{good}": version(good)})
    assert (answer.status_code, Nomination.get_by_id(good).state) == (403, "submitted")


@pytest.mark.parametrize("sent", [{}, {"pilih": "abc"}, {"pilih": "999"}, {"pilih": "999", "confirmed": "1", "versi-999": "1"}])
def test_nothing_chosen_is_said(visit, waiting, sent):
    visitor = visit("verifier")
    assert visitor.post(f"{PAGE}terima/", **sent).status_code == 303
    assert "Pilih dahulu usulan yang akan diterima." in visitor.get(PAGE).text


def test_the_queue_costs_the_same_for_one_and_for_many(visit, cast, round_, waiting, count_statements):
    visitor = visit("verifier")
    visitor.get(PAGE)
    one = count_statements(lambda: visitor.get(PAGE))
    for name in ("Budi Santoso", "Wati Lestari", "Rudi Hartono"):
        builders.submitted(cast, round_, name)
    assert count_statements(lambda: visitor.get(PAGE)) == one


def test_outside_the_check_the_page_only_reads(visit, cast, round_, waiting):
    builders.check_all(cast, waiting)
    visitor = visit("verifier")
    visitor.send(address(waiting, "terima/"), note="")
    builders.move(cast, round_, PeriodMove.START_VERIFICATION)
    page = visitor.get(address(waiting))
    assert (page.status_code, "Simpan hasil pemeriksaan" in page.text) == (200, False)
    assert visitor.post(address(waiting), row_version=version(waiting), **VERDICTS).status_code == 422
