"""The words of a check: verdicts, ages, clocks that agree."""

from datetime import UTC, datetime, timedelta

from sipetruk.rules.system_check import VERDICT_LABELS, Checked, Verdict, age_words, clocks_agree, ok, problem, skipped


def test_a_problem_comes_with_its_cure():
    assert (ok("a", "b"), problem("a", "b", "c"), skipped("a", "b")) == (
        Checked("a", Verdict.OK, "b", ""),
        Checked("a", Verdict.PROBLEM, "b", "c"),
        Checked("a", Verdict.SKIPPED, "b", ""),
    )
    assert set(VERDICT_LABELS) == set(Verdict)


def test_ages_in_words():
    assert [age_words(timedelta(minutes=minutes)) for minutes in (-1, 0, 119, 120, 2879, 2880)] == [
        "0 menit",
        "0 menit",
        "119 menit",
        "2 jam",
        "47 jam",
        "2 hari",
    ]


def test_clocks_agree_within_a_limit():
    here, most = datetime(2026, 1, 1, tzinfo=UTC), timedelta(seconds=30)
    assert [clocks_agree(here, here + timedelta(seconds=seconds), most) for seconds in (-31, -30, 0, 30, 31)] == [
        False,
        True,
        True,
        True,
        False,
    ]
