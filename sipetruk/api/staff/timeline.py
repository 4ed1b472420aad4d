"""The way of the running periods, with the viewer's own duties."""

from __future__ import annotations

from datetime import date

import strawberry

from sipetruk.api.context import Info
from sipetruk.api.listsize import ListSize
from sipetruk.api.staff.acts import actor_of
from sipetruk.api.staff.common import PeriodReference, gid
from sipetruk.queries import timeline as queries
from sipetruk.rules import timeline
from sipetruk.rules.timeline import When
from sipetruk.rules.workflow import PeriodState
from sipetruk.services import clock


@strawberry.type(description="Satu langkah sebuah periode.")
class TimelineStep:
    state: PeriodState = strawberry.field(description="Tahap periode.")
    label: str = strawberry.field(description="Nama langkah.")
    when: When = strawberry.field(description="Selesai, sedang berjalan, atau berikutnya.")
    when_label: str = strawberry.field(description="Keadaannya dengan kata-kata, juga bila belum dimulai atau sudah ditutup.")
    waits_for: str | None = strawberry.field(
        description="Yang ditunggu bila periode berada pada langkah ini di luar jadwalnya; null bila tidak ada."
    )
    opens_on: date | None = strawberry.field(description="Hari pertama menurut jadwal (WITA); null bila tanpa jadwal.")
    closes_on: date | None = strawberry.field(description="Hari terakhir, sampai pukul 23.59 WITA; null bila tanpa jadwal.")
    is_today: bool = strawberry.field(description="Hari ini termasuk dalam jadwal langkah ini.")
    duties: list[str] = strawberry.field(description="Tugas pembaca pada langkah ini.", directives=[ListSize(assumed_size=2)])

    @classmethod
    def of(cls, step: timeline.Step) -> TimelineStep:
        return cls(
            state=step.state,
            label=step.label,
            when=step.when,
            when_label=step.when_label,
            waits_for=step.waits_for or None,
            opens_on=step.window.opens_on if step.window else None,
            closes_on=step.window.closes_on if step.window else None,
            is_today=step.is_today,
            duties=list(step.duties),
        )


@strawberry.type(description="Perjalanan sebuah periode yang belum diarsipkan.")
class Timeline:
    period: PeriodReference = strawberry.field(description="Periode.")
    state: PeriodState = strawberry.field(description="Tahap sekarang.")
    day: date = strawberry.field(description="Hari ini (WITA).")
    steps: list[TimelineStep] = strawberry.field(description="Langkah-langkahnya menurut urutan.", directives=[ListSize(assumed_size=8)])

    @classmethod
    def of(cls, row: queries.Timeline) -> Timeline:
        return cls(
            period=PeriodReference(id=gid("Period", row.id), name=row.name, year=row.year),
            state=row.state,
            day=row.today,
            steps=[TimelineStep.of(step) for step in row.steps],
        )


@strawberry.type
class TimelineQueries:
    @strawberry.field(
        description="Perjalanan periode yang belum diarsipkan, yang terbaru lebih dahulu; daftar pendek.",
        directives=[ListSize(assumed_size=2)],
    )
    def timelines(self, info: Info) -> list[Timeline]:
        return [Timeline.of(row) for row in queries.timelines(actor_of(info), clock.now())]
