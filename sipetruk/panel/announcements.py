"""Announcements in the panel: written, looked at, scheduled, published, withdrawn."""

from __future__ import annotations

from typing import Any

import wtforms
from flask import request
from markupsafe import Markup
from wtforms.validators import Length

from sipetruk.documents import markdown
from sipetruk.errors import Forbidden
from sipetruk.panel.kit import Answer, CreateForm, LocalDateTime, Page, PanelForm, PlainText, Required, VersionedForm, expose
from sipetruk.queries import announcements as queries
from sipetruk.rules.announcement_states import MOST_BODY, MOST_NOTE, MOST_SLUG, MOST_TITLE, STATE_LABELS, AnnouncementState, Text
from sipetruk.rules.naming import suggest_code
from sipetruk.rules.permissions import Action
from sipetruk.services import announcements as services
from sipetruk.services import clock

GET_POST = ("GET", "POST")
POST = ("POST",)
PATHS = {"titleEn": "title_en", "bodyEn": "body_en", "publishAt": "publish_at", "endsAt": "ends_at"}
TONES = {
    AnnouncementState.DRAFT: "plain",
    AnnouncementState.SCHEDULED: "strong",
    AnnouncementState.PUBLISHED: "good",
    AnnouncementState.ENDED: "plain",
    AnnouncementState.WITHDRAWN: "bad",
}
MARKS = "Markdown: **tebal**, *miring*, - butir, ## judul bagian, [tulisan tautan](https://alamat). Gambar dan HTML tidak ditampilkan."


class TextForm(VersionedForm):
    title = wtforms.StringField("Judul", [Required(), PlainText(), Length(max=MOST_TITLE)])
    body = wtforms.TextAreaField("Isi", [Required(), PlainText(), Length(max=MOST_BODY)], description=MARKS, render_kw={"rows": 14})
    title_en = wtforms.StringField(
        "Judul bahasa Inggris", [PlainText(), Length(max=MOST_TITLE)], description="Boleh kosong, bersama isinya."
    )
    body_en = wtforms.TextAreaField("Isi bahasa Inggris", [PlainText(), Length(max=MOST_BODY)], render_kw={"rows": 8})
    is_pinned = wtforms.BooleanField("Sematkan di atas daftar")

    def text(self) -> Text:
        return Text(self.title.data or "", self.body.data or "", self.title_en.data or "", self.body_en.data or "")


class NewForm(CreateForm, TextForm):
    slug = wtforms.StringField(
        "Alamat",
        [PlainText(), Length(max=MOST_SLUG)],
        description="Bagian akhir alamat halamannya; kosongkan agar dibuat dari judul. Tidak dapat diubah kemudian.",
    )


class TimesForm(VersionedForm):
    publish_at = LocalDateTime("Terbit (WITA)", description="Kosongkan untuk menerbitkan sekarang.")
    ends_at = LocalDateTime("Berakhir (WITA)", description="Kosongkan bila tanpa batas. Sesudahnya pengumuman tidak tampil lagi.")


class NoteForm(VersionedForm):
    note = wtforms.TextAreaField("Alasan penarikan", [Required(), PlainText(), Length(max=MOST_NOTE)])


class AnnouncementPages(Page):
    """Everything under /admin/kabar/."""

    needs = Action.ANNOUNCEMENT_READ
    intro = "Pengumuman umum di portal, di luar hasil pemilihan. Terbit dan berakhir menurut jam, dalam WITA."

    @expose("/")
    def index(self) -> Answer:
        rows = queries.announcements(self.actor, now=clock.now())
        return self.render("panel/announcement/list.html", rows=rows, labels=STATE_LABELS, tones=TONES)

    @expose("/baru/", GET_POST)
    def create(self) -> Answer:
        self._require_writer()
        form = NewForm(request.form or None, data={"row_version": 0})
        answer = self.submit(
            form,
            lambda: services.create(
                self.actor,
                slug=(form.slug.data or "").strip() or suggest_code(form.title.data or "")[:MOST_SLUG].strip("-"),
                text=form.text(),
                is_pinned=form.is_pinned.data,
                idempotency_key=form.once,
            ),
            to=self._address,
            done="Draf disimpan. Lihat pratinjaunya, lalu terbitkan atau jadwalkan.",
            paths=PATHS,
        )
        return answer or self._part(form, "Tulis pengumuman", str(self.get_url(".index")), "Simpan draf")

    @expose("/<int:announcement_id>/")
    def show_one(self, announcement_id: int) -> Answer:
        row = self._row(announcement_id)
        return self.render(
            "panel/announcement/show.html",
            row=row,
            labels=STATE_LABELS,
            tones=TONES,
            html=Markup(markdown.to_html(row.body)),  # noqa: S704  # the reader lets nothing through that runs; tested
            html_en=Markup(markdown.to_html(row.body_en)),  # noqa: S704  # as above
        )

    @expose("/<int:announcement_id>/ubah/", GET_POST)
    def edit(self, announcement_id: int) -> Answer:
        self._require_writer()
        form = _text_form(self._row(announcement_id), request.form or None)
        answer = self.submit(
            form,
            lambda: services.update(
                self.actor,
                announcement_id=announcement_id,
                text=form.text(),
                is_pinned=form.is_pinned.data,
                expected_version=form.expected,
            ),
            to=self._address(announcement_id),
            done="Pengumuman disimpan.",
            stored=lambda: _text_form(self._row(announcement_id), None),
            paths=PATHS,
        )
        return answer or self._part(form, "Ubah pengumuman", self._address(announcement_id))

    @expose("/<int:announcement_id>/terbit/", GET_POST)
    def publish(self, announcement_id: int) -> Answer:
        self._require_writer()
        form = _times_form(self._row(announcement_id), request.form or None)
        answer = self.submit(
            form,
            lambda: services.publish(
                self.actor,
                announcement_id=announcement_id,
                publish_at=form.publish_at.data,
                ends_at=form.ends_at.data,
                expected_version=form.expected,
            ),
            to=self._address(announcement_id),
            done="Waktu terbit disimpan.",
            stored=lambda: _times_form(self._row(announcement_id), None),
            paths=PATHS,
        )
        return answer or self._part(form, "Terbitkan atau jadwalkan", self._address(announcement_id), "Terbitkan")

    @expose("/<int:announcement_id>/batal-jadwal/", POST)
    def unschedule(self, announcement_id: int) -> Answer:
        self._require_writer()
        return self.act(
            lambda: services.unschedule(self.actor, announcement_id=announcement_id, expected_version=_expected()),
            to=self._address(announcement_id),
            done="Pengumuman menjadi draf kembali.",
        )

    @expose("/<int:announcement_id>/tarik/", GET_POST)
    def withdraw(self, announcement_id: int) -> Answer:
        self._require_writer()
        row = self._row(announcement_id)
        form = NoteForm(request.form or None, data={"row_version": row.row_version})
        answer = self.submit(
            form,
            lambda: services.withdraw(
                self.actor, announcement_id=announcement_id, note=form.note.data or "", expected_version=form.expected
            ),
            to=self._address(announcement_id),
            done="Pengumuman ditarik dan tidak tampil lagi.",
            stored=lambda: NoteForm(None, data={"row_version": self._row(announcement_id).row_version}),
        )
        return answer or self._part(form, f"Tarik “{row.title}”", self._address(announcement_id), "Tarik pengumuman")

    @expose("/<int:announcement_id>/buang/", POST)
    def remove(self, announcement_id: int) -> Answer:
        self._require_writer()
        row = self._row(announcement_id)
        if not self.confirmed():
            return self.ask(f"Buang draf “{row.title}”?", button="Buang draf", back=self._address(announcement_id))
        return self.act(
            lambda: services.remove(self.actor, announcement_id=announcement_id, expected_version=_expected()),
            to=str(self.get_url(".index")),
            done="Draf dibuang.",
        )

    def _require_writer(self) -> None:
        if not self.can(Action.ANNOUNCEMENT_EDIT):
            raise Forbidden("Anda tidak berhak mengubah data di halaman ini.")

    def _row(self, announcement_id: int) -> queries.AnnouncementView:
        return queries.announcement(self.actor, announcement_id, now=clock.now())

    def _address(self, announcement_id: int) -> str:
        return str(self.get_url(".show_one", announcement_id=announcement_id))

    def _part(self, form: PanelForm, title: str, back: str, save: str = "Simpan") -> Answer:
        return self.show("panel/announcement/part.html", form, title=title, back=back, save=save)


def _expected() -> int:
    return request.form.get("row_version", 0, type=int)


def _text_form(row: queries.AnnouncementView, sent: Any) -> TextForm:
    names = ("row_version", "title", "body", "title_en", "body_en", "is_pinned")
    return TextForm(sent, data={name: getattr(row, name) for name in names})


def _times_form(row: queries.AnnouncementView, sent: Any) -> TimesForm:
    return TimesForm(sent, data={"row_version": row.row_version, "publish_at": row.publish_at, "ends_at": row.ends_at})
