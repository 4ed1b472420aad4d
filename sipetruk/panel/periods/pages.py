"""Periods: the list, one period with its schedule and categories, and the steps of the round."""

from __future__ import annotations

from typing import Any

from flask import request, url_for

from sipetruk.errors import NotFound
from sipetruk.panel.kit import Answer, expose
from sipetruk.panel.periods.categories import TOLD, CategoryPages
from sipetruk.panel.periods.copies import CopyPages
from sipetruk.panel.periods.forms import STAGE_FIELDS, NewPeriodForm, PeriodForm, ReasonForm, ScheduleForm
from sipetruk.queries import periods as queries
from sipetruk.rules.permissions import Action, require
from sipetruk.rules.workflow import PERIOD_MOVE_LABELS, STAGE_LABELS, PeriodMove, Stage
from sipetruk.services import periods as services

GET_POST = ("GET", "POST")
SIDE_MOVES = frozenset({PeriodMove.OPEN_OBJECTION, PeriodMove.ARCHIVE})
"""Steps that not every round takes, or that may wait; any other is the usual next one."""


class PeriodPages(CategoryPages, CopyPages):
    """Everything under /admin/periode/."""

    intro = "Satu periode adalah satu putaran pemilihan: jadwal tiap tahap, kategori, dan tim penilainya."

    @expose("/")
    def index(self) -> Answer:
        return self.render("panel/period/list.html", periods=queries.periods(self.actor))

    @expose("/baru/", GET_POST)
    def create(self) -> Answer:
        require(self.actor, Action.PERIOD_EDIT)
        form = NewPeriodForm(request.form or None)
        answer = self.submit(
            form,
            lambda: services.create(self.actor, name=form.name.data, year=form.year.data, slug=form.slug.data, idempotency_key=form.once),
            to=self.address,
            done="Periode dibuat. Isi jadwal dan tambahkan kategori.",
        )
        return answer or self.show("panel/period/part.html", form, title="Buat periode", back=self.get_url(".index"), save="Buat periode")

    @expose("/<int:period_id>/")
    def show_period(self, period_id: int) -> Answer:
        period = queries.period(self.actor, period_id)
        moves = [move for move in period.moves if move is not PeriodMove.PUBLISH]
        return self.render("panel/period/show.html", period=period, moves=moves, side_moves=SIDE_MOVES, move_labels=PERIOD_MOVE_LABELS)

    @expose("/<int:period_id>/ubah/", GET_POST)
    def edit(self, period_id: int) -> Answer:
        require(self.actor, Action.PERIOD_EDIT)
        form = _period_form(queries.period(self.actor, period_id), request.form or None)
        answer = self.submit(
            form,
            lambda: services.update(
                self.actor, period_id=period_id, name=form.name.data, year=form.year.data, expected_version=form.expected
            ),
            to=self.address(period_id),
            done="Periode disimpan.",
            stored=lambda: _period_form(queries.period(self.actor, period_id), None),
        )
        return answer or self.show("panel/period/part.html", form, title="Ubah periode", back=self.address(period_id), save="Simpan")

    @expose("/<int:period_id>/hapus/", ("POST",))
    def remove(self, period_id: int) -> Answer:
        require(self.actor, Action.PERIOD_EDIT)
        period = queries.period(self.actor, period_id)
        if not self.confirmed():
            question = f"Hapus periode “{period.name}” beserta isinya? Yang dihapus tidak dapat dikembalikan."
            return self.ask(question, button="Hapus periode", back=self.address(period_id), details=_contents(period))
        expected = request.form.get("row_version", 0, type=int)
        return self.act(
            lambda: services.remove(self.actor, period_id=period_id, expected_version=expected),
            to=str(self.get_url(".index")),
            done=f"Periode “{period.name}” dihapus.",
        )

    @expose("/<int:period_id>/jadwal/", GET_POST)
    def edit_schedule(self, period_id: int) -> Answer:
        require(self.actor, Action.PERIOD_EDIT)
        period = queries.period(self.actor, period_id)
        form = _schedule_form(period, request.form or None)
        answer = self.submit(
            form,
            lambda: services.set_windows(
                self.actor,
                period_id=period_id,
                windows=form.windows(),
                expected_version=form.expected,
                reason=form.reason.data or "",
            ),
            to=self.address(period_id, "jadwal"),
            done="Jadwal disimpan.",
            stored=lambda: _schedule_form(queries.period(self.actor, period_id), None),
            paths=STAGE_FIELDS,
        )
        stages = [(STAGE_LABELS[stage], form[f"{stage}_opens"], form[f"{stage}_closes"]) for stage in Stage]
        return answer or self.show("panel/period/schedule.html", form, period=period, stages=stages, back=self.address(period_id, "jadwal"))

    @expose("/<int:period_id>/pindah/<move>/", GET_POST)
    def move(self, period_id: int, move: str) -> Answer:
        require(self.actor, Action.PERIOD_MOVE)
        period = queries.period(self.actor, period_id)
        if move not in {str(known) for known in PeriodMove}:
            raise NotFound("Langkah ini tidak ada.")
        step = PeriodMove(move)
        form = ReasonForm(request.form or None, data={"row_version": period.row_version})
        answer = self.submit(
            form,
            lambda: services.move(
                self.actor, period_id=period_id, move=step, expected_version=form.expected, reason=form.reason.data or ""
            ),
            to=self.address(period_id),
            done=f"{PERIOD_MOVE_LABELS[step]}: selesai.",
        )
        is_refused = request.method == "POST" and not form.errors and step in period.moves  # for what is not on this page
        return answer or self.show(
            "panel/period/move.html",
            form,
            period=period,
            label=PERIOD_MOVE_LABELS[step],
            mending=self._mending(period, step) if is_refused else (),
            back=self.address(period_id),
        )

    def _mending(self, period: queries.PeriodView, step: PeriodMove) -> list[tuple[str, str]]:
        """Where that can be done which stands in the way of a step: texts and addresses."""
        categories = [(f"Kategori {c.name}", str(self.get_url(".show_category", category_id=c.id))) for c in period.categories]
        rankings = [(f"Pemeringkatan {c.name}", url_for("rankings.show_ranking", category_id=c.id)) for c in period.categories]
        match step:
            case PeriodMove.OPEN:
                return [("Jadwal", str(self.get_url(".edit_schedule", period_id=period.id))), *categories]
            case PeriodMove.START_ASSESSMENT:
                return [("Antrean verifikasi", url_for("checks.index")), *categories]
            case PeriodMove.START_RANKING:
                return [("Lembar penilai", url_for("panelsheets.index")), *rankings]
            case PeriodMove.OPEN_OBJECTION:
                return [("Jadwal", str(self.get_url(".edit_schedule", period_id=period.id))), *rankings]
            case PeriodMove.OPEN_INTERVIEW | PeriodMove.START_DETERMINATION:
                return [("Register sanggahan", url_for("objections.index", periode=period.id)), *rankings]
        return []


def _contents(period: queries.PeriodView) -> tuple[str, ...]:
    """What goes with a period, a line for each, and who is told."""
    schedule = (f"Jadwal {len(period.stages)} tahap",) if period.stages else ()
    categories = (f"Kategori “{each.name}” dengan {len(each.panel)} anggota tim penilai" for each in period.categories)
    return (*schedule, *categories, *((TOLD,) if any(each.panel for each in period.categories) else ()))


def _period_form(period: queries.PeriodView, sent: Any) -> PeriodForm:
    form = PeriodForm(sent, data={"row_version": period.row_version, "name": period.name, "year": period.year})
    if period.naming_fixed:
        form.name.render_kw = form.year.render_kw = {"readonly": True}
        form.name.description, form.year.description = period.naming_fixed, "Tetap, seperti namanya."
    return form


def _schedule_form(period: queries.PeriodView, sent: Any) -> ScheduleForm:
    days = {}
    for row in period.stages:
        days[f"{row.stage}_opens"], days[f"{row.stage}_closes"] = row.opens_on, row.closes_on
    return ScheduleForm(sent, data={"row_version": period.row_version, **days})
