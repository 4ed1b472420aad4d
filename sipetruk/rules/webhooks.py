"""Webhooks: the events that are sent, what a sound subscription is, how a message is signed and when it is tried again."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sipetruk.errors import Invalid, Problem
from sipetruk.rules.permissions import Action

PREFIX = "whs_"
"""How every secret begins, so that people and scanners of repositories recognise one."""
SECRET_BYTES = 32
SHOWN = 4
NAME_LENGTH = 60
PAUSE_LENGTH = 300
MOST_TRIES = 8
FIRST_PAUSE = timedelta(seconds=10)
GROWTH = 4
"""10 seconds after the first try, then four times as long each time: the eighth comes about 15 hours after the first."""
MOST_FAILURES = 16
"""So many failed tries one after the other, over all messages of a webhook, and it is paused."""
ANSWER_BYTES = 200


class Event(StrEnum):
    """One kind of thing that happens in the award and that others may be told of, named `thing.happened`."""

    RESULT_PUBLISHED = "result.published"
    RESULT_WITHDRAWN = "result.withdrawn"
    ANNOUNCEMENT_PUBLISHED = "announcement.published"
    ANNOUNCEMENT_WITHDRAWN = "announcement.withdrawn"
    PERIOD_STAGE_CHANGED = "period.stage_changed"
    NOMINATION_SUBMITTED = "nomination.submitted"
    NOMINATION_RETURNED = "nomination.returned"
    NOMINATION_ACCEPTED = "nomination.accepted"
    NOMINATION_REJECTED = "nomination.rejected"
    NOMINATION_WITHDRAWN = "nomination.withdrawn"
    RANKING_FINALISED = "ranking.finalised"
    RESULT_DETERMINED = "result.determined"
    RESULT_REVOKED = "result.revoked"
    OBJECTION_FILED = "objection.filed"
    OBJECTION_DECIDED = "objection.decided"
    OBJECTION_WITHDRAWN = "objection.withdrawn"


PING = "ping"
"""The name under which a test message is sent; nobody subscribes to it."""


@dataclass(frozen=True)
class Meaning:
    """`thing` is what it happened to; `needs` is what a subscriber must be allowed to do, None where everybody may know."""

    label: str
    thing: str
    needs: Action | None


EVENTS: dict[Event, Meaning] = {
    Event.RESULT_PUBLISHED: Meaning("Hasil diumumkan, tepat saat menjadi umum", "period", None),
    Event.RESULT_WITHDRAWN: Meaning("Pengumuman hasil ditarik", "period", None),
    Event.ANNOUNCEMENT_PUBLISHED: Meaning("Kabar terbit, tepat saat dapat dibaca", "announcement", None),
    Event.ANNOUNCEMENT_WITHDRAWN: Meaning("Kabar yang sudah terbit ditarik", "announcement", None),
    Event.PERIOD_STAGE_CHANGED: Meaning("Periode memasuki tahap lain", "period", Action.PERIOD_READ),
    Event.NOMINATION_SUBMITTED: Meaning("Usulan diajukan, juga sesudah diperbaiki", "nomination", Action.NOMINATION_READ),
    Event.NOMINATION_RETURNED: Meaning("Usulan dikembalikan untuk diperbaiki", "nomination", Action.NOMINATION_READ),
    Event.NOMINATION_ACCEPTED: Meaning("Usulan memenuhi syarat", "nomination", Action.NOMINATION_READ),
    Event.NOMINATION_REJECTED: Meaning("Usulan tidak memenuhi syarat", "nomination", Action.NOMINATION_READ),
    Event.NOMINATION_WITHDRAWN: Meaning("Usulan ditarik", "nomination", Action.NOMINATION_READ),
    Event.RANKING_FINALISED: Meaning("Pemeringkatan sebuah kategori final", "category", Action.RANKING_READ),
    Event.RESULT_DETERMINED: Meaning("Pemenang sebuah kategori ditetapkan", "category", Action.RANKING_READ),
    Event.RESULT_REVOKED: Meaning("Penetapan sebuah kategori dicabut", "category", Action.RANKING_READ),
    Event.OBJECTION_FILED: Meaning("Sanggahan diajukan", "objection", Action.OBJECTION_READ),
    Event.OBJECTION_DECIDED: Meaning("Sanggahan diputus", "objection", Action.OBJECTION_READ),
    Event.OBJECTION_WITHDRAWN: Meaning("Sanggahan dicabut", "objection", Action.OBJECTION_READ),
}
"""Every event in the order of the form: what it means, to what it happens, and who may be told."""

GIVES: dict[str, frozenset[str]] = {
    "period": frozenset({"period.slug", "period.id", "results.periodId"}),
    "announcement": frozenset({"announcement.slug"}),
    "nomination": frozenset({"nomination.id", "nominationScore.nominationId", "objectionFiling.nominationId"}),
    "category": frozenset({"period.slug", "period.id", "results.periodId"}),
    "objection": frozenset({"objection.id"}),
}
"""Thing -> the arguments of questions (`question.argument`) that an event about it can fill in a stored operation."""
PUBLIC_GIVES = frozenset({"period.slug", "announcement.slug"})
"""Those of the public schema."""


class DeliveryState(StrEnum):
    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"
    SKIPPED = "skipped"


DELIVERY_LABELS: dict[DeliveryState, str] = {
    DeliveryState.WAITING: "menunggu",
    DeliveryState.DELIVERED: "terkirim",
    DeliveryState.FAILED: "gagal",
    DeliveryState.SKIPPED: "tidak dikirim",
}
ERRORS: dict[str, str] = {
    "status": "penerima menjawab dengan status selain 2xx",
    "redirect": "penerima mengalihkan ke alamat lain; pengalihan tidak diikuti",
    "name": "nama server penerima tidak ditemukan",
    "address": "alamat jaringan penerima tidak boleh dikirimi",
    "connection": "sambungan ke penerima gagal",
    "certificate": "sambungan TLS gagal, misalnya sertifikat penerima tidak dipercaya",
    "timeout": "penerima tidak menjawab pada waktunya",
    "answer": "jawaban penerima bukan HTTP",
    "payload": "isi pesan tidak dapat dibuat",
    "died": "pekerja berhenti di tengah pengiriman",
    "not_visible": "token webhook ini tidak lagi berhak mengetahuinya",
}
"""What is noted of a try that failed -> words."""


@dataclass(frozen=True)
class Payload:
    """A stored operation as the content of messages: what it must be given, each variable by the arguments that it fills."""

    name: str
    schema: str
    is_query: bool
    required: Mapping[str, frozenset[str]]

    def fits(self, thing: str) -> bool:
        """Whether an event about this thing fills all that the operation must be given."""
        gives = GIVES[thing] if self.schema == "staff" else GIVES[thing] & PUBLIC_GIVES
        return self.is_query and all(places and places <= gives for places in self.required.values())


@dataclass(frozen=True)
class Wish:
    """What somebody wants a webhook to be; `has_token` says whether it acts with a token or as anybody from the street."""

    name: str
    events: tuple[Event, ...]
    payload: Payload | None
    has_token: bool


def checked(wish: Wish, allowed: Collection[Action], known: Iterable[str] = ()) -> Wish:
    """The wish without blanks around its name; `Invalid` names all that is wrong. `allowed` is what its token may do."""
    clean = Wish(wish.name.strip(), wish.events, wish.payload, wish.has_token)
    problems = []
    if not 1 <= len(clean.name) <= NAME_LENGTH or not clean.name.isprintable():
        problems.append(Problem("Wajib diisi, satu baris, paling banyak %(most)s karakter.", ("name",), params={"most": NAME_LENGTH}))
    elif clean.name.casefold() in {each.casefold() for each in known}:
        problems.append(Problem("Nama ini sudah dipakai webhook lain.", ("name",)))
    if not clean.events or len(set(clean.events)) != len(clean.events):
        problems.append(Problem("Pilih paling sedikit satu peristiwa, masing-masing sekali.", ("events",)))
    for event in clean.events:
        needs = EVENTS[event].needs
        if needs is not None and needs not in allowed:
            words = "Peristiwa “%(event)s” memerlukan token yang boleh mengetahuinya (%(needs)s)."
            problems.append(Problem(words, ("events",), params={"event": str(event), "needs": str(needs)}))
    problems += _payload_problems(clean)
    if problems:
        raise Invalid(problems)
    return clean


def _payload_problems(wish: Wish) -> list[Problem]:
    if wish.payload is None:
        return []
    if wish.payload.schema == "staff" and not wish.has_token:
        return [Problem("Isi pesan ini memerlukan token.", ("payload",))]
    unfit = [str(event) for event in wish.events if not wish.payload.fits(EVENTS[event].thing)]
    if not unfit:
        return []
    return [Problem("Isi pesan ini tidak cocok untuk peristiwa: %(events)s.", ("payload",), params={"events": ", ".join(unfit)})]


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """What stands in `SIPetruk-Signature`: the HMAC-SHA256 over timestamp, a dot and the body."""
    return "sha256=" + hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def pause_after(tries: int) -> timedelta | None:
    """How long until the next try after so many; None when it was the last."""
    return None if tries >= MOST_TRIES else FIRST_PAUSE * GROWTH ** (tries - 1)


_NUMBER = re.compile(r"\d[\d .-]{6,}\d")
_HIDDEN = "…"
ECHOED = "(tidak disimpan: memuat kembali isi pesan)"
_TELLING = 4
"""Shorter texts than this say nothing of anybody."""


def kept_answer(answer: bytes, sent: Iterable[str]) -> str:
    """The first bytes of what a receiver said, on one line and without long numbers; nothing when it repeats what we sent.

    A receiver that gives back what it got must not put somebody's name or number into our log.
    """
    text = " ".join("".join(sign if sign.isprintable() else " " for sign in answer.decode("utf-8", "replace")).split())
    said = text.casefold()
    for part in {each for each in sent if len(each) >= _TELLING}:
        if part.casefold() in said or json.dumps(part)[1:-1].casefold() in said:
            return ECHOED
    return _NUMBER.sub(_HIDDEN, text)[:ANSWER_BYTES]
