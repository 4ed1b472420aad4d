"""Scopes of tokens: for every cell of the permission table, a token has the part that its scopes name and nothing else."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest

from sipetruk.errors import Forbidden, Invalid
from sipetruk.rules.permissions import (
    ANYTHING,
    TABLE,
    Action,
    Actor,
    Condition,
    Grant,
    Role,
    Subject,
    can,
    granted,
    may_somewhere,
    own_id,
    require,
)
from sipetruk.rules.scopes import SCOPES, Scope, actions_of
from sipetruk.rules.tokens import PREFIX, TokenState, Wish, checked, fingerprint, holds_secret, looks_like_secret, state_of

SUBJECTS = (ANYTHING, Subject(unit_id=3), Subject(unit_id=4), Subject(unit_id=4, assessor_ids=frozenset({7})))
ONLY_PEOPLE = {
    Action.INSTRUMENT_EDIT, Action.INSTRUMENT_LOCK, Action.PERIOD_EDIT, Action.PERIOD_MOVE, Action.UNIT_EDIT, Action.USER_MANAGE,
    Action.NOMINATION_ENDORSE, Action.NOMINATION_CHECK, Action.MARK_RECORD, Action.MARK_RECUSE, Action.RELATION_DECLARE,
    Action.RELATION_READ, Action.REMINDER_SEND, Action.RANKING_COMPUTE, Action.RANKING_FINALISE, Action.ANALYSIS_READ,
    Action.SHEET_REOPEN, Action.SHEET_REPLACE, Action.OBJECTION_FILE, Action.OBJECTION_DECIDE, Action.RESULT_DETERMINE,
    Action.RESULT_PUBLISH, Action.SIGNATORY_READ, Action.SIGNATORY_EDIT, Action.SETTING_READ, Action.SETTING_EDIT,
    Action.RETENTION_APPLY, Action.PERMISSION_READ, Action.TOKEN_MANAGE, Action.WEBHOOK_MANAGE,
}  # fmt: skip
TODAY = date(2026, 11, 28)
SCOPE = "Pilih paling sedikit satu cakupan, masing-masing sekali."
WITHIN = "Pilih tanggal dari 28 November 2026 sampai 28 November 2027."
WISH = Wish(" SILKa ", "Kehadiran", (Scope.UNITS_READ,), TODAY + timedelta(days=90))


def actor(role: Role, scopes: tuple[Scope, ...] | None) -> Actor:
    return Actor(7, "uji", "Uji", (Grant(role, 3),), "token", None if scopes is None else actions_of(scopes), 1)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("scope", Scope)
def test_a_token_has_what_both_the_table_and_its_scope_allow(role: Role, scope: Scope) -> None:
    person, token = actor(role, None), actor(role, (scope,))
    for action, subject in product(Action, SUBJECTS):
        expected = can(person, action, subject) and action in SCOPES[scope].actions
        assert (action, subject, can(token, action, subject)) == (action, subject, expected)
    for action in Action:
        is_within = action in SCOPES[scope].actions
        assert may_somewhere(token, action) == (is_within and may_somewhere(person, action))
        assert list(granted(token, action)) == (list(granted(person, action)) if is_within else [])


@pytest.mark.parametrize("role", Role)
def test_all_scopes_together_are_less_than_the_person(role: Role) -> None:
    token = actor(role, tuple(Scope))
    allowed = {action for action in Action if may_somewhere(token, action)}
    assert allowed == {action for action in Action if TABLE[action, role] is not Condition.NEVER} - ONLY_PEOPLE


def test_no_scope_and_unknown_scopes_allow_nothing() -> None:
    for token in (actor(Role.BKPSDM_ADMIN, ()), Actor(7, "uji", "Uji", (Grant(Role.BKPSDM_ADMIN),), "token", actions_of(["all"]), 1)):
        assert [action for action in Action if may_somewhere(token, action)] == []
        with pytest.raises(Forbidden):
            require(token, Action.UNIT_READ)


def test_a_token_of_a_unit_stays_in_its_unit() -> None:
    token = actor(Role.OPD_ADMIN, (Scope.NOMINATIONS_WRITE,))
    assert [can(token, Action.NOMINATION_DRAFT, Subject(unit_id=unit)) for unit in (3, 4)] == [True, False]


def test_a_token_owns_nothing() -> None:
    assert (own_id(actor(Role.ASSESSOR, tuple(Scope))), own_id(actor(Role.ASSESSOR, None)), own_id(None)) == (None, 7, None)


def test_every_scope_has_its_meaning_and_says_what_it_does() -> None:
    assert set(SCOPES) == set(Scope)
    assert all(each.label and each.explanation and each.actions for each in SCOPES.values())


@pytest.mark.parametrize(
    ("is_revoked", "expires_on", "is_owner_active", "state"),
    [
        (False, TODAY, True, TokenState.ACTIVE),
        (False, TODAY - timedelta(days=1), True, TokenState.EXPIRED),
        (False, TODAY, False, TokenState.IDLE),
        (True, TODAY - timedelta(days=1), False, TokenState.REVOKED),
    ],
)
def test_states(*, is_revoked: bool, expires_on: date, is_owner_active: bool, state: TokenState) -> None:
    assert state_of(is_revoked=is_revoked, expires_on=expires_on, is_owner_active=is_owner_active, today=TODAY) is state


@pytest.mark.parametrize(
    ("change", "path", "words"),
    [
        ({"name": "  "}, "name", "Wajib diisi, paling banyak 40 karakter."),
        ({"name": "x" * 41}, "name", "Wajib diisi, paling banyak 40 karakter."),
        ({"name": "a\nb"}, "name", "Satu baris saja."),
        ({"name": "silka kehadiran"}, "name", "Nama ini sudah dipakai token lain."),
        ({"purpose": ""}, "purpose", "Wajib diisi, paling banyak 300 karakter."),
        ({"purpose": "x" * 301}, "purpose", "Wajib diisi, paling banyak 300 karakter."),
        ({"purpose": "x\x00"}, "purpose", "Wajib diisi, paling banyak 300 karakter."),
        ({"scopes": ()}, "scopes", SCOPE),
        ({"scopes": (Scope.UNITS_READ, Scope.UNITS_READ)}, "scopes", SCOPE),
        ({"expires_on": TODAY - timedelta(days=1)}, "expiresOn", WITHIN),
        ({"expires_on": TODAY + timedelta(days=366)}, "expiresOn", WITHIN),
    ],
)
def test_what_is_no_sound_token(change: dict[str, object], path: str, words: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked(Wish(**{**vars(WISH), **change}), TODAY, ["SILKa kehadiran"])
    assert [(problem.path, problem.message) for problem in refused.value.problems] == [((path,), words)]


def test_a_sound_one_is_kept_without_blanks_up_to_a_year() -> None:
    assert checked(WISH, TODAY, ["SILKa kehadiran"]).name == "SILKa"
    for days in (0, 365):
        checked(Wish("a", "b", (Scope.UNITS_READ,), TODAY + timedelta(days=days)), TODAY)
    checked(Wish("a" * 40, "b" * 300, (Scope.UNITS_READ,), TODAY), TODAY)


def test_secrets_are_recognised_and_kept_as_hashes() -> None:
    secret = PREFIX + "A" * 43
    assert [looks_like_secret(each) for each in (secret, secret + "A", secret[:-1], "A" * 47, secret[:-1] + "é")] == [True] + [False] * 4
    assert [holds_secret(each) for each in (f"kunci {secret}.", secret[:-1], "")] == [True, False, False]
    assert len(fingerprint(secret)) == 64
