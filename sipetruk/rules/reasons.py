"""The codes that results carry, put into Indonesian sentences; results keep codes so that wording never changes a hash."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sipetruk.rules.definition import ATTRIBUTES, Definition, all_criteria
from sipetruk.rules.ranking import COMMITTEE, UNRESOLVED
from sipetruk.rules.scoring import Reason

TEMPLATES = {
    "MARKS_NOT_YET": "Nilai “%(criterion)s” belum diberikan oleh %(count)s penilai.",
    "TOO_FEW_MARKS": "Nilai “%(criterion)s” baru dari %(found)s penilai, sedikitnya %(needed)s.",
    "VALUE_MISSING": "Data “%(criterion)s” belum ada.",
    "BELOW_FLOOR": "Nilai %(component)s %(score)s di bawah batas %(at_least)s.",
    "FEWER_MARKS": "Nilai “%(criterion)s” dari %(found)s di antara %(panel)s penilai.",
    "EXACT_ORDER_DIFFERS": "Nilai tercetak sama dengan calon lain, tetapi urutan nilai eksaknya berbeda dari peringkat.",
    "ATTRIBUTE_UNKNOWN": "%(attribute)s belum tercatat, sehingga tidak dapat menentukan urutan nilai sama.",
    "INCOMPLETE_NOMINEE": "Penilaian %(nominee)s belum lengkap.",
    "TIE_ACROSS_LAST_AWARD": "%(count)s calon bernilai sama memperebutkan %(places)s tempat terakhir; tim harus memutuskan urutannya.",
    "TIE_ACROSS_QUOTA": "%(count)s calon bernilai sama melampaui kuota unit (%(quota)s); tim harus memutuskan urutannya.",
    "UNIT_QUOTA_FULL": "Kuota unit kerja ini (%(quota)s) sudah terisi.",
}

UNDECIDED = "Belum diputuskan"
DECIDED = "Sudah diputuskan, berlaku setelah dihitung ulang"
NEEDLESS = "Tidak perlu diputuskan: tidak mengubah pemenang"
ALL_GO_ON = "Tidak perlu diputuskan: semua yang seri pada batas finalis lanjut"


def explain(reason: Reason, definition: Definition | None = None, names: Mapping[str, str] | None = None) -> str:
    """One sentence for a reason, warning or block; `names` turns nominee ids into names where they may be shown."""
    facts: dict[str, object] = {key: _comma(value) for key, value in reason.items()}
    facts["count"] = reason["waiting"] if "waiting" in reason else len(reason.get("assessors") or reason.get("ids") or ())
    facts["nominee"] = (names or {}).get(str(reason.get("id")), "seorang calon")
    if definition is not None:
        _name_codes(facts, definition)
    if "attribute" in reason:
        facts["attribute"] = ATTRIBUTES.get(reason["attribute"], reason["attribute"])
    return TEMPLATES[reason["code"]] % facts


def explain_decided(reason: Reason) -> str:
    """One sentence for a tie that blocked, and that was decided after the computation."""
    return f"Urutan {len(reason['ids'])} calon bernilai sama sudah diputuskan; hitung ulang agar berlaku."


def explain_decision(decided_by: str | None, definition: Definition, open_tie: str = UNDECIDED) -> str:
    """What decided a place among equal scores, in words; empty when nothing had to. `open_tie` is said where nothing did."""
    if decided_by is None:
        return ""
    if decided_by in {COMMITTEE, UNRESOLVED}:
        return "Keputusan tim penilai" if decided_by == COMMITTEE else open_tie
    by, _, code = decided_by.partition(":")
    facts: dict[str, object] = {by: code}
    _name_codes(facts, definition)
    return ATTRIBUTES.get(code, code) if by == "attribute" else f"Nilai {facts[by]}"


def decider(decided_by: str | None, words: str) -> str:
    """A place among equal scores as a sentence: "Penentu: ...", or what is to be said of an open tie; `words` say what decided."""
    return words if decided_by == UNRESOLVED or not words else f"Penentu: {words}"


def open_ties(
    document: Mapping[str, Any], *, is_first_stage: bool = False, decided: Collection[Collection[str]] = ()
) -> dict[tuple[str, ...], str]:
    """The ties that a sealed computation left open (ids, the best first), and what is to be said of each.

    Of the document only the quota and the award are read. `decided` are groups that were put in order since. After a first
    stage all who tie at the border go on.
    """
    groups = [tuple(group) for group in document["result"]["award"]["unresolved"]]
    known = {frozenset(group) for group in decided}
    needless = frozenset(groups if is_first_stage else _needless(document, groups))
    said = ALL_GO_ON if is_first_stage else NEEDLESS
    return {group: DECIDED if frozenset(group) in known else said if group in needless else UNDECIDED for group in groups}


def _needless(document: Mapping[str, Any], groups: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The groups whose order changes nothing about who wins.

    Nobody can tell while somebody is incomplete, nor behind a tie that must be decided, where units have a quota: its order
    says who of them takes a place.
    """
    blocked = document["result"]["award"]["blocked"]
    if any(reason["code"] == "INCOMPLETE_NOMINEE" for reason in blocked):
        return []
    if not blocked:
        return groups
    at = groups.index(tuple(blocked[0]["ids"]))
    has_quota = document["inputs"]["category"]["quota_per_unit"] is not None
    return groups[:at] if has_quota else groups[:at] + groups[at + 1 :]


def _name_codes(facts: dict[str, object], definition: Definition) -> None:
    components = {part.code: part.label for part in definition.components}
    criteria = {criterion.code: criterion.label for _, criterion in all_criteria(definition)}
    for key, labels in (("component", components), ("criterion", criteria)):
        if key in facts:
            facts[key] = labels.get(str(facts[key]), facts[key])


def _comma(value: object) -> object:
    """Numbers in text are shown with a decimal comma."""
    return value.replace(".", ",") if isinstance(value, str) and value.replace(".", "", 1).isdecimal() else value
