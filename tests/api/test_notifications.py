"""Notifications through the staff schema: a page of the own, the number of unread ones, and marking them."""

import pytest

from sipetruk.models import Nomination
from sipetruk.services import notifications
from sipetruk.services.transaction import transaction
from tests.api.person import Person, gid
from tests.services import builders

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def tell(who, *numbers):
    with transaction():
        for number in numbers:
            notifications.tell([who.user_id], "nomination_accepted", thing="nomination", thing_id=number, number=f"2024-{number}")


def test_a_person_reads_and_marks_the_own_notifications(app, cast, sign_in):
    tell(cast.unit_admin, 7, 8, 9)
    person = Person(app, sign_in, cast.unit_admin)
    page = person.run("Notifications", first=2)
    assert [node["text"] for node in page["notifications"]["nodes"]] == [
        "Usulan 2024-9 dinyatakan memenuhi syarat.",
        "Usulan 2024-8 dinyatakan memenuhi syarat.",
    ]
    newest = page["notifications"]["nodes"][0]
    assert (newest["thing"], newest["nomination"], newest["readAt"]) == ("nomination", None, None)
    assert (page["notifications"]["pageInfo"]["hasNextPage"], page["notifications"]["totalCount"], page["unreadCount"]) == (True, 3, 3)
    marked = person.run("NotificationMarkRead", input={"notificationId": newest["id"]})["notificationMarkRead"]
    assert (marked["unreadCount"], marked["userErrors"], marked["notification"]["readAt"] is None) == (2, [], False)
    unread = person.run("Notifications", onlyUnread=True)["notifications"]
    assert (unread["totalCount"], newest["id"] in [node["id"] for node in unread["nodes"]]) == (2, False)
    back = person.run("NotificationMarkRead", input={"notificationId": newest["id"], "isRead": False})["notificationMarkRead"]
    assert back["unreadCount"] == 3
    up_to = unread["nodes"][0]["id"]
    payload = person.run("NotificationsMarkAllRead", input={"upTo": up_to})["notificationsMarkAllRead"]
    assert payload == {"marked": 2, "unreadCount": 1, "userErrors": []}
    assert person.run("NotificationsMarkAllRead", input={})["notificationsMarkAllRead"]["unreadCount"] == 0


ABOUT = "{ notifications { nodes { thing nomination { id number } period { id } category { id name } } } }"


def test_a_notification_gives_what_it_is_about_as_far_as_its_reader_may_see_it(app, cast, sign_in):
    round_ = builders.open_round(cast)
    own = [builders.submitted(cast, round_, name) for name in ("Wati Lestari", "Budi Santoso")]
    for who in (cast.unit_admin, cast.outsider):
        tell(who, *own, 999)
        with transaction():
            notifications.tell([who.user_id], "nomination_moved", thing="period", thing_id=round_.period_id, number="2024-1")
            notifications.tell([who.user_id], "nomination_moved", thing="category", thing_id=round_.category_id, number="2024-1")
    empty = {"nomination": None, "period": None, "category": None}
    category = {"id": gid("Category", round_.category_id), "name": "ASN Inovatif"}
    shared = [
        empty | {"thing": "category", "category": category},
        empty | {"thing": "period", "period": {"id": gid("Period", round_.period_id)}},
        empty | {"thing": "nomination"},
    ]
    known = [{"id": gid("Nomination", each), "number": Nomination.get_by_id(each).number} for each in reversed(own)]
    mine = Person(app, sign_in, cast.unit_admin).ask(ABOUT)["notifications"]["nodes"]
    assert mine[:5] == [*shared, *({**empty, "thing": "nomination", "nomination": each} for each in known)]
    theirs = Person(app, sign_in, cast.outsider).ask(ABOUT)["notifications"]["nodes"]
    assert theirs[:5] == [*shared, *[empty | {"thing": "nomination"}] * 2]


def test_those_of_another_are_not_there(app, cast, sign_in):
    tell(cast.unit_admin, 7)
    theirs = Person(app, sign_in, cast.unit_admin).run("Notifications")["notifications"]["nodes"][0]["id"]
    outsider = Person(app, sign_in, cast.outsider)
    assert outsider.run("Notifications") == {
        "notifications": {"nodes": [], "pageInfo": {"hasNextPage": False, "endCursor": None}, "totalCount": 0},
        "unreadCount": 0,
    }
    for wrong in (theirs, gid("Nomination", 1), "x"):
        payload = outsider.run("NotificationMarkRead", input={"notificationId": wrong})["notificationMarkRead"]
        assert (payload["notification"], [error["code"] for error in payload["userErrors"]]) == (None, ["NOT_FOUND"])
    payload = outsider.run("NotificationsMarkAllRead", input={"upTo": "x"})["notificationsMarkAllRead"]
    assert (payload["marked"], [error["code"] for error in payload["userErrors"]]) == (0, ["NOT_FOUND"])
    assert outsider.code("{ notifications(first: 0) { totalCount } }") == "BAD_USER_INPUT"
