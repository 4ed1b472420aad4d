"""A key against doing a thing twice: what it answers once the thing is gone, and that it belongs to one act."""

import ast
from pathlib import Path

import pytest

import sipetruk
from sipetruk.errors import NotFound
from sipetruk.models import AuditEntry, Instrument, InstrumentVersion, Period
from sipetruk.queries import periods as read
from sipetruk.services import instruments, nominations, periods
from tests.services import builders

PUTARAN = {"name": "Putaran", "year": 2024, "slug": "putaran", "idempotency_key": "kunci"}


def test_the_key_of_what_was_removed_makes_nothing_again_and_names_nothing_else(cast):
    first = periods.create(cast.bkpsdm, **PUTARAN)
    periods.remove(cast.bkpsdm, period_id=first, expected_version=1)
    other = periods.create(cast.bkpsdm, name="Lain", year=2024, slug="lain")
    entries = AuditEntry.select().count()
    assert periods.create(cast.bkpsdm, **PUTARAN) == first != other
    with pytest.raises(NotFound):
        read.period(cast.bkpsdm, first)
    assert ([row.name for row in Period.select()], AuditEntry.select().count()) == (["Lain"], entries)


def test_what_is_asked_for_with_another_key_is_made_again(cast):
    first = periods.create(cast.bkpsdm, **PUTARAN)
    periods.remove(cast.bkpsdm, period_id=first, expected_version=1)
    again = periods.create(cast.bkpsdm, **PUTARAN | {"idempotency_key": "lain"})
    assert (again > first, [row.id for row in Period.select()]) == (True, [again])


def test_a_key_belongs_to_one_act(cast):
    """A program may send one key with each step of what is one piece of work to it."""
    round_ = builders.prepared_round(cast)
    values = {"name": "Guru", "slug": "guru", "instrument_version_id": round_.version_id, "winners": 1}
    category = periods.add_category(cast.bkpsdm, period_id=round_.period_id, **values, idempotency_key="kunci")
    assert periods.create(cast.bkpsdm, **PUTARAN) == Period.get(slug="putaran").id
    assert read.category(cast.bkpsdm, category)[1].name == "Guru"
    version = instruments.create(cast.bkpsdm, code="k", name="K", idempotency_key="kunci")
    family = InstrumentVersion.get_by_id(round_.version_id).instrument_id
    draft = instruments.start_draft(cast.bkpsdm, instrument_id=family, idempotency_key="kunci")
    assert InstrumentVersion.get_by_id(draft).instrument_id == family != Instrument.get(code="k").id
    assert InstrumentVersion.get_by_id(version).instrument_id == Instrument.get(code="k").id


def test_a_head_who_signs_and_gives_back_with_one_key_does_both(cast):
    id_ = builders.filled(cast, builders.open_round(cast))
    with builders.during_nomination():
        for act, given in ((nominations.endorse, {}), (nominations.send_back, {"note": "Belum."})):
            act(cast.unit_head, nomination_id=id_, expected_version=builders.version_of(id_), idempotency_key="kunci", **given)
    last = AuditEntry.select().order_by(AuditEntry.id.desc()).first()
    assert (last.before, last.after) == ({"state": "endorsed"}, {"state": "draft", "sent_back": "Belum."})


def test_no_two_acts_share_their_keys():
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in (Path(sipetruk.__file__).parent / "services").glob("*.py")]
    calls = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    named = [ast.unparse(call.args[1]) for call in calls if isinstance(call.func, ast.Name) and call.func.id == "once"]
    assert len(named) > 10
    assert sorted(named) == sorted(set(named))
