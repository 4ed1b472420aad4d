"""A tiny round for tests, made through the services: an instrument, a period with a category, employees, nominations.

Shared by the tests of services, queries, panel, api and portal; it leans on the `cast` fixture. Typical use:

    round_ = builders.open_round(cast)                         a period that takes nominations, panel: assessor, assessor2
    id_ = builders.submitted(cast, round_, "Budi Santoso")     drafted, answered, with evidence, endorsed, submitted
    round_, (budi, wati) = builders.assessing(cast, "Budi Santoso", "Wati Lestari")

Each step stands at a moment of its own within the windows of the round; `during_nomination()` is for steps that a test
takes itself while the nomination window is open.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import peewee as pw

from sipetruk.models import Employee, InstrumentVersion, Nomination, Period, Sheet
from sipetruk.rules.permissions import SYSTEM, Actor
from sipetruk.rules.workflow import PeriodMove, Stage
from sipetruk.services import assessment, checks, clock, evidence, instruments, nominations, people, periods
from tests.cast import Cast
from tests.kept import kept

WINDOWS = {
    Stage.NOMINATION: (date(2024, 10, 1), date(2024, 10, 15)),
    Stage.VERIFICATION: (date(2024, 10, 16), date(2024, 10, 22)),
    Stage.ASSESSMENT: (date(2024, 10, 23), date(2024, 10, 31)),
    Stage.RANKING: (date(2024, 11, 1), date(2024, 11, 5)),
    Stage.DETERMINATION: (date(2024, 11, 6), date(2024, 11, 15)),
    Stage.PUBLICATION: (date(2024, 11, 16), date(2024, 11, 30)),
}
"""The schedule of the round, which runs in WITA."""

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
"""The first bytes of each kind of file that can be evidence."""

ANSWERS = {"judul": "Antrean daring puskesmas", "tingkat": "kabupaten", "penghargaan": {"nasional": 1}}
FULL_MARKS = {
    "gagasan": {"state": "scored", "value": "40", "note": ""},
    "dampak": {"state": "scored", "value": "20", "note": "Dampaknya luas."},
    "disiplin": {"state": "scored", "value": "1", "note": ""},
}
"""The best mark on every criterion that assessors mark."""


@dataclass(frozen=True)
class Round:
    period_id: int
    category_id: int
    version_id: int


def tiny_instrument(**changes: Any) -> dict[str, Any]:
    """100 points: gagasan 40 (steps of 0.5), dampak 20 (rubric, note), disiplin 20 (yes or no), penghargaan 20 (tally by the unit)."""
    document = {
        "format": "sipetruk-instrument/1",
        "title": "Instrumen kecil",
        "description": "",
        "source": "",
        "policy": {
            "combine": "sum_of_points",
            "aggregation": {"kind": "mean"},
            "rounding": {"stage": "end", "mode": "half_up", "decimals": 2},
            "min_assessors": 2,
            "floors": [],
            "tie_chain": [{"by": "component", "code": "inovasi"}],
        },
        "components": [
            {
                "code": "inovasi",
                "label": "Inovasi",
                "help": "",
                "weight": None,
                "criteria": [
                    criterion("gagasan", "Gagasan", {"kind": "points", "max": 40, "step": "0.5"}, evidence=["proposal"]),
                    criterion(
                        "dampak",
                        "Dampak",
                        {
                            "kind": "rubric",
                            "levels": [
                                {"points": 0, "label": "Tidak ada", "description": "Tanpa dampak."},
                                {"points": 10, "label": "Terbatas", "description": "Di unit sendiri."},
                                {"points": 20, "label": "Luas", "description": "Di seluruh kabupaten."},
                            ],
                        },
                        note_min_chars=10,
                    ),
                ],
            },
            {
                "code": "rekam_jejak",
                "label": "Rekam jejak",
                "help": "",
                "weight": None,
                "criteria": [
                    criterion("disiplin", "Disiplin", {"kind": "yes_no", "yes": 20, "no": 0}),
                    criterion(
                        "penghargaan",
                        "Penghargaan",
                        {
                            "kind": "tally",
                            "entries": [
                                {"code": "nasional", "label": "Nasional", "points": 20},
                                {"code": "provinsi", "label": "Provinsi", "points": 10},
                            ],
                            "cap": 20,
                        },
                        source="unit",
                    ),
                ],
            },
        ],
        "evidence": [
            requirement("proposal", "Proposal", accept=["pdf"], max_files=2),
            requirement("foto", "Foto kegiatan", accept=["jpg", "png"], required=False),
            requirement("skp", "Laporan SKP", source="system"),
        ],
        "fields": [
            field("judul", "Judul inovasi", "short_text", required=True, max_chars=100),
            field("tingkat", "Tingkat", "choice", options=[{"code": "kabupaten", "label": "Kabupaten"}, {"code": "unit", "label": "Unit"}]),
        ],
    }
    return document | changes


def criterion(code: str, label: str, scale: Mapping[str, Any], *, source: str = "assessor", **changes: Any) -> dict[str, Any]:
    base = {"code": code, "label": label, "help": "", "weight": None, "scale": dict(scale), "source": {"kind": source}}
    return base | {"evidence": [], "note_min_chars": 0} | changes


def requirement(code: str, label: str, **changes: Any) -> dict[str, Any]:
    base = {"code": code, "label": label, "help": "", "required": True, "source": "unit"}
    return base | {"accept": ["pdf"], "max_mb": 1, "max_files": 1} | changes


def field(code: str, label: str, kind: str, **changes: Any) -> dict[str, Any]:
    base = {"code": code, "label": label, "help": "", "group": "", "kind": kind, "required": False}
    nothing = dict.fromkeys(("min_chars", "max_chars", "min", "max", "shown_when"))
    return base | nothing | {"unit": "", "options": []} | changes


def locked_version(document: Mapping[str, Any] | None = None, *, actor: Actor = SYSTEM) -> int:
    """A locked version of an instrument of its own."""
    number = _next(InstrumentVersion)
    version_id = instruments.create(actor, code=f"kecil-{number}", name="Instrumen kecil", definition=document or tiny_instrument())
    instruments.lock(actor, version_id=version_id, expected_version=InstrumentVersion.get_by_id(version_id).row_version)
    return version_id


def _next(table: type[pw.Model]) -> int:
    """A number that no row of this database was made with."""
    return int(table.select(pw.fn.MAX(table.id)).scalar() or 0) + 1


@kept
def prepared_round(
    cast: Cast,
    document: Mapping[str, Any] | None = None,
    *,
    panel: Sequence[Actor] | None = None,
    slug: str = "2024",
    **category: Any,
) -> Round:
    """A period in preparation with its schedule, one category and its panel."""
    with standing_at(2024, 9, 20):
        version_id = locked_version(document, actor=cast.bkpsdm)
        period_id = periods.create(cast.bkpsdm, name=f"ASN Berprestasi {slug}", year=2024, slug=slug)
        periods.set_windows(cast.bkpsdm, period_id=period_id, windows=WINDOWS, expected_version=1)
        wanted = {"name": "ASN Inovatif", "slug": "inovatif", "winners": 1} | category
        category_id = periods.add_category(cast.bkpsdm, period_id=period_id, instrument_version_id=version_id, **wanted)
        members = (cast.assessor, cast.assessor2) if panel is None else panel
        periods.set_panel(cast.bkpsdm, category_id=category_id, user_ids=[member.user_id for member in members if member.user_id])
    return Round(period_id, category_id, version_id)


@kept
def open_round(cast: Cast, document: Mapping[str, Any] | None = None, **options: Any) -> Round:
    """The same, taking nominations from 1 to 15 October 2024."""
    round_ = prepared_round(cast, document, **options)
    with standing_at(2024, 10, 1):
        move(cast, round_, PeriodMove.OPEN)
    return round_


def move(cast: Cast, round_: Round, step: PeriodMove) -> None:
    """Take the period of the round one step on, as its schedule allows at the present moment."""
    version = Period.get_by_id(round_.period_id).row_version
    periods.move(cast.bkpsdm, period_id=round_.period_id, move=step, expected_version=version)


def employee(unit_id: int, name: str, **changes: Any) -> int:
    """A PNS of a work unit with a synthetic number of their own."""
    number = _next(Employee)
    nip = f"19860926201505{1 + number % 2}{number % 999 + 1:03d}"
    born = date(1986, 9, 26)
    person = {
        "nip": nip,
        "kind": "PNS",
        "name": name,
        "unit_id": unit_id,
        "position": "Pranata Komputer Ahli Muda",
        "position_type": "2",
        "grade": "III/c",
        "appointed_on": date(2015, 5, 1),
        "born_on": born,
    } | changes
    return people.register_employees(SYSTEM, employees=[people.NewEmployee(**person)])[0]


@kept
def drafted(cast: Cast, round_: Round, name: str = "Budi Santoso") -> int:
    """A draft of the first work unit with nothing filled in."""
    employee_id = employee(cast.unit_id, name)
    with during_nomination():
        return nominations.draft(cast.unit_admin, category_id=round_.category_id, employee_id=employee_id)


@kept
def filled(cast: Cast, round_: Round, name: str = "Budi Santoso", answers: Mapping[str, Any] | None = None) -> int:
    """A draft with every answer and every required file."""
    id_ = drafted(cast, round_, name)
    with during_nomination():
        nominations.save_answers(cast.unit_admin, nomination_id=id_, answers=answers or ANSWERS, expected_version=version_of(id_))
        attach(cast.unit_admin, id_)
    return id_


@kept
def endorsed(cast: Cast, round_: Round, name: str = "Budi Santoso", answers: Mapping[str, Any] | None = None) -> int:
    id_ = filled(cast, round_, name, answers)
    with during_nomination():
        nominations.endorse(cast.unit_head, nomination_id=id_, expected_version=version_of(id_))
    return id_


@kept
def submitted(cast: Cast, round_: Round, name: str = "Budi Santoso", answers: Mapping[str, Any] | None = None) -> int:
    id_ = endorsed(cast, round_, name, answers)
    with during_nomination():
        nominations.submit(cast.unit_admin, nomination_id=id_, expected_version=version_of(id_))
    return id_


@kept
def verified(cast: Cast, round_: Round, name: str = "Budi Santoso", answers: Mapping[str, Any] | None = None) -> int:
    id_ = submitted(cast, round_, name, answers)
    with standing_at(2024, 10, 14):
        check_all(cast, id_)
        checks.accept(cast.verifier, nomination_id=id_, expected_version=version_of(id_))
    return id_


@kept
def assessing(cast: Cast, *names: str, document: Mapping[str, Any] | None = None, **options: Any) -> tuple[Round, list[int]]:
    """A round in assessment with a verified nomination for each name, and a sheet for each member of the panel."""
    round_ = open_round(cast, document, **options)
    ids = [verified(cast, round_, name) for name in names]
    with standing_at(2024, 10, 16):
        move(cast, round_, PeriodMove.START_VERIFICATION)
    with standing_at(2024, 10, 23):
        move(cast, round_, PeriodMove.START_ASSESSMENT)
    return round_, ids


def assess(actor: Actor, nomination_id: int, marks: Mapping[str, Any] = FULL_MARKS) -> None:
    """Fill in the actor's sheet and hand it in."""
    version = assessment.save_marks(actor, nomination_id=nomination_id, marks=marks, expected_version=sheet_version(actor, nomination_id))
    assessment.submit_sheet(actor, nomination_id=nomination_id, expected_version=version)


def attach(actor: Actor, nomination_id: int, requirement: str = "proposal", content: bytes = PDF, filename: str = "proposal.pdf") -> int:
    stream = io.BytesIO(content)
    return evidence.store(actor, nomination_id=nomination_id, requirement=requirement, filename=filename, stream=stream)


def check_all(cast: Cast, nomination_id: int, codes: Sequence[str] = ("proposal", "skp")) -> None:
    """The verifier finds every required evidence to be there."""
    for code in codes:
        checks.record_item(cast.verifier, nomination_id=nomination_id, requirement=code, verdict="present")


def version_of(nomination_id: int) -> int:
    return int(Nomination.get_by_id(nomination_id).row_version)


def sheet_version(actor: Actor, nomination_id: int) -> int:
    return int(Sheet.get(nomination=nomination_id, assessor=actor.user_id).row_version)


def employee_of(nomination_id: int) -> Employee:
    found: Employee = Nomination.get_by_id(nomination_id).employee
    return found


def standing_at(year: int, month: int, day: int) -> AbstractContextManager[None]:
    """Ten o'clock in WITA of a day."""
    return clock.standing_at(datetime(year, month, day, 2, tzinfo=UTC))


def during_nomination() -> AbstractContextManager[None]:
    return standing_at(2024, 10, 2)


@contextmanager
def counted(database: pw.Database) -> Iterator[list[str]]:
    """The statements that the block sends to the database."""
    sent: list[str] = []
    execute = database.execute_sql

    def remember(sql: str, *args: Any, **kwargs: Any) -> Any:
        sent.append(sql)
        return execute(sql, *args, **kwargs)

    database.execute_sql = remember  # type: ignore[method-assign]  # listening, for the length of the block
    try:
        yield sent
    finally:
        del database.execute_sql
