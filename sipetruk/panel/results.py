"""Results: winners by decree from the final ranking, and the publication of a period with what it will show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import wtforms
from flask import request
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from sipetruk.errors import NotFound
from sipetruk.panel.kit import Answer, Page, PanelForm, PlainText, Required, expose
from sipetruk.queries import periods
from sipetruk.queries import rankings as ranking_queries
from sipetruk.queries import results as queries
from sipetruk.queries.rankings import RankingRow
from sipetruk.queries.results import CategoryResult, ResultsView
from sipetruk.rules.announcement import POLICIES
from sipetruk.rules.permissions import Action, require
from sipetruk.rules.ranking import RANKED
from sipetruk.rules.workflow import NOMINATION_LABELS, NominationState, PeriodState
from sipetruk.services import clock, results

GET_POST = ("GET", "POST")
LONGEST_DECREE, LONGEST_CITATION, LONGEST = 120, 1_000, 2_000
EFFECTS = {
    "names": "Publik melihat nama, jabatan, unit kerja, peringkat, dan SK pemenang; tidak ada nilai.",
    "names_and_score": "Selain itu publik melihat nilai akhir setiap pemenang.",
    "names_and_breakdown": "Selain itu publik melihat nilai akhir dan nilai tiap komponen setiap pemenang.",
}
PATHS = {
    "decreeNumber": "decree_number",
    "decreeOn": "decree_on",
    "overrideReason": "override_reason",
    "nominationIds": "winners",
    "citations": "winners",
}


class WinnersForm(PanelForm):
    """The decree; `winners_form` adds a box and a citation for each ranked nominee."""

    decree_number = wtforms.StringField("Nomor SK", [Required(), PlainText(), Length(max=LONGEST_DECREE)])
    decree_on = wtforms.DateField("Tanggal SK", [InputRequired()])
    winners = wtforms.SelectMultipleField("Pemenang", coerce=int, validate_choice=False)
    override_reason = wtforms.TextAreaField(
        "Alasan menyimpang dari peringkat",
        [PlainText(), Length(max=LONGEST)],
        description="Hanya diisi bila pemenang yang dipilih bukan yang diusulkan peringkat.",
    )

    def refuse(self, path: Sequence[str], message: str) -> bool:  # type: ignore[override]  # a narrower path than PanelForm's
        """A problem of one citation goes beside that citation."""
        parts = tuple(path)
        if len(parts) > 1 and parts[0] == "winners":
            return bool(super().refuse([f"citation-{parts[1]}"], message))
        return bool(super().refuse(parts, message))

    def citations(self) -> Mapping[int, str]:
        """What is written for each chosen winner."""
        chosen = self.winners.data or []
        given = {id_: (self[f"citation-{id_}"].data or "").strip() for id_ in chosen if f"citation-{id_}" in self}
        return {id_: text for id_, text in given.items() if text}


class PolicyForm(PanelForm):
    policy = wtforms.RadioField("Yang diumumkan", choices=[SelectChoice(*pair) for pair in POLICIES.items()], default="names")


class WithdrawForm(PanelForm):
    note = wtforms.TextAreaField(
        "Catatan penarikan", [Required(), PlainText(), Length(max=LONGEST)], description="Terbaca oleh publik di halaman pengumuman."
    )


class ResultPages(Page):
    """Everything under /admin/penetapan/."""

    needs = Action.RANKING_READ
    intro = "Pemenang ditetapkan dengan SK dari pemeringkatan final, lalu diumumkan."

    @expose("/")
    def index(self) -> Answer:
        return self.render("panel/result/list.html", periods=periods.periods(self.actor))

    @expose("/<int:period_id>/")
    def show_results(self, period_id: int) -> Answer:
        view = queries.results(self.actor, period_id, now=clock.now())
        is_time = view.period_state is PeriodState.DETERMINATION
        return self.render("panel/result/show.html", view=view, policies=POLICIES, is_time=is_time)

    @expose("/kategori/<int:category_id>/", GET_POST)
    def determine(self, category_id: int) -> Answer:
        require(self.actor, Action.RESULT_DETERMINE)
        view, category = self._category(category_id)
        if category.final_ranking_id is None or category.determination is not None:
            raise NotFound("Kategori ini tidak menunggu penetapan.")
        ranking_id = category.final_ranking_id
        ranking = ranking_queries.ranking(self.actor, category_id, ranking_id=ranking_id)
        rows = [row for row in ranking.rows if row.status == RANKED]
        form = winners_form(rows, ranking.award.winners, request.form or None)
        back = self.address(view.period_id)
        reconsidered = self.reconsidered()
        if request.method == "POST" and not reconsidered and form.validate() and not self.confirmed():
            return self._ask_winners(form, rows, ranking.award.winners)
        answer = (
            None
            if reconsidered
            else self.submit(
                form,
                lambda: results.determine(
                    self.actor,
                    category_id=category_id,
                    ranking_id=ranking_id,
                    nomination_ids=form.winners.data or [],
                    decree_number=form.decree_number.data or "",
                    decree_on=form.decree_on.data,
                    citations=form.citations(),
                    override_reason=form.override_reason.data,
                ),
                to=back,
                done=f"Pemenang {category.name} ditetapkan.",
                paths=PATHS,
            )
        )
        proposed = [row for row in rows if row.nomination_id in ranking.award.winners]
        others = [row for row in rows if row.nomination_id not in ranking.award.winners]
        names = {row.nomination_id: row for row in rows}
        return answer or self.show(
            "panel/result/determine.html",
            form,
            view=view,
            category=category,
            ranking=ranking,
            proposed=proposed,
            others=others,
            names=names,
            back=back,
        )

    @expose("/<int:period_id>/umumkan/", GET_POST)
    def publish(self, period_id: int) -> Answer:
        require(self.actor, Action.RESULT_PUBLISH)
        view = queries.results(self.actor, period_id, now=clock.now())
        policy = request.args.get("policy", "names")
        if policy not in POLICIES:
            raise NotFound("Pilihan ini tidak ada.")
        back = self.get_url(".publish", period_id=period_id, policy=policy)
        preview = results.preview(self.actor, period_id=period_id, policy=policy)
        if request.method == "POST" and not self.confirmed():
            details = (
                f"{POLICIES[policy]}. {EFFECTS[policy]}",
                f"{len(preview.winners)} pemenang tampil di halaman muka dan di data terbuka.",
                "Salinan ini tidak berubah lagi; pengumuman hanya dapat ditarik dengan catatan.",
            )
            return self.ask(f"Umumkan hasil {view.period_name}?", button="Umumkan", back=str(back), details=details, grave=False)
        if request.method == "POST":
            return self.act(
                lambda: results.publish(self.actor, period_id=period_id, policy=policy),
                to=self.address(period_id),
                done="Hasil diumumkan.",
            )
        return self.render(
            "panel/result/publish.html",
            view=view,
            form=PolicyForm(data={"policy": policy}),
            policy=policy,
            effects=EFFECTS,
            policies=POLICIES,
            preview=preview,
            back=self.address(period_id),
        )

    @expose("/<int:period_id>/pengumuman/<int:publication_id>/tarik/", GET_POST)
    def withdraw(self, period_id: int, publication_id: int) -> Answer:
        require(self.actor, Action.RESULT_PUBLISH)
        view = queries.results(self.actor, period_id, now=clock.now())
        publication = next((each for each in view.publications if each.publication_id == publication_id), None)
        if publication is None:
            raise NotFound("Pengumuman ini tidak ada.")
        form = WithdrawForm(request.form or None)
        answer = self.submit(
            form,
            lambda: results.unpublish(self.actor, publication_id=publication_id, note=form.note.data or ""),
            to=self.address(period_id),
            done="Pengumuman ditarik.",
        )
        return answer or self.show("panel/result/withdraw.html", form, view=view, publication=publication, back=self.address(period_id))

    def address(self, period_id: int) -> str:
        return str(self.get_url(".show_results", period_id=period_id))

    def _category(self, category_id: int) -> tuple[ResultsView, CategoryResult]:
        period, _ = periods.category(self.actor, category_id)
        view = queries.results(self.actor, period.id, now=clock.now())
        return view, next(category for category in view.categories if category.category_id == category_id)

    def _ask_winners(self, form: WinnersForm, rows: Sequence[RankingRow], proposed: Sequence[int]) -> Answer:
        """The question before a decree is recorded: who wins, and whether that follows the ranking."""
        chosen = set(form.winners.data or [])
        names = [f"Peringkat {row.rank}: {row.name}, {row.unit_name}" for row in rows if row.nomination_id in chosen]
        follows = "Pilihan ini sesuai usulan peringkat." if chosen == set(proposed) else "Pilihan ini menyimpang dari usulan peringkat."
        details = (
            *names,
            follows,
            f"Penetapan tidak dapat diubah lagi; calon lain berstatus “{NOMINATION_LABELS[NominationState.NOT_AWARDED]}”.",
        )
        return self.ask(
            f"Tetapkan {len(names)} pemenang dengan SK {form.decree_number.data}?",
            button="Tetapkan pemenang",
            details=details,
            grave=False,
            keep=True,
        )


def winners_form(rows: Sequence[RankingRow], proposed: Sequence[int], sent: Any) -> WinnersForm:
    """The form with the proposed winners ticked."""
    fields = {
        f"citation-{row.nomination_id}": wtforms.TextAreaField(
            f"Alasan penghargaan {row.name}", [PlainText(), Length(max=LONGEST_CITATION)]
        )
        for row in rows
    }
    form: WinnersForm = type("WinnersForm", (WinnersForm,), fields)(sent, data={"winners": list(proposed)})
    return form
