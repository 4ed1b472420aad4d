"""Scales whose raw value is a number: points, rubric, choice, threshold, yes or no, percentage, count.

A raw number is checked against the scale whenever its points are asked for, so no value outside the printed rule can
ever be scored.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from sipetruk.errors import Invalid
from sipetruk.rules.exact import document_number, exact_text, fraction
from sipetruk.rules.exact import format_number as show
from sipetruk.rules.scale_base import HUNDRED, MOST_COUNT, MOST_NUMBER, Bounds, Raw, Scale


class NumberScale(Scale):
    """A scale whose raw value is a number."""

    def number(self, raw: object) -> Fraction:
        if isinstance(raw, Mapping):
            raise Invalid("Ini bukan angka.")
        try:
            number = fraction(raw)
        except ValueError:
            raise Invalid("Ini bukan angka.") from None
        self.check(number)
        return number

    @abstractmethod
    def check(self, number: Fraction) -> None:
        """Refuse a number that may not be given."""

    @abstractmethod
    def worth(self, number: Fraction) -> Fraction:
        """The points of a number that passed the check."""

    def points(self, raw: object) -> Fraction:
        return self.worth(self.number(raw))

    def read(self, value: object) -> Raw:
        return exact_text(self.number(value))


@dataclass(frozen=True)
class Points(NumberScale):
    """Any step between the smallest (usually 0) and the largest number of points."""

    kind: ClassVar[str] = "points"
    label: ClassVar[str] = "Rentang poin"
    max: Fraction
    step: Fraction
    min: Fraction = Fraction(0)

    def check(self, number: Fraction) -> None:
        _require_between(number, self.min, self.max)
        if self.step <= 0 or ((number - self.min) / self.step).denominator != 1:
            raise Invalid("Nilai harus kelipatan %(step)s.", step=show(self.step))

    def worth(self, number: Fraction) -> Fraction:
        return number

    @property
    def maximum(self) -> Fraction:
        return self.max

    @property
    def bounds(self) -> Bounds:
        return _hundredths(self.min), _hundredths(self.max), _hundredths(self.step)

    def describe(self) -> str:
        return f"{show(self.min)} sampai {show(self.max)} poin, kelipatan {show(self.step)}"

    def body(self) -> Mapping[str, object]:
        body = {"max": document_number(self.max), "step": document_number(self.step)}
        return body | ({"min": document_number(self.min)} if self.min else {})


class PickedPoints(NumberScale):
    """One of a list of allowed points."""

    @property
    @abstractmethod
    def allowed(self) -> tuple[Fraction, ...]: ...

    def check(self, number: Fraction) -> None:
        if number not in self.allowed:
            raise Invalid("Nilai harus salah satu dari: %(options)s.", options=" · ".join(map(show, self.allowed)))

    def worth(self, number: Fraction) -> Fraction:
        return number

    @property
    def maximum(self) -> Fraction:
        return max(self.allowed, default=Fraction(0))

    @property
    def bounds(self) -> Bounds:
        """The step is one hundredth since the gaps may differ; the rule itself checks the list."""
        return _hundredths(min(self.allowed, default=Fraction(0))), _hundredths(self.maximum), 1


@dataclass(frozen=True)
class Level:
    points: Fraction
    label: str
    description: str = ""


@dataclass(frozen=True)
class Rubric(PickedPoints):
    """One of several described levels."""

    kind: ClassVar[str] = "rubric"
    label: ClassVar[str] = "Rubrik bertingkat"
    levels: tuple[Level, ...]

    @property
    def allowed(self) -> tuple[Fraction, ...]:
        return tuple(level.points for level in self.levels)

    def describe(self) -> str:
        return "Rubrik: " + (" · ".join(f"{show(level.points)} {level.label}" for level in self.levels) or "belum diisi")

    def body(self) -> Mapping[str, object]:
        levels = [{"points": document_number(x.points), "label": x.label, "description": x.description} for x in self.levels]
        return {"levels": levels}


@dataclass(frozen=True)
class Choice(PickedPoints):
    kind: ClassVar[str] = "choice"
    label: ClassVar[str] = "Pilihan poin"
    allowed_points: tuple[Fraction, ...]

    @property
    def allowed(self) -> tuple[Fraction, ...]:
        return self.allowed_points

    def describe(self) -> str:
        return "Pilihan poin: " + (" · ".join(map(show, self.allowed)) or "belum diisi")

    def body(self) -> Mapping[str, object]:
        return {"points": [document_number(value) for value in self.allowed]}


@dataclass(frozen=True)
class Band:
    at_least: Fraction
    points: Fraction


@dataclass(frozen=True)
class Threshold(NumberScale):
    """A number earns the points of the highest band that it reaches (>=), otherwise the rest."""

    kind: ClassVar[str] = "threshold"
    label: ClassVar[str] = "Ambang nilai"
    bands: tuple[Band, ...]
    otherwise: Fraction

    def check(self, number: Fraction) -> None:
        _require_between(number, Fraction(0), Fraction(MOST_NUMBER))

    def worth(self, number: Fraction) -> Fraction:
        reached = [band for band in self.bands if number >= band.at_least]
        return max(reached, key=lambda band: band.at_least).points if reached else self.otherwise

    @property
    def maximum(self) -> Fraction:
        return max([band.points for band in self.bands] + [self.otherwise])

    @property
    def bounds(self) -> Bounds:
        return 0, MOST_NUMBER * HUNDRED, 1

    def describe(self) -> str:
        bands = sorted(self.bands, key=lambda band: -band.at_least)
        parts = [f"≥ {show(band.at_least)}: {show(band.points)} poin" for band in bands]
        return "; ".join([*parts, f"selain itu {show(self.otherwise)} poin"])

    def body(self) -> Mapping[str, object]:
        bands = [{"at_least": document_number(band.at_least), "points": document_number(band.points)} for band in self.bands]
        return {"bands": bands, "else": document_number(self.otherwise)}


@dataclass(frozen=True)
class YesNo(NumberScale):
    kind: ClassVar[str] = "yes_no"
    label: ClassVar[str] = "Ya atau tidak"
    words: ClassVar[Mapping[str, str]] = {"ya": "1", "yes": "1", "true": "1", "on": "1", "tidak": "0", "no": "0", "false": "0"}
    yes: Fraction
    no: Fraction

    def check(self, number: Fraction) -> None:
        if number not in (0, 1):
            raise Invalid("Jawab ya atau tidak.")

    def worth(self, number: Fraction) -> Fraction:
        return self.yes if number else self.no

    def read(self, value: object) -> Raw:
        return super().read(self.words.get(value.strip().lower(), value) if isinstance(value, str) else value)

    @property
    def maximum(self) -> Fraction:
        return max(self.yes, self.no)

    @property
    def bounds(self) -> Bounds:
        return 0, HUNDRED, HUNDRED

    def describe(self) -> str:
        return f"Ya {show(self.yes)} poin, tidak {show(self.no)} poin"

    def body(self) -> Mapping[str, object]:
        return {"yes": document_number(self.yes), "no": document_number(self.no)}


@dataclass(frozen=True)
class Percentage(NumberScale):
    """0 to 100 percent, in proportion to the points of 100 percent."""

    kind: ClassVar[str] = "percentage"
    label: ClassVar[str] = "Persentase"
    max: Fraction

    def check(self, number: Fraction) -> None:
        if not 0 <= number <= HUNDRED:
            raise Invalid("Persentase harus antara 0 dan 100.")

    def worth(self, number: Fraction) -> Fraction:
        return number * self.max / HUNDRED

    @property
    def maximum(self) -> Fraction:
        return self.max

    @property
    def bounds(self) -> Bounds:
        return 0, HUNDRED * HUNDRED, 1

    def describe(self) -> str:
        return f"Persentase; 100 persen bernilai {show(self.max)} poin"

    def body(self) -> Mapping[str, object]:
        return {"max": document_number(self.max)}


@dataclass(frozen=True)
class Count(NumberScale):
    """A whole number, so many points each, up to a cap."""

    kind: ClassVar[str] = "count"
    label: ClassVar[str] = "Jumlah"
    points_each: Fraction
    cap: Fraction

    def check(self, number: Fraction) -> None:
        if number.denominator != 1 or not 0 <= number <= MOST_COUNT:
            raise Invalid("Jumlah harus bilangan bulat antara 0 dan %(high)s.", high=str(MOST_COUNT))

    def worth(self, number: Fraction) -> Fraction:
        return min(self.cap, number * self.points_each)

    @property
    def maximum(self) -> Fraction:
        return self.cap if self.points_each else Fraction(0)

    @property
    def bounds(self) -> Bounds:
        return 0, MOST_COUNT * HUNDRED, HUNDRED

    def describe(self) -> str:
        return f"{show(self.points_each)} poin per satuan, paling banyak {show(self.cap)} poin"

    def body(self) -> Mapping[str, object]:
        return {"points_each": document_number(self.points_each), "cap": document_number(self.cap)}


def _require_between(number: Fraction, low: Fraction, high: Fraction) -> None:
    if not low <= number <= high:
        raise Invalid("Nilai harus antara %(low)s dan %(high)s.", low=show(low), high=show(high))


def _hundredths(value: Fraction) -> int:
    return int(value * HUNDRED)
