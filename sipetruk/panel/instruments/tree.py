"""Editing the tree of a draft: components, criteria, and the scale of a criterion."""

from __future__ import annotations

from typing import Any

from flask import request

from sipetruk.panel.instruments import faces
from sipetruk.panel.instruments.base import InstrumentBase, wanted_index
from sipetruk.panel.instruments.forms import ComponentForm, CriterionForm, NewComponentForm, NewCriterionForm, called, in_percent
from sipetruk.panel.instruments.scale_forms import FORMS, STARTERS
from sipetruk.panel.kit import Answer, expose
from sipetruk.queries.instruments import VersionView
from sipetruk.rules import instrument as rules
from sipetruk.rules import scales

GET_POST = ("GET", "POST")
POST = ("POST",)


class TreePages(InstrumentBase):
    """Components and criteria, one per page; buttons and drags send where a thing goes."""

    @expose("/<int:version_id>/komponen/baru/", GET_POST)
    def add_component(self, version_id: int) -> Answer:
        view = self.draft(version_id)
        form = fresh_component(view, request.form or None)
        answer = self.change(
            version_id,
            form,
            lambda tree: rules.add_component(tree, form.values()),
            to=lambda _: self.address(version_id, f"komponen-{form.code.data}"),
            stored=fresh_component,
        )
        return answer or self.form_page(view, form, "Tambah komponen", "komponen", save="Tambah komponen")

    @expose("/<int:version_id>/komponen/<code>/", GET_POST)
    def edit_component(self, version_id: int, code: str) -> Answer:
        view = self.draft(version_id)
        form = component_form(view, code, request.form or None)
        answer = self.change(
            version_id,
            form,
            lambda tree: rules.update_component(tree, code, form.values()),
            to=lambda _: self.address(version_id, f"komponen-{form.code.data}"),
            stored=lambda now: component_form(now, code, None),
            here=lambda: str(self.get_url(".edit_component", version_id=version_id, code=called(form, code))),
            keeps_rest=True,
        )
        return answer or self.form_page(view, form, f"Komponen {rules.component(view.definition, code).label}", f"komponen-{code}")

    @expose("/<int:version_id>/komponen/<code>/geser/", POST)
    def move_component(self, version_id: int, code: str) -> Answer:
        def change(tree: rules.Definition) -> rules.Definition:
            codes = [part.code for part in tree.components]
            rules.component(tree, code)
            return rules.move_component(tree, code, wanted_index(codes.index(code)))

        return self.press(version_id, change, anchor=f"komponen-{code}", done="Urutan disimpan.")

    @expose("/<int:version_id>/komponen/<code>/salin/", POST)
    def copy_component(self, version_id: int, code: str) -> Answer:
        done = "Komponen disalin beserta kriterianya, tepat di bawah aslinya."
        return self.press(version_id, lambda tree: rules.duplicate_component(tree, code), anchor=f"komponen-{code}", done=done)

    @expose("/<int:version_id>/komponen/<code>/hapus/", POST)
    def remove_component(self, version_id: int, code: str) -> Answer:
        part = rules.component(self.draft(version_id).definition, code)
        count = f" beserta {len(part.criteria)} kriterianya" if part.criteria else ""
        done = f"Komponen “{part.label}” dihapus{count}."
        return self.press(version_id, lambda tree: rules.remove_component(tree, code), anchor="komponen", done=done)

    @expose("/<int:version_id>/komponen/<component>/kriteria/baru/", GET_POST)
    def add_criterion(self, version_id: int, component: str) -> Answer:
        view = self.draft(version_id)
        part = rules.component(view.definition, component)
        form = fresh_criterion(view, request.form or None)

        def change(tree: rules.Definition) -> rules.Definition:
            scale = {"kind": form.kind.data, **STARTERS[form.kind.data]}
            return rules.add_criterion(tree, component, form.values() | {"scale": scale})

        answer = self.change(
            version_id,
            form,
            change,
            to=lambda _: str(self.get_url(".edit_scale", version_id=version_id, code=form.code.data)),
            stored=fresh_criterion,
        )
        return answer or self.show(
            "panel/instrument/criterion_new.html",
            form,
            view=view,
            title=f"Kriteria baru pada {part.label}",
            back=self.address(version_id, f"komponen-{component}"),
        )

    @expose("/<int:version_id>/kriteria/<code>/", GET_POST)
    def edit_criterion(self, version_id: int, code: str) -> Answer:
        view = self.draft(version_id)
        form = criterion_form(view, code, request.form or None)

        def change(tree: rules.Definition) -> rules.Definition:
            changed, now = rules.update_criterion(tree, code, form.values()), called(form, code)
            if form.component.errors or form.component.data == home_of(changed, now).code:
                return changed
            end = len(rules.component(changed, form.component.data).criteria)
            return rules.move_criterion(changed, now, form.component.data, end)

        answer = self.change(
            version_id,
            form,
            change,
            to=lambda _: self.address(version_id, f"kriteria-{form.code.data}"),
            stored=lambda now: criterion_form(now, code, None),
            here=lambda: str(self.get_url(".edit_criterion", version_id=version_id, code=called(form, code))),
            keeps_rest=True,
        )
        return answer or self.show(
            "panel/instrument/criterion.html",
            form,
            view=view,
            code=code,
            title=f"Kriteria {rules.criterion(view.definition, code).label}",
            back=self.address(version_id, f"kriteria-{code}"),
            face=faces.of_criterion(view.definition, code),
        )

    @expose("/<int:version_id>/kriteria/<code>/skala/", GET_POST)
    def edit_scale(self, version_id: int, code: str) -> Answer:
        """The editor of the scale; `?jenis=` opens that of another kind, which replaces the scale only when saved."""
        view = self.draft(version_id)
        criterion = rules.criterion(view.definition, code)
        kind = request.args.get("jenis", criterion.scale.kind)
        form = scale_form(view, code, kind, request.form or None)

        answer = self.change(
            version_id,
            form,
            lambda tree: with_scale(tree, code, form),
            to=self.address(version_id, f"kriteria-{code}"),
            stored=lambda now: scale_form(now, code, kind, None),
        )
        return answer or self.show(
            "panel/instrument/scale.html",
            form,
            view=view,
            title=f"Skala {criterion.label}",
            criterion=criterion,
            kinds=list(scales.LABELS.items()),
            face=faces.of_criterion(view.definition, code),
            back=self.address(version_id, f"kriteria-{code}"),
        )

    @expose("/<int:version_id>/kriteria/<code>/geser/", POST)
    def move_criterion(self, version_id: int, code: str) -> Answer:
        """Within its component, or to another one: at the end by a button, at a place by a drag."""
        wanted = request.form.get("component", "")

        def change(tree: rules.Definition) -> rules.Definition:
            part = home_of(tree, code)
            if wanted in {"", part.code}:
                at = [criterion.code for criterion in part.criteria].index(code)
                return rules.move_criterion(tree, code, part.code, wanted_index(at))
            end = len(rules.component(tree, wanted).criteria)
            return rules.move_criterion(tree, code, wanted, request.form.get("to", end, type=int))

        done = "Kriteria dipindahkan." if wanted else "Urutan disimpan."
        return self.press(version_id, change, anchor=f"kriteria-{code}", done=done)

    @expose("/<int:version_id>/kriteria/<code>/salin/", POST)
    def copy_criterion(self, version_id: int, code: str) -> Answer:
        done = "Kriteria disalin tepat di bawah aslinya."
        return self.press(version_id, lambda tree: rules.duplicate_criterion(tree, code), anchor=f"kriteria-{code}", done=done)

    @expose("/<int:version_id>/kriteria/<code>/hapus/", POST)
    def remove_criterion(self, version_id: int, code: str) -> Answer:
        criterion = rules.criterion(self.draft(version_id).definition, code)
        done = f"Kriteria “{criterion.label}” dihapus."
        return self.press(version_id, lambda tree: rules.remove_criterion(tree, code), anchor="komponen", done=done)


def with_scale(tree: rules.Definition, code: str, form: Any) -> rules.Definition:
    """The tree with the scale that a form describes."""
    return rules.update_criterion(tree, code, {"scale": scales.to_dict(scales.parse_scale(form.document()))})


def home_of(tree: rules.Definition, code: str) -> rules.Component:
    """The component in which a criterion stands."""
    found = rules.criterion(tree, code)
    return next(part for part in tree.components if found in part.criteria)


def component_form(view: VersionView, code: str, sent: Any) -> ComponentForm:
    part = rules.component(view.definition, code)
    values = {"label": part.label, "code": part.code, "weight": in_percent(part.weight), "help": part.help}
    return ComponentForm(sent, data={"row_version": view.row.row_version, **values})


def fresh_component(view: VersionView, sent: Any = None) -> NewComponentForm:
    form = NewComponentForm(sent, data={"row_version": view.row.row_version})
    return form.coded({part.code for part in view.definition.components}) if sent else form


def fresh_criterion(view: VersionView, sent: Any = None) -> NewCriterionForm:
    form = NewCriterionForm(sent, data={"row_version": view.row.row_version, "source": "assessor"})
    form.offer(view.definition, ())
    return form.coded({criterion.code for _, criterion in rules.all_criteria(view.definition)}) if sent else form


def criterion_form(view: VersionView, code: str, sent: Any) -> CriterionForm:
    found = rules.criterion(view.definition, code)
    part = home_of(view.definition, code)
    values = {
        "label": found.label,
        "code": found.code,
        "component": part.code,
        "help": found.help,
        "weight": in_percent(found.weight),
        "source": found.source.kind,
        "months": found.source.months,
        "years": found.source.named_years,
        "check": found.source.check or "ever",
        "within_years": found.source.within_years,
        "levels": found.source.levels or tuple(rules.SANCTION_LEVELS),
        "series": found.source.series,
        "evidence": found.evidence,
        "note_min_chars": found.note_min_chars,
    }
    return CriterionForm(sent, data={"row_version": view.row.row_version, **values}).offer(view.definition, found.evidence)


def scale_form(view: VersionView, code: str, kind: str, sent: Any) -> Any:
    """The form of a kind of scale, filled from the criterion where its scale is of that kind."""
    scale = rules.criterion(view.definition, code).scale
    if kind not in FORMS:
        kind = scale.kind
    if scale.kind != kind:
        scale = scales.parse_scale({"kind": kind, **STARTERS[kind]})
    return FORMS[kind](sent, data={"row_version": view.row.row_version, **FORMS[kind].of(scale)})
