"""The regency before any round: units, code tables, employees with what is on record about them, and accounts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sipetruk.demo import facts
from sipetruk.demo.people import Person, everybody
from sipetruk.demo.units import UNITS
from sipetruk.queries import instruments as instrument_queries
from sipetruk.reference import siasn_codes
from sipetruk.rules.permissions import SYSTEM, Actor, Grant, Role
from sipetruk.services import instruments, people, users
from sipetruk.starters import starter, starter_examples, starters

ASSESSORS = ("setda", "inspektorat", "bkpsdm", "rsud", "bappeda")
"""Units whose heads make the panel; the last one steps back from the nominee of the own unit."""
NAMES = {
    "balangan-2021": "SI PETRUK Balangan 2021",
    "balangan-2023": "SI PETRUK Balangan 2023",
    "balangan-2024": "SI PETRUK Balangan",
    "kemnaker-2025": "ASN Teladan Kementerian Ketenagakerjaan",
}
"""What the regency calls some of the starters; the others go by their titles."""
DEFAULT = "balangan-2024"


@dataclass(frozen=True)
class Scene:
    """Everybody and everything that a round needs."""

    seed: int
    unit_ids: dict[str, int]
    people: dict[Person, int]
    actors: dict[str, Actor]

    def of_unit(self, code: str) -> list[Person]:
        """The people of a unit: head, personnel officer, staff."""
        return [person for person in self.people if person.unit == code]

    @property
    def panel(self) -> list[Actor]:
        return [self.actors[f"penilai{number}"] for number in range(1, len(ASSESSORS) + 1)]


def build(seed: int, password: str) -> Scene:
    """Register the regency and its accounts."""
    ids = people.register_units(SYSTEM, units=[people.NewUnit(unit.code, unit.name) for unit in UNITS])
    unit_ids = {unit.code: unit_id for unit, unit_id in zip(UNITS, ids, strict=True)}
    for kind, rows in siasn_codes().items():
        people.load_codes(SYSTEM, kind=kind, rows=rows)
    everyone = everybody(seed)
    employee_ids = people.register_employees(SYSTEM, employees=[_new_employee(person, unit_ids) for person in everyone])
    known = dict(zip(everyone, employee_ids, strict=True))
    return Scene(seed, unit_ids, known, _accounts(known, unit_ids, password))


def record_facts(scene: Scene, years: range, today: date) -> None:
    """Ratings of the closed years, and attendance of the first half of the last of these years and of the one after."""
    months = [(year, month) for year in (years[-1], years[-1] + 1) for month in range(1, 7) if (year, month) < (today.year, today.month)]
    people.record_attendance(SYSTEM, records=facts.attendance(scene.seed, scene.people, months))
    people.record_ratings(SYSTEM, records=facts.ratings(scene.seed, scene.people, years))


def record_sanctions(scene: Scene, today: date) -> None:
    people.record_sanctions(SYSTEM, records=facts.sanctions(scene.seed, scene.people, today))


def lock_starters(scene: Scene) -> int:
    """Install and lock every starter instrument; returns the version of the default one."""
    versions = {}
    for code, title in sorted(starters()):
        versions[code] = instruments.create(
            scene.actors["bkpsdm"], code=code, name=NAMES.get(code, title), definition=starter(code), examples=starter_examples(code)
        )
        lock(scene, versions[code])
    return versions[DEFAULT]


def lock(scene: Scene, version_id: int) -> None:
    actor = scene.actors["bkpsdm"]
    row = instrument_queries.version(actor, version_id).row
    instruments.lock(actor, version_id=version_id, expected_version=row.row_version)


def next_draft(scene: Scene, version_id: int, later: int) -> int:
    """Open the next draft of an instrument with every year in its words and months moved on by `later` years."""
    actor = scene.actors["bkpsdm"]
    source = instrument_queries.version(actor, version_id)
    document = source.definition.to_dict()
    moved = {key: value if key in {"source", "description"} else _moved(value, later) for key, value in document.items()}
    draft_id = instruments.start_draft(actor, instrument_id=source.row.instrument_id, from_version_id=version_id)
    row = instrument_queries.version(actor, draft_id).row
    instruments.save_definition(actor, version_id=draft_id, definition=moved, expected_version=row.row_version)
    return draft_id


def _moved(value: Any, later: int) -> Any:
    """The value with the years 2000 to 2099 in its texts moved on."""
    if isinstance(value, dict):
        return {key: _moved(item, later) for key, item in value.items()}
    if isinstance(value, list):
        return [_moved(item, later) for item in value]
    if isinstance(value, str):
        return " ".join(_moved_word(word, later) for word in value.split(" "))
    return value


def _moved_word(word: str, later: int) -> str:
    year, rest = word[:4], word[4:]
    if year.startswith("20") and year.isdigit() and not rest[:1].isalnum():
        return f"{int(year) + later}{rest}"
    return word


def _new_employee(person: Person, unit_ids: dict[str, int]) -> people.NewEmployee:
    return people.NewEmployee(
        nip=person.nip,
        kind=person.kind,
        name=person.name,
        unit_id=unit_ids[person.unit],
        position=person.position,
        position_type=person.position_type,
        grade=person.grade,
        appointed_on=person.appointed_on,
        born_on=person.born_on,
        title_front=person.title_front,
        title_back=person.title_back,
        echelon=person.echelon,
    )


def _accounts(known: dict[Person, int], unit_ids: dict[str, int], password: str) -> dict[str, Actor]:
    """One account for each role, an officer and a head for each unit, all with the same first password."""
    found = {(person.unit, person.place): person.full_name for person in known}
    new = [
        users.NewUser("bkpsdm", found["bkpsdm", 5], (Grant(Role.BKPSDM_ADMIN),)),
        users.NewUser("verifikator", found["bkpsdm", 6], (Grant(Role.VERIFIER),)),
        *(users.NewUser(f"penilai{number}", found[unit, 0], (Grant(Role.ASSESSOR),)) for number, unit in enumerate(ASSESSORS, start=1)),
        users.NewUser("auditor", found["inspektorat", 5], (Grant(Role.VIEWER),)),
    ]
    for code, unit_id in unit_ids.items():
        new.append(users.NewUser(f"opd-{code}", found[code, 1], (Grant(Role.OPD_ADMIN, unit_id),)))
        new.append(users.NewUser(f"kepala-{code}", found[code, 0], (Grant(Role.OPD_HEAD, unit_id),)))
    ids = users.add_many(SYSTEM, users=new, password=password, has_given_password=False)
    return {user.username: Actor(user_id, user.username, user.name, user.grants) for user, user_id in zip(new, ids, strict=True)}
