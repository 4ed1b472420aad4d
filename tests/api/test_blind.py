"""Blind assessment through every face: whole answers are searched for the name, the number and the unit of the nominee."""

from __future__ import annotations

import html
import re

import pytest

from sipetruk.models import Category, Employee, Evidence, Nomination, WorkUnit
from sipetruk.rules import blind
from sipetruk.rules.workflow import PeriodMove
from tests.api.person import gid
from tests.panel.visitor import Visitor
from tests.services import builders

NAME, UNIT = "Budi Santoso", "Dinas Kesehatan, Pengendalian Penduduk dan Keluarga Berencana"
ANSWERS = builders.ANSWERS | {
    "judul": "Antrean daring gagasan BUDI santoso di Dinas Kesehatan, Pengendalian Penduduk dan Keluarga Berencana"
}
SHEETS = (
    "{ sheets(first: 50) { nodes { nomination { id number } nominee { name position grade unit } category period stateLabel isBlind } } }"
)
SHEET = """query($id: ID!) { sheet(nominationId: $id) {
  summary { nomination { id number } nominee { name position grade unit } category period }
  reason components { code label help criteria { code label help scale note: noteMinChars } }
  answers { code label group shown } evidence { id requirement label filename url } totals { label added most } progress { sheets }
} }"""


@pytest.fixture
def told(cast):
    """A blind category in assessment: the nomination, and everything that would tell who it is."""
    round_ = builders.open_round(cast)
    id_ = builders.submitted(cast, round_, NAME, ANSWERS)
    Evidence.update(filename="proposal budi santoso.pdf").execute()
    with builders.standing_at(2024, 10, 14):
        builders.check_all(cast, id_)
        builders.checks.accept(cast.verifier, nomination_id=id_, expected_version=builders.version_of(id_))
    with builders.standing_at(2024, 10, 16):
        builders.move(cast, round_, PeriodMove.START_VERIFICATION)
    Category.update(is_blind=True).execute()
    with builders.standing_at(2024, 10, 23):
        builders.move(cast, round_, PeriodMove.START_ASSESSMENT)
    nomination = Nomination.get_by_id(id_)
    employee = Employee.get_by_id(nomination.employee_id)
    unit = WorkUnit.get_by_id(cast.unit_id)
    words = ["Budi", "Santoso", employee.nip, UNIT, "Dinas Kesehatan", unit.code, nomination.number, employee.position, employee.grade]
    return id_, words


def found_in(text, words):
    """Which of the words stand in a text, whatever their case and however they are written."""
    plain = html.unescape(text).encode().decode("unicode_escape", errors="ignore").casefold()
    return [word for word in words if word.casefold() in plain or word.casefold() in html.unescape(text).casefold()]


def test_the_staff_schema_tells_an_assessor_nothing(told, person, cast):
    id_, words = told
    assessor, nomination = person(cast.assessor), gid("Nomination", id_)
    sheet = assessor.post(SHEET, id=nomination)
    assert sheet.json["data"]["sheet"]["summary"]["nominee"] == {
        "name": f"Calon {blind.code(id_)}",
        "position": "",
        "grade": "",
        "unit": "",
    }
    assert sheet.json["data"]["sheet"]["answers"][0]["shown"] == "Antrean daring gagasan [disamarkan] di [disamarkan]"
    answers = [
        sheet,
        assessor.post(SHEETS),
        assessor.post("query($id: ID!) { nomination(id: $id) { number } node(id: $id) { id } nodes(ids: [$id]) { id } }", id=nomination),
        assessor.post("{ nominations(first: 50) { nodes { number employee { name nip } unit { name } } } }"),
        assessor.post("{ viewer { name worklist { label } } periods(first: 9) { nodes { name categories { name panel { name } } } } }"),
        assessor.post("{ notifications(first: 50) { nodes { text } } }"),
    ]
    assert ["errors" in answer.json for answer in answers] == [False] * len(answers)
    assert [found_in(answer.text, words) for answer in answers] == [[]] * len(answers)
    assert answers[2].json["data"] == {"nomination": None, "node": None, "nodes": [None]}


def test_acting_on_the_sheet_tells_nothing(told, person, cast):
    id_, words = told
    assessor, nomination = person(cast.assessor), gid("Nomination", id_)
    marks = [
        {"criterion": code, "state": "SCORED", "value": each["value"], "note": each["note"]} for code, each in builders.FULL_MARKS.items()
    ]
    wanted = "{ sheet { summary { nomination { number } nominee { name } version } } userErrors { message path code } }"
    with builders.standing_at(2024, 10, 24):
        recorded = assessor.act("marksRecord", {"nominationId": nomination, "marks": marks, "expectedVersion": 1}, wanted)
        refused = assessor.act("marksRecord", {"nominationId": nomination, "marks": marks, "expectedVersion": 1}, wanted)
        sent = assessor.act("sheetSubmit", {"nominationId": nomination, "expectedVersion": 2}, wanted)
    assert [recorded["userErrors"], sent["userErrors"], refused["userErrors"][0]["code"]] == [[], [], "CONFLICT"]
    assert found_in(str([recorded, refused, sent]), words) == []


def test_the_panel_tells_an_assessor_nothing(told, client, cast):
    id_, words = told
    visitor = Visitor(client, cast.assessor)
    page = f"/admin/penilaian/{id_}/"
    version = str(builders.sheet_version(cast.assessor, id_))
    with builders.standing_at(2024, 10, 24):
        answers = [
            visitor.get("/admin/"),
            visitor.get("/admin/penilaian/"),
            visitor.get(page),
            visitor.get(f"{page}kirim/"),
            visitor.get(f"{page}mengundurkan-diri/"),
            visitor.post(page, row_version=version, **{"value-gagasan": "99"}),
            visitor.post(page, row_version="0", **{"value-gagasan": "1"}),
            visitor.post(f"{page}kirim/", row_version=version),
            visitor.get("/admin/pemberitahuan/?tampil=semua"),
            visitor.get("/admin/hubungan/"),
            visitor.get("/usulan/"),
            visitor.get(f"/usulan/{gid('Nomination', id_)}"),
            visitor.get(f"/admin/verifikasi/{id_}/"),
        ]
    assert [found_in(answer.text, words) for answer in answers] == [[]] * len(answers)
    assert blind.called(id_) in answers[2].text
    left = visitor.post(f"{page}mengundurkan-diri/", reason="Kenal.")
    assert left.status_code == 303
    assert [found_in(visitor.get(each).text, words) for each in ("/admin/penilaian/", page)] == [[], []]
    assert blind.called(id_) in visitor.get(page).text


def test_a_file_is_handed_out_under_a_name_that_tells_nothing(told, client, cast, sign_in):
    evidence = Evidence.get()
    Visitor(client, cast.assessor)
    names = []
    for tail in ("", "?tampil=1"):
        answer = client.get(f"/bukti/{gid('Evidence', evidence.id)}{tail}")
        assert answer.status_code == 200
        names.append(re.search(r"filename=\"?([^\";]+)", answer.headers["Content-Disposition"]).group(1))
        assert found_in(str(answer.headers), told[1]) == []
    assert names == [f"proposal-{evidence.id}.pdf"] * 2
    Visitor(client, cast.verifier)
    assert "proposal budi santoso.pdf" in client.get(f"/bukti/{gid('Evidence', evidence.id)}").headers["Content-Disposition"]


def test_verifiers_and_bkpsdm_see_who_it_is(told, client, cast):
    id_, _ = told
    for who, page in (("verifier", f"/admin/verifikasi/{id_}/"), ("bkpsdm", f"/admin/tim-penilai/{Category.get().id}/")):
        assert NAME in Visitor(client, getattr(cast, who)).get(page).text


def test_an_open_category_hides_nothing(told, person, cast):
    Category.update(is_blind=False).execute()
    sheet = person(cast.assessor).ask(SHEET, id=gid("Nomination", told[0]))["sheet"]
    assert (sheet["summary"]["nominee"]["name"], sheet["evidence"][0]["filename"]) == (NAME, "proposal budi santoso.pdf")
