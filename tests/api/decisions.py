"""The table of who may read what, as text: a type, and below it the people with the fields that hold something for them.

Nomination
  unit head verifier: id number | outsider       after the bar: to whom it is refused with an error, not left empty
  nobody: purgedAt  # why nobody reads it in the world of the tests
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

Field = tuple[str, str]
NOBODY = "nobody"
LINE = re.compile(r"  (?P<readers>[a-z0-9 ]+?)(?: \| (?P<refused>[a-z0-9 ]+))?: (?P<fields>[A-Za-z0-9 ]+?)(?:  # (?P<why>.+))?")
WIDTH = 130


@dataclass(frozen=True)
class Decision:
    """Who reads a field, and to whom it is refused by an error."""

    readers: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()

    def words(self, people: Iterable[str]) -> str:
        order = list(people)
        readers = " ".join(each for each in order if each in self.readers) or NOBODY
        refused = " ".join(each for each in order if each in self.refused)
        return readers + (f" | {refused}" if refused else "")


def read(path: Path, people: Iterable[str]) -> dict[Field, Decision]:
    """Every decision of a file; `everyone` stands for all people. A field decided twice, or by nobody without a reason, is refused."""
    known = list(people)
    found: dict[Field, Decision] = {}
    kind = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        if not line.startswith(" "):
            kind = line
            continue
        parts = LINE.fullmatch(line)
        assert parts is not None, f"{path.name}: not understood: {line}"
        decision = Decision(_people(parts["readers"], known), _people(parts["refused"] or "", known))
        assert decision.readers or parts["why"], f"{path.name}: {kind} says of nobody's fields no reason: {line}"
        for name in parts["fields"].split():
            assert (kind, name) not in found, f"{path.name}: {kind}.{name} is decided twice"
            found[kind, name] = decision
    return found


def _people(words: str, known: list[str]) -> frozenset[str]:
    named = [] if words == NOBODY else known if words == "everyone" else words.split()
    assert set(named) <= set(known), f"unknown people: {words}"
    return frozenset(named)


def differences(decided: Mapping[Field, Decision], observed: Mapping[Field, Decision], people: Iterable[str]) -> list[str]:
    """What the table and the world disagree about, one line a field."""
    order = list(people)
    lines = []
    for at in sorted({*decided, *observed}):
        name = ".".join(at)
        if at not in decided:
            lines.append(f"{name} has no decision; read by: {observed[at].words(order)}")
        elif at not in observed:
            lines.append(f"{name} is decided but does not exist")
        elif decided[at] != observed[at]:
            lines.append(f"{name} was decided for: {decided[at].words(order)}; read by: {observed[at].words(order)}")
    return lines
