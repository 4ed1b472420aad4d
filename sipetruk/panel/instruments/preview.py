"""How a version looks to those who will use it: the unit, an assessor, the public. Nothing here can be sent."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from flask import request

from sipetruk.api import shapes, uploads
from sipetruk.errors import Invalid
from sipetruk.panel.assessment import marks_form
from sipetruk.panel.instruments import faces
from sipetruk.panel.instruments.base import InstrumentBase, sent_version
from sipetruk.panel.instruments.entry_forms import entry_form
from sipetruk.panel.instruments.tree import criterion_form, scale_form, with_scale
from sipetruk.panel.kit import Answer, VersionedForm, expose
from sipetruk.queries.assessment import components_to_mark
from sipetruk.queries.instruments import VersionView
from sipetruk.rules import instrument as rules
from sipetruk.rules.own_total import OwnTotal, own_totals
from sipetruk.services import templates

POST = ("POST",)
INCOMPLETE = "Lengkapi isian yang ditandai; pratinjau mengikuti sesudahnya."
LABEL = "Pratinjau – tidak ada yang disimpan"
VIEWERS = {"unit": "Perangkat daerah", "penilai": "Tim penilai", "umum": "Masyarakat umum"}


class PreviewPages(InstrumentBase):
    """The pages of a version as others see them, made by the very templates of those pages."""

    @expose("/<int:version_id>/pratinjau/")
    def preview(self, version_id: int) -> Answer:
        view = self.view(version_id)
        match request.args.get("sebagai"):
            case "penilai":
                return self._as_assessor(view)
            case "umum":
                return self._in_portal(view, "umum", instrument=shapes.instrument(view.definition))
        return self._in_portal(view, "unit")

    @expose("/<int:version_id>/contoh/<requirement>")
    def template(self, version_id: int, requirement: str) -> Answer:
        """The empty form that a version, drafts included, asks to be filled in."""
        return uploads.send(templates.open_of_version(self.actor, version_id, requirement))

    @expose("/<int:version_id>/kriteria/<code>/skala/pratinjau/", POST)
    def scale_face(self, version_id: int, code: str) -> Answer:
        """What is seen of the scale as it is typed, saved or not."""
        view = self.draft(version_id)
        form = scale_form(view, code, request.args.get("jenis", ""), request.form)
        return self._face(form, lambda: faces.of_criterion(with_scale(view.definition, code, form), code))

    @expose("/<int:version_id>/kriteria/<code>/pratinjau/", POST)
    def criterion_face(self, version_id: int, code: str) -> Answer:
        view = self.draft(version_id)
        form = criterion_form(view, code, request.form)

        def make() -> faces.Face:
            return faces.of_criterion(rules.update_criterion(view.definition, code, form.values()), form.code.data)

        return self._face(form, make)

    @expose("/<int:version_id>/<any(bukti, isian):part>/pratinjau/", POST)
    def entry_face(self, version_id: int, part: str) -> Answer:
        view, code = self.draft(version_id), request.args.get("kode") or None
        form = entry_form(view, part, code, request.form)
        tree, base = view.definition, self.base_of_templates(version_id)

        def make() -> faces.Face:
            if code:
                update = rules.update_evidence if part == "bukti" else rules.update_field
                return faces.of_entry(update(tree, code, form.values()), part, form.code.data, base)
            listed = [*tree.to_dict()["evidence" if part == "bukti" else "fields"], form.values()]
            changed = rules.set_evidence(tree, listed) if part == "bukti" else rules.set_fields(tree, listed)
            return faces.of_entry(changed, part, form.code.data, base)

        return self._face(form, make)

    @expose("/<int:version_id>/<any(bukti, isian):part>/<code>/contoh/", POST)
    def store_template(self, version_id: int, part: str, code: str) -> Answer:
        self.draft(version_id)
        file, expected = request.files.get("file"), sent_version()

        def act() -> int:
            if file is None or not file.filename:
                raise Invalid("Pilih berkas contoh yang akan diunggah.", "file")
            return templates.store(
                self.actor,
                version_id=version_id,
                requirement=code,
                filename=file.filename,
                stream=file.stream,
                expected_version=expected,
            )

        return self.act(act, to=self._entry_address(version_id, part, code), done="Berkas contoh disimpan.")

    @expose("/<int:version_id>/<any(bukti, isian):part>/<code>/contoh/hapus/", POST)
    def remove_template(self, version_id: int, part: str, code: str) -> Answer:
        self.draft(version_id)
        to = self._entry_address(version_id, part, code)
        if not self.confirmed():
            return self.ask("Hapus berkas contoh ini?", button="Hapus", back=to)
        expected = sent_version()
        return self.act(
            lambda: templates.remove(self.actor, version_id=version_id, requirement=code, expected_version=expected),
            to=to,
            done="Berkas contoh dihapus.",
        )

    def _face(self, form: VersionedForm, make: Callable[[], faces.Face]) -> Answer:
        """A fragment for the script of an editor: what is seen of what was typed, or why it cannot be shown yet."""
        if not form.validate():
            return INCOMPLETE, int(HTTPStatus.UNPROCESSABLE_ENTITY)
        try:
            face = make()
        except Invalid as refusal:
            return refusal.problems[0].message, int(HTTPStatus.UNPROCESSABLE_ENTITY), {"Content-Type": "text/plain; charset=utf-8"}
        return self.render("panel/instrument/face.html", face=face)

    def _entry_address(self, version_id: int, part: str, code: str) -> str:
        return str(self.get_url(".edit_entry", version_id=version_id, part=part, code=code, _anchor="contoh"))

    def _as_assessor(self, view: VersionView) -> Answer:
        components = components_to_mark(view.definition, {})
        return self.render(
            "panel/instrument/preview_penilai.html",
            view=view,
            components=components,
            marks=marks_form(components, 0),
            labels={each.code: each.label for each in view.definition.requirements},
            totals=_totals(view.definition),
            requirements=view.definition.requirements,
            questions=view.definition.fields,
            viewer="penilai",
            viewers=VIEWERS,
            label=LABEL,
        )

    def _in_portal(self, view: VersionView, viewer: str, **shown: object) -> Answer:
        form = shapes.nomination_form(view.definition)
        return self.render(
            f"panel/instrument/preview_{viewer}.html",
            view=view,
            form=form,
            nomination={"id": "pratinjau", "form": form, "evidence": [], "checkItems": []},
            base=self.base_of_templates(view.row.id),
            viewer=viewer,
            viewers=VIEWERS,
            label=LABEL,
            **shown,
        )

    def base_of_templates(self, version_id: int) -> str:
        """The address under which the empty forms of a version lie."""
        return self.address(version_id).rstrip("/")


def _totals(definition: rules.Definition) -> dict[str, OwnTotal]:
    """The own totals of a sheet on which nothing is marked yet; none while a scale of the draft gives no points."""
    try:
        return {part.code: part for part in own_totals(definition, {}).components}
    except Invalid:
        return {}
