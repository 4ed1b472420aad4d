"""Two requests in the very same moment: what a rule could not see yet, the database refuses, and the caller is told so."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from sipetruk.models import Announcement, AuditEntry

ONE = "{ announcement { slug } userErrors { path code } }"


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)  # SQLite has one writer
def test_of_two_that_take_the_same_address_at_once_one_is_refused(person, cast, monkeypatch):
    both_looked, create = Barrier(2, timeout=20), Announcement.create

    def late(**values):
        both_looked.wait()
        return create(**values)

    monkeypatch.setattr(Announcement, "create", late)
    people = [person(cast.bkpsdm), person(cast.bkpsdm)]
    given = {"slug": "satu", "title": "Satu", "body": "Isi."}
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda who: who.act("announcementCreate", given, ONE), people))
    assert sorted([error["code"] for error in each["userErrors"]] for each in answers) == [[], ["CONFLICT"]]
    assert (Announcement.select().count(), AuditEntry.select().where(AuditEntry.thing == "announcement").count()) == (1, 1)
