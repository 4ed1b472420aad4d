"""Pages by key, on a query and on a list: walking them gives every row once, in order."""

import base64
import json
import random
from datetime import UTC, date, datetime, timedelta

import peewee as pw
import pytest

from sipetruk.errors import Invalid
from sipetruk.queries import paging


@pytest.fixture
def rows(tmp_path):
    database = pw.SqliteDatabase(str(tmp_path / "rows.db"))

    class Row(pw.Model):
        score = pw.IntegerField()
        name = pw.CharField()
        day = pw.DateField()

        class Meta:
            pass

    Row._meta.set_database(database)
    database.create_tables([Row])
    luck = random.Random(1)  # noqa: S311  # the same rows each time are the point
    Row.insert_many(
        [
            {"score": luck.randint(0, 5), "name": luck.choice("abc"), "day": date(2024, 1, 1) + timedelta(luck.randint(0, 9))}
            for _ in range(137)
        ]
    ).execute()
    yield Row
    database.close()


def orders(rows):
    return {
        "score": [(rows.score, True), (rows.id, False)],
        "name": [(rows.name, False), (rows.score, True), (rows.id, True)],
        "day": [(rows.day, True), (rows.id, True)],
        "id": [(rows.id, False)],
    }


def expected(rows, columns):
    found = list(rows.select())
    for column, is_descending in reversed(columns):
        found.sort(key=lambda row: getattr(row, column.name), reverse=is_descending)
    return found


@pytest.mark.parametrize("size", [1, 7, 50, 100])
@pytest.mark.parametrize("order", ["score", "name", "day", "id"])
def test_walking_gives_every_row_once(rows, order, size):
    columns = orders(rows)[order]
    whole = expected(rows, columns)
    descending = tuple(is_descending for _, is_descending in columns)

    def of_query(page):
        return paging.select(rows.select(), columns, page)

    def of_list(page):
        return paging.cut(whole, lambda row: tuple(getattr(row, column.name) for column, _ in columns), page, descending=descending)

    for read in (of_query, of_list):
        forward, page = [], read(paging.asked(first=size))
        forward += page.rows
        while page.has_next:
            page = read(paging.asked(first=size, after=page.cursors[-1]))
            forward += page.rows
        assert [row.id for row in forward] == [row.id for row in whole]
        backward, page = [], read(paging.asked(last=size))
        backward[:0] = page.rows
        while page.has_previous:
            page = read(paging.asked(last=size, before=page.cursors[0]))
            backward[:0] = page.rows
        assert [row.id for row in backward] == [row.id for row in whole]
        assert page.total == 137


def test_a_row_that_vanishes_moves_nothing(rows):
    columns = orders(rows)["score"]
    whole = [row.id for row in expected(rows, columns)]
    page = paging.select(rows.select(), columns, paging.asked(first=10))
    rows.delete().where(rows.id == page.rows[-1].id).execute()
    following = paging.select(rows.select(), columns, paging.asked(first=10, after=page.cursors[-1]))
    assert [row.id for row in following.rows] == whole[10:20]


CURSORS = [
    "zzz",
    "W10",
    "ñ¾4",
    "e30",
    "WyI5Il0",
    "W1tdXQ",
    "x" * 2000,
    "bnVsbA",
    "W1siaW50IiwiOTk5OTk5OTk5OTk5OTk5OTk5OTkiXSxbImludCIsIjEiXV0",
]


@pytest.mark.parametrize(
    "cursor", [*CURSORS, paging.encode(("a",)), paging.encode((1,)), paging.encode(("a", "b")), paging.encode(("5", 1))]
)
def test_a_cursor_that_we_did_not_make_is_refused(rows, cursor):
    columns = orders(rows)["score"]
    for read in (
        lambda page: paging.select(rows.select(), columns, page),
        lambda page: paging.cut([(1, 1)], lambda key: key, page),
    ):
        with pytest.raises(Invalid, match="Penanda halaman tidak dikenal"):
            read(paging.asked(after=cursor))


@pytest.mark.parametrize(
    "forged",
    [
        [["datetime", "2026-01-01T00:00:00"]],
        [["datetime", "0001-01-01T00:00:00+14:00"]],
        [["datetime", "9999-12-31T23:59:59-14:00"]],
        [["int", float("inf")]],
    ],
)
def test_a_moment_that_cannot_be_compared_is_refused(forged):
    cursor = base64.urlsafe_b64encode(json.dumps(forged).encode()).decode()
    for wanted in ({"after": cursor}, {"before": cursor, "last": 1}):
        with pytest.raises(Invalid, match="Penanda halaman tidak dikenal"):
            paging.cut([(datetime(2026, 1, 1, tzinfo=UTC),)], lambda key: key, paging.asked(**wanted))


@pytest.mark.parametrize("given", [{"first": 0}, {"first": 101}, {"last": -1}, {"first": 1, "last": 1}])
def test_a_page_that_cannot_be(given):
    with pytest.raises(Invalid):
        paging.asked(**given)


def test_a_page_costs_two_statements(rows, caplog):
    caplog.set_level("DEBUG", "peewee")
    paging.select(rows.select(), orders(rows)["id"], paging.asked(first=100))
    assert len([record for record in caplog.records if record.name == "peewee"]) == 2
