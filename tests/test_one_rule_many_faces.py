"""One set of cases through the panel and through GraphQL: the same result, the same words, the same audit.

A case says who acts, what is sent through each face, and what must be said and kept. Refusals keep nothing.
"""

from __future__ import annotations

import base64
import html
import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from sipetruk.api import ids
from sipetruk.models import TABLES, AuditEntry, InstrumentVersion, LoginAttempt, Period
from sipetruk.services import instruments
from tests.kept import kept
from tests.panel.visitor import Visitor
from tests.services import builders

FACES = ("panel", "graphql")
FOREIGN = 4711


@dataclass(frozen=True)
class Setting:
    """What the cases act upon.

    A period in preparation; an unsound draft, a sound one, and one whose example does not come out; a locked version beside a draft.
    """

    cast: Any
    round: builders.Round
    unsound: int
    sound: int
    nomination: int
    doubtful: int
    taken_up: int


@dataclass(frozen=True)
class Case:
    """`said` is None for success; `audited` is what the success adds to the trail."""

    name: str
    who: str
    address: Callable[[Setting], str]
    form: Callable[[Setting], dict[str, Any]]
    mutation: str
    given: Callable[[Setting], dict[str, Any]]
    said: str | None = None
    audited: list[tuple[str, str]] = field(default_factory=list)


def new_period(slug: str, name: str = "Putaran Baru", year: int = 2025) -> dict[str, Any]:
    return {
        "address": lambda _: "/admin/periode/baru/",
        "form": lambda _: {"name": name, "year": str(year), "slug": slug},
        "mutation": "periodCreate",
        "given": lambda _: {"name": name, "year": year, "slug": slug},
    }


def lock(which: str) -> dict[str, Any]:
    return {
        "address": lambda s: f"/admin/instrumen/{getattr(s, which)}/kunci/",
        "form": lambda _: {"row_version": "1", "confirmed": "1"},
        "mutation": "instrumentVersionLock",
        "given": lambda s: {"versionId": ids.encode("InstrumentVersion", getattr(s, which)), "expectedVersion": 1},
    }


def move(
    step: str, *, period: Callable[[Setting], int] = lambda s: s.round.period_id, version: int = 3, reason: str = ""
) -> dict[str, Any]:
    return {
        "address": lambda s: f"/admin/periode/{period(s)}/pindah/{step}/",
        "form": lambda _: {"row_version": str(version), "reason": reason},
        "mutation": "periodMove",
        "given": lambda s: {
            "periodId": ids.encode("Period", period(s)),
            "move": step.upper(),
            "reason": reason,
            "expectedVersion": version,
        },
    }


def decide(decision: str, mutation: str, form: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    version = lambda s: builders.version_of(s.nomination)  # noqa: E731  # one word for one number
    return {
        "address": lambda s: f"/admin/verifikasi/{s.nomination}/{decision}/",
        "form": lambda s: {"row_version": str(version(s)), "confirmed": "1", **form},
        "mutation": mutation,
        "given": lambda s: {"nominationId": ids.encode("Nomination", s.nomination), "expectedVersion": version(s), **given},
    }


def restore(which: Callable[[Setting], int]) -> dict[str, Any]:
    return {
        "address": lambda s: f"/admin/instrumen/{which(s)}/pulihkan/",
        "form": lambda _: {},
        "mutation": "instrumentVersionRestore",
        "given": lambda s: {"versionId": ids.encode("InstrumentVersion", which(s))},
    }


def bring_in(content: bytes, code: str = "baru") -> dict[str, Any]:
    return {
        "address": lambda _: "/admin/instrumen/impor/",
        "form": lambda _: {"code": code, "name": "Baru", "file": (io.BytesIO(content), "berkas.json")},
        "mutation": "instrumentImport",
        "given": lambda _: {"code": code, "name": "Baru", "file": base64.b64encode(content).decode()},
    }


def copy_period(slug: str) -> dict[str, Any]:
    return {
        "address": lambda s: f"/admin/periode/{s.round.period_id}/salin/",
        "form": lambda _: {"name": "Putaran Baru", "year": "2025", "slug": slug},
        "mutation": "periodCopy",
        "given": lambda s: {"periodId": ids.encode("Period", s.round.period_id), "name": "Putaran Baru", "year": 2025, "slug": slug},
    }


def remove_period(period: Callable[[Setting], int] = lambda s: s.round.period_id, version: int = 3) -> dict[str, Any]:
    return {
        "address": lambda s: f"/admin/periode/{period(s)}/hapus/",
        "form": lambda _: {"row_version": str(version), "confirmed": "1"},
        "mutation": "periodRemove",
        "given": lambda s: {"periodId": ids.encode("Period", period(s)), "expectedVersion": version},
    }


FILE = json.dumps(builders.tiny_instrument()).encode()
EXAMPLE = {
    "name": "Contoh A",
    "marks": {"gagasan": ["40", "38"], "dampak": ["20", "10"], "disiplin": ["1", "1"]},
    "values": {"penghargaan": {"nasional": 1}},
    "expected": {"status": "RANKED", "score": "93"},
}
STALE = "Data ini sudah diubah orang lain setelah Anda membukanya. Isian Anda belum disimpan."
CASES = [
    Case("a period is made", "bkpsdm", audited=[("period:edit", "period")], **new_period("2025")),
    Case(
        "a bad address of a period",
        "bkpsdm",
        said="Alamat terdiri atas huruf kecil, angka, dan tanda hubung, paling banyak 60 karakter.",
        **new_period("Tidak Baik"),
    ),
    Case("an address that is taken", "bkpsdm", said="Alamat “2024” sudah dipakai periode lain.", **new_period("2024")),
    Case(
        "a period by somebody who only reads",
        "viewer",
        said="Anda tidak berhak mengatur periode, jadwal, kategori, dan tim penilai.",
        **new_period("2025"),
    ),
    Case("a sound draft is locked", "bkpsdm", audited=[("instrument:lock", "instrument_version")], **lock("sound")),
    Case(
        "an unsound draft is not locked",
        "bkpsdm",
        said="Jumlah poin tertinggi semua kriteria adalah 95 poin, harus tepat 100 poin.",
        **lock("unsound"),
    ),
    Case("a lock by somebody who only reads", "verifier", said="Anda tidak berhak mengunci versi instrumen.", **lock("sound")),
    Case(
        "a draft whose example does not come out is not locked",
        "bkpsdm",
        said="Contoh “Contoh A”: nilai akhir diharapkan 93, ternyata 94,00.",
        **lock("doubtful"),
    ),
    Case(
        "an earlier version is taken up again",
        "bkpsdm",
        audited=[("instrument:edit", "instrument_version")],
        **restore(lambda s: s.round.version_id),
    ),
    Case("a version is not taken up beside a draft", "bkpsdm", said="Masih ada draf versi 2;", **restore(lambda s: s.taken_up)),
    Case("a version that is not there", "bkpsdm", said="Versi instrumen tidak ditemukan.", **restore(lambda _: FOREIGN)),
    Case(
        "a version taken up by somebody who only reads",
        "viewer",
        said="Anda tidak berhak menyusun dan mengubah draf instrumen.",
        **restore(lambda s: s.round.version_id),
    ),
    Case(
        "a file with a bad code",
        "bkpsdm",
        said="Kode hanya boleh berisi huruf kecil, angka dan garis bawah, dan diawali huruf.",
        **bring_in(FILE.replace(b'"inovasi"', b'"Tidak Baik"')),
    ),
    Case("a file for a code that is taken", "bkpsdm", said="Kode instrumen “utuh” sudah dipakai.", **bring_in(FILE, "utuh")),
    Case("a file from somebody who only reads", "viewer", said="Anda tidak berhak menyusun dan mengubah draf instrumen.", **bring_in(FILE)),
    Case("a period is copied", "bkpsdm", audited=[("period:edit", "period"), ("period:edit", "category")], **copy_period("2025")),
    Case("a copy with an address that is taken", "bkpsdm", said="Alamat “2024” sudah dipakai periode lain.", **copy_period("2024")),
    Case("a period is removed", "bkpsdm", audited=[("period:edit", "category"), ("period:remove", "period")], **remove_period()),
    Case("a period that is not there is not removed", "bkpsdm", said="Periode tidak ditemukan.", **remove_period(lambda _: FOREIGN)),
    Case(
        "a removal by somebody who only reads",
        "viewer",
        said="Anda tidak berhak mengatur periode, jadwal, kategori, dan tim penilai.",
        **remove_period(),
    ),
    Case("a period is opened", "bkpsdm", audited=[("period:move", "period")], **move("open")),
    Case(
        "a step that the workflow does not know",
        "bkpsdm",
        said="Langkah “Mulai penilaian” tidak dapat dilakukan karena periode berada pada tahap “Persiapan”.",
        **move("start_assessment"),
    ),
    Case("a step on a stale version", "bkpsdm", said=STALE, **move("open", version=1)),
    Case("a period that is not there", "bkpsdm", said="Periode tidak ditemukan.", **move("open", period=lambda _: FOREIGN)),
]


@pytest.fixture
def setting(cast):
    return stood(cast)


@kept
def stood(cast):
    round_ = builders.prepared_round(cast)
    tree = builders.tiny_instrument()
    sound = instruments.create(cast.bkpsdm, code="utuh", name="Utuh", definition=tree)
    tree["components"][0]["criteria"][0]["scale"]["max"] = 35
    unsound = instruments.create(cast.bkpsdm, code="kurang", name="Kurang", definition=tree)
    tree = builders.tiny_instrument()
    doubtful = instruments.create(cast.bkpsdm, code="ragu", name="Ragu", definition=tree, examples=[EXAMPLE])
    taken_up = builders.locked_version(actor=cast.bkpsdm)
    instruments.restore(cast.bkpsdm, version_id=taken_up)
    return Setting(cast, round_, unsound, sound, 0, doubtful, taken_up)


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_face_says_and_keeps_the_same(client, setting, case, face):
    actor = getattr(setting.cast, case.who)
    before, entries = everything(), AuditEntry.select().count()
    with builders.standing_at(2024, 10, 1):
        said = {"panel": by_panel, "graphql": by_graphql}[face](client, actor, case, setting)
    added = [(e.action, e.thing) for e in AuditEntry.select().order_by(AuditEntry.id).offset(entries)]
    assert added == case.audited
    if case.said is None:
        assert said == ""
        last = AuditEntry.select().order_by(AuditEntry.id.desc()).first()
        assert (last.actor, last.face) == (actor.username, {"panel": "panel", "graphql": "api"}[face])
    else:
        assert case.said in said
        assert everything() == before


def by_panel(client, actor, case, setting):
    """What the page says; nothing when the panel went on to the next page."""
    answer = Visitor(client, actor).post(case.address(setting), **case.form(setting))
    return "" if answer.status_code in {302, 303} else html.unescape(answer.text)


def by_graphql(client, actor, case, setting):
    """What the payload or, for a missing right, the error says."""
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = f"{actor.user_id}:0", True
    kind = case.mutation[0].upper() + case.mutation[1:]
    query = f"mutation($input: {kind}Input!) {{ {case.mutation}(input: $input) {{ userErrors {{ message path code }} }} }}"
    body = {"query": query, "variables": {"input": case.given(setting)}}
    answer = client.post("/graphql/staff", json=body, headers={"Origin": "http://localhost"})
    assert answer.status_code == 200
    if "errors" in answer.json:
        return " ".join(error["message"] for error in answer.json["errors"])
    return " ".join(error["message"] for error in answer.json["data"][case.mutation]["userErrors"])


def everything():
    """Every row of every table but the attempts to sign in."""
    return json.dumps({table.__name__: list(table.select().dicts()) for table in TABLES if table is not LoginAttempt}, default=str)


def test_the_two_faces_leave_the_same_rows(client, setting):
    """The same lock through either face gives the same sealed tree."""
    case = next(case for case in CASES if case.name == "a sound draft is locked")
    other = instruments.create(setting.cast.bkpsdm, code="utuh-2", name="Utuh", definition=builders.tiny_instrument())
    by_panel(client, setting.cast.bkpsdm, case, setting)
    by_graphql(client, setting.cast.bkpsdm, case, replace(setting, sound=other))
    assert InstrumentVersion.get_by_id(other).sha256 == InstrumentVersion.get_by_id(setting.sound).sha256
    assert Period.select().count() == 1
