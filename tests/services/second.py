"""A second admin of BKPSDM, for what takes two people."""

from __future__ import annotations

from sipetruk.queries.users import actor_of
from sipetruk.rules.permissions import SYSTEM, Actor, Grant, Role
from sipetruk.services import users
from tests.cast import PASSWORD


def second_admin() -> Actor:
    """Made anew in the database of this test."""
    new = users.NewUser("bkpsdm2", "Hadi Admin", (Grant(Role.BKPSDM_ADMIN),))
    (user_id,) = users.add_many(SYSTEM, users=[new], password=PASSWORD, has_given_password=False)
    actor = actor_of(user_id, 0, "panel")
    assert actor is not None
    return actor
