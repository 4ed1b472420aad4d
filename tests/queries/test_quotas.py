"""What is left of a quota: as many as the service would let the unit begin, and about the reader's own unit only."""

from dataclasses import replace

import pytest

from sipetruk.errors import Invalid
from sipetruk.models import Category, Nomination
from sipetruk.queries import quotas
from sipetruk.rules.permissions import Action, Grant, Role
from sipetruk.rules.workflow import NominationState
from tests.services import builders


def test_what_is_left_is_what_may_still_be_begun(cast):
    round_ = builders.open_round(cast, quota_per_unit=2)
    asked = {round_.category_id: 2}
    for name, before in (("Budi Santoso", 2), ("Wati Lestari", 1)):
        assert quotas.left(cast.unit_admin, asked) == {round_.category_id: before}
        builders.drafted(cast, round_, name)
    assert quotas.left(cast.unit_admin, asked) == {round_.category_id: 0}
    with pytest.raises(Invalid, match="Kuota unit kerja pada kategori ini 2 usulan"):
        builders.drafted(cast, round_, "Udin Hasan")
    assert quotas.left(cast.outsider, asked) == {round_.category_id: 2}


@pytest.mark.parametrize("state", NominationState)
def test_only_what_was_withdrawn_or_rejected_gives_its_place_back(cast, state):
    round_ = builders.open_round(cast, quota_per_unit=1)
    builders.drafted(cast, round_, "Budi Santoso")
    Nomination.update(state=state).execute()
    is_gone = state in {NominationState.WITHDRAWN, NominationState.REJECTED}
    assert quotas.left(cast.unit_admin, {round_.category_id: 1}) == {round_.category_id: int(is_gone)}
    if is_gone:
        builders.drafted(cast, round_, "Wati Lestari")
    else:
        with pytest.raises(Invalid):
            builders.drafted(cast, round_, "Wati Lestari")


def test_a_quota_that_was_lowered_leaves_nothing_rather_than_less(cast):
    round_ = builders.open_round(cast, quota_per_unit=2)
    for name in ("Budi Santoso", "Wati Lestari"):
        builders.drafted(cast, round_, name)
    assert quotas.left(cast.unit_admin, {round_.category_id: 1}) == {round_.category_id: 0}


def test_nothing_is_said_without_a_quota_or_without_one_unit_of_the_own(cast, db):
    round_ = builders.open_round(cast, quota_per_unit=2)
    asked = {round_.category_id: 2}
    of_two = replace(cast.unit_admin, grants=(*cast.unit_admin.grants, Grant(Role.OPD_HEAD, cast.other_unit_id)))
    narrow = replace(cast.unit_admin, limited_to=frozenset({Action.PERIOD_READ}))
    with builders.counted(db) as sent:
        for actor in (cast.bkpsdm, cast.verifier, cast.assessor, cast.viewer, of_two, narrow):
            assert quotas.left(actor, asked) == {}
        assert quotas.left(cast.unit_admin, {round_.category_id: None}) == quotas.left(cast.unit_admin, {}) == {}
    assert sent == []
    twice = replace(cast.unit_admin, grants=(*cast.unit_admin.grants, Grant(Role.OPD_HEAD, cast.unit_id), Grant(Role.BKPSDM_ADMIN)))
    assert quotas.left(twice, asked) == asked


def test_all_categories_are_counted_with_one_statement(cast, db):
    round_ = builders.open_round(cast, quota_per_unit=2)
    builders.drafted(cast, round_, "Budi Santoso")
    first = Category.get_by_id(round_.category_id)
    second = Category.create(**{**first.__data__, "id": None, "slug": "kedua", "name": "Kedua", "position": 2})
    with builders.counted(db) as sent:
        found = quotas.left(cast.unit_admin, {first.id: 2, second.id: 3})
    assert (found, len(sent)) == ({first.id: 1, second.id: 3}, 1)


def test_a_nomination_does_not_stand_in_its_own_way(cast):
    round_ = builders.open_round(cast, quota_per_unit=1)
    id_ = builders.drafted(cast, round_, "Budi Santoso")
    key = (round_.category_id, cast.unit_id)
    assert (quotas.taken([key[0]], [key[1]])[key], quotas.taken([key[0]], [key[1]], but=id_)[key]) == (1, 0)
