"""Assessment in the panel: own sheets only, marks that stay typed, handing in, stepping back."""

from __future__ import annotations

import html
import re

import pytest

from sipetruk.models import AuditEntry, Evidence, Mark, MarkHistory, Nomination, Sheet
from sipetruk.services import conflicts
from tests.api.person import gid
from tests.services import builders

PAGE = "/admin/penilaian/"
MARKS = {
    "value-gagasan": "37,5",
    "note-gagasan": "Baru di kabupaten ini.",
    "value-dampak": "20",
    "note-dampak": "Dampaknya luas.",
    "value-disiplin": "1",
    "note-disiplin": "",
}


@pytest.fixture
def sheets(cast):
    """Nominations with a sheet for `assessor` and `assessor2`."""
    _, ids = builders.assessing(cast, "Siti Aminah", "Budi Santoso")
    with builders.standing_at(2024, 10, 24):
        yield ids


def address(nomination_id, step=""):
    return f"{PAGE}{nomination_id}/{step}"


def version(who, nomination_id):
    return str(builders.sheet_version(who, nomination_id))


def quietly(visitor, nomination_id, **data):
    """What the script of the page sends, and gets as data."""
    sent = {"csrf_token": visitor.token, **data}
    return visitor.client.post(address(nomination_id), data=sent, headers={"Accept": "application/json"})


def marks(who):
    query = Mark.select().where(Mark.assessor == who.user_id).order_by(Mark.criterion)
    return [(mark.criterion.code, mark.state, mark.value, mark.note) for mark in query]


def error(text, field):
    found = re.search(rf'<ul class="errors" id="{field}-salah">(.*?)</ul>', text, re.DOTALL)
    return html.unescape(re.sub(r"</?li>", "", found.group(1))) if found else None


@pytest.mark.parametrize("who", ["bkpsdm", "verifier", "viewer", "unit_admin", "unit_head", "outsider"])
def test_only_assessors_see_sheets(visit, sheets, who):
    visitor = visit(who)
    for answer in (visitor.get(PAGE), visitor.get(address(sheets[0])), visitor.post(address(sheets[0]), **MARKS)):
        assert answer.status_code == 403
        assert "Siti Aminah" not in answer.text
    assert Mark.select().count() == 0


@pytest.mark.parametrize("step", ["", "kirim/", "mengundurkan-diri/"])
def test_a_sheet_of_others_is_not_there(visit, sheets, step):
    visitor = visit("assessor3")
    assert "Belum ada lembar penilaian" in visitor.get(PAGE).text
    for id_ in (sheets[0], 999):
        assert [visitor.get(address(id_, step)).status_code, visitor.post(address(id_, step), reason="x").status_code] == [404, 404]
    assert quietly(visitor, sheets[0], **MARKS).status_code == 404


def test_the_list_shows_progress(visit, sheets, cast):
    builders.assess(cast.assessor, sheets[1])
    page = visit("assessor").get(PAGE).text
    assert re.findall(r"(\d) dari (\d)</span>", page) == [("3", "3"), ("0", "3")]  # by name: Budi, Siti
    assert "1 dari 2 lembar dikirim, 3 dari 6 nilai terisi" in page


def test_the_sheet_shows_scales_levels_answers_and_evidence(visit, sheets):
    page = html.unescape(visit("assessor").get(address(sheets[0])).text)
    assert "0 sampai 40 poin, kelipatan 0,5" in page
    assert re.findall(r'name="value-dampak" value="(\d*)"', page) == ["0", "10", "20", ""]
    assert [text in page for text in ("Di seluruh kabupaten.", "Antrean daring puskesmas", "proposal.pdf", "/bukti/")] == [True] * 4
    assert "198609262015" not in page


def test_marks_are_saved_with_a_decimal_comma(visit, sheets, cast):
    answer = visit("assessor").post(address(sheets[0]), row_version=version(cast.assessor, sheets[0]), lalu="sini", **MARKS)
    assert (answer.status_code, answer.location) == (303, address(sheets[0]))
    assert marks(cast.assessor) == [
        ("gagasan", "scored", 3750, "Baru di kabupaten ini."),
        ("dampak", "scored", 2000, "Dampaknya luas."),
        ("disiplin", "scored", 100, ""),
    ]
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).first()
    assert (entry.actor, entry.face, entry.action) == ("penilai1", "panel", "mark:record")
    page = visit("assessor").get(address(sheets[0])).text
    assert 'name="value-gagasan" type="text" inputmode="decimal" autocomplete="off" value="37,5"' in page


def test_a_note_that_is_too_long_comes_back_whole(visit, sheets, cast):
    visitor = visit("assessor")
    assert "maxlength" not in visitor.get(address(sheets[0])).text  # a browser would cut off what is pasted
    typed = {**MARKS, "note-gagasan": "Panjang. " * 300}
    answer = visitor.post(address(sheets[0]), row_version=version(cast.assessor, sheets[0]), **typed)
    assert (answer.status_code, typed["note-gagasan"] in answer.text, marks(cast.assessor)) == (422, True, [])
    assert error(answer.text, "note-gagasan") == "Paling banyak 2000 karakter."
    assert 'role="alert" id="ringkasan" tabindex="-1" autofocus' in answer.text


@pytest.mark.parametrize(("button", "leads"), [("berikutnya", 0), ("kirim", "kirim/")])
def test_the_button_says_where_it_leads(visit, sheets, cast, button, leads):
    first, second = sheets[1], sheets[0]  # by name
    answer = visit("assessor").post(address(first), row_version=version(cast.assessor, first), lalu=button, **MARKS)
    assert answer.location == (address(first, leads) if leads else address(second))


def test_the_next_sheet_is_an_open_one(visit, sheets, cast):
    last, first = sheets  # by name: Budi, Siti
    visitor = visit("assessor")
    sent = visitor.post(address(last), row_version=version(cast.assessor, last), lalu="berikutnya", **MARKS)
    assert sent.location == address(first)  # the one before, since none is behind
    sent = visitor.post(address(last, "kirim/"), row_version=version(cast.assessor, last))
    assert sent.location == address(first)
    sent = visitor.post(address(first), row_version=version(cast.assessor, first), lalu="berikutnya", **MARKS)
    assert sent.location == PAGE


def test_a_sent_sheet_is_not_asked_about_again(visit, sheets, cast):
    builders.assess(cast.assessor, sheets[0])
    visitor = visit("assessor")
    for answer in (visitor.get(address(sheets[0], "kirim/")), visitor.post(address(sheets[0], "kirim/"), row_version="1")):
        assert (answer.status_code, answer.location) == (303, address(sheets[0]))
    assert visitor.get(address(sheets[0])).text.count("tidak dapat diubah lagi") == 1


def test_marks_typed_on_a_sheet_that_another_tab_sent_are_shown(visit, sheets, cast):
    stale = version(cast.assessor, sheets[0])
    builders.assess(cast.assessor, sheets[0])
    answer = visit("assessor").post(
        address(sheets[0]), row_version=stale, **(MARKS | {"value-gagasan": "20", "note-gagasan": "Ketikan saya."})
    )
    assert answer.status_code == 409
    assert ["Ketikan saya." in answer.text, "Simpan pilihan ini" in answer.text] == [True, False]
    row = re.search(r'<th scope="row">Gagasan</th>.*?</tr>', answer.text, re.DOTALL).group(0)
    assert re.findall(r'<div class="text">(.*?)</div>', row) == ["20", "40"]
    assert Mark.get(Mark.assessor == cast.assessor.user_id).value == 4000


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"value-gagasan": "40,5"}, "value-gagasan", "Nilai harus antara 0 dan 40."),
        ({"value-gagasan": "tinggi"}, "value-gagasan", None),
        ({"value-gagasan": "12,3"}, "value-gagasan", None),
        ({"value-dampak": "15"}, "value-dampak", None),
        ({"value-disiplin": "", "abstain-disiplin": "y", "note-disiplin": ""}, "note-disiplin", "Tulis alasan abstain."),
        ({"abstain-gagasan": "y"}, "value-gagasan", "Abstain berarti tanpa nilai: kosongkan nilainya."),
        ({"note-dampak": "x" * 2001}, "note-dampak", None),
    ],
)
def test_one_bad_mark_and_none_is_saved_but_all_stays_typed(visit, sheets, cast, changes, field, message):
    typed = MARKS | changes
    answer = visit("assessor").post(address(sheets[0]), row_version=version(cast.assessor, sheets[0]), **typed)
    assert answer.status_code == 422
    found = error(answer.text, field)
    assert found
    if message:
        assert message in found
    assert marks(cast.assessor) == []
    page = html.unescape(answer.text)
    assert f'value="{typed["value-gagasan"]}"' in page
    assert "Baru di kabupaten ini." in page
    assert f'href="#{field}"' in page


def test_emptied_marks_are_taken_back_and_kept_in_the_history(visit, sheets, cast):
    visitor = visit("assessor")
    visitor.post(address(sheets[0]), row_version=version(cast.assessor, sheets[0]), **MARKS)
    emptied = MARKS | {"value-gagasan": "", "note-gagasan": "", "value-dampak": "", "note-dampak": "Belum hadir.", "abstain-dampak": "y"}
    assert visitor.post(address(sheets[0]), row_version=version(cast.assessor, sheets[0]), **emptied).status_code == 303
    assert marks(cast.assessor) == [("dampak", "abstained", None, "Belum hadir."), ("disiplin", "scored", 100, "")]
    assert MarkHistory.select().count() == 5


def test_a_second_tab_sees_both_texts(visit, sheets, cast):
    visitor, stale = visit("assessor"), version(cast.assessor, sheets[0])
    visitor.post(address(sheets[0]), row_version=stale, **MARKS)
    answer = visitor.post(address(sheets[0]), row_version=stale, **(MARKS | {"value-gagasan": "20"}))
    assert answer.status_code == 409
    row = re.search(r'<th scope="row">Gagasan</th>.*?</tr>', answer.text, re.DOTALL).group(0)
    assert re.findall(r'<div class="text">(.*?)</div>', row) == ["20", "37,5"]
    assert marks(cast.assessor)[0] == ("gagasan", "scored", 3750, "Baru di kabupaten ini.")


def test_the_quiet_save_answers_with_the_new_version_and_the_own_totals(visit, sheets, cast):
    visitor, before = visit("assessor"), version(cast.assessor, sheets[0])
    told = quietly(visitor, sheets[0], row_version=before, **MARKS).json
    assert told == {
        "row_version": int(before) + 1,
        "saved_at": "10.00.00",
        "totals": {"inovasi": "57,5", "rekam_jejak": "20", "": "77,5"},
        "counts": {"inovasi": 2, "rekam_jejak": 1, "": 3},
        "marked": 3,
        "all_marked": 3,
    }
    refused = quietly(visitor, sheets[0], row_version=before, **MARKS)
    assert (refused.status_code, list(refused.json)) == (409, ["message"])
    assert len(marks(cast.assessor)) == 3


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"value-gagasan": "12x"}, {"value-gagasan": ["Ini bukan angka."]}),
        ({"value-gagasan": "41"}, {"value-gagasan": ["Nilai harus antara 0 dan 40."]}),
        ({"note-gagasan": "x" * 2001}, {"note-gagasan": ["Paling banyak 2000 karakter."]}),
        ({"value-gagasan": "", "note-gagasan": "", "abstain-gagasan": "y"}, {"note-gagasan": ["Tulis alasan abstain."]}),
    ],
)
def test_the_quiet_save_names_what_is_wrong_and_keeps_the_rest(visit, sheets, cast, wrong, named):
    visitor, before = visit("assessor"), version(cast.assessor, sheets[0])
    answer = quietly(visitor, sheets[0], row_version=before, **(MARKS | wrong))
    assert (answer.status_code, answer.json["errors"], answer.json["row_version"]) == (200, named, int(before) + 1)
    assert (answer.json["counts"], answer.json["totals"][""]) == ({"inovasi": 1, "rekam_jejak": 1, "": 2}, "40")
    assert marks(cast.assessor) == [("dampak", "scored", 2000, "Dampaknya luas."), ("disiplin", "scored", 100, "")]
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).first()
    assert (entry.action, entry.after["marks"]) == ("mark:record", {"dampak": "scored", "disiplin": "scored"})

    put_right = quietly(visitor, sheets[0], row_version=answer.json["row_version"], **MARKS)
    assert (put_right.status_code, "errors" in put_right.json) == (200, False)
    assert marks(cast.assessor)[0] == ("gagasan", "scored", 3750, "Baru di kabupaten ini.")


def test_the_quiet_save_leaves_a_stored_mark_that_is_typed_wrongly_now(visit, sheets, cast):
    visitor = visit("assessor")
    quietly(visitor, sheets[0], row_version=version(cast.assessor, sheets[0]), **MARKS)
    stored, before = marks(cast.assessor), version(cast.assessor, sheets[0])
    wrong = {"value-gagasan": "12x", "note-gagasan": "Lain.", "value-dampak": "15", "note-disiplin": "x" * 2001}
    answer = quietly(visitor, sheets[0], row_version=before, **(MARKS | wrong))
    assert (answer.status_code, sorted(answer.json["errors"])) == (200, ["note-disiplin", "value-dampak", "value-gagasan"])
    assert (marks(cast.assessor), version(cast.assessor, sheets[0])) == (stored, before)


def test_the_quiet_save_of_an_old_page_keeps_nothing(visit, sheets, cast):
    visitor, stale = visit("assessor"), version(cast.assessor, sheets[0])
    quietly(visitor, sheets[0], row_version=stale, **{"value-disiplin": "1"})
    for typed in (MARKS, MARKS | {"value-gagasan": "12x"}, MARKS | {"note-gagasan": "x" * 2001}):
        answer = quietly(visitor, sheets[0], row_version=stale, **typed)
        assert (answer.status_code, list(answer.json)) == (409, ["message"])
    assert marks(cast.assessor) == [("disiplin", "scored", 100, "")]


def test_the_quiet_save_of_a_sent_sheet_keeps_nothing(visit, sheets, cast):
    builders.assess(cast.assessor, sheets[0])
    sent = marks(cast.assessor)
    for typed in (MARKS, MARKS | {"value-gagasan": "12x"}, MARKS | {"note-gagasan": "x" * 2001}):
        answer = quietly(visit("assessor"), sheets[0], row_version=version(cast.assessor, sheets[0]), **typed)
        assert (answer.status_code, answer.json["errors"][""]) == (422, ["Lembar penilaian ini sudah dikirim dan tidak dapat diubah lagi."])
    assert marks(cast.assessor) == sent


def test_the_headings_of_a_sheet_go_step_by_step(visit, sheets):
    page = visit("assessor").get(address(sheets[0])).text
    headings = re.findall(r"<h([1-6])[^>]*>([^<]*)<", page[page.index("<h1") :])
    assert headings == [("1", "Siti Aminah"), ("2", "Penilaian"), ("2", "Inovasi"), ("2", "Rekam jejak")]  # first those of the answers


def test_the_sheet_tells_own_totals_of_what_is_marked(visit, sheets, cast):
    visitor = visit("assessor")
    some = MARKS | {"value-dampak": "", "note-dampak": "", "value-disiplin": "", "note-disiplin": ""}
    visitor.post(address(sheets[0]), row_version=version(cast.assessor, sheets[0]), **some)
    builders.assess(cast.assessor2, sheets[0])
    page = visitor.get(address(sheets[0])).text
    assert re.findall(
        r'<span data-total="(\w*)"><b>([\d,]+)</b> dari ([\d,]+)</span>, <span data-count="\w*">(\d)</span> dari (\d) kriteria', page
    ) == [
        ("inovasi", "37,5", "60", "1", "2"),
        ("rekam_jejak", "0", "20", "0", "1"),
        ("", "37,5", "80", "1", "3"),
    ]


def test_a_skipped_sheet_comes_back_at_the_end(visit, sheets, cast):
    last, first = sheets  # by name: Budi, Siti
    visitor = visit("assessor")
    nothing = dict.fromkeys(MARKS, "")
    ways = [
        visitor.post(address(here), row_version=version(cast.assessor, here), lalu="lewati", **nothing).location for here in (first, last)
    ]
    assert ways == [address(last), address(first)]
    assert marks(cast.assessor) == []


def test_handing_in_shows_the_marks_and_locks(visit, sheets, cast):
    visitor = visit("assessor")
    visitor.post(address(sheets[0]), row_version=version(cast.assessor, sheets[0]), **MARKS)
    page = visitor.get(address(sheets[0], "kirim/")).text
    assert ["<b>37,5</b>" in page, "terkunci" in page] == [True, True]
    answer = visitor.post(address(sheets[0], "kirim/"), row_version=version(cast.assessor, sheets[0]))
    assert answer.status_code == 303
    assert Sheet.get(nomination=sheets[0], assessor=cast.assessor.user_id).state == "submitted"
    page = visitor.get(address(sheets[0])).text
    assert ['id="lembar"' in page, "<b>37,5</b>" in page] == [False, True]
    late = visitor.post(address(sheets[0]), row_version=version(cast.assessor, sheets[0]), **(MARKS | {"value-gagasan": "1"}))
    assert (late.status_code, marks(cast.assessor)[0][2]) == (422, 3750)


def test_an_unfinished_sheet_is_not_handed_in(visit, sheets, cast):
    visitor = visit("assessor")
    visitor.post(
        address(sheets[0]), row_version=version(cast.assessor, sheets[0]), **(MARKS | {"note-dampak": "Luas.", "value-disiplin": ""})
    )
    answer = visitor.post(address(sheets[0], "kirim/"), row_version=version(cast.assessor, sheets[0]))
    assert answer.status_code == 422
    page = html.unescape(answer.text)
    assert "“Disiplin” belum dinilai." in page
    assert "Catatan untuk “Dampak” paling sedikit 10 karakter; baru ada 5." in page
    assert Sheet.get(nomination=sheets[0], assessor=cast.assessor.user_id).state == "open"


def test_an_old_page_does_not_hand_in(visit, sheets, cast):
    visitor, stale = visit("assessor"), version(cast.assessor, sheets[0])
    visitor.post(address(sheets[0]), row_version=stale, **MARKS)
    assert visitor.post(address(sheets[0], "kirim/"), row_version=stale).status_code == 409
    assert Sheet.get(nomination=sheets[0], assessor=cast.assessor.user_id).state == "open"


def test_stepping_back_needs_a_reason(visit, sheets, cast):
    visitor = visit("assessor")
    assert visitor.post(address(sheets[0], "mengundurkan-diri/"), reason=" ").status_code == 422
    assert Sheet.get(nomination=sheets[0], assessor=cast.assessor.user_id).state == "open"
    answer = visitor.post(address(sheets[0], "mengundurkan-diri/"), reason="Atasan langsung calon.")
    assert (answer.status_code, answer.location) == (303, PAGE)
    sheet = Sheet.get(nomination=sheets[0], assessor=cast.assessor.user_id)
    assert (sheet.state, sheet.reason) == ("recused", "Atasan langsung calon.")
    assert "Atasan langsung calon." in visitor.get(address(sheets[0])).text


def plain(answer):
    return re.sub(r"[0-9a-f]{32}", "", words_of(answer))


def words_of(answer):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def test_who_stepped_back_sees_the_cover_of_the_sheet_and_no_file(visit, sheets, cast):
    visitor = visit("assessor")
    visitor.post(address(sheets[0]), row_version=version(cast.assessor, sheets[0]), lalu="sini", **MARKS)
    file = f"/bukti/{gid('Evidence', Evidence.get(nomination=sheets[0]).id)}"
    with visitor.get(file) as answer:
        assert answer.data == builders.PDF
    visitor.post(address(sheets[0], "mengundurkan-diri/"), reason="Atasan langsung calon.")
    listed, page = words_of(visitor.get(PAGE)), visitor.get(address(sheets[0]))
    assert f"Siti Aminah {Nomination.get_by_id(sheets[0]).number} tidak ditampilkan tidak lagi dinilai Mengundurkan diri" in listed
    assert "Anda tidak lagi menilai calon ini: isian usulan, bukti dukung, dan nilai yang pernah Anda isi" in words_of(page)
    told = ("Antrean daring puskesmas", "proposal.pdf", "/bukti/", "Pranata Komputer", "Dinas Kesehatan", "Baru di kabupaten ini.", "37,5")
    assert [text for text in told if text in html.unescape(page.text)] == []
    assert [text for text in told if text not in html.unescape(visitor.get(address(sheets[1])).text)] == list(told[-2:])
    gone, nothing = (visitor.get(each) for each in (file, f"/bukti/{gid('Evidence', 999_999)}"))
    assert (gone.status_code, plain(gone)) == (404, plain(nothing))


def test_the_pages_of_a_sheet_that_was_left_lead_nowhere(visit, sheets):
    visitor = visit("assessor")
    visitor.post(address(sheets[0], "mengundurkan-diri/"), reason="Atasan langsung calon.")
    for step in ("kirim/", "mengundurkan-diri/"):
        answers = visitor.get(address(sheets[0], step)), visitor.post(address(sheets[0], step), reason="Sekali lagi.")
        assert [(answer.status_code, answer.location) for answer in answers] == [(303, address(sheets[0]))] * 2
    answer = visitor.post(address(sheets[0]), row_version="2", **MARKS)
    assert (answer.status_code, "Anda sudah mengundurkan diri dari menilai calon ini." in answer.text) == (422, True)
    assert Mark.select().count() == 0


def test_a_sent_sheet_under_a_declared_relation_says_why_it_is_empty(visit, sheets, cast):
    builders.assess(cast.assessor, sheets[0])
    conflicts.declare(cast.assessor, employee_id=builders.employee_of(sheets[0]).id, kind="family")
    page = visit("assessor").get(address(sheets[0]))
    assert "Anda menyatakan hubungan dengan calon ini (lihat Hubungan saya ). Anda tidak lagi menilai calon ini:" in words_of(page)
    assert "Antrean daring puskesmas" not in page.text


def test_the_marks_of_another_never_show(visit, sheets, cast):
    builders.assess(
        cast.assessor2, sheets[0], builders.FULL_MARKS | {"gagasan": {"state": "scored", "value": "33.5", "note": "Rahasia dua."}}
    )
    visitor = visit("assessor")
    for page in (visitor.get(PAGE), visitor.get(address(sheets[0])), visitor.get(address(sheets[0], "kirim/"))):
        assert ["33,5" in page.text, "Rahasia dua." in page.text] == [False, False]


def test_the_list_costs_the_same_for_one_and_for_many(visit, sheets, cast, count_statements):
    visitor = visit("assessor")
    Sheet.delete().where(Sheet.nomination == sheets[1]).execute()
    visitor.get(PAGE)
    one = count_statements(lambda: visitor.get(PAGE))
    Sheet.create(nomination=sheets[1], assessor=cast.assessor.user_id)
    assert count_statements(lambda: visitor.get(PAGE)) == one
