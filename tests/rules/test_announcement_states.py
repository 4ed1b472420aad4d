"""Announcements: where one stands at each moment, what it must say, and when it may end."""

from datetime import UTC, datetime, timedelta

import pytest

from sipetruk.errors import Invalid
from sipetruk.rules.announcement_states import AnnouncementState, Text, check_slug, check_times, checked, state_of
from tests.rules.building import problems

BEGINS = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)
"""00.00 WITA on 25 November."""
ENDS = BEGINS + timedelta(days=1)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("begins", "ends", "withdrawn", "now", "state"),
    [
        (None, None, None, BEGINS, AnnouncementState.DRAFT),
        (BEGINS, None, None, BEGINS - SECOND, AnnouncementState.SCHEDULED),
        (BEGINS, None, None, BEGINS, AnnouncementState.PUBLISHED),
        (BEGINS, ENDS, None, ENDS - SECOND, AnnouncementState.PUBLISHED),
        (BEGINS, ENDS, None, ENDS, AnnouncementState.ENDED),
        (BEGINS, None, None, ENDS + timedelta(days=9_999), AnnouncementState.PUBLISHED),
        (BEGINS, ENDS, ENDS, ENDS + SECOND, AnnouncementState.WITHDRAWN),
    ],
)
def test_where_an_announcement_stands(begins, ends, withdrawn, now, state):
    assert state_of(begins, ends, withdrawn, now) is state


def test_blanks_around_a_text_do_not_count():
    assert checked(Text(" J ", "\n I \n", " T ", " B ")) == Text("J", "I", "T", "B")
    assert checked(Text("J", "I", " ", "\n")) == Text("J", "I")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (Text("", ""), [("title", "Wajib diisi."), ("body", "Wajib diisi.")]),
        (Text("x" * 201, "I"), [("title", "Paling banyak 200 karakter.")]),
        (Text("J", "x" * 20_001), [("body", "Paling banyak 20000 karakter.")]),
        (Text("J", "I", "x" * 201, "B"), [("titleEn", "Paling banyak 200 karakter.")]),
        (Text("J", "I", "T", "x" * 20_001), [("bodyEn", "Paling banyak 20000 karakter.")]),
        (Text("J", "I", "T"), [("bodyEn", "Isi judul dan isi bahasa Inggris keduanya, atau kosongkan keduanya.")]),
        (Text("J", "I", "", "B"), [("titleEn", "Isi judul dan isi bahasa Inggris keduanya, atau kosongkan keduanya.")]),
    ],
)
def test_what_a_text_lacks(text, expected):
    with pytest.raises(Invalid) as refused:
        checked(text)
    assert problems(refused) == [((field,), message) for field, message in expected]


def test_the_longest_texts_fit():
    longest = Text("x" * 200, "y" * 20_000, "x" * 200, "y" * 20_000)
    assert checked(longest) == longest


@pytest.mark.parametrize(
    ("slug", "is_good"),
    [
        ("a", True),
        ("a-1", True),
        ("x" * 80, True),
        ("x" * 81, False),
        ("a--b", False),
        ("-a", False),
        ("A", False),
        ("a b", False),
        ("", False),
    ],
)
def test_addresses(slug, is_good):
    if is_good:
        check_slug(slug)
    else:
        with pytest.raises(Invalid) as refused:
            check_slug(slug)
        assert problems(refused) == [(("slug",), "Alamat terdiri atas huruf kecil, angka, dan tanda hubung, paling banyak 80 karakter.")]


@pytest.mark.parametrize(
    ("ends", "now", "is_good"),
    [(None, BEGINS, True), (ENDS, BEGINS, True), (BEGINS, BEGINS - SECOND, False), (BEGINS + SECOND, BEGINS, True), (ENDS, ENDS, False)],
)
def test_an_end_lies_after_the_beginning_and_ahead(ends, now, is_good):
    if is_good:
        check_times(BEGINS, ends, now)
    else:
        with pytest.raises(Invalid) as refused:
            check_times(BEGINS, ends, now)
        assert problems(refused) == [(("endsAt",), "Waktu berakhir harus sesudah waktu terbit dan sesudah sekarang.")]
