"""Pages by key, of a query and of a list: walking them gives every row once, in order, whatever is asked, on every engine."""

from __future__ import annotations

import base64
import json
import random
from datetime import UTC, date, datetime, timedelta
from itertools import product

import peewee as pw
import pytest

from sipetruk.errors import Invalid
from sipetruk.models.base import Table, UTCDateTimeField
from sipetruk.queries import listing, paging
from sipetruk.queries.conditions import Comparison, Group, Joint, Operator
from sipetruk.queries.listing import Listing, Sort
from sipetruk.queries.paging import Sorted
from tests.services import builders

NAMES = ["Zulkifli", "ahmad", "Éva", "éva", "Ana_1", "Ana%1", "ANA", "Ñu", "a b", "ﬀ", "😀", "\ue000", ""]
COLOURS = ("red", "green", "blue")
NOW = datetime(2026, 1, 1, tzinfo=UTC)


class Row(Table):
    name = pw.CharField()
    score = pw.CharField(null=True)
    day = pw.DateField(null=True)
    at = UTCDateTimeField()
    is_good = pw.BooleanField()
    colour = pw.CharField()
    owner = pw.IntegerField(null=True)

    class Meta:
        table_name = "paging_row"


ID = listing.integer("Nomor.", "id", Row.id)
ROWS = Listing(
    "Row",
    {
        "name": listing.text("Nama.", "name", Row.name),
        "score": listing.decimal("Nilai.", "score", Row.score, is_nullable=True),
        "day": listing.day("Hari.", "day", Row.day, is_nullable=True),
        "at": listing.moment("Saat.", "at", Row.at),
        "is_good": listing.flag("Baik.", "is_good", Row.is_good),
        "colour": listing.choice("Warna.", "colour", COLOURS, Row.colour),
        "owner": listing.reference("Pemilik.", "owner", "Thing", Row.owner, is_nullable=True),
    },
    (Sort(ID),),
)


@pytest.fixture
def rows(db):
    db.create_tables([Row])
    luck = random.Random(1)  # noqa: S311  # the same rows each time are the point
    made = [
        {
            "name": luck.choice(NAMES),
            "score": luck.choice(["9.5", "82.67", "100.00", "82.5", "82.50", None]),
            "day": luck.choice([None, date(2024, 1, 1) + timedelta(luck.randint(0, 4))]),
            "at": NOW + timedelta(milliseconds=luck.randint(-2_000, 2_000)),
            "is_good": luck.random() < 0.5,
            "colour": luck.choice(COLOURS),
            "owner": luck.choice([None, 1, 2]),
        }
        for _ in range(61)
    ]
    Row.insert_many(made).execute()
    return list(Row.select().order_by(Row.id))


def both(rows, **asked):
    """The same page of the query and of the list."""
    page = paging.PageRequest(**asked)
    return ROWS.select(Row.select(), page), ROWS.cut(rows, page)


def ids(page):
    return [row.id for row in page.rows]


ORDERS = [
    (),
    *(((name, is_descending),) for name, is_descending in product(("name", "score", "day", "at", "is_good", "colour"), (False, True))),
    (("day", True), ("name", False), ("score", True)),
]


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: ",".join(f"{'-' if down else ''}{name}" for name, down in order) or "own")
def test_walking_gives_every_row_once_in_the_same_order(rows, order):
    wanted = tuple(Sorted(*each) for each in order)
    whole = ids(ROWS.cut(rows, paging.PageRequest(size=100, order=wanted)))
    assert sorted(whole) == [row.id for row in rows]
    for name, is_descending in order[:1]:
        keys = [ROWS.fields[name].key(row) for id_ in whole for row in rows if row.id == id_]
        given = [key for key in keys if key is not None]
        assert keys == sorted(given, reverse=is_descending) + [None] * (len(keys) - len(given))
    for at in (0, 1):
        forward, page = [], both(rows, size=17, order=wanted)[at]
        forward += ids(page)
        while page.has_next:
            page = both(rows, size=17, order=wanted, after=page.cursors[-1])[at]
            forward += ids(page)
        backward, page = [], both(rows, size=17, order=wanted, is_backward=True)[at]
        backward[:0] = ids(page)
        while page.has_previous:
            page = both(rows, size=17, order=wanted, is_backward=True, before=page.cursors[0])[at]
            backward[:0] = ids(page)
        assert (forward, backward, page.total) == (whole, whole, len(rows))


def met(rows, *conditions):
    """Which rows meet these conditions: the same ones in SQL and in memory."""
    of_query, of_list = both(rows, size=100, where=Group(Joint.AND, conditions))
    assert ids(of_query) == ids(of_list)
    assert of_query.total == of_list.total == len(of_list.rows)
    return of_list.rows


EQ, IN, CONTAINS, GTE, LTE, IS_NULL = (Operator(each) for each in ("eq", "in", "contains", "gte", "lte", "is_null"))
TESTS = [
    Comparison("name", EQ, "éva"),
    Comparison("name", IN, ["ahmad", "Éva"]),
    Comparison("name", IN, []),
    Comparison("name", GTE, "a"),
    Comparison("name", LTE, "Z"),
    Comparison("name", GTE, "\uffff"),
    Comparison("score", EQ, "82.5"),
    Comparison("score", IN, ["100", "9.50"]),
    Comparison("score", GTE, "82.60"),
    Comparison("score", LTE, "82.6"),
    Comparison("score", IS_NULL, True),
    Comparison("day", EQ, date(2024, 1, 2)),
    Comparison("day", GTE, date(2024, 1, 3)),
    Comparison("day", IS_NULL, False),
    Comparison("at", EQ, NOW),
    Comparison("at", IN, [NOW, NOW + timedelta(seconds=1)]),
    Comparison("at", IN, []),
    Comparison("at", GTE, NOW + timedelta(milliseconds=999)),
    Comparison("at", LTE, NOW),
    Comparison("at", LTE, datetime.max.replace(tzinfo=UTC)),
    Comparison("at", IS_NULL, True),
    Comparison("is_good", EQ, True),
    Comparison("colour", IN, ["red", "blue"]),
    Comparison("owner", EQ, 1),
    Comparison("owner", EQ, -1),
    Comparison("owner", IS_NULL, True),
]


def test_every_test_and_its_opposite_share_the_rows_and_sql_agrees(rows):
    for test in TESTS:
        found, others = met(rows, test), met(rows, Group(Joint.NOT, (test,)))
        assert sorted(row.id for row in (*found, *others)) == [row.id for row in rows], test
    for one, other in zip(TESTS, TESTS[1:] + TESTS[:1], strict=True):
        either = met(rows, Group(Joint.OR, (one, Group(Joint.AND, (other, Comparison("is_good", EQ, True))))))
        expected = {row.id for row in met(rows, one)} | {row.id for row in met(rows, other) if row.is_good}
        assert {row.id for row in either} == expected
    assert met(rows, Group(Joint.OR, ())) == ()
    assert len(met(rows, Group(Joint.AND, ()))) == len(rows)


@pytest.mark.parametrize(
    ("part", "names"),
    [
        ("ana", {"Ana_1", "Ana%1", "ANA"}),
        ("ANA_", {"Ana_1"}),
        ("%", {"Ana%1"}),
        ("É", {"Éva"}),
        ("é", {"éva"}),
        ("ñ", set()),
        ("ff", set()),
        ("a B", {"a b"}),
        ("😀", {"😀"}),
        ("'", set()),
        ("\\", set()),
    ],
)
def test_contains_takes_a_to_z_in_either_case_and_nothing_else(rows, part, names):
    assert {row.name for row in met(rows, Comparison("name", CONTAINS, part))} == names


def test_an_empty_part_is_in_every_text(rows):
    assert len(met(rows, Comparison("name", CONTAINS, ""))) == len(rows)


def test_a_row_that_vanishes_moves_nothing(rows):
    order = (Sorted("name", is_descending=True),)
    whole = ids(ROWS.cut(rows, paging.PageRequest(size=100, order=order)))
    page = ROWS.select(Row.select(), paging.PageRequest(size=10, order=order))
    Row.delete().where(Row.id == page.rows[-1].id).execute()
    following = ROWS.select(Row.select(), paging.PageRequest(size=10, order=order, after=page.cursors[-1]))
    assert ids(following) == whole[10:20]


BY_NAME = "Row,,name"
FORGED = [
    "zzz",
    "W10",
    "ñ¾4",
    "e30",
    "W1tdXQ",
    "x" * 9000,
    "bnVsbA",
    paging.encode((), BY_NAME),
    paging.encode((1, "a"), BY_NAME),
    paging.encode(("a", 1, 1), BY_NAME),
    paging.encode(("a", None), BY_NAME),
    paging.encode((None, 1), BY_NAME),
    paging.encode(("a\x00", 1), BY_NAME),
    paging.encode(("a", 2**70), BY_NAME),
    paging.encode((True, 1), BY_NAME),
    *(
        base64.urlsafe_b64encode(json.dumps([BY_NAME, *pairs]).encode()).decode()
        for pairs in (
            [["str", "\ud800"], ["int", "1"]],
            [["str", "a"], ["int", float("inf")]],
            [["str", "a"], ["Decimal", "NaN"]],
            [["datetime", "0001-01-01T00:00:00+14:00"], ["int", "1"]],
            [["datetime", "9999-12-31T23:59:59-14:00"], ["int", "1"]],
        )
    ),
]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_cursor_that_we_did_not_make_is_refused(rows):
    for cursor, place in product(FORGED, ("after", "before")):
        page = paging.PageRequest(order=(Sorted("name"),), **{place: cursor})
        for read in (lambda page: ROWS.select(Row.select(), page), lambda page: ROWS.cut(rows, page)):
            with pytest.raises(Invalid, match="Penanda halaman tidak dikenal"):
                read(page)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_cursor_of_another_order_is_refused_in_words(rows):
    cursor = both(rows, order=(Sorted("name"),))[0].cursors[0]
    for order in ((), (Sorted("name", is_descending=True),), (Sorted("score"),)):
        with pytest.raises(Invalid, match="berasal dari urutan lain"):
            both(rows, order=order, after=cursor)
    other = ROWS.in_order("other", Sort(ID, is_descending=True))
    with pytest.raises(Invalid, match="berasal dari urutan lain"):
        other.cut(rows, paging.PageRequest(after=both(rows)[0].cursors[0]))


@pytest.mark.parametrize("given", [{"first": 0}, {"first": 101}, {"last": -1}, {"first": 1, "last": 1}])
def test_a_page_that_cannot_be(given):
    with pytest.raises(Invalid):
        paging.asked(**given)


def test_a_page_costs_one_statement_and_its_count_another(rows, db):
    with builders.counted(db) as sent:
        page = ROWS.select(Row.select(), paging.PageRequest(size=100, where=TESTS[3], order=(Sorted("day"),)))
        assert [page.total, page.total, len(page.cursors[0]) > 10] == [page.total, page.total, True]
    assert len(sent) == 2
