"""Settings, the check of the system and retention in the panel; what the server was started with is shown without secrets."""

from __future__ import annotations

from typing import Any

import wtforms
from flask import current_app, request
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from sipetruk.errors import Forbidden
from sipetruk.panel.kit import Answer, Page, PlainText, VersionedForm, expose
from sipetruk.queries import retention as retention_queries
from sipetruk.queries import settings as queries
from sipetruk.rules.permissions import Action
from sipetruk.rules.settings import GROUPS, Declared, Kind
from sipetruk.rules.system_check import VERDICT_LABELS, Verdict
from sipetruk.services import clock, retention, system_check
from sipetruk.services import settings as services
from sipetruk.windows import described_settings

GET_POST = ("GET", "POST")
POST = ("POST",)
TONES = {Verdict.OK: "good", Verdict.PROBLEM: "bad", Verdict.SKIPPED: "plain"}


class SettingForm(VersionedForm):
    """One value, whose field is made by `setting_form` after its declaration."""

    @property
    def text(self) -> str:
        return self.value.data or ""


def setting_form(view: queries.SettingView, sent: Any) -> SettingForm:
    declared = view.declared
    kind = type("OneSettingForm", (SettingForm,), {"value": _field(declared)})
    form: SettingForm = kind(sent, data={"row_version": view.row_version, "value": view.value})
    return form


def _field(declared: Declared) -> Any:
    label = f"{declared.label} ({declared.unit})" if declared.unit else declared.label
    match declared.kind:
        case Kind.CHOICE:
            choices = [SelectChoice(*pair) for pair in declared.choices.items()]
            return wtforms.RadioField(label, description=declared.help, choices=choices, validate_choice=False)
        case Kind.LONG_TEXT:
            return wtforms.TextAreaField(label, [PlainText(), Length(max=declared.most)], description=declared.help)
    return wtforms.StringField(label, [PlainText(), Length(max=max(declared.most, 30))], description=declared.help)


class SettingPages(Page):
    """Everything under /admin/pengaturan/."""

    needs = Action.SETTING_READ
    intro = "Pengaturan yang berlaku tanpa memulai ulang server. Yang kosong memakai nilai bawaan."

    @expose("/")
    def index(self) -> Answer:
        rows = queries.settings(self.actor)
        groups = [(group, [row for row in rows if row.declared.group == group]) for group in GROUPS]
        return self.render("panel/setting/list.html", groups=groups, shown=_shown, fixed=described_settings(current_app.config["SETTINGS"]))

    @expose("/<key>/ubah/", GET_POST)
    def edit(self, key: str) -> Answer:
        if not self.can(Action.SETTING_EDIT):
            raise Forbidden("Anda tidak berhak mengubah data di halaman ini.")
        view = queries.setting(self.actor, key)
        form = setting_form(view, request.form or None)
        answer = self.submit(
            form,
            lambda: services.change(self.actor, key=key, value=form.text, expected_version=form.expected),
            to=str(self.get_url(".index")),
            done=f"{view.declared.label} disimpan.",
            stored=lambda: setting_form(queries.setting(self.actor, key), None),
        )
        return answer or self.show("panel/setting/part.html", form, view=view, shown=_shown, back=str(self.get_url(".index")))

    @expose("/periksa/")
    def check(self) -> Answer:
        """Look at the system now; a page that only reads and is never kept."""
        found = system_check.check(self.actor, site=site_of(current_app.config["SETTINGS"], is_request=True))
        worst = sum(each.verdict is Verdict.PROBLEM for each in found)
        return self.render("panel/setting/check.html", found=found, worst=worst, labels=VERDICT_LABELS, tones=TONES, at=clock.now())

    @expose("/retensi/")
    def retention(self) -> Answer:
        plan = retention_queries.plan(self.actor, now=clock.now())
        return self.render("panel/setting/retention.html", plan=plan, is_due=any(due.count for due in plan.due))

    @expose("/retensi/terapkan/", POST)
    def apply_retention(self) -> Answer:
        if not self.can(Action.RETENTION_APPLY):
            raise Forbidden("Anda tidak berhak mengubah data di halaman ini.")
        back = str(self.get_url(".retention"))
        if not self.confirmed():
            plan = retention_queries.plan(self.actor, now=clock.now())
            details = tuple(f"{due.count} {due.rule.what}" for due in plan.due if due.count)
            question = "Hapus data yang lewat masa simpannya sekarang? Ini tidak dapat diurungkan."
            return self.ask(question, button="Hapus sekarang", back=back, details=details)
        return self.act(lambda: retention.apply(self.actor), to=back, done="Data yang lewat masa simpannya dihapus.")


def site_of(settings: Any, *, is_request: bool) -> system_check.Site:
    """What the checks need of the settings of config.py, and of this request as it came in."""
    seen = None
    if is_request:
        seen = {"forwarded_for": request.headers.get("X-Forwarded-For", ""), "scheme": request.scheme}
    return system_check.Site(
        settings.data_dir,
        settings.is_production,
        settings.trusted_proxies,
        settings.single_sign_on.issuer if settings.single_sign_on else "",
        seen,
    )


def _shown(declared: Declared, value: str) -> str:
    if not value:
        return "–"
    return declared.choices.get(value, f"{value} {declared.unit}".strip())
