"""How much one caller may ask for per minute."""

import pytest

from sipetruk.api.faults import RequestRefused
from sipetruk.api.rate import Rate


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def test_the_bucket_empties_and_fills_evenly(clock):
    rate = Rate(600, clock)
    assert rate.charge("a", 500) == {"RateLimit-Limit": "600", "RateLimit-Remaining": "100", "RateLimit-Reset": "50"}
    with pytest.raises(RequestRefused) as refused:
        rate.charge("a", 200)
    assert (refused.value.status, refused.value.code, refused.value.headers["Retry-After"]) == (429, "RATE_LIMITED", "10")
    clock.now = 10.0
    assert rate.charge("a", 200)["RateLimit-Remaining"] == "0"


def test_callers_do_not_share(clock):
    rate = Rate(100, clock)
    rate.charge("a", 100)
    assert rate.charge("b", 100)["RateLimit-Remaining"] == "0"


def test_even_nothing_costs_something(clock):
    assert Rate(100, clock).charge("a", 0)["RateLimit-Remaining"] == "90"


def test_answers_say_how_much_is_left(http):
    answer = http.post("/graphql", json={"query": "{ hello }"})
    assert (answer.headers["RateLimit-Limit"], answer.headers["RateLimit-Remaining"]) == ("40000", "39990")
