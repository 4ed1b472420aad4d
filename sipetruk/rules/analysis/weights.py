"""The smallest change of one weight that changes who is on top, exact and in closed form. Never official."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from sipetruk.rules.analysis.linear import Model, Part
from sipetruk.rules.analysis.outcome import percent
from sipetruk.rules.exact import over_one_denominator

UP, DOWN = DIRECTIONS = ("up", "down")


@dataclass(frozen=True)
class WeightChange:
    """How far one weight moves in one direction until somebody outside passes somebody of the first `inside`. Never official.

    The other weights are rescaled in proportion, so that all still sum to 1. `new_weight` in [0, 1] is where the totals are
    equal; beyond it the `challengers` (those outside) are ahead. `change` = new weight - weight, `relative` = |change| /
    weight (None for a weight of 0). All None and no challengers: no weight in this direction does it.
    """

    part: Part
    direction: str
    inside: int
    new_weight: Fraction | None = None
    change: Fraction | None = None
    relative: Fraction | None = None
    challengers: tuple[str, ...] = ()

    @property
    def size(self) -> Fraction | None:
        """The relative change, the whole new weight where there was none, or None where no change is enough."""
        return self.new_weight if self.relative is None else self.relative

    @property
    def message(self) -> str:
        """As a sentence of the page."""
        word = "naik" if self.direction == UP else "turun"
        changing, staying = ("pemenang", "Pemenang tetap pertama") if self.inside == 1 else (f"{self.inside} terbaik",) * 2
        if self.new_weight is None or self.change is None:
            return f"Bobot {self.part.label} {word}: tidak ada perubahan bobot yang mengubah {changing}."
        if not self.change:
            return f"Bobot {self.part.label} {word}: perubahan sekecil apa pun mengubah {changing}."
        stays = staying if self.inside == 1 else f"{staying} tidak berubah"
        relative = "" if self.relative is None else f"{percent(self.relative)} "
        span = f"dari {percent(self.part.weight)} menjadi {percent(self.new_weight)}"
        return f"{stays} sampai bobot {self.part.label} {word} {relative}({span})."


def weight_changes(model: Model, inside: int = 1) -> tuple[WeightChange, ...]:
    """For every part, up and then down: the smallest change by which one of the first `inside` alternatives is passed.

    With x the weight of a part, s an alternative's score on it and r its mean over the other parts by their present
    proportions, the total is x s + (1 - x) r; two totals meet at x = (r_a - r_b) / ((r_a - r_b) - (s_a - s_b)). Nobody is passed
    where they only meet at the end of the range, or where one part has all the weight.
    """
    totals = model.totals()
    return tuple(_change(model, totals, at, direction, inside) for at in range(len(model.parts)) for direction in DIRECTIONS)


def smallest(changes: Sequence[WeightChange]) -> WeightChange | None:
    """The change that is smallest in relation to the weight it changes; None where none exists."""
    return min((change for change in changes if change.size is not None), key=lambda change: change.size or 0, default=None)


def _change(model: Model, totals: Sequence[Fraction], at: int, direction: str, inside: int) -> WeightChange:
    part = model.parts[at]
    end = direction == UP
    if part.weight in {1, end}:
        return WeightChange(part, direction, inside)
    scores = [row[at] for row in model.scores]
    rests = [(total - part.weight * score) / (1 - part.weight) for total, score in zip(totals, scores, strict=True)]
    numerators, _ = over_one_denominator([*scores, *rests])
    places = list(zip(totals, numerators[: len(scores)], numerators[len(scores) :], strict=True))
    crossings = {
        who: min(found, key=lambda x: abs(x - part.weight))
        for who, outsider in zip(model.alternatives[inside:], places[inside:], strict=True)
        if (found := [x for insider in places[:inside] if (x := _crossing(insider, outsider, part.weight, end=end)) is not None])
    }
    if not crossings:
        return WeightChange(part, direction, inside)
    nearest = min(crossings.values(), key=lambda x: abs(x - part.weight))
    change = nearest - part.weight
    return WeightChange(
        part=part,
        direction=direction,
        inside=inside,
        new_weight=nearest,
        change=change,
        relative=abs(change) / part.weight if part.weight else None,
        challengers=tuple(who for who, crossing in crossings.items() if crossing == nearest),
    )


_Place = tuple[Fraction, int, int]
"""Total, score on the part and mean over the others; the latter two over one denominator."""


def _crossing(insider: _Place, outsider: _Place, weight: Fraction, *, end: bool) -> Fraction | None:
    """Where the insider's lead, followed from `weight` to 1 (or to 0), begins to be negative."""
    if insider[0] < outsider[0]:
        return weight
    score, rest = insider[1] - outsider[1], insider[2] - outsider[2]
    if (score if end else rest) >= 0:
        return None
    return Fraction(rest, rest - score)
