"""Uploads in pieces over HTTP, as the tus protocol 1.0 asks: what answers what, who may, and that a forged page cannot."""

import base64
import hashlib
from datetime import timedelta
from email.utils import parsedate_to_datetime

import pytest

from sipetruk.api import ids
from sipetruk.models import Evidence, Objection, Upload
from sipetruk.services import clock, settings, tokens
from tests.api.test_uploads import OWN, as_from_a_form
from tests.services import builders, objecting
from tests.services.builders import PDF

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
TUS = "/graphql/staff/uploads/tus"
V = {"Tus-Resumable": "1.0.0"}
SIZE = len(PDF)
PIECE = {"Content-Type": "application/offset+octet-stream"}


def metadata(**given):
    return ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in given.items())


@pytest.fixture
def number(cast):
    number = builders.drafted(cast, builders.open_round(cast))
    with builders.during_nomination():
        yield number


@pytest.fixture
def told(number):
    return metadata(nominationId=ids.encode("Nomination", number), requirement="proposal", filename="Usulan ü.pdf")


class Sender:
    """A page of somebody, or a program with a token."""

    def __init__(self, client, headers):
        self.client, self.headers = client, headers | V

    def begin(self, told, size=SIZE, **more):
        return self.client.post(TUS, headers=self.headers | {"Upload-Length": str(size), "Upload-Metadata": told} | more)

    def send(self, place, offset, content, **more):
        return self.client.patch(place, data=content, headers=self.headers | PIECE | {"Upload-Offset": str(offset)} | more)

    def look(self, place):
        return self.client.head(place, headers=self.headers)


@pytest.fixture
def page(app, sign_in):
    def page(who):
        client = sign_in(app.test_client(), who)
        return Sender(client, OWN | {"X-CSRFToken": as_from_a_form(app, client)})

    return page


def test_a_page_sends_a_file_in_pieces(page, cast, told, number):
    unit = page(cast.unit_admin)
    begun = unit.begin(told)
    place = begun.headers["Location"]
    assert (begun.status_code, begun.headers["SIPetruk-Piece"], begun.headers["Upload-Offset"]) == (201, str(512 * 1024), "0")
    assert parsedate_to_datetime(begun.headers["Upload-Expires"]) == clock.now() + timedelta(hours=24)
    sent = unit.send(place, 0, PDF[:5])
    assert (sent.status_code, sent.data, sent.headers["Upload-Offset"]) == (204, b"", "5")
    stands = unit.look(place)
    shown = [stands.headers[name] for name in ("Upload-Offset", "Upload-Length", "Upload-Metadata", "Cache-Control", "Tus-Resumable")]
    assert (stands.status_code, shown) == (200, ["5", str(len(PDF)), told, "no-store", "1.0.0"])
    checksum = base64.b64encode(hashlib.sha1(PDF[5:]).digest()).decode()  # noqa: S324  # the protocol's own
    sent = unit.send(place, 5, PDF[5:], **{"Upload-Checksum": f"sha1 {checksum}"})
    saved = Evidence.get()
    assert (sent.status_code, sent.headers["SIPetruk-Evidence"]) == (204, ids.encode("Evidence", saved.id))
    assert (saved.nomination_id, saved.filename) == (number, "Usulan ü.pdf")
    again = unit.look(place)
    assert (again.headers["Upload-Offset"], again.headers["SIPetruk-Evidence"]) == (str(len(PDF)), ids.encode("Evidence", saved.id))
    ended = unit.client.delete(place, headers=unit.headers)
    assert (ended.status_code, Evidence.select().count()) == (422, 1)


def test_the_server_says_what_it_can(client, engine):
    for place in (TUS, f"{TUS}/{'0' * 32}"):
        offer = client.options(place)
        shown = [offer.headers[name] for name in ("Tus-Version", "Tus-Extension", "Tus-Max-Size", "Tus-Checksum-Algorithm")]
        assert (offer.status_code, shown) == (
            204,
            ["1.0.0", "creation,expiration,checksum,termination", str(12 * 1024 * 1024), "sha1,sha256"],
        )


def test_what_is_no_request_of_the_protocol_is_refused_in_its_words(page, cast, told):
    unit = page(cast.unit_admin)
    place = unit.begin(told).headers["Location"]
    own = unit.headers
    without = {name: value for name, value in own.items() if name != "Tus-Resumable"}
    answers = [
        (unit.client.post(TUS, headers=without), 412),
        (unit.client.patch(place, headers=without | {"Tus-Resumable": "0.2.2"}), 412),
        (unit.client.post(TUS, headers=own), 400),
        (unit.client.post(TUS, headers=own | {"Upload-Length": "-1"}), 400),
        (unit.begin(told, **{"Upload-Metadata": "filename bukan-base64"}), 400),
        (unit.begin(told + ",filename YQ=="), 400),
        (unit.begin("x " + "YQ==" * 600), 400),
        (unit.begin(told, size=12 * 1024 * 1024 + 1), 413),
        (unit.begin(told, size=2 * 1024 * 1024), 422),
        (unit.begin(metadata(filename="a.pdf")), 404),
        (unit.begin(""), 404),
        (unit.client.patch(place, data=b"x", headers=own | PIECE), 400),
        (unit.client.patch(place, data=b"x", headers=own | {"Upload-Offset": "0", "Content-Type": "text/plain"}), 415),
        (unit.send(place, 3, b"x"), 409),
        (unit.send(place, 0, b"x", **{"Upload-Checksum": "md5 YQ=="}), 400),
        (unit.send(place, 0, b"x", **{"Upload-Checksum": "sha1 YQ=="}), 460),
        (unit.send(place, 0, PDF + b"x"), 422),
        (unit.client.post(place, headers=own), 405),
        (unit.client.post(place, headers=own | {"X-HTTP-Method-Override": "GET"}), 405),
    ]
    assert [answer.status_code for answer, _ in answers] == [status for _, status in answers]
    assert {answer.headers["Tus-Resumable"] for answer, _ in answers} == {"1.0.0"}
    assert all(answer.is_json and (answer.json.get("errors") or answer.json.get("userErrors")) for answer, _ in answers)
    assert (answers[0][0].headers["Tus-Version"], Evidence.select().count(), Upload.select().count()) == ("1.0.0", 0, 1)
    deleted = unit.client.post(place, headers=own | {"X-HTTP-Method-Override": "DELETE"})
    assert (deleted.status_code, unit.look(place).status_code, Upload.select().count()) == (204, 404, 0)


def test_what_is_no_evidence_is_told_as_by_the_ordinary_door(page, cast, told):
    unit = page(cast.unit_admin)
    place = unit.begin(told, size=4).headers["Location"]
    answer = unit.send(place, 0, b"MZ\x90\x00")
    (error,) = answer.json["userErrors"]
    assert (answer.status_code, answer.json["evidenceId"], error["path"], error["code"]) == (422, None, ["file"], "BAD_USER_INPUT")
    assert unit.look(place).status_code == 404


def test_another_s_upload_is_as_unknown_as_an_invented_one(page, cast, told):
    place = page(cast.unit_admin).begin(told).headers["Location"]
    stranger = page(cast.outsider)
    for act in (lambda where: stranger.send(where, 0, PDF), lambda where: stranger.client.delete(where, headers=stranger.headers)):
        theirs, invented = act(place), act(f"{TUS}/{'0' * 32}")
        assert (theirs.status_code, theirs.json) == (404, invented.json)
    assert {stranger.look(each).status_code for each in (place, f"{TUS}/x")} == {404}
    begun, nowhere = stranger.begin(told), stranger.begin(metadata(nominationId=ids.encode("Nomination", 999_999), filename="a"))
    assert (begun.status_code, begun.json) == (404, nowhere.json)
    assert page(cast.verifier).begin(told).status_code == 403
    assert (Upload.select().count(), Evidence.select().count()) == (1, 0)


def test_a_forged_page_and_nobody_begin_nothing(page, client, cast, told):
    unit = page(cast.unit_admin)
    place = unit.begin(told).headers["Location"]
    for headers in (OWN, unit.headers | {"Origin": "https://jahat.example"}):
        forged = Sender(unit.client, headers)
        assert {forged.begin(told).status_code, forged.send(place, 0, PDF).status_code} <= {400, 403}
        assert unit.client.delete(place, headers=headers | V).status_code in {400, 403}
    assert unit.client.head(place, headers=V).status_code == 403
    assert Sender(client, OWN).begin(told).status_code in {400, 401}
    assert (Upload.select().count(), unit.look(place).headers["Upload-Offset"]) == (1, "0")


def test_a_program_needs_the_scope(app, cast, told):
    def program(*scopes):
        made = tokens.create(cast.bkpsdm, name=scopes[0], purpose="Uji", owner_id=cast.unit_admin.user_id, scopes=scopes)
        return Sender(app.test_client(), {"Authorization": f"Bearer {made.secret}"})

    reader, writer = program("nominations:read"), program("nominations:write")
    assert reader.begin(told).status_code == 403
    place = writer.begin(told).headers["Location"]
    assert [answer.status_code for answer in (reader.look(place), reader.send(place, 0, PDF))] == [404, 404]
    assert reader.client.delete(place, headers=reader.headers).status_code == 404
    assert writer.send(place, 0, PDF).headers["SIPetruk-Evidence"] == ids.encode("Evidence", Evidence.get().id)
    assert Sender(app.test_client(), {"Authorization": "Bearer salah"}).look(place).status_code == 401


def test_the_limits_are_settings(page, cast, told):
    settings.change(cast.bkpsdm, key="upload_open", value="1", expected_version=0)
    settings.change(cast.bkpsdm, key="upload_hours", value="2", expected_version=0)
    settings.change(cast.bkpsdm, key="upload_piece_kb", value="64", expected_version=0)
    unit = page(cast.unit_admin)
    begun = unit.begin(told)
    assert begun.headers["SIPetruk-Piece"] == "65536"
    assert parsedate_to_datetime(begun.headers["Upload-Expires"]) == clock.now() + timedelta(hours=2)
    assert unit.begin(told).status_code == 429


def test_an_objection_takes_a_finished_upload(page, person, cast):
    _, (_, budi) = objecting.objection_stage(cast)
    nomination = ids.encode("Nomination", budi)
    given = {"nominationId": nomination, "reason": objecting.REASON}
    payload = "{ objection { fileName } userErrors { code path } }"
    with objecting.at(7):
        unit, sender = person(cast.unit_admin), page(cast.unit_admin)
        begun = sender.begin(metadata(purpose="objection", nominationId=nomination, filename="surat.pdf"))
        upload = begun.headers["SIPetruk-Upload"]
        assert unit.act("objectionFile", given | {"uploadId": upload}, payload)["userErrors"] == [
            {"code": "BAD_USER_INPUT", "path": ["uploadId"]}
        ]
        assert sender.send(begun.headers["Location"], 0, PDF).status_code == 204
        for wrong in ("bukan", ids.encode("Upload", "0" * 32), ids.encode("Evidence", 1)):
            assert unit.act("objectionFile", given | {"uploadId": wrong}, payload)["userErrors"] == [{"code": "NOT_FOUND", "path": []}]
        assert unit.act("objectionFile", given | {"uploadId": upload, "file": "YQ=="}, payload)["objection"] is None
        assert unit.act("objectionFile", given | {"uploadId": upload}, payload)["objection"] == {"fileName": "surat.pdf"}
    assert Objection.select().count() == 1
