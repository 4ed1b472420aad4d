"""The staff schema does all that the unit's pages do: hand over, sign, hand in, answer a return, each thing once."""

from __future__ import annotations

import pytest

from sipetruk.models import Endorsement, Nomination, ReturnItem
from tests.api.person import gid
from tests.services import builders
from tests.services.builders import version_of

SIGNED = "{ nomination { endorsement { byName isIntact contentSha256 } endorsements { voidReason } } userErrors { code } }"
RETURNS = """query($id: ID!) { nomination(id: $id) {
  returns { reason isOpen items { code verdict note reply repliedBy isRenewed isAnswered } } journey { step byName note dueOn }
} }"""


@pytest.fixture
def id_(cast):
    return builders.filled(cast, builders.open_round(cast))


def given(id_, **more):
    return {"nominationId": gid("Nomination", id_), "expectedVersion": version_of(id_)} | more


def test_a_unit_hands_over_and_its_head_signs_each_once(person, cast, id_):
    officer, head = person(cast.unit_admin), person(cast.unit_head)
    with builders.during_nomination():
        asked = given(id_, idempotencyKey="satu")
        done = [officer.act("nominationHandOver", asked) for _ in range(2)]
        assert [(each["userErrors"], each["nomination"]["version"]) for each in done] == [([], version_of(id_))] * 2
        assert officer.run("UnitNominations", first=5)["nominations"]["nodes"][0]["handedOverAt"] == "2024-10-02T02:00:00Z"
        asked = given(id_, idempotencyKey="satu", note="Layak.")
        signed = [head.act("nominationEndorse", asked, SIGNED)["nomination"] for _ in range(2)]
        assert (
            signed
            == [
                {
                    "endorsement": {"byName": "Ahmad Kepala", "isIntact": True, "contentSha256": Endorsement.get().content_sha256},
                    "endorsements": [{"voidReason": ""}],
                }
            ]
            * 2
        )
        refused = officer.act("nominationHandOver", given(id_, idempotencyKey="dua"))
        assert (refused["nomination"], [error["code"] for error in refused["userErrors"]]) == (None, ["ILLEGAL_MOVE"])
        stale = head.act("nominationSendBack", {**given(id_, note="Kembali."), "expectedVersion": 1})
        assert [(error["path"], error["code"]) for error in stale["userErrors"]] == [(["expectedVersion"], "CONFLICT")]
        asked = given(id_, idempotencyKey="satu")
        assert [officer.act("nominationSubmit", asked)["nomination"]["state"] for _ in range(2)] == ["SUBMITTED"] * 2
    assert (Nomination.get_by_id(id_).state, Endorsement.select().count()) == ("submitted", 1)


def test_a_return_is_answered_point_by_point(person, cast, id_):
    officer, verifier = person(cast.unit_admin), person(cast.verifier)
    with builders.during_nomination():
        person(cast.unit_head).act("nominationEndorse", given(id_))
        officer.act("nominationSubmit", given(id_))
    with builders.standing_at(2024, 10, 14):
        item = {"nominationId": gid("Nomination", id_), "requirement": "proposal", "verdict": "ABSENT", "note": "Halaman 2 hilang."}
        verifier.act("checkItemRecord", item)
        returned = verifier.act("nominationReturn", given(id_, reason="Lengkapi.", dueOn="2024-10-20"))
        assert [each["path"] for each in returned["nomination"]["missing"]] == [["returnItems", ""], ["returnItems", "proposal"]]
        replies = [{"code": "", "text": "Siap."}, {"code": "proposal", "text": "Ada di lampiran."}]
        asked = given(id_, replies=replies, idempotencyKey="satu")
        done = [officer.act("nominationReply", asked) for _ in range(2)]
        assert [each["userErrors"] for each in done] == [[], []]
        assert [each["nomination"]["missing"] for each in done] == [[], []]
        unknown = officer.act("nominationReply", given(id_, replies=[{"code": "foto", "text": "Apa?"}]))
        assert [(error["path"], error["code"]) for error in unknown["userErrors"]] == [(["returnItems", "foto"], "BAD_USER_INPUT")]
        seen = verifier.ask(RETURNS, id=gid("Nomination", id_))["nomination"]
    item = {"repliedBy": "Sari Pengusul", "isRenewed": False, "isAnswered": True}
    assert seen["returns"] == [
        {
            "reason": "Lengkapi.",
            "isOpen": True,
            "items": [
                {"code": "", "verdict": None, "note": "Lengkapi.", "reply": "Siap.", **item},
                {"code": "proposal", "verdict": "ABSENT", "note": "Halaman 2 hilang.", "reply": "Ada di lampiran.", **item},
            ],
        }
    ]
    assert sorted((step["step"], step["byName"], step["dueOn"]) for step in seen["journey"] if step["step"] != "RETURNED") == [
        ("DRAFTED", "Sari Pengusul", None),
        ("ENDORSED", "Ahmad Kepala", None),
        ("REPLIED", "Sari Pengusul", None),
        ("SUBMITTED", "Sari Pengusul", None),
        ("VOIDED", "", None),
    ]
    assert [(step["byName"], step["note"], step["dueOn"]) for step in seen["journey"] if step["step"] == "RETURNED"] == [
        ("Yusuf Verifikator", "Lengkapi.", "2024-10-20")
    ]


@pytest.mark.parametrize("mutation", ["nominationHandOver", "nominationReply"])
def test_others_are_refused_and_another_unit_learns_nothing(person, cast, id_, mutation):
    kind = mutation[0].upper() + mutation[1:] + "Input"
    query = f"mutation($input: {kind}!) {{ {mutation}(input: $input) {{ userErrors {{ code message }} }} }}"
    more = {"replies": [{"code": "", "text": "Siap."}]} if mutation == "nominationReply" else {}
    with builders.during_nomination():
        assert [person(who).code(query, input=given(id_, **more)) for who in (cast.unit_head, cast.verifier, cast.viewer)] == [
            "FORBIDDEN"
        ] * 3
        theirs = person(cast.outsider).ask(query, input=given(id_, **more))
        invented = person(cast.outsider).ask(query, input={**given(id_, **more), "nominationId": gid("Nomination", 999_999)})
    assert theirs == invented == {mutation: {"userErrors": [{"code": "NOT_FOUND", "message": "Usulan tidak ditemukan."}]}}
    assert (Nomination.get_by_id(id_).handed_over_at, ReturnItem.select().count()) == (None, 0)
