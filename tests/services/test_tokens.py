"""Tokens: what is made and kept, every refusal, and what the database holds even against us."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import peewee as pw
import pytest

from sipetruk.errors import Conflict, Forbidden, Invalid, NotFound
from sipetruk.models import ApiToken, AuditEntry, Membership, Nomination
from sipetruk.models.base import database
from sipetruk.queries import tokens as queries
from sipetruk.rules.permissions import SYSTEM, Actor
from sipetruk.rules.scopes import SCOPES, Scope
from sipetruk.rules.tokens import fingerprint
from sipetruk.services import clock, nominations, tokens, users
from tests.services import builders
from tests.services.test_administration_at_once import at_once

NOW = datetime(2026, 11, 28, 1, tzinfo=UTC)
INTEGRATORS = Path(__file__).parents[2] / "docs" / "integrators.md"


def made(actor, owner, **changes):
    given = {"name": "SILKa", "purpose": "Kehadiran", "owner_id": owner.user_id, "scopes": [Scope.UNITS_READ]}
    return tokens.create(actor, **(given | changes))


def acting(secret) -> Actor:
    found = queries.bearer(secret, now=clock.now(), today=clock.today())
    assert found is not None
    return found.actor


def test_what_is_kept_and_recorded(db, cast):
    with clock.standing_at(NOW):
        new = made(cast.bkpsdm, cast.viewer)
    row, entry = ApiToken.get(), AuditEntry.select().order_by(AuditEntry.id.desc()).first()
    kept = (row.name, row.owner_id, row.created_by_id, row.created_at, row.expires_on, row.last_used_at, row.scopes)
    assert kept == ("SILKa", cast.viewer.user_id, cast.bkpsdm.user_id, NOW, date(2027, 2, 26), None, ["units:read"])
    assert (row.secret_sha256, row.ending) == (fingerprint(new.secret), new.secret[-4:])
    told = {"name": "SILKa", "purpose": "Kehadiran", "user": cast.viewer.user_id, "scopes": ["units:read"], "expires_on": "2027-02-26"}
    assert (entry.action, entry.thing_id, entry.before, entry.after) == ("token:create", str(row.id), None, told)
    assert made(SYSTEM, cast.viewer, name="Dua").secret != new.secret


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"name": ""}, "name"),
        ({"purpose": " "}, "purpose"),
        ({"scopes": []}, "scopes"),
        ({"expires_on": date(2020, 1, 1)}, "expiresOn"),
        ({"owner_id": 999_999}, "ownerId"),
    ],
)
def test_what_is_refused_leaves_nothing(db, cast, changes, path):
    before = AuditEntry.select().count()
    with pytest.raises(Invalid) as refused:
        made(cast.bkpsdm, cast.viewer, **changes)
    assert [problem.path for problem in refused.value.problems] == [(path,)]
    assert (ApiToken.select().count(), AuditEntry.select().count()) == (0, before)


def test_only_for_somebody_active_with_a_role(db, cast):
    users.set_active(cast.bkpsdm, user_id=cast.viewer.user_id, is_active=False, expected_version=1)
    Membership.delete().where(Membership.user == cast.verifier.user_id).execute()
    for owner in (cast.viewer, cast.verifier):
        with pytest.raises(Invalid, match="Pilih pengguna aktif"):
            made(cast.bkpsdm, owner)
        assert owner.user_id not in dict(queries.owners(cast.bkpsdm))
    assert ApiToken.select().count() == 0


def test_nobody_else_makes_lists_or_revokes(db, cast):
    token = made(cast.bkpsdm, cast.viewer)
    everything = made(cast.bkpsdm, cast.bkpsdm, name="Semua", scopes=list(Scope)).secret
    for actor in (cast.verifier, cast.assessor, cast.unit_admin, cast.unit_head, cast.viewer, acting(everything), None):
        for attempt in (
            lambda actor=actor: made(actor, cast.viewer, name="x"),
            lambda actor=actor: tokens.revoke(actor, token_id=token.token_id, reason="x"),
            lambda actor=actor: queries.tokens(actor, today=clock.today()),
            lambda actor=actor: queries.token(actor, token.token_id, today=clock.today()),
            lambda actor=actor: queries.owners(actor),
        ):
            with pytest.raises(Forbidden):
                attempt()
    assert [row.revoked_at for row in ApiToken.select()] == [None, None]


def test_revoked_once_with_a_reason(db, cast):
    token = made(cast.bkpsdm, cast.viewer)
    for reason in (" ", "x" * 301, "x\x00"):
        with pytest.raises(Invalid, match="Alasan wajib"):
            tokens.revoke(cast.bkpsdm, token_id=token.token_id, reason=reason)
    assert acting(token.secret).token_id == token.token_id
    with clock.standing_at(NOW):
        tokens.revoke(cast.bkpsdm, token_id=token.token_id, reason=" Bocor ")
    row = ApiToken.get()
    assert (row.revoked_at, row.revoked_by_id, row.reason) == (NOW, cast.bkpsdm.user_id, "Bocor")
    assert queries.bearer(token.secret, now=clock.now(), today=clock.today()) is None
    with pytest.raises(Conflict):
        tokens.revoke(cast.bkpsdm, token_id=token.token_id, reason="Lagi")
    with pytest.raises(NotFound):
        tokens.revoke(cast.bkpsdm, token_id=999, reason="x")


def test_its_use_is_noted_once_a_minute(db, cast):
    token = made(cast.bkpsdm, cast.viewer)
    for second, noted in ((0, 0), (59, 0), (60, 60)):
        with clock.standing_at(NOW + timedelta(seconds=second)):
            tokens.note_use(token.token_id)
        assert ApiToken.get().last_used_at == NOW + timedelta(seconds=noted)


def test_a_program_of_a_unit_nominates_for_its_unit_alone(db, cast):
    taking = builders.open_round(cast)
    own, other = builders.employee(cast.unit_id, "Kartika Sari"), builders.employee(cast.other_unit_id, "Lukman Hakim")
    with builders.standing_at(2024, 10, 2):
        program = acting(made(cast.bkpsdm, cast.unit_admin, scopes=[Scope.NOMINATIONS_WRITE]).secret)
        reader = acting(made(cast.bkpsdm, cast.unit_admin, name="Baca", scopes=[Scope.NOMINATIONS_READ]).secret)
        with pytest.raises(NotFound):
            nominations.draft(program, category_id=taking.category_id, employee_id=other)
        with pytest.raises((NotFound, Forbidden)):
            nominations.draft(reader, category_id=taking.category_id, employee_id=own)
        assert Nomination.select().count() == 0
        nominations.draft(program, category_id=taking.category_id, employee_id=own)
    assert AuditEntry.select().order_by(AuditEntry.id.desc()).first().actor == "token:SILKa"


def test_one_name_is_given_once_also_at_once(db, cast):
    assert at_once(lambda _: made(cast.bkpsdm, cast.viewer)) == ["done", "refused"]
    assert ApiToken.select().count() == 1
    number = ApiToken.get().id
    assert at_once(lambda _: tokens.revoke(cast.bkpsdm, token_id=number, reason="Bocor")) == ["done", "refused"]


@pytest.mark.parametrize(
    "wrong", [{"secret_sha256": "x"}, {"ending": "x"}, {"reason": "x"}, {"revoked_at": NOW}, {"revoked_by": 1}, {"name": "Dua"}]
)
def test_the_database_refuses_what_no_service_would_write(db, cast, wrong):
    made(cast.bkpsdm, cast.viewer)
    made(cast.bkpsdm, cast.viewer, name="Dua")
    with pytest.raises(pw.IntegrityError), database.atomic():
        ApiToken.update(**wrong).where(ApiToken.name == "SILKa").execute()


def test_the_guide_lists_the_scopes_as_they_are():
    table = INTEGRATORS.read_text(encoding="utf-8").partition("| scope | allows")[2]
    rows = [line for line in table.split("\n\n")[0].splitlines() if line.startswith("| `")]
    assert rows == [f"| `{scope}` | {', '.join(f'`{each}`' for each in sorted(found.actions))} |" for scope, found in SCOPES.items()]
