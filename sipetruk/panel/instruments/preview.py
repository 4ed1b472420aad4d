"""How a version looks to those who will use it: the unit, an assessor, the public. Nothing here can be sent."""

from __future__ import annotations

from flask import request

from sipetruk.api import shapes, uploads
from sipetruk.panel.assessment import marks_form
from sipetruk.panel.instruments.base import InstrumentBase
from sipetruk.panel.kit import Answer, expose
from sipetruk.queries.assessment import components_to_mark
from sipetruk.queries.instruments import VersionView
from sipetruk.services import templates

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

    def _as_assessor(self, view: VersionView) -> Answer:
        components = components_to_mark(view.definition, {})
        return self.render(
            "panel/instrument/preview_penilai.html",
            view=view,
            components=components,
            marks=marks_form(components, 0),
            labels={each.code: each.label for each in view.definition.requirements},
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
