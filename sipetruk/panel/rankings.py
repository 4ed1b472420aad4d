"""Rankings: how far the assessors are, the computation, ties and their decision, the final seal, and why a score is what it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import wtforms
from flask import Response, request
from wtforms.validators import Length

from sipetruk.errors import Invalid, NotFound
from sipetruk.models.rankings import RANKING_STATES
from sipetruk.panel.analysis import AnalysisPages
from sipetruk.panel.kit import Answer, Choice, PanelForm, PlainText, Required, WholeNumber, expose, show
from sipetruk.panel.papers import MinutesPages
from sipetruk.panel.ranking_differences import DifferencePages
from sipetruk.queries import assessment, explanations, periods, standing
from sipetruk.queries import rankings as queries
from sipetruk.queries.rankings import RankingRow
from sipetruk.rules import seal
from sipetruk.rules.permissions import Action, require
from sipetruk.rules.ranking import INCOMPLETE, NOT_ELIGIBLE, RANKED
from sipetruk.services import rankings

GET_POST = ("GET", "POST")
LONGEST = 2_000


class TieForm(PanelForm):
    """The committee's order of a group of equals and the reason, made by `tie_form`."""

    def place_fields(self) -> list[Any]:
        return [field for field in self if field.name.startswith("place-")]

    def order(self) -> list[int]:
        """Ids of nominations, best first."""
        placed = sorted(self.place_fields(), key=lambda field: int(field.data))
        return [int(field.name.removeprefix("place-")) for field in placed]

    def validate(self, extra_validators: Any = None) -> bool:
        """Every place is given once."""
        is_valid = bool(super().validate(extra_validators))
        given = [field.data for field in self.place_fields() if not field.errors]
        for field in self.place_fields():
            if not field.errors and given.count(field.data) > 1:
                field.errors = ["Tempat ini diberikan kepada lebih dari satu calon."]
                is_valid = False
        return is_valid


class FinalForm(PanelForm):
    """Which result was on the screen when somebody made it final."""

    ranking_id = WholeNumber(widget=wtforms.widgets.HiddenInput())
    result_sha256 = wtforms.HiddenField()


class RankingPages(MinutesPages, DifferencePages, AnalysisPages):
    """Everything under /admin/pemeringkatan/."""

    needs = Action.RANKING_READ
    intro = "Nilai semua penilai digabung menurut aturan instrumen, tanpa pembulatan di tengah jalan."

    @expose("/")
    def index(self) -> Answer:
        return self.render(
            "panel/ranking/list.html", periods=periods.periods(self.actor), latest=queries.latest(self.actor), states=RANKING_STATES
        )

    @expose("/<int:category_id>/")
    def show_ranking(self, category_id: int) -> Answer:
        view = queries.ranking(self.actor, category_id, ranking_id=request.args.get("perhitungan", type=int))
        rows = {status: [row for row in view.rows if row.status == status] for status in (RANKED, INCOMPLETE, NOT_ELIGIBLE)}
        return self.render(
            "panel/ranking/show.html",
            view=view,
            ranked=rows[RANKED],
            incomplete=rows[INCOMPLETE],
            not_eligible=rows[NOT_ELIGIBLE],
            progress=assessment.progress(self.actor, category_id),
            names={row.nomination_id: row for row in view.rows},
            by_number={row.number: row for row in view.rows},
            tied={row.tie_group: [r for r in view.rows if r.tie_group == row.tie_group] for row in view.rows if row.tie_group},
            states=RANKING_STATES,
            total_decimals=show.decimals(row.score for row in rows[RANKED]),
            part_decimals=part_decimals(rows[RANKED]),
        )

    @expose("/<int:category_id>/sementara/")
    def standing(self, category_id: int) -> Answer:
        """Who would stand where if the assessment ended now; never official."""
        view = standing.standing(self.actor, category_id)
        decimals = show.decimals(row.score for row in view.rows)
        return self.render("panel/ranking/standing.html", view=view, decimals=decimals, back=self.address(category_id))

    @expose("/<int:category_id>/hitung/", ("POST",))
    def compute(self, category_id: int) -> Answer:
        return self.act(
            lambda: rankings.compute(self.actor, category_id=category_id),
            to=self.address(category_id),
            done="Pemeringkatan dihitung dari nilai yang ada sekarang.",
        )

    @expose("/<int:category_id>/seri/<int:group>/", GET_POST)
    def decide_tie(self, category_id: int, group: int) -> Answer:
        require(self.actor, Action.RANKING_COMPUTE)
        view = queries.ranking(self.actor, category_id)
        if group >= len(view.award.unresolved):
            raise NotFound("Kelompok nilai seri ini tidak ada.")
        tied = [row for row in view.rows if row.nomination_id in view.award.unresolved[group]]
        form = tie_form(tied, request.form or None)
        answer = self.submit(
            form,
            lambda: rankings.decide_tie(self.actor, category_id=category_id, order=form.order(), reason=form.reason.data),
            to=self.address(category_id),
            done="Keputusan dicatat. Hitung ulang agar berlaku.",
        )
        return answer or self.show("panel/ranking/tie.html", form, view=view, tied=tied, back=self.address(category_id))

    @expose("/<int:category_id>/final/", GET_POST)
    def finalise(self, category_id: int) -> Answer:
        require(self.actor, Action.RANKING_FINALISE)
        view = queries.ranking(self.actor, category_id)
        if view.summary is None:
            raise NotFound("Belum ada pemeringkatan.")
        form = FinalForm(request.form or None, data={"ranking_id": view.summary.ranking_id, "result_sha256": view.summary.result_sha256})
        answer = self.submit(
            form,
            lambda: rankings.finalise(
                self.actor, ranking_id=form.ranking_id.data or 0, expected_result_sha256=form.result_sha256.data or ""
            ),
            to=self.address(category_id),
            done="Pemeringkatan final dan tersegel.",
        )
        names = {row.nomination_id: row for row in view.rows}
        return answer or self.show("panel/ranking/final.html", form, view=view, names=names, back=self.address(category_id))

    @expose("/<int:category_id>/calon/<int:nomination_id>/")
    def explain(self, category_id: int, nomination_id: int) -> Answer:
        view = queries.ranking(self.actor, category_id, ranking_id=request.args.get("perhitungan", type=int))
        row = next((row for row in view.rows if row.nomination_id == nomination_id), None)
        if row is None:
            raise NotFound("Calon ini tidak ada dalam pemeringkatan.")
        told = explanations.why(self.actor, category_id, nomination_id, ranking_id=view.summary.ranking_id if view.summary else None)
        parts = []
        for part in row.components:
            items = [item for item in row.criteria if item.component == part.code]
            parts.append((part, items, sum_of(item.shown_contribution for item in items)))
        return self.render(
            "panel/ranking/explain.html",
            view=view,
            row=row,
            parts=parts,
            steps={each.code: each.sentences for part in told.components for each in part.criteria},
            closing=told.sentences,
            others=[other for other in view.rows if other.score is not None and other.nomination_id != nomination_id],
            exact_value=exact_value,
            value_decimals=exact_decimals(item.panel_value for item in row.criteria),
            point_decimals=exact_decimals(item.points for item in row.criteria),
            back=self.address(category_id),
        )

    @expose("/<int:category_id>/selisih/")
    def gap(self, category_id: int) -> Answer:
        """Two nominees side by side: `calon` and `lawan`; without both, the question which."""
        view = queries.ranking(self.actor, category_id, ranking_id=request.args.get("perhitungan", type=int))
        chosen = [request.args.get(name, type=int) for name in ("calon", "lawan")]
        scored = [row for row in view.rows if row.score is not None]
        first, second = chosen
        problem, found = "", None
        if first is not None and second is not None and view.summary is not None:
            try:
                found = explanations.gap(self.actor, category_id, first, second, ranking_id=view.summary.ranking_id)
            except Invalid as refusal:
                problem = refusal.message
        return self.render(
            "panel/ranking/gap.html",
            view=view,
            scored=scored,
            chosen=chosen,
            found=found,
            problem=problem,
            back=self.address(category_id),
        )

    @expose("/ekspor/<int:ranking_id>.json")
    def export(self, ranking_id: int) -> Answer:
        """The sealed file, byte for byte as it is hashed."""
        document = rankings.export(self.actor, ranking_id=ranking_id)
        name = f"pemeringkatan-{document['inputs']['category']['code']}-{ranking_id}.json"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
        return Response(seal.canonical(document), mimetype="application/json", headers=headers)

    def address(self, category_id: int) -> str:
        return str(self.get_url(".show_ranking", category_id=category_id))


def tie_form(tied: Sequence[RankingRow], sent: Any) -> TieForm:
    """A form that asks for the place of each nominee of a group, then for the reason."""
    places = [(str(place), f"Tempat ke-{place}") for place in range(1, len(tied) + 1)]
    fields: dict[str, Any] = {
        f"place-{row.nomination_id}": Choice(f"{row.name}, {row.unit_name}", [Required()], choices=places) for row in tied
    }
    fields["reason"] = wtforms.TextAreaField(
        "Alasan tertulis", [Required(), PlainText(), Length(max=LONGEST)], description="Dasar keputusan tim, misalnya hasil rapat pleno."
    )
    made: TieForm = type("TieForm", (TieForm,), fields)(sent)
    return made


def part_decimals(rows: Iterable[RankingRow]) -> dict[str, int]:
    """With how many decimals the scores of each component are written, so that those of one column agree."""
    printed: dict[str, list[str | None]] = {}
    for row in rows:
        for part in row.components:
            printed.setdefault(part.code, []).append(part.score)
    return {code: show.decimals(texts) for code, texts in printed.items()}


def sum_of(printed: Iterable[str | None]) -> str | None:
    """What printed contributions add up to, as printed; None while one is missing."""
    texts = list(printed)
    if any(text is None for text in texts):
        return None
    return str(sum((Decimal(text) for text in texts if text is not None), Decimal(0)))


def exact_decimals(texts: Iterable[str | None]) -> int:
    """With how many decimals a column of exact values is written: two where one of them is a ratio."""
    given = [text for text in texts if text]
    return max(show.decimals(text for text in given if "/" not in text), 2 if any("/" in text for text in given) else 0)


def exact_value(text: str | None, decimals: int) -> str:
    """An exact value as a person reads it."""
    return show.score(text, decimals) if text is None or "/" not in text else show.number(text, decimals)
