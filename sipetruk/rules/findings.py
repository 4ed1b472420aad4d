"""A remark on an instrument: what is wrong or could be better, and the place in the instrument that it is about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sipetruk.errors import Problem


@dataclass(frozen=True)
class Finding:
    """One remark: an "error" stops the lock, a "warning" is advice. `path` uses codes: ("components", "inovatif", "weight")."""

    severity: str
    path: tuple[str, ...]
    template: str
    params: tuple[tuple[str, str], ...] = ()

    @property
    def message(self) -> str:
        return self.problem.message

    @property
    def problem(self) -> Problem:
        return Problem(self.template, self.path, "BAD_USER_INPUT", dict(self.params))


def error(*path: str, text: str, **params: str) -> Finding:
    return Finding("error", path, text, tuple(params.items()))


def warning(*path: str, text: str, **params: str) -> Finding:
    return Finding("warning", path, text, tuple(params.items()))


def same_words(text: str) -> str:
    """Two names with the same result look the same to a reader: case and spaces do not tell them apart."""
    return " ".join(text.split()).casefold()


def doubled(labels: Iterable[str]) -> dict[int, str]:
    """Position of every label that an earlier one has used already -> that earlier label."""
    first: dict[str, str] = {}
    found: dict[int, str] = {}
    for at, label in enumerate(labels):
        words = same_words(label)
        if words in first:
            found[at] = first[words]
        first.setdefault(words, label)
    return found
