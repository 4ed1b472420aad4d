"""One round of the award, walked through by the people of the scene as far as a stage asks."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from sipetruk.demo import marking, papers
from sipetruk.demo.chance import repeatable
from sipetruk.demo.moments import Windows, at, spread
from sipetruk.demo.people import Person
from sipetruk.demo.scene import ASSESSORS, Scene
from sipetruk.demo.units import UNITS
from sipetruk.models import Nomination, Period, Sheet
from sipetruk.queries import instruments as instrument_queries
from sipetruk.queries import rankings as ranking_queries
from sipetruk.rules.definition import Definition
from sipetruk.rules.permissions import Actor
from sipetruk.rules.workflow import PeriodMove, Stage
from sipetruk.services import assessment, checks, evidence, nominations, periods, rankings, results, returns

PNS, PPPK = "pns-berprestasi", "pppk-berprestasi"
WINNERS, QUOTA = 3, 2
SECOND_NOMINEES = 3
PPPK_UNITS = 10
_HOUR = 60


@dataclass
class Entry:
    """A nominee to be; `fate` is what the administrative check or the unit decides about an unusual one."""

    person: Person
    category: str
    merit: float
    fate: str = ""
    nomination_id: int = 0


@dataclass
class Round:
    """A round with its schedule and, once they are in, its nominations."""

    scene: Scene
    year: int
    windows: Windows
    today: date
    version_id: int
    panel: list[Actor]
    period_id: int = 0
    categories: dict[str, int] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._chance = repeatable(self.scene.seed, "round", self.year)
        self._definition: Definition = instrument_queries.version(self._admin, self.version_id).definition
        self._titles = papers.titles()
        self._papers = {wanted.code: papers.pdf(wanted) for wanted in self._definition.evidence}

    @property
    def _admin(self) -> Actor:
        return self.scene.actors["bkpsdm"]

    def prepare(self) -> None:
        """The period with its schedule, two categories and their panel."""
        name = f"ASN Berprestasi Kabupaten Balangan {self.year}"
        self.period_id = periods.create(self._admin, name=name, year=self.year, slug=str(self.year))
        periods.set_windows(self._admin, period_id=self.period_id, windows=self.windows, expected_version=self._version())
        for slug, label, kind, service in ((PNS, "PNS Berprestasi", "PNS", 4), (PPPK, "PPPK Berprestasi", "PPPK", 2)):
            self.categories[slug] = periods.add_category(
                self._admin,
                period_id=self.period_id,
                name=label,
                slug=slug,
                instrument_version_id=self.version_id,
                winners=WINNERS,
                quota_per_unit=QUOTA,
                winners_per_unit=1,
                eligibility_rules=_requirements(kind, service),
            )
            periods.set_panel(self._admin, category_id=self.categories[slug], user_ids=[who.user_id for who in self.panel if who.user_id])

    def open(self) -> None:
        with at(self.windows[Stage.NOMINATION][0]):
            self._move(PeriodMove.OPEN)

    def nominate(self, *, unfinished: bool = False) -> None:
        """Every unit hands in its nominees day by day; `unfinished` leaves some on the way."""
        self.entries = _cast(self.scene, self._chance)
        turns = spread(self.windows[Stage.NOMINATION], self.today - timedelta(days=1), len(self.entries))
        for index, (entry, (day, turn)) in enumerate(zip(self.entries, turns, strict=True)):
            self._nominate(entry, day, turn * _HOUR, 4 if not unfinished else index % 5)
        for entry in self.entries:
            if entry.fate == "withdrawn" and not unfinished:
                with at(turns[-1][0], 12 * _HOUR):
                    self._withdraw(entry)

    def verify(self, *, unfinished: bool = False) -> None:
        """The verifier goes through the nominations; `unfinished` leaves the second half waiting."""
        begins = self.windows[Stage.VERIFICATION][0]
        with at(begins):
            self._move(PeriodMove.START_VERIFICATION)
        waiting = [entry for entry in self.entries if entry.fate != "withdrawn"]
        waiting.sort(key=lambda entry: not entry.fate)
        if unfinished:
            waiting = waiting[: len(waiting) // 2]
        turns = spread((begins, begins + timedelta(days=4)), self.today - timedelta(days=1), len(waiting))
        for entry, (day, turn) in zip(waiting, turns, strict=True):
            with at(day, 30 + 12 * turn):
                self._check(entry, begins + timedelta(days=9))
        corrected = [entry for entry in waiting if entry.fate == "corrected"]
        for entry in corrected:
            with at(begins + timedelta(days=5), 60):
                self._correct(entry)
        for entry in corrected:
            with at(begins + timedelta(days=6), 90):
                self._accept(entry, "Surat usulan sudah diganti.")

    def assess(self, *, unfinished: bool = False) -> None:
        """Every assessor scores every verified nominee alone; `unfinished`: the panel is at different points."""
        begins, ends = self.windows[Stage.ASSESSMENT]
        with at(begins):
            self._move(PeriodMove.START_ASSESSMENT)
        verified = [entry for entry in self.entries if not entry.fate or entry.fate == "corrected"]
        marks = marking.Marks(self._definition, self.scene.seed, self.year)
        last = min(ends, self.today - timedelta(days=1))
        turns = spread((begins, last), last, len(verified))
        for index, (entry, (day, turn)) in enumerate(zip(verified, turns, strict=True)):
            for number, assessor in enumerate(self.panel):
                with at(day, _HOUR + (turn * len(self.panel) + number) * 8):
                    if _must_step_back(entry, number):
                        reason = "Calon adalah bawahan langsung saya di Bappeda."
                        assessment.recuse(assessor, nomination_id=entry.nomination_id, reason=reason)
                    elif not unfinished or index < len(verified) * (4 - number) // 4:
                        self._score(assessor, entry, marks.of(entry.person.nip, number, entry.merit))

    def rank(self) -> dict[str, int]:
        """Compute every category; returns its ranking."""
        begins = self.windows[Stage.RANKING][0]
        with at(begins):
            self._move(PeriodMove.START_RANKING)
        with at(begins, 60):
            return {slug: rankings.compute(self._admin, category_id=id_) for slug, id_ in self.categories.items()}

    def conclude(self, computed: dict[str, int], policy: str) -> None:
        """Finalise, determine by decree, publish."""
        with at(self.windows[Stage.RANKING][0] + timedelta(days=2), 120):
            views = {slug: ranking_queries.ranking(self._admin, id_) for slug, id_ in self.categories.items()}
            for slug, view in views.items():
                if view.summary is None:
                    raise RuntimeError("a category of the demonstration was not computed")
                rankings.finalise(self._admin, ranking_id=computed[slug], expected_result_sha256=view.summary.result_sha256)
        begins = self.windows[Stage.DETERMINATION][0]
        with at(begins):
            self._move(PeriodMove.START_DETERMINATION)
        titles = {entry.nomination_id: self._title(entry) for entry in self.entries}
        with at(begins + timedelta(days=3), 60):
            for number, (slug, view) in enumerate(views.items(), start=1):
                results.determine(
                    self._admin,
                    category_id=self.categories[slug],
                    ranking_id=computed[slug],
                    nomination_ids=view.award.winners,
                    decree_number=f"188.45/{240 + number}/KUM TAHUN {self.year}",
                    decree_on=begins + timedelta(days=2),
                    citations={id_: f"Menjadi teladan melalui “{titles[id_]}”." for id_ in view.award.winners},
                )
        with at(self.windows[Stage.PUBLICATION][0], 120):
            results.publish(self._admin, period_id=self.period_id, policy=policy)

    # The steps of one nomination ----------------------------------------------------------------------------------------

    def _nominate(self, entry: Entry, day: date, begins: int, steps: int) -> None:
        """Draft, answer, attach and hand over, endorse, submit: as many of these as `steps` says, within an hour."""
        officer = self.scene.actors[f"opd-{entry.person.unit}"]
        head = self.scene.actors[f"kepala-{entry.person.unit}"]
        with at(day, begins):
            employee_id = self.scene.people[entry.person]
            entry.nomination_id = nominations.draft(officer, category_id=self.categories[entry.category], employee_id=employee_id)
        if steps > 0:
            with at(day, begins + 10):
                self._answer(officer, entry)
        if steps > 1:
            with at(day, begins + 20):
                self._attach(officer, entry)
            with at(day, begins + 30):
                nominations.hand_over(officer, nomination_id=entry.nomination_id, expected_version=_row_version(entry))
        if steps > 2:
            with at(day, begins + 40):
                self._endorse(head, entry)
        if steps > 3:
            with at(day, begins + 50):
                nominations.submit(officer, nomination_id=entry.nomination_id, expected_version=_row_version(entry))

    def _answer(self, officer: Actor, entry: Entry) -> None:
        answers = papers.answers(self._definition, self._chance, self._title(entry), self.year)
        nominations.save_answers(officer, nomination_id=entry.nomination_id, answers=answers, expected_version=_row_version(entry))

    def _title(self, entry: Entry) -> str:
        return self._titles[entry.person.unit, entry.person.place]

    def _attach(self, officer: Actor, entry: Entry) -> None:
        for wanted in self._definition.evidence:
            if wanted.source == "unit" and wanted.required:
                filename = f"{wanted.code.replace('_', '-')}.pdf"
                stream = io.BytesIO(self._papers[wanted.code])
                evidence.store(officer, nomination_id=entry.nomination_id, requirement=wanted.code, filename=filename, stream=stream)

    def _endorse(self, head: Actor, entry: Entry) -> None:
        nominations.endorse(
            head,
            nomination_id=entry.nomination_id,
            values=papers.head_values(self._definition, self._chance),
            note="Usulan sesuai hasil rapat pimpinan.",
            expected_version=_row_version(entry),
        )

    def _withdraw(self, entry: Entry) -> None:
        officer = self.scene.actors[f"opd-{entry.person.unit}"]
        reason = "Calon akan mengikuti tugas belajar di luar daerah."
        nominations.withdraw(officer, nomination_id=entry.nomination_id, reason=reason, expected_version=_row_version(entry))

    def _check(self, entry: Entry, due_on: date) -> None:
        verifier = self.scene.actors["verifikator"]
        id_ = entry.nomination_id
        absent = {"corrected": "surat_usulan", "returned": "penilaian_kinerja_2th", "rejected": "super_hukdis"}.get(entry.fate)
        items = {
            wanted.code: ("absent", "Halaman terakhir tidak terbaca.") if wanted.code == absent else ("present", "")
            for wanted in self._definition.evidence
            if wanted.required
        }
        version = checks.record_items(verifier, nomination_id=id_, items=items, expected_version=_row_version(entry))
        if entry.fate in {"corrected", "returned"}:
            reason = "Unggah kembali berkas yang tidak terbaca."
            checks.return_(verifier, nomination_id=id_, reason=reason, due_on=due_on, expected_version=version)
        elif entry.fate == "rejected":
            reason = "Surat pernyataan bebas hukuman disiplin bukan atas nama calon."
            checks.reject(verifier, nomination_id=id_, reason=reason, expected_version=version)
        else:
            self._accept(entry, "")

    def _accept(self, entry: Entry, note: str) -> None:
        verifier = self.scene.actors["verifikator"]
        checks.accept(verifier, nomination_id=entry.nomination_id, note=note, expected_version=_row_version(entry))

    def _correct(self, entry: Entry) -> None:
        """The unit replaces the file that was asked for; the head endorses anew; the verifier looks at the new file."""
        officer, head = (self.scene.actors[f"{who}-{entry.person.unit}"] for who in ("opd", "kepala"))
        view = self._evidence_of(entry, "surat_usulan")
        evidence.remove(officer, evidence_id=view)
        stream = io.BytesIO(self._papers["surat_usulan"] + b"% dipindai ulang\n")
        evidence.store(
            officer, nomination_id=entry.nomination_id, requirement="surat_usulan", filename="surat-usulan-baru.pdf", stream=stream
        )
        replies = {"surat_usulan": "Surat dipindai ulang; semua halaman sekarang terbaca."}
        returns.reply(officer, nomination_id=entry.nomination_id, replies=replies, expected_version=_row_version(entry))
        self._endorse(head, entry)
        nominations.submit(officer, nomination_id=entry.nomination_id, expected_version=_row_version(entry))
        verifier = self.scene.actors["verifikator"]
        checks.record_item(verifier, nomination_id=entry.nomination_id, requirement="surat_usulan", verdict="present", note="")

    def _evidence_of(self, entry: Entry, requirement: str) -> int:
        files = Nomination.get_by_id(entry.nomination_id).evidence
        return int(next(file.id for file in files if file.requirement == requirement))

    def _score(self, assessor: Actor, entry: Entry, given: dict[str, dict[str, str]]) -> None:
        id_ = entry.nomination_id
        version = assessment.save_marks(assessor, nomination_id=id_, marks=given, expected_version=_sheet_version(assessor, id_))
        assessment.submit_sheet(assessor, nomination_id=id_, expected_version=version)

    def _version(self) -> int:
        return int(Period.get_by_id(self.period_id).row_version)

    def _move(self, move: PeriodMove) -> None:
        periods.move(self._admin, period_id=self.period_id, move=move, expected_version=self._version())


def _cast(scene: Scene, chance: Random) -> list[Entry]:
    """Who is nominated: one PNS of every unit, a second one of a few, a PPPK of some; and what becomes of the unusual ones."""
    pns = [Entry(scene.of_unit(unit.code)[2], PNS, marking.ordinary(chance)) for unit in UNITS]
    ordinary = [entry for entry in pns if entry.person.unit not in ASSESSORS]
    chosen = chance.sample(ordinary, len(marking.REMARKABLE) + len(_FATES))
    for entry, merit in zip(chosen, marking.REMARKABLE, strict=False):
        entry.merit = merit
    for entry, fate in zip(chosen[len(marking.REMARKABLE) :], _FATES, strict=True):
        entry.fate = fate
    seconds = chance.sample([entry.person.unit for entry in ordinary if entry not in chosen], SECOND_NOMINEES)
    pns += [Entry(scene.of_unit(unit)[3], PNS, marking.ordinary(chance)) for unit in seconds]
    contracted = chance.sample([unit.code for unit in UNITS], PPPK_UNITS)
    pppk = [Entry(scene.of_unit(unit)[4], PPPK, marking.ordinary(chance)) for unit in contracted]
    everyone = pns + pppk
    chance.shuffle(everyone)
    return everyone


def _must_step_back(entry: Entry, assessor: int) -> bool:
    """The last member of the panel heads the unit of this nominee."""
    return entry.category == PNS and assessor == len(ASSESSORS) - 1 and entry.person.unit == ASSESSORS[-1]


_FATES = ("withdrawn", "rejected", "returned", "corrected")


def _requirements(kind: str, service: int) -> list[dict[str, Any]]:
    """Who may be nominated, as a category asks in its rules."""
    rules: list[tuple[str, str, Any, str]] = [
        ("kind", "in", [kind], "block"),
        ("legal_status", "in", ["01"], "block"),
        ("echelon", "in", ["41", "42", "51", "52", "99"], "block"),
        ("service_years", "at_least", service, "block"),
        ("predicate", "at_least", {"years": 2, "predicate": "BAIK"}, "block"),
        ("sanction_ever", "none", {"levels": ["S", "B"]}, "block"),
        ("sanction_within", "none", {"years": 2, "levels": ["R"]}, "block"),
        ("under_examination", "none", None, "block"),
        ("award_within", "none", 3, "warn"),
    ]
    return [
        {"fact": fact, "operator": operator, "value": value, "effect": effect, "message": ""} for fact, operator, value, effect in rules
    ]


def _row_version(entry: Entry) -> int:
    return int(Nomination.get_by_id(entry.nomination_id).row_version)


def _sheet_version(assessor: Actor, nomination_id: int) -> int:
    return int(Sheet.get(nomination=nomination_id, assessor=assessor.user_id).row_version)
