"""Conflicts of interest: what assessors declare about themselves, and what BKPSDM sees of all of them."""

from __future__ import annotations

import wtforms
from flask import request
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from sipetruk.errors import Invalid, NotFound
from sipetruk.panel.kit import Answer, Choice, Page, PanelForm, PlainText, Required, VersionedForm, expose
from sipetruk.queries import conflicts as queries
from sipetruk.queries import people
from sipetruk.rules.conflicts import RELATIONS
from sipetruk.rules.permissions import Action, require
from sipetruk.services import conflicts as services

GET_POST = ("GET", "POST")
PATHS = {"employeeId": "employee"}


class RelationForm(PanelForm):
    employee = Choice("Pegawai", [Required()], coerce=int)
    kind = Choice("Hubungan pegawai ini dengan Anda", [Required()], choices=list(RELATIONS.items()))
    note = wtforms.TextAreaField(
        "Keterangan", [PlainText(), Length(max=services.NOTE_LENGTH)], description="Wajib untuk “hubungan lain”. Terbaca oleh BKPSDM."
    )


class LinkForm(VersionedForm):
    nip = wtforms.StringField(
        "NIP / NI PPPK", [PlainText(), Length(max=30)], description="Kosongkan bila orang ini tidak tercatat sebagai pegawai."
    )


class RelationPages(Page):
    """Everything under /admin/hubungan/: an assessor's own declarations."""

    needs = Action.RELATION_DECLARE
    intro = "Nyatakan hubungan Anda dengan pegawai yang diusulkan atau mungkin diusulkan. Anda tidak akan menilai mereka."

    @expose("/", GET_POST)
    def index(self) -> Answer:
        words = request.values.get("cari", "").strip()[:100]
        found = queries.search(self.actor, words) if words else []
        form = RelationForm(request.form or None)
        options = [SelectChoice(str(each.id), f"{each.name}, {each.position}, {each.unit}") for each in found]
        form.employee.choices = lambda: [SelectChoice("", "– pilih –"), *options]
        if request.method == "POST" and not self.reconsidered() and not self.confirmed() and form.validate():
            chosen = next(each for each in found if each.id == form.employee.data)
            details = (
                f"{chosen.position}, {chosen.unit}",
                f"Hubungan: {RELATIONS[form.kind.data]}",
                "Anda tidak menilai pegawai ini.",
                "Lembar terbuka untuk pegawai ini ditinggalkan dan tidak kembali.",
                "Usulannya tidak dapat Anda baca lagi.",
            )
            return self.ask(f"Nyatakan hubungan dengan {chosen.name}?", button="Nyatakan hubungan", details=details, keep=True)
        answer = (
            None
            if self.reconsidered()
            else self.submit(
                form,
                lambda: services.declare(
                    self.actor, employee_id=form.employee.data or 0, kind=form.kind.data or "", note=form.note.data or ""
                ),
                to=str(self.get_url(".index")),
                done="Hubungan dinyatakan. Anda tidak menilai pegawai ini.",
                paths=PATHS,
            )
        )
        rows = queries.own_relations(self.actor)
        return answer or self.show("panel/conflict/own.html", form, rows=rows, words=words, found=found)

    @expose("/<int:relation_id>/cabut/", ("POST",))
    def withdraw(self, relation_id: int) -> Answer:
        back = str(self.get_url(".index"))
        if not self.confirmed():
            details = ("Pernyataan tetap tercatat.", "Lembar penilaian yang sudah ditinggalkan tidak kembali.")
            row = next((each for each in queries.own_relations(self.actor) if each.id == relation_id), None)
            if row is None:
                raise NotFound("Pernyataan hubungan tidak ditemukan.")
            return self.ask(f"Cabut pernyataan hubungan dengan {row.employee}?", button="Cabut pernyataan", back=back, details=details)
        return self.act(lambda: services.withdraw(self.actor, relation_id=relation_id), to=back, done="Pernyataan dicabut.")


class ConflictPages(Page):
    """Everything under /admin/benturan/: what all assessors declared, and who they are in the personnel records."""

    needs = Action.RELATION_READ
    intro = "Hubungan yang dinyatakan penilai, dan siapa mereka dalam data pegawai. Penilai yang berbenturan tidak mendapat lembar."

    @expose("/")
    def index(self) -> Answer:
        return self.render("panel/conflict/list.html", rows=queries.relations(self.actor), links=queries.links(self.actor))

    @expose("/penilai/<int:user_id>/", GET_POST)
    def link(self, user_id: int) -> Answer:
        require(self.actor, Action.USER_MANAGE)
        row = self._link(user_id)
        form = LinkForm(request.form or None, data={"row_version": row.row_version, "nip": row.nip})
        back = str(self.get_url(".index"))
        answer = self.submit(
            form,
            lambda: services.link_employee(
                self.actor, user_id=user_id, employee_id=self._employee(form.nip.data or ""), expected_version=form.expected
            ),
            to=back,
            done=f"Data pegawai {row.name} disimpan.",
            stored=lambda: self._stored(user_id),
            paths={"employeeId": "nip"},
        )
        return answer or self.show("panel/conflict/link.html", form, row=row, back=back)

    def _stored(self, user_id: int) -> LinkForm:
        row = self._link(user_id)
        return LinkForm(data={"row_version": row.row_version, "nip": row.nip})

    def _link(self, user_id: int) -> queries.LinkRow:
        found = next((row for row in queries.links(self.actor) if row.user_id == user_id), None)
        if found is None:
            raise NotFound("Penilai tidak ditemukan.")
        return found

    def _employee(self, typed: str) -> int | None:
        nip = "".join(typed.split())
        if not nip:
            return None
        found = people.ids_by_number(self.actor, [nip]).get(nip)
        if found is None:
            raise Invalid("Tidak ada pegawai dengan nomor ini.", "nip")
        return found
