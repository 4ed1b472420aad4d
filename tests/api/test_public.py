"""What anybody can read, asked over HTTP of the whole application: what was published, and nothing else."""

from __future__ import annotations

import json
import re

import pytest

from sipetruk.api import ids, operations
from sipetruk.api.stored import digest, documents
from sipetruk.models import Employee, InstrumentVersion
from sipetruk.services import results
from tests.services import builders
from tests.services.test_results import published

NIP = re.compile(r"[0-9]{8}[ .-]?[0-9]{6}[ .-]?[0-9][ .-]?[0-9]{3}")

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def ask(client):
    def ask(query, **variables):
        answer = client.post("/graphql", json={"query": query, "variables": variables})
        assert answer.status_code == 200
        assert "errors" not in answer.json, answer.json["errors"]
        return answer.json["data"]

    return ask


EVERYTHING = """
query Everything {
  periods(first: 5) { nodes {
    slug name year state stateLabel
    stages { stage label opensOn closesOn isOpen }
    categories { slug name description winnersMax quotaPerUnit isOpen requirements { label effect } instrument { code number title } }
    publication { policy units { code name nominations verified winners } }
  } totalCount }
  latestPublication {
    nominations verified
    winners { totalCount nodes {
      id slug name position unit { code name } category { slug name } rank citation innovationTitle decreeNumber decreeOn score
      components { code label score maximum }
    } }
  }
  winners { totalCount nodes { slug name } }
  unitStatistics(year: 2024) { code name nominations verified winners }
}
"""


def test_before_anything_is_published_there_is_nothing(ask, cast):
    builders.prepared_round(cast)
    found = ask(EVERYTHING)
    assert found == {
        "periods": {"nodes": [], "totalCount": 0},
        "latestPublication": None,
        "winners": {"totalCount": 0, "nodes": []},
        "unitStatistics": [],
    }


def test_published_winners_and_counts(ask, cast):
    published(cast)
    found = ask(EVERYTHING)
    assert [winner["name"] for winner in found["latestPublication"]["winners"]["nodes"]] == ["Siti Aminah", "Budi Santoso"]
    first = found["latestPublication"]["winners"]["nodes"][0]
    assert first == {
        "id": first["id"],
        "slug": "siti-aminah-2024",
        "name": "Siti Aminah",
        "position": "Pranata Komputer Ahli Muda",
        "unit": {"code": "dinkes", "name": "Dinas Kesehatan, Pengendalian Penduduk dan Keluarga Berencana"},
        "category": {"slug": "inovatif", "name": "ASN Inovatif"},
        "rank": 1,
        "citation": "Antrean tanpa kertas.",
        "innovationTitle": first["innovationTitle"],
        "decreeNumber": "188.45/1/Kum/2024",
        "decreeOn": "2024-11-07",
        "score": None,
        "components": None,
    }
    assert found["winners"]["totalCount"] == 2
    assert (found["latestPublication"]["nominations"], found["latestPublication"]["verified"]) == (3, 3)
    counts = [{**unit, "name": ""} for unit in found["unitStatistics"]]
    assert counts == [{"code": "dinkes", "name": "", "nominations": 3, "verified": 3, "winners": 2}]
    assert found["periods"]["nodes"][0]["state"] == "PUBLISHED"


def test_the_file_of_a_publication_is_where_the_contract_says(ask, client, cast):
    published(cast)
    address = ask("{ latestPublication { fileUrl } }")["latestPublication"]["fileUrl"]
    answer = client.get(address)
    assert (address, answer.status_code, answer.json["format"]) == ("/periode/2024/pengumuman.json", 200, "sipetruk-publication/1")


@pytest.mark.parametrize(
    ("policy", "score", "components"),
    [
        ("names", None, None),
        ("names_and_score", "100.00", None),
        ("names_and_breakdown", "100.00", [("inovasi", "60.00", "60"), ("rekam_jejak", "40.00", "40")]),
    ],
)
def test_scores_are_shown_as_far_as_the_policy_allows(ask, cast, policy, score, components):
    published(cast, policy)
    first = ask(EVERYTHING)["latestPublication"]["winners"]["nodes"][0]
    assert first["score"] == score
    shown = first["components"] and [(part["code"], part["score"], part["maximum"]) for part in first["components"]]
    assert shown == components


@pytest.mark.parametrize("policy", ["names", "names_and_score", "names_and_breakdown"])
def test_no_number_no_loser_no_secret_is_reachable(ask, cast, policy):
    round_, ids_, _ = published(cast, policy)
    version = InstrumentVersion.get_by_id(round_.version_id)
    texts = [json.dumps(ask(EVERYTHING), ensure_ascii=False)]
    variables = {"slug": "siti-aminah-2024", "code": version.instrument.code, "number": version.number, "first": 20}
    for name in documents("public").named:
        given = variables | ({"slug": "2024"} if name == "Period" else {})
        texts.append(json.dumps(operations.run("public", name, given), ensure_ascii=False))
    for global_id in (ids.encode("Nomination", ids_[2]), ids.encode("Employee", 1), ids.encode("User", 1), ids.encode("Ranking", 1)):
        assert ask("query($id: ID!) { node(id: $id) { id } }", id=global_id) == {"node": None}
    for text in texts:
        assert not NIP.search(text)
        assert "Wati Lestari" not in text
        for employee in Employee.select():
            assert employee.nip not in text
        for person in ("Siti Penilai", "Ahmad Kepala", "Sari Pengusul", "Yusuf Verifikator"):
            assert person not in text
    unpublished = "100.00" if policy == "names" else "90.50 "
    assert all(unpublished not in text for text in texts)


def test_the_criteria_behind_a_score_are_those_of_the_instrument(ask, cast):
    published(cast, policy="names_and_breakdown")
    query = "{ winners { nodes { components { code score criteria { code label maximum } } } } }"
    first, second = ask(query)["winners"]["nodes"]
    parts = [(part["code"], part["score"], [each["code"] for each in part["criteria"]]) for part in first["components"]]
    assert parts == [("inovasi", "60.00", ["gagasan", "dampak"]), ("rekam_jejak", "40.00", ["disiplin", "penghargaan"])]
    assert first["components"][0]["criteria"] == second["components"][0]["criteria"]


def test_a_certificate_is_checked_by_its_code(ask, client, cast, db):
    _, _, publication_id = published(cast)
    (code, name), (other, _) = (
        (each["checkCode"], each["name"]) for each in ask("{ winners { nodes { checkCode name } } }")["winners"]["nodes"]
    )
    query = "query($code: String!) { winnerByCode(code: $code) { name score checkCode } }"
    with builders.counted(db) as sent:
        assert ask(query, code=f" {code.lower().replace('-', '')} ") == {"winnerByCode": {"name": name, "score": None, "checkCode": code}}
    assert len([sql for sql in sent if '"published_winner"' in sql]) == 2
    assert other != code
    for nothing in ("", "x", "0000-0000-0000", "%", code[:-1]):
        assert ask(query, code=nothing) == {"winnerByCode": None}
    page = client.get("/pemenang/siti-aminah-2024")
    assert f'href="/piagam?kode={code}"' in page.text
    page = client.get("/piagam", query_string={"kode": code.lower()})
    assert (page.status_code, name in page.text, "Kode ini ada pada pengumuman." in page.text) == (200, True, True)
    for typed, status in (("", 200), ("zzz <b>", 404), ("\x00", 200)):
        page = client.get("/piagam", query_string={"kode": typed})
        assert (page.status_code, name in page.text, "zzz &lt;b&gt;" in page.text) == (status, False, status == 404)
    results.unpublish(cast.bkpsdm, publication_id=publication_id, note="Ada kekeliruan.")
    assert ask(query, code=code) == {"winnerByCode": None}
    assert client.get("/piagam", query_string={"kode": code}).status_code == 404


def test_searching_finds_winners_only(ask, cast):
    published(cast)
    query = "query($search: String!) { winners(search: $search) { totalCount } }"
    nip = Employee.get(Employee.name == "Siti Aminah").nip
    found = {word: ask(query, search=word)["winners"]["totalCount"] for word in ("Siti", "Wati Lestari", nip, "%", "_", "' OR 1=1", "")}
    assert found == {"Siti": 1, "Wati Lestari": 0, nip: 0, "%": 0, "_": 0, "' OR 1=1": 0, "": 2}


def test_winners_page_by_page(ask, cast):
    published(cast)
    query = "query($after: String) { winners(first: 1, after: $after) { nodes { slug } pageInfo { hasNextPage endCursor } } }"
    first = ask(query)["winners"]
    second = ask(query, after=first["pageInfo"]["endCursor"])["winners"]
    assert [page["nodes"][0]["slug"] for page in (first, second)] == ["siti-aminah-2024", "budi-santoso-2024"]
    assert (first["pageInfo"]["hasNextPage"], second["pageInfo"]["hasNextPage"]) == (True, False)


def test_everything_with_an_id_can_be_fetched_again(ask, cast):
    round_, _, _ = published(cast)
    version = InstrumentVersion.get_by_id(round_.version_id)
    found = ask(
        'query($code: String!) { latestPublication { id winners { nodes { id } } } period(slug: "2024") { id categories { id } }'
        " instrument(code: $code, number: 1) { id } }",
        code=version.instrument.code,
    )
    wanted = [
        found["latestPublication"]["id"],
        found["latestPublication"]["winners"]["nodes"][0]["id"],
        found["period"]["id"],
        found["period"]["categories"][0]["id"],
        found["instrument"]["id"],
    ]
    nodes = ask("query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }", ids=[*wanted, "nothing", wanted[0][:-1]])["nodes"]
    assert [node and node["__typename"] for node in nodes] == ["Publication", "Winner", "Period", "Category", "Instrument", None, None]
    assert [node["id"] for node in nodes[:5]] == wanted


def test_a_withdrawn_publication_is_gone(ask, cast):
    _, _, publication_id = published(cast)
    results.unpublish(cast.bkpsdm, publication_id=publication_id, note="Ada kekeliruan.")
    found = ask(EVERYTHING)
    assert (found["latestPublication"], found["winners"]["totalCount"], found["unitStatistics"]) == (None, 0, [])
    assert ask('{ winner(slug: "siti-aminah-2024") { slug } }') == {"winner": None}


def test_an_open_form_is_what_the_instrument_asks_for(ask, cast):
    builders.open_round(cast, quota_per_unit=2)
    with builders.during_nomination():
        (category,) = operations.run("public", "OpenForms")["openCategories"]
    assert (category["name"], category["winnersMax"], category["quotaPerUnit"], category["closesOn"]) == (
        "ASN Inovatif",
        1,
        2,
        "2024-10-15",
    )
    fields = [(field["code"], field["kind"], field["isRequired"]) for field in category["form"]["fields"]]
    assert fields == [("judul", "SHORT_TEXT", True), ("tingkat", "CHOICE", False), ("penghargaan", "TALLY", True)]
    wanted = [(each["code"], each["accept"], each["maxMegabytes"], each["maxFiles"]) for each in category["form"]["evidence"]]
    assert wanted == [("proposal", ["pdf"], 1, 2), ("foto", ["jpg", "png"], 1, 1), ("skp", ["pdf"], 1, 1)]
    with builders.standing_at(2024, 10, 16):
        assert operations.run("public", "OpenForms")["openCategories"] == []


def test_an_instrument_shows_weights_scales_and_levels(ask, cast):
    round_, _, _ = published(cast)
    version = InstrumentVersion.get_by_id(round_.version_id)
    found = operations.run("public", "Instrument", {"code": version.instrument.code, "number": 1})["instrument"]
    assert found["sha256"] == version.sha256
    inovasi, rekam_jejak = found["components"]
    assert (inovasi["maximum"], rekam_jejak["maximum"]) == ("60", "40")
    assert [(level["label"], level["points"]) for level in inovasi["criteria"][1]["scale"]["levels"]] == [
        ("Tidak ada", "0"),
        ("Terbatas", "10"),
        ("Luas", "20"),
    ]
    assert operations.run("public", "Instrument", {"code": version.instrument.code, "number": 2}) == {"instrument": None}


def test_a_draft_instrument_is_not_public(ask, cast):
    builders.prepared_round(cast)
    code = InstrumentVersion.select().first().instrument.code
    assert ask("query($code: String!) { instrument(code: $code, number: 1) { id } }", code=code) == {"instrument": None}


def test_the_tag_moves_with_what_is_public(client, cast):
    address = f"/graphql?documentId=sha256:{digest(documents('public').named['Home'])}"
    empty = client.get(address)
    assert (empty.status_code, empty.json["data"]["latestPublication"]) == (200, None)
    _, _, publication_id = published(cast)
    full = client.get(address, headers={"If-None-Match": empty.headers["ETag"]})
    assert (full.status_code, len(full.json["data"]["latestPublication"]["winners"]["nodes"])) == (200, 2)
    assert client.get(address, headers={"If-None-Match": full.headers["ETag"]}).status_code == 304
    results.unpublish(cast.bkpsdm, publication_id=publication_id, note="Ada kekeliruan.")
    gone = client.get(address, headers={"If-None-Match": full.headers["ETag"]})
    assert (gone.status_code, gone.json["data"]["latestPublication"]) == (200, None)


def test_a_public_answer_sets_no_cookie_for_who_is_signed_in(client, sign_in, cast):
    sign_in(client, cast.bkpsdm)
    answer = client.get("/graphql?query={latestPublication{id}}")
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers["Vary"]


@pytest.mark.parametrize("more", [0, 5])
def test_more_rows_cost_no_more_statements(ask, cast, db, more):
    published(cast, marks=(builders.FULL_MARKS,), winners=1)
    for number in range(more):
        builders.open_round(cast, slug=f"lain-{number}")
    with builders.counted(db) as sent:
        assert ask(EVERYTHING)["periods"]["totalCount"] == 1 + more
    read = [sql for sql in sent if sql.startswith("SELECT") and "pg_current_snapshot" not in sql]
    assert len(read) == 2 + 7, "the revision, until when it holds, and what is shown"
    assert [sql for sql in sent if '"file"' in sql] == [], "the large file of a publication is read only to be handed out"


@pytest.mark.parametrize(
    "address", ["/periode/%00", "/pemenang/a%00", "/instrumen/%00/1", "/instrumen/%00/1/contoh/x", "/periode/%00/pengumuman.json"]
)
def test_an_address_with_a_nul_is_no_page(app, db, address):
    assert app.test_client().get(address).status_code == 404
