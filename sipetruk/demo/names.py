"""Names as they are given in Kalimantan Selatan, put together by chance: who bears one of them is nobody we know."""

from __future__ import annotations

from random import Random

_MEN = (
    "Ahmad", "Muhammad", "Rahmat", "Syahrani", "Anang", "Hairul", "Zainal", "Rusli", "Abdurrahman", "Gazali", "Norhalis", "Masrani",
    "Jamaluddin", "Rudi", "Hendra", "Irwan", "Taufik", "Yusran", "Supiani", "Mahyuni", "Fahriadi", "Arsyad", "Khairul", "Saifullah",
    "Maulidi", "Husaini", "Rizani", "Junaidi", "Fadli", "Suriansyah", "Akhmad", "Ridwan", "Bahrudin", "Darmawan", "Iskandar", "Kaspul",
)  # fmt: skip
_MEN_SECOND = (
    "Rahman", "Hidayat", "Anshari", "Saputra", "Maulana", "Fadillah", "Noor", "Hakim", "Effendi", "Ramadhani", "Syarif", "Aripin",
    "Hadi", "Riyadi", "Fauzan", "Mukhlis", "Setiawan", "Firdaus", "Ilmi", "Azhari", "Kurniawan", "Yamani", "Zuhri", "Wahyudi",
)  # fmt: skip
_WOMEN = (
    "Siti", "Norhayati", "Rusmini", "Mariatul", "Halimatus", "Salasiah", "Aulia", "Noor", "Rabiatul", "Khairunnisa", "Fitriani", "Mastura",
    "Jumiati", "Lailatul", "Rahmawati", "Hikmah", "Raudatul", "Maulida", "Nurul", "Yulianti", "Ernawati", "Sri", "Dewi", "Hartati",
    "Mahrita", "Anisa", "Zubaidah", "Rina", "Nanik", "Winarti", "Eka", "Hafizah", "Norlaila", "Gusti", "Suhartini", "Radiah",
)  # fmt: skip
_WOMEN_SECOND = (
    "Aminah", "Hasanah", "Jannah", "Sadiah", "Wardah", "Azizah", "Fatimah", "Kibtiah", "Astuti", "Lestari", "Rahmah", "Mawaddah",
    "Handayani", "Safitri", "Puspita", "Ulfah", "Khadijah", "Purnama", "Anggraini", "Maryam", "Zahra", "Rosita", "Hayati", "Wulandari",
)  # fmt: skip


class Names:
    """Gives each name once."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._given: set[str] = set()

    def take(self, sex: str) -> str:
        """A name for a man ("1") or a woman ("2")."""
        first, second = (_MEN, _MEN_SECOND) if sex == "1" else (_WOMEN, _WOMEN_SECOND)
        while True:
            parts = [self._chance.choice(first), self._chance.choice(second)]
            if self._chance.random() < 0.25:  # one in four bears three names
                parts.insert(1, self._chance.choice(first))
            name = " ".join(dict.fromkeys(parts))
            if " " in name and name not in self._given:
                self._given.add(name)
                return name
