"""Everybody of a round of the whole regency: 45 work units, each with an admin and a head, 60 employees, a panel of five."""

from __future__ import annotations

from dataclasses import dataclass

from sipetruk.queries.users import actor_of
from sipetruk.rules.permissions import SYSTEM, Actor, Grant, Role
from sipetruk.services import people, users
from tests.cast import PASSWORD
from tests.services import builders

UNITS, NOMINEES, ASSESSORS = 45, 60, 5


@dataclass(frozen=True)
class Regency:
    """`nominees` are employees in the order of the units; the first units have two."""

    admins: list[Actor]
    heads: list[Actor]
    panel: list[Actor]
    second_admin: Actor
    nominees: list[int]
    unit_of: list[int]
    """The place of each nominee's unit in `admins` and `heads`."""


def settle() -> Regency:
    units = people.register_units(SYSTEM, units=[people.NewUnit(f"unit{n:02d}", f"Dinas Nomor {n:02d}") for n in range(UNITS)])
    admins = added("admin", [Grant(Role.OPD_ADMIN, unit) for unit in units])
    heads = added("kepala", [Grant(Role.OPD_HEAD, unit) for unit in units])
    panel = added("anggota", [Grant(Role.ASSESSOR)] * ASSESSORS)
    (second_admin,) = added("bkpsdm", [Grant(Role.BKPSDM_ADMIN)])
    unit_of = [place % UNITS for place in range(NOMINEES)]
    nominees = [builders.employee(units[unit], f"Calon Nomor {place:02d}") for place, unit in enumerate(unit_of)]
    return Regency(admins, heads, panel, second_admin, nominees, unit_of)


def added(name: str, grants: list[Grant]) -> list[Actor]:
    """So many new people, one for each grant."""
    new = [users.NewUser(f"{name}{number:02d}", f"{name.title()} {number:02d}", (grant,)) for number, grant in enumerate(grants)]
    found = [actor_of(id_, 0, "api") for id_ in users.add_many(SYSTEM, users=new, password=PASSWORD, has_given_password=False)]
    return [actor for actor in found if actor]
