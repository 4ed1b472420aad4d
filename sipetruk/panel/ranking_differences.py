"""What a new final ranking changed: one page, and the same as a file."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Response, request

from sipetruk.models.rankings import RANKING_STATES
from sipetruk.panel.kit import Answer, Page, expose
from sipetruk.panel.kit.export import csv_bytes
from sipetruk.panel.kit.fields import whole
from sipetruk.queries import ranking_differences as queries
from sipetruk.queries.ranking_differences import DifferenceView, Place

TITLES = ("Bagian", "Nomor usulan", "Calon", "Hal", "Sebelum", "Sesudah", "Selisih")


class DifferencePages(Page):
    """The difference of two final rankings of a category: the last two, or `lama` and `baru`."""

    @expose("/<int:category_id>/perbedaan/")
    def difference(self, category_id: int) -> Answer:
        view = self._difference(category_id)
        chosen = {"lama": view.older.ranking_id, "baru": view.newer.ranking_id}
        back = self.get_url(".show_ranking", category_id=category_id)
        return self.render("panel/ranking/difference.html", view=view, chosen=chosen, states=RANKING_STATES, back=back)

    @expose("/<int:category_id>/perbedaan.csv")
    def export_difference(self, category_id: int) -> Answer:
        view = self._difference(category_id)
        name = f"perbedaan-{category_id}-{view.older.number}-{view.newer.number}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
        return Response(csv_bytes(TITLES, lines(view)), mimetype="text/csv", headers=headers)

    def _difference(self, category_id: int) -> DifferenceView:
        older, newer = (request.args.get(name, type=whole) for name in ("lama", "baru"))
        return queries.difference(self.actor, category_id, older_id=older, newer_id=newer)


def lines(view: DifferenceView) -> Iterator[tuple[object, ...]]:
    """Everything that differs, one thing a line."""
    yield ("Pemeringkatan", "", "", "Sidik SHA-256 hasil", view.older.result_sha256, view.newer.result_sha256, "")
    for row in view.objections:
        yield ("Sanggahan", row.nomination_number, row.nominee, row.number, row.reason, row.decision, "")
    for line in view.nominees:
        rank = "" if line.rank_gain is None else f"{line.rank_gain:+d}"
        yield ("Peringkat", line.number, line.name, "Peringkat", _rank(line.before), _rank(line.after), rank)
        yield ("Nilai", line.number, line.name, "Nilai akhir", _score(line.before), _score(line.after), line.difference or "")
        for part in line.criteria:
            yield ("Kriteria", line.number, line.name, part.label, part.before, part.after, part.difference)
    yield from (("Pemenang", "", name, "Menjadi usulan pemenang", "tidak", "ya", "") for name in view.joined_winners)
    yield from (("Pemenang", "", name, "Tidak lagi diusulkan menang", "ya", "tidak", "") for name in view.left_winners)
    yield from (("Masukan", "", each.nominee, each.about, each.before, each.after, each.kind_label) for each in view.inputs)


def _rank(place: Place | None) -> str:
    return "tidak ikut" if place is None else str(place.rank or place.status_label)


def _score(place: Place | None) -> str:
    return (place.score if place else None) or ""
