"""Requests are read side by side and answered one at a time: whoever sends slowly keeps nobody waiting."""

import gc
import io
import json
import socket
import threading
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import request

from sipetruk.app import create_worker
from sipetruk.taking import IN_MEMORY, READERS, OneAtATime, readers
from tests.browser.conftest import serving

MOST = 2 * IN_MEMORY
BEGUN = b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 24\r\n\r\n{"
REST = b'"query":"{__typename}"}'


class Slow(io.BytesIO):
    """A body whose sender waits before the end."""

    def __init__(self, content):
        super().__init__(content)
        self.goes_on = threading.Event()

    def read(self, *most):
        self.goes_on.wait(10)
        return super().read(*most)


class Broken(io.BytesIO):
    """A body whose sender goes away after what it holds."""

    def read(self, *most):
        if found := super().read(*most):
            return found
        raise ConnectionResetError


def ask(app, body, length=None, method="POST"):
    environ = {"REQUEST_METHOD": method, "wsgi.input": body} | ({} if length is None else {"CONTENT_LENGTH": str(length)})
    answer = app(environ, lambda *_: None)
    said = b"".join(answer)
    if hasattr(answer, "close"):
        answer.close()
    return said


def told(environ, _begin):
    """An application that answers with what was sent."""
    return [environ["wsgi.input"].read()]


@pytest.mark.parametrize("content", [b"", b"isi", b"x" * (IN_MEMORY + 1), b"x" * MOST])
def test_a_body_is_handed_on_as_it_came(content):
    app = OneAtATime(told, MOST)
    assert (ask(app, io.BytesIO(content), len(content)), ask(app, io.BytesIO(content))) == (content, content)


def test_what_is_too_large_is_left_unread():
    body = io.BytesIO(b"x" * (MOST + 2))
    ask(OneAtATime(lambda *_: [b""], MOST), body, MOST + 2)
    ask(OneAtATime(lambda *_: [b""], MOST), body, 5, method="GET")
    assert body.tell() == 0


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_what_comes_with_a_question_is_not_waited_for(method):
    slow = Slow(b"lambat")
    assert ask(OneAtATime(told, MOST), slow, 6, method=method) == b""
    assert slow.tell() == 0


@pytest.mark.parametrize(("length", "status"), [("100", 400), ("7", 200)])
def test_a_form_that_breaks_off_is_refused_and_not_taken_for_a_whole_one(app, length, status):
    seen = []
    app.add_url_rule("/separuh", view_func=lambda: (seen.append(request.form["a"]), "ya")[1], methods=["POST"])
    app.config["WTF_CSRF_ENABLED"] = False
    answer = app.test_client().post(
        "/separuh",
        input_stream=io.BytesIO(b"a=separ"),
        content_type="application/x-www-form-urlencoded",
        environ_overrides={"wsgi.input_terminated": True, "CONTENT_LENGTH": length},
    )
    assert (answer.status_code, seen) == (status, [] if status == 400 else ["separ"])


def test_what_was_gathered_goes_with_the_request():
    bodies = []

    def failing(environ, _begin):
        bodies.append(environ["wsgi.input"])
        if len(bodies) > 1:
            raise RuntimeError
        return [b""]

    app = OneAtATime(failing, MOST)
    ask(app, io.BytesIO(b"x"), 1)
    with pytest.raises(RuntimeError):
        ask(app, io.BytesIO(b"x"), 1)
    assert [body.closed for body in bodies] == [True, True]


def test_of_an_unknown_length_no_more_is_read_than_shows_that_it_is_too_large():
    assert len(ask(OneAtATime(told, MOST), io.BytesIO(b"x" * (MOST + 500)))) == MOST + 1


def test_of_a_body_that_breaks_off_what_had_come_is_handed_on():
    assert ask(OneAtATime(told, MOST), Broken(b"separuh"), 100) == b"separuh"


def test_whoever_sends_slowly_keeps_nobody_waiting():
    app, slow = OneAtATime(told, MOST), Slow(b"lambat")
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(ask, app, slow, 6)
        assert ask(app, io.BytesIO(b"cepat"), 5) == b"cepat"
        slow.goes_on.set()
        assert waiting.result(10) == b"lambat"


def test_one_is_answered_at_a_time():
    inside, most = [], []

    def counting(_environ, _begin):
        inside.append(1)
        most.append(len(inside))
        threading.Event().wait(0.01)
        inside.pop()
        return [b""]

    app = OneAtATime(counting, MOST)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: ask(app, io.BytesIO(b"x"), 1), range(16)))
    assert most == [1] * 16


def test_behind_a_proxy_that_gathers_bodies_one_thread_is_enough():
    assert [readers(proxies) for proxies in (0, 1, 2)] == [READERS, 1, 1]


@pytest.mark.parametrize(("proxies", "kind"), [("0", "OneAtATime"), ("1", "AnswersInFront")])
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_only_who_has_many_threads_lets_them_in_one_by_one(cast, database_url, data_dir, monkeypatch, proxies, kind):
    for name, value in {"DATABASE_URL": database_url, "DATA_DIR": str(data_dir), "TRUSTED_PROXIES": proxies}.items():
        monkeypatch.setenv(f"SIPETRUK_{name}", value)
    for name in ("freeze", "set_threshold"):  # of this process, which goes on
        monkeypatch.setattr(gc, name, lambda *_: None)
    assert type(create_worker()).__name__ == kind


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_server_answers_while_others_send_slowly(cast, database_url, data_dir):
    with serving(database_url, data_dir) as base:
        place = base.removeprefix("http://").split(":")
        slow = [socket.create_connection((place[0], int(place[1]))) for _ in range(READERS // 2)]
        for each in slow:
            each.sendall(BEGUN)
        with urllib.request.urlopen(f"{base}/graphql?query=%7B__typename%7D", timeout=10) as answer:  # noqa: S310  # an address of this machine
            assert json.load(answer)["data"] == {"__typename": "Query"}
        slow[0].settimeout(10)
        slow[0].sendall(REST)
        assert b"200 OK" in slow[0].recv(1_000)
        for each in slow:
            each.close()
