"""Instruments through the staff schema: versions, examples, trials, comparison, history, finished rounds, files, starters."""

from __future__ import annotations

import base64
import hashlib
import json

import pytest

from sipetruk import starters
from sipetruk.models import AuditEntry, Instrument, InstrumentVersion
from sipetruk.rules import exchange
from sipetruk.services import instruments
from tests.api.person import gid
from tests.services import builders
from tests.services.test_results import determining

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

VERSION = "{ version { id title document examples summary { number state version } } userErrors { message path code } }"
EXAMPLES = [
    {
        "name": "Contoh A",
        "unit": None,
        "marks": {"gagasan": ["40", "38"], "dampak": ["20", "10"], "disiplin": ["1", "1"]},
        "values": {"penghargaan": {"nasional": 1, "provinsi": 0}},
        "attributes": {},
        "expected": {"status": "RANKED", "score": "94", "rank": 1},
    }
]
FILE_KINDS = ("TOML", "JSON", "XLSX")


@pytest.fixture
def draft(cast):
    """A sound draft without examples, as (number, global id)."""
    number = instruments.create(cast.bkpsdm, code="uji", name="Uji", definition=builders.tiny_instrument())
    return number, gid("InstrumentVersion", number)


def entries():
    return AuditEntry.select().count()


def test_a_starter_becomes_the_first_draft_with_its_examples(person, cast):
    bkpsdm = person(cast.bkpsdm)
    listed = bkpsdm.ask("{ instrumentStarters { name title document examples } }")["instrumentStarters"]
    assert [each["name"] for each in listed] == [name for name, _ in starters.starters()]
    name = "balangan-2024"
    made = bkpsdm.act("instrumentCreate", {"code": "b-2025", "name": "Balangan 2025", "starter": name}, VERSION)
    assert made["userErrors"] == []
    (shown,) = [each for each in listed if each["name"] == name]
    definition, examples = exchange.read(shown["document"] | {"examples": shown["examples"]})
    assert made["version"]["document"] == definition.to_dict()
    assert [each["name"] for each in made["version"]["examples"]] == [each.name for each in examples]
    both = {"code": "lain", "name": "Lain", "starter": name, "definition": builders.tiny_instrument()}
    assert bkpsdm.act("instrumentCreate", both, VERSION)["userErrors"][0]["path"] == ["starter"]
    unknown = bkpsdm.act("instrumentCreate", {"code": "lain", "name": "Lain", "starter": "../rahasia"}, VERSION)
    assert unknown["userErrors"][0]["code"] == "NOT_FOUND"
    assert Instrument.select().count() == 1


def test_examples_are_kept_tried_and_checked_again_by_the_lock(person, cast, draft):
    number, id_ = draft
    bkpsdm = person(cast.bkpsdm)
    saved = bkpsdm.act("instrumentExamplesSave", {"versionId": id_, "examples": EXAMPLES, "expectedVersion": 1}, VERSION)
    assert (saved["userErrors"], saved["version"]["examples"][0]["name"]) == ([], "Contoh A")
    query = """query($id: ID!) { instrumentVersion(id: $id) { tryout { winners blocked findings { message } nominees {
        name status score exact rank isAsExpected differences
        components { code score contribution
            criteria { code points contribution shownContribution how marks { raw shown points } } } } } } }"""
    tried = bkpsdm.ask(query, id=id_)["instrumentVersion"]["tryout"]
    (nominee,) = tried["nominees"]
    assert (nominee["status"], nominee["score"], nominee["exact"], nominee["rank"]) == ("RANKED", "94.00", "94/1", 1)
    assert (nominee["isAsExpected"], nominee["differences"]) == (True, [])
    first = nominee["components"][0]["criteria"][0]
    assert (first["points"], first["shownContribution"], [mark["points"] for mark in first["marks"]]) == ("39/1", "39.00", ["40/1", "38/1"])
    wrong = [EXAMPLES[0] | {"expected": {"status": "RANKED", "score": "93", "rank": 2}}]
    bkpsdm.act("instrumentExamplesSave", {"versionId": id_, "examples": wrong, "expectedVersion": 2}, VERSION)
    refused = bkpsdm.act("instrumentVersionLock", {"versionId": id_, "expectedVersion": 3}, VERSION)
    assert [error["message"] for error in refused["userErrors"]] == [
        "Contoh “Contoh A”: nilai akhir diharapkan 93, ternyata 94,00.",
        "Contoh “Contoh A”: peringkat diharapkan 2, ternyata 1.",
    ]
    assert InstrumentVersion.get_by_id(number).state == "draft"


def test_bad_examples_are_named_and_not_kept(person, cast, draft):
    number, id_ = draft
    bkpsdm = person(cast.bkpsdm)
    wrong = [EXAMPLES[0] | {"marks": {"gagasan": ["41"], "lain": ["1"]}}]
    before = entries()
    refused = bkpsdm.act("instrumentExamplesSave", {"versionId": id_, "examples": wrong, "expectedVersion": 1}, VERSION)
    assert [error["path"] for error in refused["userErrors"]] == [
        ["examples", "0", "marks", "gagasan", "0"],
        ["examples", "0", "marks", "lain"],
    ]
    no_list = bkpsdm.act("instrumentExamplesSave", {"versionId": id_, "examples": {"a": 1}, "expectedVersion": 1}, VERSION)
    assert no_list["userErrors"][0]["path"] == ["examples"]
    assert (InstrumentVersion.get_by_id(number).examples, entries()) == ([], before)
    query = "query($id: ID!, $tried: Document) { instrumentTryout(versionId: $id, examples: $tried) { winners } }"
    (error,) = bkpsdm.post(query, id=id_, tried=wrong).json["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert [each["path"][-1] for each in error["extensions"]["problems"]] == ["0", "lain"]
    tried = bkpsdm.ask(
        "query($id: ID!, $tried: Document) { instrumentTryout(versionId: $id, examples: $tried, winners: 1) { winners } }",
        id=id_,
        tried=EXAMPLES,
    )
    assert tried == {"instrumentTryout": {"winners": ["Contoh A"]}}
    assert bkpsdm.ask(query, id=gid("InstrumentVersion", number + 100)) == {"instrumentTryout": None}


def test_changes_are_undone_one_by_one(person, cast, draft):
    number, id_ = draft
    bkpsdm = person(cast.bkpsdm)
    given = {"versionId": id_, "expectedVersion": 1, "title": "Judul lain"}
    assert bkpsdm.act("instrumentAboutSet", given, VERSION)["version"]["title"] == "Judul lain"
    undone = bkpsdm.act("instrumentChangeUndo", {"versionId": id_, "expectedVersion": 2}, VERSION)
    assert (undone["userErrors"], undone["version"]["title"]) == ([], "Instrumen kecil")
    nothing = bkpsdm.act("instrumentChangeUndo", {"versionId": id_, "expectedVersion": 3}, VERSION)
    assert [error["code"] for error in nothing["userErrors"]] == ["ILLEGAL_MOVE"]
    assert InstrumentVersion.get_by_id(number).row_version == 3


def test_an_earlier_version_is_taken_up_again_unless_a_draft_exists(person, cast, draft):
    _, id_ = draft
    bkpsdm = person(cast.bkpsdm)
    bkpsdm.act("instrumentVersionLock", {"versionId": id_, "expectedVersion": 1}, VERSION)
    restored = bkpsdm.act("instrumentVersionRestore", {"versionId": id_}, VERSION)
    assert (restored["userErrors"], restored["version"]["summary"]["number"]) == ([], 2)
    again = bkpsdm.act("instrumentVersionRestore", {"versionId": id_}, VERSION)
    assert (again["version"], again["userErrors"][0]["code"]) == (None, "CONFLICT")
    assert InstrumentVersion.select().count() == 2


def test_a_draft_for_next_year_takes_its_months_along(person, cast):
    tree = builders.tiny_instrument()
    tree["components"][1]["criteria"][0] = builders.criterion("disiplin", "Kehadiran", {"kind": "percentage", "max": 20}) | {
        "source": {"kind": "attendance", "months": ["2024-04", "2024-05"]}
    }
    version = builders.locked_version(tree, actor=cast.bkpsdm)
    family = gid("Instrument", InstrumentVersion.get_by_id(version).instrument_id)
    given = {"instrumentId": family, "shiftYears": 1, "idempotencyKey": "k"}
    made = person(cast.bkpsdm).act("instrumentDraftStart", given, VERSION)
    source = made["version"]["document"]["components"][1]["criteria"][0]["source"]
    assert source["months"] == ["2025-04", "2025-05"]


def test_two_versions_side_by_side_and_the_history_of_one(person, cast, draft):
    _, id_ = draft
    bkpsdm = person(cast.bkpsdm)
    tree = builders.tiny_instrument()
    tree["components"][0]["criteria"][0]["scale"]["max"] = 35
    other = instruments.create(cast.bkpsdm, code="lain", name="Lain", definition=tree)
    query = """query($old: ID!, $new: ID!) { instrumentComparison(oldId: $old, newId: $new) {
        old { number } new { number } changes { kind path message was now } shares { code before after difference } } }"""
    found = bkpsdm.ask(query, old=id_, new=gid("InstrumentVersion", other))["instrumentComparison"]
    assert [(change["kind"], change["path"]) for change in found["changes"]] == [("CHANGED", ["criteria", "gagasan", "scale"])]
    assert found["shares"][0] == {"code": "gagasan", "before": "40.00", "after": "35.00", "difference": "-5.00"}
    assert bkpsdm.ask(query, old=id_, new="bukan") == {"instrumentComparison": None}
    bkpsdm.act("instrumentAboutSet", {"versionId": id_, "expectedVersion": 1, "title": "Judul lain"}, VERSION)
    history = (
        "query($id: ID!) { instrumentVersion(id: $id) { history(first: 10) { totalCount nodes { who face summary changes { now } } } } }"
    )
    page = bkpsdm.ask(history, id=id_)["instrumentVersion"]["history"]
    assert page["totalCount"] == 2
    assert page["nodes"][0] == {"who": "Rina Admin", "face": "api", "summary": "1 perubahan.", "changes": [{"now": "Judul lain"}]}


def test_a_finished_round_under_another_version(person, cast):
    round_, _, _ = determining(cast)
    family = InstrumentVersion.get_by_id(round_.version_id).instrument_id
    number = instruments.start_draft(cast.bkpsdm, instrument_id=family)
    bkpsdm = person(cast.bkpsdm)
    finished = bkpsdm.ask("{ finishedCategories { id name number } }")["finishedCategories"]
    assert finished == [{"id": gid("Category", round_.category_id), "name": "ASN Inovatif", "number": 1}]
    query = """query($version: ID!, $category: ID!) { instrumentBacktest(versionId: $version, categoryId: $category) {
        coverage moved matched { code whyNot } rows { name oldRank newRank change hasWon isWinner } } }"""
    found = bkpsdm.ask(query, version=gid("InstrumentVersion", number), category=finished[0]["id"])["instrumentBacktest"]
    assert (found["coverage"], found["moved"]) == ("100.00", 0)
    assert all(row["oldRank"] == row["newRank"] and row["change"] == 0 and row["hasWon"] == row["isWinner"] for row in found["rows"])
    assert bkpsdm.ask(query, version=gid("InstrumentVersion", number), category=gid("Category", 999)) == {"instrumentBacktest": None}


@pytest.mark.parametrize("kind", FILE_KINDS)
def test_a_version_goes_out_and_comes_in_again(person, cast, draft, kind):
    _, id_ = draft
    bkpsdm = person(cast.bkpsdm)
    query = """query($id: ID!, $kind: InstrumentFileKind!) {
        instrumentExport(versionId: $id, kind: $kind) { filename sha256 sizeBytes text base64 } }"""
    file = bkpsdm.ask(query, id=id_, kind=kind)["instrumentExport"]
    content = base64.b64decode(file["base64"])
    assert (file["sha256"], file["sizeBytes"]) == (hashlib.sha256(content).hexdigest(), len(content))
    assert (file["filename"], file["text"]) == (f"uji-v1.{kind.lower()}", None if kind == "XLSX" else content.decode())
    selection = "{ trial { sha256 isNew isUnchanged changes { message } } version { title document } userErrors { message path code } }"
    same = {"file": file["base64"], "versionId": id_, "expectedVersion": 1, "isDryRun": True}
    before = entries()
    tried = bkpsdm.act("instrumentImport", same, selection)
    assert (tried["userErrors"], tried["version"], tried["trial"]["isNew"], tried["trial"]["isUnchanged"]) == ([], None, False, True)
    assert entries() == before
    new = {"file": file["base64"], "code": "salinan", "name": "Salinan", "expectedSha256": tried["trial"]["sha256"]}
    made = bkpsdm.act("instrumentImport", new, selection)
    assert (made["userErrors"], made["trial"]["isNew"]) == ([], True)
    assert made["version"]["document"] == InstrumentVersion.get(InstrumentVersion.instrument != 1).definition


IMPORT = "{ trial { sha256 } version { id } userErrors { message path code } }"


def test_an_import_names_every_problem_and_writes_only_what_was_shown(person, cast, draft):
    _, id_ = draft
    bkpsdm = person(cast.bkpsdm)
    wrong = builders.tiny_instrument()
    wrong["components"][0]["code"] = "Tidak Baik"
    wrong["evidence"][0]["accept"] = ["exe"]
    before = entries()
    refused = bkpsdm.act("instrumentImport", {"document": wrong, "versionId": id_, "expectedVersion": 1}, IMPORT)
    assert [error["path"] for error in refused["userErrors"]] == [["components", "0", "code"], ["evidence", "0", "accept"]]
    line = bkpsdm.act(
        "instrumentImport",
        {"file": base64.b64encode(json.dumps(wrong, indent=2).encode()).decode(), "code": "lain", "name": "Lain"},
        IMPORT,
    )
    assert all(error["message"].lower().startswith("baris ") for error in line["userErrors"]), line["userErrors"]
    sound = builders.tiny_instrument()
    cases = {
        "other content": ({"document": sound, "code": "l", "name": "L", "expectedSha256": "0" * 64}, "CONFLICT"),
        "stale draft": ({"document": sound, "versionId": id_, "expectedVersion": 7}, "CONFLICT"),
        "no version": ({"document": sound, "versionId": id_}, "BAD_USER_INPUT"),
        "two targets": ({"document": sound, "versionId": id_, "expectedVersion": 1, "instrumentId": id_}, "BAD_USER_INPUT"),
        "nothing sent": ({"code": "l", "name": "L"}, "BAD_USER_INPUT"),
        "both sent": ({"document": sound, "file": "e30=", "code": "l", "name": "L"}, "BAD_USER_INPUT"),
        "no Base64": ({"file": "%%%", "code": "l", "name": "L"}, "BAD_USER_INPUT"),
        "a draft exists": ({"document": sound, "instrumentId": gid("Instrument", Instrument.get().id)}, "CONFLICT"),
        "a code that is taken": ({"document": sound, "code": "uji", "name": "L", "isDryRun": True}, "CONFLICT"),
        "not there": ({"document": sound, "instrumentId": gid("Instrument", 999)}, "NOT_FOUND"),
    }
    for name, (given, code) in cases.items():
        answer = bkpsdm.act("instrumentImport", given, IMPORT)
        assert (name, [error["code"] for error in answer["userErrors"]], answer["trial"]) == (name, [code], None)
    assert (InstrumentVersion.select().count(), entries()) == (1, before)
    locked = bkpsdm.act("instrumentVersionLock", {"versionId": id_, "expectedVersion": 1}, VERSION)
    assert locked["userErrors"] == []
    frozen = bkpsdm.act("instrumentImport", {"document": sound, "versionId": id_, "expectedVersion": 2}, IMPORT)
    assert [error["code"] for error in frozen["userErrors"]] == ["ILLEGAL_MOVE"]


def test_weights_from_comparing_pairs(person, cast):
    bkpsdm = person(cast.bkpsdm)
    query = """query($m: [[String!]!]!) { ahpProposal(matrix: $m) {
        method basisPoints weights lambdaMethod consistencyRatio isAcceptable randomIndexTable deviations { first } } }"""
    found = bkpsdm.ask(query, m=[["1", "3"], ["1/3", "1"]])["ahpProposal"]
    assert found == {
        "method": "EIGENVECTOR",
        "basisPoints": [7500, 2500],
        "weights": ["0.750000", "0.250000"],
        "lambdaMethod": "EIGENVALUE",
        "consistencyRatio": "0.000000",
        "isAcceptable": True,
        "randomIndexTable": "Saaty (1980)",
        "deviations": [],
    }
    for matrix in ([], [["1", "3"]], [["1", "3"], ["3", "1"]], [["1", "99"], ["1/99", "1"]], [["1", "x"], ["y", "1"]]):
        assert bkpsdm.code(query, m=matrix) == "BAD_USER_INPUT"
    assert person(cast.assessor).code(query, m=[["1"]]) == "FORBIDDEN"


def test_an_empty_workbook_to_fill_in(person, cast):
    file = person(cast.bkpsdm).ask("{ instrumentTemplate { filename text base64 } }")["instrumentTemplate"]
    assert (file["filename"], file["text"], base64.b64decode(file["base64"])[:2]) == ("instrumen-kosong.xlsx", None, b"PK")


def test_who_may_not_make_instruments(person, cast, draft):
    number, id_ = draft
    acts = {
        "instrumentExamplesSave": {"versionId": id_, "examples": [], "expectedVersion": 1},
        "instrumentChangeUndo": {"versionId": id_, "expectedVersion": 1},
        "instrumentVersionRestore": {"versionId": id_},
        "instrumentImport": {"document": builders.tiny_instrument(), "code": "l", "name": "L", "isDryRun": True},
    }
    before = entries()
    for who in (cast.assessor, cast.unit_admin, cast.viewer):
        somebody = person(who)
        for mutation, given in acts.items():
            kind = mutation[0].upper() + mutation[1:] + "Input"
            query = f"mutation($input: {kind}!) {{ {mutation}(input: $input) {{ userErrors {{ code }} }} }}"
            assert somebody.code(query, input=given) == "FORBIDDEN", (who.username, mutation)
        for query in ("{ instrumentStarters { name } }", "{ instrumentTemplate { filename } }"):
            assert somebody.code(query) == "FORBIDDEN", (who.username, query)
    for who in (cast.assessor, cast.unit_admin):
        assert person(who).code("{ finishedCategories { id } }") == "FORBIDDEN"
    (error,) = (
        person(cast.assessor).post("query($id: ID!) { instrumentVersion(id: $id) { title history { totalCount } } }", id=id_).json["errors"]
    )
    assert error["extensions"]["code"] == "FORBIDDEN"
    unit = person(cast.unit_admin)
    hidden = unit.ask("query($id: ID!) { a: instrumentTryout(versionId: $id) { winners } }", id=id_)
    assert hidden == {"a": None}
    (error,) = unit.post("query($id: ID!) { instrumentExport(versionId: $id, kind: JSON) { text } }", id=id_).json["errors"]
    assert error["extensions"]["code"] == "FORBIDDEN"
    assert (InstrumentVersion.get_by_id(number).row_version, entries()) == (1, before)


def test_more_changes_cost_no_more_statements(person, cast, db, draft):
    _, id_ = draft
    bkpsdm = person(cast.bkpsdm)
    query = """query($id: ID!) { instrumentVersion(id: $id) { examples tryout { winners } history(first: 50) { nodes { summary } } }
        instrumentComparison(oldId: $id, newId: $id) { changes { message } } instrumentExport(versionId: $id, kind: TOML) { sha256 } }"""

    def statements():
        with builders.counted(db) as sent:
            bkpsdm.ask(query, id=id_)
        return len(sent)

    first = statements()
    for version in range(1, 4):
        bkpsdm.act("instrumentAboutSet", {"versionId": id_, "expectedVersion": version, "title": f"Judul {version}"}, VERSION)
    bkpsdm.act("instrumentExamplesSave", {"versionId": id_, "examples": EXAMPLES, "expectedVersion": 4}, VERSION)
    assert statements() == first
