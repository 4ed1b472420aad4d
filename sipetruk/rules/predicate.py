"""The yearly performance predicate: work result and behaviour against expectation (PermenPANRB 6/2022 art. 27).

Both ratings are stored and the predicate is derived; a predicate that contradicts its ratings is refused.
"""

from __future__ import annotations

from enum import StrEnum

from sipetruk.errors import Invalid


class Rating(StrEnum):
    """How a work result or a behaviour compares with what was expected."""

    ABOVE = "DI ATAS"
    AS_EXPECTED = "SESUAI"
    BELOW = "DI BAWAH"

    @property
    def label(self) -> str:
        return f"{self.value} EKSPEKTASI"


VERY_GOOD, GOOD, NEEDS_IMPROVEMENT, POOR, VERY_POOR = PREDICATES = (
    "SANGAT BAIK",
    "BAIK",
    "BUTUH PERBAIKAN",
    "KURANG",
    "SANGAT KURANG",
)
"""The five predicates, best first."""

_MATRIX = {
    (Rating.ABOVE, Rating.ABOVE): VERY_GOOD,
    (Rating.ABOVE, Rating.AS_EXPECTED): GOOD,
    (Rating.ABOVE, Rating.BELOW): POOR,
    (Rating.AS_EXPECTED, Rating.ABOVE): GOOD,
    (Rating.AS_EXPECTED, Rating.AS_EXPECTED): GOOD,
    (Rating.AS_EXPECTED, Rating.BELOW): POOR,
    (Rating.BELOW, Rating.ABOVE): NEEDS_IMPROVEMENT,
    (Rating.BELOW, Rating.AS_EXPECTED): NEEDS_IMPROVEMENT,
    (Rating.BELOW, Rating.BELOW): VERY_POOR,
}

_FIRST_WORDS = {"DIATAS": Rating.ABOVE, "SESUAI": Rating.AS_EXPECTED, "DIBAWAH": Rating.BELOW}


def parse_rating(text: str) -> Rating:
    """Read a rating; accepts BKN's spelling ESPEKTASI, the words written together, and the first word alone."""
    letters = "".join(text.upper().split())
    for ending in ("EKSPEKTASI", "ESPEKTASI"):
        letters = letters.removesuffix(ending)
    if letters not in _FIRST_WORDS:
        raise Invalid("Penilaian harus DI ATAS, SESUAI atau DI BAWAH EKSPEKTASI.")
    return _FIRST_WORDS[letters]


def parse_predicate(text: str) -> str:
    """Read a predicate in any letter case; KURANG/MISCONDUCT is BKN's long name of KURANG."""
    words = " ".join(text.upper().replace("/", " / ").split())
    words = "KURANG" if words in {"KURANG / MISCONDUCT", "MISCONDUCT"} else words
    if words not in PREDICATES:
        raise Invalid("Predikat harus salah satu dari: %(options)s.", options=", ".join(PREDICATES))
    return words


def derive(work_result: Rating | str, behaviour: Rating | str) -> str:
    """The predicate that follows from the two ratings."""
    return _MATRIX[_rating(work_result), _rating(behaviour)]


def require_consistent(work_result: Rating | str, behaviour: Rating | str, predicate: str) -> str:
    """The predicate, or Invalid when the given one is not what the ratings say."""
    derived = derive(work_result, behaviour)
    if parse_predicate(predicate) != derived:
        raise Invalid(
            "Predikat %(given)s bertentangan dengan hasil kerja %(work)s dan perilaku %(behaviour)s, yang menghasilkan %(derived)s.",
            "predicate",
            given=parse_predicate(predicate),
            work=_rating(work_result).label,
            behaviour=_rating(behaviour).label,
            derived=derived,
        )
    return derived


def at_least(predicate: str, lowest: str) -> bool:
    """Whether a predicate is as good as `lowest` or better."""
    return PREDICATES.index(predicate) <= PREDICATES.index(lowest)


def _rating(value: Rating | str) -> Rating:
    return value if isinstance(value, Rating) else parse_rating(value)
