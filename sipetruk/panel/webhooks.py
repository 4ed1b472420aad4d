"""Webhooks in the panel: made with a secret that is shown once, changed, paused, tried out, removed; the log, and sending again."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import wtforms
from flask import request
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from sipetruk.errors import Invalid, NotFound
from sipetruk.panel.kit import Answer, Choice, Choices, CreateForm, Page, PanelForm, PlainText, Required, VersionedForm, expose
from sipetruk.queries import paging
from sipetruk.queries import webhooks as queries
from sipetruk.rules.addresses import URL_LENGTH
from sipetruk.rules.permissions import ACTION_LABELS, Action
from sipetruk.rules.webhooks import DELIVERY_LABELS, ERRORS, EVENTS, NAME_LENGTH, PAUSE_LENGTH, PING, DeliveryState, Event
from sipetruk.services import clock
from sipetruk.services import webhooks as services

GET_POST, POST = ("GET", "POST"), ("POST",)
PATHS = {"tokenId": "token"}
TONES = {DeliveryState.WAITING: "warn", DeliveryState.DELIVERED: "good", DeliveryState.FAILED: "bad", DeliveryState.SKIPPED: "plain"}
PAGE_SIZE = 25


class Fields(PanelForm):
    """What both forms ask."""

    name = wtforms.StringField("Nama", [Required(), PlainText(), Length(max=NAME_LENGTH)], description="Misalnya Portal kabupaten.")
    url = wtforms.StringField(
        "Alamat penerima",
        [Required(), PlainText(), Length(max=URL_LENGTH)],
        description="Diawali https://. Jaringan tertutup hanya bila diizinkan pada pengaturan server.",
        render_kw={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"},
    )
    events = Choices(
        "Peristiwa",
        [Required()],
        choices=[
            (
                str(event),
                f"{meaning.label} ({event})" + ("" if meaning.needs is None else f"; memerlukan token: {ACTION_LABELS[meaning.needs]}"),
            )
            for event, meaning in EVENTS.items()
        ],
    )
    token = Choice(
        "Bertindak dengan token",
        [wtforms.validators.Optional()],
        coerce=lambda text: int(text) if text else None,
        description="Penerima hanya diberi tahu yang boleh dibaca token ini. Tanpa token: hanya yang sudah umum.",
    )
    payload = Choice(
        "Isi pesan",
        [wtforms.validators.Optional()],
        description="Operasi tersimpan yang dijalankan saat pesan dikirim. Tanpa isi, pesan hanya menyebut peristiwanya.",
    )


class NewForm(CreateForm, Fields):
    """A webhook that does not exist yet."""


class EditForm(VersionedForm, Fields):
    """One that does."""


class PauseForm(VersionedForm):
    reason = wtforms.TextAreaField("Alasan", [Required(), PlainText(), Length(max=PAUSE_LENGTH)], description="Tercatat pada jejak audit.")


class WebhookPages(Page):
    """Everything under /admin/webhook/."""

    needs = Action.WEBHOOK_MANAGE
    intro = "Webhook memberi tahu sistem lain begitu sesuatu terjadi, dengan pesan yang ditandatangani."

    @expose("/")
    def index(self) -> Answer:
        return self.render("panel/webhook/list.html", rows=queries.webhooks(self.actor), events=EVENTS)

    @expose("/baru/", GET_POST)
    def create(self) -> Answer:
        form = self._offering(NewForm(request.form or None))
        made: list[services.Made] = []

        def make() -> services.Made:
            made.append(services.create(self.actor, **_given(form), idempotency_key=form.once))
            return made[0]

        answer = self.submit(form, make, to=lambda new: self._address(new.webhook_id), done="Webhook sudah dibuat.", paths=PATHS)
        if answer is not None and made and made[0].secret:
            return self._secret(made[0])
        return answer or self._part(form, "Buat webhook", str(self.get_url(".index")), "Buat webhook")

    @expose("/<int:webhook_id>/")
    def show_webhook(self, webhook_id: int) -> Answer:
        row = queries.webhook(self.actor, webhook_id)
        state, log = self._log(webhook_id)
        words = {"labels": DELIVERY_LABELS, "tones": TONES, "errors": ERRORS, "events": EVENTS, "ping": PING}
        return self.render("panel/webhook/show.html", row=row, log=log, state=state, states=DeliveryState, **words)

    @expose("/<int:webhook_id>/ubah/", GET_POST)
    def edit(self, webhook_id: int) -> Answer:
        row = queries.webhook(self.actor, webhook_id)
        form = self._offering(_filled(row, request.form or None), row)
        answer = self.submit(
            form,
            lambda: services.update(self.actor, webhook_id=webhook_id, **_given(form), expected_version=form.expected),
            to=self._address(webhook_id),
            done="Webhook disimpan.",
            stored=lambda: self._stored(webhook_id),
            paths=PATHS,
        )
        return answer or self._part(form, f"Ubah {row.name}", self._address(webhook_id), "Simpan")

    @expose("/<int:webhook_id>/jeda/", GET_POST)
    def pause(self, webhook_id: int) -> Answer:
        row = queries.webhook(self.actor, webhook_id)
        form = PauseForm(request.form or None, data={"row_version": row.row_version})
        answer = self.submit(
            form,
            lambda: services.pause(self.actor, webhook_id=webhook_id, reason=form.reason.data, expected_version=form.expected),
            to=self._address(webhook_id),
            done="Webhook dijeda.",
        )
        return answer or self._part(form, f"Jeda {row.name}", self._address(webhook_id), "Jeda")

    @expose("/<int:webhook_id>/lanjutkan/", POST)
    def resume(self, webhook_id: int) -> Answer:
        return self._press(
            webhook_id,
            lambda version: services.resume(self.actor, webhook_id=webhook_id, expected_version=version),
            "Webhook aktif kembali.",
        )

    @expose("/<int:webhook_id>/uji/", POST)
    def ping(self, webhook_id: int) -> Answer:
        return self._press(
            webhook_id,
            lambda _: services.ping(self.actor, webhook_id=webhook_id),
            "Pesan uji menunggu dikirim; muat ulang halaman ini untuk melihat hasilnya.",
        )

    @expose("/<int:webhook_id>/rahasia/", POST)
    def renew_secret(self, webhook_id: int) -> Answer:
        row, back = queries.webhook(self.actor, webhook_id), self._address(webhook_id)
        if not self.confirmed():
            return self.ask(
                f"Ganti rahasia “{row.name}”? Tanda tangan dengan rahasia lama langsung berakhir.", button="Ganti rahasia", back=back
            )
        made: list[services.Made] = []
        answer = self.act(
            lambda: made.append(services.renew_secret(self.actor, webhook_id=webhook_id, expected_version=_version())),
            to=back,
            done="Rahasia sudah diganti.",
        )
        return self._secret(made[0]) if made else answer

    @expose("/<int:webhook_id>/hapus/", POST)
    def remove(self, webhook_id: int) -> Answer:
        row, back = queries.webhook(self.actor, webhook_id), self._address(webhook_id)
        if not self.confirmed():
            return self.ask(
                f"Hapus webhook “{row.name}” beserta catatan pengirimannya? Ini tidak dapat dibatalkan.", button="Hapus", back=back
            )
        return self.act(
            lambda: services.remove(self.actor, webhook_id=webhook_id, expected_version=_version()),
            to=str(self.get_url(".index")),
            done="Webhook dihapus.",
        )

    @expose("/<int:webhook_id>/pesan/<int:delivery_id>/kirim-ulang/", POST)
    def replay(self, webhook_id: int, delivery_id: int) -> Answer:
        if queries.delivery(self.actor, delivery_id).webhook_id != webhook_id:
            raise NotFound("%(what)s tidak ditemukan.", what="Pesan")
        return self._press(webhook_id, lambda _: services.replay(self.actor, delivery_id=delivery_id), "Pesan menunggu dikirim ulang.")

    def _press(self, webhook_id: int, act: Callable[[int], object], done: str) -> Answer:
        queries.webhook(self.actor, webhook_id)
        return self.act(lambda: act(_version()), to=self._address(webhook_id), done=done)

    def _log(self, webhook_id: int) -> tuple[DeliveryState | None, paging.Page[queries.DeliveryRow]]:
        """The messages that are wanted; a part that does not exist is a page that is not there."""
        wanted = request.args.get("keadaan", "")
        try:
            state = DeliveryState(wanted) if wanted else None
            page = paging.asked(first=PAGE_SIZE, after=request.args.get("setelah") or None)
            return state, queries.deliveries(self.actor, webhook_id, state=state, page=page)
        except (ValueError, Invalid):
            raise NotFound("Bagian daftar ini tidak ditemukan.") from None

    def _offering(self, form: Any, row: queries.WebhookRow | None = None) -> Any:
        """The form with the tokens and operations of today; those of the stored webhook stay among them."""
        tokens = queries.offered_tokens(self.actor, today=clock.today())
        if row is not None and row.token_id and row.token_id not in dict(tokens):
            tokens.append((row.token_id, f"{row.token} (tidak berlaku lagi)"))
        names = [each.name for each in queries.offered_payloads(self.actor)]
        if row is not None and row.payload and row.payload not in names:
            names.append(row.payload)
        token_options = [SelectChoice("", "– tanpa token: hanya yang umum –"), *(SelectChoice(str(key), name) for key, name in tokens)]
        payload_options = [SelectChoice("", "– tanpa isi –"), *(SelectChoice(name, name) for name in names)]
        form.token.choices = lambda: token_options
        form.payload.choices = lambda: payload_options
        return form

    def _stored(self, webhook_id: int) -> PanelForm:
        row = queries.webhook(self.actor, webhook_id)
        form: PanelForm = self._offering(_filled(row, None), row)
        return form

    def _secret(self, made: services.Made) -> Answer:
        row = queries.webhook(self.actor, made.webhook_id)
        return self.render("panel/webhook/secret.html", row=row, secret=made.secret), int(HTTPStatus.OK)

    def _address(self, webhook_id: int) -> str:
        return str(self.get_url(".show_webhook", webhook_id=webhook_id))

    def _part(self, form: PanelForm, title: str, back: str, save: str) -> Answer:
        return self.show("panel/webhook/part.html", form, title=title, back=back, save=save)


def _version() -> int:
    """The version that was on the screen; none at all counts as one that never existed."""
    return request.form.get("row_version", 0, type=int)


def _given(form: Any) -> dict[str, Any]:
    return {
        "name": form.name.data,
        "url": form.url.data,
        "events": [Event(each) for each in form.events.data],
        "payload": form.payload.data or "",
        "token_id": form.token.data,
    }


def _filled(row: queries.WebhookRow, sent: Any) -> EditForm:
    data = {"row_version": row.row_version, "name": row.name, "url": row.url, "payload": row.payload, "token": row.token_id}
    return EditForm(sent, data={**data, "events": [str(each) for each in row.events]})
