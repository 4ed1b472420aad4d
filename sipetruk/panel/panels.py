"""Panels of the categories: how each is assessed, who assesses whom, the automatic plan, and where assessors differ."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import wtforms
from flask import request
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, NumberRange, Optional

from sipetruk.errors import Invalid, NotFound
from sipetruk.panel.kit import Answer, Choices, DecimalComma, Page, PanelForm, Required, VersionedForm, WholeNumber, expose
from sipetruk.queries import assessment, disagreement, periods
from sipetruk.queries import panels as queries
from sipetruk.queries.panels import MODES, Mode, NomineeRow, PanelDesk
from sipetruk.rules.permissions import Action, require
from sipetruk.services import panels as services

GET_POST = ("GET", "POST")
PATHS = {"assessorsEach": "each", "spreadLimit": "spread", "userIds": "members"}


class AssessmentForm(VersionedForm):
    is_blind = wtforms.BooleanField(
        "Penilaian buta",
        description="Penilai melihat kode, bukan nama, NIP, jabatan, unit, dan nama berkas. Isi berkas tidak diubah: minta unit"
        " menutup nama di dalamnya. Verifikator dan BKPSDM tetap melihat semuanya.",
    )
    each = WholeNumber(
        "Penilai per calon",
        [Optional(), NumberRange(1, 99)],
        description="Kosongkan agar seluruh tim menilai setiap calon.",
    )
    spread = DecimalComma(
        "Batas perbedaan (%)",
        [Required(), NumberRange(Decimal("0.01"), 100)],
        description="Perbedaan nilai tertinggi dan terendah di atas persentase ini dari poin tertinggi kriteria ditandai bagi BKPSDM.",
    )

    def basis_points(self) -> int:
        points = Fraction(self.spread.data or 0) * 100
        if points.denominator != 1:
            raise Invalid("Paling banyak dua angka di belakang koma.", "spread")
        return points.numerator


class NamedForm(VersionedForm):
    members = Choices("Penilai calon ini", coerce=int, description="Tanpa pilihan berarti menurut aturan kategori.")


class PlanForm(PanelForm):
    """Which plan was on the screen when somebody applied it."""

    digest = wtforms.HiddenField("Rencana", [Length(max=64)])


class PanelPages(Page):
    """Everything under /admin/tim-penilai/."""

    needs = Action.PROGRESS_READ
    intro = "Siapa menilai siapa, benturan kepentingan, pembagian otomatis, dan perbedaan nilai antarpenilai."

    @expose("/")
    def index(self) -> Answer:
        return self.render("panel/team/list.html", periods=periods.periods(self.actor))

    @expose("/<int:category_id>/")
    def show_panel(self, category_id: int) -> Answer:
        desk = queries.desk(self.actor, category_id)
        return self.render("panel/team/show.html", desk=desk, progress=assessment.progress(self.actor, category_id), modes=MODES)

    @expose("/<int:category_id>/cara/", GET_POST)
    def edit_assessment(self, category_id: int) -> Answer:
        require(self.actor, Action.PERIOD_EDIT)
        desk = queries.desk(self.actor, category_id)
        form = _assessment_form(desk, request.form or None)
        answer = self.submit(
            form,
            lambda: services.set_assessment(
                self.actor,
                category_id=category_id,
                is_blind=form.is_blind.data,
                assessors_each=form.each.data,
                spread_limit=form.basis_points(),
                expected_version=form.expected,
            ),
            to=self._address(category_id),
            done="Cara penilaian disimpan.",
            stored=lambda: _assessment_form(queries.desk(self.actor, category_id), None),
            paths=PATHS,
        )
        return answer or self._form(desk, form, "Cara penilaian")

    @expose("/<int:category_id>/otomatis/", GET_POST)
    def plan(self, category_id: int) -> Answer:
        """The plan before it is applied; sending it back applies exactly this plan."""
        mode = request.values.get("cara", Mode.FRESH.value)
        if mode not in set(Mode):
            raise NotFound("Cara pembagian ini tidak ada.")
        desk = queries.desk(self.actor, category_id)
        found = queries.plan(self.actor, category_id, Mode(mode))
        form = PlanForm(request.form or None)
        answer = self.submit(
            form,
            lambda: services.apply_plan(self.actor, category_id=category_id, mode=Mode(mode), digest=form.digest.data or ""),
            to=self._address(category_id),
            done="Pembagian penilai disimpan.",
        )
        return answer or self.show("panel/team/plan.html", form, desk=desk, plan=found, modes=MODES, back=self._address(category_id))

    @expose("/<int:category_id>/calon/<int:nomination_id>/", GET_POST)
    def assign(self, category_id: int, nomination_id: int) -> Answer:
        require(self.actor, Action.PERIOD_EDIT)
        desk = queries.desk(self.actor, category_id)
        row = _row(desk, nomination_id)
        form = _named_form(desk, row, request.form or None)
        answer = self.submit(
            form,
            lambda: services.assign(
                self.actor, nomination_id=nomination_id, user_ids=form.members.data or [], expected_version=form.expected
            ),
            to=self._address(category_id),
            done=f"Penilai {row.name} disimpan.",
            stored=lambda: self._stored_names(category_id, nomination_id),
            paths=PATHS,
        )
        return answer or self._form(desk, form, f"Penilai {row.name}", row)

    @expose("/<int:category_id>/perbedaan/")
    def show_differences(self, category_id: int) -> Answer:
        found = disagreement.disagreements(self.actor, category_id)
        return self.render("panel/team/differences.html", found=found, back=self._address(category_id))

    def _stored_names(self, category_id: int, nomination_id: int) -> NamedForm:
        desk = queries.desk(self.actor, category_id)
        return _named_form(desk, _row(desk, nomination_id), None)

    def _form(self, desk: PanelDesk, form: Any, title: str, row: NomineeRow | None = None) -> Answer:
        back = self._address(desk.category_id)
        return self.show("panel/team/form.html", form, desk=desk, title=title, row=row, back=back)

    def _address(self, category_id: int) -> str:
        return str(self.get_url(".show_panel", category_id=category_id))


def _row(desk: PanelDesk, nomination_id: int) -> NomineeRow:
    row = next((each for each in desk.rows if each.nomination_id == nomination_id), None)
    if row is None:
        raise NotFound("Usulan tidak ditemukan.")
    return row


def _assessment_form(desk: PanelDesk, sent: Any) -> AssessmentForm:
    spread = Decimal(desk.spread_limit) / 100
    values = {"row_version": desk.row_version, "is_blind": desk.is_blind, "each": desk.assessors_each, "spread": spread.normalize()}
    return AssessmentForm(sent, data=values)


def _named_form(desk: PanelDesk, row: NomineeRow, sent: Any) -> NamedForm:
    """Those who may assess can be chosen; who may not is told beside, with the reason."""
    form = NamedForm(sent, data={"row_version": desk.row_version, "members": [each.user_id for each in row.pairs if each.is_assigned]})
    form.members.choices = [SelectChoice(str(each.user_id), each.name) for each in row.pairs if not each.conflict]
    return form
