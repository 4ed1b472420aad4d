"""People who sign in, what they are in the award, and their attempts to sign in."""

import peewee as pw

from sipetruk.models.base import Table, UTCDateTimeField, one_of, part_of, refers_to
from sipetruk.models.employees import Employee
from sipetruk.models.units import WorkUnit
from sipetruk.rules.permissions import ROLE_LABELS, UNIT_ROLES, Role


class User(Table):
    username = pw.CharField(max_length=60, unique=True, verbose_name="Nama pengguna")
    name = pw.CharField(max_length=150, verbose_name="Nama")
    phone = pw.CharField(
        max_length=15, null=True, verbose_name="Nomor telepon", help_text="Nomor WhatsApp bila ada, misalnya 0812-3456-7890."
    )
    email = pw.CharField(max_length=254, null=True, index=True, verbose_name="E-mail")
    password_hash = pw.CharField(max_length=255)
    is_active = pw.BooleanField(default=True, verbose_name="Aktif")
    session_epoch = pw.IntegerField(default=0)
    sessions_ended_at = UTCDateTimeField(null=True)
    created_at = UTCDateTimeField(verbose_name="Dibuat")
    employee = refers_to(
        Employee, null=True, unique=True, backref="users", verbose_name="Pegawai", help_text="Siapa orang ini dalam data pegawai."
    )
    row_version = pw.IntegerField(default=1)
    has_given_password = pw.BooleanField(default=False, constraints=[pw.Default("FALSE")])  # the default of those who were there before

    class Meta:
        constraints = [
            pw.Check("length(phone) BETWEEN 8 AND 15"),
            pw.Check("email = lower(email) AND length(email) BETWEEN 5 AND 254"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.username})"


class Membership(Table):
    """One role of one user; roles of a work unit name it, the others name none."""

    user = part_of(User, backref="memberships")
    role = pw.CharField(max_length=20, choices=list(ROLE_LABELS.items()), verbose_name="Peran")
    work_unit = refers_to(WorkUnit, null=True, backref="memberships", verbose_name="Unit kerja")

    class Meta:
        indexes = ((("user", "role", "work_unit"), True),)
        constraints = [
            one_of("role", Role),
            pw.Check(f"(work_unit_id IS NOT NULL) = (role IN ({', '.join(repr(str(r)) for r in sorted(UNIT_ROLES))}))"),
        ]


Membership.add_index(Membership.user, Membership.role, unique=True, where=Membership.work_unit.is_null())


class LoginAttempt(Table):
    """One attempt to sign in; the name is kept as a hash, since people type passwords into it."""

    username_sha256 = pw.CharField(max_length=64, index=True)
    address = pw.CharField(max_length=45, index=True)
    at = UTCDateTimeField(index=True)
    is_success = pw.BooleanField()
    device = pw.CharField(max_length=60, default="")


class SecondFactor(Table):
    """The secret that a person's authenticator shares with us, encrypted; it counts once a code has confirmed it."""

    user = part_of(User, unique=True, backref="second_factors")
    secret = pw.CharField(max_length=255)
    started_at = UTCDateTimeField()
    confirmed_at = UTCDateTimeField(null=True)
    last_step = pw.IntegerField(default=0)


class RecoveryCode(Table):
    """One code that stands in for the authenticator, once; only its hash is kept."""

    user = part_of(User, backref="recovery_codes")
    code_sha256 = pw.CharField(max_length=64)
    used_at = UTCDateTimeField(null=True)

    class Meta:
        indexes = ((("user", "code_sha256"), True),)


class ExternalIdentity(Table):
    """Who a person is at the provider of the single sign-on; one identity is one user."""

    user = part_of(User, backref="identities")
    issuer = pw.CharField(max_length=200)
    subject = pw.CharField(max_length=255)
    linked_at = UTCDateTimeField()

    class Meta:
        indexes = ((("issuer", "subject"), True), (("user", "issuer"), True))
