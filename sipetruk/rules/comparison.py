"""What differs between two versions of an instrument, thing by thing, in words that fit on paper, and what it does to the weights."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sipetruk.rules.definition import Component, Criterion, Definition, all_criteria
from sipetruk.rules.document_words import Words
from sipetruk.rules.scoring import component_factor, criterion_factor

KINDS = {"added": "Ditambahkan", "removed": "Dihapus", "changed": "Diubah", "moved": "Dipindahkan"}
_THINGS = {"components": "Komponen", "criteria": "Kriteria", "evidence": "Bukti dukung", "fields": "Isian formulir"}
_KEYS = {
    "title": "judul",
    "description": "uraian",
    "source": "sumber",
    "label": "nama",
    "help": "petunjuk",
    "weight": "bobot",
    "scale": "skala",
    "evidence": "bukti dukung",
    "note_min_chars": "panjang catatan",
    "combine": "cara menggabungkan nilai",
    "aggregation": "agregasi antarpenilai",
    "rounding": "pembulatan",
    "min_assessors": "jumlah penilai paling sedikit",
    "floors": "batas nilai komponen",
    "tie_chain": "penentu nilai sama",
    "component": "komponen",
    "required": "wajib",
    "options": "pilihan",
    "accept": "jenis berkas",
    "max_mb": "ukuran berkas (MB)",
    "max_files": "jumlah berkas",
    "template": "berkas contoh",
    "kind": "jenis",
    "group": "kelompok",
    "min_chars": "huruf paling sedikit",
    "max_chars": "huruf paling banyak",
    "min": "angka terkecil",
    "max": "angka terbesar",
    "unit": "satuan",
    "shown_when": "syarat tampil",
}


@dataclass(frozen=True)
class Change:
    """One difference. `kind` is a key of KINDS, `before` and `after` are document values, `was` and `now` the same in words.

    A thing moved by order has its old and new place among its like, counted from 1.
    """

    kind: str
    path: tuple[str, ...]
    label: str
    before: Any = None
    after: Any = None
    was: str = ""
    now: str = ""

    @property
    def message(self) -> str:
        return f"{self.label} {KINDS[self.kind].lower()}."


@dataclass(frozen=True)
class Share:
    """What a criterion can add to the total at most, in percent, before and after; None where it does not count."""

    code: str
    label: str
    component: str
    before: Fraction | None
    after: Fraction | None

    @property
    def difference(self) -> Fraction:
        return (self.after or Fraction(0)) - (self.before or Fraction(0))


def diff(old: Definition, new: Definition) -> list[Change]:
    """Every difference, in the order of the document; an empty list means equal definitions."""
    before, after = old.to_dict(), new.to_dict()
    compare = _Comparison(Words(old), Words(new))
    changes = list(compare.keys(before, after, ("title", "description", "source"), (), "Instrumen"))
    changes += compare.keys(before["policy"], after["policy"], None, ("policy",), "Aturan hitung")
    changes += compare.things("components", _without(before["components"], "criteria"), _without(after["components"], "criteria"))
    changes += compare.things("criteria", _flat_criteria(before["components"]), _flat_criteria(after["components"]))
    for name in ("evidence", "fields"):
        changes += compare.things(name, before[name], after[name])
    return changes


def shares(old: Definition, new: Definition) -> list[Share]:
    """Every criterion that counts in one of the two, in the order of the new one, those that are gone at the end."""
    before, after = _shares(old), _shares(new)
    found = [Share(code, each.label, part.label, before.get(code, (None,))[0], share) for code, (share, part, each) in after.items()]
    return found + [Share(code, each.label, part.label, share, None) for code, (share, part, each) in before.items() if code not in after]


def criterion_share(definition: Definition, part: Component, criterion: Criterion) -> Fraction:
    """The most that a criterion can add to the total, which is its percentage of 100."""
    if not criterion.maximum:
        return Fraction(0)
    return criterion.maximum * criterion_factor(definition, part, criterion) * component_factor(definition, part)


def _shares(definition: Definition) -> dict[str, tuple[Fraction, Component, Criterion]]:
    return {each.code: (criterion_share(definition, part, each), part, each) for part, each in all_criteria(definition) if each.is_scored}


class _Comparison:
    """Compares parts of two documents, telling each value in the words of its own definition."""

    def __init__(self, old: Words, new: Words) -> None:
        self._old, self._new = old, new

    def things(self, name: str, before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> Iterator[Change]:
        old, new = ({thing["code"]: thing for thing in things} for things in (before, after))
        for code, thing in old.items():
            if code not in new:
                yield Change("removed", (name, code), _label(name, thing), before=thing, was=self._old.thing(name, thing))
        for code, thing in new.items():
            if code not in old:
                yield Change("added", (name, code), _label(name, thing), after=thing, now=self._new.thing(name, thing))
            else:
                yield from self.keys(old[code], thing, None, (name, code), _label(name, thing))
        yield from self._moves(name, old, new)

    def keys(
        self, before: Mapping[str, Any], after: Mapping[str, Any], keys: Sequence[str] | None, path: tuple[str, ...], label: str
    ) -> Iterator[Change]:
        for key in keys or after:
            was, now = before.get(key), after.get(key)
            if was != now:
                kind, what = ("moved", label) if key == "component" else ("changed", f"{label}: {_KEYS.get(key, key)}")
                yield Change(kind, (*path, key), what, was, now, self._old.of(key, was), self._new.of(key, now))

    def _moves(self, name: str, old: Mapping[str, Mapping[str, Any]], new: Mapping[str, Mapping[str, Any]]) -> Iterator[Change]:
        """The fewest things that must be moved to come from the old order to the new one, home by home."""
        homes = dict.fromkeys(thing.get("component") for thing in new.values())
        for home in homes:
            was = [code for code, thing in old.items() if thing.get("component") == home]
            now = [code for code, thing in new.items() if thing.get("component") == home]
            stayed = [code for code in now if code in was]
            kept = _longest_rise([was.index(code) for code in stayed])
            for code in (code for at, code in enumerate(stayed) if at not in kept):
                first, second = was.index(code) + 1, now.index(code) + 1
                path = (name, code, "order")
                yield Change("moved", path, _label(name, new[code]), first, second, f"urutan ke-{first}", f"urutan ke-{second}")


def _label(name: str, thing: Mapping[str, Any]) -> str:
    return f"{_THINGS[name]} “{thing['label']}”"


def _longest_rise(numbers: Sequence[int]) -> set[int]:
    """The places of a longest rising subsequence; of several the one that keeps the earliest things."""
    length, following = [1] * len(numbers), [-1] * len(numbers)
    for at in reversed(range(len(numbers))):
        for later in range(at + 1, len(numbers)):
            if numbers[later] > numbers[at] and length[later] + 1 > length[at]:
                length[at], following[at] = length[later] + 1, later
    kept: set[int] = set()
    at = length.index(max(length)) if numbers else -1
    while at >= 0:
        kept.add(at)
        at = following[at]
    return kept


def _flat_criteria(components: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [{**criterion, "component": part["code"]} for part in components for criterion in part["criteria"]]


def _without(things: Sequence[Mapping[str, Any]], key: str) -> list[Mapping[str, Any]]:
    return [{name: value for name, value in thing.items() if name != key} for thing in things]
