"""The verifier's queue: who stands where, and what was found beside what is asked."""

from __future__ import annotations

import pytest

from sipetruk.queries.checks import Place, place_in_queue, requirements
from sipetruk.queries.nominations import nomination
from sipetruk.services import checks, clock
from tests.services import builders


@pytest.fixture
def queue(cast):
    """Three nominations that wait, the longest waiting first; and a draft, which does not."""
    round_ = builders.open_round(cast)
    ids = [builders.submitted(cast, round_, name) for name in ("Wati Lestari", "Budi Santoso", "Siti Aminah")]
    builders.drafted(cast, round_, "Rudi Hartono")
    with builders.standing_at(2024, 10, 14):
        yield ids


def test_the_neighbours_are_those_who_came_before_and_after(cast, queue):
    first, second, third = queue
    assert place_in_queue(cast.verifier, second) == Place(2, 3, first, third)
    assert place_in_queue(cast.viewer, third) == Place(3, 3, second, None)


def test_one_that_no_longer_waits_points_to_the_first_that_does(cast, queue):
    first, second, _ = queue
    checks.reject(cast.verifier, nomination_id=second, reason="Berkas palsu.", expected_version=builders.version_of(second))
    assert place_in_queue(cast.verifier, second) == Place(None, 2, None, first)


def test_those_who_see_no_nomination_see_no_queue(cast, queue):
    assert place_in_queue(cast.outsider, queue[0]) == Place(None, 0, None, None)


def test_requirements_carry_files_and_verdicts_in_the_order_of_the_instrument(cast, queue):
    checks.record_item(cast.verifier, nomination_id=queue[0], requirement="skp", verdict="absent", note="Tahun 2023 tidak ada.")
    view = nomination(cast.verifier, queue[0], now=clock.now(), today=clock.today())
    found = [(r.code, r.is_required, len(r.files), r.verdict_label, r.note, r.by_name) for r in requirements(view)]
    assert found == [
        ("proposal", True, 1, "", "", ""),
        ("foto", False, 0, "", "", ""),
        ("skp", True, 0, "TIDAK ADA", "Tahun 2023 tidak ada.", "Yusuf Verifikator"),
    ]
