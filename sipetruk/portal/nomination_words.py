"""How a nomination reads to its unit: tones of states, what lacks where, and the way it has gone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import Flask

from sipetruk.portal import given
from sipetruk.rules.nip import format_nip

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
VERDICTS = {
    "RETURNED": "Dikembalikan untuk diperbaiki",
    "ACCEPTED": "Dinyatakan memenuhi syarat",
    "REJECTED": "Dinyatakan tidak memenuhi syarat",
}


def init_nomination_words(app: Flask) -> None:
    app.jinja_env.filters.update(
        nada=tone,
        nip=format_nip,
        jawaban=given.shown,
        berbeda=given.differing,
        riwayat=events,
        lacking_in=lacking_in,
        of_field=of_field,
        akhiran=endings,
        semua_berkas=requirements,
    )


def tone(state: str) -> str:
    return TONES.get(state, "")


def events(nomination: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What happened to a nomination, oldest first."""
    found = [_event("Draf disusun", nomination["createdAt"])]
    if signed := nomination["endorsement"]:
        found.append(_event("Disahkan", signed["at"], signed["byName"], signed["note"]))
    if back := nomination["sentBack"]:
        found.append(_event("Dikembalikan ke penyusun", back["at"], back["byName"], back["note"]))
    if nomination["submittedAt"]:
        found.append(_event("Diajukan ke BKPSDM", nomination["submittedAt"]))
    found += [_event(VERDICTS[each["verdict"]], each["at"], each["byName"], each["reason"]) for each in nomination["history"]]
    return sorted(found, key=lambda event: str(event["at"]))


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


def _event(label: str, at: str, who: str = "", note: str = "") -> dict[str, Any]:
    return {"label": label, "at": at, "who": who, "note": note}
