"""What BKPSDM does to periods, categories and panels."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import strawberry

from sipetruk.api import ids
from sipetruk.api.context import Info
from sipetruk.api.staff import reads
from sipetruk.api.staff.acts import Given, Payload, actor_of, attempt, keyed
from sipetruk.api.staff.eligibility import EligibilityRuleInput, rule_documents
from sipetruk.api.staff.nomination_acts import KEY, VERSION
from sipetruk.api.staff.periods import Category, Period
from sipetruk.rules.workflow import PeriodMove, Stage
from sipetruk.services import interviews, period_copies, periods

PERIOD = "Pengenal periode."
CATEGORY = "Pengenal kategori."
NO_LIMIT = "null berarti tanpa batas."


@strawberry.type(description="Periode sesudah tindakan.")
class PeriodPayload(Payload):
    period: Period | None = strawberry.field(description="Periode; null bila tindakan ditolak atau periode dihapus.")


@strawberry.type(description="Kategori sesudah tindakan.")
class CategoryPayload(Payload):
    category: Category | None = strawberry.field(description="Kategori; null bila tindakan ditolak atau kategori dihapus.")


@strawberry.input(description="Membuat periode.")
class PeriodCreateInput:
    name: str = strawberry.field(description="Nama periode.")
    year: int = strawberry.field(description="Tahun periode.")
    slug: str = strawberry.field(description="Bagian akhir alamat halaman publik.")
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="Versi instrumen bagi salinan sebuah kategori.")
class CopiedVersionInput:
    category_id: strawberry.ID = strawberry.field(description="Pengenal kategori pada periode yang disalin.")
    version_id: strawberry.ID = strawberry.field(description="Pengenal versi dari instrumen yang sama.")


@strawberry.input(description="Menyalin periode untuk tahun lain: jadwal, kategori, syarat, dan tim penilai.")
class PeriodCopyInput:
    period_id: strawberry.ID = strawberry.field(description="Pengenal periode yang disalin.")
    name: str = strawberry.field(description="Nama periode baru.")
    year: int = strawberry.field(description="Tahun periode baru; hari-harinya bergeser sekian tahun.")
    slug: str = strawberry.field(description="Bagian akhir alamat halaman publik.")
    versions: list[CopiedVersionInput] = strawberry.field(
        default_factory=list, description="Versi lain bagi kategori tertentu; selebihnya seperti `periodCopyPlan`."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="Mengubah nama dan tahun periode.")
class PeriodUpdateInput:
    period_id: strawberry.ID = strawberry.field(description=PERIOD)
    name: str = strawberry.field(description="Nama periode.")
    year: int = strawberry.field(description="Tahun periode.")
    expected_version: int = strawberry.field(description=VERSION)


@strawberry.input(description="Menghapus periode yang keliru dibuat.")
class PeriodRemoveInput:
    period_id: strawberry.ID = strawberry.field(description=PERIOD)
    expected_version: int = strawberry.field(description=VERSION)


@strawberry.input(description="Jadwal satu tahap.")
class StageWindowInput:
    stage: Stage = strawberry.field(description="Tahap.")
    opens_on: date = strawberry.field(description="Hari pertama (WITA).")
    closes_on: date = strawberry.field(description="Hari terakhir (WITA).")


@strawberry.input(description="Menetapkan seluruh jadwal periode.")
class PeriodWindowsSetInput:
    period_id: strawberry.ID = strawberry.field(description=PERIOD)
    windows: list[StageWindowInput] = strawberry.field(description="Jadwal; tahap yang tidak disebut menjadi tanpa jadwal.")
    reason: str = strawberry.field(default="", description="Alasan, bila jadwal diubah sesudah periode dibuka.")
    expected_version: int = strawberry.field(description=VERSION)


@strawberry.input(description="Memindahkan periode ke tahap berikutnya.")
class PeriodMoveInput:
    period_id: strawberry.ID = strawberry.field(description=PERIOD)
    move: PeriodMove = strawberry.field(description="Langkah.")
    reason: str = strawberry.field(default="", description="Alasan, bila langkah menyimpang dari jadwal.")
    expected_version: int = strawberry.field(description=VERSION)


@strawberry.input(description="Menambah kategori.")
class CategoryAddInput:
    period_id: strawberry.ID = strawberry.field(description=PERIOD)
    name: str = strawberry.field(description="Nama kategori.")
    slug: str = strawberry.field(description="Kode kategori di dalam periodenya.")
    instrument_version_id: strawberry.ID = strawberry.field(description="Pengenal versi instrumen.")
    winners_max: int = strawberry.field(description="Banyaknya pemenang paling banyak.")
    quota_per_unit: int | None = strawberry.field(default=None, description=f"Usulan paling banyak dari satu unit kerja; {NO_LIMIT}")
    winners_per_unit: int | None = strawberry.field(default=None, description=f"Pemenang paling banyak dari satu unit kerja; {NO_LIMIT}")
    rules: list[EligibilityRuleInput] = strawberry.field(default_factory=list, description="Syarat calon.")
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="Mengubah kategori; seluruh isinya dikirim.")
class CategoryUpdateInput:
    category_id: strawberry.ID = strawberry.field(description=CATEGORY)
    name: str = strawberry.field(description="Nama kategori.")
    instrument_version_id: strawberry.ID = strawberry.field(description="Pengenal versi instrumen.")
    winners_max: int = strawberry.field(description="Banyaknya pemenang paling banyak.")
    quota_per_unit: int | None = strawberry.field(description=f"Usulan paling banyak dari satu unit kerja; {NO_LIMIT}")
    winners_per_unit: int | None = strawberry.field(description=f"Pemenang paling banyak dari satu unit kerja; {NO_LIMIT}")
    rules: list[EligibilityRuleInput] = strawberry.field(description="Syarat calon.")
    expected_version: int = strawberry.field(description=VERSION)


@strawberry.input(description="Menghapus kategori yang belum dipakai.")
class CategoryRemoveInput:
    category_id: strawberry.ID = strawberry.field(description=CATEGORY)
    expected_version: int = strawberry.field(description=VERSION)


@strawberry.input(description="Menetapkan seluruh tim penilai kategori.")
class CategoryPanelSetInput:
    category_id: strawberry.ID = strawberry.field(description=CATEGORY)
    user_ids: list[strawberry.ID] = strawberry.field(description="Pengenal pengguna yang berperan penilai.")
    expected_version: int = strawberry.field(description="Versi data kategori yang dibaca; ditolak CONFLICT bila berbeda.")


@strawberry.input(description="Menjadikan sebuah kategori tahap wawancara; keduanya null menjadikannya kategori biasa.")
class CategoryInterviewSetInput:
    category_id: strawberry.ID = strawberry.field(description=CATEGORY)
    first_stage_id: strawberry.ID | None = strawberry.field(description="Kategori tahap pertama pada periode yang sama.")
    finalists: int | None = strawberry.field(description="Banyaknya yang terbaik pada tahap pertama yang diwawancarai.")
    expected_version: int = strawberry.field(description="Versi data kategori yang dibaca; ditolak CONFLICT bila berbeda.")


@strawberry.type
class PeriodActs:
    @strawberry.mutation(description="Membuat periode.")
    def period_create(self, info: Info, given: Given[PeriodCreateInput]) -> PeriodPayload | None:
        return _period(
            info,
            lambda: periods.create(
                actor_of(info), name=given.name, year=given.year, slug=given.slug, idempotency_key=given.idempotency_key
            ),
        )

    @strawberry.mutation(description="Menyalin periode untuk tahun lain; `periodCopyPlan` menunjukkannya lebih dahulu.")
    def period_copy(self, info: Info, given: Given[PeriodCopyInput]) -> PeriodPayload | None:
        return _period(
            info,
            lambda: period_copies.copy(
                actor_of(info),
                period_id=ids.number(given.period_id, "Period", "Periode"),
                name=given.name,
                slug=given.slug,
                year=given.year,
                versions=keyed(
                    ((ids.number(each.category_id, "Category", "Kategori"), _version(each.version_id)) for each in given.versions),
                    "versions",
                ),
                idempotency_key=given.idempotency_key,
            ),
        )

    @strawberry.mutation(description="Mengubah nama dan tahun periode.")
    def period_update(self, info: Info, given: Given[PeriodUpdateInput]) -> PeriodPayload | None:
        return _on_period(
            info,
            given.period_id,
            lambda number: periods.update(
                actor_of(info), period_id=number, name=given.name, year=given.year, expected_version=given.expected_version
            ),
        )

    @strawberry.mutation(
        description="Menghapus periode yang keliru dibuat beserta jadwal, kategori, dan tim penilainya; hanya pada tahap persiapan."
    )
    def period_remove(self, info: Info, given: Given[PeriodRemoveInput]) -> PeriodPayload | None:
        return _on_period(
            info,
            given.period_id,
            lambda number: periods.remove(actor_of(info), period_id=number, expected_version=given.expected_version),
        )

    @strawberry.mutation(description="Menetapkan seluruh jadwal periode.")
    def period_windows_set(self, info: Info, given: Given[PeriodWindowsSetInput]) -> PeriodPayload | None:
        return _on_period(
            info,
            given.period_id,
            lambda number: periods.set_windows(
                actor_of(info),
                period_id=number,
                windows=keyed(((each.stage, (each.opens_on, each.closes_on)) for each in given.windows), "windows"),
                expected_version=given.expected_version,
                reason=given.reason,
            ),
        )

    @strawberry.mutation(description="Memindahkan periode ke tahap berikutnya.")
    def period_move(self, info: Info, given: Given[PeriodMoveInput]) -> PeriodPayload | None:
        return _on_period(
            info,
            given.period_id,
            lambda number: periods.move(
                actor_of(info), period_id=number, move=given.move, expected_version=given.expected_version, reason=given.reason
            ),
        )

    @strawberry.mutation(description="Menambah kategori.")
    def category_add(self, info: Info, given: Given[CategoryAddInput]) -> CategoryPayload | None:
        return _category(
            info,
            lambda: periods.add_category(
                actor_of(info),
                period_id=ids.number(given.period_id, "Period", "Periode"),
                name=given.name,
                slug=given.slug,
                instrument_version_id=_version(given.instrument_version_id),
                winners=given.winners_max,
                quota_per_unit=given.quota_per_unit,
                winners_per_unit=given.winners_per_unit,
                eligibility_rules=rule_documents(given.rules),
                idempotency_key=given.idempotency_key,
            ),
        )

    @strawberry.mutation(description="Mengubah kategori; seluruh isinya dikirim.")
    def category_update(self, info: Info, given: Given[CategoryUpdateInput]) -> CategoryPayload | None:
        return _on_category(
            info,
            given.category_id,
            lambda number: periods.update_category(
                actor_of(info),
                category_id=number,
                name=given.name,
                instrument_version_id=_version(given.instrument_version_id),
                winners=given.winners_max,
                quota_per_unit=given.quota_per_unit,
                winners_per_unit=given.winners_per_unit,
                eligibility_rules=rule_documents(given.rules),
                expected_version=given.expected_version,
            ),
        )

    @strawberry.mutation(description="Menghapus kategori yang belum dipakai.")
    def category_remove(self, info: Info, given: Given[CategoryRemoveInput]) -> CategoryPayload | None:
        return _on_category(
            info,
            given.category_id,
            lambda number: periods.remove_category(actor_of(info), category_id=number, expected_version=given.expected_version),
        )

    @strawberry.mutation(description="Menetapkan seluruh tim penilai kategori.")
    def category_panel_set(self, info: Info, given: Given[CategoryPanelSetInput]) -> CategoryPayload | None:
        return _on_category(
            info,
            given.category_id,
            lambda number: periods.set_panel(
                actor_of(info),
                category_id=number,
                user_ids=[ids.number(each, "User", "Penilai") for each in given.user_ids],
                expected_version=given.expected_version,
            ),
        )

    @strawberry.mutation(description="Menjadikan sebuah kategori tahap wawancara kategori lain, atau kategori biasa lagi.")
    def category_interview_set(self, info: Info, given: Given[CategoryInterviewSetInput]) -> CategoryPayload | None:
        first = given.first_stage_id
        return _on_category(
            info,
            given.category_id,
            lambda number: interviews.set_stage(
                actor_of(info),
                category_id=number,
                first_stage_id=None if first is None else ids.number(first, "Category", "Tahap pertama"),
                finalists=given.finalists,
                expected_version=given.expected_version,
            ),
        )


def _version(global_id: str) -> int:
    return ids.number(global_id, "InstrumentVersion", "Versi instrumen")


def _on_period(info: Info, global_id: str, act: Callable[[int], object]) -> PeriodPayload:
    def do() -> int:
        number = ids.number(global_id, "Period", "Periode")
        act(number)
        return number

    return _period(info, do)


def _period(info: Info, act: Callable[[], int]) -> PeriodPayload:
    number, errors = attempt(info, act)
    return PeriodPayload(period=None if number is None else reads.period(info, number), user_errors=errors)


def _on_category(info: Info, global_id: str, act: Callable[[int], object]) -> CategoryPayload:
    def do() -> int:
        number = ids.number(global_id, "Category", "Kategori")
        act(number)
        return number

    return _category(info, do)


def _category(info: Info, act: Callable[[], int]) -> CategoryPayload:
    number, errors = attempt(info, act)
    return CategoryPayload(category=None if number is None else reads.category(info, number), user_errors=errors)
