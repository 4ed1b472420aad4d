"""Determinations (who wins, by which decree) and publications (the public copy)."""

import peewee as pw

from sipetruk.models.base import DocumentField, Table, UTCDateTimeField, one_of, part_of, refers_to
from sipetruk.models.evidence import Blob
from sipetruk.models.nominations import Nomination
from sipetruk.models.periods import Category, Period
from sipetruk.models.rankings import Ranking
from sipetruk.models.users import User
from sipetruk.rules.announcement import POLICIES

PROPOSAL_KINDS = {"override": "Pemenang menyimpang dari peringkat", "revocation": "Pencabutan penetapan"}
PROPOSAL_STATES = {
    "waiting": "Menunggu persetujuan",
    "approved": "Disetujui",
    "rejected": "Ditolak",
    "withdrawn": "Dibatalkan pengusul",
    "void": "Gugur",
}


class Determination(Table):
    """The winners of a category, taken from its final ranking, with the decree that says so; one stands, revoked ones are kept."""

    category = refers_to(Category, backref="determinations")
    ranking = refers_to(Ranking, backref="determinations")
    decree_number = pw.CharField(max_length=120, verbose_name="Nomor SK")
    decree_on = pw.DateField(verbose_name="Tanggal SK")
    decree = refers_to(Blob, null=True, backref="+")
    decree_name = pw.CharField(max_length=200, default="", verbose_name="Berkas SK")
    override_reason = pw.TextField(default="", verbose_name="Alasan menyimpang dari peringkat")
    determined_by = refers_to(User, null=True, backref="+")
    determined_at = UTCDateTimeField()
    revoked_at = UTCDateTimeField(null=True, verbose_name="Dicabut")
    revocation_reason = pw.TextField(default="", verbose_name="Alasan pencabutan")

    class Meta:
        constraints = [pw.Check("revoked_at IS NULL OR length(revocation_reason) > 0")]


Determination.add_index(Determination.category, unique=True, name="determination_standing", where=Determination.revoked_at.is_null())


class DeterminationProposal(Table):
    """What one person of BKPSDM proposes and a second one must approve: winners that deviate, or taking a determination back."""

    category = refers_to(Category, backref="proposals")
    kind = pw.CharField(max_length=12)
    ranking = refers_to(Ranking, backref="+")
    determination = refers_to(Determination, null=True, backref="proposals")
    content = DocumentField(default=dict)
    reason = pw.TextField(verbose_name="Alasan")
    state = pw.CharField(max_length=10, default="waiting")
    proposed_by = refers_to(User, backref="+")
    proposed_at = UTCDateTimeField()
    decided_by = refers_to(User, null=True, backref="+")
    decided_at = UTCDateTimeField(null=True)
    note = pw.TextField(default="", verbose_name="Catatan")

    class Meta:
        constraints = [
            one_of("kind", PROPOSAL_KINDS),
            one_of("state", PROPOSAL_STATES),
            pw.Check("length(reason) > 0"),
            pw.Check("(state = 'waiting') = (decided_at IS NULL)"),
            pw.Check("state NOT IN ('approved', 'rejected') OR (decided_by_id IS NOT NULL AND decided_by_id <> proposed_by_id)"),
        ]


DeterminationProposal.add_index(
    DeterminationProposal.category,
    unique=True,
    name="determination_proposal_waiting",
    where=pw.SQL("state = 'waiting'"),
)


class Winner(Table):
    determination = part_of(Determination, backref="winners")
    nomination = refers_to(Nomination, backref="wins")
    place = pw.IntegerField()
    citation = pw.TextField(default="", verbose_name="Alasan penghargaan")

    class Meta:
        indexes = ((("determination", "nomination"), True),)
        constraints = [pw.Check("place > 0")]


class Publication(Table):
    """A public copy of a period's results under a policy; the copy never changes (trigger), it can be withdrawn.

    It is made and sealed at `made_at` and read by nobody before `published_at`; one that is withdrawn earlier never was public.
    `released_at` is when the period was moved and everybody was told.
    """

    period = refers_to(Period, backref="publications")
    number = pw.IntegerField()
    policy = pw.CharField(max_length=30, verbose_name="Yang diumumkan")
    statistics = DocumentField(default=dict)
    file = DocumentField(help_text="Berkas pengumuman yang dapat diperiksa siapa saja.")
    content_sha256 = pw.CharField(max_length=64)
    made_at = UTCDateTimeField(verbose_name="Dibuat")
    published_at = UTCDateTimeField(verbose_name="Diumumkan")
    published_by = refers_to(User, null=True, backref="+")
    released_at = UTCDateTimeField(null=True)
    withdrawn_at = UTCDateTimeField(null=True, verbose_name="Ditarik")
    withdrawal_note = pw.TextField(default="", verbose_name="Catatan penarikan")

    class Meta:
        indexes = ((("period", "number"), True),)
        constraints = [
            one_of("policy", POLICIES),
            pw.Check("made_at <= published_at"),
            pw.Check("withdrawn_at IS NULL OR length(withdrawal_note) > 0"),
        ]


Publication.add_index(Publication.period, unique=True, name="publication_standing", where=Publication.withdrawn_at.is_null())


class PublishedWinner(Table):
    """What the public may read of a winner; NULL where the policy keeps a value back."""

    publication = part_of(Publication, backref="winners")
    slug = pw.CharField(max_length=180, index=True)
    category_slug = pw.CharField(max_length=60)
    category_name = pw.CharField(max_length=150)
    category_position = pw.IntegerField()
    place = pw.IntegerField()
    name = pw.CharField(max_length=250)
    position = pw.CharField(max_length=200)
    unit_name = pw.CharField(max_length=200)
    unit_code = pw.CharField(max_length=20)
    innovation = pw.CharField(max_length=300, default="")
    citation = pw.TextField(default="")
    decree_number = pw.CharField(max_length=120)
    decree_on = pw.DateField()
    score = pw.CharField(max_length=20, null=True)
    components = DocumentField(null=True)

    class Meta:
        indexes = ((("publication", "slug"), True), (("publication", "category_position", "place"), False))
