"""Publications in the panel: preview, publish now or at a moment, move or cancel that, withdraw with a note for the public."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import wtforms
from flask import request
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from sipetruk.errors import Invalid, NotFound
from sipetruk.panel.kit import Answer, LocalDateTime, Page, PanelForm, PlainText, Required, expose, show
from sipetruk.queries import results as queries
from sipetruk.queries import settings
from sipetruk.queries.results import PublicationView, ResultsView
from sipetruk.rules.announcement import POLICIES
from sipetruk.rules.permissions import Action, require
from sipetruk.services import clock, results, schedules

GET_POST = ("GET", "POST")
LONGEST = 2_000
NOW, LATER = "sekarang", "nanti"
LOOK = "pratinjau"
"""The button that only shows the preview of what is chosen."""
EFFECTS = {
    "names": "Publik melihat nama, jabatan, unit kerja, peringkat, dan SK pemenang; tidak ada nilai.",
    "names_and_score": "Selain itu publik melihat nilai akhir setiap pemenang.",
    "names_and_breakdown": "Selain itu publik melihat nilai akhir dan nilai tiap komponen setiap pemenang.",
}
PATHS = {"expectedSha256": "sha256"}


class PublishForm(PanelForm):
    """What and when, and the hash of what was looked at."""

    policy = wtforms.RadioField("Yang diumumkan", choices=[SelectChoice(*pair) for pair in POLICIES.items()])
    sha256 = wtforms.HiddenField()
    when = wtforms.RadioField(
        "Waktu terbit", choices=[SelectChoice(NOW, "Sekarang juga"), SelectChoice(LATER, "Pada waktu tertentu")], default=NOW
    )
    at = LocalDateTime(
        "Tanggal dan jam (WITA)", description="Diisi bila tidak terbit sekarang juga. Sebelum saat itu tidak seorang pun dapat membacanya."
    )

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid = bool(super().validate(extra_validators))
        if self.when.data == LATER and self.at.data is None and not self.at.errors:
            self.at.errors = ["Isi tanggal dan jam terbitnya."]
            return False
        return is_valid


class RescheduleForm(PanelForm):
    at = LocalDateTime("Tanggal dan jam (WITA)", [Required()])


class CancelForm(PanelForm):
    reason = wtforms.TextAreaField("Alasan", [Required(), PlainText(), Length(max=LONGEST)], description="Tidak dibaca publik.")


class WithdrawForm(PanelForm):
    note = wtforms.TextAreaField(
        "Catatan penarikan",
        [Required(), PlainText(), Length(max=LONGEST)],
        description="Terbaca oleh publik di halaman periode; jangan menulis NIP atau nama yang tidak perlu.",
    )


class PublicationPages(Page):
    """The part of /admin/penetapan/ that has to do with the public."""

    @expose("/<int:period_id>/umumkan/", GET_POST)
    def publish(self, period_id: int) -> Answer:
        require(self.actor, Action.RESULT_PUBLISH)
        view = queries.results(self.actor, period_id, now=clock.now())
        previewed = request.args.get("policy") or settings.text("publication_policy")
        if previewed not in POLICIES:
            raise NotFound("Pilihan ini tidak ada.")
        form = PublishForm(request.form or None, data={"policy": previewed})
        policy = form.policy.data if form.policy.data in POLICIES else previewed
        preview = results.preview(self.actor, period_id=period_id, policy=policy)
        only_looks = LOOK in request.form or policy != previewed
        if only_looks or not form.sha256.data:
            form.sha256.data = preview.sha256
        shown = {
            "view": view,
            "previewed": previewed,
            "is_other": LOOK not in request.form and policy != previewed,
            "policy": policy,
            "effects": EFFECTS,
            "policies": POLICIES,
            "preview": preview,
            "look": LOOK,
            "back": self.address(period_id),
        }
        if only_looks:
            return self.render("panel/result/publish.html", form=form, **shown)
        reconsidered = self.reconsidered()
        if request.method == "POST" and not reconsidered and not self.confirmed() and form.validate() and self._is_in_time(form):
            return self._ask_publish(form, view, policy, len(preview.winners))
        answer = (
            None
            if not self.confirmed()
            else self.submit(
                form,
                lambda: results.publish(
                    self.actor,
                    period_id=period_id,
                    policy=policy,
                    at=form.at.data if form.when.data == LATER else None,
                    expected_sha256=form.sha256.data,
                ),
                to=self.address(period_id),
                done="Pengumuman dijadwalkan; salinannya sudah disegel." if form.when.data == LATER else "Hasil diumumkan.",
                paths=PATHS,
            )
        )
        if form.sha256.errors:
            form.sha256.data = preview.sha256
        return answer or self.show("panel/result/publish.html", form, **shown)

    @expose("/<int:period_id>/pengumuman/<int:publication_id>/tarik/", GET_POST)
    def withdraw(self, period_id: int, publication_id: int) -> Answer:
        view, publication = self._publication(period_id, publication_id)
        form = WithdrawForm(request.form or None)
        answer = self.submit(
            form,
            lambda: results.unpublish(self.actor, publication_id=publication_id, note=form.note.data or ""),
            to=self.address(period_id),
            done="Pengumuman ditarik.",
        )
        return answer or self.show("panel/result/withdraw.html", form, view=view, publication=publication, back=self.address(period_id))

    @expose("/<int:period_id>/pengumuman/<int:publication_id>/jadwal/", GET_POST)
    def reschedule(self, period_id: int, publication_id: int) -> Answer:
        view, publication = self._publication(period_id, publication_id)
        form = RescheduleForm(request.form or None, data={"at": publication.published_at})
        answer = self.submit(
            form,
            lambda: schedules.reschedule(self.actor, publication_id=publication_id, at=given(form.at.data)),
            to=self.address(period_id),
            done="Waktu terbit diubah.",
        )
        return answer or self.show("panel/result/reschedule.html", form, view=view, publication=publication, back=self.address(period_id))

    @expose("/<int:period_id>/pengumuman/<int:publication_id>/batal/", GET_POST)
    def cancel(self, period_id: int, publication_id: int) -> Answer:
        view, publication = self._publication(period_id, publication_id)
        form = CancelForm(request.form or None)
        answer = self.submit(
            form,
            lambda: schedules.cancel(self.actor, publication_id=publication_id, reason=form.reason.data or ""),
            to=self.address(period_id),
            done="Jadwal pengumuman dibatalkan.",
        )
        return answer or self.show("panel/result/cancel.html", form, view=view, publication=publication, back=self.address(period_id))

    @expose("/<int:period_id>/pengumuman/<int:publication_id>/selesaikan/", ("POST",))
    def release(self, period_id: int, publication_id: int) -> Answer:
        self._publication(period_id, publication_id)
        return self.act(
            lambda: schedules.release(self.actor, publication_id=publication_id),
            to=self.address(period_id),
            done="Periode dipindahkan ke tahap Diumumkan.",
        )

    def address(self, period_id: int) -> str:
        return str(self.get_url(".show_results", period_id=period_id))

    def _publication(self, period_id: int, publication_id: int) -> tuple[ResultsView, PublicationView]:
        require(self.actor, Action.RESULT_PUBLISH)
        view = queries.results(self.actor, period_id, now=clock.now())
        publication = next((each for each in view.publications if each.publication_id == publication_id), None)
        if publication is None:
            raise NotFound("Pengumuman ini tidak ada.")
        return view, publication

    def _is_in_time(self, form: PublishForm) -> bool:
        """Whether the moment can be kept to: nobody is asked to confirm one that has passed."""
        try:
            if form.when.data == LATER and form.at.data is not None:
                results.check_moment(form.at.data, clock.now())
        except Invalid as refusal:
            self.put(refusal, form)
            return False
        return True

    def _ask_publish(self, form: PublishForm, view: ResultsView, policy: str, count: int) -> Answer:
        shown = f"{POLICIES[policy]}. {EFFECTS[policy]}"
        if form.when.data == LATER:
            moment = show.moment(form.at.data)
            sealed = (
                shown,
                f"{count} pemenang tampil di halaman muka dan di data terbuka mulai {moment}.",
                "Salinannya dibuat dan disegel sekarang; sebelum saat itu tidak terbaca di mana pun.",
                "Jadwal dapat diubah atau dibatalkan sampai saat itu.",
            )
            return self.ask(f"Jadwalkan pengumuman hasil {view.period_name}?", button="Jadwalkan", details=sealed, grave=False, keep=True)
        details = (
            shown,
            f"{count} pemenang tampil di halaman muka dan di data terbuka.",
            "Salinan ini tidak berubah lagi; pengumuman hanya dapat ditarik dengan catatan.",
        )
        return self.ask(f"Umumkan hasil {view.period_name}?", button="Umumkan", details=details, grave=False, keep=True)


def given(moment: datetime | None) -> datetime:
    """A moment that the form has required."""
    if moment is None:
        raise TypeError("a required moment is missing")
    return moment
