"""Two people of the administration at once: one of them is refused, and nothing is left between two units."""

import threading
from datetime import date

import pytest

from sipetruk.errors import Conflict, Invalid, NotFound
from sipetruk.models import Category, Nomination, PanelMember, Period, Setting, Signatory, StageWindow
from sipetruk.models.base import database
from sipetruk.rules.signatories import Person, SignatoryStatus, SignedDocument
from sipetruk.rules.unit_history import Basis
from sipetruk.rules.workflow import PeriodMove
from sipetruk.services import nominations, periods, settings, signatories, units
from tests.services import builders

BOTH = 2


def at_once(act):
    """What two threads got, each with a connection of its own, let go at the same moment."""
    gate, got = threading.Barrier(BOTH), []

    def run(number):
        with database.connection_context():
            gate.wait()
            try:
                act(number)
                got.append("done")
            except (Conflict, Invalid, NotFound):
                got.append("refused")

    threads = [threading.Thread(target=run, args=(number,)) for number in range(BOTH)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(got)


@pytest.mark.parametrize("attempt", range(3))
def test_terms_never_overlap(cast, attempt):
    def name(number):
        person = Person(f"Orang {number}", "Kepala", SignatoryStatus.DEFINITIVE)
        first = date(2026, 1, 1 + number)
        signatories.add(cast.bkpsdm, documents=[SignedDocument.DECREE], person=person, valid_from=first)

    assert at_once(name) == ["done", "refused"]
    assert Signatory.select().count() == 1


def test_a_setting_is_changed_by_one_of_two(cast):
    def change(number):
        settings.change(cast.bkpsdm, key="nomination_years", value=str(number + 6), expected_version=0)

    assert at_once(change) == ["done", "refused"]
    assert Setting.get().row_version == 1


@pytest.mark.parametrize("attempt", range(3))
def test_no_nomination_stays_behind_in_a_unit_that_is_merged(cast, attempt):
    round_ = builders.open_round(cast)
    employee_id = builders.employee(cast.unit_id, "Budi Santoso")

    def act(number):
        with builders.during_nomination():
            if number:
                nominations.draft(cast.unit_admin, category_id=round_.category_id, employee_id=employee_id)
            else:
                basis = Basis(date(2024, 10, 1), "Perda 5")
                units.merge(cast.bkpsdm, unit_id=cast.unit_id, into_id=cast.other_unit_id, basis=basis, expected_version=1)

    assert at_once(act) in (["done", "done"], ["done", "refused"])
    assert {row.work_unit_id for row in Nomination.select()} <= {cast.other_unit_id}


@pytest.mark.parametrize("attempt", range(3))
def test_a_period_is_opened_or_removed_and_never_both(cast, attempt):
    round_ = builders.prepared_round(cast)
    version = Period.get().row_version

    def act(number):
        if number:
            periods.remove(cast.bkpsdm, period_id=round_.period_id, expected_version=version)
        else:
            with builders.standing_at(2024, 10, 1):
                periods.move(cast.bkpsdm, period_id=round_.period_id, move=PeriodMove.OPEN, expected_version=version)

    assert at_once(act) == ["done", "refused"]
    left = [row.state for row in Period.select()]
    assert left in ([], ["open"])
    assert (Category.select().count(), PanelMember.select().count()) == ((1, 2) if left else (0, 0))


@pytest.mark.parametrize("attempt", range(3))
def test_a_period_is_removed_or_added_to_and_nothing_is_left_between(cast, attempt):
    """Whoever removes it has not read of the new category: it goes before that comes, or stays with it."""
    round_ = builders.prepared_round(cast)
    version = Period.get().row_version

    def act(number):
        if number:
            periods.remove(cast.bkpsdm, period_id=round_.period_id, expected_version=version)
        else:
            periods.set_panel(cast.bkpsdm, category_id=round_.category_id, user_ids=[cast.assessor3.user_id])
            periods.add_category(
                cast.bkpsdm, period_id=round_.period_id, name="Guru", slug="guru", instrument_version_id=round_.version_id, winners=1
            )

    assert at_once(act) == ["done", "refused"]
    left = [table.select().count() for table in (Period, StageWindow, Category, PanelMember)]
    assert left in ([0, 0, 0, 0], [1, len(builders.WINDOWS), 2, 1])
