"""Instruments: the list, one version as a whole, and what happens to a version (made, locked, retired, discarded)."""

from __future__ import annotations

import json
from functools import partial
from itertools import groupby
from typing import Any

import wtforms
from flask import current_app, redirect, request

from sipetruk.panel.instruments.base import sent_version
from sipetruk.panel.instruments.document import DocumentPages
from sipetruk.panel.instruments.files import FilePages
from sipetruk.panel.instruments.forms import LockForm, NewInstrumentForm, ReasonForm
from sipetruk.panel.instruments.places import Remark, remarks
from sipetruk.panel.instruments.preview import PreviewPages
from sipetruk.panel.instruments.quick import cells_of, changed_names, filled_in, quick_form
from sipetruk.panel.instruments.starters import StarterPages
from sipetruk.panel.instruments.tree import TreePages
from sipetruk.panel.instruments.tryout import TryoutPages
from sipetruk.panel.instruments.versions import VersionPages
from sipetruk.panel.instruments.weights import WeightPages
from sipetruk.panel.kit import Answer, VersionedForm, expose
from sipetruk.panel.kit.page import SEE_OTHER
from sipetruk.queries import instruments as queries
from sipetruk.queries.instrument_changes import last_change
from sipetruk.queries.instruments import VersionView
from sipetruk.rules import instrument as rules
from sipetruk.rules.permissions import Action, require
from sipetruk.rules.tryout import mismatches
from sipetruk.services import instruments as services
from sipetruk.starters import starter, starter_examples

GET_POST = ("GET", "POST")
POST = ("POST",)
MEGABYTE = 1024 * 1024


class LockingForm(LockForm):
    """The last question before a version is fixed for ever."""

    confirmed = wtforms.BooleanField("Saya mengerti bahwa versi ini tidak dapat diubah lagi.")

    def validate_confirmed(self, field: Any) -> None:
        if not field.data:
            raise wtforms.ValidationError("Centang dahulu: mengunci tidak dapat dibatalkan.")


class InstrumentPages(TreePages, DocumentPages, PreviewPages, TryoutPages, VersionPages, FilePages, StarterPages, WeightPages):
    """Everything under /admin/instrumen/."""

    intro = "Komponen, kriteria, skala, dan bukti dukung yang dipakai menilai. Versi yang sudah dikunci tidak pernah berubah."

    @expose("/")
    def index(self) -> Answer:
        versions = queries.list_versions(self.actor)
        families = [(name, list(rows)) for name, rows in groupby(versions, key=lambda row: (row.name, row.code))]
        return self.render("panel/instrument/list.html", families=families)

    @expose("/baru/", GET_POST)
    def create(self) -> Answer:
        require(self.actor, Action.INSTRUMENT_EDIT)
        form = NewInstrumentForm(request.form or None, data={"starter": request.args.get("awal")})

        def make() -> int:
            name = form.starter.data
            definition, examples = (starter(name), starter_examples(name)) if name else (None, [])
            return services.create(
                self.actor,
                code=form.code.data,
                name=form.name.data,
                definition=definition,
                examples=examples,
                idempotency_key=form.once,
            )

        answer = self.submit(form, make, to=self.address, done="Instrumen dibuat sebagai draf versi 1.")
        return answer or self.show("panel/instrument/new.html", form, back=self.get_url(".index"))

    @expose("/<int:version_id>/")
    def show_version(self, version_id: int) -> Answer:
        return self.show_tree(self.view(version_id), None)

    @expose("/<int:version_id>/cepat/", GET_POST)
    def fill_in(self, version_id: int) -> Answer:
        """What was typed straight into the tree."""
        view = self.draft(version_id)
        here = self.address(version_id, "komponen")
        if request.method == "GET":
            return redirect(here, SEE_OTHER)
        names = changed_names(cells_of(view.definition))
        form = quick_form(names, view, request.form)
        answer = self.change(
            version_id,
            form,
            lambda tree: filled_in(tree, form, names),
            to=here,
            stored=lambda now: quick_form(names, now, None),
            keeps_rest=True,
        )
        return answer or self.show_tree(view, form)

    def show_tree(self, view: VersionView, form: VersionedForm | None) -> Answer:
        """The page of a version, with what was typed into the tree when that was refused."""
        tree = view.definition
        cells = cells_of(tree) if view.may_edit else {}
        return self.show(
            "panel/instrument/show.html",
            form,
            view=view,
            is_editable=view.may_edit,
            remarks=self.remarks(view) if view.row.is_draft else [],
            last=last_change(self.actor, view.row.id) if view.may_edit else None,
            cells=cells,
            was=json.dumps({name: cell.text for name, cell in cells.items()}, ensure_ascii=False),
            typed=request.form if form else {},
            sums={level.path: level for level in view.sums},
            evidence={need.code: need.label for need in tree.requirements},
            draft=queries.draft_of(self.actor, view.row.instrument_id) if not view.row.is_draft else None,
            words=rules,
            labels=labels_of(tree),
            shown_when=lambda condition: condition_in_words(tree, condition),
        )

    @expose("/<int:version_id>/urungkan/", POST)
    def undo(self, version_id: int) -> Answer:
        self.draft(version_id)
        expected = sent_version()
        return self.act(
            lambda: services.undo(self.actor, version_id=version_id, expected_version=expected),
            to=self.address(version_id, "komponen"),
            done="Perubahan terakhir diurungkan.",
        )

    @expose("/<int:version_id>/kunci/", GET_POST)
    def lock(self, version_id: int) -> Answer:
        require(self.actor, Action.INSTRUMENT_LOCK)
        view = self.draft(version_id)
        form = LockingForm(request.form or None, data={"row_version": view.row.row_version})
        answer = self.submit(
            form,
            lambda: services.lock(self.actor, version_id=version_id, expected_version=form.expected),
            to=self.address(version_id),
            done=f"Versi {view.row.number} dikunci dan tidak akan berubah lagi.",
        )
        found = self.remarks(view)
        return answer or self.show(
            "panel/instrument/lock.html",
            form,
            view=view,
            errors=[remark for remark in found if remark.severity == "error"],
            advice=[remark for remark in found if remark.severity != "error"],
            mismatches=mismatches(view.definition, view.examples),
            changes=self._changes(view),
            back=self.address(version_id),
        )

    @expose("/<int:version_id>/draf/", POST)
    def start_draft(self, version_id: int) -> Answer:
        view = self.view(version_id)
        form = LockForm(request.form)
        answer = self.submit(
            form,
            lambda: services.start_draft(
                self.actor,
                instrument_id=view.row.instrument_id,
                from_version_id=version_id,
                shift_years=1 if request.form.get("geser") == "1" else 0,
            ),
            to=self.address,
            done="Draf baru dibuat dari versi ini.",
        )
        return answer or self.show_version(version_id)

    @expose("/<int:version_id>/buang/", POST)
    def discard(self, version_id: int) -> Answer:
        view = self.draft(version_id)
        if not self.confirmed():
            question = f"Buang draf versi {view.row.number} dari “{view.row.name}”?"
            return self.ask(question, button="Buang draf", back=self.address(version_id))
        expected = sent_version()
        return self.act(
            lambda: services.discard_draft(self.actor, version_id=version_id, expected_version=expected),
            to=str(self.get_url(".index")),
            done="Draf dibuang.",
        )

    @expose("/<int:version_id>/purna/", GET_POST)
    def retire(self, version_id: int) -> Answer:
        require(self.actor, Action.INSTRUMENT_LOCK)
        view = self.view(version_id)
        form = ReasonForm(request.form or None, data={"row_version": view.row.row_version})
        answer = self.submit(
            form,
            lambda: services.retire(self.actor, version_id=version_id, reason=form.reason.data, expected_version=form.expected),
            to=self.address(version_id),
            done="Versi ini tidak dapat dipilih lagi untuk kategori baru.",
        )
        return answer or self.show("panel/instrument/retire.html", form, view=view, back=self.address(version_id))

    def _changes(self, view: VersionView) -> list[rules.Change] | None:
        """What differs from the version before this one that is locked; None when there is none."""
        earlier = queries.fixed_before(self.actor, view.row)
        return None if earlier is None else list(queries.comparison(self.actor, earlier.id, view.row.id).changes)

    def remarks(self, view: VersionView) -> list[Remark]:
        """What the lint says, and what this server would refuse, each with the place to mend it."""
        limit = current_app.config["MAX_CONTENT_LENGTH"]
        found = [*view.findings, *rules.upload_findings(view.definition, limit // MEGABYTE if limit else None)]
        return remarks(view.definition, found, partial(self.get_url, version_id=view.row.id) if view.may_edit else None)


def labels_of(tree: rules.Definition) -> dict[str, str]:
    """What the components and criteria of an instrument are called, by code."""
    parts = {part.code: part.label for part in tree.components}
    return parts | {criterion.code: criterion.label for _, criterion in rules.all_criteria(tree)}


def condition_in_words(tree: rules.Definition, condition: rules.ShownWhen) -> str:
    """“Tahap inovasi” dijawab “Penerapan”: when a question of the form is asked."""
    field = next((field for field in tree.fields if field.code == condition.field), None)
    if field is None:
        return f"“{condition.field}” dijawab “{condition.equals}”"
    if field.kind == "declaration":
        return f"“{field.label}” dicentang" if condition.equals == "1" else f"“{field.label}” tidak dicentang"
    options = {option.code: option.label for option in field.options}
    return f"“{field.label}” dijawab “{options.get(condition.equals, condition.equals)}”"
