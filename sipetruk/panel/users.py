"""Users: who may sign in, what they are in the award, and their password."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import wtforms
from flask import request
from wtforms.fields.choices import SelectChoice
from wtforms.validators import EqualTo, Length

from sipetruk.errors import Invalid, NotFound
from sipetruk.models import User
from sipetruk.panel.kit import Answer, Choice, CreateForm, Page, PanelForm, PlainText, Required, VersionedForm, expose
from sipetruk.queries import people as people_queries
from sipetruk.queries import users as queries
from sipetruk.rules.permissions import ROLE_LABELS, Action, Grant, Role
from sipetruk.services import identities, second_factor
from sipetruk.services import users as services

GET_POST = ("GET", "POST")
POST = ("POST",)
SPARE_ROWS = 2
PASSWORD_HELP = "Paling sedikit 10 karakter. Sampaikan langsung kepada orangnya, yang harus memilih kata sandi sendiri ketika masuk."  # noqa: S105  # a help text


class GrantRow(PanelForm):
    role = Choice("Peran", choices=[(str(role), label) for role, label in ROLE_LABELS.items()], blank="–")
    unit = Choice("Unit kerja (hanya peran OPD)", coerce=int, blank="–")


def _grants() -> Any:
    return wtforms.FieldList(wtforms.FormField(GrantRow), "Peran", max_entries=20)


class GrantsMixin(PanelForm):
    """The roles of a person, one a row."""

    grants = _grants()

    def offer(self, units: list[tuple[int, str]]) -> Any:
        options = [SelectChoice("", "–"), *(SelectChoice(str(key), name) for key, name in units)]
        for row in self.grants:
            row.form.unit.choices = lambda: options
        return self

    def chosen(self) -> list[Grant]:
        rows = [row.form for row in self.grants]
        if any(row.unit.data and not row.role.data for row in rows):
            raise Invalid("Pilih peran untuk setiap unit kerja yang dipilih.", "grants")
        return [Grant(Role(row.role.data), row.unit.data) for row in rows if row.role.data]


def _password(label: str, *more: Any, description: str = "") -> Any:
    checks = [Required(), PlainText(), Length(max=200), *more]
    return wtforms.PasswordField(label, checks, description=description, render_kw={"autocomplete": "new-password"})


class ContactMixin(PanelForm):
    """What a person is called, and how to reach this person."""

    name = wtforms.StringField("Nama", [Required(), PlainText(), Length(max=150)])
    phone = wtforms.TelField(
        User.phone.verbose_name, [PlainText(), Length(max=40)], description=User.phone.help_text, render_kw={"autocomplete": "off"}
    )
    email = wtforms.StringField(
        User.email.verbose_name, [PlainText(), Length(max=254)], render_kw={"inputmode": "email", "autocomplete": "off"}
    )


class NewUserForm(CreateForm, GrantsMixin, ContactMixin):
    username = wtforms.StringField(
        "Nama pengguna", [Required(), PlainText(), Length(max=60)], description="Huruf kecil, angka, titik, garis bawah, atau tanda hubung."
    )
    grants = _grants()  # after the person, before the password
    password = _password("Kata sandi pertama", description=PASSWORD_HELP)
    again = _password("Ulangi kata sandi", EqualTo("password", "Kedua kata sandi tidak sama."))


class ProfileForm(ContactMixin, VersionedForm):
    """Name and contacts of somebody who is already there."""


class GrantsForm(GrantsMixin, VersionedForm):
    """The roles of somebody who is already there."""


class PasswordForm(PanelForm):
    password = _password("Kata sandi baru", description=PASSWORD_HELP)
    again = _password("Ulangi kata sandi", EqualTo("password", "Kedua kata sandi tidak sama."))


class ReasonForm(PanelForm):
    reason = wtforms.TextAreaField(
        "Alasan", [Required(), PlainText(), Length(max=second_factor.REASON_LENGTH)], description="Tercatat pada jejak audit."
    )


class UserPages(Page):
    """Everything under /admin/pengguna/."""

    needs = Action.USER_MANAGE
    intro = "Siapa yang boleh masuk dan perannya. Mengubah peran atau kata sandi mengakhiri semua sesi orang itu."

    @expose("/")
    def index(self) -> Answer:
        search, role = request.args.get("search", "").replace("\x00", ""), request.args.get("role", "")
        rows = queries.users(self.actor, role=Role(role) if role in set(Role) else None, search=search)
        return self.render("panel/user/list.html", users=rows, search=search, role=role, role_labels=ROLE_LABELS)

    @expose("/baru/", GET_POST)
    def create(self) -> Answer:
        form = NewUserForm(request.form or None, data={"grants": _rows(())}).offer(self._units())
        answer = self.submit(
            form,
            lambda: services.add(
                self.actor,
                username=form.username.data,
                name=form.name.data,
                phone=form.phone.data,
                email=form.email.data,
                password=form.password.data,
                grants=form.chosen(),
                idempotency_key=form.once,
            ),
            to=lambda user_id: str(self.get_url(".show_user", user_id=user_id)),
            done="Pengguna ditambahkan.",
        )
        return answer or self._part(form, "Tambah pengguna", str(self.get_url(".index")), "Tambah pengguna")

    @expose("/<int:user_id>/")
    def show_user(self, user_id: int) -> Answer:
        return self.render("panel/user/show.html", user=self._user(user_id), role_labels=ROLE_LABELS)

    @expose("/<int:user_id>/profil/", GET_POST)
    def edit_profile(self, user_id: int) -> Answer:
        form = _profile_form(self._user(user_id), request.form or None)
        answer = self.submit(
            form,
            lambda: services.update(
                self.actor,
                user_id=user_id,
                name=form.name.data,
                phone=form.phone.data,
                email=form.email.data,
                expected_version=form.expected,
            ),
            to=self._address(user_id),
            done="Profil disimpan.",
            stored=lambda: _profile_form(self._user(user_id), None),
        )
        return answer or self._part(form, "Ubah profil", self._address(user_id))

    @expose("/<int:user_id>/peran/", GET_POST)
    def edit_grants(self, user_id: int) -> Answer:
        user, units = self._user(user_id), self._units()
        form = _grants_form(user, units, request.form or None)
        answer = self.submit(
            form,
            lambda: services.set_grants(self.actor, user_id=user_id, grants=form.chosen(), expected_version=form.expected),
            to=self._address(user_id),
            done="Peran disimpan; orang ini harus masuk kembali.",
            stored=lambda: _grants_form(self._user(user_id), units, None),
        )
        return answer or self._part(form, f"Peran {user.name}", self._address(user_id))

    @expose("/<int:user_id>/sandi/", GET_POST)
    def set_password(self, user_id: int) -> Answer:
        user = self._user(user_id)
        form = PasswordForm(request.form or None)
        answer = self.submit(
            form,
            lambda: services.set_password(self.actor, user_id=user_id, password=form.password.data),
            to=self._address(user_id),
            done="Kata sandi diganti; orang ini harus masuk kembali.",
        )
        return answer or self._part(form, f"Kata sandi {user.name}", self._address(user_id), "Ganti kata sandi")

    @expose("/<int:user_id>/aktif/", POST)
    def set_active(self, user_id: int) -> Answer:
        user = self._user(user_id)
        is_active = request.form.get("is_active") == "1"
        if not is_active and not self.confirmed():
            return self.ask(
                f"Nonaktifkan {user.name}? Orang ini tidak dapat masuk lagi.", button="Nonaktifkan", back=self._address(user_id)
            )
        expected = request.form.get("row_version", 0, type=int)
        return self.act(
            lambda: services.set_active(self.actor, user_id=user_id, is_active=is_active, expected_version=expected),
            to=self._address(user_id),
            done=f"{user.name} {'dapat masuk lagi' if is_active else 'dinonaktifkan'}.",
        )

    @expose("/<int:user_id>/sesi/", POST)
    def end_sessions(self, user_id: int) -> Answer:
        self._user(user_id)
        return self.act(
            lambda: services.end_sessions(self.actor, user_id=user_id), to=self._address(user_id), done="Semua sesi orang ini diakhiri."
        )

    @expose("/<int:user_id>/faktor-kedua/", GET_POST)
    def reset_second_factor(self, user_id: int) -> Answer:
        user = self._user(user_id)
        form = ReasonForm(request.form or None)
        answer = self.submit(
            form,
            lambda: second_factor.reset(self.actor, user_id=user_id, reason=form.reason.data),
            to=self._address(user_id),
            done="Faktor kedua dicabut; orang ini harus masuk kembali.",
        )
        note = "Hanya bila ponsel dan kode pemulihannya hilang, dan Anda yakin siapa yang meminta. Sesudahnya kata sandi saja cukup."
        return answer or self._part(form, f"Cabut faktor kedua {user.name}", self._address(user_id), "Cabut faktor kedua", note)

    @expose("/<int:user_id>/masuk-tunggal/", GET_POST)
    def remove_identity(self, user_id: int) -> Answer:
        user = self._user(user_id)
        form = ReasonForm(request.form or None)
        answer = self.submit(
            form,
            lambda: identities.remove(self.actor, user_id=user_id, reason=form.reason.data),
            to=self._address(user_id),
            done="Hubungan dengan masuk tunggal dilepas; orang ini harus masuk kembali.",
        )
        note = "Semua sesi orang ini berakhir; sesudahnya masuk dengan nama pengguna dan kata sandi."
        return answer or self._part(form, f"Lepas masuk tunggal {user.name}", self._address(user_id), "Lepas hubungan", note)

    def _user(self, user_id: int) -> queries.UserRow:
        for row in queries.users(self.actor):
            if row.id == user_id:
                return row
        raise NotFound("Pengguna tidak ditemukan.")

    def _units(self) -> list[tuple[int, str]]:
        return [(unit.id, unit.name) for unit in people_queries.units(self.actor)]

    def _address(self, user_id: int) -> str:
        return str(self.get_url(".show_user", user_id=user_id))

    def _part(self, form: PanelForm, title: str, back: str, save: str = "Simpan", note: str = "") -> Answer:
        return self.show("panel/user/part.html", form, title=title, back=back, save=save, note=note)


def _rows(grants: Iterable[Grant]) -> list[dict[str, Any]]:
    filled: list[dict[str, Any]] = [{"role": str(grant.role), "unit": grant.unit_id} for grant in grants]
    return filled + [{} for _ in range(SPARE_ROWS)]


def _profile_form(user: queries.UserRow, sent: Any) -> ProfileForm:
    return ProfileForm(sent, data={"row_version": user.row_version, "name": user.name, "phone": user.phone, "email": user.email})


def _grants_form(user: queries.UserRow, units: list[tuple[int, str]], sent: Any) -> GrantsForm:
    form: GrantsForm = GrantsForm(sent, data={"row_version": user.row_version, "grants": _rows(user.raw_grants)}).offer(units)
    return form
