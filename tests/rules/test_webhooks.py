"""Webhooks on paper: what a subscription may ask for, when a message is tried again, how it is signed, what is kept of an answer."""

import hashlib
import hmac
from datetime import timedelta

import pytest

from sipetruk.errors import Invalid
from sipetruk.rules.permissions import Action
from sipetruk.rules.webhooks import (
    ANSWER_BYTES,
    DELIVERY_LABELS,
    ECHOED,
    ERRORS,
    EVENTS,
    GIVES,
    MOST_TRIES,
    DeliveryState,
    Event,
    Payload,
    Wish,
    checked,
    kept_answer,
    pause_after,
    signature,
)
from tests.rules.building import problems

PERIOD = Payload("public/Period", "public", is_query=True, required={"slug": frozenset({"period.slug"})})
NOMINATION = Payload("staff/Nomination", "staff", is_query=True, required={"id": frozenset({"nomination.id"})})
HOME = Payload("public/Home", "public", is_query=True, required={})


NAME = (("name",), "Wajib diisi, satu baris, paling banyak 60 karakter.")
SOME = (("events",), "Pilih paling sedikit satu peristiwa, masing-masing sekali.")
TOKEN = (("payload",), "Isi pesan ini memerlukan token.")
RIGHT = "Peristiwa “nomination.submitted” memerlukan token yang boleh mengetahuinya (nomination:read)."
UNFIT = "Isi pesan ini tidak cocok untuk peristiwa: %s."


def wish(**changes):
    return Wish(**({"name": "Portal", "events": (Event.RESULT_PUBLISHED,), "payload": PERIOD, "has_token": False} | changes))


def test_every_event_has_a_meaning_about_a_thing_that_fills_something():
    assert list(EVENTS) == list(Event)
    assert {meaning.thing for meaning in EVENTS.values()} == set(GIVES)
    assert list(DELIVERY_LABELS) == list(DeliveryState)
    assert [key for key, words in ERRORS.items() if not words or len(key) > 20] == []


def test_everybody_may_know_what_is_public_and_nothing_else():
    assert [str(event) for event, meaning in EVENTS.items() if meaning.needs is None] == [
        "result.published",
        "result.withdrawn",
        "announcement.published",
        "announcement.withdrawn",
    ]


def test_a_sound_wish_comes_back_without_blanks():
    assert checked(wish(name=" Portal "), ()) == wish()
    assert checked(wish(payload=None), ()) == wish(payload=None)
    for name in ("x", "x" * 60):
        assert checked(wish(name=name), (), ["silka"]).name == name
    everything = wish(events=tuple(Event), payload=HOME, has_token=True)
    assert checked(everything, list(Action)) == everything


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"name": " "}, [NAME]),
        ({"name": "x" * 61}, [NAME]),
        ({"name": "a\nb"}, [NAME]),
        ({"name": "a\x00"}, [NAME]),
        ({"name": "SILKA"}, [(("name",), "Nama ini sudah dipakai webhook lain.")]),
        ({"events": ()}, [SOME]),
        ({"events": (Event.RESULT_PUBLISHED,) * 2}, [SOME]),
        ({"events": (Event.RESULT_PUBLISHED, Event.NOMINATION_SUBMITTED), "payload": None}, [(("events",), RIGHT)]),
        ({"events": (Event.ANNOUNCEMENT_PUBLISHED,)}, [(("payload",), UNFIT % "announcement.published")]),
        ({"events": (Event.RESULT_PUBLISHED,), "payload": NOMINATION, "has_token": True}, [(("payload",), UNFIT % "result.published")]),
        (
            {"events": (Event.RESULT_PUBLISHED, Event.RESULT_WITHDRAWN), "payload": NOMINATION, "has_token": True},
            [(("payload",), UNFIT % "result.published, result.withdrawn")],
        ),
        ({"payload": NOMINATION}, [TOKEN]),
        ({"name": "", "events": (), "payload": NOMINATION}, [NAME, SOME, TOKEN]),
    ],
)
def test_every_fault_is_named_at_its_field(changes, expected):
    with pytest.raises(Invalid) as refused:
        checked(wish(**changes), (), ["silka"])
    assert problems(refused) == expected


def test_an_operation_fits_when_the_event_fills_all_that_it_must_be_given():
    assert [thing for thing in GIVES if PERIOD.fits(thing)] == ["period", "category"]
    assert [thing for thing in GIVES if HOME.fits(thing)] == list(GIVES)
    assert [thing for thing in GIVES if NOMINATION.fits(thing)] == ["nomination"]
    assert not Payload("staff/X", "staff", is_query=False, required={}).fits("nomination")
    assert not Payload("staff/X", "staff", is_query=True, required={"id": frozenset()}).fits("nomination")
    assert not Payload("public/X", "public", is_query=True, required={"id": frozenset({"nomination.id"})}).fits("nomination")
    both = Payload("staff/X", "staff", is_query=True, required={"id": frozenset({"nomination.id", "winner.id"})})
    assert not both.fits("nomination")


def test_the_pauses_grow_fourfold_and_end_after_the_eighth_try():
    seconds = [pause.total_seconds() if (pause := pause_after(tries)) else None for tries in range(1, MOST_TRIES + 1)]
    assert seconds == [10, 40, 160, 640, 2560, 10240, 40960, None]
    assert timedelta(hours=15) < sum((pause_after(tries) for tries in range(1, MOST_TRIES)), timedelta()) < timedelta(hours=16)


def test_the_signature_covers_timestamp_and_body():
    body = b'{"event":"ping"}'
    expected = hmac.new(b"whs_x", b"1764288000.{body}".replace(b"{body}", body), hashlib.sha256).hexdigest()
    assert signature("whs_x", "1764288000", body) == f"sha256={expected}"
    assert (
        len({signature("whs_x", "1", body), signature("whs_x", "2", body), signature("whs_y", "1", body), signature("whs_x", "1", b"")})
        == 4
    )


@pytest.mark.parametrize(
    ("answer", "kept"),
    [
        (b"", ""),
        (b" ok\r\n\tbaik\x00 ", "ok baik"),
        (b"salah \xff\xfe", "salah ��"),
        (b"NIP 198609262015051001 tidak ada", "NIP … tidak ada"),
        (b"NIP 19860926 201505 1 001.", "NIP …."),
        (b"galat 500 pada baris 1234567", "galat 500 pada baris 1234567"),
        (b"diterima: BUDI SANTOSO", ECHOED),
        (b'{"nama":"Andr\\u00e9 Sari"}', ECHOED),
        (b"Andr\\u00e9 Sar", "Andr\\u00e9 Sar"),
        (b"ndr\\u00e9 Sari", "ndr\\u00e9 Sari"),
        (b"unit abcd", ECHOED),
        (b"x" * 4_000, "x" * ANSWER_BYTES),
    ],
)
def test_of_an_answer_no_more_is_kept_than_says_nothing_of_anybody(answer, kept):
    assert kept_answer(answer, ["Budi Santoso", "André Sari", "ok", "abcd"]) == kept
