"""Objections: when one is filed and by which way, what it says, and when a sheet is opened again; each refusal to the word."""

from datetime import UTC, date, datetime

import pytest

from sipetruk.errors import IllegalMove, Invalid
from sipetruk.rules.objecting import OVER, Letter, read_letter, read_reason, require_enough, require_fileable, require_reassessable
from sipetruk.rules.objecting import require_stage as stage
from sipetruk.rules.workflow import NominationState, PeriodState, Window

RANKED, OBJECTION, ASSESSMENT = NominationState.RANKED, PeriodState.OBJECTION, PeriodState.ASSESSMENT
WINDOW = Window(date(2024, 11, 6), date(2024, 11, 8))
FIRST, LAST = datetime(2024, 11, 5, 16, tzinfo=UTC), datetime(2024, 11, 8, 15, 59, 59, tzinfo=UTC)
BEFORE, AFTER = datetime(2024, 11, 5, 15, 59, 59, tzinfo=UTC), datetime(2024, 11, 8, 16, tzinfo=UTC)
OUTSIDE = "Surat harus diterima dalam masa sanggah, 6 November 2024 sampai 8 November 2024."
WAITS = "Sanggahan menunggu masa sanggah; periode ini berada pada tahap “%s”."
PAST = "Masa sanggah sudah berlalu: periode ini berada pada tahap “%s” dan hasilnya tidak dapat diubah lagi."


def refused(rule, *given, **more):
    """Kind, path and words of a refusal; nothing where the rule agrees."""
    try:
        rule(*given, **more)
    except (IllegalMove, Invalid) as refusal:
        (problem,) = refusal.problems
        return type(refusal), problem.path, problem.message
    return None


def letter(day):
    return Letter("800/12", date(2024, 11, day))


@pytest.mark.parametrize(("moment", "by"), [(FIRST, None), (LAST, None), (FIRST, letter(6)), (AFTER, letter(6)), (AFTER, letter(8))])
def test_an_objection_is_filed_within_its_window_or_by_a_letter_received_in_it(moment, by):
    assert refused(require_fileable, RANKED, OBJECTION, WINDOW, moment, by) is None


@pytest.mark.parametrize(
    ("state", "period", "window", "moment", "by", "expected"),
    [
        (RANKED, OBJECTION, WINDOW, BEFORE, None, "Masa sanggah baru dibuka pada 6 November 2024 pukul 00.00 WITA."),
        (RANKED, OBJECTION, WINDOW, BEFORE, letter(6), "Masa sanggah baru dibuka pada 6 November 2024 pukul 00.00 WITA."),
        (RANKED, OBJECTION, WINDOW, AFTER, None, "Masa sanggah sudah berakhir pada 8 November 2024 pukul 23.59 WITA."),
        (RANKED, OBJECTION, None, FIRST, None, "Jadwal masa sanggah periode ini belum diisi."),
        (RANKED, PeriodState.RANKING, WINDOW, FIRST, None, WAITS % "Pemeringkatan"),
        (RANKED, PeriodState.DETERMINATION, WINDOW, FIRST, None, PAST % "Penetapan"),
        (
            NominationState.REJECTED,
            OBJECTION,
            WINDOW,
            FIRST,
            None,
            "Usulan berstatus “Tidak memenuhi syarat” tidak mempunyai hasil yang dapat disanggah.",
        ),
    ],
)
def test_an_objection_outside_its_stage_and_window_is_refused(state, period, window, moment, by, expected):
    assert refused(require_fileable, state, period, window, moment, by) == (IllegalMove, (), expected)


@pytest.mark.parametrize("day", [5, 9])
def test_a_letter_counts_by_the_day_of_its_receipt(day):
    assert refused(require_fileable, RANKED, OBJECTION, WINDOW, AFTER, letter(day)) == (Invalid, ("letter", "receivedOn"), OUTSIDE)


def test_objections_have_one_stage():
    assert {period for period in PeriodState if refused(stage, period) is None} == {OBJECTION}
    assert {period.value for period in OVER} == {"determination", "published", "archived"}
    assert refused(stage, ASSESSMENT) == (IllegalMove, (), WAITS % "Penilaian")
    assert refused(stage, PeriodState.ARCHIVED) == (IllegalMove, (), PAST % "Diarsipkan")


@pytest.mark.parametrize(
    ("state", "period", "accepted", "expected"),
    [
        (NominationState.VERIFIED, ASSESSMENT, False, None),
        (NominationState.ASSESSED, ASSESSMENT, False, None),
        (RANKED, OBJECTION, True, None),
        (NominationState.ASSESSED, OBJECTION, True, None),
        (RANKED, PeriodState.PUBLISHED, True, "Periode ini berada pada tahap “Diumumkan”: hasilnya tidak dapat diubah lagi."),
        (
            RANKED,
            OBJECTION,
            False,
            "Pada masa sanggah, penilaian hanya dibuka kembali untuk usulan yang sanggahannya diterima.",
        ),
        (
            NominationState.ASSESSED,
            PeriodState.RANKING,
            True,
            "Penilaian dibuka kembali pada tahap penilaian atau karena sanggahan yang diterima; periode ini pada tahap “Pemeringkatan”.",
        ),
        (
            RANKED,
            ASSESSMENT,
            True,
            "Pemeringkatan usulan ini sudah final; penilaiannya hanya dibuka kembali karena sanggahan yang diterima.",
        ),
        (NominationState.SUBMITTED, ASSESSMENT, False, "Usulan berstatus “Diajukan” tidak sedang dinilai."),
        (NominationState.WITHDRAWN, OBJECTION, True, "Usulan berstatus “Ditarik” tidak sedang dinilai."),
    ],
)
def test_a_sheet_is_opened_again_while_it_may_change_something(state, period, accepted, expected):
    found = refused(require_reassessable, state, period, has_accepted=accepted)
    assert found == (None if expected is None else (IllegalMove, (), expected))


def test_enough_assessors_stay():
    assert refused(require_enough, 3, 3) is None
    words = "Tersisa 2 penilai, padahal instrumen menghendaki paling sedikit 3. Tunjuk pengganti."
    assert refused(require_enough, 2, 3) == (Invalid, (), words)


NUMBER = (Invalid, ("letter", "number"), "Nomor surat wajib diisi, paling banyak 120 karakter.")


@pytest.mark.parametrize(
    ("number", "day", "expected"),
    [
        ("x" * 120, 8, None),
        ("x" * 121, 8, NUMBER),
        (" ", 8, NUMBER),
        ("800\n12", 8, NUMBER),
        ("800\x00", 8, NUMBER),
        ("800/12", 9, (Invalid, ("letter", "receivedOn"), "Tanggal terima surat tidak boleh setelah hari ini.")),
    ],
)
def test_a_letter_has_a_number_and_has_arrived(number, day, expected):
    assert refused(read_letter, Letter(number, date(2024, 11, day)), date(2024, 11, 8)) == expected


def test_a_letter_is_kept_without_blanks_and_need_not_be():
    assert read_letter(Letter(" 800/12 ", date(2024, 11, 8)), date(2024, 11, 8)) == letter(8)
    assert read_letter(None, date(2024, 11, 8)) is None


@pytest.mark.parametrize(
    ("given", "more", "expected"),
    [
        ("a", {}, None),
        ("a" * 4000, {}, None),
        ("a" * 20, {"least": 20}, None),
        ("a\x00", {}, (Invalid, ("reason",), "Harus berupa teks biasa.")),
        ("a\x00", {"field": "answer"}, (Invalid, ("answer",), "Harus berupa teks biasa.")),
        (" ", {"least": 20}, (Invalid, ("reason",), "Alasan wajib diisi.")),
        ("a" * 19, {"least": 20}, (Invalid, ("reason",), "Uraikan dengan paling sedikit 20 karakter; baru ada 19.")),
        ("a" * 4001, {}, (Invalid, ("reason",), "Paling banyak 4000 karakter.")),
    ],
)
def test_a_reason_says_something(given, more, expected):
    assert refused(read_reason, given, **more) == expected


def test_a_reason_is_kept_without_blanks():
    assert read_reason("  Nilai keliru.\r\n") == "Nilai keliru."
