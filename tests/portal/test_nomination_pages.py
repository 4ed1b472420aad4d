"""The unit nominates: who may, choosing an employee, the form that keeps what was typed, evidence, and two tabs at once."""

from __future__ import annotations

import io
import re

import pytest

from sipetruk.api import ids
from sipetruk.models import Evidence, Nomination
from sipetruk.rules.workflow import PeriodMove
from sipetruk.services import nominations
from tests.portal import pages
from tests.services import builders, test_interviews

GOOD = {"a-judul": "Antrean daring", "a-tingkat": "unit", "a-penghargaan.nasional": "1", "a-penghargaan.provinsi": ""}


@pytest.fixture(autouse=True)
def while_units_nominate():
    with builders.during_nomination():
        yield


@pytest.fixture
def unit(client, cast, sign_in):
    return sign_in(client, cast.unit_admin)


def address(client, name="Budi Santoso"):
    """The page of a nomination, as the list leads to it."""
    found = re.search(rf'href="(/usulan/[^"/]+)">{name}', client.get("/usulan/").text)
    assert found is not None, f"{name} is not on the list"
    return found.group(1)


def save(client, page, **changes):
    """Send the form as the page gave it, with these answers."""
    text = client.get(f"{page}/isian").text
    form = {"csrf_token": pages.token(text), "expected_version": pages.hidden(text, "expected_version")} | GOOD
    return client.post(f"{page}/isian", data={**form, **{name.replace("__", "-"): value for name, value in changes.items()}})


def upload(client, page, content=builders.PDF, requirement="proposal", filename="proposal.pdf"):
    form = {"csrf_token": pages.token(client.get(f"{page}/bukti").text), "requirement": requirement}
    answer = client.post(f"{page}/bukti", data={**form, "file": (io.BytesIO(content), filename)})
    answer.request.environ["wsgi.input"].close()  # the test client keeps a large body in a file that it forgets
    return answer


def choosing(client):
    """The page on which employees are chosen."""
    return re.search(r'href="(/usulan/baru/[^"]+)"', client.get("/usulan/").text).group(1)


def found(client, choose, words, **more):
    """The page that answers a search."""
    form = {"csrf_token": pages.token(client.get(choose).text), "cari": words}
    return client.post(f"{choose}/cari", data={**form, **more})


def test_who_is_not_signed_in_is_led_to_the_sign_in_and_back(client):
    answer = client.get("/usulan/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/masuk?next=/usulan/")


@pytest.mark.parametrize("who", ["bkpsdm", "verifier", "assessor", "viewer"])
def test_who_holds_no_role_for_a_unit_is_refused(client, cast, sign_in, who):
    answer = sign_in(client, getattr(cast, who)).get("/usulan/")
    assert (answer.status_code, pages.headings(answer.text, 1)) == (403, ["Anda tidak berhak membuka halaman ini"])


def test_another_units_nomination_is_as_unknown_as_none(app, cast, sign_in):
    builders.drafted(cast, builders.open_round(cast))
    page = address(sign_in(app.test_client(), cast.unit_admin))
    outsider = sign_in(app.test_client(), cast.outsider)
    seen = []
    for path in (page, "/usulan/Tm9taW5hdGlvbjo5OTk", "/usulan/apa-saja"):
        for part in ("", "/isian", "/bukti", "/tarik"):
            answer = outsider.get(path + part)
            seen.append((answer.status_code, pages.plain(answer.text, '<section class="error-page"', "</p>")))
    assert seen == [seen[0]] * 12
    assert seen[0][0] == 404


def test_a_unit_without_nominations_is_told_how_to_begin(unit, cast):
    builders.open_round(cast, quota_per_unit=2)
    text = unit.get("/usulan/").text
    assert pages.headings(text, 3) == ["ASN Inovatif", "Belum ada usulan"]
    (card,) = pages.plain(text, '<li class="card">', "</li>")
    assert "Sampai 15 Oktober 2024 pukul 23.59 WITA Sisa kuota unit: 2 dari 2 usulan Usulkan pegawai" in card


def test_a_unit_that_has_used_its_quota_is_told_before_it_looks_for_somebody(unit, cast):
    round_ = builders.open_round(cast, quota_per_unit=2)
    first = builders.drafted(cast, round_, "Budi Santoso")
    home = unit.get("/usulan/").text
    choose = re.search(r'href="(/usulan/baru/[^"]+)"', home).group(1)
    assert ("Sisa kuota unit: 1 dari 2 usulan" in home, "Sisa kuota unit: 1 dari 2 usulan." in unit.get(choose).text) == (True, True)
    builders.drafted(cast, round_, "Wati Lestari")
    builders.employee(cast.unit_id, "Udin Hasan")
    used = "Kuota unit terpakai: 2 dari 2 usulan"
    home = unit.get("/usulan/").text
    (card,) = pages.plain(home, '<li class="card">', "</li>")
    assert (card.endswith(used), "Usulkan" in card, "/usulan/baru/" in home) == (True, False, False)
    text = unit.get(choose).text
    assert pages.plain(text, '<div class="message info">', "</div>") == [
        f"{used} . Tarik usulan lain lebih dahulu, atau pilih kategori lain pada halaman Usulan ."
    ]
    assert pages.plain(text, '<div class="side">', "</div>") == ["Sudah diusulkan", "Kuota terpakai", "Sudah diusulkan"]
    assert 'name="employee_id"' not in text
    nominations.withdraw(cast.unit_admin, nomination_id=first, reason="Pindah tugas.", expected_version=builders.version_of(first))
    assert "Sisa kuota unit: 1 dari 2 usulan" in unit.get("/usulan/").text
    assert 'name="employee_id"' in unit.get(choose).text


def test_a_category_without_a_quota_says_nothing_of_one(unit, cast):
    builders.open_round(cast, quota_per_unit=None)
    text = unit.get("/usulan/").text
    choose = re.search(r'href="(/usulan/baru/[^"]+)"', text).group(1)
    assert [each for each in (text, unit.get(choose).text) if "kuota" in each.lower()] == []


def test_the_list_shows_state_and_what_is_missing(unit, cast):
    round_ = builders.open_round(cast)
    builders.drafted(cast, round_, "Budi Santoso")
    builders.endorsed(cast, round_, "Wati Lestari")
    sides = pages.plain(unit.get("/usulan/").text, '<div class="side">', "</div>")
    assert sorted(sides) == ["Disahkan kepala OPD siap diajukan", "Draf 3 hal belum lengkap"]


def test_employees_of_the_own_unit_are_found_by_name_and_by_number(unit, cast):
    round_ = builders.open_round(cast)
    builders.employee(cast.unit_id, "Budi Santoso")
    wati = builders.employee(cast.unit_id, "Wati Lestari", nip="198609262015051777")
    builders.employee(cast.other_unit_id, "Wati Orang Lain")
    choose = re.search(r'href="(/usulan/baru/[^"]+)"', unit.get("/usulan/").text).group(1)
    assert pages.headings(unit.get(choose).text, 3) == ["Budi Santoso", "Wati Lestari"]
    assert pages.headings(found(unit, choose, "wati").text, 3) == ["Wati Lestari"]
    assert pages.headings(found(unit, choose, "198609262015051777").text, 3) == ["Wati Lestari"]
    assert pages.headings(found(unit, choose, "19860926 201505 1 777").text, 3) == ["Wati Lestari"]
    nobody = found(unit, choose, "<b>siapa").text
    assert "Tidak ada pegawai unit Anda yang cocok dengan “&lt;b&gt;siapa”." in nobody
    form = {
        "csrf_token": pages.token(unit.get(choose).text),
        "employee_id": pages.hidden(found(unit, choose, "wati").text, "employee_id"),
    }
    answer = unit.post(choose, data={**form, "key": "kunci-satu"})
    assert answer.status_code == 303
    assert answer.headers["Location"] == address(unit, "Wati Lestari") + "/isian/1"
    assert [(row.category_id, row.employee_id) for row in Nomination.select()] == [(round_.category_id, wati)]


def test_sending_the_same_choice_twice_makes_one_nomination(unit, cast):
    builders.open_round(cast)
    builders.employee(cast.unit_id, "Budi Santoso")
    choose = re.search(r'href="(/usulan/baru/[^"]+)"', unit.get("/usulan/").text).group(1)
    text = unit.get(choose).text
    form = {name: pages.hidden(text, name) for name in ("csrf_token", "employee_id", "key")}
    places = [unit.post(choose, data=form).headers["Location"] for _ in range(2)]
    assert places == [address(unit) + "/isian/1"] * 2
    assert Nomination.select().count() == 1


def test_each_rule_is_shown_with_what_it_saw_and_a_failed_one_blocks(unit, cast):
    rules = [
        {"fact": "age", "operator": "at_most", "value": 30, "effect": "block", "message": ""},
        {"fact": "service_years", "operator": "at_least", "value": 2, "effect": "block", "message": ""},
        {"fact": "sanction_serving", "operator": "none", "value": {"levels": ["B"]}, "effect": "warn", "message": ""},
    ]
    builders.open_round(cast, eligibility_rules=rules)
    builders.employee(cast.unit_id, "Budi Santoso")
    choose = re.search(r'href="(/usulan/baru/[^"]+)"', unit.get("/usulan/").text).group(1)
    text = unit.get(choose).text
    assert re.findall(r'<li class="(passed|failed|unknown|soft)">', text) == ["failed", "passed", "unknown"]
    assert pages.plain(text, "<p>Tercatat: ", "</p>") == ["38 tahun.", "9 tahun."]
    assert pages.plain(text, '<span class="tag bad">', "</span>") == ["Tidak memenuhi syarat"]
    assert 'name="employee_id"' not in text


def test_the_head_reads_but_does_not_choose(client, cast, sign_in):
    builders.open_round(cast)
    head = sign_in(client, cast.unit_head)
    assert "/usulan/baru/" not in head.get("/usulan/").text
    assert [head.get(f"/usulan/baru/{id_}").status_code for id_ in ("Q2F0ZWdvcnk6MQ", "Q2F0ZWdvcnk6OTk")] == [403, 303]


def test_a_draft_may_be_saved_unfinished(unit, cast):
    id_ = builders.drafted(cast, builders.open_round(cast))
    page = address(unit)
    answer = save(unit, page)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{page}/isian")
    assert Nomination.get_by_id(id_).answers == {
        "judul": "Antrean daring",
        "tingkat": "unit",
        "penghargaan": {"nasional": 1, "provinsi": 0},
    }
    assert pages.plain(unit.get(f"{page}/isian").text, '<div class="message good" role="status">', "</div>") == ["Isian tersimpan."]


def test_a_refused_form_keeps_all_that_was_typed_and_saves_nothing(unit, cast):
    id_ = builders.drafted(cast, builders.open_round(cast))
    title = '</textarea>"><script>' + "x" * 100
    answer = save(unit, address(unit), a__judul=title, **{"a-penghargaan.provinsi": "1"})
    assert answer.status_code == 422
    assert pages.errors(answer.text) == ["Paling banyak 100 karakter; Anda menulis 121."]
    assert pages.plain(answer.text, '<div class="problem" role="alert"', "</div>")[0].endswith(
        "Judul inovasi : Paling banyak 100 karakter; Anda menulis 121."
    )
    assert pages.hidden(answer.text, "a-judul") == title
    assert "<script>x" not in answer.text
    assert re.findall(r'name="a-tingkat" value="unit" checked', answer.text) == ['name="a-tingkat" value="unit" checked']
    assert [pages.hidden(answer.text, f"a-penghargaan.{code}") for code in ("nasional", "provinsi")] == ["1", "1"]
    assert (Nomination.get_by_id(id_).answers, Nomination.get_by_id(id_).row_version) == ({}, 1)


def test_a_count_that_is_no_number_stays_in_its_place(unit, cast):
    id_ = builders.drafted(cast, builders.open_round(cast))
    answer = save(unit, address(unit), **{"a-penghargaan.nasional": "dua"})
    assert (answer.status_code, pages.errors(answer.text)) == (422, ["Jumlah harus bilangan bulat."])
    assert pages.hidden(answer.text, "a-penghargaan.nasional") == "dua"
    assert Nomination.get_by_id(id_).answers == {}


@pytest.mark.parametrize("version", ["", "x", "-1", "99999999999999999999"])
def test_a_version_that_no_page_gave_is_no_request(unit, cast, version):
    builders.drafted(cast, builders.open_round(cast))
    page = address(unit)
    form = {"csrf_token": pages.token(unit.get(f"{page}/isian").text), "expected_version": version} | GOOD
    assert unit.post(f"{page}/isian", data=form).status_code == 400


def test_a_second_tab_sees_both_texts_and_decides(unit, cast):
    id_ = builders.drafted(cast, builders.open_round(cast))
    page = address(unit)
    old = unit.get(f"{page}/isian").text
    assert save(unit, page, a__judul="Tab pertama").status_code == 303
    form = {"csrf_token": pages.token(old), "expected_version": pages.hidden(old, "expected_version")} | GOOD
    conflict = unit.post(f"{page}/isian", data={**form, "a-judul": "Tab <kedua>"})
    assert (conflict.status_code, pages.headings(conflict.text, 1)) == (409, ["Isian sudah berubah"])
    assert pages.headings(conflict.text, 3) == ["Judul inovasi"]
    assert re.findall(r"</b>(Tab[^<]*)</div>", conflict.text) == ["Tab &lt;kedua&gt;", "Tab pertama"]
    assert Nomination.get_by_id(id_).answers["judul"] == "Tab pertama"
    again = {name: pages.hidden(conflict.text, name) for name in ("csrf_token", "expected_version", *GOOD)}
    merging = unit.post(f"{page}/isian", data={**again, "then": "edit"})
    assert (merging.status_code, pages.hidden(merging.text, "a-judul")) == (200, "Tab <kedua>")
    assert Nomination.get_by_id(id_).answers["judul"] == "Tab pertama"
    assert unit.post(f"{page}/isian", data=again).status_code == 303
    assert Nomination.get_by_id(id_).answers["judul"] == "Tab <kedua>"


def test_after_the_deadline_typed_text_is_shown_though_it_cannot_be_saved(unit, cast):
    id_ = builders.drafted(cast, builders.open_round(cast))
    page = address(unit)
    text = unit.get(f"{page}/isian").text
    form = {"csrf_token": pages.token(text), "expected_version": "1"} | GOOD
    with builders.standing_at(2024, 10, 16):
        answer = unit.post(f"{page}/isian", data=form)
        assert "data-answers" not in unit.get(f"{page}/isian").text
    assert answer.status_code == 422
    assert "Pengusulan sudah ditutup pada 15 Oktober 2024 pukul 23.59 WITA." in answer.text
    assert pages.plain(answer.text, "<dd>", "</dd>") == ["Antrean daring", "Unit", "Nasional: 1"]
    assert Nomination.get_by_id(id_).answers == {}


def test_a_draft_that_missed_its_deadline_says_so(unit, cast):
    builders.drafted(cast, builders.open_round(cast))
    page = address(unit)
    assert "Terlambat diajukan" not in unit.get(page).text
    with builders.standing_at(2024, 10, 16):
        text = unit.get(page).text
        (side,) = pages.plain(unit.get("/usulan/").text, '<div class="side">', "</div>")
    assert pages.headings(text, 2)[0] == "Terlambat diajukan"
    assert "Pengusulan sudah ditutup pada 15 Oktober 2024 pukul 23.59 WITA. Usulan yang belum diajukan tidak ikut dinilai." in text
    assert side == "Draf Terlambat diajukan. Pengusulan sudah ditutup pada 15 Oktober 2024 pukul 23.59 WITA."


def test_the_form_of_a_draft_that_missed_its_deadline_says_why_it_cannot_be_filled_in(unit, cast):
    builders.drafted(cast, builders.open_round(cast))
    page = f"{address(unit)}/isian"
    assert '<span class="unseen"> kurang</span>' in unit.get(page).text
    with builders.standing_at(2024, 10, 16):
        text = unit.get(page).text
    assert ("Terlambat diajukan" in pages.headings(text, 2), "data-answers" in text) == (True, False)
    assert '<span class="unseen"> kurang</span>' not in text


def test_whoever_chooses_after_the_deadline_is_led_to_what_is_open(unit, cast):
    builders.open_round(cast)
    choose = re.search(r'href="(/usulan/baru/[^"]+)"', unit.get("/usulan/").text).group(1)
    with builders.standing_at(2024, 10, 16):
        answer = unit.get(choose)
        assert (answer.status_code, answer.location) == (303, "/usulan/")
        assert "Kategori ini tidak sedang dibuka untuk pengusulan." in unit.get("/usulan/").text


def test_an_interview_asks_nothing_of_the_unit_and_leads_to_the_first_stage(unit, cast):
    round_, interview_id, firsts = test_interviews.ranked(cast)
    with builders.standing_at(2024, 11, 2):
        test_interviews.move(cast, round_, PeriodMove.OPEN_INTERVIEW)
        inside = Nomination.select().where(Nomination.category == interview_id).order_by(Nomination.number).first()
        text = unit.get(f"/usulan/{ids.encode('Nomination', inside.id)}").text
        first = unit.get(f"/usulan/{ids.encode('Nomination', firsts[0])}").text
    assert pages.headings(text, 2) == ["Tahap wawancara"]
    assert f'href="/usulan/{ids.encode("Nomination", firsts[0])}">usulan tahap pertama, nomor 2024-0001<' in text
    assert ("kurang" in text, 'aria-label="Bagian usulan"' in text, "Tahap wawancara" in first) == (False, False, False)


def test_a_refused_page_leads_whoever_is_signed_in_back_to_their_work(app, unit, cast):
    builders.open_round(cast)
    refused = unit.get("/usulan/tidak-ada").text
    assert re.findall(r'href="(/usulan/)">([^<]+)<', refused) == [("/usulan/", "Halaman kerja"), ("/usulan/", "Ke halaman kerja Anda")]
    nobody = app.test_client().get("/tidak-ada").text
    assert ("Halaman kerja" in nobody, 'href="/masuk"' in nobody) == (False, True)


def test_a_question_with_a_condition_says_when_it_is_asked(unit, cast):
    document = builders.tiny_instrument()
    document["fields"].append(
        builders.field("sasaran", "Sasaran", "long_text", shown_when={"field": "tingkat", "equals": "kabupaten"}, max_chars=200)
    )
    builders.drafted(cast, builders.open_round(cast, document))
    text = unit.get(address(unit) + "/isian").text
    assert pages.plain(text, 'class="condition" id="f-sasaran-when">', "</p>") == ["Diisi bila “Tingkat” dijawab “Kabupaten”."]
    assert re.findall(r'data-when="(\w+)" data-equals="(\w+)"', text) == [("tingkat", "kabupaten")]


def test_every_input_has_a_label_and_its_hints(unit, cast):
    document = builders.tiny_instrument()
    kinds = ("short_text", "long_text", "number", "date", "link", "declaration")
    document["fields"] += [builders.field(f"isian_{kind}", f"Isian {kind}", kind, help="Petunjuk.") for kind in kinds]
    builders.drafted(cast, builders.open_round(cast, document))
    text = unit.get(address(unit) + "/isian").text
    ids = set(re.findall(r'\sid="([^"]+)"', text))
    inputs = re.findall(r'<(?:input|textarea)(?=[^>]*\sname="a-)(?![^>]*type="(?:radio|checkbox)")[^>]*\sid="([^"]+)"', text)
    assert sorted(set(inputs) - set(re.findall(r'<label for="([^"]+)"', text))) == []
    assert {part for given in re.findall(r'aria-describedby="([^"]*)"', text) for part in given.split()} - ids == set()
    assert pages.forbidden(text) == []


def test_the_same_file_under_two_requirements_is_accepted_and_said(unit, cast):
    builders.drafted(cast, builders.open_round(cast))
    page = address(unit)
    upload(unit, page)
    assert "Berkas yang sama" not in unit.get(f"{page}/bukti").text
    attach_also(Evidence.get(), "foto")
    assert pages.plain(unit.get(f"{page}/bukti").text, '<span class="condition twice">', "</span>") == [
        "Berkas yang sama juga dilampirkan pada “Foto kegiatan”.",
        "Berkas yang sama juga dilampirkan pada “Proposal”.",
    ]


def attach_also(file, requirement):
    """The same bytes for another requirement of the same nomination."""
    others = {"filename": file.filename, "uploaded_by": file.uploaded_by_id, "uploaded_at": file.uploaded_at}
    Evidence.create(nomination=file.nomination_id, requirement=requirement, blob=file.blob_id, **others)


def test_the_label_of_a_file_and_its_choice_wait_for_scripting(unit, cast):
    builders.drafted(cast, builders.open_round(cast))
    text = unit.get(f"{address(unit)}/bukti").text
    assert re.findall(r'<label class="unseen" for="u-proposal">(.*?)</label>', text) == [
        'Pilih berkas<span class="unseen"> Proposal</span>'
    ]
    assert re.findall(r'id="u-proposal-chosen" aria-live="polite" hidden>(.*?)<', text) == ["Belum ada berkas yang dipilih."]
    assert re.findall(r'<input type="file" id="u-proposal"[^>]* (required)', text) == ["required"]


def test_evidence_is_uploaded_listed_and_removed_by_plain_forms(unit, cast):
    builders.drafted(cast, builders.open_round(cast))
    page = address(unit)
    answer = upload(unit, page, filename="Proposal <Budi>.pdf")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{page}/bukti#e-proposal")
    text = unit.get(f"{page}/bukti").text
    link = re.search(r'href="(/bukti/[^"]+)\?tampil=1"', text).group(1)
    assert unit.get(link).data == builders.PDF
    form = {name: pages.hidden(text, name) for name in ("csrf_token", "evidence_id")}
    asked = unit.post(f"{page}/bukti/hapus", data={**form, "requirement": "proposal"})
    assert (asked.status_code, asked.location) == (303, f"{page}/bukti/hapus?berkas={form['evidence_id']}")
    question = unit.get(asked.location).text
    assert '<h1 class="plain">Hapus berkas “Proposal' in question
    assert f'href="{page}/bukti#e-proposal">Batal</a>' in question
    assert Evidence.select().count() == 1
    form = {name: pages.hidden(question, name) for name in ("csrf_token", "evidence_id", "requirement", "confirmed")}
    answer = unit.post(f"{page}/bukti/hapus", data=form)
    assert (answer.status_code, answer.location) == (303, f"{page}/bukti#e-proposal")
    assert Evidence.select().count() == 0
    assert unit.get(asked.location).location == f"{page}/bukti"


def refused(client, page, file_id):
    """How the question before a removal is answered, and the removal itself: the status and what is said."""
    form = {"csrf_token": pages.token(client.get(page).text), "evidence_id": file_id, "requirement": "proposal", "confirmed": "1"}
    answers = client.get(f"{page}/bukti/hapus?berkas={file_id}"), client.post(f"{page}/bukti/hapus", data=form)
    said = "Anda tidak berhak mengunggah dan menghapus bukti dukung.", "Usulan ini sudah diajukan dan tidak dapat diubah."
    return [(answer.status_code, [each for each in said if each in answer.text]) for answer in answers]


def test_who_may_not_remove_a_file_is_answered_before_the_question_as_after_it(unit, app, cast, sign_in):
    builders.drafted(cast, builders.open_round(cast))
    page = address(unit)
    upload(unit, page)
    file_id = ids.encode("Evidence", Evidence.get().id)
    head = sign_in(app.test_client(), cast.unit_head)
    assert refused(head, page, file_id) == [(403, ["Anda tidak berhak mengunggah dan menghapus bukti dukung."])] * 2
    Nomination.update(state="submitted").execute()
    assert refused(unit, page, file_id) == [(422, ["Usulan ini sudah diajukan dan tidak dapat diubah."])] * 2
    assert Evidence.select().count() == 1


@pytest.mark.parametrize(
    ("content", "filename", "said"),
    [
        (
            b"MZ program",
            "surat.pdf",
            "Isi berkas ini adalah program Windows (EXE), bukan PDF. Mengganti akhiran nama berkas tidak mengubah isinya.",
        ),
        (builders.PDF + b"x" * 1024 * 1024, "besar.pdf", "Berkas lebih besar dari batas 1 MB."),
        (b"", "", "Pilih berkas yang akan diunggah."),
    ],
)
def test_a_file_that_cannot_be_evidence_is_refused_beside_its_input(unit, cast, content, filename, said):
    builders.drafted(cast, builders.open_round(cast))
    answer = upload(unit, address(unit), content, filename=filename)
    assert (answer.status_code, pages.errors(answer.text)) == (422, [said])
    assert re.search(r'<a href="#e-proposal">Proposal</a>: ', answer.text)
    assert Evidence.select().count() == 0


def test_a_change_after_the_endorsement_is_announced(unit, cast):
    id_ = builders.endorsed(cast, builders.open_round(cast))
    page = address(unit)
    assert "pengesahan batal" in unit.get(f"{page}/isian").text
    assert save(unit, page, a__judul="Judul lain").status_code == 303
    assert Nomination.get_by_id(id_).state == "draft"


def test_the_pages_of_a_person_are_kept_by_no_cache(unit, cast):
    builders.drafted(cast, builders.open_round(cast))
    page = address(unit)
    kept = {part: unit.get(part).headers["Cache-Control"] for part in ("/usulan/", page, f"{page}/isian", f"{page}/bukti")}
    assert set(kept.values()) == {"no-store"}


def test_the_address_of_a_search_or_of_a_removal_leads_to_its_page(unit, cast):
    round_ = builders.open_round(cast)
    choosing = f"/usulan/baru/{ids.encode('Category', round_.category_id)}"
    assert unit.get(f"{choosing}/cari").location == choosing
    builders.drafted(cast, round_)
    page = address(unit)
    assert unit.get(f"{page}/bukti/hapus").location == f"{page}/bukti"


def test_a_search_with_a_nul_is_an_ordinary_search(unit, cast):
    builders.open_round(cast)
    choose = re.search(r'href="(/usulan/baru/[^"]+)"', unit.get("/usulan/").text).group(1)
    assert found(unit, choose, "\x00budi").status_code == 200


def test_what_is_missing_leads_to_its_place(unit, cast):
    builders.drafted(cast, builders.open_round(cast))
    page = address(unit)
    links = re.findall(rf'<li><a href="{page}(/[^"#]+#[^"]+)">', unit.get(page).text)
    assert links == ["/isian/1#f-judul", "/isian/2#f-penghargaan", "/bukti#e-proposal"]


def test_nothing_is_left_of_a_nomination_that_was_refused(unit, cast):
    round_ = builders.open_round(cast, quota_per_unit=1)
    budi = builders.employee(cast.unit_id, "Budi Santoso")
    choose = re.search(r'href="(/usulan/baru/[^"]+)"', unit.get("/usulan/").text).group(1)
    text = found(unit, choose, "budi").text
    builders.drafted(cast, round_, "Wati Lestari")
    answer = unit.post(choose, data={name: pages.hidden(text, name) for name in ("csrf_token", "employee_id", "key", "cari")})
    assert answer.status_code == 422
    assert "Kuota unit kerja pada kategori ini 1 usulan, dan sudah terpakai." in answer.text
    assert pages.hidden(answer.text, "cari") == "budi"
    assert Nomination.select().where(Nomination.employee == budi).count() == 0


def test_an_employee_who_was_chosen_meanwhile_is_a_plain_refusal(unit, cast):
    round_ = builders.open_round(cast)
    budi = builders.employee(cast.unit_id, "Budi Santoso")
    choose = re.search(r'href="(/usulan/baru/[^"]+)"', unit.get("/usulan/").text).group(1)
    text = unit.get(choose).text
    nominations.draft(cast.unit_admin, category_id=round_.category_id, employee_id=budi)
    answer = unit.post(choose, data={name: pages.hidden(text, name) for name in ("csrf_token", "employee_id", "key")})
    assert (answer.status_code, Nomination.select().count()) == (422, 1)
    assert "Pegawai ini sudah diusulkan pada kategori yang sama." in answer.text


def test_a_form_sent_after_the_session_ended_gives_the_text_back(app, unit, cast):
    id_ = builders.drafted(cast, builders.open_round(cast))
    page = address(unit)
    form = {"csrf_token": pages.token(unit.get(f"{page}/isian").text), "expected_version": "1", "password": "rahasia"} | GOOD
    answer = app.test_client().post(f"{page}/isian", data={**form, "a-judul": "Judul <panjang>"})
    assert (answer.status_code, Nomination.get_by_id(id_).answers) == (400, {})
    assert pages.plain(answer.text, "readonly>", "</textarea>") == ["Judul <panjang>", "unit", "1"]
    assert "rahasia" not in answer.text


def test_a_number_is_asked_with_its_unit_and_refused_beyond_its_bounds(unit, cast):
    """The form says how much is allowed, keeps what was typed, and saves nothing beyond it."""
    asked = builders.field("peserta", "Jumlah peserta", "number", min=1, max=500, unit="orang")
    document = builders.tiny_instrument()
    round_ = builders.open_round(cast, {**document, "fields": [*document["fields"], asked]})
    builders.drafted(cast, round_, "Budi Santoso")
    page = address(unit)
    text = unit.get(f"{page}/isian").text
    assert re.search(r'name="a-peserta"[^>]*>\s*<span>orang</span>', text) is not None
    assert "1 sampai 500" in " ".join(text.split())
    answer = save(unit, page, a__peserta="501")
    assert (answer.status_code, pages.errors(answer.text)) == (422, ["Paling besar 500."])
    assert 'value="501"' in answer.text
    assert "peserta" not in Nomination.get().answers
