"""What changed between two versions of an instrument, thing by thing, in words that fit on paper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sipetruk.rules.definition import Definition

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
    "order": "urutan",
    "accept": "jenis berkas",
    "max_mb": "ukuran berkas",
    "max_files": "jumlah berkas",
    "template": "berkas contoh",
}


@dataclass(frozen=True)
class Change:
    """One difference. `kind` is added, removed or changed; `before` and `after` are document values."""

    kind: str
    path: tuple[str, ...]
    label: str
    before: Any = None
    after: Any = None

    @property
    def message(self) -> str:
        verb = {"added": "ditambahkan", "removed": "dihapus", "changed": "diubah"}[self.kind]
        return f"{self.label} {verb}."


def diff(old: Definition, new: Definition) -> list[Change]:
    """Every difference, in the order of the document; an empty list means equal definitions."""
    before, after = old.to_dict(), new.to_dict()
    changes = list(_keys(before, after, ("title", "description", "source"), (), "Instrumen"))
    changes += _keys(before["policy"], after["policy"], None, ("policy",), "Aturan hitung")
    changes += _things("components", _without(before["components"], "criteria"), _without(after["components"], "criteria"))
    changes += _things("criteria", _flat_criteria(before["components"]), _flat_criteria(after["components"]))
    for name in ("evidence", "fields"):
        changes += _things(name, before[name], after[name])
    return changes


def _things(name: str, before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> Iterator[Change]:
    old, new = ({thing["code"]: thing for thing in things} for things in (before, after))
    for code, thing in old.items():
        if code not in new:
            yield Change("removed", (name, code), f"{_THINGS[name]} “{thing['label']}”", before=thing)
    for code, thing in new.items():
        label = f"{_THINGS[name]} “{thing['label']}”"
        if code not in old:
            yield Change("added", (name, code), label, after=thing)
        else:
            yield from _keys(old[code], thing, None, (name, code), label)
    old_order, new_order = [code for code in old if code in new], [code for code in new if code in old]
    if old_order != new_order:
        yield Change("changed", (name, "order"), f"{_THINGS[name]}: urutan", old_order, new_order)


def _keys(
    before: Mapping[str, Any], after: Mapping[str, Any], keys: Sequence[str] | None, path: tuple[str, ...], label: str
) -> Iterator[Change]:
    for key in keys or after:
        if before.get(key) != after.get(key):
            yield Change("changed", (*path, key), f"{label}: {_KEYS.get(key, key)}", before.get(key), after.get(key))


def _flat_criteria(components: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [{**criterion, "component": part["code"]} for part in components for criterion in part["criteria"]]


def _without(things: Sequence[Mapping[str, Any]], key: str) -> list[Mapping[str, Any]]:
    return [{name: value for name, value in thing.items() if name != key} for thing in things]
