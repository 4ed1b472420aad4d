"""The form in steps: each step keeps the others, saves itself, and gives back what was typed when the session has ended."""

from __future__ import annotations

import itertools
import re

import pytest

from sipetruk.models import AuditEntry, Nomination
from sipetruk.services import nominations
from tests.portal import pages
from tests.portal.test_nomination_pages import address
from tests.services import builders

JSON = {"Accept": "application/json"}
OWN = {"Origin": "http://localhost"}


@pytest.fixture(autouse=True)
def while_units_nominate():
    with builders.during_nomination():
        yield


@pytest.fixture
def unit(app, cast, sign_in):
    return sign_in(app.test_client(), cast.unit_admin)


@pytest.fixture
def document():
    """Three steps: the innovation, its reach as far as the first step asks for it, and what is counted."""
    document = builders.tiny_instrument()
    title, level = document["fields"]
    reach = builders.field("sasaran", "Sasaran", "long_text", group="Jangkauan", shown_when={"field": "tingkat", "equals": "kabupaten"})
    place = builders.field("tempat", "Tempat", "short_text", group="Jangkauan", required=True, max_chars=20)
    document["fields"] = [{**title, "group": "Inovasi"}, {**level, "group": "Inovasi"}, reach, place]
    return document


@pytest.fixture
def page(unit, cast, document):
    builders.drafted(cast, builders.open_round(cast, document))
    return address(unit)


def form_of(client, page):
    text = client.get(page).text
    return {name: pages.hidden(text, name) for name in ("csrf_token", "expected_version")}


def save(client, page, *, headers=None, **answers):
    form = form_of(client, page) | {name.replace("__", "-"): value for name, value in answers.items()}
    return client.post(page, data=form, headers=headers or {})


def questions(text):
    return re.findall(r'name="(a-[^"]+)"', text)


def test_each_group_of_questions_is_a_step_that_says_what_it_lacks(unit, page):
    text = unit.get(f"{page}/isian/1").text
    assert list(dict.fromkeys(questions(text))) == ["a-judul", "a-tingkat"]
    steps = re.search(r'<nav class="steps".*?</nav>', text, re.DOTALL).group(0)
    assert pages.plain(steps, "<li>", "</li>") == [
        "Inovasi 1 kurang",
        "Jangkauan 1 kurang",
        "Penilaian 1 kurang",
        "Bukti dukung 1 kurang",
        "Periksa dan serahkan",
    ]
    assert re.findall(r'aria-current="step">([^<]+)<', steps) == ["Inovasi"]
    assert pages.forbidden(text) == []
    assert {unit.get(f"{page}/isian/{number}").status_code for number in (4, 99, 10**30)} == {404}


def test_no_level_of_headings_is_left_out(unit, page):
    choosing = re.findall(r'href="(/usulan/baru/[^"]+)"', unit.get("/usulan/").text)[0]
    for place in (f"{page}/isian", f"{page}/isian/1", f"{page}/bukti", choosing):
        levels = [int(each) for each in re.findall(r"<h([1-6])", unit.get(place).text)]
        assert [(each, after) for each, after in itertools.pairwise(levels) if after > each + 1] == [], place


def test_a_step_leaves_the_answers_of_the_others(unit, page):
    assert save(unit, f"{page}/isian/1", a__judul="Antrean", a__tingkat="unit", then="next").headers["Location"] == f"{page}/isian/2"
    answer = save(unit, f"{page}/isian/3", **{"a-penghargaan.nasional": "2"}, then="next")
    assert answer.headers["Location"] == f"{page}/bukti"
    assert save(unit, f"{page}/isian/2", a__tempat="Paringin").headers["Location"] == f"{page}/isian/2"
    assert Nomination.get().answers == {
        "judul": "Antrean",
        "tingkat": "unit",
        "tempat": "Paringin",
        "penghargaan": {"nasional": 2, "provinsi": 0},
    }


def test_a_question_that_another_step_decides_is_asked_only_when_it_is(unit, page):
    assert questions(unit.get(f"{page}/isian/2").text) == ["a-tempat"]
    save(unit, f"{page}/isian/1", a__judul="Antrean", a__tingkat="kabupaten")
    text = unit.get(f"{page}/isian/2").text
    assert (questions(text), "data-when" in text) == (["a-sasaran", "a-tempat"], False)


def test_what_is_missing_leads_to_its_step(unit, page):
    assert re.findall(rf'<li><a href="{page}(/[^"#]+#[^"]+)">', unit.get(page).text) == [
        "/isian/1#f-judul",
        "/isian/2#f-tempat",
        "/isian/3#f-penghargaan",
        "/bukti#e-proposal",
    ]


def test_the_form_saves_itself_and_says_when(unit, page):
    answer = save(unit, f"{page}/isian/1", headers=JSON, a__judul="Antrean", a__tingkat="")
    assert (answer.status_code, answer.json) == (200, {"row_version": 2, "saved_at": "10.00.00"})
    assert Nomination.get().answers == {"judul": "Antrean"}


def test_what_was_handed_over_or_signed_is_changed_by_the_button_only(unit, cast):
    round_ = builders.open_round(cast, slug="2025")
    id_ = builders.filled(cast, round_, "Wati Lestari")
    page = address(unit, "Wati Lestari")
    seen = [unit.get(f"{page}/isian").text]
    nominations.hand_over(cast.unit_admin, nomination_id=id_, expected_version=builders.version_of(id_))
    seen.append(unit.get(f"{page}/isian").text)
    nominations.endorse(cast.unit_head, nomination_id=id_, expected_version=builders.version_of(id_))
    seen.append(unit.get(f"{page}/isian").text)
    assert ["data-autosave" in text for text in seen] == [True, False, False]
    assert ["perlu diserahkan kembali" in text for text in seen] == [False, True, False]
    assert ["pengesahan batal" in text for text in seen] == [False, False, True]


def test_what_cannot_be_right_is_named_and_all_the_rest_is_kept(unit, page):
    save(unit, f"{page}/isian/2", a__tempat="Paringin")
    answer = save(unit, f"{page}/isian", headers=JSON, a__judul="Antrean", a__tempat="x" * 21, **{"a-penghargaan.nasional": "dua"})
    assert (answer.status_code, answer.json["row_version"]) == (200, 3)
    assert answer.json["errors"] == {
        "a-penghargaan": ["Jumlah harus bilangan bulat."],
        "a-tempat": ["Paling banyak 20 karakter; Anda menulis 21."],
    }
    assert Nomination.get().answers == {"judul": "Antrean", "tempat": "Paringin"}


def test_a_button_that_was_pressed_twice_saves_once(unit, page):
    form = form_of(unit, f"{page}/isian/1") | {"a-judul": "Antrean", "a-tingkat": "unit"}
    answers = [unit.post(f"{page}/isian/1", data=form) for _ in range(2)]
    assert [(each.status_code, each.location) for each in answers] == [(303, f"{page}/isian/1")] * 2
    assert Nomination.get().row_version == int(form["expected_version"]) + 1


def test_a_second_tab_is_told_and_overwrites_nothing(unit, page):
    old = form_of(unit, f"{page}/isian/1")
    save(unit, f"{page}/isian/1", a__judul="Tab pertama")
    told = unit.post(f"{page}/isian/1", data={**old, "a-judul": "Tab kedua"}, headers=JSON)
    assert (told.status_code, list(told.json)) == (409, ["message"])
    conflict = unit.post(f"{page}/isian/1", data={**old, "a-judul": "Tab kedua"})
    assert (conflict.status_code, re.findall(r"</b>(Tab[^<]*)</div>", conflict.text)) == (409, ["Tab kedua", "Tab pertama"])
    assert f'action="{page}/isian/1"' in conflict.text
    assert Nomination.get().answers == {"judul": "Tab pertama"}


def test_after_the_deadline_the_script_is_told_why_and_the_page_keeps_what_was_typed(unit, page):
    form = form_of(unit, f"{page}/isian/1")
    with builders.standing_at(2024, 10, 16):
        told = unit.post(f"{page}/isian/1", data={**form, "a-judul": "Terlambat"}, headers=JSON)
        shown = unit.post(f"{page}/isian/1", data={**form, "a-judul": "Terlambat"})
    closed = "Pengusulan sudah ditutup pada 15 Oktober 2024 pukul 23.59 WITA."
    assert (told.status_code, told.json) == (422, {"errors": {"": [closed]}})
    assert (shown.status_code, "Terlambat" in shown.text, closed in shown.text) == (422, True, True)
    assert Nomination.get().answers == {}


def test_what_was_typed_waits_until_somebody_has_signed_in_again(app, unit, page, cast, sign_in):
    form = form_of(unit, f"{page}/isian/1") | {"a-judul": "Judul <panjang>", "a-tingkat": "unit"}
    ended = app.test_client()
    kept = ended.post(f"{page}/isian/1", data=form, headers=OWN)
    assert (kept.status_code, pages.headings(kept.text, 1)) == (401, ["Sesi Anda sudah berakhir"])
    again = {name: pages.hidden(kept.text, name) for name in ("expected_version", "a-judul", "a-tingkat")}
    sign_in(ended, cast.unit_admin)
    back = ended.post(f"{page}/isian/1", data=again, headers=OWN)
    assert (back.status_code, pages.hidden(back.text, "a-judul"), Nomination.get().answers) == (422, "Judul <panjang>", {})
    saved = ended.post(f"{page}/isian/1", data=again | {"csrf_token": pages.token(back.text)})
    assert (saved.status_code, Nomination.get().answers) == (303, {"judul": "Judul <panjang>", "tingkat": "unit"})


def test_a_script_whose_session_ended_is_told_so(app, unit, page):
    form = form_of(unit, f"{page}/isian/1")
    answer = app.test_client().post(f"{page}/isian/1", data=form, headers=OWN | JSON)
    assert (answer.status_code, list(answer.json)) == (401, ["message"])


@pytest.mark.parametrize(
    "headers", [{}, {"Origin": "https://jahat.example"}, {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}]
)
def test_what_another_site_sends_is_shown_in_no_form(app, unit, page, headers):
    before = AuditEntry.select().count()
    for client in (unit, app.test_client()):
        answer = client.post(f"{page}/isian/1", data={"a-judul": "Jahat", "expected_version": "1"}, headers=headers)
        assert (answer.status_code, "<form" in answer.text.split('id="main"')[1]) == (400, False)
    assert (Nomination.get().answers, AuditEntry.select().count()) == ({}, before)


def test_another_unit_gets_nothing_of_a_step(app, page, cast, sign_in):
    outsider = sign_in(app.test_client(), cast.outsider)
    answers = [outsider.get(f"{place}/isian/1").status_code for place in (page, "/usulan/Tm9taW5hdGlvbjo5OTk")]
    sent = outsider.post(f"{page}/isian/1", data={"csrf_token": pages.token(outsider.get("/usulan/").text), "expected_version": "1"})
    assert (answers, sent.status_code) == ([404, 404], 404)


def test_an_employee_is_chosen_among_thousands_and_no_number_is_in_an_address(unit, cast, db):
    """The page costs the same number of statements however many employees a unit has."""
    from tests.portal.test_nomination_pages import choosing, found  # noqa: PLC0415  # helpers of its neighbour

    builders.open_round(cast, slug="2025")
    builders.employee(cast.unit_id, "Wati Lestari")
    choose = choosing(unit)
    costs = []
    for _ in range(2):
        with builders.counted(db) as sent:
            text = found(unit, choose, "a").text
        costs.append(len(sent))
        for number in range(30) if len(costs) == 1 else ():
            builders.employee(cast.unit_id, f"Amat {number:02d}")
    assert costs[0] == costs[1]
    assert re.findall(r'(?:href|action)="[^"]*\d{18}', text) == []
    onwards = found(unit, choose, "amat", setelah=pages.hidden(found(unit, choose, "amat").text, "setelah")).text
    assert pages.headings(onwards, 3) == [f"Amat {number:02d}" for number in range(20, 30)]
