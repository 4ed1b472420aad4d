"""The people every test knows: made once through the services, then copied with the database."""

from __future__ import annotations

from dataclasses import dataclass

from sipetruk.queries.users import actor_of
from sipetruk.rules.permissions import SYSTEM, Actor, Grant, Role
from sipetruk.services import people, users

PASSWORD = "rahasia-bersama"


@dataclass(frozen=True)
class Cast:
    """Actors by what they are; `outsider` is an admin of another unit, who may see nothing of the first."""

    bkpsdm: Actor
    verifier: Actor
    assessor: Actor
    assessor2: Actor
    assessor3: Actor
    unit_admin: Actor
    unit_head: Actor
    viewer: Actor
    outsider: Actor
    unit_id: int
    other_unit_id: int
    password: str = PASSWORD


def build() -> Cast:
    unit_id, other_unit_id = people.register_units(
        SYSTEM,
        units=[
            people.NewUnit("dinkes", "Dinas Kesehatan, Pengendalian Penduduk dan Keluarga Berencana"),
            people.NewUnit("dishub", "Dinas Perhubungan"),
        ],
    )
    who = {
        "bkpsdm": ("bkpsdm", "Rina Admin", Grant(Role.BKPSDM_ADMIN)),
        "verifier": ("verifikator", "Yusuf Verifikator", Grant(Role.VERIFIER)),
        "assessor": ("penilai1", "Siti Penilai", Grant(Role.ASSESSOR)),
        "assessor2": ("penilai2", "Dewi Penilai", Grant(Role.ASSESSOR)),
        "assessor3": ("penilai3", "Hasan Penilai", Grant(Role.ASSESSOR)),
        "unit_admin": ("opd-dinkes", "Sari Pengusul", Grant(Role.OPD_ADMIN, unit_id)),
        "unit_head": ("kepala-dinkes", "Ahmad Kepala", Grant(Role.OPD_HEAD, unit_id)),
        "viewer": ("auditor", "Nur Auditor", Grant(Role.VIEWER)),
        "outsider": ("opd-dishub", "Lina Pengusul", Grant(Role.OPD_ADMIN, other_unit_id)),
    }
    new = [users.NewUser(username, name, (grant,)) for username, name, grant in who.values()]
    ids = users.add_many(SYSTEM, users=new, password=PASSWORD, has_given_password=False)
    return Cast(
        **{part: _actor(user_id) for part, user_id in zip(who, ids, strict=True)},
        unit_id=unit_id,
        other_unit_id=other_unit_id,
    )


def _actor(user_id: int) -> Actor:
    actor = actor_of(user_id, 0, "panel")
    assert actor is not None
    return actor
