"""Editing the rest of a draft: what it is called, its policy, its evidence and the questions of its form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import request

from sipetruk.errors import NotFound
from sipetruk.panel.instruments.base import InstrumentBase, direction
from sipetruk.panel.instruments.forms import SPARE_ROWS, AboutForm, EvidenceForm, FieldForm, PolicyForm, decimal
from sipetruk.panel.kit import Answer, expose
from sipetruk.queries.instruments import VersionView
from sipetruk.rules import instrument as rules

GET_POST = ("GET", "POST")
POST = ("POST",)
KINDS = {"bukti": ("evidence", "Bukti dukung"), "isian": ("fields", "Pertanyaan formulir")}
"""Lists of the document: their part of the address, their name in the document, and what one entry is called."""


class DocumentPages(InstrumentBase):
    """Words, policy, and the two lists of the document."""

    @expose("/<int:version_id>/keterangan/", GET_POST)
    def edit_about(self, version_id: int) -> Answer:
        view = self.draft(version_id)
        form = about_form(view, request.form or None)
        answer = self.change(
            version_id,
            form,
            lambda tree: rules.set_about(
                tree, title=form.title.data, description=form.description.data or "", source=form.source.data or ""
            ),
            to=self.address(version_id),
            stored=lambda now: about_form(now, None),
        )
        return answer or self.form_page(view, form, "Keterangan instrumen", "")

    @expose("/<int:version_id>/kebijakan/", GET_POST)
    def edit_policy(self, version_id: int) -> Answer:
        view = self.draft(version_id)
        form = policy_form(view, request.form or None)
        answer = self.change(
            version_id,
            form,
            lambda tree: rules.replace_policy(tree, form.values(tree.policy.rounding.mode)),
            to=self.address(version_id, "kebijakan"),
            stored=lambda now: policy_form(now, None),
        )
        return answer or self.form_page(view, form, "Cara menghitung nilai", "kebijakan")

    @expose("/<int:version_id>/<any(bukti, isian):part>/baru/", GET_POST)
    def add_entry(self, version_id: int, part: str) -> Answer:
        view = self.draft(version_id)
        form = entry_form(view, part, None, request.form or None)
        answer = self.change(
            version_id,
            form,
            lambda tree: _replace(tree, part, [*_entries(tree, part), form.values()]),
            to=self.address(version_id, part),
            stored=lambda now: entry_form(now, part, None, None),
        )
        return answer or self.form_page(view, form, f"{KINDS[part][1]} baru", part, save="Tambah")

    @expose("/<int:version_id>/<any(bukti, isian):part>/<code>/", GET_POST)
    def edit_entry(self, version_id: int, part: str, code: str) -> Answer:
        view = self.draft(version_id)
        form = entry_form(view, part, code, request.form or None)

        def change(tree: rules.Definition) -> rules.Definition:
            entries = _entries(tree, part)
            entries[_position(entries, code)] = form.values()
            return _replace(tree, part, entries)

        answer = self.change(
            version_id,
            form,
            change,
            to=self.address(version_id, part),
            stored=lambda now: entry_form(now, part, code, None),
        )
        return answer or self.form_page(view, form, f"{KINDS[part][1]}: {_entry(view, part, code)['label']}", part)

    @expose("/<int:version_id>/<any(bukti, isian):part>/<code>/geser/", POST)
    def move_entry(self, version_id: int, part: str, code: str) -> Answer:
        step = direction()

        def change(tree: rules.Definition) -> rules.Definition:
            entries = _entries(tree, part)
            at = _position(entries, code)
            entries.insert(max(0, at + step), entries.pop(at))
            return _replace(tree, part, entries)

        return self.press(version_id, change, anchor=part, done="Urutan disimpan.")

    @expose("/<int:version_id>/<any(bukti, isian):part>/<code>/hapus/", POST)
    def remove_entry(self, version_id: int, part: str, code: str) -> Answer:
        entry = _entry(self.draft(version_id), part, code)
        if not self.confirmed():
            return self.ask(f"Hapus “{entry['label']}”?", button="Hapus", back=self.address(version_id, part))

        def change(tree: rules.Definition) -> rules.Definition:
            entries = _entries(tree, part)
            del entries[_position(entries, code)]
            return _replace(tree, part, entries)

        return self.press(version_id, change, anchor=part, done=f"“{entry['label']}” dihapus.")


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
        "decimals": policy.rounding.decimals,
        "min_assessors": policy.min_assessors,
        "floors": [{"component": floor.component, "at_least": decimal(floor.at_least)} for floor in policy.floors] + spare,
        "tie_chain": [{"step": step.name} for step in policy.tie_chain] + spare,
    }
    return PolicyForm(sent, data={"row_version": view.row.row_version, **values}).offer(view.definition)


def entry_form(view: VersionView, part: str, code: str | None, sent: Any) -> EvidenceForm | FieldForm:
    """The form of one piece of evidence or one question; without `code` that of a new one."""
    start = {"row_version": view.row.row_version}
    if part == "bukti":
        defaults = {"required": True, "source": "unit", "accept": ["pdf"], "max_mb": 5, "max_files": 1}
        return EvidenceForm(sent, data={**start, **(_entry(view, part, code) if code else defaults)})
    values: dict[str, Any] = {"kind": "short_text"}
    if code:
        field = next(field for field in view.definition.fields if field.code == _entry(view, part, code)["code"])
        values = {
            **field.to_dict(),
            "min": decimal(field.min),
            "max": decimal(field.max),
            "options": [f"{option.code} = {option.label}" for option in field.options],
            "shown_field": field.shown_when.field if field.shown_when else None,
            "equals": field.shown_when.equals if field.shown_when else "",
        }
    return FieldForm(sent, data={**start, **values}).offer(view.definition, code)


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
