"""How much one caller may ask for per minute."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sipetruk.api.buckets import PLACES, ROWS, Buckets
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


def test_the_public_and_the_staff_address_share_one_file(app, data_dir):
    assert (data_dir / "rate.table").stat().st_size == 64 + ROWS * PLACES * 32
    assert (data_dir / "rate.table").stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(not hasattr(os, "posix_fallocate"), reason="this system cannot reserve room")
def test_the_file_has_its_room_before_the_disk_is_full(tmp_path):
    (tmp_path / "rate.table").touch()
    Buckets(tmp_path / "rate.table")
    found = (tmp_path / "rate.table").stat()
    assert found.st_blocks * 512 >= found.st_size  # a hole would kill the process that writes into it


SPEND = """
import sys
from pathlib import Path
from sipetruk.api.buckets import Buckets
buckets = Buckets(Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.readline()
print(sum(buckets.take("token:1", 1.0, 5000.0, 1e12, 100.0)[0] for _ in range(4000)))
"""


def test_two_processes_spend_one_bucket_to_the_last_unit(tmp_path):
    path = tmp_path / "rate.table"
    both = [
        subprocess.Popen([sys.executable, "-c", SPEND, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    assert [each.stdout.readline() for each in both] == ["ready\n"] * 2
    for each in both:
        each.stdin.write("go\n")
        each.stdin.flush()
    spent = [int(each.communicate(timeout=60)[0]) for each in both]
    assert (sum(spent), min(spent) > 0) == (5000, True)
    assert Buckets(path).take("token:1", 1.0, 5000.0, 1e12, 100.0) == (False, 0.0)


def test_what_a_process_spent_stays_spent_when_another_opens_the_file(tmp_path, clock):
    path = tmp_path / "rate.table"
    assert Rate(100, clock, Buckets(path)).charge("a", 60)["RateLimit-Remaining"] == "40"
    assert Rate(100, clock, Buckets(path)).charge("a", 30)["RateLimit-Remaining"] == "10"
    assert Rate(100, clock, Buckets(path)).charge("b", 30)["RateLimit-Remaining"] == "70"


def test_a_file_that_is_no_table_becomes_an_empty_one(tmp_path, clock):
    path = tmp_path / "rate.table"
    path.write_bytes(b"something else")
    assert Rate(100, clock, Buckets(path)).charge("a", 10)["RateLimit-Remaining"] == "90"


def test_a_table_that_nobody_uses_leaves_no_file_open(tmp_path):
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(20):
        Buckets(tmp_path / "rate.table").take("a", 1.0, 10.0, 60.0, 0.0)
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_after_the_machine_was_started_anew_everybody_begins_full(tmp_path, clock):
    clock.now = 5000.0
    Rate(100, clock, Buckets(tmp_path / "rate.table")).charge("a", 100)
    clock.now = 1.0
    assert Rate(100, clock, Buckets(tmp_path / "rate.table")).charge("a", 10)["RateLimit-Remaining"] == "90"


def test_more_callers_than_places_never_give_back_what_the_busiest_spent(clock):
    rate = Rate(1000, clock)
    rate.charge("busy", 900)
    for number in range(ROWS * PLACES * 2):
        rate.charge(f"address:{number}", 10)
    assert rate.charge("busy", 10)["RateLimit-Remaining"] == "90"
