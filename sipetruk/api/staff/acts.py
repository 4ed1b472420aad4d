"""What every mutation shares: the actor, the input argument, and refusals by rule as `userErrors`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Annotated, Any, TypeAlias, TypeVar

import peewee as pw
import strawberry

from sipetruk.api.context import Info
from sipetruk.api.listsize import ListSize
from sipetruk.errors import Conflict, Forbidden, Invalid, Refusal, Unauthenticated
from sipetruk.rules.permissions import Actor
from sipetruk.services.constraints import refusal_for

K = TypeVar("K")
T = TypeVar("T")
Given: TypeAlias = Annotated[T, strawberry.argument(name="input", description="Isian tindakan ini.")]


@strawberry.type(description="Satu alasan mengapa tindakan tidak dapat dilakukan; tidak ada yang disimpan.")
class UserError:
    message: str = strawberry.field(description="Alasan dalam kata-kata.")
    path: list[str] = strawberry.field(
        description="Letak isian yang dimaksud, dari luar ke dalam; kosong bila menyangkut keseluruhan.",
        directives=[ListSize(assumed_size=3)],
    )
    code: str = strawberry.field(
        description="BAD_USER_INPUT (isian tidak dapat diterima), NOT_FOUND, CONFLICT (sudah diubah atau sudah ada),"
        " ILLEGAL_MOVE (bukan tahapnya), NOT_ELIGIBLE (syarat kategori tidak terpenuhi),"
        " REMOVES_FILES (ada berkas yang akan hilang), atau RATE_LIMITED (terlalu banyak percobaan)."
    )


@strawberry.interface(description="Jawaban setiap tindakan.")
class Payload:
    user_errors: list[UserError] = strawberry.field(
        description="Alasan penolakan; kosong bila tindakan berhasil.", directives=[ListSize(assumed_size=10)]
    )


@strawberry.input(description="Satu jawaban formulir. Isi salah satu saja; tanpa isi berarti dikosongkan.")
class AnswerInput:
    code: str = strawberry.field(description="Kode isian.")
    value: str | None = strawberry.field(
        default=None, description='Teks, angka, tanggal (2026-11-24), kode pilihan, atau "1" untuk pernyataan yang dicentang.'
    )
    values: list[str] | None = strawberry.field(default=None, description="Kode pilihan, bagi isian dengan beberapa pilihan.")
    counts: list[CountInput] | None = strawberry.field(default=None, description="Jumlah setiap jenis, bagi isian hitungan.")


@strawberry.input(description="Jumlah untuk satu jenis.")
class CountInput:
    code: str = strawberry.field(description="Kode jenis.")
    count: int = strawberry.field(description="Jumlahnya, 0 atau lebih.")


def actor_of(info: Info) -> Actor:
    """Who acts; the staff address lets nobody else in."""
    actor = info.context.actor
    if actor is None:
        raise Unauthenticated("Silakan masuk terlebih dahulu.")
    return actor


def attempt(info: Info, act: Callable[[], T]) -> tuple[T | None, list[UserError]]:
    """The result of an act, or why it was refused. A lacking permission is an error of the request, not of the input.

    What another request made or removed in this very moment is a conflict; any other broken constraint is a fault of ours.
    """
    try:
        done = act()
    except (Forbidden, Unauthenticated):
        raise
    except Refusal as refusal:
        return None, _told(refusal)
    except pw.IntegrityError as fault:
        conflict = refusal_for(fault)
        if not isinstance(conflict, Conflict):
            raise
        return None, _told(conflict)
    info.context.forget()
    return done, []


def _told(refusal: Refusal) -> list[UserError]:
    return [UserError(message=each.message, path=list(each.path), code=each.code) for each in refusal.problems]


def answers_given(given: Sequence[AnswerInput], place: str = "answers") -> Mapping[str, Any]:
    """The answers as the form reads them."""
    answers = keyed(((each.code, _answer(each, place)) for each in given), place)
    return {code: answer for code, answer in answers.items() if answer is not None}


def keyed(said: Iterable[tuple[K, T]], *path: str) -> dict[K, T]:
    """What a list says, by what it says it about; `Invalid` where one thing stands in it twice, since only one could count.

    The place is the code of the thing, or its index where it has none.
    """
    found: dict[K, T] = {}
    for index, (key, value) in enumerate(said):
        if key in found:
            raise Invalid("Sudah disebut sebelumnya dalam daftar ini.", *path, str(key if isinstance(key, str) else index))
        found[key] = value
    return found


def _answer(given: AnswerInput, place: str) -> Any:
    if given.counts is not None:
        return keyed(((entry.code, entry.count) for entry in given.counts), place, given.code)
    return given.value if given.values is None else given.values
