"""The interview in the panel, on the portal and in both schemas: set, opened, told of, and closed to units."""

from __future__ import annotations

import re

import pytest

from sipetruk.api import operations
from sipetruk.api.ids import encode as gid
from sipetruk.models import Category, Nomination, Period
from sipetruk.rules.workflow import PeriodMove
from tests.api.person import Person
from tests.panel.test_results import text_of
from tests.services import builders
from tests.services.test_interviews import held, left_in_the_first_stage, move, prepared, ranked

PAGE = "/admin/periode/kategori/"


def test_a_category_becomes_the_interview_of_another(visit, cast):
    round_, interview_id = prepared(cast, finalists=None)
    visitor, page = visit("bkpsdm"), f"{PAGE}{interview_id}/wawancara/"
    assert visitor.send(page, first_stage=str(round_.category_id), finalists="3").status_code == 303
    row = Category.get_by_id(interview_id)
    assert (row.first_stage_id, row.finalists) == (round_.category_id, 3)
    assert "ya: 3 terbaik dari ASN Inovatif" in text_of(visitor.get(f"{PAGE}{interview_id}/"))
    assert "3 terbaik diwawancarai pada ASN Inovatif, wawancara" in text_of(visitor.get(f"{PAGE}{round_.category_id}/"))
    assert visitor.send(page, first_stage="", finalists="").status_code == 303
    assert Category.get_by_id(interview_id).first_stage_id is None


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"first_stage": "", "finalists": "3"}, "finalists"),
        ({"finalists": ""}, "finalists"),
        ({"finalists": "0"}, "finalists"),
        ({"finalists": "tiga"}, "finalists"),
        ({"first_stage": "4711", "finalists": "3"}, "first_stage"),
        ({"first_stage": "abc", "finalists": "3"}, "first_stage"),
    ],
)
def test_what_makes_no_sense_comes_back_at_its_field(visit, cast, sent, field):
    round_, interview_id = prepared(cast, finalists=None)
    answer = visit("bkpsdm").send(f"{PAGE}{interview_id}/wawancara/", **({"first_stage": str(round_.category_id)} | sent))
    assert (answer.status_code, f'id="{field}-salah"' in answer.text, Category.get_by_id(interview_id).finalists) == (422, True, None)


def test_others_may_not_set_it(visit, cast):
    _, interview_id = prepared(cast)
    for who in ("viewer", "verifier", "assessor", "unit_admin"):
        assert visit(who).get(f"{PAGE}{interview_id}/wawancara/").status_code == 403


def test_the_panel_of_an_interview_is_set_with_its_finalists_in_view(visit, cast):
    round_, interview_id, _ = left_in_the_first_stage(cast)
    visitor, edit = visit("bkpsdm"), f"{PAGE}{{}}/tim/"
    page = visitor.get(f"/admin/tim-penilai/{interview_id}/")
    told = text_of(page)
    assert "Wawancara belum dapat dibuka." in told
    assert "Siti Aminah baru mempunyai 1 dari 2 penilai. Dewi Penilai tidak boleh menilai (sudah mengundurkan diri" in told
    ways = [edit.format(id_) in visitor.get(f"{PAGE}{id_}/").text for id_ in (interview_id, round_.category_id)]
    assert (edit.format(interview_id) in page.text, "Bagi otomatis" in told, ways) == (True, False, [True, False])
    jury = [str(who.user_id) for who in (cast.assessor, cast.assessor2, cast.assessor3)]
    assert visitor.send(edit.format(interview_id), members=jury).status_code == 303
    told = text_of(visitor.get(f"/admin/tim-penilai/{interview_id}/"))
    assert ["belum dapat dibuka" in told, "sudah mengundurkan diri dari menilai calon ini" in told] == [False, True]


def test_the_desk_of_the_first_stage_points_to_the_interview(visit, cast):
    round_, interview_id, _, inside, _ = held(cast)
    with builders.standing_at(2024, 11, 6):
        move(cast, round_, PeriodMove.START_DETERMINATION)
        visitor = visit("bkpsdm")
        first = visitor.get(f"/admin/penetapan/kategori/{round_.category_id}/")
        assert ("pemenang ditetapkan pada “ASN Inovatif, wawancara”" in text_of(first), 'name="winners"' in first.text) == (True, False)
        results = text_of(visitor.get(f"/admin/penetapan/{round_.period_id}/"))
        assert ("lanjut ke wawancara" in results, "Umumkan hasil" in results) == (True, False)
        second = visitor.get(f"/admin/penetapan/kategori/{interview_id}/")
        assert (second.status_code, f'name="winners" value="{inside[1]}" checked' in second.text) == (200, True)


def test_the_ranking_of_the_first_stage_names_finalists_and_no_winner(visit, cast):
    round_, interview_id, _ = ranked(cast)  # two go on, and who ties with the second
    page = visit("bkpsdm").get(f"/admin/pemeringkatan/{round_.category_id}/").text
    assert re.findall(r">([^<]+)</a> <span class=\"badge good\">finalis<", page) == ["Siti Aminah", "Budi Santoso", "Wati Lestari"]
    assert ("diusulkan menang" in page, f'/admin/pemeringkatan/{interview_id}/">ASN Inovatif, wawancara</a>' in page) == (False, True)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_assessor_finds_the_finalist_on_a_sheet(visit, cast):
    round_, interview_id, _ = ranked(cast)
    with builders.standing_at(2024, 11, 2):
        move(cast, round_, PeriodMove.OPEN_INTERVIEW)
        nomination = Nomination.select().where(Nomination.category == interview_id).order_by(Nomination.number).first()
        page = visit("assessor").get(f"/admin/penilaian/{nomination.id}/")
        assert (page.status_code, "Wawancara" in page.text, "Siti Aminah" in page.text) == (200, True, True)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_public_reads_whom_an_interview_takes(app, db, cast):
    round_, interview_id = prepared(cast, finalists=3)
    with builders.standing_at(2024, 10, 2):
        builders.move(cast, round_, PeriodMove.OPEN)
        with app.app_context():
            shown = {each["slug"]: each for each in operations.run("public", "Period", {"slug": "2024"})["period"]["categories"]}
            open_ = [each["slug"] for each in operations.run("public", "OpenForms")["openCategories"]]
        assert (shown["wawancara"]["firstStage"], shown["wawancara"]["finalists"], shown["wawancara"]["isOpen"]) == (
            "ASN Inovatif",
            3,
            False,
        )
        assert (shown["inovatif"]["firstStage"], open_) == (None, ["inovatif"])
        assert "3 terbaik dari “ASN Inovatif”" in text_of(app.test_client().get("/periode/2024"))
    assert interview_id != round_.category_id


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_staff_schema_sets_and_opens_it(app, sign_in, cast):
    round_, interview_id = prepared(cast, finalists=None)
    bkpsdm = Person(app, sign_in, cast.bkpsdm)
    payload = "{ category { firstStage { id name firstStage { id } } finalists } userErrors { message path code } }"
    given = {"categoryId": gid("Category", interview_id), "firstStageId": gid("Category", round_.category_id), "expectedVersion": 2}
    refused = bkpsdm.act("categoryInterviewSet", given | {"finalists": 0}, payload)
    assert [(error["path"], error["code"]) for error in refused["userErrors"]] == [(["finalists"], "BAD_USER_INPUT")]
    done = bkpsdm.act("categoryInterviewSet", given | {"finalists": 3}, payload)
    first = {"id": gid("Category", round_.category_id), "name": "ASN Inovatif", "firstStage": None}
    assert done == {"category": {"firstStage": first, "finalists": 3}, "userErrors": []}
    mutation = "mutation($input: CategoryInterviewSetInput!) { categoryInterviewSet(input: $input) { userErrors { code } } }"
    for who in (cast.viewer, cast.unit_admin):
        assert Person(app, sign_in, who).code(mutation, input=given | {"finalists": 2}) == "FORBIDDEN"
    version = Period.get_by_id(round_.period_id).row_version
    asked = {"periodId": gid("Period", round_.period_id), "move": "OPEN_INTERVIEW", "expectedVersion": version}
    early = bkpsdm.act("periodMove", asked, "{ period { state } userErrors { code } }")
    assert [error["code"] for error in early["userErrors"]] == ["ILLEGAL_MOVE"]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_step_is_offered_while_an_interview_waits_and_no_longer(visit, cast):
    round_, _, _ = ranked(cast)
    visitor, page, step = visit("bkpsdm"), f"/admin/periode/{round_.period_id}/", "/pindah/open_interview/"
    with builders.standing_at(2024, 11, 2):
        assert step in visitor.get(page).text
        question = visitor.get(f"{page.rstrip('/')}{step}")
        assert (question.status_code, "Buka tahap wawancara" in question.text) == (200, True)
        move(cast, round_, PeriodMove.OPEN_INTERVIEW)
        Period.update(state="ranking").execute()
        assert step not in visitor.get(page).text
