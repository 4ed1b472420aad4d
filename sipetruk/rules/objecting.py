"""Objections on paper: when one may be filed and by which way, what it must say, and when a sheet may be opened again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sipetruk.errors import IllegalMove, Invalid
from sipetruk.rules.dates import day_text
from sipetruk.rules.reading import clean_text
from sipetruk.rules.workflow import (
    NOMINATION_LABELS,
    PERIOD_LABELS,
    NominationState,
    PeriodState,
    Window,
)

LEAST_REASON = 20
"""A reason that says something: fewer characters are refused."""
MOST_REASON = 4_000
LETTER_LENGTH = 120
OVER = frozenset({PeriodState.DETERMINATION, PeriodState.PUBLISHED, PeriodState.ARCHIVED})
"""Period states in which the result stands: nothing is objected to, opened again or replaced any more."""


@dataclass(frozen=True)
class Letter:
    """A letter by which a unit objected: its number and the day on which BKPSDM received it."""

    number: str
    received_on: date


def require_fileable(state: NominationState, period: PeriodState, window: Window | None, now: datetime, letter: Letter | None) -> None:
    """Refuse outside the objection stage and its window; a letter counts by the day of its receipt, to which its clerk may come later.

    >>> from datetime import UTC
    >>> may = lambda moment, letter=None: require_fileable(
    ...     NominationState.RANKED, PeriodState.OBJECTION, Window(date(2024, 11, 6), date(2024, 11, 8)), moment, letter)
    >>> may(datetime(2024, 11, 8, 15, 59, 59, tzinfo=UTC))
    >>> may(datetime(2024, 11, 8, 16, 0, 0, tzinfo=UTC))
    Traceback (most recent call last):
    sipetruk.errors.IllegalMove: Masa sanggah sudah berakhir pada 8 November 2024 pukul 23.59 WITA.
    >>> may(datetime(2024, 11, 9, 1, 0, 0, tzinfo=UTC), Letter("800/12", date(2024, 11, 8)))
    """
    require_stage(period)
    if window is None:
        raise IllegalMove("Jadwal masa sanggah periode ini belum diisi.")
    if now < window.opens_at:
        raise IllegalMove("Masa sanggah baru dibuka pada %(day)s pukul 00.00 WITA.", day=day_text(window.opens_on))
    if letter is None and now >= window.closes_at:
        raise IllegalMove("Masa sanggah sudah berakhir pada %(day)s pukul 23.59 WITA.", day=day_text(window.closes_on))
    if letter is not None and not window.opens_on <= letter.received_on <= window.closes_on:
        raise Invalid(
            "Surat harus diterima dalam masa sanggah, %(first)s sampai %(last)s.",
            "letter",
            "receivedOn",
            first=day_text(window.opens_on),
            last=day_text(window.closes_on),
        )
    if state is not NominationState.RANKED:
        raise IllegalMove("Usulan berstatus “%(state)s” tidak mempunyai hasil yang dapat disanggah.", state=NOMINATION_LABELS[state])


def require_stage(period: PeriodState) -> None:
    """Refuse unless the period is in its objection stage."""
    if period in OVER:
        raise IllegalMove(
            "Masa sanggah sudah berlalu: periode ini berada pada tahap “%(state)s” dan hasilnya tidak dapat diubah lagi.",
            state=PERIOD_LABELS[period],
        )
    if period is not PeriodState.OBJECTION:
        raise IllegalMove("Sanggahan menunggu masa sanggah; periode ini berada pada tahap “%(state)s”.", state=PERIOD_LABELS[period])


def require_reassessable(state: NominationState, period: PeriodState, *, has_accepted: bool) -> None:
    """Refuse to open a nominee's assessment again unless it still runs, or an accepted objection asks for it."""
    if period in OVER:
        raise IllegalMove(
            "Periode ini berada pada tahap “%(state)s”: hasilnya tidak dapat diubah lagi.",
            state=PERIOD_LABELS[period],
        )
    if period is PeriodState.OBJECTION and not has_accepted:
        raise IllegalMove("Pada masa sanggah, penilaian hanya dibuka kembali untuk usulan yang sanggahannya diterima.")
    if period not in {PeriodState.ASSESSMENT, PeriodState.OBJECTION}:
        raise IllegalMove(
            "Penilaian dibuka kembali pada tahap penilaian atau karena sanggahan yang diterima; periode ini pada tahap “%(state)s”.",
            state=PERIOD_LABELS[period],
        )
    if period is PeriodState.ASSESSMENT and state is NominationState.RANKED:  # others go on to an interview meanwhile
        raise IllegalMove("Pemeringkatan usulan ini sudah final; penilaiannya hanya dibuka kembali karena sanggahan yang diterima.")
    if state not in {NominationState.VERIFIED, NominationState.ASSESSED, NominationState.RANKED}:
        raise IllegalMove("Usulan berstatus “%(state)s” tidak sedang dinilai.", state=NOMINATION_LABELS[state])


def require_enough(left: int, least: int) -> None:
    """Refuse to let an assessor go where too few would be left for a score."""
    if left < least:
        raise Invalid(
            "Tersisa %(left)s penilai, padahal instrumen menghendaki paling sedikit %(least)s. Tunjuk pengganti.",
            left=left,
            least=least,
        )


def read_letter(letter: Letter | None, today: date) -> Letter | None:
    """The letter as it is kept."""
    if letter is None:
        return None
    number = clean_text(letter.number)
    if not number or len(number) > LETTER_LENGTH or "\n" in number:
        raise Invalid("Nomor surat wajib diisi, paling banyak %(longest)s karakter.", "letter", "number", longest=LETTER_LENGTH)
    if letter.received_on > today:
        raise Invalid("Tanggal terima surat tidak boleh setelah hari ini.", "letter", "receivedOn")
    return Letter(number, letter.received_on)


def read_reason(given: str, field: str = "reason", least: int = 1) -> str:
    """What somebody wrote to give a reason, without blanks around it."""
    text = clean_text(given)
    if text is None:
        raise Invalid("Harus berupa teks biasa.", field)
    if not text:
        raise Invalid("Alasan wajib diisi.", field)
    if len(text) < least:
        raise Invalid("Uraikan dengan paling sedikit %(least)s karakter; baru ada %(found)s.", field, least=least, found=len(text))
    if len(text) > MOST_REASON:
        raise Invalid("Paling banyak %(longest)s karakter.", field, longest=MOST_REASON)
    return text
