"""How the panel of the demonstration marks: by merit, with a hand of its own for each assessor, and two nominees who tie."""

from __future__ import annotations

from fractions import Fraction
from random import Random

from sipetruk.demo.chance import repeatable
from sipetruk.rules import scales
from sipetruk.rules.definition import Criterion, Definition, all_criteria
from sipetruk.rules.exact import exact_text

TWIN, SISTER = 0.905, 0.904
"""The merits of two nominees whose scores are equal to the last digit; the tie chain puts the first one first."""
REMARKABLE = (0.975, 0.945, TWIN, SISTER)
"""The best, who are certain of their places; the two who tie share the last place of the three that are awarded."""
_HANDS = (0.015, -0.01, 0.0, 0.02, -0.02)
"""How generous each assessor is."""
_NOTES = ("", "", "", "Bukti lengkap dan dapat diperiksa.", "Hasilnya sudah dirasakan unit lain.", "Perlu bukti angka yang lebih rinci.")


def ordinary(chance: Random) -> float:
    """The merit of a nominee who does not reach the best."""
    return chance.uniform(0.55, 0.85)


class Marks:
    """What each assessor gives each nominee on the criteria that assessors mark."""

    def __init__(self, definition: Definition, seed: int, year: int) -> None:
        self._seed, self._year = seed, year
        self._criteria = [item for _, item in all_criteria(definition) if item.source.kind == "assessor"]
        first, second = (part.criteria[0].code for part in definition.components[:2])
        self._less, self._more = first, second

    def of(self, who: str, assessor: int, merit: float) -> dict[str, dict[str, str]]:
        """Marks by criterion, as `assessment.save_marks` takes them."""
        tied = merit in {TWIN, SISTER}
        chance = repeatable(self._seed, self._year, "tied" if tied else who, assessor)
        hand = _HANDS[assessor % len(_HANDS)]
        given = {}
        for item in self._criteria:
            share = TWIN if tied else merit
            value = _value(item, min(max(share + hand + chance.uniform(-0.04, 0.04), 0.0), 1.0))
            if merit == SISTER:
                value += {self._less: -1, self._more: 1}.get(item.code, 0)
            given[item.code] = {"state": "scored", "value": exact_text(value), "note": _note(item, chance)}
        return given


def _value(item: Criterion, share: float) -> Fraction:
    """The allowed raw value nearest to a share of the largest one."""
    match item.scale:
        case scales.Rubric() | scales.Choice():
            wanted = item.scale.maximum * Fraction(share)
            return min(item.scale.allowed, key=lambda value: (abs(value - wanted), value))
        case scales.YesNo():
            return Fraction(int(share > 0.5))  # more yes than no
    bounds = scales.raw_bounds(item.scale)
    if bounds is None:
        raise TypeError(f"an assessor cannot mark on the scale {item.scale.kind}")
    low, high, step = bounds
    return Fraction(low + round((high - low) * share / step) * step, 100)


def _note(item: Criterion, chance: Random) -> str:
    note = chance.choice(_NOTES)
    return note or _NOTES[-2] if item.note_min_chars else note
