"""How a nomination reads to its unit: tones of states, what lacks where, and the steps of its form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import Flask

from sipetruk.portal import given
from sipetruk.rules.nip import format_nip
from sipetruk.rules.workflow import DECIDED, EDITABLE, NOT_SUBMITTED, RANKED_IN, NominationState

TONES = {
    "ENDORSED": "warn",
    "SUBMITTED": "good",
    "RETURNED": "bad",
    "VERIFIED": "good",
    "REJECTED": "bad",
    "ASSESSED": "good",
    "RANKED": "good",
    "AWARDED": "good",
}


def init_nomination_words(app: Flask) -> None:
    app.jinja_env.filters.update(
        nada=tone,
        nip=format_nip,
        jawaban=given.shown,
        berbeda=given.differing,
        langkah=steps,
        langkah_dari=step_of,
        lacking_in=lacking_in,
        of_field=of_field,
        akhiran=endings,
        semua_berkas=requirements,
    )
    app.jinja_env.tests.update(
        di_unit=lambda state: NominationState[state] in EDITABLE,
        belum_diajukan=lambda state: NominationState[state] in NOT_SUBMITTED,
        berperingkat=lambda state: NominationState[state] in RANKED_IN,
        diputus=lambda state: NominationState[state] in DECIDED,
    )


def tone(state: str) -> str:
    return TONES.get(state, "")


def lacking_in(missing: Iterable[Mapping[str, Any]], part: str) -> int:
    """How much is missing in a part of the nomination: `answers` or `evidence`."""
    return sum(1 for each in missing if each["path"] and each["path"][0] == part)


def of_field(problems: Iterable[Mapping[str, Any]], code: str) -> list[Mapping[str, Any]]:
    """The problems that are about this input."""
    return [each for each in problems if each["path"] and each["path"][-1] == code]


def requirements(form: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Every file that a form asks for: evidence, then the questions that ask for files."""
    return [*form["evidence"], *(field["file"] for field in form["fields"] if field["file"])]


def endings(kinds: Sequence[str]) -> str:
    """The accepted kinds as the file dialogue wants them: `.pdf,.jpg,.jpeg`."""
    return ",".join(f".{kind}" for kind in [*kinds, *(["jpeg"] if "jpg" in kinds else [])])


def step_of(fields: Sequence[Mapping[str, Any]], code: str) -> int | None:
    """The number of the step in which a question is asked; None where the form has one step only."""
    groups = list(dict.fromkeys(each["group"] for each in fields))
    group = next((each["group"] for each in fields if each["code"] == code), None)
    return groups.index(group) + 1 if group is not None and len(groups) > 1 else None


def steps(fields: Sequence[Mapping[str, Any]], missing: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The steps of a form with what each still lacks; none where the form has one step only."""
    lacking = [each["path"][1] for each in missing if each["path"][:1] == ["answers"] and len(each["path"]) > 1]
    found: dict[str, dict[str, Any]] = {}
    for each in fields:
        step = found.setdefault(each["group"], {"number": len(found) + 1, "title": each["group"] or "Isian", "lacking": 0})
        step["lacking"] += each["code"] in lacking
    return list(found.values()) if len(found) > 1 else []
