"""Determinations (who wins, by which decree) and publications (the public copy)."""

import peewee as pw

from sipetruk.models.base import DocumentField, Table, UTCDateTimeField, one_of, part_of, refers_to
from sipetruk.models.nominations import Nomination
from sipetruk.models.periods import Category, Period
from sipetruk.models.rankings import Ranking
from sipetruk.models.users import User
from sipetruk.rules.announcement import POLICIES


class Determination(Table):
    """The winners of a category, taken from its final ranking, with the decree that says so."""

    category = refers_to(Category, unique=True, backref="determinations")
    ranking = refers_to(Ranking, backref="determinations")
    decree_number = pw.CharField(max_length=120, verbose_name="Nomor SK")
    decree_on = pw.DateField(verbose_name="Tanggal SK")
    override_reason = pw.TextField(default="", verbose_name="Alasan menyimpang dari peringkat")
    determined_by = refers_to(User, null=True, backref="+")
    determined_at = UTCDateTimeField()


class Winner(Table):
    determination = part_of(Determination, backref="winners")
    nomination = refers_to(Nomination, unique=True, backref="wins")
    place = pw.IntegerField()
    citation = pw.TextField(default="", verbose_name="Alasan penghargaan")

    class Meta:
        constraints = [pw.Check("place > 0")]


class Publication(Table):
    """A public copy of a period's results under a policy; the copy never changes (trigger), it can be withdrawn."""

    period = refers_to(Period, backref="publications")
    number = pw.IntegerField()
    policy = pw.CharField(max_length=30, verbose_name="Yang diumumkan")
    statistics = DocumentField(default=dict)
    file = DocumentField(help_text="Berkas pengumuman yang dapat diperiksa siapa saja.")
    published_at = UTCDateTimeField(verbose_name="Diumumkan")
    published_by = refers_to(User, null=True, backref="+")
    withdrawn_at = UTCDateTimeField(null=True, verbose_name="Ditarik")
    withdrawal_note = pw.TextField(default="", verbose_name="Catatan penarikan")

    class Meta:
        indexes = ((("period", "number"), True),)
        constraints = [one_of("policy", POLICIES)]


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
