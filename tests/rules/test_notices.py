"""Every notice has its words, is filled with nothing about a person, and says so when it is unknown."""

import pytest

from sipetruk.rules.notices import OVERTAKES, PARAMS, TOLD_OF_MOVE, TOLD_OF_STAGE, WORDINGS, Notice, params_of, text_of
from sipetruk.rules.workflow import PeriodState, Stage


def test_every_kind_has_its_words():
    assert list(WORDINGS) == list(Notice)
    assert [kind for kind, wording in WORDINGS.items() if not wording.text.endswith(".") or not wording.told] == []


@pytest.mark.parametrize("notice", Notice)
def test_nothing_about_a_person_is_kept_with_a_notice(notice):
    assert params_of(notice) - PARAMS == frozenset()


def test_a_notice_reads_as_a_sentence():
    params = {"number": "2024-0007", "day": "18 Oktober 2024"}
    words = "Usulan 2024-0007 dikembalikan untuk diperbaiki sampai 18 Oktober 2024 pukul 23.59 WITA."
    assert text_of("nomination_returned", params) == words


def test_what_another_version_wrote_is_still_shown():
    assert text_of("from_the_future", {}) == "Pemberitahuan ini dibuat oleh versi lain aplikasi."
    assert text_of("nomination_submitted", {}) == "Usulan … diajukan dan menunggu verifikasi."
    assert text_of("nomination_submitted", {"number": "%(day)s"}) == "Usulan %(day)s diajukan dan menunggu verifikasi."


def test_only_the_same_thing_is_overtaken():
    kinds = {notice.partition("_")[0] for later, earlier in OVERTAKES.items() for notice in (later, *earlier)}
    assert kinds == {"nomination", "panel", "period", "ranking", "assessment", "reminder"}
    assert Notice.NOMINATION_SUBMITTED not in OVERTAKES[Notice.NOMINATION_RESUBMITTED]


def test_every_stage_has_people_and_every_state_that_is_told_of_is_a_state():
    assert list(TOLD_OF_STAGE) == list(Stage)
    assert set(TOLD_OF_MOVE) <= set(PeriodState)
