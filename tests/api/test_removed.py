"""What was removed is not there under its id, and a repeated request for it makes nothing, whatever was made since."""

from sipetruk.models import Announcement, Category, InstrumentVersion, Period, Webhook
from sipetruk.services import evidence, webhooks
from tests.api.person import gid
from tests.services import builders, hooks

NODE = "query($id: ID!) { node(id: $id) { id } }"
SLUGS = {"name": "Keliru", "slug": "keliru", "idempotencyKey": "kunci"}


def made_removed_and_asked_again(me, create, given, remove, thing):
    """The payload of a request that is repeated after its thing was removed, and the id that the thing had."""
    shown = f"{{ {thing} {{ id version }} userErrors {{ code }} }}"
    first = me.act(create, given, shown)[thing]
    assert me.act(remove, {f"{thing}Id": first["id"], "expectedVersion": first["version"]}, "{ userErrors { code } }") == {"userErrors": []}
    return me.act(create, given, shown), first["id"]


NOTHING = {"userErrors": []}


def test_a_period(person, cast):
    me = person(cast.bkpsdm)
    again, old = made_removed_and_asked_again(me, "periodCreate", SLUGS | {"year": 2024}, "periodRemove", "period")
    assert again == NOTHING | {"period": None}
    other = me.act("periodCreate", {"name": "Lain", "year": 2024, "slug": "lain"}, "{ period { id } }")["period"]["id"]
    assert (me.ask(NODE, id=old), me.ask(NODE, id=other)) == ({"node": None}, {"node": {"id": other}})
    assert [row.slug for row in Period.select()] == ["lain"]


def test_a_category(person, cast):
    me, round_ = person(cast.bkpsdm), builders.prepared_round(cast)
    given = {
        "periodId": gid("Period", round_.period_id),
        "instrumentVersionId": gid("InstrumentVersion", round_.version_id),
        "winnersMax": 1,
    }
    again, old = made_removed_and_asked_again(me, "categoryAdd", SLUGS | given, "categoryRemove", "category")
    assert again == NOTHING | {"category": None}
    me.act("categoryAdd", given | {"name": "Lain", "slug": "lain"}, "{ category { id } }")
    assert me.ask(NODE, id=old) == {"node": None}
    assert [row.slug for row in Category.select().order_by(Category.id)] == ["inovatif", "lain"]


def test_a_draft_of_an_instrument(person, cast):
    me = person(cast.bkpsdm)
    shown = "{ version { id } userErrors { code } }"
    given = {"code": "keliru", "name": "Keliru", "idempotencyKey": "kunci"}
    first = me.act("instrumentCreate", given, shown)["version"]
    me.act("instrumentDraftDiscard", {"versionId": first["id"], "expectedVersion": 1}, "{ userErrors { code } }")
    assert me.act("instrumentCreate", given, shown) == NOTHING | {"version": None}
    me.act("instrumentCreate", {"code": "lain", "name": "Lain"}, shown)
    assert me.ask(NODE, id=first["id"]) == {"node": None}
    assert [row.instrument.code for row in InstrumentVersion.select()] == ["lain"]


def test_an_announcement(person, cast):
    given = {"slug": "keliru", "title": "Keliru", "body": "Isi.", "idempotencyKey": "kunci"}
    again, _ = made_removed_and_asked_again(person(cast.bkpsdm), "announcementCreate", given, "announcementRemove", "announcement")
    assert again == NOTHING | {"announcement": None}
    assert Announcement.select().count() == 0


def test_a_webhook_and_its_messages(person, cast):
    me = person(cast.bkpsdm)
    hooks.use_settings()
    given = {"name": "Keliru", "url": hooks.URL, "events": ["RESULT_PUBLISHED"], "idempotencyKey": "kunci"}
    shown = "{ webhook { id version } secret userErrors { code } }"
    first = me.act("webhookCreate", given, shown)["webhook"]
    message = me.act("webhookPing", {"webhookId": first["id"]}, "{ delivery { id } }")["delivery"]["id"]
    me.act("webhookRemove", {"webhookId": first["id"], "expectedVersion": first["version"]}, "{ userErrors { code } }")
    assert me.act("webhookCreate", given, shown) == NOTHING | {"webhook": None, "secret": None}
    webhooks.ping(cast.bkpsdm, webhook_id=hooks.made(cast).webhook_id)
    replayed = me.act("webhookDeliveryReplay", {"deliveryId": message}, "{ delivery { id } userErrors { code } }")
    assert replayed == {"delivery": None, "userErrors": [{"code": "NOT_FOUND"}]}
    assert [row.name for row in Webhook.select()] == ["Portal"]


def test_a_file(person, cast):
    me, id_ = person(cast.unit_admin), builders.drafted(cast, builders.open_round(cast))
    with builders.during_nomination():
        old = builders.attach(cast.unit_admin, id_)
        evidence.remove(cast.unit_admin, evidence_id=old)
        new = builders.attach(cast.unit_admin, id_, content=builders.PDF + b"lain")
    answers = [me.client.get(f"/bukti/{gid('Evidence', each)}").status_code for each in (old, new)]
    assert answers == [404, 200]
    with builders.during_nomination():
        removed = me.act("evidenceRemove", {"evidenceId": gid("Evidence", old)}, "{ userErrors { code } }")
    assert removed == {"userErrors": [{"code": "NOT_FOUND"}]}
