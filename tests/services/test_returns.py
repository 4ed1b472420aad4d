"""A return is kept as it was said, answered point by point, and comes again only when every point is answered."""

from datetime import date, datetime, timedelta

import pytest

from sipetruk.errors import Conflict, Forbidden, IllegalMove, Invalid, NotFound
from sipetruk.models import AuditEntry, Endorsement, Nomination, ReturnItem
from sipetruk.queries import checks as check_queries
from sipetruk.queries.nominations import nomination as view_of
from sipetruk.queries.nominations import nominations as list_of
from sipetruk.rules.workflow import WITA
from sipetruk.services import checks, clock, nominations, returns
from tests.services import builders
from tests.services.builders import PDF, attach, version_of

DUE = date(2024, 10, 20)


@pytest.fixture
def id_(cast):
    """Returned on 14 October: the proposal is lacking, about the SKP there is a note, about the photograph nothing to answer."""
    nomination_id = builders.submitted(cast, builders.open_round(cast))
    with builders.standing_at(2024, 10, 14):
        verdicts = {"proposal": ("absent", "Halaman 2 hilang."), "skp": ("present", "Tahun 2023 saja."), "foto": ("absent", "")}
        version = checks.record_items(
            cast.verifier, nomination_id=nomination_id, items=verdicts, expected_version=version_of(nomination_id)
        )
        checks.return_(cast.verifier, nomination_id=nomination_id, reason="Lengkapi proposal.", due_on=DUE, expected_version=version)
    return nomination_id


@pytest.fixture(autouse=True)
def while_it_is_corrected():
    with builders.standing_at(2024, 10, 18):
        yield


def view(actor, nomination_id):
    return view_of(actor, nomination_id, now=clock.now(), today=clock.today())


def points(actor, nomination_id):
    (last,) = view(actor, nomination_id).returns
    return {item.requirement: (item.verdict, item.note, item.reply, item.is_renewed, item.is_answered) for item in last.items}


def reply(cast, nomination_id, replies, **more):
    return returns.reply(cast.unit_admin, nomination_id=nomination_id, replies=replies, expected_version=version_of(nomination_id), **more)


def resubmit(cast, nomination_id):
    nominations.endorse(cast.unit_head, nomination_id=nomination_id, expected_version=version_of(nomination_id))
    nominations.submit(cast.unit_admin, nomination_id=nomination_id, expected_version=version_of(nomination_id))


def test_a_return_has_a_point_for_its_reason_each_note_and_each_lacking_obligatory_file(cast, id_):
    assert points(cast.unit_admin, id_) == {
        "": ("", "Lengkapi proposal.", "", False, False),
        "proposal": ("absent", "Halaman 2 hilang.", "", False, False),
        "skp": ("present", "Tahun 2023 saja.", "", False, False),
    }


def test_it_comes_again_only_when_every_point_is_answered(cast, id_):
    lacking = [problem.path for problem in view(cast.unit_admin, id_).missing]
    assert lacking == [("returnItems", ""), ("returnItems", "proposal"), ("returnItems", "skp")]
    for act, actor in (
        (nominations.hand_over, cast.unit_admin),
        (nominations.endorse, cast.unit_head),
        (nominations.submit, cast.unit_admin),
    ):
        with pytest.raises(Invalid) as refused:
            act(actor, nomination_id=id_, expected_version=version_of(id_))
        assert [problem.path for problem in refused.value.problems] == lacking
    attach(cast.unit_admin, id_, content=PDF + b"lengkap")
    assert [problem.path for problem in view(cast.unit_admin, id_).missing] == [("returnItems", "skp")]
    reply(cast, id_, {"skp": "Laporan 2024 belum terbit."})
    assert view(cast.unit_admin, id_).missing == ()
    resubmit(cast, id_)
    assert Nomination.get_by_id(id_).state == "submitted"


def test_the_verifier_reads_the_reply_beside_the_requirement(cast, id_):
    reply(cast, id_, {"": "Sudah diperiksa ulang.", "proposal": "Halaman 2 ada di belakang.", "skp": "Laporan 2024 belum terbit."})
    resubmit(cast, id_)
    found = {item.code: item.returned for item in check_queries.requirements(view(cast.verifier, id_))}
    assert (found["proposal"].note, found["proposal"].reply, found["proposal"].replied_by) == (
        "Halaman 2 hilang.",
        "Halaman 2 ada di belakang.",
        "Sari Pengusul",
    )
    assert found["foto"] is None
    (last,) = view(cast.verifier, id_).returns
    assert (last.is_open, last.item("").reply, last.reason) == (False, "Sudah diperiksa ulang.", "Lengkapi proposal.")


def test_the_words_of_a_return_stay_when_the_verdicts_change(cast, id_):
    attach(cast.unit_admin, id_, content=PDF + b"lengkap")
    reply(cast, id_, {"skp": "Sudah."})
    resubmit(cast, id_)
    verdicts = {"proposal": ("present", ""), "skp": ("absent", "Masih kosong.")}
    version = checks.record_items(cast.verifier, nomination_id=id_, items=verdicts, expected_version=version_of(id_))
    checks.return_(cast.verifier, nomination_id=id_, reason="Sekali lagi.", due_on=DUE, expected_version=version)
    first, second = view(cast.unit_admin, id_).returns
    assert [(item.requirement, item.note, item.reply) for item in first.items] == [
        ("", "Lengkapi proposal.", ""),
        ("proposal", "Halaman 2 hilang.", ""),
        ("skp", "Tahun 2023 saja.", "Sudah."),
    ]
    assert ([item.requirement for item in second.items], first.is_open, second.is_open) == (["", "skp"], False, True)


def test_a_reply_voids_the_signature_and_is_signed_with_the_next(cast, id_):
    before = Endorsement.get()
    reply(cast, id_, {"": "Satu.", "proposal": "Dua.", "skp": "Tiga."})
    assert Endorsement.get().void_reason == "Jawaban atas catatan verifikator berubah sesudah disahkan."
    nominations.endorse(cast.unit_head, nomination_id=id_, expected_version=version_of(id_))
    signed = view(cast.unit_head, id_).endorsement
    assert (signed.is_intact, signed.content_sha256 != before.content_sha256) == (True, True)
    ReturnItem.update(reply="Diganti diam-diam").where(ReturnItem.requirement == "skp").execute()
    assert view(cast.unit_head, id_).endorsement.is_intact is False


def test_a_reply_can_be_changed_and_taken_back_and_one_that_says_the_same_changes_nothing(cast, id_):
    first = reply(cast, id_, {"skp": " Satu. "})
    assert reply(cast, id_, {"skp": "Satu."}) == first
    reply(cast, id_, {"skp": ""})
    assert points(cast.unit_admin, id_)["skp"] == ("present", "Tahun 2023 saja.", "", False, False)
    row = ReturnItem.get(requirement="skp")
    assert (row.replied_by_id, row.replied_at) == (None, None)
    entries = AuditEntry.select().where(AuditEntry.action == "nomination:reply").order_by(AuditEntry.id)
    assert [(entry.before, entry.after) for entry in entries] == [({"skp": ""}, {"skp": "Satu."}), ({"skp": "Satu."}, {"skp": ""})]


def test_what_is_not_a_point_or_no_text_is_refused_and_nothing_is_saved(cast, id_):
    for replies, path in (
        ({"skp": "Ada.", "foto": "Apa?"}, ("returnItems", "foto")),
        ({"skp": "x" * 2_001}, ("returnItems", "skp")),
        ({"skp": "nul \x00"}, ("returnItems", "skp")),
    ):
        with pytest.raises(Invalid) as refused:
            reply(cast, id_, replies)
        assert [problem.path for problem in refused.value.problems] == [path]
    assert {row.reply for row in ReturnItem.select()} == {""}


@pytest.mark.parametrize(
    ("who", "refusal"), [("unit_head", Forbidden), ("verifier", Forbidden), ("outsider", NotFound), ("assessor", NotFound)]
)
def test_only_the_officer_of_the_unit_replies(cast, id_, who, refusal):
    with pytest.raises(refusal):
        returns.reply(getattr(cast, who), nomination_id=id_, replies={"skp": "Ada."}, expected_version=version_of(id_))
    assert ReturnItem.get(requirement="skp").reply == ""


def test_two_tabs_two_clicks_and_what_is_not_returned(cast, id_):
    version = version_of(id_)
    answers = [
        returns.reply(cast.unit_admin, nomination_id=id_, replies={"skp": "Ada."}, expected_version=version, idempotency_key="satu")
        for _ in range(2)
    ]
    assert answers == [version + 1] * 2
    with pytest.raises(Conflict):
        returns.reply(cast.unit_admin, nomination_id=id_, replies={"skp": "Lain."}, expected_version=version)
    reply(cast, id_, {"": "Satu.", "proposal": "Dua."})
    resubmit(cast, id_)
    with pytest.raises(IllegalMove):
        reply(cast, id_, {"skp": "Terlambat."})
    assert ReturnItem.get(requirement="skp").reply == "Ada."


def test_a_reply_is_possible_to_the_last_second_of_the_deadline(cast, id_):
    last = datetime(2024, 10, 20, 23, 59, 59, tzinfo=WITA)
    with clock.standing_at(last + timedelta(seconds=1)), pytest.raises(IllegalMove, match="Batas waktu perbaikan"):
        reply(cast, id_, {"skp": "Ada."})
    with clock.standing_at(last):
        reply(cast, id_, {"skp": "Ada."})
    assert ReturnItem.get(requirement="skp").reply == "Ada."


def test_a_list_of_returned_nominations_costs_the_same_for_one_and_for_more(cast, db):
    def returned(name):
        nomination_id = builders.submitted(cast, round_, name)
        with builders.standing_at(2024, 10, 14):
            checks.return_(
                cast.verifier, nomination_id=nomination_id, reason="Lengkapi.", due_on=DUE, expected_version=version_of(nomination_id)
            )

    round_ = builders.open_round(cast)
    returned("Budi Santoso")
    costs = []
    for name in ("Wati Lestari", "Hadi Susilo"):
        with builders.counted(db) as sent:
            rows = list_of(cast.unit_admin, now=clock.now()).rows
        costs.append(len(sent))
        assert {row.missing_count for row in rows} == {1}
        returned(name)
    with builders.counted(db) as sent:
        list_of(cast.unit_admin, now=clock.now())
    assert [*costs, len(sent)] == [costs[0]] * 3
