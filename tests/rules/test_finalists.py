"""Who goes on to an interview: the best, and nobody is parted from somebody of the same rank."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sipetruk.rules.finalists import finalists, totals


@st.composite
def results(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Rows of a result with competition ranks (1, 2, 2, 4), in any order, some without a rank."""
    scores = draw(st.lists(st.integers(0, 5), max_size=12))
    rows: list[dict[str, Any]] = [
        {"id": f"N{at:02}", "status": "RANKED", "rank": 1 + sum(other > score for other in scores), "exact": f"{score}/3"}
        for at, score in enumerate(scores)
    ]
    rows += [{"id": f"X{at}", "status": "NOT_ELIGIBLE", "rank": None, "exact": "99"} for at in range(draw(st.integers(0, 3)))]
    return draw(st.permutations(rows))


def test_all_who_share_the_last_place_go_on() -> None:
    ranks = {"A": 1, "C": 2, "B": 2, "D": 4}
    rows = [{"id": who, "status": "RANKED", "rank": rank} for who, rank in ranks.items()]
    assert [finalists(rows, most) for most in (1, 2, 3, 4)] == [("A",), ("A", "B", "C"), ("A", "B", "C"), ("A", "B", "C", "D")]


@given(results(), st.integers(1, 15))
def test_at_least_as_many_as_asked_and_only_those_tied_at_the_border_beyond(rows: list[dict[str, Any]], most: int) -> None:
    rank = {row["id"]: row["rank"] for row in rows if row["rank"] is not None}
    chosen = finalists(rows, most)
    assert len(chosen) >= min(most, len(rank))
    assert all(rank[who] <= most for who in chosen)
    inside = {rank[who] for who in chosen}
    assert all(rank[who] > max(inside, default=0) for who in rank.keys() - set(chosen)), "whoever stays out ranks behind all who go on"


@given(results(), st.integers(1, 15))
def test_the_order_of_the_rows_changes_nothing_and_more_places_keep_who_was_in(rows: list[dict[str, Any]], most: int) -> None:
    chosen = finalists(rows, most)
    assert finalists(list(reversed(rows)), most) == chosen
    assert finalists(rows, most + 1)[: len(chosen)] == chosen


@given(results())
def test_every_ranked_nominee_brings_the_exact_total(rows: list[dict[str, Any]]) -> None:
    assert totals(rows) == {row["id"]: row["exact"] for row in rows if row["status"] == "RANKED"}
