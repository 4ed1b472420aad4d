"""Facts on record about the made-up employees: attendance, ratings, sanctions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from random import Random

from sipetruk.demo.chance import repeatable
from sipetruk.demo.people import Person
from sipetruk.services.people import AttendanceRecord, RatingRecord, SanctionRecord

ABOVE, AS_EXPECTED, BELOW = "DI ATAS EKSPEKTASI", "SESUAI EKSPEKTASI", "DI BAWAH EKSPEKTASI"
FULL = 100_00


def attendance(seed: int, ids: Mapping[Person, int], months: Iterable[tuple[int, int]]) -> list[AttendanceRecord]:
    """Realisation in hundredths of a percent; one month of one employee is not on record, as it happens."""
    found = []
    for year, month in months:
        chance = repeatable(seed, "attendance", year, month)
        forgotten = chance.choice([person for person in ids if not person.is_spotless])
        for person, employee_id in ids.items():
            least = 95_00 if person.is_spotless else 86_00
            realisation = FULL if chance.random() < 0.3 else chance.randint(least // 25, FULL // 25) * 25  # a third never miss a day
            if person is not forgotten:
                found.append(AttendanceRecord(employee_id, year, month, realisation))
    return found


def ratings(seed: int, ids: Mapping[Person, int], years: Iterable[int]) -> list[RatingRecord]:
    """Both ratings of each year since the appointment; the predicate follows from them."""
    found = []
    for year in years:
        chance = repeatable(seed, "ratings", year)
        for person, employee_id in ids.items():
            result, behaviour = (_rating(chance, is_spotless=person.is_spotless) for _ in range(2))
            if person.appointed_on.year <= year:
                found.append(RatingRecord(employee_id, year, result, behaviour))
    return found


def sanctions(seed: int, ids: Mapping[Person, int], today: date) -> list[SanctionRecord]:
    """One case of each kind that eligibility must tell apart: long ago, recent, being served, under examination."""
    chance = repeatable(seed, "sanctions")
    ringan, lama, sedang, berat, examined = chance.sample([ids[person] for person in ids if person.place > 4], 5)  # not the spotless
    year = today.year
    decree = "800.1.6/{}/BKPSDM/{}"
    return [
        SanctionRecord(ringan, "R", date(year - 1, 3, 1), date(year - 1, 9, 1), "2", decree.format(11, year - 1)),
        SanctionRecord(lama, "S", date(year - 9, 2, 1), date(year - 8, 2, 1), "5", decree.format(7, year - 9)),
        SanctionRecord(sedang, "S", date(year - 1, 11, 1), date(year + 1, 11, 1), "25", decree.format(31, year - 1)),
        SanctionRecord(berat, "B", date(year - 2, 5, 1), date(year - 1, 5, 1), "27", decree.format(19, year - 2)),
        SanctionRecord(examined, "R", today, is_under_examination=True),
    ]


def _rating(chance: Random, *, is_spotless: bool) -> str:
    share = chance.random()
    if share < 0.25:  # a quarter do better than expected
        return ABOVE
    return BELOW if share > 0.98 and not is_spotless else AS_EXPECTED  # and one in fifty worse
