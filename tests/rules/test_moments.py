"""Moments in words, in WITA wherever they were kept."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from sipetruk.rules.moments import clock_text, hour_text, moment_text

LATE = datetime(2026, 11, 24, 16, 5, 9, tzinfo=UTC)


@pytest.mark.parametrize("moment", [LATE, LATE.astimezone(timezone(timedelta(hours=-5)))])
def test_a_moment_is_told_in_wita(moment):
    assert moment_text(moment) == "25 November 2026 pukul 00.05 WITA"
    assert (hour_text(moment), clock_text(moment)) == ("00.05 WITA", "00.05.09")


@pytest.mark.parametrize("write", [moment_text, hour_text, clock_text])
def test_a_moment_without_a_zone_is_a_fault_of_the_program(write):
    with pytest.raises(ValueError, match="aware"):
        write(datetime(2026, 11, 24, 16, 5))  # noqa: DTZ001  # the point of the test
