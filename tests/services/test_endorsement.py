"""Handing over, signing and what voids a signature; a request that comes twice does its thing once."""

from datetime import date, datetime, timedelta

import pytest

from sipetruk.errors import Conflict, Forbidden, IllegalMove, Invalid, NotFound
from sipetruk.models import AuditEntry, Endorsement, IdempotencyKey, Nomination, Notification, Period
from sipetruk.queries.nominations import nomination as view_of
from sipetruk.rules.workflow import WITA, Stage
from sipetruk.services import clock, nominations, periods
from tests.services import builders
from tests.services.builders import PDF, attach, version_of

LAST = datetime(2024, 10, 15, 23, 59, 59, tzinfo=WITA)


@pytest.fixture
def id_(cast):
    return builders.filled(cast, builders.open_round(cast))


def view(actor, nomination_id):
    return view_of(actor, nomination_id, now=clock.now(), today=clock.today())


def state(nomination_id):
    found = Nomination.get_by_id(nomination_id)
    return found.state, found.handed_over_at is not None


def test_a_complete_nomination_is_handed_over_and_both_see_it(cast, id_):
    with builders.during_nomination():
        assert (view(cast.unit_admin, id_).row.moves, view(cast.unit_head, id_).row.moves) == (
            ("edit", "hand_over", "withdraw"),
            ("endorse", "send_back", "withdraw"),
        )
        version = nominations.hand_over(cast.unit_admin, nomination_id=id_, expected_version=version_of(id_))
        assert (state(id_), version) == (("draft", True), version_of(id_))
        seen = [view(who, id_).row.handed_over_at for who in (cast.unit_admin, cast.unit_head)]
        assert seen == [clock.now()] * 2
        assert view(cast.unit_admin, id_).row.moves == ("edit", "withdraw")
    told = [(row.recipient_id, str(row.notice)) for row in Notification.select().where(Notification.thing == "nomination")]
    assert told == [(cast.unit_head.user_id, "nomination_to_endorse")]
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
    assert (entry.action, list(entry.after)) == ("nomination:hand_over", ["content_sha256"])


def test_what_is_incomplete_handed_over_or_signed_cannot_be_handed_over(cast, id_):
    unfinished = builders.drafted(cast, builders.open_round(cast, slug="2025"), "Wati Lestari")
    with builders.during_nomination():
        with pytest.raises(Invalid):
            nominations.hand_over(cast.unit_admin, nomination_id=unfinished, expected_version=version_of(unfinished))
        nominations.hand_over(cast.unit_admin, nomination_id=id_, expected_version=version_of(id_))
        with pytest.raises(IllegalMove, match="sudah diserahkan"):
            nominations.hand_over(cast.unit_admin, nomination_id=id_, expected_version=version_of(id_))
        nominations.endorse(cast.unit_head, nomination_id=id_, expected_version=version_of(id_))
        with pytest.raises(IllegalMove, match="sudah disahkan"):
            nominations.hand_over(cast.unit_admin, nomination_id=id_, expected_version=version_of(id_))
    assert (state(unfinished), state(id_)) == (("draft", False), ("endorsed", False))


@pytest.mark.parametrize(
    ("who", "refusal"), [("unit_head", Forbidden), ("bkpsdm", Forbidden), ("verifier", Forbidden), ("outsider", NotFound)]
)
def test_only_the_officer_hands_over(cast, id_, who, refusal):
    with builders.during_nomination(), pytest.raises(refusal):
        nominations.hand_over(getattr(cast, who), nomination_id=id_, expected_version=version_of(id_))
    assert state(id_) == ("draft", False)


def test_a_change_takes_the_handing_over_back(cast, id_):
    with builders.during_nomination():
        nominations.hand_over(cast.unit_admin, nomination_id=id_, expected_version=version_of(id_))
        attach(cast.unit_admin, id_, content=PDF + b"lagi")
        assert state(id_) == ("draft", False)
        nominations.hand_over(cast.unit_admin, nomination_id=id_, expected_version=version_of(id_))
        nominations.send_back(cast.unit_head, nomination_id=id_, note="Tambah dampaknya.", expected_version=version_of(id_))
        assert state(id_) == ("draft", False)


def test_a_signature_names_who_when_and_over_what(cast, id_):
    with builders.during_nomination():
        nominations.endorse(cast.unit_head, nomination_id=id_, expected_version=version_of(id_), note="Sangat layak.")
        signed = view(cast.unit_admin, id_).endorsement
    assert (signed.by_name, signed.note, signed.is_intact, signed.voided_at) == ("Ahmad Kepala", "Sangat layak.", True, None)
    assert signed.content_sha256 == Endorsement.get().content_sha256 == nominations.content_sha256(Nomination.get_by_id(id_))


def test_what_was_changed_behind_the_back_of_a_signature_shows_and_cannot_be_handed_in(cast, id_):
    with builders.during_nomination():
        nominations.endorse(cast.unit_head, nomination_id=id_, expected_version=version_of(id_))
        Nomination.update(answers={**Nomination.get_by_id(id_).answers, "judul": "Diganti diam-diam"}).execute()
        assert view(cast.unit_admin, id_).endorsement.is_intact is False
        with pytest.raises(IllegalMove, match="mengesahkannya kembali"):
            nominations.submit(cast.unit_admin, nomination_id=id_, expected_version=version_of(id_))
        Endorsement.update(values={"perilaku": "100"}).execute()
    assert state(id_) == ("endorsed", False)


def test_a_void_signature_says_since_when_and_why(cast, id_):
    with builders.standing_at(2024, 10, 3):
        nominations.endorse(cast.unit_head, nomination_id=id_, expected_version=version_of(id_))
    with builders.standing_at(2024, 10, 4):
        attach(cast.unit_admin, id_, content=PDF + b"lagi")
        after_a_change = view(cast.unit_head, id_)
    with builders.standing_at(2024, 10, 5):
        nominations.endorse(cast.unit_head, nomination_id=id_, expected_version=version_of(id_))
    with builders.standing_at(2024, 10, 6):
        nominations.send_back(cast.unit_head, nomination_id=id_, note="Belum.", expected_version=version_of(id_))
        after_all = view(cast.unit_head, id_)
    assert (after_a_change.endorsement, [each.void_reason for each in after_all.endorsements]) == (
        None,
        ["Isian atau bukti berubah sesudah disahkan.", "Kepala unit mengembalikannya kepada penyusun."],
    )
    assert [(step.step.value, step.note) for step in after_all.journey] == [
        ("drafted", ""),
        ("endorsed", ""),
        ("voided", "Isian atau bukti berubah sesudah disahkan."),
        ("endorsed", ""),
        ("sent_back", "Belum."),
    ]


def test_the_same_request_twice_does_its_thing_once(cast, id_):
    """Each step of a double click answers alike; nobody is told twice; another key is another request."""

    def twice(act, actor, **given):
        version = version_of(id_)
        answers = [act(actor, nomination_id=id_, expected_version=version, idempotency_key="kunci", **given) for _ in range(2)]
        assert answers == [version_of(id_)] * 2
        with pytest.raises(Conflict):
            act(actor, nomination_id=id_, expected_version=version, idempotency_key="lain", **given)

    with builders.during_nomination():
        twice(nominations.hand_over, cast.unit_admin)
        twice(nominations.endorse, cast.unit_head)
        twice(nominations.submit, cast.unit_admin)
        twice(nominations.withdraw, cast.unit_admin, reason="Pindah tugas.")
    assert (state(id_), Endorsement.select().count(), IdempotencyKey.select().count()) == (("withdrawn", False), 1, 4)
    steps = [entry.action for entry in AuditEntry.select().where(AuditEntry.thing == "nomination").order_by(AuditEntry.id)]
    assert steps[2:] == ["nomination:hand_over", "nomination:endorse", "nomination:submit", "nomination:withdraw"]


def test_a_key_belongs_to_one_nomination(cast):
    round_ = builders.open_round(cast)
    first, second = builders.filled(cast, round_), builders.filled(cast, round_, "Wati Lestari")
    with builders.during_nomination():
        for each in (first, second):
            nominations.hand_over(cast.unit_admin, nomination_id=each, expected_version=version_of(each), idempotency_key="satu")
        with pytest.raises(Invalid, match="1 sampai 100 karakter yang tercetak"):
            nominations.endorse(cast.unit_head, nomination_id=first, expected_version=version_of(first), idempotency_key="x" * 101)
    assert [state(first), state(second)] == [("draft", True)] * 2


@pytest.mark.parametrize("note", ["x" * 2_001, "nul \x00 di tengah"])
def test_a_note_that_cannot_be_kept_is_refused_at_its_field(cast, id_, note):
    with builders.during_nomination():
        for act, actor, field in (
            (nominations.endorse, cast.unit_head, "note"),
            (nominations.send_back, cast.unit_head, "note"),
            (nominations.withdraw, cast.unit_admin, "reason"),
        ):
            with pytest.raises(Invalid) as refused:
                act(actor, nomination_id=id_, expected_version=version_of(id_), **{field: note})
            assert [problem.path for problem in refused.value.problems] == [(field,)]
    assert state(id_) == ("draft", False)


def test_every_step_of_a_unit_is_possible_to_the_last_second_and_again_when_the_window_is_extended(cast, id_):
    hand_over = lambda: nominations.hand_over(cast.unit_admin, nomination_id=id_, expected_version=version_of(id_))  # noqa: E731
    with (
        clock.standing_at(LAST + timedelta(seconds=1)),
        pytest.raises(IllegalMove, match=r"ditutup pada 15 Oktober 2024 pukul 23\.59 WITA"),
    ):
        hand_over()
    extended = builders.WINDOWS | {Stage.NOMINATION: (date(2024, 10, 1), date(2024, 10, 17))}
    extended |= {Stage.VERIFICATION: (date(2024, 10, 18), date(2024, 10, 22))}
    with builders.standing_at(2024, 10, 16):
        period_id = Nomination.get_by_id(id_).category.period_id
        version = Period.get_by_id(period_id).row_version
        with pytest.raises(Invalid, match="hanya dapat diubah dengan alasan"):
            periods.set_windows(cast.bkpsdm, period_id=period_id, windows=extended, expected_version=version)
        periods.set_windows(cast.bkpsdm, period_id=period_id, windows=extended, expected_version=version, reason="Gangguan listrik.")
    with clock.standing_at(LAST + timedelta(days=2)):
        hand_over()
        nominations.endorse(cast.unit_head, nomination_id=id_, expected_version=version_of(id_))
    with clock.standing_at(LAST + timedelta(days=2, seconds=1)), pytest.raises(IllegalMove, match="ditutup pada 17 Oktober 2024"):
        nominations.submit(cast.unit_admin, nomination_id=id_, expected_version=version_of(id_))
    with clock.standing_at(LAST + timedelta(days=2)):
        nominations.submit(cast.unit_admin, nomination_id=id_, expected_version=version_of(id_))
    assert state(id_) == ("submitted", False)
