"""The same file in another nomination of the own unit is pointed out, and nothing is told of other units."""

from sipetruk.models import Nomination
from sipetruk.queries.evidence import evidence
from sipetruk.queries.nominations import nomination
from sipetruk.services import clock, nominations
from tests.services import builders
from tests.services.builders import PDF, attach


def hints(actor, nomination_id):
    with builders.during_nomination():
        view = nomination(actor, nomination_id, now=clock.now(), today=clock.today())
    return [(file.requirement, file.also_for, file.also_in) for file in view.evidence]


def test_the_same_bytes_in_another_nomination_of_the_unit_are_pointed_out(cast):
    round_ = builders.open_round(cast)
    first, second = builders.drafted(cast, round_, "Budi Santoso"), builders.drafted(cast, round_, "Wati Lestari")
    with builders.during_nomination():
        attach(cast.unit_admin, first)
        assert hints(cast.unit_admin, first) == [("proposal", (), ())]
        attach(cast.unit_admin, second, filename="nama-lain.pdf")
        attach(cast.unit_admin, second, content=PDF + b"sendiri")
    numbers = [Nomination.get_by_id(id_).number for id_ in (first, second)]
    for reader in (cast.unit_admin, cast.unit_head, cast.verifier):
        assert hints(reader, first) == [("proposal", (), (numbers[1],))]
        assert hints(reader, second) == [("proposal", (), (numbers[0],)), ("proposal", (), ())]


def test_nothing_is_told_of_the_files_of_another_unit(cast):
    round_ = builders.open_round(cast)
    own = builders.drafted(cast, round_)
    theirs = builders.employee(cast.other_unit_id, "Orang Lain")
    with builders.during_nomination():
        attach(cast.unit_admin, own)
        attach(cast.outsider, nominations.draft(cast.outsider, category_id=round_.category_id, employee_id=theirs))
    for reader in (cast.unit_admin, cast.verifier, cast.bkpsdm):
        assert hints(reader, own) == [("proposal", (), ())]


def test_the_files_of_a_nomination_cost_the_same_for_one_and_for_more(cast, db):
    id_ = builders.drafted(cast, builders.open_round(cast))
    costs = []
    for content in (PDF + b"satu", PDF + b"dua"):
        with builders.during_nomination():
            attach(cast.unit_admin, id_, content=content)
        found = Nomination.get_by_id(id_)
        with builders.counted(db) as sent:
            files = evidence(cast.unit_admin, found)
        costs.append((len(files), len(sent)))
    assert costs == [(1, 2), (2, 2)]
