"""BKPSDM's cockpit of a period: units and assessors with reminders, what stands in the way, the run of the dates."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

import wtforms
from flask import Response, current_app, flash, redirect, request, url_for
from wtforms.validators import InputRequired, Length

from sipetruk.errors import Conflict, Forbidden, IllegalMove, NotFound, Problem, Refusal
from sipetruk.panel.kit import Answer, Page, PlainText, Required, VersionedForm, expose
from sipetruk.panel.kit import show as words
from sipetruk.panel.kit.export import csv_bytes, xlsx_bytes
from sipetruk.panel.kit.fields import whole
from sipetruk.panel.kit.page import SEE_OTHER
from sipetruk.queries import cockpit as queries
from sipetruk.queries import disagreement, periods
from sipetruk.queries.cockpit import Cockpit, Contact, UnitRow
from sipetruk.queries.timeline import timelines
from sipetruk.rules import reminding
from sipetruk.rules.permissions import Action, require
from sipetruk.rules.schedule import RUNNING
from sipetruk.rules.timeline import STAGES
from sipetruk.rules.workflow import (
    MARKABLE_IN,
    NOMINATION_LABELS,
    STAGE_LABELS,
    STAGE_OF_STATE,
    NominationState,
    PeriodState,
    Stage,
    Window,
    require_open,
)
from sipetruk.services import calendar, clock, readiness, reminders

GET_POST = ("GET", "POST")
AGAIN = "lagi"
"""Sent along by the question whether those who were reminded today are to be reminded once more."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COMPARED_IN = frozenset({PeriodState.ASSESSMENT, PeriodState.RANKING, PeriodState.OBJECTION, PeriodState.DETERMINATION})
"""States in which it is worth saying where assessors differ."""


class ExtendForm(VersionedForm):
    closes_on = wtforms.DateField("Hari terakhir yang baru", [InputRequired()], description="Berlaku sampai pukul 23.59 WITA hari itu.")
    reason = wtforms.TextAreaField(
        "Alasan perpanjangan", [Required(), PlainText(), Length(max=2000)], description="Tercatat dalam jejak audit."
    )


@dataclass(frozen=True)
class Flagged:
    """In how many nominees of a category assessors differ more than allowed; None where the reader may not know yet."""

    category_id: int
    name: str
    nominees: int | None


class CockpitPages(Page):
    """Everything under /admin/kendali/."""

    needs = Action.PROGRESS_READ
    intro = "Satu periode dalam satu layar: yang belum mengusulkan, kemajuan penilai, penghalang, dan langkah berikutnya."

    @expose("/")
    def index(self) -> Answer:
        running = [period for period in periods.periods(self.actor) if period.state is not PeriodState.ARCHIVED]
        if len(running) == 1:
            return redirect(self.address(running[0].id))
        return self.render("panel/cockpit/list.html", periods=running)

    @expose("/<int:period_id>/")
    def show_cockpit(self, period_id: int) -> Answer:
        found = queries.cockpit(self.actor, period_id)
        return self.render(
            "panel/cockpit/show.html",
            cockpit=found,
            round=next((each for each in timelines(self.actor, clock.now()) if each.id == period_id), None),
            steps=[(step, [(each.message, self._mend(found, each)) for each in step.blockers]) for step in readiness.outlook(found.period)],
            states=[state for state in NominationState if any(state in each.nominations for each in found.period.categories)],
            state_labels=NOMINATION_LABELS,
            flags=self._flags(found),
            extendable=_extendable(found.period),
            stage_labels=STAGE_LABELS,
            may_remind=_may_remind(found.period),
            may_press=found.period.state in MARKABLE_IN and any(each.open for each in found.assessors),
            whatsapp=lambda row: _to_assess(found, row.contact, row.open),
            is_running=found.period.state in RUNNING,
        )

    @expose("/<int:period_id>/unit/")
    def units(self, period_id: int) -> Answer:
        found = queries.cockpit(self.actor, period_id)
        asked = _asked()
        return self.render(
            "panel/cockpit/units.html",
            cockpit=found,
            rows=queries.arranged(found.units, **asked),
            asked=asked,
            shown=queries.SHOWN,
            sorted=queries.SORTED,
            may_remind=_may_remind(found.period),
            whatsapp=lambda unit, contact: _to_nominate(found, unit, contact),
        )

    @expose("/<int:period_id>/unit.<any(csv,xlsx):kind>")
    def export(self, period_id: int, kind: str) -> Answer:
        found = queries.cockpit(self.actor, period_id)
        rows = [_line(unit) for unit in queries.arranged(found.units, **_asked())]
        body = csv_bytes(TITLES, rows) if kind == "csv" else xlsx_bytes("Unit kerja", TITLES, rows)
        name = f"unit-{found.period.slug}.{kind}"
        mimetype = "text/csv" if kind == "csv" else XLSX
        return Response(body, mimetype=mimetype, headers={"Content-Disposition": f"attachment; filename={name}"})

    @expose("/<int:period_id>/ingatkan-unit/", ("POST",))
    def remind_units(self, period_id: int) -> Answer:
        unit_id = request.form.get("unit", type=whole)
        wanted = None if "unit" not in request.form else [unit_id or 0]
        asked = _asked(request.form)
        back = self.get_url(".units", period_id=period_id, cari=asked["search"] or None, tampil=asked["show"], urut=asked["sort"])
        return self._remind(
            partial(reminders.remind_units, self.actor, period_id=period_id, unit_ids=wanted), "unit", back, is_named=wanted is not None
        )

    @expose("/<int:period_id>/ingatkan-penilai/", ("POST",))
    def remind_assessors(self, period_id: int) -> Answer:
        user_id = request.form.get("penilai", type=whole)
        wanted = None if "penilai" not in request.form else [user_id or 0]
        back = self.address(period_id, "penilai")
        return self._remind(
            partial(reminders.remind_assessors, self.actor, period_id=period_id, user_ids=wanted),
            "penilai",
            back,
            is_named=wanted is not None,
        )

    @expose("/<int:period_id>/otomatis/", ("POST",))
    def set_automatic(self, period_id: int) -> Answer:
        is_automatic, version = request.form.get("otomatis") == "1", request.form.get("row_version", type=whole) or 0
        done = "Periode berjalan menurut jadwal." if is_automatic else "Periode dipindahkan oleh BKPSDM; jadwal tidak memindahkannya."
        return self.act(
            lambda: calendar.set_automatic(self.actor, period_id=period_id, is_automatic=is_automatic, expected_version=version),
            to=self.address(period_id),
            done=done,
        )

    @expose("/<int:period_id>/perpanjang/<stage>/", GET_POST)
    def extend(self, period_id: int, stage: str) -> Answer:
        require(self.actor, Action.PERIOD_EDIT)
        period = periods.period(self.actor, period_id)
        chosen = next((each for each in _extendable(period) if each == stage), None)
        if chosen is None:
            raise NotFound("Tahap ini tidak dapat diperpanjang.")
        window = period.window(chosen)
        form = _extend_form(period, window, request.form or None)
        answer = self.submit(
            form,
            lambda: calendar.extend(
                self.actor,
                period_id=period_id,
                stage=chosen,
                closes_on=form.closes_on.data,
                reason=form.reason.data,
                expected_version=form.expected,
            ),
            to=self.address(period_id),
            done=f"Tahap “{STAGE_LABELS[chosen]}” diperpanjang; yang bekerja pada tahap itu diberi tahu.",
            stored=lambda: _extend_form(periods.period(self.actor, period_id), window, None),
            paths={"closesOn": "closes_on"},
        )
        later = [each for each in period.stages if list(Stage).index(each.stage) > list(Stage).index(chosen)]
        shown = {"period": period, "label": STAGE_LABELS[chosen], "window": window, "later": later, "back": self.address(period_id)}
        return answer or self.show("panel/cockpit/extend.html", form, **shown)

    def address(self, period_id: int, anchor: str | None = None) -> str:
        return str(self.get_url(".show_cockpit", period_id=period_id, _anchor=anchor))

    def _remind(self, act: Callable[..., reminders.Reminded], what: str, back: str, *, is_named: bool) -> Answer:
        """Remind; all of them, and whoever was reminded today once more, only after a question that says how many are told."""
        again = self.confirmed() and request.form.get(AGAIN) == "1"
        must_ask = not is_named and not self.confirmed()
        try:
            done = act(again=again, is_dry_run=must_ask)
        except Conflict as refusal:
            details = _to_tell(act(again=True, is_dry_run=True), what)
            return self.ask(refusal.message, button="Ingatkan sekali lagi", back=back, details=details, grave=False, also={AGAIN: "1"})
        except (NotFound, Forbidden):
            raise
        except Refusal as refusal:
            self.warn(refusal)
        else:
            if must_ask:
                question = f"Ingatkan {done.count} {what} sekarang?"
                return self.ask(question, button="Ingatkan", back=back, details=_to_tell(done, what), grave=False)
            flash(_told(done, what), "success")
        return redirect(back, SEE_OTHER)

    def _mend(self, found: Cockpit, problem: Problem) -> str:
        """The page on which that can be done which stands in the way."""
        match problem.path:
            case ("windows", *_):
                return url_for("periods.edit_schedule", period_id=found.period.id)
            case ("nominations", *_):
                return url_for("checks.index")
            case ("objections", *_):
                return url_for("objections.index") if "objections.index" in current_app.view_functions else ""
            case ("categories", slug, *rest) if category := next((each for each in found.period.categories if each.slug == slug), None):
                endpoint = "panels.show_panel" if "panel" in rest else "periods.show_category"
                return url_for(endpoint, category_id=category.id)
        if found.period.state is PeriodState.ASSESSMENT:
            return self.address(found.period.id, "penilai")
        return url_for("rankings.index") if found.period.state in {PeriodState.RANKING, PeriodState.OBJECTION} else ""

    def _flags(self, found: Cockpit) -> list[Flagged]:
        if found.period.state not in COMPARED_IN:
            return []
        return [Flagged(each.id, each.name, self._differing(each.id)) for each in found.period.categories]

    def _differing(self, category_id: int) -> int | None:
        try:
            return disagreement.disagreements(self.actor, category_id).nominees
        except Forbidden:  # sits on the panel: learns it when the stage has closed
            return None


TITLES = ("Kode", "Unit kerja", "Belum diajukan", "Diajukan", "Ditarik", "Perubahan terakhir", "Terakhir diingatkan", "Admin dan kepala")


def _line(unit: UnitRow) -> list[object]:
    people = "; ".join(f"{each.name} ({each.role})" for each in unit.people)
    withdrawn = unit.counts.get(NominationState.WITHDRAWN, 0)
    moments = (words.moment(unit.changed_at), words.moment(unit.reminded_at))
    return [unit.code, unit.name, unit.unfinished, unit.handed_in, withdrawn, *moments, people]


def _asked(given: Any = None) -> dict[str, str]:
    """What the list of units was asked for."""
    given = request.args if given is None else given
    return {
        "search": given.get("cari", "").replace("\x00", "")[:100],
        "show": given.get("tampil", "semua")[:20],
        "sort": given.get("urut", "kode")[:20],
    }


def _told(done: reminders.Reminded, what: str) -> str:
    return " ".join((f"{done.count} {what} diingatkan; {done.people} orang diberi tahu.", *_left_out(done, what)))


def _to_tell(due: reminders.Reminded, what: str) -> tuple[str, ...]:
    return (f"{due.people} orang diberi tahu; pemberitahuannya tidak dapat ditarik kembali.", *_left_out(due, what))


def _left_out(done: reminders.Reminded, what: str) -> list[str]:
    lines = []
    if done.already:
        lines.append(f"{done.already} {what} dilewati karena sudah diingatkan hari ini.")
    if done.unreachable:
        lines.append(f"{done.unreachable} {what} belum mempunyai pengguna aktif.")
    return lines


def _may_remind(period: periods.PeriodView) -> bool:
    """Whether units can still nominate, so that reminding them makes sense."""
    try:
        require_open(period.state, period.window(Stage.NOMINATION), clock.now())
    except IllegalMove:
        return False
    return True


def _extendable(period: periods.PeriodView) -> Iterable[Stage]:
    """Stages with days that are not behind the period."""
    stages = list(Stage)
    at = STAGES.get(period.state)
    begins = 0 if period.state is PeriodState.PREPARATION else stages.index(at) if at else len(stages)
    return [stage for stage in stages[begins:] if period.window(stage)]


def _extend_form(period: periods.PeriodView, window: Window | None, sent: Any) -> ExtendForm:
    closes_on = window.closes_on if window else None
    return ExtendForm(sent, data={"row_version": period.row_version, "closes_on": closes_on})


def _to_nominate(found: Cockpit, unit: UnitRow, contact: Contact) -> str:
    if not contact.phone:
        return ""
    window = found.period.window(Stage.NOMINATION)
    return reminding.whatsapp(contact.phone, reminding.to_nominate(unit.name, found.period.name, window.closes_on if window else None))


def _to_assess(found: Cockpit, contact: Contact, count: int) -> str:
    if not contact.phone:
        return ""
    window = found.period.window(STAGE_OF_STATE.get(found.period.state, Stage.ASSESSMENT))
    return reminding.whatsapp(contact.phone, reminding.to_assess(count, found.period.name, window.closes_on if window else None))
