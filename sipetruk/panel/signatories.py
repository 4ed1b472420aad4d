"""Signatories in the panel: who signs which document from when until when, with the lines as they will be printed."""

from __future__ import annotations

from typing import Any

import wtforms
from flask import request
from wtforms.validators import Length, Optional

from sipetruk.errors import Forbidden
from sipetruk.panel.kit import Answer, Choice, Choices, Page, PanelForm, PlainText, Required, VersionedForm, expose
from sipetruk.queries import signatories as queries
from sipetruk.rules.permissions import Action
from sipetruk.rules.signatories import DOCUMENT_LABELS, STATUS_LABELS, Person, SignatoryStatus, SignedDocument, footing, heading, on_day
from sipetruk.services import clock
from sipetruk.services import signatories as services

GET_POST = ("GET", "POST")
POST = ("POST",)
PATHS = {"onBehalfOf": "on_behalf_of", "rankTitle": "rank_title", "startsOn": "valid_from", "endsOn": "valid_to"}


class PersonForm(VersionedForm):
    name = wtforms.StringField("Nama dan gelar", [Required(), PlainText(), Length(max=150)])
    position = wtforms.StringField(
        "Jabatan", [Required(), PlainText(), Length(max=200)], description="Jabatannya saja; Pj., Plt., Plh., dan a.n. ditulis dari status."
    )
    status = Choice("Status", [Required()], choices=[(str(key), label) for key, label in STATUS_LABELS.items()])
    on_behalf_of = wtforms.StringField(
        "Atas nama", [PlainText(), Length(max=200)], description="Hanya bila statusnya a.n., misalnya Bupati Balangan."
    )
    rank_title = wtforms.StringField("Pangkat", [PlainText(), Length(max=80)])
    nip = wtforms.StringField("NIP", [PlainText(), Length(max=30)], description="Untuk dokumen kedinasan; tidak pernah diumumkan.")
    valid_from = wtforms.DateField("Berlaku sejak", [Required()])
    valid_to = wtforms.DateField("Berlaku sampai", [Optional()], description="Kosong berarti belum berakhir.")

    def person(self) -> Person:
        return Person(
            self.name.data,
            self.position.data,
            SignatoryStatus(self.status.data),
            self.on_behalf_of.data or "",
            self.rank_title.data or "",
            self.nip.data or "",
        )


class NewForm(PersonForm):
    documents = Choices("Dokumen yang ditandatangani", [Required()], choices=[(str(key), label) for key, label in DOCUMENT_LABELS.items()])


class SignatoryPages(Page):
    """Everything under /admin/penandatangan/."""

    needs = Action.SIGNATORY_READ
    intro = "Siapa menandatangani dokumen apa, dalam kedudukan apa, dan sejak kapan. Pada satu hari hanya satu orang untuk setiap dokumen."

    @expose("/")
    def index(self) -> Answer:
        rows = queries.signatories(self.actor)
        groups = []
        for document, label in DOCUMENT_LABELS.items():
            own = [row for row in rows if row.document is document]
            groups.append((label, own, on_day(own, clock.today())))
        return self.render("panel/signatory/list.html", groups=groups, heading_of=heading, footing_of=footing, statuses=STATUS_LABELS)

    @expose("/baru/", GET_POST)
    def create(self) -> Answer:
        self._require_editor()
        form = NewForm(request.form or None, data={"row_version": 0})
        answer = self.submit(
            form,
            lambda: services.add(
                self.actor,
                documents=[SignedDocument(each) for each in form.documents.data],
                person=form.person(),
                valid_from=form.valid_from.data,
                valid_to=form.valid_to.data,
            ),
            to=str(self.get_url(".index")),
            done="Penanda tangan dicatat.",
            paths=PATHS,
        )
        return answer or self._part(form, "Tambah penanda tangan")

    @expose("/<int:signatory_id>/ubah/", GET_POST)
    def edit(self, signatory_id: int) -> Answer:
        self._require_editor()
        row = queries.signatory(self.actor, signatory_id)
        form = _filled(row, request.form or None)
        answer = self.submit(
            form,
            lambda: services.update(
                self.actor,
                signatory_id=signatory_id,
                person=form.person(),
                valid_from=form.valid_from.data,
                valid_to=form.valid_to.data,
                expected_version=form.expected,
            ),
            to=str(self.get_url(".index")),
            done="Penanda tangan disimpan.",
            stored=lambda: _filled(queries.signatory(self.actor, signatory_id), None),
            paths=PATHS,
        )
        return answer or self._part(form, f"{row.person.name}, {row.document_label}")

    @expose("/<int:signatory_id>/hapus/", POST)
    def remove(self, signatory_id: int) -> Answer:
        self._require_editor()
        row = queries.signatory(self.actor, signatory_id)
        back = str(self.get_url(".index"))
        if not self.confirmed():
            question = f"Hapus {row.person.name} dari daftar? Yang pernah menandatangani sebaiknya diakhiri, bukan dihapus."
            return self.ask(question, button="Hapus", back=back)
        expected = request.form.get("row_version", 0, type=int)
        return self.act(
            lambda: services.remove(self.actor, signatory_id=signatory_id, expected_version=expected),
            to=back,
            done="Penanda tangan dihapus.",
        )

    def _require_editor(self) -> None:
        if not self.can(Action.SIGNATORY_EDIT):
            raise Forbidden("Anda tidak berhak mengubah data di halaman ini.")

    def _part(self, form: PanelForm, title: str) -> Answer:
        return self.show("panel/signatory/part.html", form, title=title, back=str(self.get_url(".index")))


def _filled(row: queries.SignatoryView, sent: Any) -> PersonForm:
    person = row.person
    data = {"row_version": row.row_version, "valid_from": row.valid_from, "valid_to": row.valid_to}
    names = ("name", "position", "on_behalf_of", "rank_title", "nip")
    return PersonForm(sent, data={**data, "status": str(person.status), **{name: getattr(person, name) for name in names}})
