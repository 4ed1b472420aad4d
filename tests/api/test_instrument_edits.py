"""Single changes of a draft through the staff schema: each saves what it says; what the rules refuse keeps nothing."""

from __future__ import annotations

import pytest

from sipetruk.models import AuditEntry, InstrumentVersion
from sipetruk.services import instruments
from tests.api.person import gid
from tests.services import builders

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

PAYLOAD = "{ version { document summary { version } } userErrors { message path code } }"
CRITERION = {
    "code": "rapi",
    "label": "Kerapian",
    "scale": {"kind": "yes_no", "yes": 20, "no": 0},
    "source": {"kind": "assessor"},
}
POLICY = {"combine": "mean_of_components", "min_assessors": 3}


def codes(document):
    return {part["code"]: [each["code"] for each in part["criteria"]] for part in document["components"]}


def criterion(document, code):
    return next(each for part in document["components"] for each in part["criteria"] if each["code"] == code)


BOTH = ["gagasan", "dampak"]
EDITS = {
    "instrumentAboutSet": (
        {"title": "Judul", "source": "Keputusan Bupati"},
        lambda d: (d["title"], d["description"], d["source"]),
        ("Judul", "", "Keputusan Bupati"),
    ),
    "instrumentPolicyReplace": ({"policy": POLICY}, lambda d: d["policy"]["combine"], "mean_of_components"),
    "instrumentEvidenceReplace": ({"evidence": []}, lambda d: d["evidence"], []),
    "instrumentEvidenceUpdate": (
        {"code": "proposal", "values": {"code": "naskah"}},
        lambda d: (d["evidence"][0]["code"], criterion(d, "gagasan")["evidence"]),
        ("naskah", ["naskah"]),
    ),
    "instrumentFieldsReplace": ({"fields": []}, lambda d: d["fields"], []),
    "instrumentFieldUpdate": ({"code": "judul", "values": {"max_chars": 80}}, lambda d: d["fields"][0]["max_chars"], 80),
    "instrumentComponentAdd": (
        {"values": {"code": "baru", "label": "Baru", "criteria": []}, "toIndex": 0},
        codes,
        {"baru": [], "inovasi": BOTH, "rekam_jejak": ["disiplin", "penghargaan"]},
    ),
    "instrumentComponentUpdate": (
        {"code": "inovasi", "values": {"code": "gagas"}},
        lambda d: (list(codes(d)), d["policy"]["tie_chain"][0]["code"]),
        (["gagas", "rekam_jejak"], "gagas"),
    ),
    "instrumentComponentMove": ({"code": "inovasi", "toIndex": 1}, lambda d: list(codes(d)), ["rekam_jejak", "inovasi"]),
    "instrumentComponentCopy": (
        {"code": "inovasi"},
        codes,
        {"inovasi": BOTH, "inovasi_2": ["gagasan_2", "dampak_2"], "rekam_jejak": ["disiplin", "penghargaan"]},
    ),
    "instrumentComponentRemove": ({"code": "inovasi"}, lambda d: list(codes(d)), ["rekam_jejak"]),
    "instrumentCriterionAdd": ({"component": "inovasi", "values": CRITERION}, lambda d: codes(d)["inovasi"], [*BOTH, "rapi"]),
    "instrumentCriterionUpdate": (
        {"code": "gagasan", "values": {"scale": {"kind": "points", "max": 35, "step": "0.5"}}},
        lambda d: criterion(d, "gagasan")["scale"],
        {"kind": "points", "max": 35, "step": "0.5"},
    ),
    "instrumentCriterionMove": (
        {"code": "dampak", "component": "rekam_jejak", "toIndex": 1},
        codes,
        {"inovasi": ["gagasan"], "rekam_jejak": ["disiplin", "dampak", "penghargaan"]},
    ),
    "instrumentCriterionCopy": ({"code": "gagasan"}, lambda d: codes(d)["inovasi"], ["gagasan", "gagasan_2", "dampak"]),
    "instrumentCriterionRemove": ({"code": "gagasan"}, lambda d: codes(d)["inovasi"], ["dampak"]),
    "instrumentCellsFill": (
        {
            "components": [{"code": "inovasi", "label": "Inovasi daerah"}],
            "criteria": [{"code": "gagasan", "maximum": "35.5", "weight": None}],
        },
        lambda d: (d["components"][0]["label"], criterion(d, "gagasan")["scale"]["max"], criterion(d, "gagasan")["label"]),
        ("Inovasi daerah", "35.5", "Gagasan"),
    ),
}
REFUSED = {
    "instrumentAboutSet": ({"title": "x" * 1000}, "BAD_USER_INPUT"),
    "instrumentPolicyReplace": ({"policy": [POLICY]}, "BAD_USER_INPUT"),
    "instrumentEvidenceReplace": ({"evidence": ["proposal"]}, "BAD_USER_INPUT"),
    "instrumentEvidenceUpdate": ({"code": "proposal", "values": {"accept": ["exe"]}}, "BAD_USER_INPUT"),
    "instrumentFieldsReplace": ({"fields": {"a": 1}}, "BAD_USER_INPUT"),
    "instrumentFieldUpdate": ({"code": "tidak_ada", "values": {}}, "NOT_FOUND"),
    "instrumentTemplateRemove": ({"requirement": "tidak_ada"}, "NOT_FOUND"),
    "instrumentComponentAdd": ({"values": {"code": "inovasi", "label": "Sama"}}, "BAD_USER_INPUT"),
    "instrumentComponentUpdate": ({"code": "inovasi", "values": {"aneh": 1}}, "BAD_USER_INPUT"),
    "instrumentComponentMove": ({"code": "tidak_ada", "toIndex": 0}, "NOT_FOUND"),
    "instrumentComponentCopy": ({"code": "tidak_ada"}, "NOT_FOUND"),
    "instrumentComponentRemove": ({"code": "tidak_ada"}, "NOT_FOUND"),
    "instrumentCriterionAdd": ({"component": "inovasi", "values": CRITERION | {"scale": {"kind": "aneh"}}}, "BAD_USER_INPUT"),
    "instrumentCriterionUpdate": ({"code": "gagasan", "values": {"scale": 5, "code": [], "source": "x"}}, "BAD_USER_INPUT"),
    "instrumentCriterionMove": ({"code": "gagasan", "component": "tidak_ada", "toIndex": 0}, "NOT_FOUND"),
    "instrumentCriterionCopy": ({"code": "tidak_ada"}, "NOT_FOUND"),
    "instrumentCriterionRemove": ({"code": "tidak_ada"}, "NOT_FOUND"),
    "instrumentWeightsSet": ({"weights": [{"code": "inovasi", "basisPoints": 10000}]}, "BAD_USER_INPUT"),
    "instrumentCellsFill": ({"criteria": [{"code": "gagasan", "maximum": "-1", "label": None}]}, "BAD_USER_INPUT"),
}


@pytest.fixture
def draft(cast):
    return instruments.create(cast.bkpsdm, code="uji", name="Uji", definition=builders.tiny_instrument())


def given_for(draft, given, version=1):
    return {"versionId": gid("InstrumentVersion", draft), "expectedVersion": version, **given}


def test_each_edit_does_one_thing(person, cast, draft):
    bkpsdm = person(cast.bkpsdm)
    version = 1
    for mutation, (given, shown, expected) in EDITS.items():
        done = bkpsdm.act(mutation, given_for(draft, given, version), PAYLOAD)
        assert (mutation, done["userErrors"]) == (mutation, [])
        assert (mutation, shown(done["version"]["document"])) == (mutation, expected)
        assert shown(InstrumentVersion.get_by_id(draft).definition) == expected
        instruments.undo(cast.bkpsdm, version_id=draft, expected_version=version + 1)
        version += 2
    assert InstrumentVersion.get_by_id(draft).definition == builders.tiny_instrument()


def test_each_refusal_is_told_and_nothing_is_kept(person, cast, draft):
    bkpsdm = person(cast.bkpsdm)
    before = AuditEntry.select().count()
    assert REFUSED.keys() == EDITS.keys() | {"instrumentTemplateRemove", "instrumentWeightsSet"}
    for mutation, (given, code) in REFUSED.items():
        refused = bkpsdm.act(mutation, given_for(draft, given), PAYLOAD)
        assert (mutation, refused["version"], {error["code"] for error in refused["userErrors"]}) == (mutation, None, {code})
        stale = bkpsdm.act(mutation, given_for(draft, given, 2), PAYLOAD)
        assert (mutation, [error["code"] for error in stale["userErrors"]]) == (mutation, ["CONFLICT"])
    assert InstrumentVersion.get_by_id(draft).definition == builders.tiny_instrument()
    assert (InstrumentVersion.get_by_id(draft).row_version, AuditEntry.select().count()) == (1, before)


def test_only_who_makes_instruments_may_edit(person, cast, draft):
    before = AuditEntry.select().count()
    for who in (cast.assessor, cast.unit_admin, cast.viewer):
        somebody = person(who)
        for mutation, (given, _) in REFUSED.items():
            kind = mutation[0].upper() + mutation[1:] + "Input"
            query = f"mutation($input: {kind}!) {{ {mutation}(input: $input) {{ userErrors {{ code }} }} }}"
            assert somebody.code(query, input=given_for(draft, given)) == "FORBIDDEN", (who.username, mutation)
    assert AuditEntry.select().count() == before


def test_a_locked_version_is_not_edited(person, cast, draft):
    instruments.lock(cast.bkpsdm, version_id=draft, expected_version=1)
    bkpsdm = person(cast.bkpsdm)
    for mutation, (given, *_) in EDITS.items():
        refused = bkpsdm.act(mutation, given_for(draft, given, 2), PAYLOAD)
        assert (mutation, [error["code"] for error in refused["userErrors"]]) == (mutation, ["ILLEGAL_MOVE"])
    assert InstrumentVersion.get_by_id(draft).definition == builders.tiny_instrument()


def test_weights_of_one_level(person, cast, draft):
    bkpsdm = person(cast.bkpsdm)
    tree = builders.tiny_instrument()
    policy = tree["policy"] | {"combine": "weighted_sum"}
    bkpsdm.act("instrumentPolicyReplace", given_for(draft, {"policy": policy}), PAYLOAD)
    weights = [{"code": "inovasi", "basisPoints": 6667}, {"code": "rekam_jejak", "basisPoints": 3333}]
    done = bkpsdm.act("instrumentWeightsSet", given_for(draft, {"weights": weights}, 2), PAYLOAD)
    assert done["userErrors"] == []
    assert [part["weight"] for part in done["version"]["document"]["components"]] == [6667, 3333]
    weights = [{"code": "gagasan", "basisPoints": 9000}, {"code": "dampak", "basisPoints": 999}]
    refused = bkpsdm.act("instrumentWeightsSet", given_for(draft, {"component": "inovasi", "weights": weights}, 3), PAYLOAD)
    assert [error["path"] for error in refused["userErrors"]] == [["weights"]]


def test_a_larger_tree_costs_no_more_statements(person, cast, db, draft):
    bkpsdm = person(cast.bkpsdm)

    def statements(version):
        with builders.counted(db) as sent:
            given = {"component": "inovasi", "values": CRITERION | {"code": f"rapi_{version}", "label": f"Kerapian {version}"}}
            assert bkpsdm.act("instrumentCriterionAdd", given_for(draft, given, version), PAYLOAD)["userErrors"] == []
        return len(sent)

    assert len({statements(version) for version in range(1, 7)}) == 1


HOSTILE = [None, True, 10**30, "", "x" * 5000, [], {}, [[]], [{}], {"code": []}, {"code": {}}, {"criteria": "abc"}, {"criteria": [{}]}]
HOSTILE += [{"scale": []}, {"scale": {}}, {"source": 1}, {"evidence": [[]]}, {"kind": []}, {"shown_when": 1}, {"shown_when": {}}]
HOSTILE += [{"template": 1}, {"tie_chain": [1]}, {"floors": [{}]}, {"weight": {}}, {"label": {"a": 1}}, {"options": [None]}]
DOCUMENTS = {mutation: key for mutation, (given, *_) in EDITS.items() for key in ("values", "policy", "evidence", "fields") if key in given}


@pytest.mark.parametrize("mutation", DOCUMENTS)
def test_no_document_breaks_an_edit(person, cast, draft, mutation):
    bkpsdm = person(cast.bkpsdm)
    for sent in HOSTILE:
        version = InstrumentVersion.get_by_id(draft).row_version
        given = EDITS[mutation][0] | {DOCUMENTS[mutation]: sent}
        kind = mutation[0].upper() + mutation[1:] + "Input"
        query = f"mutation($input: {kind}!) {{ {mutation}(input: $input) {{ userErrors {{ code path }} }} }}"
        answer = bkpsdm.post(query, input=given_for(draft, given, version))
        assert (answer.status_code, "INTERNAL" in answer.text) == (200, False), (sent, answer.text)
        InstrumentVersion.update(definition=builders.tiny_instrument()).execute()
