"""Objections of units to a final ranking, each with one decision, and sheets that were opened again, each with its reason."""

import peewee as pw

from sipetruk.models.assessment import Sheet
from sipetruk.models.base import DocumentField, Table, UTCDateTimeField, one_of, part_of, refers_to
from sipetruk.models.evidence import Blob
from sipetruk.models.nominations import Nomination
from sipetruk.models.rankings import Ranking
from sipetruk.models.users import User
from sipetruk.rules.workflow import OBJECTION_LABELS, ObjectionState


class Objection(Table):
    """What a unit holds against the final ranking of its nominee; decided once (trigger).

    A letter is named where BKPSDM filed it for the unit. `settled_by` is the new final ranking that an accepted objection
    led to; where nothing changed, `no_change_note` says why.
    """

    number = pw.CharField(max_length=50, unique=True, verbose_name="Nomor sanggahan")
    nomination = refers_to(Nomination, backref="objections", verbose_name="Usulan")
    ranking = refers_to(Ranking, backref="+", verbose_name="Pemeringkatan yang disanggah")
    state = pw.CharField(
        max_length=10, default=ObjectionState.FILED.value, choices=list(OBJECTION_LABELS.items()), index=True, verbose_name="Keadaan"
    )
    reason = pw.TextField(verbose_name="Alasan sanggahan")
    letter_number = pw.CharField(max_length=120, default="", verbose_name="Nomor surat")
    letter_on = pw.DateField(null=True, verbose_name="Surat diterima tanggal")
    blob = refers_to(Blob, null=True, backref="objections")
    filename = pw.CharField(max_length=200, default="", verbose_name="Lampiran")
    filed_at = UTCDateTimeField(verbose_name="Diajukan")
    filed_by = refers_to(User, null=True, backref="+")
    decision = pw.TextField(default="", verbose_name="Alasan keputusan")
    decided_at = UTCDateTimeField(null=True, verbose_name="Diputus")
    decided_by = refers_to(User, null=True, backref="+")
    withdrawal_reason = pw.TextField(default="", verbose_name="Alasan pencabutan")
    withdrawn_at = UTCDateTimeField(null=True, verbose_name="Dicabut")
    settled_by = refers_to(Ranking, null=True, backref="objections", verbose_name="Pemeringkatan baru")
    no_change_note = pw.TextField(default="", verbose_name="Mengapa tidak mengubah hasil")
    row_version = pw.IntegerField(default=1)

    class Meta:
        constraints = [
            one_of("state", ObjectionState),
            pw.Check("length(reason) > 0"),
            pw.Check("(letter_number = '') = (letter_on IS NULL)"),
            pw.Check("(filename = '') = (blob_id IS NULL)"),
            pw.Check("(state IN ('accepted', 'rejected')) = (decided_at IS NOT NULL)"),
            pw.Check("(decided_at IS NOT NULL) = (length(decision) > 0)"),
            pw.Check("decided_by_id <> filed_by_id"),
            pw.Check("(state = 'withdrawn') = (withdrawn_at IS NOT NULL)"),
            pw.Check("state = 'accepted' OR (settled_by_id IS NULL AND no_change_note = '')"),
            pw.Check("settled_by_id IS NULL OR no_change_note = ''"),
        ]

    def __str__(self) -> str:
        return str(self.number)


Objection.add_index(Objection.nomination, unique=True, where=pw.SQL("state = 'filed'"), name="objection_open")


class Reopening(Table):
    """A submitted sheet was opened again: who, when and why; `criteria` are the codes that may change, none means all.

    Only its end is written later (trigger).
    """

    sheet = part_of(Sheet, backref="reopenings")
    objection = refers_to(Objection, null=True, backref="reopenings")
    reason = pw.TextField(verbose_name="Alasan dibuka kembali")
    criteria = DocumentField(default=list)
    submitted_at = UTCDateTimeField(null=True)
    reopened_at = UTCDateTimeField()
    reopened_by = refers_to(User, null=True, backref="+")
    closed_at = UTCDateTimeField(null=True)

    class Meta:
        constraints = [pw.Check("length(reason) > 0")]


Reopening.add_index(Reopening.sheet, unique=True, where=pw.SQL("closed_at IS NULL"), name="reopening_open")
