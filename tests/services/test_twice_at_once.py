"""What is asked for twice with one key at the very same moment is made once, and both are told which one it is."""

from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from threading import Barrier

import pytest

from sipetruk.errors import Refusal
from sipetruk.models import Announcement, ApiToken, Category, IdempotencyKey, Instrument, Nomination, Period, User, Webhook
from sipetruk.models.base import database
from sipetruk.rules.permissions import Grant, Role
from sipetruk.rules.tokens import Scope
from sipetruk.services import announcements, instruments, nominations, periods, tokens, users
from tests.services import builders, hooks
from tests.services.test_announcements import TEXT

KEY = {"idempotency_key": "kunci"}


def at_once(act, times=4):
    """What each of several equal calls answers, all begun at the same moment on connections of their own."""
    start = Barrier(times)

    def run():
        with database.connection_context():
            start.wait()
            try:
                return act()
            except Refusal as refusal:
                return refusal.message

    with ThreadPoolExecutor(times) as pool:
        return [found.result() for found in [pool.submit(copy_context().run, run) for _ in range(times)]]


def period(cast):
    return Period, lambda: periods.create(cast.bkpsdm, name="Putaran", year=2024, slug="putaran", **KEY)


def category(cast):
    round_ = builders.prepared_round(cast)
    values = {"name": "Guru", "slug": "guru", "instrument_version_id": round_.version_id, "winners": 1}
    return Category, lambda: periods.add_category(cast.bkpsdm, period_id=round_.period_id, **values, **KEY)


def instrument(cast):
    return Instrument, lambda: instruments.create(cast.bkpsdm, code="k", name="K", **KEY)


def announcement(cast):
    return Announcement, lambda: announcements.create(cast.bkpsdm, slug="dua", text=TEXT, **KEY)


def user(cast):
    grants = [Grant(Role.VERIFIER)]
    return User, lambda: users.add(cast.bkpsdm, username="baru", name="Baru", password="kata-sandi-baru", grants=grants, **KEY)


def draft(cast):
    round_, employee_id = builders.open_round(cast), builders.employee(cast.unit_id, "Budi Santoso")

    def act():
        return nominations.draft(cast.unit_admin, category_id=round_.category_id, employee_id=employee_id, **KEY)

    return Nomination, act


def token(cast):
    given = {"name": "Portal", "purpose": "Uji", "owner_id": cast.viewer.user_id, "scopes": [Scope.NOMINATIONS_READ]}
    return ApiToken, lambda: tokens.create(cast.bkpsdm, **given, **KEY).token_id


def webhook(cast):
    hooks.use_settings()
    return Webhook, lambda: hooks.made(cast, **KEY).webhook_id


MADE = [period, category, instrument, announcement, user, draft, token, webhook]


@pytest.mark.parametrize("made", MADE, ids=lambda each: each.__name__)
def test_one_key_makes_one_thing(cast, made):
    table, act = made(cast)
    before = table.select().count()
    with builders.during_nomination():
        answers = at_once(act)
    assert [type(each) for each in answers] == [int] * 4, answers
    assert len(set(answers)) == 1
    assert (table.select().count() - before, IdempotencyKey.select().where(IdempotencyKey.key == "kunci").count()) == (1, 1)
