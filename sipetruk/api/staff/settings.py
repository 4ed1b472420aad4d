"""Settings, the check of the system and retention in the staff schema."""

from __future__ import annotations

from datetime import date, datetime

import flask
import strawberry

from sipetruk.api import ids
from sipetruk.api.context import Info
from sipetruk.api.cost import Cost
from sipetruk.api.enums import described
from sipetruk.api.listsize import ListSize
from sipetruk.api.staff.acts import Given, Payload, actor_of, attempt
from sipetruk.api.staff.common import PeriodReference, gid
from sipetruk.api.staff.nomination_acts import VERSION
from sipetruk.queries import retention as retention_queries
from sipetruk.queries import settings as queries
from sipetruk.rules.system_check import VERDICT_LABELS, Verdict
from sipetruk.services import clock, retention, system_check
from sipetruk.services import settings as services

described(Verdict, "Hasil sebuah pemeriksaan sistem.", VERDICT_LABELS, name="SystemVerdict")


@strawberry.type(description="Satu pengaturan panel.")
class Setting:
    key: str = strawberry.field(description="Kunci pengaturan.")
    group: str = strawberry.field(description="Bagiannya.")
    label: str = strawberry.field(description="Namanya.")
    help: str = strawberry.field(description="Artinya dan dasarnya.")
    kind: str = strawberry.field(description="text, long_text, number, choice, phone, email, atau folder.")
    value: str = strawberry.field(description="Nilai yang berlaku.")
    default: str = strawberry.field(description="Nilai bawaan.")
    updated_at: datetime | None = strawberry.field(description="Kapan diubah; null bila belum pernah.")
    version: int = strawberry.field(description="Versi data, untuk `expectedVersion`; 0 bila belum pernah diubah.")

    @classmethod
    def of(cls, row: queries.SettingView) -> Setting:
        declared = row.declared
        return cls(
            key=declared.key,
            group=declared.group,
            label=declared.label,
            help=declared.help,
            kind=str(declared.kind),
            value=row.value,
            default=declared.default,
            updated_at=row.updated_at,
            version=row.row_version,
        )


@strawberry.type(description="Satu hal yang diperiksa pada instalasi ini.")
class SystemCheck:
    name: str = strawberry.field(description="Yang diperiksa.")
    verdict: Verdict = strawberry.field(description="Hasilnya.")
    said: str = strawberry.field(description="Keterangan.")
    cure: str = strawberry.field(description="Yang perlu dilakukan; kosong bila tidak bermasalah.")


@strawberry.type(description="Data satu jenis yang lewat masa simpannya.")
class RetentionDue:
    key: str = strawberry.field(description="Kunci pengaturan lamanya.")
    label: str = strawberry.field(description="Jenis data.")
    length: int = strawberry.field(description="Lamanya disimpan.")
    unit: str = strawberry.field(description="Satuan lamanya.")
    count: int = strawberry.field(description="Banyaknya yang lewat.")
    files: int = strawberry.field(description="Banyaknya berkas bukti yang ikut.")


@strawberry.type(description="Periode yang diarsipkan dan kapan isian usulannya dihapus.")
class RetentionPeriod:
    period: PeriodReference = strawberry.field(description="Periode.")
    archived_at: datetime = strawberry.field(description="Kapan diarsipkan.")
    nominations: int = strawberry.field(description="Usulan yang masih utuh dan tidak menang.")
    due_on: date = strawberry.field(description="Hari sejak kapan dihapus (WITA).")
    is_due: bool = strawberry.field(description="Sudah waktunya.")


@strawberry.type(description="Yang lewat masa simpannya sekarang, dan yang menyusul.")
class RetentionPlan:
    due: list[RetentionDue] = strawberry.field(description="Menurut jenis.", directives=[ListSize(assumed_size=3)])
    periods: list[RetentionPeriod] = strawberry.field(
        description="Periode yang diarsipkan; daftar pendek.", directives=[ListSize(assumed_size=10)]
    )


@strawberry.type(description="Pengaturan sesudah tindakan.")
class SettingPayload(Payload):
    setting: Setting | None = strawberry.field(description="Pengaturan; null bila ditolak.")


@strawberry.type(description="Yang dihapus.")
class RetentionPayload(Payload):
    login_attempts: int = strawberry.field(description="Catatan percobaan masuk.")
    notifications: int = strawberry.field(description="Pemberitahuan.")
    deliveries: int = strawberry.field(description="Pesan webhook dari catatan pengiriman.")
    nominations: int = strawberry.field(description="Usulan yang isinya dihapus.")


@strawberry.input(description="Mengubah satu pengaturan; kosong berarti bawaan.")
class SettingChangeInput:
    key: str = strawberry.field(description="Kunci pengaturan.")
    value: str = strawberry.field(description="Nilai baru.")
    expected_version: int = strawberry.field(description=VERSION)


@strawberry.input(description="Menghapus data pribadi yang lewat masa simpannya.")
class RetentionApplyInput:
    is_dry_run: bool = strawberry.field(default=False, description="Hanya dihitung: tidak ada yang dihapus.")


@strawberry.input(description="Menghapus isi usulan satu periode yang sudah waktunya.")
class RetentionPurgePeriodInput:
    period_id: strawberry.ID = strawberry.field(description="Pengenal periode yang diarsipkan.")


@strawberry.type
class SettingQueries:
    @strawberry.field(description="Semua pengaturan panel; daftar pendek.", directives=[ListSize(assumed_size=15)])
    def settings(self, info: Info) -> list[Setting]:
        return [Setting.of(row) for row in queries.settings(actor_of(info))]

    @strawberry.field(description="Memeriksa instalasi ini sekarang.", directives=[ListSize(assumed_size=10), Cost(weight=200)])
    def system_checks(self, info: Info) -> list[SystemCheck]:
        found = system_check.check(actor_of(info), site=_site())
        return [SystemCheck(name=each.name, verdict=each.verdict, said=each.said, cure=each.cure) for each in found]

    @strawberry.field(description="Yang akan dihapus bila masa simpan diterapkan sekarang.", directives=[Cost(weight=20)])
    def retention_plan(self, info: Info) -> RetentionPlan | None:
        plan = retention_queries.plan(actor_of(info), now=clock.now())
        return RetentionPlan(
            due=[
                RetentionDue(
                    key=due.rule.key,
                    label=due.rule.label,
                    length=due.length,
                    unit=due.rule.unit,
                    count=due.count,
                    files=due.files,
                )
                for due in plan.due
            ],
            periods=[
                RetentionPeriod(
                    period=PeriodReference(id=gid("Period", row.id), name=row.name, year=row.year),
                    archived_at=row.archived_at,
                    nominations=row.nominations,
                    due_on=row.due_on,
                    is_due=row.is_due,
                )
                for row in plan.periods
            ],
        )


@strawberry.type
class SettingActs:
    @strawberry.mutation(description="Mengubah satu pengaturan panel.")
    def setting_change(self, info: Info, given: Given[SettingChangeInput]) -> SettingPayload | None:
        _, errors = attempt(
            info,
            lambda: services.change(actor_of(info), key=given.key, value=given.value, expected_version=given.expected_version),
        )
        return SettingPayload(setting=None if errors else Setting.of(queries.setting(actor_of(info), given.key)), user_errors=errors)

    @strawberry.mutation(description="Menghapus data pribadi yang lewat masa simpannya; aman diulang.")
    def retention_apply(self, info: Info, given: Given[RetentionApplyInput]) -> RetentionPayload | None:
        done, errors = attempt(info, lambda: retention.apply(actor_of(info), is_dry_run=given.is_dry_run))
        done = done or {}
        return RetentionPayload(
            login_attempts=done.get("login_attempts", 0),
            notifications=done.get("notifications", 0),
            deliveries=done.get("deliveries", 0),
            nominations=done.get("nominations", 0),
            user_errors=errors,
        )

    @strawberry.mutation(description="Menghapus isi usulan satu periode yang diarsipkan dan sudah waktunya.")
    def retention_purge_period(self, info: Info, given: Given[RetentionPurgePeriodInput]) -> RetentionPayload | None:
        done, errors = attempt(
            info, lambda: retention.purge_period(actor_of(info), period_id=ids.number(given.period_id, "Period", "Periode"))
        )
        return RetentionPayload(login_attempts=0, notifications=0, deliveries=0, nominations=done or 0, user_errors=errors)


def _site() -> system_check.Site:
    settings = flask.current_app.config["SETTINGS"]
    seen = {"forwarded_for": flask.request.headers.get("X-Forwarded-For", ""), "scheme": flask.request.scheme}
    issuer = settings.single_sign_on.issuer if settings.single_sign_on else ""
    return system_check.Site(settings.data_dir, settings.is_production, settings.trusted_proxies, issuer, seen)
