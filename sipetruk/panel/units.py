"""Work units in the panel: the list, the page of one with its history, and what may happen to it: renamed, merged, split."""

from __future__ import annotations

from typing import Any

import wtforms
from flask import request
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from sipetruk.errors import Forbidden, Invalid
from sipetruk.models import WorkUnit
from sipetruk.panel.kit import Answer, Choice, LineList, PanelForm, PlainText, Required, TableView, VersionedForm, current_actor, expose
from sipetruk.panel.kit.columns import form_for
from sipetruk.panel.kit.listing import Listing
from sipetruk.queries import people as people_queries
from sipetruk.queries import units as queries
from sipetruk.queries import visible
from sipetruk.rules.permissions import Action, Actor
from sipetruk.rules.unit_history import WHAT_STAYS, Basis, check_basis, sentence
from sipetruk.services import clock, people, units

GET_POST = ("GET", "POST")
PATHS = {"effectiveOn": "effective_on", "intoId": "into", "employeeIds": "employees"}


class BasisForm(VersionedForm):
    """From which day, on what basis."""

    effective_on = wtforms.DateField("Berlaku sejak", [Required()])
    decree = wtforms.StringField("Dasar hukum", [PlainText(), Length(max=150)], description="Misalnya Perda 5 Tahun 2025.")
    reason = wtforms.TextAreaField("Keterangan", [PlainText(), Length(max=2_000)])

    def basis(self) -> Basis:
        return Basis(self.effective_on.data, self.decree.data or "", self.reason.data or "")


class RenameForm(BasisForm):
    name = wtforms.StringField("Nama baru", [Required(), PlainText(), Length(max=200)])
    code = wtforms.StringField(
        "Kode", [Required(), PlainText(), Length(max=20)], description="Kode lama tetap dikenali saat data dimuat dan dicari."
    )


class MergeForm(BasisForm):
    into = Choice("Dilebur ke", [Required()], coerce=int)


class SplitForm(BasisForm):
    name = wtforms.StringField("Nama unit baru", [Required(), PlainText(), Length(max=200)])
    code = wtforms.StringField("Kode unit baru", [Required(), PlainText(), Length(max=20)])
    employees = LineList("Pegawai yang ikut pindah", [PlainText()], description="NIP atau NI PPPK, satu setiap baris; boleh kosong.")


class UnitView(TableView):
    """Work units: added, renamed, merged, split, set inactive; never removed, since nominations point at them."""

    needs = Action.UNIT_READ
    writes = Action.UNIT_EDIT
    one = "unit kerja"
    record = "unit"
    intro = f"Nama baru, peleburan, dan pemecahan dicatat pada halaman unitnya. {WHAT_STAYS}"
    column_list = ("code", "name", "is_active")
    column_searchable_list = ("code", "name")
    column_filters = ("is_active",)
    column_default_sort = "name"
    form_columns = ("code", "name")
    can_export = can_view_details = True

    def get_query(self) -> Any:
        return visible.units(current_actor())

    def look_for(self, listing: Listing, text: str | None) -> None:
        listing.query = queries.matching(listing.query, text or "")

    def search_placeholder(self) -> str:
        return "Kode atau nama, juga yang lama"

    def get_edit_form(self) -> type[PanelForm]:
        return form_for(WorkUnit, ("name", "is_active"), {})

    def create(self, actor: Actor, values: dict[str, Any]) -> object:
        return people.register_units(actor, units=[people.NewUnit(values["code"], values["name"])])

    def change(self, actor: Actor, row: Any, values: dict[str, Any], expected_version: int) -> None:
        people.update_unit(actor, unit_id=row.id, name=values["name"], is_active=values["is_active"], expected_version=expected_version)

    @expose("/details/")
    def details_view(self) -> Answer:
        row = self.get_one(request.args.get("id"))
        unit = queries.unit(self.actor, row.id)
        history = [(change, sentence(change, unit.id)) for change in unit.changes]
        return self.render("panel/unit/show.html", unit=unit, history=history, back=self._back())

    @expose("/<int:unit_id>/nama/", GET_POST)
    def rename(self, unit_id: int) -> Answer:
        unit = self._editable(unit_id)
        form = _filled(RenameForm, unit, name=unit.name, code=unit.code)
        answer = self.submit(
            form,
            lambda: units.rename(
                self.actor, unit_id=unit_id, code=form.code.data, name=form.name.data, basis=form.basis(), expected_version=form.expected
            ),
            to=self._address(unit_id),
            done="Nama baru dicatat.",
            stored=lambda: _stored(RenameForm, queries.unit(self.actor, unit_id)),
            paths=PATHS,
        )
        return answer or self._part(form, unit, "Ganti nama atau kode", "Catat nama baru")

    @expose("/<int:unit_id>/lebur/", GET_POST)
    def merge(self, unit_id: int) -> Answer:
        """Two steps: what will move is shown before anything does."""
        unit = self._editable(unit_id)
        form = _filled(MergeForm, unit)
        others = [(row.id, row.name) for row in people_queries.units(self.actor, only_active=True) if row.id != unit_id]
        form.into.choices = [SelectChoice("", "– pilih –"), *(SelectChoice(str(key), name) for key, name in others)]
        title = f"Lebur {unit.name}"
        if request.method == "POST" and not self.confirmed() and not self.reconsidered() and form.validate():
            plan = queries.merge_plan(self.actor, unit_id, form.into.data)
            try:
                check_basis(form.basis(), today=clock.today(), latest=None)
            except Invalid as refusal:
                self.put(refusal, form, PATHS)
            for text in plan.blockers:
                form.refuse(["into"], text)
            if form.wrong:
                return self._part(form, unit, title, "Lanjutkan")
            return self.ask(
                f"Lebur {unit.name} ke {dict(others)[form.into.data]}? Ini tidak dapat diurungkan.",
                button="Lebur unit",
                details=queries.consequences(plan),
                keep=True,
            )
        if self.confirmed():
            answer = self.submit(
                form,
                lambda: units.merge(
                    self.actor, unit_id=unit_id, into_id=form.into.data, basis=form.basis(), expected_version=form.expected
                ),
                to=self._address(unit_id),
                done="Unit dilebur.",
                stored=lambda: _stored(MergeForm, queries.unit(self.actor, unit_id)),
                paths=PATHS,
            )
            if answer:
                return answer
        return self._part(form, unit, title, "Lanjutkan")

    @expose("/<int:unit_id>/pecah/", GET_POST)
    def split(self, unit_id: int) -> Answer:
        unit = self._editable(unit_id)
        form = _filled(SplitForm, unit)
        answer = self.submit(
            form,
            lambda: units.split(
                self.actor,
                unit_id=unit_id,
                code=form.code.data,
                name=form.name.data,
                employee_ids=self._employees(form.employees.data or []),
                basis=form.basis(),
                expected_version=form.expected,
            ),
            to=self._address,
            done="Unit baru dibentuk.",
            stored=lambda: _stored(SplitForm, queries.unit(self.actor, unit_id)),
            paths=PATHS,
        )
        return answer or self._part(form, unit, f"Bentuk unit baru dari {unit.name}", "Bentuk unit")

    def _editable(self, unit_id: int) -> queries.UnitRecord:
        if not self.can(Action.UNIT_EDIT):
            raise Forbidden("Anda tidak berhak mengubah data di halaman ini.")
        return queries.unit(self.actor, unit_id)

    def _employees(self, lines: list[str]) -> list[int]:
        """The employees behind the numbers that were typed; which lines are unknown is said without repeating a number."""
        numbers = ["".join(line.split()) for line in lines]
        known = people_queries.ids_by_number(self.actor, numbers)
        if unknown := [str(place) for place, number in enumerate(numbers, 1) if number not in known]:
            raise Invalid("Tidak ada pegawai dengan nomor pada baris %(lines)s.", "employeeIds", lines=", ".join(unknown))
        return [known[number] for number in numbers]

    def _address(self, unit_id: int) -> str:
        return str(self.get_url(".details_view", id=unit_id))

    def _part(self, form: PanelForm, unit: queries.UnitRecord, title: str, save: str) -> Answer:
        return self.show("panel/unit/part.html", form, unit=unit, title=title, save=save, back=self._address(unit.id))


def _filled(kind: type[BasisForm], unit: queries.UnitRecord, **values: Any) -> Any:
    return kind(request.form or None, data={"row_version": unit.row_version, **values})


def _stored(kind: type[BasisForm], unit: queries.UnitRecord) -> Any:
    return kind(None, data={"row_version": unit.row_version, "name": unit.name, "code": unit.code})
