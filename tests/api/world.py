"""One world for the tests of what people may read: rounds at every stage, all of the first work unit, and everything beside them.

The admin of the second unit has neither employees nor nominations, the third assessor sits on no panel: whatever these two
read belongs to somebody else or to everybody.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyotp

from sipetruk import jobs
from sipetruk.models import Category, Determination, InstrumentVersion, User, Webhook, WebhookDelivery
from sipetruk.queries.users import actor_of
from sipetruk.rules.announcement_states import Text
from sipetruk.rules.objecting import Letter
from sipetruk.rules.permissions import SYSTEM, Actor, Grant, Role
from sipetruk.rules.scopes import Scope
from sipetruk.rules.signatories import Person, SignatoryStatus, SignedDocument
from sipetruk.rules.unit_history import Basis
from sipetruk.rules.webhooks import Event
from sipetruk.rules.workflow import PeriodMove
from sipetruk.services import (
    accounts,
    analysis,
    announcements,
    assessment,
    chain,
    checks,
    clock,
    conflicts,
    identities,
    instruments,
    nominations,
    objections,
    panels,
    people,
    proposals,
    rankings,
    reassessment,
    reminders,
    results,
    returns,
    second_factor,
    settings,
    sign_in,
    signatories,
    templates,
    tokens,
    units,
    users,
    webhooks,
)
from tests.cast import PASSWORD, Cast
from tests.queries.test_eligibility import EVERY
from tests.services import builders, hooks, objecting, test_interviews
from tests.services.builders import FULL_MARKS, attach, criterion, field, version_of
from tests.services.second import second_admin
from tests.services.test_results import determine, determining

OPEN = datetime(2024, 10, 4, 4, 0, tzinfo=UTC)
"""While one round takes nominations."""
OBJECTING = datetime(2024, 11, 7, 7, 0, tzinfo=UTC)
"""While one round is in its objection stage, before anything was published."""
WITHDRAWN = datetime(2024, 11, 17, 4, 0, tzinfo=UTC)
"""Between the publication that was withdrawn and the one that stands."""
LATE = datetime(2024, 11, 20, 4, 0, tzinfo=UTC)
"""After the publication; what stands beside the rounds is of that day."""
YEARS_LATER = datetime(2031, 1, 2, tzinfo=UTC)
KEY = "a key for the second factor of this world"


@dataclass
class World:
    """Who lives in it, and the rounds of which a question asks by name."""

    cast: Cast
    opened: builders.Round
    assessing: builders.Round
    ranking: builders.Round
    objected: builders.Round
    decided: builders.Round
    published: builders.Round
    draft_version_id: int
    apart: Actor
    """An assessor who stepped back from the only nominee with a sheet of the own."""


def build(cast: Cast) -> World:
    """Three seconds on SQLite; the people of the cast were made before September 2024."""
    with builders.standing_at(2024, 9, 10):
        apart = _assessor("penilai5", "Tono Penilai")
        contact = {"phone": "081234567890", "email": "rina@example.go.id"}
        for who in (*_readers(cast), apart):
            version = User.get_by_id(who.user_id).row_version
            accounts.update_profile(who, name=who.name, **contact, expected_version=version)
        draft_version_id = _draft_version(cast)
        test_interviews.prepared(cast)
    opened = _opened(cast, InstrumentVersion.get_by_id(draft_version_id).definition)
    rounds = [_assessing(cast, apart), *(make(cast) for make in (_ranking, _objected, _decided, _published))]
    with clock.standing_at(datetime(2025, 1, 2, tzinfo=UTC)):
        builders.move(cast, rounds[-1], PeriodMove.ARCHIVE)
    with clock.standing_at(LATE):
        _administration(cast)
        _webhook(cast)
        _accounts(cast, apart)
        chain.publish_head()
    with clock.standing_at(LATE + timedelta(days=1)):
        chain.publish_head()
    with clock.standing_at(LATE):
        chain.request_check(cast.bkpsdm)
        assert jobs.work_once()
    return World(cast, opened, *rounds, draft_version_id, apart)


def _readers(cast: Cast) -> tuple[Actor, ...]:
    return cast.bkpsdm, cast.unit_admin, cast.unit_head, cast.assessor, cast.assessor3, cast.verifier, cast.outsider, cast.viewer


def rich_instrument() -> dict[str, Any]:
    """The tiny instrument with a question and a scale of every kind, and something for the head of the unit to say."""
    document = builders.tiny_instrument(description="Untuk uji.", source="Perbup 12/2024")
    document["policy"]["floors"] = [{"component": "inovasi", "at_least": 10}]
    document["evidence"][0]["help"] = document["components"][0]["help"] = document["components"][0]["criteria"][0]["help"] = "Isi lengkap."
    document["fields"] += [
        field("rincian", "Rincian", "long_text", help="Ceritakan.", group="Isi", min_chars=5, max_chars=400),
        field("hemat", "Penghematan", "number", min=1, max=500, unit="juta rupiah", shown_when={"field": "tingkat", "equals": "kabupaten"}),
        field("bidang", "Bidang", "choices", options=[{"code": "a", "label": "A"}, {"code": "b", "label": "B"}]),
        field("gambar", "Gambar", "file") | {"accept": ["png"], "max_mb": 1, "max_files": 1},
    ]
    record = document["components"][1]["criteria"]
    record[0]["scale"]["yes"] = 10
    record += [
        criterion("kehadiran", "Kehadiran", {"kind": "threshold", "bands": [{"at_least": 90, "points": 5}], "else": 0}),
        criterion("perilaku", "Perilaku", {"kind": "points", "max": 5, "step": 1}, source="unit_head"),
    ]
    return document


def mark(value: str, note: str = "") -> dict[str, str]:
    return {"state": "scored", "value": value, "note": note}


def _draft_version(cast: Cast) -> int:
    """A draft with an example and the empty form of a document, changed once and with an older version that is out of use."""
    definition = rich_instrument()
    version_id = instruments.create(cast.bkpsdm, code="kaya", name="Instrumen kaya", definition=definition)
    stream = io.BytesIO(builders.PDF)
    version = templates.store(
        cast.bkpsdm, version_id=version_id, requirement="proposal", filename="formulir.pdf", stream=stream, expected_version=1
    )
    instruments.lock(cast.bkpsdm, version_id=version_id, expected_version=version)
    version = InstrumentVersion.get_by_id(version_id).row_version
    draft_id = instruments.start_draft(cast.bkpsdm, instrument_id=InstrumentVersion.get_by_id(version_id).instrument_id)
    instruments.retire(cast.bkpsdm, version_id=version_id, reason="Diganti.", expected_version=version)
    definition = InstrumentVersion.get_by_id(draft_id).definition | {"title": "Judul baru"}
    version = instruments.save_definition(cast.bkpsdm, version_id=draft_id, definition=definition, expected_version=1)
    marks = {"gagasan": ["40", "38"], "dampak": ["20", "20"], "disiplin": ["1", "1"], "kehadiran": ["95", "95"]}
    values = {"penghargaan": {"nasional": 1, "provinsi": 0}, "perilaku": "5"}
    expected = {"status": "RANKED", "score": "94", "rank": 1}
    examples = [
        {"name": "Contoh A", "unit": "Dinas A", "marks": marks, "values": values, "attributes": {}, "expected": expected},
        {"name": "Contoh B", "unit": None, "marks": marks, "values": values, "attributes": {}, "expected": None},
    ]
    instruments.save_examples(cast.bkpsdm, version_id=draft_id, examples=examples, expected_version=version)
    return draft_id


def _opened(cast: Cast, definition: dict[str, Any]) -> builders.Round:
    """Takes nominations: one in every state that there is before the assessment."""
    rules = [EVERY[0] | {"message": "Hanya PNS."}, *EVERY[1:2], EVERY[8] | {"effect": "warn"}]
    options = {"eligibility_rules": rules, "quota_per_unit": 20, "winners_per_unit": 2}
    round_ = builders.open_round(cast, definition, slug="2024-a", **options)
    builders.employee(cast.unit_id, "Belum Diusulkan")
    builders.employee(cast.unit_id, "Tidak Berhak", position_type="1")
    builder = Nominating(cast, round_)
    handed = builder.filled("Serah Satu")
    builder.endorsed("Sah Satu")
    builder.submitted("Kirim Satu")
    builder.submitted("Kirim Dua")
    back = builder.endorsed("Kembali Kepala")
    accepted, returned = builder.submitted("Lolos Satu"), builder.submitted("Kembali Verifikator")
    with builders.standing_at(2024, 10, 3):
        nominations.hand_over(cast.unit_admin, nomination_id=handed, expected_version=version_of(handed))
        nominations.send_back(cast.unit_head, nomination_id=back, note="Perbaiki judul.", expected_version=version_of(back))
        builders.check_all(cast, accepted)
        checks.accept(cast.verifier, nomination_id=accepted, note="Lengkap.", expected_version=version_of(accepted))
        verdicts = {"proposal": ("absent", "Halaman 2 hilang."), "skp": ("present", "Tahun 2023 saja."), "foto": ("absent", "")}
        version = checks.record_items(cast.verifier, nomination_id=returned, items=verdicts, expected_version=version_of(returned))
        checks.return_(cast.verifier, nomination_id=returned, reason="Lengkapi.", due_on=date(2024, 10, 14), expected_version=version)
    with builders.standing_at(2024, 10, 4):
        replies = {"proposal": "Halaman 2 ada pada berkas baru."}
        returns.reply(cast.unit_admin, nomination_id=returned, replies=replies, expected_version=version_of(returned))
        attach(cast.unit_admin, returned, content=builders.PDF + b"%2")
        employee_id = builders.employee_of(accepted).id
        conflicts.declare(cast.assessor, employee_id=employee_id, kind="family", note="Adik ipar.")
        _each(cast, round_, assessors_each=2)
        reminders.remind_units(cast.bkpsdm, period_id=round_.period_id)
    return round_


@dataclass
class Nominating:
    """Nominations by the rich instrument; the head signs with a value and a note."""

    cast: Cast
    round_: builders.Round

    def filled(self, name: str) -> int:
        answers = builders.ANSWERS | {"rincian": "Antrean tanpa kertas.", "hemat": "12,5", "bidang": ["a", "b"]}
        id_ = builders.filled(self.cast, self.round_, name, answers)
        with builders.during_nomination():
            for code in ("foto", "gambar"):
                attach(self.cast.unit_admin, id_, code, builders.PNG, "foto.png")
        return id_

    def endorsed(self, name: str) -> int:
        id_ = self.filled(name)
        with builders.during_nomination():
            nominations.endorse(
                self.cast.unit_head, nomination_id=id_, values={"perilaku": "5"}, note="Layak.", expected_version=version_of(id_)
            )
        return id_

    def submitted(self, name: str) -> int:
        id_ = self.endorsed(name)
        with builders.during_nomination():
            nominations.submit(self.cast.unit_admin, nomination_id=id_, expected_version=version_of(id_))
        return id_


def _assessor(username: str, name: str) -> Actor:
    new = users.NewUser(username, name, (Grant(Role.ASSESSOR),))
    (user_id,) = users.add_many(SYSTEM, users=[new], password=PASSWORD, has_given_password=False)
    found = actor_of(user_id, 0, "panel")
    assert found is not None
    return found


def _assessing(cast: Cast, apart: Actor) -> builders.Round:
    """Under assessment: sheets handed in that lie far apart, one opened again, one half filled, one left by two after each other."""
    document = builders.tiny_instrument()
    document["components"][0]["help"] = document["components"][0]["criteria"][0]["help"] = "Baca proposalnya."
    names = ("Nilai Satu", "Nilai Dua", "Nilai Tiga")
    round_, (far, again, left) = builders.assessing(cast, *names, document=document, slug="2024-b")
    fourth = _assessor("penilai4", "Rudi Penilai")
    with builders.standing_at(2024, 10, 24):
        _each(cast, round_, assessors_each=None)
        builders.assess(cast.assessor, far)
        builders.assess(cast.assessor2, far, FULL_MARKS | {"gagasan": mark("3", "Belum tampak.")})
        builders.assess(cast.assessor, again)
        reassessment.reopen(
            cast.bkpsdm,
            nomination_id=again,
            sheet_ids=objecting.sheets(again, cast.assessor),
            reason="Salah ketik.",
            criteria=("gagasan",),
            expected_version=version_of(again),
        )
        assessment.save_marks(cast.assessor2, nomination_id=again, marks={"gagasan": mark("3")}, expected_version=1)
        assessment.recuse(cast.assessor, nomination_id=left, reason="Kerabat dekat.")
        _replaced(cast, left, cast.assessor, apart)
        assessment.save_marks(apart, nomination_id=left, marks={"gagasan": mark("3", "Catatan yang ditinggalkan.")}, expected_version=1)
        assessment.recuse(apart, nomination_id=left, reason="Saudara ipar.")
        _replaced(cast, left, apart, fourth)
        reminders.remind_assessors(cast.bkpsdm, period_id=round_.period_id)
    return round_


def _replaced(cast: Cast, nomination_id: int, former: Actor, successor: Actor) -> None:
    (sheet_id,) = objecting.sheets(nomination_id, former)
    version = builders.sheet_version(former, nomination_id)
    assert successor.user_id is not None
    reassessment.replace(cast.bkpsdm, sheet_id=sheet_id, user_id=successor.user_id, reason="Kerabat.", expected_version=version)


def _each(cast: Cast, round_: builders.Round, *, assessors_each: int | None) -> None:
    panels.set_assessment(
        cast.bkpsdm,
        category_id=round_.category_id,
        is_blind=False,
        assessors_each=assessors_each,
        spread_limit=1_000,
        expected_version=Category.get_by_id(round_.category_id).row_version,
    )


def _ranking(cast: Cast) -> builders.Round:
    """A ranking that cannot be made final: two tie for the one place, a third lies below the floor."""
    policy = builders.tiny_instrument()["policy"] | {"floors": [{"component": "inovasi", "at_least": 10}]}
    low = {"gagasan": mark("0", "Tidak ada."), "dampak": mark("0", "Tidak berdampak."), "disiplin": mark("0", "Pernah dihukum.")}
    names = ("Peringkat Satu", "Peringkat Dua", "Peringkat Tiga")
    round_, ids = builders.assessing(cast, *names, document=builders.tiny_instrument(policy=policy), slug="2024-f")
    with builders.standing_at(2024, 10, 24):
        for id_, marks in zip(ids, (FULL_MARKS, FULL_MARKS, low), strict=True):
            builders.assess(cast.assessor, id_, marks)
            builders.assess(cast.assessor2, id_, marks | ({"dampak": mark("10", "Terbatas di unit.")} if marks is low else {}))
    with builders.standing_at(2024, 11, 1):
        builders.move(cast, round_, PeriodMove.START_RANKING)
        rankings.compute(cast.bkpsdm, category_id=round_.category_id)
    return round_


def _objected(cast: Cast) -> builders.Round:
    """In its objection stage: objections by letter and withdrawn, accepted and marked again, accepted without a change."""
    round_, ids = objecting.objection_stage(cast, marks=(objecting.FIRST, objecting.SECOND, objecting.SECOND), slug="2024-c")
    with objecting.at(7, 9):
        letter = Letter("800/12/Dinkes", date(2024, 11, 7))
        file = objections.Attachment("surat.pdf", io.BytesIO(builders.PDF))
        filed = objections.file(cast.bkpsdm, nomination_id=ids[0], reason=objecting.REASON, letter=letter, attachment=file)
        objections.withdraw(cast.bkpsdm, objection_id=filed, reason="Surat dicabut.", expected_version=1)
    objecting.filed(cast, ids[0])
    objecting.accepted(cast, ids[1])
    objecting.reopened(cast, ids[1], cast.assessor, cast.assessor2, criteria=("gagasan",))
    for assessor in (cast.assessor, cast.assessor2):
        objecting.remarked(assessor, ids[1], objecting.HIGHER)
    objecting.final(cast, round_, day=7)
    accepted = objecting.accepted(cast, ids[2])
    with objecting.at(7, 14):
        version = objecting.version_of(accepted)
        objections.note_no_change(cast.bkpsdm, objection_id=accepted, note="Nilai sudah tepat.", expected_version=version)
    return round_


def _decided(cast: Cast) -> builders.Round:
    """In determination: other winners than the ranking says wait for a second admin; a tie was decided, one is passed over."""
    policy = builders.tiny_instrument()["policy"] | {"floors": [{"component": "inovasi", "at_least": 10}]}
    wide = FULL_MARKS | {"gagasan": mark("20")}
    narrow = FULL_MARKS | {"disiplin": mark("0", "Pernah terlambat.")}
    low = FULL_MARKS | {"gagasan": mark("0", "Tidak ada."), "dampak": mark("0", "Tidak berdampak.")}
    options = {"document": builders.tiny_instrument(policy=policy), "winners_per_unit": 2, "winners": 3, "slug": "2024-d"}
    round_, ids, ranking_id = determining(cast, marks=(FULL_MARKS, wide, narrow, low), **options)
    award = people.AwardRecord(builders.employee_of(ids[0]).id, 2022, "internasional", "Pegawai teladan", "Bupati")
    people.record_awards(SYSTEM, records=[award])
    determine(cast, round_, ranking_id, [ids[0], ids[1]], override_reason="Peringkat dua pindah.", citations={ids[1]: "Teladan."})
    return round_


def _published(cast: Cast) -> builders.Round:
    """Determined, revoked and determined anew, published with scores after a first publication that was withdrawn."""
    round_, ids, ranking_id = determining(cast, slug="2024-e")
    other = second_admin()
    determine(cast, round_, ranking_id, ids[:2])
    with builders.standing_at(2024, 11, 9):
        proposal_id = proposals.propose_revocation(cast.bkpsdm, category_id=round_.category_id, reason="Salah nomor SK.")
        proposals.approve(other, proposal_id=proposal_id, note="Setuju.")
    with builders.standing_at(2024, 11, 10):
        outcome = results.determine(
            cast.bkpsdm,
            category_id=round_.category_id,
            ranking_id=ranking_id,
            nomination_ids=[ids[0], ids[2]],
            decree_number="188.45/2/Kum/2024",
            decree_on=date(2024, 11, 10),
            override_reason="Peringkat dua pindah.",
            citations={ids[0]: "Antrean tanpa kertas."},
        )
        proposals.approve(other, proposal_id=outcome.proposal_id, note="Setuju.")
        determination_id = Determination.get(category=round_.category_id, revoked_at=None).id
        stream = io.BytesIO(builders.PDF)
        results.attach_decree(cast.bkpsdm, determination_id=determination_id, filename="sk.pdf", stream=stream)
        analysis.request(cast.bkpsdm, ranking_id=ranking_id)
        assert jobs.work_once()
    with builders.standing_at(2024, 11, 16):
        first = results.publish(cast.bkpsdm, period_id=round_.period_id, policy="names")
        results.unpublish(cast.bkpsdm, publication_id=first, note="Salah ketik.")
    with builders.standing_at(2024, 11, 18):
        results.publish(cast.bkpsdm, period_id=round_.period_id, policy="names_and_breakdown")
    return round_


def _administration(cast: Cast) -> None:
    """What is no part of a round."""
    text = Text("Jadwal pembekalan", "Pembekalan **Senin**.", "Briefing", "On **Monday**.")
    shown = announcements.create(cast.bkpsdm, slug="pembekalan", text=text, is_pinned=True)
    announcements.publish(cast.bkpsdm, announcement_id=shown, ends_at=datetime(2024, 12, 24, tzinfo=UTC), expected_version=1)
    second = announcements.create(cast.bkpsdm, slug="pembekalan-dua", text=text)
    announcements.publish(cast.bkpsdm, announcement_id=second, expected_version=1)
    gone = announcements.create(cast.bkpsdm, slug="batal", text=text)
    announcements.publish(cast.bkpsdm, announcement_id=gone, expected_version=1)
    announcements.withdraw(cast.bkpsdm, announcement_id=gone, note="Keliru.", expected_version=2)
    announcements.create(cast.bkpsdm, slug="draf", text=text)
    signer = Person("Drs. Ahmad", "Sekretaris Daerah", SignatoryStatus.ON_BEHALF, "Bupati Balangan", "Pembina", "198609262015051001")
    signatories.add(cast.bkpsdm, documents=list(SignedDocument), person=signer, valid_from=date(2024, 1, 1), valid_to=date(2024, 12, 31))
    used = tokens.create(cast.bkpsdm, name="SILKa", purpose="Kehadiran", owner_id=cast.bkpsdm.user_id, scopes=[Scope.UNITS_READ])
    tokens.note_use(used.token_id)
    tokens.revoke(cast.bkpsdm, token_id=used.token_id, reason="Bocor.")
    for key, value in CONTACT.items():
        settings.change(cast.bkpsdm, key=key, value=value, expected_version=0)
    idle = builders.employee(cast.unit_id, "Kerabat Penilai")
    conflicts.withdraw(cast.assessor, relation_id=conflicts.declare(cast.assessor, employee_id=idle, kind="family", note="Adik."))
    conflicts.link_employee(cast.bkpsdm, user_id=cast.assessor2.user_id, employee_id=idle, expected_version=1)
    basis = Basis(date(2024, 11, 19), "Perbup 12/2024", "Penataan.")
    units.rename(cast.bkpsdm, unit_id=cast.unit_id, code="dinkes-kb", name="Dinas Kesehatan dan KB", basis=basis, expected_version=1)
    (former_id,) = people.register_units(SYSTEM, units=[people.NewUnit("kb", "Dinas KB")])
    units.merge(cast.bkpsdm, unit_id=former_id, into_id=cast.unit_id, basis=basis, expected_version=1)


def _webhook(cast: Cast) -> None:
    """A paused one with two messages: the first was refused by its receiver, the second waits."""
    hooks.use_settings()
    made = hooks.made(cast, Event.RESULT_PUBLISHED, payload="public/Period", token_id=hooks.token(cast))
    sent = webhooks.ping(cast.bkpsdm, webhook_id=made.webhook_id)
    tried = {"tried_at": LATE, "duration_ms": 12, "status": 500, "answer": "Rusak", "error": "status", "finished_at": LATE}
    WebhookDelivery.update(state="failed", tries=8, **tried).where(WebhookDelivery.id == sent).execute()
    Webhook.update(failures=8, delivered_at=OBJECTING).execute()
    webhooks.ping(cast.bkpsdm, webhook_id=made.webhook_id)
    hooks.made(cast, Event.ANNOUNCEMENT_PUBLISHED, name="Kedua")
    webhooks.pause(cast.bkpsdm, webhook_id=made.webhook_id, reason="Penerima rusak.", expected_version=1)


CONTACT = {
    "agency_address": "Jalan A. Yani, Paringin",
    "help_hours": "Senin sampai Jumat",
    "help_phone": "0526123456",
    "help_email": "bkpsdm@example.go.id",
    "help_whatsapp": "6281234567890",
}


def _accounts(cast: Cast, apart: Actor) -> None:
    """Everybody has signed in once; the auditor has a second factor and single sign-on."""
    for who in (*_readers(cast), apart):
        sign_in.authenticate(username=who.username, password=cast.password, address="10.0.0.7", device="Firefox")
    second_factor.use(KEY)
    begun = second_factor.begin(cast.viewer, password=cast.password, address="10.0.0.7")
    second_factor.confirm(cast.viewer, code=pyotp.TOTP(begun.secret).at(clock.now()), address="10.0.0.7")
    identities.link(cast.viewer, issuer="https://masuk.example.go.id", subject="auditor")
