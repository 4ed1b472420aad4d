"""Master data: work units and employees, and the audit trail, as lists."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from markupsafe import Markup, escape

from sipetruk.panel.kit import TableView, current_actor
from sipetruk.queries import people as people_queries
from sipetruk.queries import visible
from sipetruk.rules.eligibility_values import ECHELONS, LEGAL_STATUS, POSITION_TYPES
from sipetruk.rules.nip import format_nip
from sipetruk.rules.permissions import RECORDED_LABELS, Action
from sipetruk.rules.trail import FACES, THINGS


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
    intro = "Data pegawai berasal dari sistem kepegawaian dan hanya dapat dibaca di sini."
    related = ("work_unit",)
    column_list = ("name", "nip", "kind", "work_unit.name", "position", "grade")
    column_details_list = (
        "name", "title_front", "title_back", "nip", "kind", "work_unit.name", "position", "position_type", "echelon", "grade",
        "appointed_on", "born_on", "legal_status",
    )  # fmt: skip
    column_labels: ClassVar[dict[str, str]] = {"name": "Nama", "work_unit.name": "Unit kerja"}
    column_searchable_list = ("name", "nip")
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

    def get_query(self) -> Any:
        return visible.employees(current_actor())


def _document(_view: object, context: object, row: Any, column: str) -> Any:
    """A stored document as indented text; in a file on one line."""
    value = getattr(row, column)
    if value is None:
        return "–"
    text = json.dumps(value, ensure_ascii=False, indent=2 if context is not None else None)
    return Markup("<pre>{}</pre>").format(escape(text)) if context is not None else text


class AuditView(TableView):
    """The audit trail: only read, newest first."""

    needs = Action.AUDIT_READ
    one = "catatan"
    intro = "Setiap perubahan tercatat dan dirangkai dengan sidik, sehingga catatan yang diubah atau dihapus akan ketahuan."
    column_list = ("at", "actor", "face", "action", "thing", "thing_id", "reason")
    column_details_list = ("at", "actor", "face", "action", "thing", "thing_id", "reason", "before", "after", "previous_hash", "hash")
    column_labels: ClassVar[dict[str, str]] = {"previous_hash": "Sidik catatan sebelumnya", "hash": "Sidik"}
    column_searchable_list = ("actor", "thing_id", "reason")
    column_filters = ("at", "action", "face", "thing")
    column_default_sort = ("id", True)
    column_sortable_list = ()
    can_view_details = can_export = True
    references: ClassVar[dict[str, Any]] = {"action": lambda: _as_choices(RECORDED_LABELS), "face": FACES.items, "thing": THINGS.items}
    column_formatters: ClassVar[dict[str, Any]] = {
        "action": _named(RECORDED_LABELS),
        "face": _named(FACES),
        "thing": _named(THINGS),
        "before": _document,
        "after": _document,
    }

    def get_query(self) -> Any:
        return visible.audit_entries(current_actor())

    def heading(self, row: Any) -> str:
        return f"Catatan {row.id}"


def _as_choices(labels: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    return sorted(labels.items(), key=lambda pair: pair[1])
