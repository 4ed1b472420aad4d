"""Kept public answers come from in front of Flask: the same bytes, in the form asked for, for as long as they hold."""

from __future__ import annotations

import gzip
import sqlite3
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copyfile

import brotli
import peewee as pw
import pytest

from sipetruk.api import front
from sipetruk.api.codings import coding
from sipetruk.api.engine import Engine
from sipetruk.api.front import AnswersInFront
from sipetruk.api.revision import Revision
from sipetruk.models.base import database
from sipetruk.models.changes import Changes
from sipetruk.queries.public import next_change
from sipetruk.rules.announcement_states import Text
from sipetruk.services import announcements, clock, results, settings
from tests.queries.test_public import published
from tests.services.test_schedules import BEFORE, MOMENT, scheduled

GET = "/graphql?query={hello}"
LONG = "/graphql?query={things(first:100){nodes{number}}}"
WINNERS = "/graphql?query={winners{nodes{name}}}"
LATER = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.fixture
def reached(toy):
    """The requests that Flask saw, with the middleware in front of it."""
    seen = []
    inner = toy.wsgi_app

    def flask(environ, start_response):
        seen.append(environ["REQUEST_METHOD"])
        return inner(environ, start_response)

    toy.wsgi_app = AnswersInFront(flask, "/graphql", lambda: toy.state["revision"], lambda _: "a-name-of-its-own")
    return seen


def fixed(answer):
    """An answer without what belongs to one request alone."""
    return answer.status_code, answer.data, sorted(each for each in answer.headers if not each[0].lower().startswith(front.OF_ONE_ANSWER))


def test_the_second_answer_is_the_first_without_flask(http, reached):
    first, second = http.get(GET), http.get(GET)
    assert fixed(first) == fixed(second)
    assert reached == ["GET"]
    assert second.headers["X-Request-Id"] == "a-name-of-its-own" != first.headers["X-Request-Id"]
    assert second.headers["Vary"] == "Accept, Accept-Encoding"
    assert second.headers["Cache-Control"] == "public, max-age=30, must-revalidate"
    assert ("RateLimit-Limit" in first.headers, "RateLimit-Limit" in second.headers) == (True, False)
    assert second.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("accepted", "by", "unpack"),
    [("gzip", "gzip", gzip.decompress), ("gzip, deflate, br", "br", brotli.decompress), ("br;q=0.9, gzip", "gzip", gzip.decompress)],
)
def test_a_packed_answer_is_the_same_with_a_tag_of_its_own(http, reached, accepted, by, unpack):
    plain, packed = http.get(LONG), http.get(LONG, headers={"Accept-Encoding": accepted})
    assert (packed.headers["Content-Encoding"], unpack(packed.data)) == (by, plain.data)
    assert packed.headers["Content-Length"] == str(len(packed.data))
    assert packed.headers["ETag"] == plain.headers["ETag"][:-1] + f'-{by}"'
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept, Accept-Encoding"
    assert reached == ["GET"]


def test_a_short_answer_is_not_packed(http, reached):
    for by in ("gzip", "br"):
        answer = http.get(GET, headers={"Accept-Encoding": by})
        assert ("Content-Encoding" in answer.headers, answer.json["data"]) == (False, {"hello": "Halo, dunia"})


@pytest.mark.parametrize("accepted", ["identity", "gzip", "br"])
def test_whoever_has_the_form_already_gets_no_body(http, reached, accepted):
    headers = {"Accept-Encoding": accepted}
    tag = http.get(LONG, headers=headers).headers["ETag"]
    for known in (tag, f'"other", {tag}', f"W/{tag}", "*"):
        answer = http.get(LONG, headers={**headers, "If-None-Match": known})
        assert (answer.status_code, answer.data, answer.headers["ETag"]) == (304, b"", tag)
        assert [name for name, _ in answer.headers if name.lower().startswith("content-")] == []
        assert answer.headers["Vary"] == "Accept, Accept-Encoding"
    for known in ('"other"', "other", "", '"'):
        assert http.get(LONG, headers={**headers, "If-None-Match": known}).status_code == 200
    assert reached == ["GET"]


def test_a_304_says_for_how_long_and_to_whom_and_no_more(http, reached):
    tag = http.get(LONG).headers["ETag"]
    for _ in range(2):  # found by its tag, and then ready
        assert sorted(http.get(LONG, headers={"If-None-Match": tag}).headers) == [
            ("Access-Control-Allow-Origin", "*"),
            ("Cache-Control", "public, max-age=30, must-revalidate"),
            ("ETag", tag),
            ("Vary", "Accept, Accept-Encoding"),
        ]


def test_the_form_of_another_coding_is_not_the_one_at_hand(http, reached):
    tag = http.get(LONG).headers["ETag"]
    assert http.get(LONG, headers={"Accept-Encoding": "gzip", "If-None-Match": tag}).status_code == 200


def test_the_first_question_may_be_a_condition(http, reached):
    tag = http.get(GET).headers["ETag"]
    answer = http.get(GET + "&operationName=", headers={"If-None-Match": tag})
    assert (answer.status_code, len(answer.headers["X-Request-Id"])) == (304, 32)
    assert reached == ["GET", "GET"]


def test_head_is_get_without_the_body(http, reached):
    head = http.head(LONG)
    get = http.get(LONG)
    assert (head.status_code, head.data, head.headers["ETag"], head.headers["Content-Length"]) == (
        200,
        b"",
        get.headers["ETag"],
        str(len(get.data)),
    )
    assert reached == ["GET"]
    refused = http.head("/graphql?query={")
    assert (refused.status_code, refused.data, http.get("/graphql?query={").status_code) == (200, b"", 200)


def test_forms_that_the_reader_may_ask_for_are_kept_apart(http, reached):
    kinds = ["application/json", "application/graphql-response+json"]
    for _ in range(2):
        assert [http.get(GET, headers={"Accept": kind}).mimetype for kind in kinds] == kinds
    assert http.get(GET, headers={"Accept": "image/png"}).status_code == 406
    assert len(reached) == 3


@pytest.mark.parametrize(
    "address", ["/graphql?query={broken}", "/graphql?query={nothing}", "/graphql?query={", "/graphql?x=" + "y" * 9_000, "/graphql"]
)
def test_what_is_no_whole_answer_is_asked_of_flask_each_time(http, reached, address):
    answers = [http.get(address, headers={"Accept-Encoding": "gzip"}) for _ in range(2)]
    assert len(reached) == 2
    assert [("ETag" in answer.headers, answer.headers["Cache-Control"]) for answer in answers] == [(False, "no-store")] * 2


def test_posts_and_other_addresses_go_to_flask(http, reached):
    for _ in range(2):
        http.post("/graphql", json={"query": "{ hello }"})
        http.get("/graphql/staff?query={hello}")
    assert reached == ["POST", "GET", "POST", "GET"]


def test_what_a_proxy_says_of_the_scheme_is_kept_apart(http, reached):
    for _ in range(2):
        for told in ("https", "http"):
            http.get(GET, headers={"X-Forwarded-Proto": told})
        http.get(GET, base_url="https://localhost")
    assert len(reached) == 3


def test_a_question_in_the_very_same_words_lies_ready_and_all_others_get_the_same(toy, http, reached):
    tag = http.get(LONG, headers={"Accept-Encoding": "gzip"}).headers["ETag"]
    asked = [
        {},
        {"Accept-Encoding": "gzip"},
        {"Accept-Encoding": "gzip" + " " * 300},
        {"Accept-Encoding": "gzip", "If-None-Match": tag},
        {"Accept-Encoding": "gzip", "If-None-Match": f"W/{tag}"},
    ]
    for ask in (http.get, http.head):
        first, second = [[fixed(ask(LONG, headers=each)) for each in asked] for _ in range(2)]
        assert first == second
        assert first[1] == first[2]
        assert first[3] == first[4]
    assert [(question[4:], len(ready.body)) for question, ready in toy.wsgi_app.shelf.ready.items()] == [
        (("GET", "gzip", ""), 1),
        (("GET", "", ""), 1),
        (("GET", "gzip", tag), 0),
        (("HEAD", "", ""), 0),
        (("HEAD", "gzip", ""), 0),
        (("HEAD", "gzip", tag), 0),
    ]
    assert len(reached) == 1


def test_what_lies_ready_is_of_one_revision(toy, http, reached):
    old = [http.get(GET).headers["ETag"] for _ in range(2)]
    toy.state["revision"] = "2"
    new = [http.get(GET).headers["ETag"] for _ in range(2)]
    toy.state["revision"] = "1"
    assert ([*old, http.get(GET).headers["ETag"]], new, len(set(old + new))) == ([old[0]] * 3, [new[0]] * 2, 2)
    assert [len(kept) for kept in (toy.wsgi_app.shelf.ready, toy.wsgi_app.shelf._asked)] == [1, 1]


def test_another_revision_is_another_answer(toy, http, reached):
    old = http.get(GET).headers["ETag"]
    toy.state["revision"] = "2"
    assert http.get(GET, headers={"If-None-Match": old}).status_code == 200
    assert reached == ["GET", "GET"]


def test_an_answer_made_while_the_revision_moved_is_not_kept(toy, http, reached, monkeypatch):
    run = Engine.run

    def moving(*args):
        toy.state["revision"] += "+"
        return run(*args)

    monkeypatch.setattr(Engine, "run", moving)
    http.get(GET)
    http.get(GET)
    assert reached == ["GET", "GET"]


def test_without_a_revision_flask_answers(toy, http, reached):
    toy.wsgi_app.revision = lambda: None
    assert [http.get(GET).status_code for _ in range(2)] == [200, 200]
    assert reached == ["GET", "GET"]


def test_what_is_kept_has_bounds(toy, http, reached, monkeypatch):
    monkeypatch.setattr(front, "MOST_SPELLINGS", 2)
    for number in (1, 2, 3, 3):
        http.get(f"{GET}&x={number}")
    assert (len(reached), len(toy.wsgi_app.shelf._asked), len(toy.wsgi_app.shelf.ready)) == (3, 1, 1)
    for accepted in ("a", "b", "c"):
        http.get(f"{GET}&x=3", headers={"Accept-Encoding": accepted})
        assert len(toy.wsgi_app.shelf.ready) <= 2
    for _ in range(2):
        http.get(GET, headers={"Accept": "*/*" + ",a/b" * 2_000})
    assert (len(reached), len(toy.wsgi_app.shelf._asked)) == (5, 1)
    monkeypatch.setattr(front, "MOST_BYTES", 200)
    http.get("/graphql?query={thing{number}}")
    http.get("/graphql?query={feast{number}}")
    assert toy.wsgi_app.shelf._bytes <= 200
    monkeypatch.setattr(front, "LARGEST_KEPT", 10)
    for _ in range(2):
        http.get("/graphql?query={cookies}")
    assert len(reached) == 9


@pytest.mark.parametrize(
    ("accepted", "by"),
    [
        ("gzip", "gzip"),
        ("GZIP;q=0.5", "gzip"),
        ("br", "br"),
        ("br, gzip", "br"),
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0.5, gzip;q=0.8", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("*", "br"),
        ("*, br;q=0", "gzip"),
        ("", ""),
        ("identity", ""),
        ("gzip;q=0", ""),
        ("*;q=1, gzip;q=0, br;q=0", ""),
        ("identity, gzip;q=0.2", ""),
        ("identity, gzip;q=0.2, br", "br"),
        ("gzip;q=a", ""),
        ("x;y;z,,;=", ""),
    ],
)
def test_which_coding_is_taken(accepted, by):
    assert coding(accepted) == by


# With the real publications, on both databases -----------------------------------------------------------------------


def names(client):
    answer = client.get(WINNERS)
    assert answer.status_code == 200
    return [each["name"] for each in answer.json["data"]["winners"]["nodes"]]


def test_a_sealed_publication_appears_at_the_very_second(client, cast):
    scheduled(cast)
    found = []
    for moment in (BEFORE, BEFORE, MOMENT, BEFORE, MOMENT + timedelta(days=3)):
        with clock.standing_at(moment):
            found.append(names(client))
    winners = ["Siti Aminah", "Budi Santoso"]
    assert found == [[], [], winners, [], winners]


def test_what_lies_ready_at_the_present_is_not_said_at_another_moment(client, cast):
    scheduled(cast)
    assert names(client) == names(client)
    found = []
    for moment in (BEFORE, MOMENT):  # at the present, whenever that is, it is what it is at one of them
        with clock.standing_at(moment):
            found.append(len(names(client)))
    assert found == [0, 2]


def test_an_announcement_appears_and_ends_at_the_very_second(client, cast):
    start, end = LATER + timedelta(hours=1), LATER + timedelta(hours=2)
    with clock.standing_at(LATER):
        number = announcements.create(cast.bkpsdm, slug="jadwal", text=Text("Jadwal", "Isi."))
        announcements.publish(cast.bkpsdm, announcement_id=number, expected_version=1, publish_at=start, ends_at=end)
    found = []
    second = timedelta(seconds=1)
    for moment in (start - second, start, end - second, end):
        with clock.standing_at(moment):
            found.append(client.get("/graphql?query={announcements{totalCount}}").json["data"]["announcements"]["totalCount"])
    assert found == [0, 1, 1, 0]


def test_a_day_begins_at_midnight_in_wita(client, cast):
    published(cast)
    asked = "/graphql?query={periods{nodes{stages{stage isOpen}}}}"

    def is_open(moment):
        with clock.standing_at(moment):
            stages = client.get(asked).json["data"]["periods"]["nodes"][0]["stages"]
            return next(each["isOpen"] for each in stages if each["stage"] == "NOMINATION")

    last = datetime.combine(_closes_on(client), datetime.min.time(), UTC) + timedelta(hours=16)
    assert [is_open(last - timedelta(seconds=1)), is_open(last)] == [True, False]


def _closes_on(client):
    with clock.standing_at(LATER):
        answer = client.get("/graphql?query={periods{nodes{stages{stage closesOn}}}}")
    stages = answer.json["data"]["periods"]["nodes"][0]["stages"]
    return datetime.fromisoformat(next(each["closesOn"] for each in stages if each["stage"] == "NOMINATION")).date()


def test_what_is_withdrawn_is_gone_with_the_next_request(client, cast):
    _, _, publication_id = published(cast)
    assert names(client) == names(client) == ["Siti Aminah"]
    results.unpublish(cast.bkpsdm, publication_id=publication_id, note="Keliru.")
    assert names(client) == []


def test_a_setting_is_seen_with_the_next_request(client, cast):
    def phone():
        return client.get("/graphql?query={contact{phone}}").json["data"]["contact"]["phone"]

    before = phone()
    settings.change(cast.bkpsdm, key="help_phone", value="052612345", expected_version=0)
    assert (before != "052612345", phone()) == (True, "052612345")


def test_a_kept_answer_asks_the_database_for_nothing_but_whether_it_changed(client, cast, db, monkeypatch):
    published(cast)
    names(client)
    asked = []
    execute = type(db).execute_sql
    monkeypatch.setattr(type(db), "execute_sql", lambda self, sql, *more: asked.append(sql) or execute(self, sql, *more))
    assert names(client) == ["Siti Aminah"]
    assert [sql for sql in asked if "pg_current_snapshot" not in sql] == []


def test_the_stamp_moves_with_every_commit_and_with_nothing_else(db, cast):
    changes = Changes()
    before = changes.stamp()
    assert changes.stamp() == before
    database.execute_sql("UPDATE work_unit SET name = name")
    assert changes.stamp() != before
    changes.close()


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_glance_shows_the_commit_of_anybody(db, cast, monkeypatch):
    changes, writer = Changes(look_every=1_000), sqlite3.connect(database.database, isolation_level=None)
    stamp = changes.stamp()
    glance = changes.glance(stamp)
    assert glance.holds()
    assert not glance._replace(until=time.monotonic()).holds()
    writer.execute("UPDATE work_unit SET name = name")
    assert not glance.holds()
    assert not changes.glance(stamp).holds()
    glance = changes.glance(changes.stamp())
    assert glance.holds()
    monkeypatch.setattr(database, "obj", pw.SqliteDatabase(database.database))
    assert not glance.holds()
    changes.close()
    assert changes.glance(stamp) is None
    writer.close()


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_postgresql_is_asked_and_not_glanced_at(db, cast):
    changes = Changes()
    assert changes.glance(changes.stamp()) is None


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_glance_lasts_until_the_next_moment_and_not_while_the_clock_stands(db, cast):
    revision = Revision()
    revision._changes = Changes(look_every=1_000_000)
    with clock.standing_at(LATER):
        revision()
    assert revision._glance is None
    revision()
    left = next_change(now=clock.now()) - clock.now()
    assert abs(time.monotonic() + left.total_seconds() - revision._glance[0].until) < 5
    revision._changes.close()


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_every_commit_of_another_process_is_seen_and_a_checkpoint_hides_none(db, cast):
    changes, path = Changes(), database.database
    source = f"""
import sqlite3, sys
opened = sqlite3.connect({path!r}, isolation_level=None)
for line in sys.stdin:
    opened.execute(line)
    print("done", flush=True)
"""
    writes = ["UPDATE work_unit SET name = name", "BEGIN IMMEDIATE", "UPDATE work_unit SET name = name || 'x'", "COMMIT"]
    statements = ["SELECT 1", *writes, *writes, "PRAGMA wal_checkpoint(TRUNCATE)", *writes, "BEGIN", writes[0], "ROLLBACK"]
    asker = sqlite3.connect(path, isolation_level=None)

    def number():
        return asker.execute("PRAGMA data_version").fetchone()

    seen = []
    with subprocess.Popen([sys.executable, "-c", source], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        for statement in statements:
            before = changes.stamp(), number()
            other.stdin.write(statement + "\n")
            other.stdin.flush()
            assert other.stdout.readline() == "done\n"
            seen.append((changes.stamp() != before[0], number() != before[1]))
        other.stdin.close()
    asker.close()
    changes.close()
    assert changes._header is None
    assert [mine for mine, _ in seen] == [sqlites for _, sqlites in seen]
    committed = [True, False, False, True]
    assert [mine for mine, _ in seen] == [False, *committed, *committed, True, *committed, False, False, False]


def test_a_wal_index_is_open_once_and_for_as_long_as_it_is_in_its_place(tmp_path, monkeypatch):
    path = tmp_path / "a.db"
    monkeypatch.setattr(database, "obj", pw.SqliteDatabase(str(path)))
    first = written(path)
    one, other = Changes(look_every=0), Changes()
    assert (one.stamp(), open_indexes(path)) == (other.stamp(), ["a.db-shm"] * 3), (
        "that of SQLite, and ours, which its memory holds as well"
    )
    other.close()
    assert open_indexes(path) == ["a.db-shm"] * 3
    for each in tmp_path.iterdir():
        each.unlink()
    second, before = written(path), one.stamp()
    second.execute("INSERT INTO a VALUES (1)")
    assert (one.stamp() != before, one._header is not None) == (True, True)
    first.close()
    assert open_indexes(path) == ["a.db-shm"] * 3
    one.close()
    second.close()


def written(path):
    opened = sqlite3.connect(path, isolation_level=None)
    for statement in ("PRAGMA journal_mode = wal", "CREATE TABLE a (b)"):
        opened.execute(statement)
    return opened


def open_indexes(path):
    """The WAL index by every descriptor of this process."""
    named = [str(each.readlink()) for each in Path("/proc/self/fd").iterdir() if each.is_symlink()]
    return [Path(name).name for name in named if name.startswith(str(path)) and "-shm" in name]


def test_a_database_without_a_wal_index_is_asked_by_a_statement(tmp_path, monkeypatch):
    monkeypatch.setattr(database, "obj", pw.SqliteDatabase(str(tmp_path / "plain.db")))
    writer = sqlite3.connect(tmp_path / "plain.db", isolation_level=None)
    writer.execute("CREATE TABLE a (b)")
    changes = Changes()
    before = changes.stamp()
    assert (changes.stamp(), changes._header) == (before, None)
    writer.execute("INSERT INTO a VALUES (1)")
    assert changes.stamp() != before
    changes.close()
    writer.close()


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_another_file_in_its_place_is_another_database(db, cast):
    changes, path = Changes(look_every=0), Path(database.database)
    before = changes.stamp()
    copyfile(path, path.with_suffix(".new"))
    path.with_suffix(".new").rename(path)
    assert changes.stamp() != before
    changes.close()


def test_a_database_that_cannot_be_asked_leaves_it_to_flask(app, client, cast, monkeypatch):
    def failing(_):
        raise OSError("no such file")

    monkeypatch.setattr(Changes, "stamp", failing)
    assert [client.get(WINNERS).status_code for _ in range(2)] == [200, 200]
