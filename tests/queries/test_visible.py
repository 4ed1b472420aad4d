"""What an assessor reads of a nominee: everything that is to be judged, and nothing any more once the nominee is another's to assess."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from sipetruk.errors import IllegalMove, NotFound
from sipetruk.models import Category, DeclaredRelation, Evidence, Nomination, Sheet
from sipetruk.queries import assessment, nominations, visible
from sipetruk.queries.assessment import Nominee, OwnProgress
from sipetruk.rules import blind
from sipetruk.rules.permissions import Grant, Role
from sipetruk.services import assessment as service
from sipetruk.services import conflicts, evidence, reassessment
from tests.services import builders, objecting

NOW = datetime(2024, 10, 24, tzinfo=UTC)
MARKS = {"gagasan": {"state": "scored", "value": "10", "note": "Seperti pada proposal."}}


@pytest.fixture
def pair(cast):
    """Two nominees under assessment; `assessor` has begun to mark the first."""
    _, ids = builders.assessing(cast, "Budi Santoso", "Wati Lestari")
    with builders.standing_at(2024, 10, 24):
        service.save_marks(cast.assessor, nomination_id=ids[0], marks=MARKS, expected_version=1)
    return ids


def reads(actor, nomination_id):
    """Which ways to a nominee are open: what is on the sheet, the nomination, a list of them, and the evidence."""
    view = assessment.sheet(actor, nomination_id)
    on_sheet = (view.components, view.answers, view.evidence, view.evidence_labels, view.totals.components, view.row.marked, view.row.total)
    file_id = Evidence.get(nomination=nomination_id).id
    return [
        any(on_sheet),
        found(lambda: nominations.nomination(actor, nomination_id, now=NOW, today=date(2024, 10, 24))),
        nomination_id in [row.id for row in visible.nominations(actor)],
        found(lambda: evidence.open_file(actor, file_id)),
    ]


def found(read):
    try:
        read()
    except NotFound:
        return False
    return True


def step_back(cast, nomination_id):
    service.recuse(cast.assessor, nomination_id=nomination_id, reason="Saudara.")


def declare(cast, nomination_id):
    conflicts.declare(cast.assessor, employee_id=builders.employee_of(nomination_id).id, kind="family")


def let_go(cast, nomination_id):
    (sheet_id,) = objecting.sheets(nomination_id, cast.assessor)
    version = Sheet.get_by_id(sheet_id).row_version
    reassessment.replace(cast.bkpsdm, sheet_id=sheet_id, user_id=cast.assessor3.user_id, reason="Berhalangan.", expected_version=version)


@pytest.mark.parametrize(
    ("leave", "state", "reason"),
    [
        (step_back, "recused", "Saudara."),
        (declare, "recused", "Hubungan yang dinyatakan: hubungan keluarga."),
        (let_go, "dropped", "Berhalangan."),
    ],
)
def test_who_no_longer_assesses_a_nominee_reads_the_cover_of_the_sheet_alone(cast, pair, leave, state, reason):
    budi, wati = pair
    assert reads(cast.assessor, budi) == [True] * 4
    with builders.standing_at(2024, 10, 24):
        leave(cast, budi)
    assert reads(cast.assessor, budi) == [False] * 4
    view = assessment.sheet(cast.assessor, budi)
    assert (view.row.nominee, view.row.number) == (Nominee("Budi Santoso", "", "", ""), Nomination.get_by_id(budi).number)
    assert (view.row.state, view.reason, view.row.can_edit, view.row.can_read) == (state, reason, False, False)
    assert (view.progress, view.previous_id, view.next_open_id) == (OwnProgress(0, 1, 0, 3), wati, wati)
    assert (reads(cast.assessor, wati), reads(cast.assessor2, budi)) == ([True] * 4, [True] * 4)


def test_a_nominee_who_is_no_longer_assessed_stands_last_in_the_list(cast, pair):
    budi, wati = pair
    assert [row.nomination_id for row in assessment.sheets(cast.assessor)] == [budi, wati]
    with builders.standing_at(2024, 10, 24):
        step_back(cast, budi)
    rows = assessment.sheets(cast.assessor)
    assert [(row.nomination_id, row.nominee.unit != "", row.marked, row.total, row.can_read) for row in rows] == [
        (wati, True, 0, 3, True),
        (budi, False, 0, 0, False),
    ]


def test_a_sheet_that_was_sent_is_not_read_while_a_relation_is_declared(cast, pair):
    budi, _ = pair
    builders.assess(cast.assessor, budi)
    with builders.standing_at(2024, 10, 24):
        declare(cast, budi)
    view = assessment.sheet(cast.assessor, budi)
    assert (view.row.state, view.row.can_read, reads(cast.assessor, budi)) == ("submitted", False, [False] * 4)
    conflicts.withdraw(cast.assessor, relation_id=DeclaredRelation.get().id)
    assert reads(cast.assessor, budi) == [True] * 4


def test_withdrawing_a_declaration_gives_no_sheet_back_that_was_left(cast, pair):
    budi, _ = pair
    with builders.standing_at(2024, 10, 24):
        declare(cast, budi)
    conflicts.withdraw(cast.assessor, relation_id=DeclaredRelation.get().id)
    assert reads(cast.assessor, budi) == [False] * 4


def test_a_relation_to_another_nominee_or_of_another_assessor_changes_nothing(cast, pair):
    budi, wati = pair
    with builders.standing_at(2024, 10, 24):
        declare(cast, wati)
        conflicts.declare(cast.assessor2, employee_id=builders.employee_of(budi).id, kind="family")
    assert reads(cast.assessor, budi) == [True] * 4


def test_a_sheet_opened_again_under_a_declared_relation_can_only_be_left(cast, pair):
    budi, _ = pair
    builders.assess(cast.assessor, budi)
    with builders.standing_at(2024, 10, 24):
        declare(cast, budi)
        sheet_ids = objecting.sheets(budi, cast.assessor)
        reassessment.reopen(
            cast.bkpsdm, nomination_id=budi, sheet_ids=sheet_ids, reason="Rahasia.", expected_version=builders.version_of(budi)
        )
        view = assessment.sheet(cast.assessor, budi)
        assert (view.row.state, view.row.can_edit, view.reopening, reads(cast.assessor, budi)) == ("open", False, None, [False] * 4)
        version = view.row.row_version
        for act in (
            lambda: service.save_marks(cast.assessor, nomination_id=budi, marks=MARKS, expected_version=version),
            lambda: service.submit_sheet(cast.assessor, nomination_id=budi, expected_version=version),
        ):
            with pytest.raises(IllegalMove) as refusal:
                act()
            assert refusal.value.message == (
                "Anda menyatakan hubungan dengan calon ini, sehingga tidak lagi menilainya. Mengundurkan dirilah dari lembar ini."
            )
        step_back(cast, budi)
    assert Sheet.get_by_id(sheet_ids[0]).state == "recused"


def test_in_a_blind_category_a_declaration_tells_not_which_sent_sheet_it_is_about(cast, pair):
    budi, wati = pair
    Category.update(is_blind=True).execute()
    builders.assess(cast.assessor, budi)
    builders.assess(cast.assessor, wati)
    before = [assessment.sheet(cast.assessor, id_) for id_ in pair]
    with builders.standing_at(2024, 10, 24):
        declare(cast, budi)
    assert [assessment.sheet(cast.assessor, id_) for id_ in pair] == before


def test_who_stepped_back_from_a_code_still_reads_the_code(cast, pair):
    budi, _ = pair
    Category.update(is_blind=True).execute()
    with builders.standing_at(2024, 10, 24):
        step_back(cast, budi)
    view = assessment.sheet(cast.assessor, budi)
    assert (view.row.number, view.row.nominee) == (blind.code(budi), Nominee(blind.called(budi), "", "", ""))
    assert reads(cast.assessor, budi) == [False] * 4


def test_what_another_role_of_the_same_person_reads_is_left_to_that_role(cast, pair):
    budi, _ = pair
    with builders.standing_at(2024, 10, 24):
        step_back(cast, budi)
    both = replace(cast.assessor, grants=(*cast.assessor.grants, Grant(Role.VERIFIER)))
    assert (reads(cast.assessor, budi), reads(both, budi)) == ([False] * 4, [False, True, True, True])


def test_reading_costs_the_same_number_of_statements_for_one_sheet_that_was_left_and_for_many(cast, db):
    _, ids = builders.assessing(cast, "Budi Santoso", "Wati Lestari", "Udin Hasan")
    with builders.standing_at(2024, 10, 24):
        for id_ in ids:
            step_back(cast, id_)

    def costs():
        counts = []
        for read in (lambda: assessment.sheets(cast.assessor), lambda: assessment.sheet(cast.assessor, ids[0])):
            read()
            with builders.counted(db) as sent:
                read()
            counts.append(len(sent))
        return counts

    many = costs()
    Sheet.delete().where(Sheet.nomination != ids[0]).execute()
    assert (many, many[0]) == (costs(), 3)
