"""What every kind of scale can do: points, reading what is typed, bounds, words, document."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from fractions import Fraction
from typing import ClassVar

Raw = str | dict[str, int]
"""A value as it is stored and sealed: canonical text, or counts per entry for a tally."""

Bounds = tuple[int, int, int]
"""Smallest, largest and step of a raw number, in hundredths."""

MOST_COUNT = 999
MOST_NUMBER = 10_000
HUNDRED = 100


class Scale(ABC):
    """What every kind of scale can do."""

    kind: ClassVar[str]
    label: ClassVar[str]

    @abstractmethod
    def points(self, raw: object) -> Fraction:
        """The points of a raw value; Invalid when the scale does not allow it, TypeError for a float."""

    @abstractmethod
    def read(self, value: object) -> Raw:
        """The canonical raw value of what somebody typed; Invalid and TypeError as for `points`."""

    @property
    @abstractmethod
    def maximum(self) -> Fraction:
        """The most points that the scale can give."""

    @abstractmethod
    def describe(self) -> str:
        """One Indonesian line that says how the scale works."""

    @abstractmethod
    def body(self) -> Mapping[str, object]:
        """The scale's document without its kind."""

    @property
    def bounds(self) -> Bounds | None:
        """None where the raw value is no number."""
        return None
