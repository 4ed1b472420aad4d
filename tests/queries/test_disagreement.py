"""Where assessors differ is told to BKPSDM and auditors, once the sheets are in; the marks themselves after the stage."""

from fractions import Fraction

import pytest

from sipetruk.errors import Forbidden, NotFound
from sipetruk.models import Category, Membership, Sheet
from sipetruk.queries import disagreement
from sipetruk.queries.disagreement import GivenMark
from sipetruk.queries.users import actor_of
from sipetruk.rules.workflow import PeriodMove
from tests.services import builders
from tests.services.builders import FULL_MARKS


def marks(**values):
    return FULL_MARKS | {code: {"state": "scored", "value": value, "note": "Catatan panjang."} for code, value in values.items()}


def told(found):
    return [(row.name, row.criterion, row.size, row.share, row.assessors) for row in found.rows]


def test_a_difference_names_nominee_criterion_and_size(cast):
    round_, (budi, wati) = builders.assessing(cast, "Budi Santoso", "Wati Lestari")
    builders.assess(cast.assessor, budi, marks(gagasan="40", dampak="20"))
    builders.assess(cast.assessor2, budi, marks(gagasan="27.5", dampak="0"))
    builders.assess(cast.assessor, wati, marks(gagasan="40"))
    builders.assess(cast.assessor2, wati, marks(gagasan="28"))
    for reader in (cast.bkpsdm, cast.viewer):
        found = disagreement.disagreements(reader, round_.category_id)
        assert told(found) == [
            ("Budi Santoso", "dampak", Fraction(20), Fraction(10_000), 2),
            ("Budi Santoso", "gagasan", Fraction("12.5"), Fraction(3_125), 2),
        ]
        assert (found.compared, found.nominees, found.limit, found.is_closed) == (2, 1, 3_000, False)
        assert [row.marks for row in found.rows] == [(), ()]


def test_the_limit_of_the_category_decides(cast):
    round_, (budi,) = builders.assessing(cast, "Budi Santoso")
    builders.assess(cast.assessor, budi, marks(gagasan="40"))
    builders.assess(cast.assessor2, budi, marks(gagasan="30"))
    for limit, names in ((2_500, []), (2_499, ["gagasan"])):
        Category.update(spread_limit=limit).execute()
        assert [row.criterion for row in disagreement.disagreements(cast.bkpsdm, round_.category_id).rows] == names


def test_nothing_is_told_before_two_sheets_are_in(cast):
    round_, (budi,) = builders.assessing(cast, "Budi Santoso")
    builders.assess(cast.assessor, budi, marks(gagasan="40"))
    builders.assessment.save_marks(cast.assessor2, nomination_id=budi, marks=marks(gagasan="0"), expected_version=1)
    found = disagreement.disagreements(cast.bkpsdm, round_.category_id)
    assert (found.rows, found.compared) == ((), 0)


def test_abstaining_differs_from_nobody_and_a_left_sheet_says_nothing(cast):
    round_, (budi,) = builders.assessing(cast, "Budi Santoso", panel=[cast.assessor, cast.assessor2, cast.assessor3])
    builders.assess(cast.assessor, budi, marks(gagasan="40"))
    builders.assess(cast.assessor2, budi, marks() | {"gagasan": {"state": "abstained", "note": "Ragu."}})
    builders.assessment.save_marks(cast.assessor3, nomination_id=budi, marks=marks(gagasan="0"), expected_version=1)
    builders.assessment.recuse(cast.assessor3, nomination_id=budi, reason="Saudara.")
    found = disagreement.disagreements(cast.bkpsdm, round_.category_id)
    assert (found.rows, found.compared) == ((), 1)


def test_the_marks_are_read_after_the_stage(cast):
    round_, (budi,) = builders.assessing(cast, "Budi Santoso")
    builders.assess(cast.assessor, budi, marks(gagasan="40"))
    builders.assess(cast.assessor2, budi, marks(gagasan="0.5"))
    with builders.standing_at(2024, 11, 1):
        builders.move(cast, round_, PeriodMove.START_RANKING)
    (row,) = disagreement.disagreements(cast.viewer, round_.category_id).rows
    assert row.marks == (
        GivenMark("Dewi Penilai", Fraction("0.5"), "Catatan panjang."),
        GivenMark("Siti Penilai", Fraction(40), "Catatan panjang."),
    )


@pytest.mark.parametrize("who", ["assessor", "assessor3", "verifier", "unit_admin", "unit_head", "outsider"])
def test_it_is_for_bkpsdm_and_auditors(cast, who):
    round_, _ = builders.assessing(cast, "Budi Santoso")
    with pytest.raises(Forbidden):
        disagreement.disagreements(getattr(cast, who), round_.category_id)


def test_who_assesses_in_a_category_learns_nothing_there_by_another_role(cast):
    round_, (budi,) = builders.assessing(cast, "Budi Santoso")
    builders.assess(cast.assessor, budi, marks(gagasan="40"))
    builders.assess(cast.assessor2, budi, marks(gagasan="0"))
    Membership.create(user=cast.assessor.user_id, role="bkpsdm_admin")
    both = actor_of(cast.assessor.user_id, 0, "panel")
    with pytest.raises(Forbidden) as refusal:
        disagreement.disagreements(both, round_.category_id)
    assert refusal.value.message == "Anda menilai pada kategori ini; nilai penilai lain terbuka setelah tahap penilaian selesai."
    with builders.standing_at(2024, 11, 1):
        builders.move(cast, round_, PeriodMove.START_RANKING)
    assert len(disagreement.disagreements(both, round_.category_id).rows) == 1


def test_an_unknown_category_is_not_found(cast):
    with pytest.raises(NotFound):
        disagreement.disagreements(cast.bkpsdm, 999)


def test_it_costs_the_same_for_one_and_for_many(cast, db):
    round_, ids = builders.assessing(cast, "Budi Santoso", "Wati Lestari", "Udin Hasan")
    for nomination_id in ids:
        builders.assess(cast.assessor, nomination_id, marks(gagasan="40"))
        builders.assess(cast.assessor2, nomination_id, marks(gagasan="0"))

    def cost():
        disagreement.disagreements(cast.bkpsdm, round_.category_id)
        with builders.counted(db) as sent:
            disagreement.disagreements(cast.bkpsdm, round_.category_id)
        return len(sent)

    many = cost()
    Sheet.delete().where(Sheet.nomination != ids[0]).execute()
    assert cost() == many
