"""No file without a right to its nomination: every door for every role, and nothing that leaves can harm who opens it."""

from __future__ import annotations

import io

import pytest

from sipetruk.api import ids
from sipetruk.models import Evidence, Nomination
from sipetruk.services import nominations
from tests.api.test_uploads import OWN, UPLOADS, as_from_a_form
from tests.services import builders
from tests.services.builders import PDF, version_of

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

READERS = ("bkpsdm", "verifier", "viewer", "unit_admin", "unit_head", "assessor", "assessor2")
STRANGERS = ("outsider", "assessor3")
QUERY = """query($id: ID!) { nomination(id: $id) { evidence { filename url sha: mediaType } } }"""
REMOVE = """mutation($id: ID!) { evidenceRemove(input: {evidenceId: $id}) { nomination { id } userErrors { code } } }"""


@pytest.fixture
def held(cast):
    """A nomination under assessment, of the first unit, on the sheets of two of the three assessors: its file."""
    _, (nomination_id,) = builders.assessing(cast, "Budi Santoso")
    return Evidence.get(nomination=nomination_id)


@pytest.fixture
def browser(app, sign_in):
    made = {}

    def browser(who):
        if who.username not in made:
            made[who.username] = sign_in(app.test_client(), who)
        return made[who.username]

    return browser


def ask(app, client, document, **variables):
    token = as_from_a_form(app, client)
    headers = OWN | {"X-CSRFToken": token}
    return client.post("/graphql/staff", json={"query": document, "variables": variables}, headers=headers).json


@pytest.mark.parametrize("who", READERS)
def test_who_may_see_the_nomination_gets_its_file_harmlessly(browser, cast, held, who):
    address = f"/bukti/{ids.encode('Evidence', held.id)}"
    for wanted, disposition in (("", "attachment"), ("?tampil=1", "inline"), ("?tampil=2", "attachment")):
        file = browser(getattr(cast, who)).get(address + wanted)
        assert (file.status_code, file.data, file.content_type) == (200, PDF, "application/pdf")
        assert file.headers["Content-Disposition"].split(";")[0] == disposition
        assert file.headers["X-Content-Type-Options"] == "nosniff"
        assert file.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
        assert file.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("who", STRANGERS)
def test_no_door_opens_to_who_has_no_right_to_the_nomination(app, browser, cast, held, who):
    client = browser(getattr(cast, who))
    evidence_id, nomination_id = ids.encode("Evidence", held.id), ids.encode("Nomination", held.nomination_id)
    other = ids.encode("Evidence", 999_999)
    assert {client.get(f"/bukti/{each}{more}").status_code for each in (evidence_id, other) for more in ("", "?tampil=1")} == {404}
    pages = [f"/usulan/{nomination_id}{part}" for part in ("", "/bukti", "/isian", "/jawaban", "/contoh/proposal")]
    pages += [f"/admin/verifikasi/{held.nomination_id}/", f"/admin/penilaian/{held.nomination_id}/"]
    assert {client.get(page).status_code for page in pages} <= {403, 404}
    assert ask(app, client, QUERY, id=nomination_id)["data"] == {"nomination": None}
    with builders.during_nomination():
        sent = client.post(
            UPLOADS,
            data={
                "nominationId": nomination_id,
                "requirement": "proposal",
                "csrf_token": as_from_a_form(app, client),
                "file": (io.BytesIO(PDF + b"lain"), "a.pdf"),
            },
            headers=OWN,
        )
        removed = ask(app, client, REMOVE, id=evidence_id)
    assert "evidenceId" not in sent.json or sent.json["evidenceId"] is None
    assert (removed.get("data") or {}).get("evidenceRemove", {"nomination": None})["nomination"] is None
    assert [row.id for row in Evidence.select()] == [held.id]


def test_no_door_opens_to_who_is_not_signed_in(app, client, held):
    evidence_id, nomination_id = ids.encode("Evidence", held.id), ids.encode("Nomination", held.nomination_id)
    pages = [f"/bukti/{evidence_id}", f"/usulan/{nomination_id}/bukti", f"/admin/verifikasi/{held.nomination_id}/"]
    assert {client.get(page).status_code for page in pages} <= {302, 401}
    assert client.post("/graphql/staff", json={"query": QUERY, "variables": {"id": nomination_id}}, headers=OWN).status_code == 401
    assert client.post("/graphql", json={"query": "{ nomination(id: 1) { id } }"}).json.get("data") is None
    assert client.post(UPLOADS, data={"file": (io.BytesIO(PDF), "a.pdf")}, headers=OWN).status_code in {400, 401, 403}


def test_the_store_itself_is_served_nowhere(client, browser, cast, held, data_dir):
    sha256 = held.blob_id
    places = [
        f"/static/../evidence/{sha256}",
        f"/evidence/{sha256[:2]}/{sha256[2:4]}/{sha256}",
        f"/bukti/{sha256}",
        "/static/%2e%2e/evidence/",
    ]
    places += [f"/bukti/..%2f..%2fevidence%2f{sha256}", f"/bukti/{ids.encode('Nomination', held.nomination_id)}", f"/bukti/{held.id}"]
    for who in (client, browser(cast.bkpsdm)):
        assert {who.get(place).status_code for place in places} <= {302, 308, 401, 404}
        assert all(who.get(place).data != PDF for place in places)


@pytest.mark.parametrize("who", ["unit_head", "bkpsdm", "verifier", "viewer", "assessor"])
def test_who_reads_a_file_may_neither_replace_nor_remove_it(app, browser, cast, held, who):
    client = browser(getattr(cast, who))
    with builders.during_nomination():
        answer = ask(app, client, REMOVE, id=ids.encode("Evidence", held.id))
    assert (answer["data"]["evidenceRemove"] if answer.get("data") else None) is None
    assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    assert [row.id for row in Evidence.select()] == [held.id]


def test_a_right_that_ends_closes_the_door(browser, cast, held):
    """The file of a withdrawn nomination stays with its unit; one that moved to another nomination moves with it."""
    address = f"/bukti/{ids.encode('Evidence', held.id)}"
    client = browser(cast.unit_admin)
    with builders.standing_at(2024, 10, 25):
        nominations.withdraw(
            cast.unit_admin, nomination_id=held.nomination_id, reason="Pindah.", expected_version=version_of(held.nomination_id)
        )
        assert client.get(address).status_code == 200
        Nomination.update(work_unit=cast.other_unit_id).execute()
        assert (client.get(address).status_code, browser(cast.outsider).get(address).status_code) == (404, 200)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "attachment; filename=passwd.pdf"),
        ('x"; filename="y.html', "attachment; filename*=UTF-8''x_%3B%20filename%3D_y.html.pdf"),
        ("baris\r\nX-Jahat: 1.pdf", None),
        ("bukti 🏆 dampak.pdf", None),
    ],
)
def test_a_name_commands_no_header(app, browser, cast, name, shown):
    nomination_id = builders.drafted(cast, builders.open_round(cast))
    with builders.during_nomination():
        evidence_id = builders.attach(cast.unit_admin, nomination_id, filename=name)
    file = browser(cast.unit_admin).get(f"/bukti/{ids.encode('Evidence', evidence_id)}")
    disposition = file.headers["Content-Disposition"]
    assert (file.status_code, disposition.split(";")[0], "X-Jahat" in file.headers) == (200, "attachment", False)
    assert not set(disposition) & set("\r\n\x00")
    if shown and "UTF-8" not in shown:
        assert disposition == shown


@pytest.mark.parametrize("door", ["page", "form", "api"])
def test_a_hundred_megabytes_are_refused_with_a_message_that_says_so(app, browser, cast, door):
    nomination_id = ids.encode("Nomination", builders.drafted(cast, builders.open_round(cast)))
    client = browser(cast.unit_admin)
    address = {"page": f"/usulan/{nomination_id}/bukti", "form": f"/usulan/{nomination_id}/isian", "api": UPLOADS}[door]

    class Hundred:
        """A body that is never read: its length alone is enough."""

        def read(self, *_):
            raise AssertionError("the body was read")

        readline = readinto = read

        def close(self):
            """As the test client asks of a body."""

    sent = {"CONTENT_LENGTH": str(100 * 1024 * 1024), "wsgi.input": Hundred()}
    with builders.during_nomination():
        answer = client.post(address, content_type="multipart/form-data; boundary=batas", headers=OWN, environ_overrides=sent)
    assert answer.status_code == 413
    assert ("melebihi batas 12 MB" in answer.text, Evidence.select().count()) == (True, 0)
