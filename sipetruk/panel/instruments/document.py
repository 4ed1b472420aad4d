"""Editing the rest of a draft: what it is called, its policy, its evidence and the questions of its form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import request

from sipetruk.errors import NotFound
from sipetruk.panel.instruments import faces
from sipetruk.panel.instruments.base import InstrumentBase, wanted_index
from sipetruk.panel.instruments.entry_forms import EvidenceForm, FieldForm, TemplateForm, entry_form, largest_upload
from sipetruk.panel.instruments.forms import SPARE_ROWS, AboutForm, PolicyForm, called, decimal
from sipetruk.panel.kit import Answer, expose
from sipetruk.queries.instruments import VersionView
from sipetruk.rules import instrument as rules

GET_POST = ("GET", "POST")
POST = ("POST",)
KINDS = {"bukti": ("evidence", "Bukti dukung"), "isian": ("fields", "Pertanyaan formulir")}
"""Lists of the document: their part of the address, their name in the document, and what one entry is called."""

ABOUT = ("title", "description", "source")


class DocumentPages(InstrumentBase):
    """Words, policy, and the two lists of the document."""

    @expose("/<int:version_id>/keterangan/", GET_POST)
    def edit_about(self, version_id: int) -> Answer:
        view = self.draft(version_id)
        form = about_form(view, request.form or None)
        answer = self.change(
            version_id,
            form,
            lambda tree: rules.set_about(tree, **({name: getattr(tree, name) for name in ABOUT} | form.values())),
            to=self.address(version_id),
            stored=lambda now: about_form(now, None),
            keeps_rest=True,
        )
        return answer or self.form_page(view, form, "Keterangan instrumen", "")

    @expose("/<int:version_id>/kebijakan/", GET_POST)
    def edit_policy(self, version_id: int) -> Answer:
        view = self.draft(version_id)
        form = policy_form(view, request.form or None)
        answer = self.change(
            version_id,
            form,
            lambda tree: rules.replace_policy(tree, tree.to_dict()["policy"] | form.values()),
            to=self.address(version_id, "kebijakan"),
            stored=lambda now: policy_form(now, None),
            keeps_rest=True,
        )
        back = self.address(version_id, "kebijakan")
        return answer or self.show("panel/instrument/policy.html", form, view=view, title="Cara menghitung nilai", back=back)

    @expose("/<int:version_id>/<any(bukti, isian):part>/baru/", GET_POST)
    def add_entry(self, version_id: int, part: str) -> Answer:
        view = self.draft(version_id)
        form = entry_form(view, part, None, request.form or None)
        again = self.get_url(".add_entry", version_id=version_id, part=part)
        answer = self.change(
            version_id,
            form,
            lambda tree: _replace(tree, part, [*_entries(tree, part), form.values()]),
            to=lambda _: str(again) if "lagi" in request.form else self.address(version_id, f"{part}-{form.code.data}"),
            done=f"“{form.label.data}” ditambahkan.",
            stored=lambda now: entry_form(now, part, None, None),
        )
        return answer or self._entry_page(view, part, None, form)

    @expose("/<int:version_id>/<any(bukti, isian):part>/<code>/", GET_POST)
    def edit_entry(self, version_id: int, part: str, code: str) -> Answer:
        view = self.draft(version_id)
        form = entry_form(view, part, code, request.form or None)

        update = rules.update_evidence if part == "bukti" else rules.update_field
        answer = self.change(
            version_id,
            form,
            lambda tree: update(tree, code, form.values()),
            to=lambda _: self.address(version_id, f"{part}-{form.code.data}"),
            stored=lambda now: entry_form(now, part, code, None),
            here=lambda: str(self.get_url(".edit_entry", version_id=version_id, part=part, code=called(form, code))),
            keeps_rest=True,
        )
        return answer or self._entry_page(view, part, code, form)

    @expose("/<int:version_id>/<any(bukti, isian):part>/<code>/geser/", POST)
    def move_entry(self, version_id: int, part: str, code: str) -> Answer:
        move = rules.move_evidence if part == "bukti" else rules.move_field

        def change(tree: rules.Definition) -> rules.Definition:
            return move(tree, code, wanted_index(_position(_entries(tree, part), code)))

        return self.press(version_id, change, anchor=f"{part}-{code}", done="Urutan disimpan.")

    @expose("/<int:version_id>/<any(bukti, isian):part>/<code>/salin/", POST)
    def copy_entry(self, version_id: int, part: str, code: str) -> Answer:
        copy = rules.duplicate_evidence if part == "bukti" else rules.duplicate_field
        return self.press(version_id, lambda tree: copy(tree, code), anchor=f"{part}-{code}", done="Salinan ditambahkan di bawahnya.")

    @expose("/<int:version_id>/<any(bukti, isian):part>/<code>/hapus/", POST)
    def remove_entry(self, version_id: int, part: str, code: str) -> Answer:
        entry = _entry(self.draft(version_id), part, code)

        def change(tree: rules.Definition) -> rules.Definition:
            entries = _entries(tree, part)
            del entries[_position(entries, code)]
            return _replace(tree, part, entries)

        return self.press(version_id, change, anchor=part, done=f"“{entry['label']}” dihapus.")

    def _entry_page(self, view: VersionView, part: str, code: str | None, form: EvidenceForm | FieldForm) -> Answer:
        """The editor of a document or a question, with what the unit sees of it and its empty form."""
        tree, base = view.definition, self.address(view.row.id).rstrip("/")
        needs = {need.code: need for need in tree.requirements}
        return self.show(
            f"panel/instrument/{'evidence' if part == 'bukti' else 'field'}.html",
            form,
            view=view,
            part=part,
            code=code,
            title=f"{KINDS[part][1]}: {_entry(view, part, code)['label']}" if code else f"{KINDS[part][1]} baru",
            save="Simpan" if code else "Tambah",
            back=self.address(view.row.id, part),
            face=faces.of_entry(tree, part, code, base) if code else None,
            largest=largest_upload(),
            asks_files=code in needs,
            empty_form=needs[code].template if code in needs else None,
            template_form=TemplateForm(data={"row_version": view.row.row_version}),
        )


def about_form(view: VersionView, sent: Any) -> AboutForm:
    tree = view.definition
    values = {"title": tree.title, "description": tree.description, "source": tree.source}
    return AboutForm(sent, data={"row_version": view.row.row_version, **values})


def policy_form(view: VersionView, sent: Any) -> PolicyForm:
    policy = view.definition.policy
    spare: list[dict[str, Any]] = [{} for _ in range(SPARE_ROWS)]
    values = {
        "combine": policy.combine,
        "aggregation": policy.aggregation.kind,
        "k": policy.aggregation.k,
        "rounding": policy.rounding.stage,
        "mode": policy.rounding.mode,
        "decimals": policy.rounding.decimals,
        "min_assessors": policy.min_assessors,
        "floors": [{"component": floor.component, "at_least": decimal(floor.at_least)} for floor in policy.floors] + spare,
        "tie_chain": [{"step": step.name} for step in policy.tie_chain] + spare,
    }
    return PolicyForm(sent, data={"row_version": view.row.row_version, **values}).offer(view.definition)


def _entries(tree: rules.Definition, part: str) -> list[dict[str, Any]]:
    return list(tree.to_dict()[KINDS[part][0]])


def _replace(tree: rules.Definition, part: str, entries: Sequence[dict[str, Any]]) -> rules.Definition:
    return rules.set_evidence(tree, entries) if part == "bukti" else rules.set_fields(tree, entries)


def _entry(view: VersionView, part: str, code: str) -> dict[str, Any]:
    entries = _entries(view.definition, part)
    return entries[_position(entries, code)]


def _position(entries: Sequence[dict[str, Any]], code: str) -> int:
    for at, entry in enumerate(entries):
        if entry["code"] == code:
            return at
    raise NotFound("Bagian ini tidak ada dalam instrumen.")
