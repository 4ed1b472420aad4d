"""The safe list-and-form view over one Peewee model: it reads scoped rows and lets services write."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, ClassVar

import peewee as pw
from flask import Response, flash, has_request_context, redirect, request
from flask_admin.helpers import get_redirect_target
from flask_admin.model import BaseModelView
from werkzeug.utils import secure_filename

from sipetruk.errors import Conflict, Forbidden, NotFound, Refusal
from sipetruk.panel.kit import show
from sipetruk.panel.kit.access import Answer, expose, not_found
from sipetruk.panel.kit.columns import form_for
from sipetruk.panel.kit.export import csv_bytes
from sipetruk.panel.kit.fields import PanelForm, whole
from sipetruk.panel.kit.filters import ListFilter, filters_for
from sipetruk.panel.kit.listing import Listing, column_at
from sipetruk.panel.kit.page import SEE_OTHER, Page
from sipetruk.rules.permissions import Action, Actor
from sipetruk.services.constraints import constraints_refuse

UNSAFE = ("inline_models", "column_editable_list", "form_ajax_refs", "form_rules", "form_create_rules", "form_edit_rules")
"""Features of Flask-Admin that write or read past services and rights; one thing is edited per page instead."""


class TableView(Page, BaseModelView):  # type: ignore[misc]  # flask_admin is untyped
    """A list over one model. Say what the actor may see in `get_query`; write `create`, `change`, `remove` with services.

    The usual attributes of Flask-Admin hold: `column_list`, `column_labels`, `column_formatters`, `column_filters`,
    `column_searchable_list`, `column_sortable_list`, `column_default_sort`, `form_columns`, `form`, `can_export`.
    Columns are named by path: `"work_unit.name"`.
    """

    writes: ClassVar[Action | None] = None
    """The action that opens the forms."""
    related: ClassVar[tuple[str, ...]] = ()
    """References that the list shows, read in the same statement."""
    references: ClassVar[Mapping[str, Callable[[], Iterable[tuple[str, str]]]]] = {}
    """Choices of the references in forms and filters, asked at every request, already scoped."""
    one: ClassVar[str] = "data"
    """What one row is called in a sentence."""

    list_template = "admin/model/list.html"
    create_template = edit_template = "panel/table/form.html"
    details_template = "panel/table/details.html"
    form_base_class = PanelForm
    page_size = 25
    can_set_page_size = True
    page_size_options = (25, 50, 100)
    export_max_rows = 20_000
    column_display_actions = True
    column_type_formatters: ClassVar[dict[type, Any]] = {
        bool: lambda _view, value, _name: "Ya" if value else "Tidak",
        datetime: lambda _view, value, _name: show.moment(value),
        date: lambda _view, value, _name: show.day(value),
        type(None): lambda _view, _value, _name: "–",
    }
    column_type_formatters_detail = column_type_formatters_export = column_type_formatters

    def __init__(self, model: Any, *args: Any, **kwargs: Any) -> None:
        wrong = [name for name in UNSAFE if getattr(self, name, None)]
        if wrong:
            raise TypeError(f"{type(self).__name__} sets {', '.join(wrong)}: the panel edits one thing per page, through a service")
        super().__init__(model, *args, **kwargs)

    # What a view of the panel fills in.

    def get_query(self) -> Any:
        """The rows that the actor may see."""
        raise NotImplementedError

    def create(self, actor: Actor, values: dict[str, Any]) -> object:
        """Call the service that makes a new thing from the values of the form."""
        raise NotImplementedError

    def change(self, actor: Actor, row: Any, values: dict[str, Any], expected_version: int) -> object:
        """Call the service that changes the thing, which compares `expected_version`."""
        raise NotImplementedError

    def remove(self, actor: Actor, row: Any) -> object:
        """Call the service that removes the thing."""
        raise NotImplementedError

    def locked(self, row: Any) -> str:  # noqa: ARG002  # a view that overrides it looks at the row
        """Why this row may not be changed now; empty when it may."""
        return ""

    def heading(self, row: Any) -> str:
        """What one row is called on its own page."""
        return str(row)

    # Rights, asked at every request: Flask-Admin reads them while the view is made, too.

    @property
    def can_create(self) -> bool:
        return self._may("create")

    @property
    def can_edit(self) -> bool:
        return self._may("change")

    @property
    def can_delete(self) -> bool:
        return self._may("remove")

    def _may(self, hook: str) -> bool:
        is_written = getattr(type(self), hook) is not getattr(TableView, hook)
        if not is_written or self.writes is None:
            return False
        return not has_request_context() or self.can(self.writes)

    # The model, as Flask-Admin asks for it.

    def get_pk_value(self, model: Any) -> Any:
        return model._pk  # noqa: SLF001  # Peewee's name for the value of the primary key

    def scaffold_list_columns(self) -> list[str]:
        key = self.model._meta.primary_key
        return [field.name for field in self.model._meta.sorted_fields if field is not key]

    def scaffold_sortable_columns(self) -> dict[str, str]:
        return {name: name for name in self.scaffold_list_columns()}

    def get_column_name(self, field: str) -> str:
        if self.column_labels and field in self.column_labels:
            return str(self.column_labels[field])
        try:
            return str(column_at(self.model, field).verbose_name or super().get_column_name(field))
        except AttributeError:
            return str(super().get_column_name(field))

    def init_search(self) -> bool:
        for path in self.column_searchable_list or ():
            if not isinstance(column_at(self.model, path), (pw.CharField, pw.TextField)):
                raise TypeError(f"only text can be searched, not {path!r}")
        return bool(self.column_searchable_list)

    def search_placeholder(self) -> str:
        return ", ".join(self.get_column_name(path) for path in self.column_searchable_list or ())

    def scaffold_filters(self, name: str) -> list[ListFilter]:
        return filters_for(column_at(self.model, name), name, self.get_column_name(name), self.references.get(name))

    def is_valid_filter(self, filter: object) -> bool:  # noqa: A002  # Flask-Admin's name
        return isinstance(filter, ListFilter)

    def get_filter_arg(self, index: int, flt: ListFilter) -> str:  # noqa: ARG002  # Flask-Admin's signature
        return flt.key

    def scaffold_form(self) -> type[PanelForm]:
        return form_for(self.model, self.form_columns or (), self.references)

    # Reading.

    def get_list(
        self,
        page: int | None,
        sort_column: str | None,
        sort_desc: bool | None,  # noqa: FBT001  # Flask-Admin's signature
        search: str | None,
        filters: Iterable[tuple[ListFilter, str, Any]] | None,
        page_size: int | None = None,
    ) -> tuple[int, list[Any]]:
        """One page of rows and how many there are in all: two statements, however many rows."""
        listing = Listing(self.get_query(), self.model, self.related)
        self.look_for(listing, search)
        listing.filter((flt, value) for flt, _, value in filters or ())
        order = self._get_default_order() or []
        if sort_column in self._sortable_columns:
            order = [(self._sortable_columns[sort_column], bool(sort_desc))]
        return listing.count(), listing.page(order, page or 0, self.page_size if page_size is None else page_size)

    def get_one(self, id: Any) -> Any:  # noqa: A002  # Flask-Admin's name
        """The row with this id if the actor may see it; `NotFound` for every other id, whatever it looks like."""
        try:
            key = whole(str(id))
        except ValueError:
            raise not_found() from None
        row = self.get_query().where(self.model._meta.primary_key == key).first()
        if row is None:
            raise not_found()
        return row

    def look_for(self, listing: Listing, text: str | None) -> None:
        """Keep the rows in which every word occurs in a searched column."""
        listing.search(text, tuple(self.column_searchable_list or ()))

    def _get_list_filter_args(self) -> list[tuple[ListFilter, str, Any]]:
        found = []
        for flt in self._filters or ():
            text = request.args.get(flt.key, "")
            try:
                found.append((flt, text, flt.read(text)))
            except (ValueError, OverflowError):
                if text:
                    flash(f"Saringan “{flt.label}” diabaikan karena isinya tidak dapat dibaca.", "warning")
        return found

    def _get_filters(self, filters: Iterable[tuple[ListFilter, str, Any]] | None) -> dict[str, str]:
        return {flt.key: text for flt, text, _ in filters or ()}

    def _get_list_extra_args(self) -> Any:
        """The arguments of the list without foreign ones: they would be handed to `url_for`, which has its own."""
        args = super()._get_list_extra_args()
        args.extra_args = {}
        args.page = max(args.page or 0, 0)
        return args

    # Pages.

    @expose("/details/")
    def details_view(self) -> Answer:
        if not self.can_view_details:
            raise not_found()
        row = self.get_one(request.args.get("id"))
        return self.render(
            self.details_template, row=row, columns=self._details_columns, get_value=self.get_detail_value, back=self._back()
        )

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> Answer:
        self._require(allowed=self.can_create)
        form = self.create_form()
        answer = self.submit(
            form, lambda: self.create(self.actor, self._values(form)), to=self._back(), done=f"{self.one.capitalize()} disimpan."
        )
        return answer or self.show(self.create_template, form, row=None, back=self._back())

    @expose("/edit/", methods=("GET", "POST"))
    def edit_view(self) -> Answer:
        self._require(allowed=self.can_edit)
        row = self.get_one(request.args.get("id"))
        if reason := self.locked(row):
            raise Conflict(reason)
        form = self.edit_form(row)
        version = form.row_version.data if "row_version" in form else 0
        answer = self.submit(
            form,
            lambda: self.change(self.actor, row, self._values(form), version or 0),
            to=self._back(),
            done=f"{self.one.capitalize()} disimpan.",
            stored=lambda: self._edit_form_class(None, obj=self.get_one(row._pk)),  # noqa: SLF001
        )
        return answer or self.show(self.edit_template, form, row=row, back=self._back())

    @expose("/delete/", methods=("GET", "POST"))
    def delete_view(self) -> Answer:
        """Ask on a page of its own, then delete."""
        self._require(allowed=self.can_delete)
        row = self.get_one(request.values.get("id"))
        if reason := self.locked(row):
            raise Conflict(reason)
        if not self.confirmed():
            return self.ask(f"Hapus {self.one} “{self.heading(row)}”?", button="Hapus", back=self._back())
        return self.act(lambda: self.remove(self.actor, row), to=self._back(), done=f"{self.one.capitalize()} dihapus.")

    @expose("/action/", methods=("POST",))
    def action_view(self) -> Answer:
        """Do something with the chosen rows, of which only those count that the actor may see."""
        name = request.form.get("action", "")
        if name not in self._actions_data or not self.is_action_allowed(name):
            raise Forbidden("Tindakan ini tidak termasuk hak akses Anda.")
        handler, text, question = self._actions_data[name]
        rows = self._chosen(request.form.getlist("rowid"))
        if question and not self.confirmed():
            return self.ask(str(question), button=str(text), back=self._back(), details=tuple(str(row) for row in rows))
        try:
            with constraints_refuse():
                handler([self.get_pk_value(row) for row in rows])
        except Refusal as refusal:
            self.warn(refusal)
        return redirect(self._back(), SEE_OTHER)

    @expose("/export/<export_type>/")
    def export(self, export_type: str) -> Answer:
        if not self.can_export or export_type != "csv":
            raise not_found()
        _, rows = self._export_data()
        body = csv_bytes(
            [title for _, title in self._export_columns],
            [[self.get_export_value(row, name) for name, _ in self._export_columns] for row in rows],
        )
        name = secure_filename(self.get_export_name("csv"))
        return Response(body, mimetype="text/csv", headers={"Content-Disposition": f"attachment; filename={name}"})

    @expose("/ajax/lookup/")
    def ajax_lookup(self) -> Answer:
        """Closed: stock look-ups know neither rights nor limits."""
        raise not_found()

    @expose("/ajax/update/", methods=("POST",))
    def ajax_update(self) -> Answer:
        """Closed: stock writes even where `can_edit` is False."""
        raise not_found()

    def row_links(self, row: Any, return_url: str) -> list[tuple[str, str]]:
        """What the list offers for a row: the words and the address."""
        key = self.get_pk_value(row)
        links = []
        if self.can_view_details:
            links.append(("Lihat", ".details_view"))
        if self.can_edit and not self.locked(row):
            links.append(("Ubah", ".edit_view"))
        if self.can_delete and not self.locked(row):
            links.append(("Hapus", ".delete_view"))
        return [(text, str(self.get_url(endpoint, id=key, url=return_url))) for text, endpoint in links]

    # Below: how the pages above do it.

    def _require(self, *, allowed: bool) -> None:
        if not allowed:
            raise Forbidden("Anda tidak berhak mengubah data di halaman ini.")

    def _values(self, form: PanelForm) -> dict[str, Any]:
        return {field.name: field.data for field in form if field.name != "row_version"}

    def _chosen(self, ids: list[str]) -> list[Any]:
        rows = []
        for key in dict.fromkeys(ids[: self.page_size_options[-1]]):
            try:
                rows.append(self.get_one(key))
            except NotFound:
                continue
        return rows

    def _back(self) -> str:
        """The list as the person left it, or the list."""
        return get_redirect_target() or str(self.get_url(".index_view"))
