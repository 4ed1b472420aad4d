"""Master data: work units and employees, as lists."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, ClassVar

from flask import redirect, request

from sipetruk.panel.kit import Answer, TableView, current_actor, expose
from sipetruk.panel.kit.page import SEE_OTHER
from sipetruk.queries import people as people_queries
from sipetruk.queries import visible
from sipetruk.rules import nip
from sipetruk.rules.eligibility_values import ECHELONS, LEGAL_STATUS, POSITION_TYPES
from sipetruk.rules.nip import format_nip
from sipetruk.rules.permissions import Action

UNKNOWN = "Tidak ada pegawai dengan nomor induk itu."
SHORT = "Nomor induk terdiri atas 18 angka."


def unit_choices() -> list[tuple[str, str]]:
    """The work units that the person may see."""
    actor = current_actor()
    return [(str(unit.id), unit.name) for unit in people_queries.units(actor)] if actor else []


def _named(names: Mapping[str, str]) -> Any:
    """A formatter that shows the name of a code."""
    return lambda _view, _context, row, column: names.get(getattr(row, column), getattr(row, column))


class EmployeeView(TableView):
    """Employees as the personnel records know them; they come by import, so there is nothing to edit."""

    needs = Action.EMPLOYEE_READ
    one = "pegawai"
    record = "employee"
    intro = "Data pegawai berasal dari sistem kepegawaian dan hanya dapat dibaca di sini."
    related = ("work_unit",)
    column_list = ("name", "nip", "kind", "work_unit.name", "position", "grade")
    column_details_list = (
        "name", "title_front", "title_back", "nip", "kind", "work_unit.name", "position", "position_type", "echelon", "grade",
        "appointed_on", "born_on", "legal_status",
    )  # fmt: skip
    column_labels: ClassVar[dict[str, str]] = {"name": "Nama", "work_unit.name": "Unit kerja"}
    column_searchable_list = ("name",)
    list_template = "panel/employee/list.html"
    column_filters = ("work_unit", "kind", "legal_status")
    column_default_sort = "name"
    column_sortable_list = ("name", "nip", "grade", ("work_unit.name", "work_unit.name"))
    can_view_details = True
    references: ClassVar[dict[str, Any]] = {"work_unit": unit_choices, "legal_status": LEGAL_STATUS.items}
    column_formatters: ClassVar[dict[str, Any]] = {
        "name": lambda _view, _context, row, _column: row.full_name,
        "nip": lambda _view, _context, row, _column: format_nip(row.nip),
        "position_type": _named(POSITION_TYPES),
        "echelon": _named(ECHELONS),
        "legal_status": _named(LEGAL_STATUS),
    }

    @expose("/nomor/", ("POST",))
    def by_number(self) -> Answer:
        """One employee by the own number, which is sent like a form: it never stands in an address, a history or a log."""
        number = "".join(request.form.get("nomor", "").replace("\x00", "").split())[:40]
        found = people_queries.ids_by_number(self.actor, [number])
        if number not in found:
            self._template_args["wrong_number"] = UNKNOWN if len(number) == nip.LENGTH else SHORT
            return self.index_view(), int(HTTPStatus.UNPROCESSABLE_ENTITY)
        return redirect(self.get_url(".details_view", id=found[number]), SEE_OTHER)

    def get_query(self) -> Any:
        return visible.employees(current_actor())
