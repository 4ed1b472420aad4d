"""About 400 made-up employees, the same for the same seed: heads, personnel officers and staff of every unit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

from sipetruk.demo import positions
from sipetruk.demo.chance import repeatable
from sipetruk.demo.names import Names
from sipetruk.demo.units import UNITS, Unit

NOMINEES = (2, 3, 4)
"""Places in a unit whose holders may be nominated: two PNS and a PPPK."""
STAFF = 7
"""Staff of each unit besides its head and its personnel officer."""
_LATER_DIGITS = 900
_SERIALS = 100
_CONTRACT = "21"
_HEAD_ECHELONS = {"Sekretaris Daerah": "21", "Camat": "31", "Direktur": "31", "Lurah": "41"}


@dataclass(frozen=True)
class Person:
    """An employee to be. `place` counts within the unit: 0 the head, 1 the personnel officer, 2 and up staff."""

    unit: str
    place: int
    kind: str
    nip: str
    name: str
    title_front: str
    title_back: str
    sex: str
    born_on: date
    appointed_on: date
    position: str
    position_type: str
    echelon: str
    grade: str

    @property
    def full_name(self) -> str:
        front = f"{self.title_front} " if self.title_front else ""
        return f"{front}{self.name}" + (f", {self.title_back}" if self.title_back else "")

    @property
    def is_spotless(self) -> bool:
        """Whether nothing on record can stand in the way: such a person is in every unit, so that each can nominate."""
        return self.place in NOMINEES


def everybody(seed: int) -> list[Person]:
    """All employees, unit by unit."""
    made = _Maker(repeatable(seed, "people"))
    found = []
    for unit in UNITS:
        fitting = positions.of(unit.field)
        found.append(made.head(unit))
        found.append(made.officer(unit))
        found += [made.staff(unit, place, fitting) for place in range(2, 2 + STAFF)]
    return found


class _Maker:
    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._names = Names(chance)
        self._count = 0

    def head(self, unit: Unit) -> Person:
        echelon = _HEAD_ECHELONS.get(unit.head, "22")
        grade = self._chance.choice(("IV/b", "IV/c") if echelon < "31" else ("III/d", "IV/a"))
        name = (
            f"{unit.head} {_short(unit.name)}"
            if unit.head not in {"Sekretaris Daerah", "Sekretaris DPRD", "Inspektur Daerah"}
            else unit.head
        )
        front = "dr." if unit.code == "rsud" else ""
        back = "M.Kes." if front else self._chance.choice(("M.Si.", "M.M.", "M.AP.", "S.Sos., M.Si."))
        return self._pns(unit, 0, (1967, 1976), name, positions.STRUCTURAL, echelon, grade, (front, back))

    def officer(self, unit: Unit) -> Person:
        position = "Kepala Sub Bagian Umum dan Kepegawaian"
        back = self._chance.choice(("S.Sos.", "S.E.", "S.IP.", "S.H."))
        return self._pns(unit, 1, (1975, 1988), position, positions.STRUCTURAL, "41", "III/d", ("", back))

    def staff(self, unit: Unit, place: int, fitting: tuple[positions.Position, ...]) -> Person:
        chosen = fitting[(place - 2) % 3] if place < 5 else self._chance.choice(fitting)  # three who fit best
        title, grade = self._chance.choice(chosen.titles), self._chance.choice(chosen.grades)
        if place == 4 or (place > 5 and self._chance.random() < 0.3):  # about a quarter are PPPK
            return self._pppk(unit, place, chosen, positions.PPPK_GRADES[grade[:3]], title)
        return self._pns(unit, place, (1972, 1991) if place in {2, 3} else (1972, 1996), chosen.name, chosen.kind, "99", grade, ("", title))

    def _pns(
        self, unit: Unit, place: int, born: tuple[int, int], position: str, kind: str, echelon: str, grade: str, titles: tuple[str, str]
    ) -> Person:
        sex, born_on = self._sex(), self._day(*born)
        appointed_on = date(born_on.year + self._chance.randint(22, 26), self._chance.randint(1, 12), 1)
        nip = f"{born_on:%Y%m%d}{appointed_on:%Y%m}{sex}{self._serial()}"
        name = self._names.take(sex)
        return Person(unit.code, place, "PNS", nip, name, *titles, sex, born_on, appointed_on, position, kind, echelon, grade)

    def _pppk(self, unit: Unit, place: int, chosen: positions.Position, grade: str, title: str) -> Person:
        sex, born_on = self._sex(), self._day(1980, 1996)
        appointed_on = date(self._chance.choice((2019, 2020, 2021)), 3, 1)
        nip = f"{born_on:%Y%m%d}{appointed_on.year}{_CONTRACT}{sex}{self._serial()}"
        name = self._names.take(sex)
        return Person(unit.code, place, "PPPK", nip, name, "", title, sex, born_on, appointed_on, chosen.name, chosen.kind, "99", grade)

    def _serial(self) -> str:
        """The last digits, 900 and up: no real number is near them."""
        self._count += 1
        return str(_LATER_DIGITS + self._count % _SERIALS)

    def _sex(self) -> str:
        return self._chance.choice("12")

    def _day(self, first: int, last: int) -> date:
        return date(self._chance.randint(first, last), self._chance.randint(1, 12), self._chance.randint(1, 28))


def _short(unit_name: str) -> str:
    """What follows "Kepala Dinas" in the name of an office."""
    for kind in ("Dinas ", "Badan ", "Kecamatan ", "Kelurahan ", "Satuan "):
        unit_name = unit_name.removeprefix(kind)
    return unit_name
