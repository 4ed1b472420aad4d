"""Evidence up and down: who may, in which form, and that a forged page cannot."""

from __future__ import annotations

import io

import pytest
from itsdangerous import URLSafeTimedSerializer

from sipetruk.api import ids
from sipetruk.models import AuditEntry, Blob, Evidence, InstrumentVersion
from sipetruk.services import instruments
from tests.services import builders

OWN = {"Origin": "http://localhost"}
UPLOADS = "/graphql/staff/uploads"

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def number(cast):
    return builders.drafted(cast, builders.open_round(cast))


@pytest.fixture
def upload(app, sign_in, number):
    """Send a file as somebody; without the token of a form when `token` is False."""

    def upload(who, content=builders.PDF, *, requirement="proposal", name="usulan.pdf", headers=OWN, token=True, id_=None):
        browser = sign_in(app.test_client(), who)
        form = {"nominationId": id_ or ids.encode("Nomination", number), "requirement": requirement}
        if content is not None:
            form["file"] = (io.BytesIO(content), name)
        if token:
            form["csrf_token"] = as_from_a_form(app, browser)
        with builders.during_nomination():
            return browser.post(UPLOADS, data=form, content_type="multipart/form-data", headers=headers)

    return upload


def as_from_a_form(app, browser):
    """The token that a form of ours would carry."""
    with browser.session_transaction() as session:
        session["csrf_token"] = "a" * 40
    return URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token").dumps("a" * 40)


def test_a_file_is_attached_and_comes_back_as_an_attachment(upload, cast, app, sign_in):
    answer = upload(cast.unit_admin, name="usulan <b>.pdf")
    assert (answer.status_code, answer.json["userErrors"]) == (200, [])
    stored = Evidence.get()
    assert answer.json["evidenceId"] == ids.encode("Evidence", stored.id)
    file = sign_in(app.test_client(), cast.verifier).get(f"/bukti/{answer.json['evidenceId']}")
    assert (file.status_code, file.data, file.content_type) == (200, builders.PDF, "application/pdf")
    assert file.headers["Content-Disposition"].startswith("attachment; filename=")
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert file.headers["Content-Security-Policy"].startswith("sandbox;")
    assert file.headers["Cache-Control"] == "private, no-store"
    shown = sign_in(app.test_client(), cast.unit_admin).get(f"/bukti/{answer.json['evidenceId']}?tampil=1")
    assert shown.headers["Content-Disposition"].startswith("inline; filename=")
    assert shown.headers["Content-Security-Policy"].startswith("sandbox;")


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"content": b"<html><script>alert(1)</script>"}, ["file"]),
        ({"content": b""}, ["file"]),
        ({"content": None}, ["file"]),
        ({"content": builders.PNG}, ["file"]),
        ({"requirement": "skp"}, ["requirement"]),
        ({"requirement": "aneh"}, ["requirement"]),
    ],
)
def test_what_is_no_evidence_is_refused_and_not_kept(upload, cast, given, path):
    answer = upload(cast.unit_admin, **given)
    assert (answer.status_code, answer.json["evidenceId"]) == (200, None)
    assert [(error["path"], error["code"]) for error in answer.json["userErrors"]] == [(path, "BAD_USER_INPUT")]
    assert Evidence.select().count() == 0


def test_another_units_nomination_is_as_unknown_as_an_invented_one(upload, cast):
    theirs = upload(cast.outsider)
    invented = upload(cast.outsider, id_=ids.encode("Nomination", 999_999))
    nonsense = upload(cast.outsider, id_="bukan")
    assert theirs.json == invented.json == nonsense.json
    assert [error["code"] for error in theirs.json["userErrors"]] == ["NOT_FOUND"]
    assert Evidence.select().count() == 0


def test_a_role_that_may_not_attach_is_forbidden(upload, cast):
    answer = upload(cast.verifier)
    assert (answer.status_code, answer.json["errors"][0]["extensions"]["code"]) == (403, "FORBIDDEN")


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"token": False}, 400),
        ({"headers": {"Origin": "https://jahat.example"}}, 403),
        ({"headers": {"Sec-Fetch-Site": "cross-site"}}, 403),
        ({"headers": {}}, 403),
    ],
)
def test_a_forged_page_cannot_upload(upload, cast, given, status):
    answer = upload(cast.unit_admin, **given)
    assert (answer.status_code, answer.is_json) == (status, True)
    assert Evidence.select().count() == 0


def test_a_file_that_is_not_yours_is_not_there(upload, cast, app, sign_in, client):
    id_ = upload(cast.unit_admin).json["evidenceId"]
    stranger = sign_in(app.test_client(), cast.outsider)
    answers = [stranger.get(f"/bukti/{each}") for each in (id_, ids.encode("Evidence", 999_999), "bukan", ids.encode("Nomination", 1))]
    assert [answer.status_code for answer in answers] == [404] * 4
    assert client.get(f"/bukti/{id_}").status_code == 302


@pytest.fixture
def upload_form(app, sign_in, cast):
    """Send an empty form for the proposal of a draft as somebody."""
    draft = instruments.create(cast.bkpsdm, code="uji", name="Uji", definition=builders.tiny_instrument())

    def upload_form(who, content=builders.PDF, *, token=True, headers=OWN, **changes):
        browser = sign_in(app.test_client(), who)
        form = {"versionId": ids.encode("InstrumentVersion", draft), "requirement": "proposal", "expectedVersion": "1"} | changes
        if content is not None:
            form["file"] = (io.BytesIO(content), "contoh.pdf")
        if token:
            form["csrf_token"] = as_from_a_form(app, browser)
        return browser.post("/graphql/staff/templates", data=form, content_type="multipart/form-data", headers=headers)

    return upload_form


def test_an_empty_form_is_given_to_a_draft(upload_form, cast):
    answer = upload_form(cast.bkpsdm)
    assert answer.json == {"version": 2, "userErrors": []}
    template = InstrumentVersion.get().definition["evidence"][0]["template"]
    assert (template["name"], template["bytes"]) == ("contoh.pdf", len(builders.PDF))


@pytest.mark.parametrize(
    ("changes", "code", "path"),
    [
        ({"content": b"bukan berkas"}, "BAD_USER_INPUT", ["file"]),
        ({"content": None}, "BAD_USER_INPUT", ["file"]),
        ({"requirement": "lain"}, "NOT_FOUND", []),
        ({"versionId": "bukan"}, "NOT_FOUND", []),
        ({"expectedVersion": "7"}, "CONFLICT", ["expectedVersion"]),
        ({"expectedVersion": "satu"}, "BAD_USER_INPUT", ["expectedVersion"]),
    ],
)
def test_an_empty_form_that_cannot_be_taken_leaves_the_draft(upload_form, cast, changes, code, path):
    before = AuditEntry.select().count()
    answer = upload_form(cast.bkpsdm, **changes)
    (error,) = answer.json["userErrors"]
    assert (answer.json["version"], error["code"], error["path"]) == (None, code, path)
    assert (InstrumentVersion.get().row_version, AuditEntry.select().count(), Blob.select().count()) == (1, before, 0)


def test_nobody_else_gives_a_draft_a_form(upload_form, cast):
    for who in (cast.assessor, cast.unit_admin, cast.viewer):
        assert upload_form(who).status_code == 403
    assert upload_form(cast.bkpsdm, token=False).status_code == 400
    assert upload_form(cast.bkpsdm, headers={"Origin": "https://jahat.example"}).status_code == 403
    assert InstrumentVersion.get().row_version == 1
