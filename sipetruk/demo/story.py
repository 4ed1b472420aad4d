"""Builds the demonstration: the regency, then its rounds as far as the stage asks, all through the services."""

from __future__ import annotations

from datetime import date, timedelta

from sipetruk.demo import scene as scenes
from sipetruk.demo.moments import STAGE_OF, WINDOWS_2024, at, windows_around
from sipetruk.demo.office import furnish
from sipetruk.demo.round import Round
from sipetruk.demo.scene import Scene
from sipetruk.errors import Conflict, Invalid
from sipetruk.models import User, WorkUnit
from sipetruk.rules.dates import day_text
from sipetruk.rules.workflow import Stage
from sipetruk.services.transaction import transaction

STAGES = ("preparation", "nomination", "verification", "assessment", "ranking", "published")
_INSTRUMENT_YEAR = 2024
_EARLIEST = date(2025, 7, 1)
_SMALL_PANEL = 3


def build(*, stage: str, seed: int, password: str, today: date) -> None:
    """Fill an empty, migrated database; all of it or nothing. Equal arguments give equal data.

    `published` tells a whole round of 2024 and opens the round of the present year; every other stage tells one round
    that stands at this stage today.
    """
    if stage not in STAGES:
        raise Invalid("Tahap harus salah satu dari: %(options)s.", "stage", options=", ".join(STAGES))
    if today < _EARLIEST:
        raise Invalid("Data contoh bercerita sejak %(day)s; pilih hari yang lebih kemudian.", "today", day=day_text(_EARLIEST))
    with transaction():
        if User.select().exists() or WorkUnit.select().exists():
            raise Conflict("Basis data sudah berisi; data contoh hanya dibuat pada basis data kosong.")
        if stage == "published":
            _told(seed, password, today)
        else:
            _running(stage, seed, password, today)


def _told(seed: int, password: str, today: date) -> None:
    """The complete round of 2024, and the round of today with its nominations open."""
    with at(date(2024, 7, 1)):
        scene = scenes.build(seed, password)
        scenes.record_facts(scene, range(2021, 2024), date(2024, 7, 1))
        scenes.record_sanctions(scene, date(2024, 7, 1))
        version_id = scenes.lock_starters(scene)
        past = Round(scene, _INSTRUMENT_YEAR, WINDOWS_2024, date(2025, 1, 1), version_id, scene.panel)
        past.prepare()
    past.open()
    past.nominate()
    past.verify()
    past.assess()
    past.conclude(past.rank(), "names_and_breakdown")
    present = _present(scene, version_id, "nomination", today, panel=_SMALL_PANEL)
    furnish(scene, _before(present, today), signing_since=_INSTRUMENT_YEAR)  # who signs the papers of that round as well
    present.open()


def _running(stage: str, seed: int, password: str, today: date) -> None:
    """One round, walked to where it stands today."""
    begins = windows_around(today, STAGE_OF.get(stage))[Stage.NOMINATION][0]
    with at(min(begins, today) - timedelta(days=40)):
        scene = scenes.build(seed, password)
        scenes.record_sanctions(scene, today - timedelta(days=200))
        version_id = scenes.lock_starters(scene)
    present = _present(scene, version_id, stage, today)
    reached = STAGES.index(stage)
    if reached > STAGES.index("preparation"):
        before = _before(present, today)
        furnish(scene, before, signing_since=before.year)
        present.open()
        present.nominate(unfinished=stage == "nomination")
    if reached > STAGES.index("nomination"):
        present.verify(unfinished=stage == "verification")
    if reached > STAGES.index("verification"):
        present.assess(unfinished=stage == "assessment")
    if reached > STAGES.index("assessment"):
        present.rank()


def _before(present: Round, today: date) -> date:
    """A day between the preparation of the round of today and its opening."""
    return min(present.windows[Stage.NOMINATION][0], today) - timedelta(days=5)


def _present(scene: Scene, version_id: int, stage: str, today: date, panel: int | None = None) -> Round:
    """The round of today in preparation, on the instrument brought up to date, with next year's version begun as a draft."""
    windows = windows_around(today, STAGE_OF.get(stage))
    begins = windows[Stage.NOMINATION][0]
    with at(min(begins, today) - timedelta(days=10)):
        year = begins.year if begins.month > 6 else begins.year - 1  # attendance of April to June must be over
        scenes.record_facts(scene, range(begins.year - 3, begins.year), begins)
        used = scenes.next_draft(scene, version_id, year - _INSTRUMENT_YEAR)
        scenes.lock(scene, used)
        scenes.next_draft(scene, used, 1)
        present = Round(scene, begins.year, windows, today, used, scene.panel[:panel])
        present.prepare()
    return present
