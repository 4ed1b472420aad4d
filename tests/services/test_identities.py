"""Identities of the single sign-on: who is recognised, who is linked, and that no right comes from outside."""

import pytest

from sipetruk.errors import Conflict, Forbidden, Invalid, NotFound, Unauthenticated
from sipetruk.models import AuditEntry, ExternalIdentity, LoginAttempt, Membership, Notification, User
from sipetruk.rules.permissions import SYSTEM
from sipetruk.services import identities, second_factor, users
from sipetruk.services.identities import LinkBy
from tests.services import test_second_factor as factors

ISSUER = "https://sso.balangan.go.id"
HERE = "203.0.113.5"


def come(subject="s-1", username="", email="", link_by=LinkBy.NONE, issuer=ISSUER):
    return identities.sign_in(issuer=issuer, subject=subject, username=username, email=email, link_by=link_by, label="SSO", address=HERE)


def links():
    return [(row.user_id, row.issuer, row.subject) for row in ExternalIdentity.select().order_by(ExternalIdentity.id)]


def last():
    return AuditEntry.select().order_by(AuditEntry.id.desc()).first()


def test_a_linked_identity_signs_in(cast):
    identities.link(cast.assessor, issuer=ISSUER, subject="s-1")
    assert (last().action, last().after) == ("account:identity", {"identity": "linked", "by": "own"})
    found = come()
    assert (found.user_id, found.session_epoch, found.needs_code) == (cast.assessor.user_id, 0, False)
    assert [row.is_success for row in LoginAttempt.select()] == [True]


def test_the_same_subject_of_another_issuer_is_somebody_else(cast):
    identities.link(cast.assessor, issuer=ISSUER, subject="s-1")
    with pytest.raises(Unauthenticated, match="belum terhubung"):
        come(issuer="https://lain.example")


@pytest.mark.parametrize("claims", [{"username": "penilai1"}, {"email": "siti@balangan.go.id"}])
def test_without_the_setting_no_claim_links_anybody(cast, claims):
    users.update(SYSTEM, user_id=cast.assessor.user_id, name="Siti", email="siti@balangan.go.id", expected_version=1)
    with pytest.raises(Unauthenticated, match="Akun SSO Anda belum terhubung"):
        come(**claims)
    assert links() == []


def test_a_name_links_once_and_is_not_needed_again(cast):
    assert come(username="Penilai1", link_by=LinkBy.USERNAME).user_id == cast.assessor.user_id
    assert links() == [(cast.assessor.user_id, ISSUER, "s-1")]
    assert last().after == {"identity": "linked", "by": "username"}
    assert come(username="bkpsdm", link_by=LinkBy.USERNAME).user_id == cast.assessor.user_id
    with pytest.raises(Conflict, match="sudah terhubung dengan akun lain"):
        come("s-2", username="penilai1", link_by=LinkBy.USERNAME)
    assert len(links()) == 1


def test_an_address_links_only_where_it_is_one_users(cast):
    users.update(SYSTEM, user_id=cast.assessor.user_id, name="Siti", email="siti@balangan.go.id", expected_version=1)
    assert come(email="Siti@Balangan.go.id", link_by=LinkBy.EMAIL).user_id == cast.assessor.user_id
    for who in (cast.unit_admin, cast.unit_head):
        users.update(SYSTEM, user_id=who.user_id, name="Dinkes", email="dinkes@balangan.go.id", expected_version=1)
    with pytest.raises(Unauthenticated):
        come("s-2", email="dinkes@balangan.go.id", link_by=LinkBy.EMAIL)
    with pytest.raises(Unauthenticated):
        come("s-3", username="penilai1", link_by=LinkBy.EMAIL)
    with pytest.raises(Unauthenticated):
        come("s-4", link_by=LinkBy.EMAIL)


def test_a_letter_that_only_looks_like_one_of_ours_links_nobody(cast):
    users.update(SYSTEM, user_id=cast.bkpsdm.user_id, name="Rina", email="rina@bkpsdm.id", expected_version=1)
    for claims in ({"username": "b\u212apsdm", "link_by": LinkBy.USERNAME}, {"email": "rina@b\u212apsdm.id", "link_by": LinkBy.EMAIL}):
        with pytest.raises(Unauthenticated, match="belum terhubung"):
            come(**claims)
    assert links() == []


def test_an_inactive_user_stays_out_and_is_not_linked(cast):
    users.set_active(SYSTEM, user_id=cast.assessor.user_id, is_active=False, expected_version=1)
    with pytest.raises(Unauthenticated, match="tidak aktif"):
        come(username="penilai1", link_by=LinkBy.USERNAME)
    assert links() == []


def test_no_user_and_no_role_is_made(cast):
    before = (User.select().count(), Membership.select().count())
    with pytest.raises(Unauthenticated):
        come(username="orang-baru", email="baru@balangan.go.id", link_by=LinkBy.USERNAME)
    come(username="penilai1", link_by=LinkBy.USERNAME)
    assert (User.select().count(), Membership.select().count()) == before


def test_the_second_factor_is_asked_for_after_the_provider_too(cast, switched_on):
    identities.link(cast.assessor, issuer=ISSUER, subject="s-1")
    assert come().needs_code


def test_one_identity_is_one_user(cast):
    identities.link(cast.assessor, issuer=ISSUER, subject="s-1")
    with pytest.raises(Conflict, match="sudah terhubung dengan pengguna"):
        identities.link(cast.viewer, issuer=ISSUER, subject="s-1")
    assert links() == [(cast.assessor.user_id, ISSUER, "s-1")]


@pytest.mark.parametrize("subject", ["", "x" * 256, "a\x00b"])
def test_an_identity_without_a_usable_subject_is_refused(cast, subject):
    with pytest.raises(Unauthenticated):
        come(subject, username="penilai1", link_by=LinkBy.USERNAME)
    with pytest.raises(Unauthenticated):
        identities.link(cast.assessor, issuer=ISSUER, subject=subject)
    assert links() == []


def test_a_link_is_taken_away_with_the_password(cast):
    identities.link(cast.assessor, issuer=ISSUER, subject="s-1")
    with pytest.raises(Invalid):
        identities.unlink(cast.assessor, password="salah", address=HERE)
    assert len(links()) == 1
    identities.unlink(cast.assessor, password="rahasia-bersama", address=HERE)
    assert links() == []
    with pytest.raises(Invalid, match="Tidak ada akun"):
        identities.unlink(cast.assessor, password="rahasia-bersama", address=HERE)


def test_an_administrator_takes_a_link_away_with_a_reason(cast):
    identities.link(cast.assessor, issuer=ISSUER, subject="s-1")
    number = cast.assessor.user_id
    with pytest.raises(Forbidden):
        identities.remove(cast.verifier, user_id=number, reason="Salah orang.")
    with pytest.raises(Invalid):
        identities.remove(cast.bkpsdm, user_id=number, reason=" ")
    with pytest.raises(NotFound):
        identities.remove(cast.bkpsdm, user_id=4711, reason="Salah orang.")
    assert len(links()) == 1
    began = come().session_epoch
    identities.remove(cast.bkpsdm, user_id=number, reason="Salah orang.")
    assert (links(), last().reason, last().action) == ([], "Salah orang.", "user:identity_remove")
    assert User.get_by_id(number).session_epoch == began + 1  # whoever came in by the wrong link is out
    assert [row.notice for row in Notification.select().order_by(Notification.id)] == ["account_linked", "account_unlinked"]
    assert "s-1" not in str(list(AuditEntry.select().dicts()))


switched_on = factors.switched_on


@pytest.fixture(autouse=True)
def key():
    second_factor.use(factors.KEY)
