"""Deadlines in words, to the second in WITA."""

from datetime import UTC, date, datetime

import pytest

from sipetruk.rules.deadlines import deadline
from sipetruk.rules.workflow import WITA, due_at

DAY = date(2024, 10, 15)
SEEN = [
    ((2024, 10, 10, 8, 0, 0), "dalam 5 hari (15 Oktober 2024 23.59 WITA)"),
    ((2024, 10, 13, 23, 59, 59), "dalam 2 hari (15 Oktober 2024 23.59 WITA)"),
    ((2024, 10, 14, 0, 0, 0), "besok 23.59 WITA"),
    ((2024, 10, 14, 23, 59, 59), "besok 23.59 WITA"),
    ((2024, 10, 15, 0, 0, 0), "hari ini 23.59 WITA"),
    ((2024, 10, 15, 23, 59, 59), "hari ini 23.59 WITA"),
    ((2024, 10, 16, 0, 0, 0), "terlambat 1 hari (15 Oktober 2024 23.59 WITA)"),
    ((2024, 10, 20, 12, 0, 0), "terlambat 5 hari (15 Oktober 2024 23.59 WITA)"),
]


@pytest.mark.parametrize(("moment", "words"), SEEN)
def test_a_deadline_in_words(moment, words):
    now = datetime(*moment, tzinfo=WITA)
    seen = deadline(DAY, now.astimezone(UTC))
    assert seen.words == words
    assert seen.is_late == (now >= due_at(DAY))


@pytest.mark.parametrize(("day", "soon"), [(11, False), (12, True), (15, True), (16, False)])
def test_the_last_days_are_near(day, soon):
    assert deadline(DAY, datetime(2024, 10, day, tzinfo=WITA)).is_soon is soon


def test_a_moment_without_a_zone_is_no_moment():
    with pytest.raises(ValueError, match="aware"):
        deadline(DAY, datetime(2024, 10, 15))  # noqa: DTZ001  # that is what is refused
