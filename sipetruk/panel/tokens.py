"""Tokens of programs in the panel: made with a secret that is shown once, listed, revoked with a reason."""

from __future__ import annotations

from datetime import timedelta

import wtforms
from flask import request
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from sipetruk.panel.kit import Answer, Choice, Choices, CreateForm, Page, PanelForm, PlainText, Required, expose
from sipetruk.queries import tokens as queries
from sipetruk.rules.permissions import Action
from sipetruk.rules.scopes import SCOPES, Scope
from sipetruk.rules.tokens import NAME_LENGTH, PURPOSE_LENGTH, REASON_LENGTH, STATE_LABELS, USUAL_DAYS, TokenState
from sipetruk.services import clock
from sipetruk.services import tokens as services

GET_POST = ("GET", "POST")
PATHS = {"ownerId": "owner", "expiresOn": "expires_on"}
TONES = {TokenState.ACTIVE: "good", TokenState.IDLE: "warn", TokenState.EXPIRED: "plain", TokenState.REVOKED: "bad"}


class NewForm(CreateForm):
    name = wtforms.StringField(
        "Nama", [Required(), PlainText(), Length(max=NAME_LENGTH)], description="Misalnya SILKa kehadiran; tertulis pada jejak audit."
    )
    purpose = wtforms.TextAreaField(
        "Keperluan", [Required(), PlainText(), Length(max=PURPOSE_LENGTH)], description="Untuk apa, dan siapa yang memegang token ini."
    )
    owner = Choice(
        "Bertindak untuk",
        [Required()],
        coerce=int,
        description="Haknya tidak pernah melebihi hak pengguna ini, dan berakhir bila pengguna ini dinonaktifkan.",
    )
    scopes = Choices(
        "Cakupan",
        [Required()],
        choices=[(str(key), f"{each.label}: {each.explanation}") for key, each in SCOPES.items()],
        description="Pilih yang diperlukan saja.",
    )
    expires_on = wtforms.DateField("Berlaku sampai", [Required()], description="Paling lama satu tahun. Hari terakhir masih berlaku.")


class RevokeForm(PanelForm):
    reason = wtforms.TextAreaField("Alasan", [Required(), PlainText(), Length(max=REASON_LENGTH)], description="Tercatat pada jejak audit.")


class TokenPages(Page):
    """Everything under /admin/token/."""

    needs = Action.TOKEN_MANAGE
    intro = "Dengan token, program lain membaca atau mengirim data lewat API tanpa kata sandi siapa pun."

    @expose("/")
    def index(self) -> Answer:
        rows = queries.tokens(self.actor, today=clock.today())
        return self.render("panel/token/list.html", rows=rows, scopes=SCOPES, labels=STATE_LABELS, tones=TONES)

    @expose("/baru/", GET_POST)
    def create(self) -> Answer:
        form = NewForm(request.form or None, data={"expires_on": clock.today() + timedelta(days=USUAL_DAYS)})
        options = [SelectChoice("", "– pilih –"), *(SelectChoice(str(key), name) for key, name in queries.owners(self.actor))]
        form.owner.choices = lambda: options
        made: list[services.Made] = []

        def make() -> services.Made:
            made.append(
                services.create(
                    self.actor,
                    name=form.name.data,
                    purpose=form.purpose.data,
                    owner_id=form.owner.data,
                    scopes=[Scope(each) for each in form.scopes.data],
                    expires_on=form.expires_on.data,
                    idempotency_key=form.once,
                )
            )
            return made[0]

        answer = self.submit(form, make, to=lambda new: self._address(new.token_id), done="Token sudah dibuat.", paths=PATHS)
        if answer is not None and made and made[0].secret:
            row = queries.token(self.actor, made[0].token_id, today=clock.today())
            return self.render("panel/token/secret.html", row=row, secret=made[0].secret)
        return answer or self._part(form, "Buat token", str(self.get_url(".index")), "Buat token")

    @expose("/<int:token_id>/")
    def show_token(self, token_id: int) -> Answer:
        row = queries.token(self.actor, token_id, today=clock.today())
        return self.render("panel/token/show.html", row=row, scopes=SCOPES, labels=STATE_LABELS, tones=TONES)

    @expose("/<int:token_id>/cabut/", GET_POST)
    def revoke(self, token_id: int) -> Answer:
        row = queries.token(self.actor, token_id, today=clock.today())
        form, back = RevokeForm(request.form or None), self._address(token_id)
        if request.method == "POST" and not self.confirmed() and not self.reconsidered() and form.validate():
            question = f"Cabut token “{row.name}”? Program yang memakainya ditolak mulai permintaan berikutnya. Ini tidak dapat dibatalkan."
            return self.ask(question, button="Cabut token", back=back, keep=True)
        answer = None
        if not self.reconsidered():
            answer = self.submit(
                form,
                lambda: services.revoke(self.actor, token_id=token_id, reason=form.reason.data),
                to=back,
                done="Token dicabut.",
            )
        return answer or self._part(form, f"Cabut {row.name}", back, "Cabut token")

    def _address(self, token_id: int) -> str:
        return str(self.get_url(".show_token", token_id=token_id))

    def _part(self, form: PanelForm, title: str, back: str, save: str) -> Answer:
        return self.show("panel/token/part.html", form, title=title, back=back, save=save)
