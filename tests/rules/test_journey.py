"""Which entries of the trail are steps that a unit is told of."""

import pytest

from sipetruk.rules.journey import ACTIONS, STEP_LABELS, Step, step_of
from sipetruk.rules.permissions import RECORDED_LABELS


@pytest.mark.parametrize(
    ("action", "before", "after", "step"),
    [
        ("nomination:draft", None, {"number": "2024-0001"}, Step.DRAFTED),
        ("nomination:draft", {}, {"judul": "Baru"}, None),
        ("nomination:draft", {"number": "1"}, {"number": "2"}, None),
        ("nomination:hand_over", None, {"content_sha256": "a"}, Step.HANDED_OVER),
        ("nomination:endorse", {"state": "draft"}, {"state": "endorsed"}, Step.ENDORSED),
        ("nomination:endorse", {"state": "endorsed"}, {"state": "draft", "sent_back": "Lengkapi."}, Step.SENT_BACK),
        ("nomination:submit", {"state": "endorsed"}, {"state": "submitted"}, Step.SUBMITTED),
        ("nomination:submit", {"state": "returned"}, {"state": "submitted"}, Step.RESUBMITTED),
        ("nomination:check", None, {"requirement": "ktp", "verdict": "absent"}, None),
        ("nomination:check", {"state": "submitted"}, {"state": "returned"}, Step.RETURNED),
        ("nomination:check", {"state": "submitted"}, {"state": "verified"}, Step.VERIFIED),
        ("nomination:check", {"state": "submitted"}, {"state": "rejected"}, Step.REJECTED),
        ("nomination:reply", {"": ""}, {"": "Sudah."}, Step.REPLIED),
        ("nomination:withdraw", {"state": "draft"}, {"state": "withdrawn"}, Step.WITHDRAWN),
        ("nomination:assess", {"state": "verified"}, {"state": "assessed"}, Step.ASSESSED),
        ("mark:record", None, None, None),
    ],
)
def test_an_entry_is_a_step_or_none(action, before, after, step):
    assert step_of(action, before, after) is step


def test_every_step_has_its_words_and_every_action_is_one_that_is_recorded():
    assert list(STEP_LABELS) == list(Step)
    assert set(ACTIONS) - RECORDED_LABELS.keys() == set()
