"""The verifier's queue: who stands where, and what was found beside what is asked."""

from __future__ import annotations

from datetime import date

import pytest

from sipetruk.errors import IllegalMove
from sipetruk.models import Attendance, Nomination
from sipetruk.queries.checks import Place, QueueFilters, place_in_queue, readiness, requirements
from sipetruk.queries.checks import queue as queue_of
from sipetruk.queries.nominations import nomination
from sipetruk.queries.provenance import Loaded, last_loaded
from sipetruk.rules.permissions import SYSTEM
from sipetruk.rules.workflow import NominationState
from sipetruk.services import checks, clock, people
from tests.services import builders


@pytest.fixture
def queue(cast):
    """Three nominations that wait, the longest waiting first; and a draft, which does not."""
    round_ = builders.open_round(cast)
    ids = [builders.submitted(cast, round_, name) for name in ("Wati Lestari", "Budi Santoso", "Siti Aminah")]
    builders.drafted(cast, round_, "Rudi Hartono")
    with builders.standing_at(2024, 10, 14):
        yield ids


def place(actor, nomination_id, **filters):
    return place_in_queue(actor, nomination_id, QueueFilters(**filters), today=clock.today())


def found(actor, **filters):
    page = queue_of(actor, QueueFilters(**filters), now=clock.now(), today=clock.today())
    return [row.id for row in page.rows]


def test_the_neighbours_are_those_who_came_before_and_after(cast, queue):
    first, second, third = queue
    assert place(cast.verifier, second) == Place(2, 3, first, third)
    assert place(cast.viewer, third) == Place(3, 3, second, None)


def test_one_that_no_longer_waits_still_has_its_neighbours(cast, queue):
    first, second, third = queue
    checks.reject(cast.verifier, nomination_id=second, reason="Berkas palsu.", expected_version=builders.version_of(second))
    assert place(cast.verifier, second) == Place(None, 2, first, third)


def test_those_who_see_no_nomination_see_no_queue(cast, queue):
    assert place(cast.outsider, queue[0]) == Place(None, 0, None, None)


def test_requirements_carry_files_and_verdicts_in_the_order_of_the_instrument(cast, queue):
    checks.record_item(cast.verifier, nomination_id=queue[0], requirement="skp", verdict="absent", note="Tahun 2023 tidak ada.")
    view = nomination(cast.verifier, queue[0], now=clock.now(), today=clock.today())
    found = [(r.code, r.is_required, len(r.files), r.verdict_label, r.note, r.by_name) for r in requirements(view)]
    assert found == [
        ("proposal", True, 1, "", "", ""),
        ("foto", False, 0, "", "", ""),
        ("skp", True, 0, "TIDAK ADA", "Tahun 2023 tidak ada.", "Yusuf Verifikator"),
    ]


PRESENCE = {
    "fact": "attendance",
    "operator": "at_least",
    "value": {"percent": "95", "months": ["2024-01"]},
    "effect": "warn",
    "message": "",
}


def returned(cast, nomination_id, day=date(2024, 10, 18)):
    version = builders.version_of(nomination_id)
    checks.return_(cast.verifier, nomination_id=nomination_id, reason="Foto.", due_on=day, expected_version=version)


def test_the_queue_is_filtered_by_state_place_and_word(cast, queue):
    first, second, third = queue
    returned(cast, second)
    category = Nomination.get_by_id(first).category
    assert found(cast.verifier) == [first, third]
    assert found(cast.verifier, state=NominationState.RETURNED) == [second]
    assert found(cast.verifier, period_id=category.period_id, category_id=category.id, unit_id=cast.unit_id) == [first, third]
    assert [found(cast.verifier, **each) for each in ({"unit_id": cast.other_unit_id}, {"period_id": 99}, {"search": "budi"})] == [
        [],
        [],
        [],
    ]
    assert found(cast.verifier, search="siti") == [third]


def test_the_queue_is_filtered_by_what_is_due(cast, queue):
    first, second, third = queue
    returned(cast, second)
    every = {"state": None}
    for today, due, expected in [
        ((2024, 10, 18), "besok", {second}),
        ((2024, 10, 19), "lewat", {second}),
        ((2024, 10, 21), "besok", {first, third}),
        ((2024, 10, 22), "minggu", {first, third}),
        ((2024, 10, 23), "lewat", {first, second, third}),
    ]:
        with builders.standing_at(*today):
            assert set(found(cast.verifier, **every, due=due)) & set(queue) == expected, (today, due)


def test_the_queue_is_filtered_by_who_has_it_in_hand(cast, queue):
    first, second, third = queue
    checks.record_item(cast.verifier, nomination_id=second, requirement="skp", verdict="present")
    assert [found(cast.verifier, taken=each) for each in ("saya", "orang", "belum")] == [[second], [], [first, third]]
    assert [found(cast.viewer, taken=each) for each in ("saya", "orang", "belum")] == [[], [second], [first, third]]


@pytest.fixture
def ruled(cast):
    """Three nominations under a rule that only warns: too often absent, of unknown attendance, and fitting."""
    round_ = builders.open_round(cast, eligibility_rules=[PRESENCE])
    ids = [builders.submitted(cast, round_, name) for name in ("Wati Lestari", "Budi Santoso", "Siti Aminah")]
    for id_, value in ((ids[0], 9000), (ids[2], 9800)):
        Attendance.create(employee=builders.employee_of(id_), year=2024, month=1, realisation=value)
    with builders.standing_at(2024, 10, 17):
        yield ids


def test_the_queue_is_filtered_by_what_the_rules_say(cast, ruled):
    assert [found(cast.verifier, eligible=each) for each in ("failed", "unknown", "passed")] == [[ruled[0]], [ruled[1]], [ruled[2]]]
    assert place(cast.verifier, ruled[2], eligible="passed") == Place(1, 1, None, None)
    assert place(cast.verifier, ruled[1], eligible="passed") == Place(None, 1, None, ruled[2])


def test_the_queue_costs_the_same_for_one_and_for_many(cast, ruled, db):
    def cost(**filters):
        found(cast.verifier, **filters)
        with builders.counted(db) as sent:
            found(cast.verifier, **filters)
            place(cast.verifier, ruled[0], **filters)
        return len(sent)

    assert cost(search="wati", eligible="failed") == cost(eligible="failed")
    assert cost(search="wati") == cost()


def test_open_points_are_told_of_each_that_was_chosen(cast, ruled):
    builders.check_all(cast, ruled[0])
    told = readiness(cast.verifier, [ruled[1], ruled[0], 999], now=clock.now(), today=clock.today())
    assert [(each.row.id, each.is_acceptable) for each in told] == [(ruled[1], False), (ruled[0], True)]
    assert told[0].forbids == ("Bukti “Proposal” belum diperiksa.", "Bukti “Laporan SKP” belum diperiksa.")
    assert told[1].warns[0] == "Bukti “Foto kegiatan” (boleh tidak ada) belum diperiksa."
    assert told[1].warns[1].startswith("Tidak memenuhi syarat: Kehadiran")


def test_one_that_is_not_checked_any_more_says_so_in_the_words_of_its_refusal(cast, ruled):
    builders.check_all(cast, ruled[0])
    with builders.standing_at(2024, 10, 17):
        checks.accept(cast.verifier, nomination_id=ruled[0], expected_version=builders.version_of(ruled[0]))
        with pytest.raises(IllegalMove) as refused:
            checks.accept(cast.verifier, nomination_id=ruled[0], expected_version=builders.version_of(ruled[0]))
    (told,) = readiness(cast.verifier, ruled[:1], now=clock.now(), today=clock.today())
    assert told.forbids == (refused.value.message,) == ("Usulan berstatus “Memenuhi syarat” tidak dapat diterima.",)


def test_who_sees_no_nomination_reads_no_open_points(cast, ruled):
    assert readiness(cast.outsider, ruled, now=clock.now(), today=clock.today()) == ()


def test_earlier_verdicts_stay_readable_after_a_return(cast, queue):
    id_ = queue[0]
    checks.record_item(cast.verifier, nomination_id=id_, requirement="proposal", verdict="absent", note="Halaman 3 hilang.")
    returned(cast, id_)
    builders.attach(cast.unit_admin, id_, filename="lengkap.pdf", content=builders.PDF + b"baru")
    view = nomination(cast.verifier, id_, now=clock.now(), today=clock.today())
    (proposal,) = [each for each in requirements(view) if each.code == "proposal"]
    assert (proposal.verdict, [(item.verdict, item.note, item.by_name) for _, item in proposal.past]) == (
        "",
        [("absent", "Halaman 3 hilang.", "Yusuf Verifikator")],
    )


def test_a_fact_says_when_its_register_was_last_loaded(cast):
    unit = cast.unit_id
    with builders.standing_at(2024, 10, 1):
        id_ = builders.employee(unit, "Budi Santoso")
        people.record_attendance(cast.bkpsdm, records=[people.AttendanceRecord(id_, 2024, 1, 9800)])
        loaded_at = clock.now()
    told = last_loaded(["age", "attendance", "predicate", "unit_quota"])
    assert told == {
        "age": Loaded(loaded_at, SYSTEM.username, "Baris perintah"),
        "attendance": Loaded(loaded_at, "Rina Admin", "Panel"),
        "predicate": None,
    }
    assert last_loaded([]) == {}
