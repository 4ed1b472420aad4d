"""Stages are laid only where nobody has written: what a test wrote itself would be gone."""

from sipetruk.models import User, WorkUnit
from sipetruk.models.base import database
from tests import kept


def test_the_first_statement_that_changes_the_database_is_noticed(db, cast):
    place = kept._stages.present
    assert User.select().count() > 0
    with database.atomic():
        User.get_by_id(cast.bkpsdm.user_id)
    assert place.state == ()
    WorkUnit.update(name="Dinas Lain").where(WorkUnit.id == cast.unit_id).execute()
    assert place.state is None
