"""The register of objections: letters taken in, each objection decided once in writing, and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import wtforms
from flask import Response, request
from wtforms.validators import InputRequired, Length

from sipetruk.api import uploads
from sipetruk.errors import NotFound
from sipetruk.panel.kit import Answer, CreateForm, Page, PlainText, Required, VersionedForm, expose, show
from sipetruk.panel.kit.export import csv_bytes
from sipetruk.panel.kit.fields import whole
from sipetruk.queries import nominations, paging, people, periods
from sipetruk.queries import objections as queries
from sipetruk.queries.objections import ObjectionRow
from sipetruk.rules.objecting import LEAST_REASON, LETTER_LENGTH, MOST_REASON, Letter
from sipetruk.rules.permissions import Action, require
from sipetruk.rules.workflow import OBJECTION_LABELS, NominationState, ObjectionState, PeriodState
from sipetruk.services import clock, objections

GET_POST = ("GET", "POST")
PAGE_SIZE = 25
UNSETTLED = "tindak_lanjut"
STATES = [*((str(state), label) for state, label in OBJECTION_LABELS.items()), (UNSETTLED, "Diterima, belum ditindaklanjuti")]
TONES = {"filed": "strong", "accepted": "good", "rejected": "bad", "withdrawn": "plain"}
TITLES = (
    "Nomor", "Keadaan", "Periode", "Kategori", "Nomor usulan", "Calon", "Unit pengusul", "Diajukan (WITA)", "Oleh", "Nomor surat",
    "Surat diterima", "Alasan", "Diputus (WITA)", "Oleh (keputusan)", "Alasan keputusan", "Pemeringkatan baru", "Catatan tindak lanjut",
    "Alasan pencabutan",
)  # fmt: skip


class LetterForm(CreateForm):
    """What BKPSDM notes of a letter by which a unit objects."""

    number = wtforms.StringField("Nomor surat", [Required(), PlainText(), Length(max=LETTER_LENGTH)])
    received_on = wtforms.DateField(
        "Surat diterima tanggal", [InputRequired()], description="Harus dalam masa sanggah; pencatatannya boleh menyusul."
    )
    reason = wtforms.TextAreaField(
        "Alasan sanggahan",
        [Required(), PlainText(), Length(max=MOST_REASON)],
        description=f"Seperti dalam surat, paling sedikit {LEAST_REASON} karakter.",
    )
    file = wtforms.FileField("Pindaian surat", description=f"Boleh kosong. PDF, JPG, atau PNG, paling besar {objections.ATTACHMENT_MB} MB.")


class ReasonForm(VersionedForm):
    reason = wtforms.TextAreaField(
        "Alasan keputusan", [Required(), PlainText(), Length(max=MOST_REASON)], description="Terbaca oleh unit pengusul."
    )


class WithdrawForm(VersionedForm):
    reason = wtforms.TextAreaField("Alasan pencabutan", [Required(), PlainText(), Length(max=MOST_REASON)])


class NoteForm(VersionedForm):
    note = wtforms.TextAreaField(
        "Mengapa hasil tidak berubah", [Required(), PlainText(), Length(max=MOST_REASON)], description="Terbaca oleh unit pengusul."
    )


ACTS: Mapping[str, tuple[str, str, str, type[VersionedForm], Any, tuple[str, ...]]] = {
    "terima": (
        "accept", "Terima sanggahan", "Sanggahan diterima. Tindak lanjuti sebelum masa sanggah ditutup.", ReasonForm, objections.accept,
        (
            "Lembar penilaian usulan ini dapat dibuka kembali, untuk kriteria yang Anda pilih.",
            "Masa sanggah tidak dapat ditutup sebelum ada pemeringkatan final baru atau catatan bahwa hasil tidak berubah.",
            "Keputusan ini tidak dapat diubah lagi.",
        ),
    ),
    "tolak": (
        "reject", "Tolak sanggahan", "Sanggahan ditolak.", ReasonForm, objections.reject,
        ("Hasil tetap, dan unit membaca alasan Anda.", "Keputusan ini tidak dapat diubah lagi."),
    ),
    "cabut": (
        "withdraw", "Cabut sanggahan", "Sanggahan dicabut.", WithdrawForm, objections.withdraw,
        ("Sanggahan yang dicatat dari surat dinyatakan dicabut oleh unitnya.", "Pencabutan tidak dapat dibatalkan."),
    ),
    "catatan": (
        "note", "Hasil tidak berubah", "Tindak lanjut dicatat.", NoteForm, objections.note_no_change,
        ("Sanggahan dinyatakan selesai tanpa pemeringkatan baru.", "Catatan ini tidak dapat diubah lagi."),
    ),
}  # fmt: skip
"""By the address: the move that allows it, the words, the form, the service, and what will happen."""


class ObjectionPages(Page):
    """Everything under /admin/sanggah/."""

    needs = (Action.OBJECTION_DECIDE, Action.RANKING_READ)  # BKPSDM, and those who follow the round
    intro = "Sanggahan unit atas hasil pemeringkatan final selama masa sanggah; setiap sanggahan diputus sekali dengan alasan tertulis."

    @expose("/")
    def index(self) -> Answer:
        chosen = chosen_filters()
        found = queries.register(self.actor, page=_page_asked(), **wanted(chosen))
        categories = [(c.id, f"{p.name} · {c.name}") for p in periods.periods(self.actor) for c in p.categories]
        return self.render(
            "panel/objection/list.html",
            found=found,
            chosen=chosen,
            states=STATES,
            tones=TONES,
            periods=[(p.id, p.name) for p in periods.periods(self.actor)],
            categories=categories,
            units=[(unit.id, unit.name) for unit in people.units(self.actor)],
        )

    @expose("/ekspor.csv")
    def export(self) -> Answer:
        """The filtered register as a file."""
        rows = queries.all_rows(self.actor, **wanted(chosen_filters()))
        headers = {"Content-Disposition": 'attachment; filename="sanggahan.csv"', "Cache-Control": "private, no-store"}
        return Response(csv_bytes(TITLES, map(exported, rows)), mimetype="text/csv", headers=headers)

    @expose("/<int:objection_id>/")
    def show_objection(self, objection_id: int) -> Answer:
        row = queries.objection(self.actor, objection_id)
        acts = [(path, label) for path, (move, label, *_) in ACTS.items() if move in row.moves]
        return self.render("panel/objection/show.html", row=row, acts=acts, tones=TONES)

    @expose("/<int:objection_id>/berkas/")
    def attachment(self, objection_id: int) -> Answer:
        return uploads.send(objections.open_attachment(self.actor, objection_id))

    @expose("/<int:objection_id>/<act>/", GET_POST)
    def decide(self, objection_id: int, act: str) -> Answer:
        if act not in ACTS:
            raise NotFound("Langkah ini tidak ada.")
        _, label, done, made, service, effects = ACTS[act]
        row = queries.objection(self.actor, objection_id)
        require(self.actor, Action.OBJECTION_FILE if act == "cabut" else Action.OBJECTION_DECIDE)
        form = made(request.form or None, data={"row_version": row.row_version})
        back = str(self.get_url(".show_objection", objection_id=objection_id))

        def carry_out() -> object:
            words = {name: value for name, value in form.data.items() if name != "row_version"}
            return service(self.actor, objection_id=objection_id, expected_version=form.expected, **words)

        answer = self.submit(
            form,
            carry_out,
            to=back,
            done=done,
            stored=lambda: made(data={"row_version": queries.objection(self.actor, objection_id).row_version}),
        )
        return answer or self.show("panel/objection/decide.html", form, row=row, label=label, effects=effects, back=back, tones=TONES)

    @expose("/baru/")
    def choose(self) -> Answer:
        """Which nominee a letter is about."""
        require(self.actor, Action.OBJECTION_FILE)
        search = request.args.get("cari", "")[:100]
        running = [each for each in periods.periods(self.actor) if each.state is PeriodState.OBJECTION]
        found = [
            row
            for period in running
            for row in nominations.nominations(
                self.actor,
                now=clock.now(),
                page=paging.asked(first=50),
                period_id=period.id,
                states=[NominationState.RANKED],
                search=search,
            ).rows
        ]
        return self.render("panel/objection/choose.html", found=found, search=search, running=running, back=self.get_url(".index"))

    @expose("/baru/<int:nomination_id>/", GET_POST)
    def take_in(self, nomination_id: int) -> Answer:
        """Note a letter by which a unit objects."""
        require(self.actor, Action.OBJECTION_FILE)
        view = nominations.nomination(self.actor, nomination_id, now=clock.now(), today=clock.today())
        form = LetterForm(request.form or None)
        sent = request.files.get("file")

        def take() -> int:
            attachment = objections.Attachment(sent.filename, sent.stream) if sent is not None and sent.filename else None
            letter = Letter(form.number.data, form.received_on.data)
            return objections.file(
                self.actor,
                nomination_id=nomination_id,
                reason=form.reason.data,
                letter=letter,
                attachment=attachment,
                idempotency_key=form.once,
            )

        answer = self.submit(
            form,
            take,
            to=lambda objection_id: str(self.get_url(".show_objection", objection_id=objection_id)),
            done="Surat sanggahan dicatat. Admin BKPSDM lain memutusnya.",
            paths={"receivedOn": "received_on"},
        )
        return answer or self.show("panel/objection/letter.html", form, row=view.row, back=str(self.get_url(".choose")))


def chosen_filters() -> dict[str, Any]:
    """The filters as the address gives them; what makes no sense is no filter."""
    ids = {name: request.args.get(name, type=whole) for name in ("periode", "kategori", "unit")}
    status = request.args.get("status", "")
    status = status if status in dict(STATES) else ""
    found = {"status": status, **ids, "cari": request.args.get("cari", "")[:100].replace("\x00", "")}
    return {name: value for name, value in found.items() if value}


def wanted(chosen: Mapping[str, Any]) -> dict[str, Any]:
    """The filters as the query takes them."""
    status = chosen.get("status", "")
    return {
        "states": [ObjectionState(status)] if status and status != UNSETTLED else (),
        "is_unsettled": status == UNSETTLED,
        "period_id": chosen.get("periode"),
        "category_id": chosen.get("kategori"),
        "unit_id": chosen.get("unit"),
        "search": chosen.get("cari", ""),
    }


def exported(row: ObjectionRow) -> tuple[object, ...]:
    """One line of the file."""
    return (
        row.number,
        row.label,
        row.period,
        row.category,
        row.nomination_number,
        row.nominee,
        row.unit_name,
        show.moment(row.filed_at),
        row.filed_by,
        row.letter_number,
        show.day(row.letter_on) if row.letter_on else "",
        row.reason,
        show.moment(row.decided_at) if row.decided_at else "",
        row.decided_by,
        row.decision,
        row.settled_by or "",
        row.no_change_note,
        row.withdrawal_reason,
    )


def _page_asked() -> paging.PageRequest:
    after, before = request.args.get("sesudah"), request.args.get("sebelum")
    return paging.asked(last=PAGE_SIZE, before=before) if before else paging.asked(first=PAGE_SIZE, after=after)
