"""Who is told of what: each step of the round tells the people it concerns, in the same transaction, and nobody else."""

from datetime import date, timedelta

import pytest

from sipetruk.errors import Invalid, NotFound
from sipetruk.models import Category, Notification
from sipetruk.queries import notifications as queries
from sipetruk.queries import paging
from sipetruk.rules.permissions import SYSTEM, Actor, Role
from sipetruk.rules.workflow import PeriodMove, Stage
from sipetruk.services import checks, clock, nominations, notifications, periods, users
from sipetruk.services.transaction import transaction
from tests.services import builders

PEOPLE = ("bkpsdm", "verifier", "assessor", "assessor2", "assessor3", "unit_admin", "unit_head", "viewer", "outsider")


def told(cast):
    """What each member of the cast has not read yet, and marks it as read."""
    found = {}
    for who in PEOPLE:
        actor = getattr(cast, who)
        rows = queries.notifications(actor, only_unread=True, page=paging.PageRequest(100)).rows
        if rows:
            found[who] = [row.text for row in rows]
        notifications.mark_all_read(actor)
    return found


def test_the_opening_of_a_period_is_told_to_those_who_work_in_it(cast):
    builders.open_round(cast)
    name = builders.Period.select().get().name
    opened = f"{name} memasuki tahap “Pengusulan dibuka”."
    joined = f"Anda menjadi anggota tim penilai kategori “{_category()}”, {name}."
    assert told(cast) == {
        "verifier": [opened],
        "assessor": [joined],
        "assessor2": [joined],
        "unit_admin": [opened],
        "unit_head": [opened],
        "viewer": [opened],
        "outsider": [opened],
    }


def test_a_nomination_is_told_of_step_by_step(cast):
    round_ = builders.open_round(cast)
    told(cast)
    id_ = builders.endorsed(cast, round_)
    number = nominations.Nomination.get_by_id(id_).number
    assert told(cast) == {"unit_admin": [f"Usulan {number} sudah disahkan kepala OPD dan siap diajukan."]}
    with builders.during_nomination():
        nominations.send_back(cast.unit_head, nomination_id=id_, note="Lengkapi.", expected_version=builders.version_of(id_))
        assert told(cast) == {"unit_admin": [f"Usulan {number} dikembalikan kepala OPD kepada Anda, dengan catatan."]}
        nominations.endorse(cast.unit_head, nomination_id=id_, expected_version=builders.version_of(id_))
        nominations.submit(cast.unit_admin, nomination_id=id_, expected_version=builders.version_of(id_))
    assert told(cast)["verifier"] == [f"Usulan {number} diajukan dan menunggu verifikasi."]
    with builders.standing_at(2024, 10, 14):
        due = date(2024, 10, 18)
        checks.return_(cast.verifier, nomination_id=id_, reason="Kurang.", due_on=due, expected_version=builders.version_of(id_))
    returned = f"Usulan {number} dikembalikan untuk diperbaiki sampai 18 Oktober 2024 pukul 23.59 WITA."
    assert told(cast) == {"unit_admin": [returned], "unit_head": [returned]}


def test_what_becomes_of_a_nomination_is_told_to_its_unit_only(cast):
    round_ = builders.open_round(cast)
    accepted, rejected = builders.verified(cast, round_, "Budi Santoso"), builders.submitted(cast, round_, "Wati Lestari")
    told(cast)
    numbers = {row.id: row.number for row in nominations.Nomination.select()}
    with builders.standing_at(2024, 10, 14):
        checks.reject(cast.verifier, nomination_id=rejected, reason="Tidak.", expected_version=builders.version_of(rejected))
    text = f"Usulan {numbers[rejected]} dinyatakan tidak memenuhi syarat; alasannya ada pada usulan."
    assert told(cast) == {"unit_admin": [text], "unit_head": [text]}
    nominations.withdraw(cast.bkpsdm, nomination_id=accepted, reason="Pindah.", expected_version=builders.version_of(accepted))
    text = f"Usulan {numbers[accepted]} ditarik; alasannya ada pada usulan."
    assert told(cast) == {"verifier": [text], "unit_admin": [text], "unit_head": [text]}


def test_a_draft_that_is_withdrawn_concerns_nobody_at_bkpsdm(cast):
    id_ = builders.drafted(cast, builders.open_round(cast))
    told(cast)
    nominations.withdraw(cast.unit_admin, nomination_id=id_, reason="Salah orang.", expected_version=builders.version_of(id_))
    assert list(told(cast)) == ["unit_head"]


def test_assessors_are_told_how_many_sheets_wait_and_bkpsdm_when_all_are_done(cast):
    _, (budi, wati) = builders.assessing(cast, "Budi Santoso", "Wati Lestari")
    name = builders.Period.select().get().name
    opened = told(cast)
    text = f"Penilaian {name} dimulai: 2 lembar penilaian menunggu Anda."
    assert (opened["assessor"][0], opened["assessor2"][0], "assessor3" in opened) == (text, text, False)
    with builders.standing_at(2024, 10, 24):
        for who, id_ in ((cast.assessor, budi), (cast.assessor2, budi), (cast.assessor, wati)):
            builders.assess(who, id_)
        assert told(cast) == {}
        builders.assess(cast.assessor2, wati)
    assert told(cast) == {"bkpsdm": [f"Semua lembar penilaian kategori “{_category()}”, {name}, sudah selesai."]}


def test_a_later_last_day_is_told_to_those_who_work_in_the_stage(cast):
    round_ = builders.open_round(cast)
    told(cast)
    windows = builders.WINDOWS | {Stage.VERIFICATION: (date(2024, 10, 16), date(2024, 10, 22) + timedelta(days=1))}
    period = periods.Period.get_by_id(round_.period_id)
    periods.set_windows(cast.bkpsdm, period_id=period.id, windows=windows, expected_version=period.row_version, reason="Libur.")
    text = f"Tahap “Verifikasi administrasi” {period.name} kini berlangsung sampai 23 Oktober 2024 pukul 23.59 WITA."
    assert told(cast) == {"verifier": [text]}


def test_a_panel_is_told_when_its_category_is_removed(cast):
    round_ = builders.prepared_round(cast, panel=[cast.assessor, cast.assessor2])
    told_of = {"category": _category(), "period": builders.Period.select().get().name}
    gone = "Kategori “{category}”, {period}, dihapus; Anda tidak lagi menjadi anggota tim penilainya.".format(**told_of)
    category = Category.get_by_id(round_.category_id)
    periods.remove_category(cast.bkpsdm, category_id=category.id, expected_version=category.row_version)
    assert told(cast) == {"assessor": [gone], "assessor2": [gone]}  # that they joined it need not be read any more


def test_every_panel_of_a_removed_period_is_told(cast):
    kept = builders.prepared_round(cast)
    period_id = builders.prepared_round(cast, slug="keliru", name="Guru", panel=[cast.assessor, cast.assessor2]).period_id
    second = periods.add_category(
        cast.bkpsdm, period_id=period_id, name="Wawancara", slug="wawancara", instrument_version_id=kept.version_id, winners=1
    )
    periods.set_panel(cast.bkpsdm, category_id=second, user_ids=[cast.assessor2.user_id])
    told(cast)
    periods.remove(cast.bkpsdm, period_id=period_id, expected_version=builders.Period.get_by_id(period_id).row_version)
    guru, interview = (
        f"Kategori “{name}”, ASN Berprestasi keliru, dihapus; Anda tidak lagi menjadi anggota tim penilainya."
        for name in ("Guru", "Wawancara")
    )
    assert told(cast) == {"assessor": [guru], "assessor2": [interview, guru]}


def test_what_is_overtaken_counts_as_read(cast):
    round_ = builders.open_round(cast)
    for who in PEOPLE:
        notifications.mark_all_read(getattr(cast, who))
    id_ = builders.submitted(cast, round_)
    assert (queries.unread(cast.unit_admin), queries.unread(cast.verifier)) == (0, 1), "it is endorsed no more, it is submitted"
    other = builders.submitted(cast, round_, "Wati Lestari")
    with builders.standing_at(2024, 10, 14):
        version = builders.version_of(id_)
        checks.reject(cast.verifier, nomination_id=id_, reason="Tidak.", expected_version=version)
    numbers = {row.id: row.number for row in nominations.Nomination.select()}
    assert told(cast) == {
        "verifier": [f"Usulan {numbers[other]} diajukan dan menunggu verifikasi."],
        "unit_admin": [f"Usulan {numbers[id_]} dinyatakan tidak memenuhi syarat; alasannya ada pada usulan."],
        "unit_head": [f"Usulan {numbers[id_]} dinyatakan tidak memenuhi syarat; alasannya ada pada usulan."],
    }


def test_what_is_refused_tells_nobody(cast):
    round_ = builders.open_round(cast)
    id_ = builders.drafted(cast, round_)
    told(cast)
    with builders.during_nomination(), pytest.raises(Invalid):
        nominations.endorse(cast.unit_head, nomination_id=id_, expected_version=builders.version_of(id_))
    with builders.standing_at(2024, 10, 16):
        builders.move(cast, round_, PeriodMove.START_VERIFICATION)
    told(cast)
    with pytest.raises(Invalid):
        _refuse_after_telling(cast.bkpsdm)
    assert told(cast) == {}


def test_people_are_told_once_and_only_those_who_may_sign_in(cast):
    users.set_active(cast.bkpsdm, user_id=cast.unit_head.user_id, is_active=False, expected_version=1)
    assert notifications.unit_people(cast.unit_id) == [cast.unit_admin.user_id]
    assert notifications.unit_people(cast.unit_id, but=cast.unit_admin) == []
    assert notifications.users_with(Role.OPD_ADMIN, cast.other_unit_id) == [cast.outsider.user_id]
    with transaction():
        twice = [cast.unit_admin.user_id] * 2
        notifications.tell(twice, "nomination_submitted", thing="nomination", thing_id=7, number="2024-0007")
    assert Notification.select().count() == 1


def test_misuse_fails_at_once(cast):
    with pytest.raises(RuntimeError):
        notifications.tell([1], "nomination_submitted", thing="nomination", thing_id=1, number="1")
    with transaction():
        with pytest.raises(ValueError, match="is not a valid Notice"):
            notifications.tell([1], "unheard_of", thing="nomination", thing_id=1)
        with pytest.raises(ValueError, match="is filled with"):
            notifications.tell([1], "nomination_submitted", thing="nomination", thing_id=1, number="1", nip="x")


def test_each_reads_and_marks_only_the_own(cast):
    _tell(cast.unit_admin, 3)
    first, second, third = (row.id for row in queries.notifications(cast.unit_admin).rows)
    with pytest.raises(NotFound):
        notifications.mark_read(cast.outsider, notification_id=first)
    with pytest.raises(NotFound):
        queries.notification(cast.outsider, first)
    assert (queries.unread(cast.unit_admin), queries.unread(cast.outsider), queries.unread(SYSTEM)) == (3, 0, 0)
    notifications.mark_read(cast.unit_admin, notification_id=first)
    notifications.mark_read(cast.unit_admin, notification_id=first)
    assert [row.id for row in queries.notifications(cast.unit_admin, only_unread=True).rows] == [second, third]
    notifications.mark_read(cast.unit_admin, notification_id=first, is_read=False)
    assert notifications.mark_all_read(cast.unit_admin, up_to=second) == 2
    assert [row.id for row in queries.notifications(cast.unit_admin, only_unread=True).rows] == [first]
    assert notifications.mark_all_read(cast.outsider) == 0


def test_pages_go_on_behind_what_was_shown(cast):
    _tell(cast.unit_admin, 5)
    page = queries.notifications(cast.unit_admin, page=paging.PageRequest(2))
    _tell(cast.unit_admin, 1)
    further = queries.notifications(cast.unit_admin, page=paging.PageRequest(2, after=page.cursors[-1]))
    ids = [row.id for row in (*page.rows, *further.rows)]
    assert (len(set(ids)), ids == sorted(ids, reverse=True), further.total) == (4, True, 6)


def test_what_was_read_long_ago_is_forgotten(cast):
    with builders.standing_at(2024, 10, 1):
        _tell(cast.unit_admin, 2)
        notifications.mark_read(cast.unit_admin, notification_id=queries.notifications(cast.unit_admin).rows[0].id)
    with clock.standing_at(builders.datetime(2024, 12, 30, 2, tzinfo=builders.UTC)):
        assert notifications.forget_old() == 0
    with clock.standing_at(builders.datetime(2024, 12, 30, 2, 0, 1, tzinfo=builders.UTC)):
        assert (notifications.forget_old(), Notification.select().count()) == (1, 1)
    with builders.standing_at(2025, 11, 6):
        assert (notifications.forget_old(), Notification.select().count()) == (1, 0)


def test_more_notifications_cost_no_more_statements(cast, db):
    def cost():
        with builders.counted(db) as sent:
            queries.notifications(cast.unit_admin, page=paging.PageRequest(100))
            queries.unread(cast.unit_admin)
        return len(sent)

    nothing = cost()
    _tell(cast.unit_admin, 100)
    assert (cost(), nothing) == (2, 2)


def _tell(who: Actor, times: int) -> None:
    with transaction():
        for turn in range(times):
            notifications.tell([who.user_id], "nomination_submitted", thing="nomination", thing_id=turn + 1, number=str(turn))


def _refuse_after_telling(who: Actor) -> None:
    with transaction():
        _tell(who, 1)
        raise Invalid("Tidak.")


def _category() -> str:
    return str(periods.Category.select().get().name)
