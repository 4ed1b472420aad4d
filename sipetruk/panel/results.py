"""Results: the determination desk of a category, decisions of a second person, and the decree on file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import wtforms
from flask import request
from wtforms.validators import InputRequired, Length

from sipetruk.api import uploads
from sipetruk.errors import Forbidden, Invalid, NotFound, Refusal, Unauthenticated
from sipetruk.panel.kit import Answer, PanelForm, PlainText, Required, expose
from sipetruk.panel.papers import CertificatePages
from sipetruk.panel.publications import PublicationPages
from sipetruk.queries import desk as desks
from sipetruk.queries import periods
from sipetruk.queries import results as queries
from sipetruk.queries.desk import Desk
from sipetruk.queries.rankings import RankingRow
from sipetruk.queries.results import CategoryResult, ProposalView, ResultsView
from sipetruk.rules.announcement import POLICIES
from sipetruk.rules.permissions import Action, can, require
from sipetruk.rules.workflow import NOMINATION_LABELS, NominationState
from sipetruk.services import clock, proposals, results

GET_POST = ("GET", "POST")
LONGEST_DECREE, LONGEST_CITATION, LONGEST = 120, 1_000, 2_000
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
        description="Hanya diisi bila memilih yang lain dari usulan peringkat; pilihan itu lalu menunggu persetujuan admin BKPSDM lain.",
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


class ApproveForm(PanelForm):
    note = wtforms.TextAreaField("Catatan", [PlainText(), Length(max=LONGEST)], description="Boleh kosong.")


class RejectForm(PanelForm):
    note = wtforms.TextAreaField("Alasan penolakan", [Required(), PlainText(), Length(max=LONGEST)])


class RevokeForm(PanelForm):
    reason = wtforms.TextAreaField(
        "Alasan pencabutan", [Required(), PlainText(), Length(max=LONGEST)], description="Misalnya nomor SK keliru; tidak dibaca publik."
    )


class DecreeForm(PanelForm):
    file = wtforms.FileField(
        "Berkas SK (PDF)", description=f"Paling besar {results.DECREE_MB} MB. Nomor dan tanggal SK bersifat publik, berkasnya tidak."
    )


class ResultPages(CertificatePages, PublicationPages):
    """Everything under /admin/penetapan/."""

    needs = Action.RANKING_READ
    intro = "Pemenang ditetapkan dengan SK dari pemeringkatan final, lalu diumumkan."

    @expose("/")
    def index(self) -> Answer:
        return self.render("panel/result/list.html", periods=periods.periods(self.actor))

    @expose("/<int:period_id>/")
    def show_results(self, period_id: int) -> Answer:
        view = queries.results(self.actor, period_id, now=clock.now())
        return self.render("panel/result/show.html", view=view, policies=POLICIES)

    @expose("/kategori/<int:category_id>/", GET_POST)
    def determine(self, category_id: int) -> Answer:
        if request.method == "POST":
            require(self.actor, Action.RESULT_DETERMINE)
        desk = desks.desk(self.actor, category_id, now=clock.now())
        rows = [each.row for each in desk.candidates]
        form = winners_form(rows, desk.ranking.award.winners, request.form or None)
        may_determine = desk.category.may_be_determined and can(self.actor, Action.RESULT_DETERMINE)
        if request.method == "POST" and not may_determine:
            raise NotFound("Kategori ini tidak menunggu penetapan.")
        back = self.address(desk.results.period_id)
        reconsidered = self.reconsidered()
        if request.method == "POST" and not reconsidered and not self.confirmed() and form.validate() and self._may_ask(form, desk):
            return self._ask_winners(form, rows, desk)
        follows = set(form.winners.data or []) == set(desk.ranking.award.winners)
        answer = self._determine(form, desk, back, follows=follows) if self.confirmed() else None
        return answer or self.show(
            "panel/result/desk.html", form, desk=desk, view=desk.results, category=desk.category, may_determine=may_determine, back=back
        )

    @expose("/kategori/<int:category_id>/usulan/<int:proposal_id>/", GET_POST)
    def decide(self, category_id: int, proposal_id: int) -> Answer:
        """What was proposed, to be approved or rejected by a second person; `keputusan` says which form was sent."""
        if request.method == "POST":
            require(self.actor, Action.RESULT_DETERMINE)
        view, category, proposal = self._proposal(category_id, proposal_id)
        choice = request.form.get("keputusan", "")
        approval = ApproveForm(request.form if choice == "setuju" else None, prefix="setuju-")
        rejection = RejectForm(request.form if choice == "tolak" else None, prefix="tolak-")
        back = str(self.get_url(".determine", category_id=category_id))
        sent = {"setuju": approval, "tolak": rejection}.get(choice)
        answer = None
        if sent is approval:
            answer = self.submit(
                approval,
                lambda: proposals.approve(self.actor, proposal_id=proposal_id, note=approval.note.data or ""),
                to=back,
                done="Usulan disetujui dan berlaku.",
            )
        elif sent is rejection:
            answer = self.submit(
                rejection,
                lambda: proposals.reject(self.actor, proposal_id=proposal_id, note=rejection.note.data or ""),
                to=back,
                done="Usulan ditolak; tidak ada yang berubah.",
            )
        return answer or self.show(
            "panel/result/proposal.html",
            sent,
            view=view,
            category=category,
            proposal=proposal,
            approval=approval,
            rejection=rejection,
            back=back,
        )

    @expose("/kategori/<int:category_id>/usulan/<int:proposal_id>/batal/", ("POST",))
    def withdraw_proposal(self, category_id: int, proposal_id: int) -> Answer:
        _, category, _ = self._proposal(category_id, proposal_id)
        back = str(self.get_url(".determine", category_id=category_id))
        if not self.confirmed():
            return self.ask(f"Batalkan usulan penetapan {category.name}?", button="Batalkan usulan", back=back)
        return self.act(lambda: proposals.withdraw(self.actor, proposal_id=proposal_id), to=back, done="Usulan dibatalkan.")

    @expose("/kategori/<int:category_id>/cabut/", GET_POST)
    def revoke(self, category_id: int) -> Answer:
        require(self.actor, Action.RESULT_DETERMINE)
        view, category = self._category(category_id)
        if category.determination is None:
            raise NotFound("Kategori ini belum mempunyai penetapan.")
        form = RevokeForm(request.form or None)
        back = str(self.get_url(".determine", category_id=category_id))
        answer = self.submit(
            form,
            lambda: proposals.propose_revocation(self.actor, category_id=category_id, reason=form.reason.data or ""),
            to=back,
            done="Pencabutan diusulkan; menunggu persetujuan admin BKPSDM lain.",
        )
        return answer or self.show("panel/result/revoke.html", form, view=view, category=category, back=back)

    @expose("/kategori/<int:category_id>/sk/", GET_POST)
    def decree(self, category_id: int) -> Answer:
        """Keep the signed decree with the determination."""
        require(self.actor, Action.RESULT_DETERMINE)
        view, category = self._category(category_id)
        determination = category.determination
        if determination is None:
            raise NotFound("Kategori ini belum mempunyai penetapan.")
        form = DecreeForm()
        back = self.address(view.period_id)

        def keep() -> None:
            sent = request.files.get("file")
            if sent is None or not sent.filename:
                raise Invalid("Pilih berkas yang akan diunggah.", "file")
            results.attach_decree(self.actor, determination_id=determination.determination_id, filename=sent.filename, stream=sent.stream)

        answer = self.submit(form, keep, to=back, done="Berkas SK disimpan.")
        return answer or self.show("panel/result/decree.html", form, view=view, category=category, back=back)

    @expose("/sk/<int:determination_id>/")
    def open_decree(self, determination_id: int) -> Answer:
        opened = results.open_decree(self.actor, determination_id)
        return uploads.send(opened, is_inline=request.args.get("tampil") == "1")

    def _category(self, category_id: int) -> tuple[ResultsView, CategoryResult]:
        period, _ = periods.category(self.actor, category_id)
        view = queries.results(self.actor, period.id, now=clock.now())
        return view, next(category for category in view.categories if category.category_id == category_id)

    def _proposal(self, category_id: int, proposal_id: int) -> tuple[ResultsView, CategoryResult, ProposalView]:
        view, category = self._category(category_id)
        found = next((each for each in queries.proposals_of(self.actor, category_id) if each.proposal_id == proposal_id), None)
        if found is None:
            raise NotFound("Usulan penetapan ini tidak ada.")
        return view, category, found

    def _determine(self, form: WinnersForm, desk: Desk, back: str, *, follows: bool) -> Answer | None:
        name = desk.category.name
        return self.submit(
            form,
            lambda: results.determine(self.actor, **_decision(form, desk)),
            to=back,
            done=f"Pemenang {name} ditetapkan." if follows else f"Usulan {name} dicatat; menunggu persetujuan admin BKPSDM lain.",
            paths=PATHS,
        )

    def _may_ask(self, form: WinnersForm, desk: Desk) -> bool:
        """Whether nothing stands in the way; what does is put into the form, instead of a question that leads nowhere."""
        try:
            results.determine(self.actor, **_decision(form, desk), is_dry_run=True)
        except (NotFound, Forbidden, Unauthenticated):
            raise
        except Refusal as refusal:
            self.put(refusal, form, PATHS)
            return False
        return True

    def _ask_winners(self, form: WinnersForm, rows: Sequence[RankingRow], desk: Desk) -> Answer:
        """The question before a decree is recorded: who wins, who is left out, and whether that follows the ranking."""
        chosen, proposed = set(form.winners.data or []), set(desk.ranking.award.winners)
        names = [f"Peringkat {row.rank}: {row.name}, {row.unit_name}" for row in rows if row.nomination_id in chosen]
        left = [f"Tidak dipilih: peringkat {row.rank}, {row.name}" for row in rows if row.nomination_id in proposed - chosen]
        open_ = [f"{len(desk.objections)} sanggahan belum diputus."] if desk.objections else []
        if chosen == proposed:
            effect = (
                "Pilihan ini sesuai usulan peringkat.",
                f"Penetapan segera berlaku; calon lain berstatus “{NOMINATION_LABELS[NominationState.NOT_AWARDED]}”.",
            )
            question, button = f"Tetapkan {len(names)} pemenang dengan SK {form.decree_number.data}?", "Tetapkan pemenang"
        else:
            effect = (
                "Pilihan ini menyimpang dari usulan peringkat.",
                "Belum ada yang berlaku: pilihan dan alasan Anda menunggu persetujuan admin BKPSDM lain.",
            )
            question, button = f"Usulkan {len(names)} pemenang dengan SK {form.decree_number.data}?", "Kirim usulan"
        return self.ask(question, button=button, details=(*names, *left, *open_, *effect), grave=False, keep=True)


def _decision(form: WinnersForm, desk: Desk) -> dict[str, Any]:
    """What was decided, as `results.determine` takes it."""
    return {
        "category_id": desk.category.category_id,
        "ranking_id": desk.category.final_ranking_id or 0,
        "nomination_ids": form.winners.data or [],
        "decree_number": form.decree_number.data or "",
        "decree_on": form.decree_on.data,
        "citations": form.citations(),
        "override_reason": form.override_reason.data,
    }


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
