"""The codes that results carry, put into Indonesian sentences; results keep codes so that wording never changes a hash."""

from __future__ import annotations

from collections.abc import Mapping

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


def explain_decision(decided_by: str | None, definition: Definition) -> str:
    """What decided a place among equal scores, in words; empty when nothing had to."""
    if decided_by is None:
        return ""
    if decided_by in {COMMITTEE, UNRESOLVED}:
        return "Keputusan tim penilai" if decided_by == COMMITTEE else "Belum diputuskan"
    by, _, code = decided_by.partition(":")
    facts: dict[str, object] = {by: code}
    _name_codes(facts, definition)
    return ATTRIBUTES.get(code, code) if by == "attribute" else f"Nilai {facts[by]}"


def _name_codes(facts: dict[str, object], definition: Definition) -> None:
    components = {part.code: part.label for part in definition.components}
    criteria = {criterion.code: criterion.label for _, criterion in all_criteria(definition)}
    for key, labels in (("component", components), ("criterion", criteria)):
        if key in facts:
            facts[key] = labels.get(str(facts[key]), facts[key])


def _comma(value: object) -> object:
    """Numbers in text are shown with a decimal comma."""
    return value.replace(".", ",") if isinstance(value, str) and value.replace(".", "", 1).isdecimal() else value
