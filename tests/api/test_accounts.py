"""Users and one's own account through the staff schema: the same services, the same refusals."""

import pyotp
import pytest

from sipetruk.models import AuditEntry, ExternalIdentity, Membership, User
from sipetruk.services import clock, identities, passwords, second_factor
from tests.api.person import gid

USER = (
    "{ user { id username name phone email isActive hasSecondFactor isLinked hasGivenPassword version roles { role unit { id } } }"
    " userErrors { path code } }"
)
ACCOUNT = (
    "{ account { name phone secondFactorConfirmedAt recoveryCodesLeft singleSignOnLinkedAt version } userErrors { message path code } }"
)
CODES = "{ codes account { recoveryCodesLeft } userErrors { path code } }"
ONE_ENGINE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def row(number):
    return User.get_by_id(number)


def test_bkpsdm_keeps_users(person, cast):
    bkpsdm = person(cast.bkpsdm)
    unit = gid("WorkUnit", cast.unit_id)
    given = {
        "username": "baru",
        "name": "Baru",
        "password": "kata-sandi-baru",
        "phone": "0812-3456-7890",
        "grants": [{"role": "OPD_ADMIN", "unitId": unit}, {"role": "VIEWER"}],
    }
    made = bkpsdm.act("userCreate", given, USER)
    user = made["user"]
    assert user == {
        "id": user["id"], "username": "baru", "name": "Baru", "phone": "6281234567890", "email": None, "isActive": True,
        "hasSecondFactor": False, "isLinked": False, "hasGivenPassword": True, "version": 1,
        "roles": [{"role": "OPD_ADMIN", "unit": {"id": unit}}, {"role": "VIEWER", "unit": None}],
    }  # fmt: skip
    number = User.get(User.username == "baru").id
    other = {"username": "lain", "name": "Lain", "password": "kata-sandi-baru", "idempotencyKey": "k1"}
    assert [bkpsdm.act("userCreate", other, USER)["user"]["username"] for _ in range(2)] == ["lain", "lain"]

    changed = bkpsdm.act("userUpdate", {"userId": user["id"], "name": "Lama", "email": "a@b.id", "expectedVersion": 1}, USER)["user"]
    assert (changed["name"], changed["phone"], changed["email"], changed["version"]) == ("Lama", None, "a@b.id", 2)
    roles = bkpsdm.act("userGrantsSet", {"userId": user["id"], "grants": [{"role": "ASSESSOR"}], "expectedVersion": 2}, USER)["user"][
        "roles"
    ]
    assert roles == [{"role": "ASSESSOR", "unit": None}]
    bkpsdm.act("userPasswordSet", {"userId": user["id"], "password": "sandi-kedua-kalinya"}, USER)
    assert passwords.matches(row(number).password_hash, "sandi-kedua-kalinya")
    closed = bkpsdm.act("userActiveSet", {"userId": user["id"], "isActive": False, "expectedVersion": 4}, USER)["user"]
    assert (closed["isActive"], row(number).session_epoch) == (False, 3)
    bkpsdm.act("userSessionsEnd", {"userId": user["id"]}, USER)
    assert row(number).session_epoch == 4
    assert {entry.face for entry in AuditEntry.select().where(AuditEntry.thing_id == str(number))} == {"api"}
    assert "kata-sandi" not in str(list(AuditEntry.select().dicts()))


@pytest.mark.parametrize(
    ("act", "given", "errors"),
    [
        ("userCreate", {"username": "bkpsdm", "name": "B", "password": "kata-sandi-baru"}, [(["username"], "CONFLICT")]),
        ("userCreate", {"username": "B b", "name": "", "password": "kata-sandi-baru", "phone": "1", "email": "x"},
         [(["username"], "BAD_USER_INPUT"), (["name"], "BAD_USER_INPUT"), (["phone"], "BAD_USER_INPUT"), (["email"], "BAD_USER_INPUT")]),
        ("userCreate", {"username": "baru", "name": "B", "password": "pendek"}, [(["password"], "BAD_USER_INPUT")]),
        ("userUpdate", {"userId": gid("User", 4711), "name": "B", "expectedVersion": 1}, [([], "NOT_FOUND")]),
        ("userUpdate", {"userId": gid("Period", 1), "name": "B", "expectedVersion": 1}, [([], "NOT_FOUND")]),
        ("userUpdate", {"userId": gid("User", 2), "name": "B", "expectedVersion": 9}, [(["expectedVersion"], "CONFLICT")]),
        ("userGrantsSet", {"userId": gid("User", 2), "grants": [{"role": "OPD_ADMIN"}], "expectedVersion": 1},
         [(["grants"], "BAD_USER_INPUT")]),
        ("userActiveSet", {"userId": gid("User", 1), "isActive": False, "expectedVersion": 1}, [(["isActive"], "BAD_USER_INPUT")]),
        ("userSecondFactorReset", {"userId": gid("User", 2), "reason": " "}, [(["reason"], "BAD_USER_INPUT")]),
        ("userSecondFactorReset", {"userId": gid("User", 2), "reason": "hilang"}, [([], "BAD_USER_INPUT")]),
        ("userIdentityRemove", {"userId": gid("User", 2), "reason": "salah"}, [([], "BAD_USER_INPUT")]),
    ],
)  # fmt: skip
@ONE_ENGINE
def test_what_is_refused_changes_nothing(person, cast, act, given, errors):
    before = (list(User.select().dicts()), list(Membership.select().dicts()), AuditEntry.select().count())
    payload = person(cast.bkpsdm).act(act, given, USER)
    assert (payload["user"], [(each["path"], each["code"]) for each in payload["userErrors"]]) == (None, errors)
    assert (list(User.select().dicts()), list(Membership.select().dicts()), AuditEntry.select().count()) == before


@ONE_ENGINE
def test_nobody_else_keeps_users(person, cast):
    other = gid("User", cast.bkpsdm.user_id)
    acts = {
        "userCreate": {"username": "baru", "name": "B", "password": "kata-sandi-baru"},
        "userUpdate": {"userId": other, "name": "B", "expectedVersion": 1},
        "userGrantsSet": {"userId": other, "grants": [], "expectedVersion": 1},
        "userPasswordSet": {"userId": other, "password": "kata-sandi-baru"},
        "userActiveSet": {"userId": other, "isActive": False, "expectedVersion": 1},
        "userSessionsEnd": {"userId": other},
        "userSecondFactorReset": {"userId": other, "reason": "hilang"},
        "userIdentityRemove": {"userId": other, "reason": "salah"},
    }
    before = (list(User.select().dicts()), list(Membership.select().dicts()))
    for who in (cast.verifier, cast.assessor, cast.unit_admin, cast.unit_head, cast.viewer):
        someone = person(who)
        for act, given in acts.items():
            kind = act[0].upper() + act[1:] + "Input"
            code = someone.code(f"mutation($input: {kind}!) {{ {act}(input: $input) {{ userErrors {{ code }} }} }}", input=given)
            assert (act, code) == (act, "FORBIDDEN")
    assert (list(User.select().dicts()), list(Membership.select().dicts())) == before


def test_one_keeps_the_own_account(person, cast):
    someone, elsewhere = person(cast.unit_admin), person(cast.unit_admin)
    query = "{ account { username roles { role unit { id } } isSecondFactorRequired signIns { address device } } }"
    account = someone.ask(query)["account"]
    assert account["roles"] == [{"role": "OPD_ADMIN", "unit": {"id": gid("WorkUnit", cast.unit_id)}}]
    assert (account["isSecondFactorRequired"], len(account["signIns"])) == (False, 2)
    saved = someone.act("ownProfileUpdate", {"name": "Sari", "phone": "0812-3456-7890", "expectedVersion": 1}, ACCOUNT)["account"]
    assert (saved["name"], saved["phone"], saved["version"]) == ("Sari", "6281234567890", 2)
    refused = someone.act("ownPasswordChange", {"oldPassword": "salah", "password": "kata-sandi-baru"}, ACCOUNT)
    assert (refused["account"], refused["userErrors"][0]["path"]) == (None, ["oldPassword"])
    assert someone.act("ownPasswordChange", {"oldPassword": cast.password, "password": "kata-sandi-baru"}, ACCOUNT)["userErrors"] == []
    assert elsewhere.post("{ account { name } }").status_code == 401
    ended = someone.act("ownSessionsEnd", {}, ACCOUNT)
    assert (ended["userErrors"], row(cast.unit_admin.user_id).session_epoch) == ([], 2)
    assert someone.ask("{ account { name } }")["account"] == {"name": "Sari"}
    assert someone.act("ownSessionsEnd", {"isThisKept": False}, ACCOUNT)["userErrors"] == []
    assert someone.post("{ account { name } }").status_code == 401


def test_the_second_factor_is_kept_through_the_schema(person, cast):
    someone = person(cast.assessor)
    made = someone.act("secondFactorBegin", {"password": cast.password}, "{ secret uri userErrors { path code } }")
    totp = pyotp.TOTP(made["secret"])
    assert made["uri"] == totp.provisioning_uri(name="penilai1", issuer_name="SI PETRUK")
    wrong = someone.act("secondFactorConfirm", {"code": "x"}, CODES)
    assert wrong == {"codes": [], "account": None, "userErrors": [{"path": ["code"], "code": "BAD_USER_INPUT"}]}
    done = someone.act("secondFactorConfirm", {"code": totp.at(clock.now())}, CODES)
    assert (len(done["codes"]), done["account"]) == (10, {"recoveryCodesLeft": 10})
    fresh = someone.act("recoveryCodesRenew", {"password": cast.password, "code": done["codes"][0]}, CODES)["codes"]
    assert set(fresh) & set(done["codes"]) == set()
    listed = person(cast.bkpsdm).ask('{ users(search: "penilai1") { nodes { hasSecondFactor } } }')["users"]["nodes"]
    assert listed == [{"hasSecondFactor": True}]
    off = someone.act("secondFactorDisable", {"password": cast.password, "code": fresh[0]}, ACCOUNT)
    assert off["account"]["secondFactorConfirmedAt"] is None


def test_an_administrator_resets_and_unlinks(person, cast):
    someone, bkpsdm = person(cast.assessor), person(cast.bkpsdm)
    made = someone.act("secondFactorBegin", {"password": cast.password}, "{ secret userErrors { code } }")
    someone.act("secondFactorConfirm", {"code": pyotp.TOTP(made["secret"]).at(clock.now())}, CODES)
    identities.link(cast.assessor, issuer="https://sso.example", subject="s-1")
    given = {"userId": gid("User", cast.assessor.user_id), "reason": "Ponsel hilang."}
    unlinked = bkpsdm.act("userIdentityRemove", given, USER)["user"]
    assert (unlinked["isLinked"], unlinked["hasSecondFactor"], ExternalIdentity.select().count()) == (False, True, 0)
    assert someone.post("{ account { name } }").status_code == 401  # the session may have begun by that link
    assert second_factor.codes_left(cast.assessor.user_id) == 10
    epoch = User.get_by_id(cast.assessor.user_id).session_epoch
    assert bkpsdm.act("userSecondFactorReset", given, USER)["user"]["hasSecondFactor"] is False
    assert User.get_by_id(cast.assessor.user_id).session_epoch == epoch + 1
    reasons = [entry.reason for entry in AuditEntry.select().where(AuditEntry.action.startswith("user:")) if entry.reason]
    assert reasons == ["Ponsel hilang.", "Ponsel hilang."]


@ONE_ENGINE
def test_one_takes_the_own_link_away(person, cast):
    identities.link(cast.assessor, issuer="https://sso.example", subject="s-1")
    someone = person(cast.assessor)
    assert someone.act("ownIdentityRemove", {"password": "salah"}, ACCOUNT)["userErrors"][0]["path"] == ["password"]
    assert someone.act("ownIdentityRemove", {"password": cast.password}, ACCOUNT)["account"]["singleSignOnLinkedAt"] is None
