"""Tokens over HTTP: what a program with one may do, what it may not, and what it leaves behind."""

from __future__ import annotations

import logging
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from graphql import get_named_type, is_leaf_type, is_required_argument

from sipetruk.api.operations import ENGINES
from sipetruk.api.setup import RATE
from sipetruk.models import ApiToken, Attendance, AuditEntry, Employee, Membership, Notification, User
from sipetruk.queries.telling import in_words
from sipetruk.rules.notices import Notice
from sipetruk.rules.permissions import Role
from sipetruk.rules.scopes import Scope
from sipetruk.services import clock, notifications, tokens, users
from sipetruk.services.transaction import transaction
from tests.api.person import gid
from tests.services import builders

MADE = "{ token { id name ending state scopes owner expiresOn } secret userErrors { message path code } }"
ENDED = "{ token { state revokedBy reason } userErrors { path code } }"
VIEWER = "{ viewer { username roles { role } worklist { label } } }"
UNITS = "{ workUnits { nodes { code } } }"


@pytest.fixture
def token(db, cast):
    """token(owner, scopes): the secret of a new token."""

    def make(owner, *scopes, name="SILKa", **more):
        made = tokens.create(cast.bkpsdm, name=name, purpose="Uji", owner_id=owner.user_id, scopes=scopes, **more)
        return made.secret

    return make


@pytest.fixture
def program(app):
    """program(secret, query): what a program gets that sends this token."""

    def post(secret, query, **variables):
        headers = {"Authorization": f"Bearer {secret}"}
        return app.test_client().post("/graphql/staff", json={"query": query, "variables": variables}, headers=headers)

    return post


def codes(answer):
    return [each["extensions"]["code"] for each in answer.json["errors"]]


def test_made_listed_used_and_revoked(person, cast, program):
    me = person(cast.bkpsdm)
    given = {"name": "SILKa", "purpose": "Kehadiran", "ownerId": gid("User", cast.viewer.user_id), "scopes": ["UNITS_READ"]}
    made = me.act("tokenCreate", given | {"idempotencyKey": "k"}, MADE)
    secret = made["secret"]
    assert (len(secret), secret[:4], made["token"]["ending"]) == (47, "spk_", secret[-4:])
    assert made["token"]["expiresOn"] == (clock.today() + timedelta(days=90)).isoformat()
    again = me.act("tokenCreate", given | {"idempotencyKey": "k"}, MADE)
    assert (again["secret"], again["token"]["id"], again["userErrors"]) == (None, made["token"]["id"], [])
    assert program(secret, UNITS).json["data"]["workUnits"]["nodes"] == [{"code": "dinkes"}, {"code": "dishub"}]
    listed = me.ask("{ tokens { nodes { name state scopes lastUsedAt createdBy } } }")["tokens"]["nodes"]
    assert [(each["name"], each["state"], each["scopes"], each["createdBy"]) for each in listed] == [
        ("SILKa", "ACTIVE", ["UNITS_READ"], "Rina Admin")
    ]
    assert listed[0]["lastUsedAt"] is not None
    ended = me.act("tokenRevoke", {"tokenId": made["token"]["id"], "reason": "Bocor"}, ENDED)
    assert ended == {"token": {"state": "REVOKED", "revokedBy": "Rina Admin", "reason": "Bocor"}, "userErrors": []}
    assert me.act("tokenRevoke", {"tokenId": made["token"]["id"], "reason": "Lagi"}, ENDED)["userErrors"] == [
        {"path": [], "code": "CONFLICT"}
    ]
    assert program(secret, UNITS).status_code == 401
    assert all(secret not in f"{entry.before} {entry.after}" for entry in AuditEntry.select())
    assert [entry.action for entry in AuditEntry.select().where(AuditEntry.thing == "api_token")] == ["token:create", "token:revoke"]


def test_only_administrators_manage_tokens(person, cast):
    for who in (cast.viewer, cast.unit_admin, cast.verifier):
        assert person(who).code("{ tokens { nodes { name } } }") == "FORBIDDEN"
    given = {"name": "x", "purpose": "x", "ownerId": gid("User", cast.viewer.user_id), "scopes": ["UNITS_READ"]}
    query = "mutation($input: TokenCreateInput!) { tokenCreate(input: $input) { secret } }"
    assert person(cast.viewer).code(query, input=given) == "FORBIDDEN"
    assert ApiToken.select().count() == 0


def test_no_token_manages_tokens_users_or_settings(cast, token, program):
    secret = token(cast.bkpsdm, *Scope)
    for query in ("{ tokens { nodes { name } } }", "{ users { nodes { name } } }", "{ settings { key } }"):
        assert codes(program(secret, query)) == ["FORBIDDEN"]


def test_a_token_is_the_owner_within_its_scopes(cast, token, program):
    secret = token(cast.bkpsdm, Scope.UNITS_READ)
    assert program(secret, UNITS).status_code == 200
    for query in ("{ auditEntries { totalCount } }", "{ openCategories { id } }", "{ employees { totalCount } }"):
        answer = program(secret, query)
        assert answer.json.get("data") in (None, {"openCategories": []}, {"employees": {"totalCount": 0}})
    assert program(secret, "{ nominations { totalCount } }").json["data"] == {"nominations": {"totalCount": 0}}


def test_the_same_answer_for_wrong_expired_revoked_and_orphaned(cast, token, program, app):
    today = clock.today()
    expired = token(cast.viewer, Scope.UNITS_READ, name="a", expires_on=today)
    ApiToken.update(expires_on=today - timedelta(days=1)).where(ApiToken.name == "a").execute()
    revoked = token(cast.viewer, Scope.UNITS_READ, name="b")
    tokens.revoke(cast.bkpsdm, token_id=ApiToken.get(name="b").id, reason="Uji")
    orphaned = token(cast.verifier, Scope.UNITS_READ, name="c")
    users.set_active(cast.bkpsdm, user_id=cast.verifier.user_id, is_active=False, expected_version=1)
    answers = []
    for secret in (expired, revoked, orphaned, "spk_" + "x" * 43, "x", "", "spk_" + "é" * 43):
        answer = app.test_client().post(
            "/graphql/staff", json={"query": UNITS}, headers={"Authorization": f"Bearer {secret}".encode().decode("latin-1")}
        )
        (error,) = answer.json["errors"]
        del error["extensions"]["requestId"]
        answers.append((answer.status_code, answer.headers["WWW-Authenticate"], error))
    assert len(answers) == 7
    assert answers == [answers[0]] * 7
    assert (answers[0][0], answers[0][2]["extensions"]) == (401, {"code": "UNAUTHENTICATED"})


@pytest.mark.parametrize(
    ("moment", "status"),
    [(datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC), 200), (datetime(2026, 12, 31, 16, 0, 0, tzinfo=UTC), 401)],
)
def test_the_last_day_counts_until_midnight_in_wita(cast, token, program, moment, status):
    with clock.standing_at(datetime(2026, 11, 1, tzinfo=UTC)):
        secret = token(cast.viewer, Scope.UNITS_READ, expires_on=date(2026, 12, 31))
    with clock.standing_at(moment):
        assert program(secret, UNITS).status_code == status


def test_what_it_does_is_recorded_under_its_name(cast, token, program):
    secret = token(cast.bkpsdm, Scope.ANNOUNCEMENTS_WRITE, name="Portal Balangan")
    query = "mutation($input: AnnouncementCreateInput!) { announcementCreate(input: $input) { userErrors { message } } }"
    answer = program(secret, query, input={"slug": "jadwal", "title": "Jadwal", "body": "Menyusul."})
    assert answer.json["data"] == {"announcementCreate": {"userErrors": []}}
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).first()
    assert (entry.action, entry.actor, entry.face, entry.actor_id) == ("announcement:edit", "token:Portal Balangan", "token", 1)
    (told,) = in_words([entry])
    assert (told.who, told.face) == ("Rina Admin (token:Portal Balangan)", "Token API")


def test_files_are_taken_from_a_program_without_the_token_of_a_form(cast, token, app):
    nip = Employee.get_by_id(builders.employee(cast.unit_id, "Kartika Sari")).nip

    def sent(scope):
        secret = token(cast.bkpsdm, scope, name=str(scope))
        file = {"kind": "attendance", "file": (BytesIO(f"nip,tahun,bulan,realisasi\n{nip},2024,5,98\n".encode()), "hadir.csv")}
        return app.test_client().post("/graphql/staff/imports", data=file, headers={"Authorization": f"Bearer {secret}"})

    refused = sent(Scope.UNITS_READ)
    assert (refused.status_code, codes(refused), Attendance.select().count()) == (403, ["FORBIDDEN"], 0)
    answer = sent(Scope.ATTENDANCE_IMPORT)
    assert (answer.status_code, answer.json["userErrors"]) == (200, [])
    assert answer.json["saved"]["added"] == 1
    assert AuditEntry.select().order_by(AuditEntry.id.desc()).first().actor == "token:attendance:import"


def test_uploads_ask_a_browser_for_the_token_of_its_form_still(app, sign_in, cast, token):
    client = sign_in(app.test_client(), cast.bkpsdm)
    for path in ("uploads", "templates", "imports", "decrees"):
        answer = client.post(f"/graphql/staff/{path}", data={}, headers={"Origin": "http://localhost"})
        assert (path, answer.status_code, answer.json["errors"][0]["extensions"]["code"]) == (path, 400, "BAD_REQUEST")
    wrong = client.post("/graphql/staff/imports", data={}, headers={"Authorization": "Bearer spk_x"})
    tus = {"Tus-Resumable": "1.0.0"}
    doors = ("uploads", "uploads/tus", "templates", "imports", "decrees")
    nobody = [app.test_client().post(f"/graphql/staff/{door}", headers=tus) for door in doors]
    assert [(each.status_code, codes(each)) for each in (wrong, *nobody)] == [(401, ["UNAUTHENTICATED"])] * 6


def test_a_token_has_no_account_sheets_or_notifications(cast, token, program):
    with transaction():
        notifications.tell([cast.assessor.user_id], Notice.ACCOUNT_PASSWORD, thing="account", thing_id=cast.assessor.user_id)
    secret = token(cast.assessor, *Scope)
    assert program(secret, "{ unreadCount sheets { totalCount } notifications { totalCount } }").json["data"] == {
        "unreadCount": 0,
        "sheets": {"totalCount": 0},
        "notifications": {"totalCount": 0},
    }
    assert program(secret, VIEWER).json["data"]["viewer"] == {"username": "token:SILKa", "roles": [{"role": "ASSESSOR"}], "worklist": []}
    assert codes(program(secret, "{ account { username } }")) == ["UNAUTHENTICATED"]
    program(secret, "mutation { notificationsMarkAllRead(input: {}) { userErrors { code } } }")
    assert Notification.select().where(Notification.read_at.is_null()).count() == 1
    before = User.get_by_id(cast.assessor.user_id).session_epoch
    program(secret, "mutation { ownSessionsEnd { userErrors { code } } }")
    assert User.get_by_id(cast.assessor.user_id).session_epoch == before


def test_it_loses_what_its_owner_loses(cast, token, program):
    secret = token(cast.viewer, Scope.AUDIT_READ)
    query = "{ auditEntries { totalCount } }"
    assert program(secret, query).json["data"]["auditEntries"]["totalCount"] > 0
    Membership.update(role=Role.VERIFIER).where(Membership.user == cast.viewer.user_id).execute()
    assert codes(program(secret, query)) == ["FORBIDDEN"] or program(secret, query).json["data"]["auditEntries"]["totalCount"] == 0


def test_cookies_beside_a_token_count_for_nothing(app, sign_in, cast, token):
    client = sign_in(app.test_client(), cast.bkpsdm)
    secret = token(cast.viewer, Scope.UNITS_READ)
    answer = client.post(
        "/graphql/staff", json={"query": VIEWER}, headers={"Authorization": f"Bearer {secret}", "Origin": "http://evil.example"}
    )
    assert answer.json["data"]["viewer"]["username"] == "token:SILKa"
    assert "Set-Cookie" not in answer.headers


def test_a_token_in_an_address_is_refused_and_never_logged(app, cast, token, program, caplog):
    secret = token(cast.viewer, Scope.UNITS_READ)
    with caplog.at_level(logging.DEBUG):
        for path in (
            f"/graphql/staff?access_token={secret}",
            f"/graphql?query={{hello}}&t={secret}",
            f"/graphql/staff?t=%73{secret[1:]}",
            "/graphql/staff?access_token=",
        ):
            answer = app.test_client().post(path, json={"query": UNITS}, headers={"Authorization": f"Bearer {secret}"})
            assert (answer.status_code, codes(answer), secret in answer.text) == (400, ["BAD_REQUEST"], False)
        assert program(secret, UNITS).status_code == 200
        assert program(secret[:-1] + "!", UNITS).status_code == 401
    assert secret not in caplog.text


def test_its_use_is_noted_at_most_once_a_minute_and_without_a_write_before_the_answer(cast, token, program):
    secret = token(cast.viewer, Scope.UNITS_READ)
    seen = []
    for second in (0, 59, 60):
        with clock.standing_at(datetime(2026, 11, 28, 1, 0, tzinfo=UTC) + timedelta(seconds=second)):
            program(secret, UNITS)
        seen.append(ApiToken.get().last_used_at.second + 60 * ApiToken.get().last_used_at.minute)
    assert seen == [0, 0, 60]


def test_each_token_has_a_bucket_of_its_own_and_refused_ones_count_for_the_address(cast, token, app, program, monkeypatch):
    monkeypatch.setattr(app.extensions[RATE], "limit", 20)
    first, second = token(cast.viewer, Scope.UNITS_READ), token(cast.viewer, Scope.UNITS_READ, name="Dua")
    query = "{ __typename }"
    assert [program(first, query).status_code for _ in range(3)] == [200, 200, 429]
    assert program(second, query).status_code == 200
    assert [program("spk_x", query).status_code for _ in range(3)] == [401, 401, 429]
    limited = program(first, query)
    assert (int(limited.headers["Retry-After"]) > 0, limited.headers["RateLimit-Limit"], codes(limited)) == (True, "20", ["RATE_LIMITED"])


def test_files_are_opened_with_a_token_too(cast, token, app):
    client = app.test_client()

    def get(secret, query=""):
        return client.get(f"/bukti/{gid('Evidence', 1)}{query}", headers={"Authorization": f"Bearer {secret}"}).status_code

    secret = token(cast.unit_admin, Scope.NOMINATIONS_READ)
    assert [get(secret), get("spk_x"), get(secret, f"?t={secret}")] == [404, 401, 400]


def test_a_scope_opens_nothing_else(cast, token, program):
    """Every question of the schema that needs no argument, asked by a token of an administrator with another scope."""
    secret, answers = token(cast.bkpsdm, Scope.ANNOUNCEMENTS_READ), {}
    for name, field in ENGINES["staff"].schema.query_type.fields.items():
        if any(is_required_argument(argument) for argument in field.args.values()):
            continue
        kind = get_named_type(field.type)
        inner = "" if is_leaf_type(kind) else "{ totalCount }" if "totalCount" in kind.fields else "{ __typename }"
        answer = program(secret, f"{{ {name} {inner} }}")
        answers[name] = codes(answer)[0] if "errors" in answer.json else answer.json["data"][name]
    refused = {"FORBIDDEN", "UNAUTHENTICATED"}
    assert {name: said for name, said in answers.items() if str(said) not in refused and said not in (0, [], {"totalCount": 0})} == {
        "viewer": {"__typename": "Viewer"}
    }
