"""A whole round by GraphQL over three weeks: 45 units, 60 nominations, 5 assessors, and all that can happen on the way."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient

from sipetruk.api import ids
from sipetruk.api.uploads import UPLOADS_PATH
from sipetruk.models import Nomination
from sipetruk.rules.permissions import Actor
from sipetruk.services import audit
from tests.api.person import OWN, Person, gid
from tests.cast import Cast
from tests.round import people
from tests.services import builders

WINDOWS = {
    "NOMINATION": (date(2024, 10, 1), date(2024, 10, 7)),
    "VERIFICATION": (date(2024, 10, 8), date(2024, 10, 10)),
    "ASSESSMENT": (date(2024, 10, 11), date(2024, 10, 15)),
    "RANKING": (date(2024, 10, 16), date(2024, 10, 16)),
    "OBJECTION": (date(2024, 10, 17), date(2024, 10, 18)),
    "DETERMINATION": (date(2024, 10, 19), date(2024, 10, 20)),
    "PUBLICATION": (date(2024, 10, 21), date(2024, 10, 21)),
}
BEST, SECOND, TIED, TIED_TOO, WRONGED = range(5)
"""The remarkable nominees; two of equal marks stand across the last place, and one was marked wrongly by one assessor."""
VOIDED, DROPPED, LEFT = 10, 58, 59
RETURNED, REJECTED = (20, 21, 22, 23, 24), (30, 31, 32)
IDEAS = {BEST: "39.5", SECOND: "39", TIED: "38", TIED_TOO: "38", WRONGED: "40"}
FILLED = [{"code": "judul", "value": "Antrean daring"}, {"code": "tingkat", "value": "kabupaten"}]
ANSWERS = [*FILLED, {"code": "penghargaan", "counts": [{"code": "provinsi", "count": 1}]}]
HONOURED = [*FILLED, {"code": "penghargaan", "counts": [{"code": "nasional", "count": 1}]}]


@dataclass
class Walk:
    """The people at work, each signed in when first needed."""

    enter: Callable[[Actor], Person]
    token: Callable[[Person], str]
    anybody: FlaskClient
    cast: Cast
    regency: people.Regency
    desks: dict[int, Person] = field(default_factory=dict)
    ids: dict[int, str] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    period: str = ""
    category: str = ""

    def desk(self, who: Actor) -> Person:
        if who.user_id not in self.desks:
            self.desks[who.user_id] = self.enter(who)
        return self.desks[who.user_id]

    def admin_of(self, nominee: int) -> Actor:
        return self.regency.admins[self.regency.unit_of[nominee]]

    def head_of(self, nominee: int) -> Actor:
        return self.regency.heads[self.regency.unit_of[nominee]]

    def did(self, who: Actor, mutation: str, given: dict[str, Any], selection: str) -> Any:
        """The payload of an act that must succeed."""
        payload = self.desk(who).act(mutation, given, f"{{ {selection} userErrors {{ code message path }} }}")
        assert payload["userErrors"] == [], (mutation, payload["userErrors"])
        return payload

    def refused(self, who: Actor, mutation: str, given: dict[str, Any]) -> list[str]:
        """The messages with which an act is refused."""
        payload = self.desk(who).act(mutation, given, "{ userErrors { message } }")
        return [error["message"] for error in payload["userErrors"]]

    def ask(self, query: str, who: Actor | None = None, **variables: Any) -> Any:
        """What BKPSDM, or somebody else, reads."""
        return self.desk(who or self.cast.bkpsdm).ask(query, **variables)

    def public(self, query: str) -> Any:
        """What anybody reads."""
        return self.anybody.post("/graphql", json={"query": query}).json["data"]

    # Acts that come often -------------------------------------------------------------------------------------------

    def move(self, step: str) -> None:
        given = {"periodId": self.period, "move": step, "expectedVersion": self.versions["period"]}
        self.versions["period"] = self.did(self.cast.bkpsdm, "periodMove", given, "period { version }")["period"]["version"]

    def nomination(self, who: Actor, mutation: str, nominee: int, **given: Any) -> str:
        """One act on a nomination at its present version; the state after it."""
        id_ = self.ids[nominee]
        given = {"nominationId": id_, "expectedVersion": self.versions[id_]} | given
        found = self.did(who, mutation, given, "nomination { state version }")["nomination"]
        self.versions[id_] = found["version"]
        return found["state"]

    def attach(self, nominee: int, name: str = "proposal.pdf") -> None:
        id_ = self.ids[nominee]
        desk = self.desk(self.admin_of(nominee))
        form = {"nominationId": id_, "requirement": "proposal", "csrf_token": self.token(desk)}
        form |= {"file": (io.BytesIO(builders.PDF + f"{nominee} {name}".encode()), name)}
        answer = desk.client.post(UPLOADS_PATH, data=form, headers=OWN)
        assert answer.json["userErrors"] == [], answer.text
        self.versions[id_] = Nomination.get_by_id(ids.number(id_, "Nomination", "Usulan")).row_version

    def marks(self, who: Actor, nominee: int, given: list[dict[str, Any]]) -> None:
        """Record marks on the own sheet and hand it in."""
        sheet = f"sheet:{who.user_id}:{nominee}"
        act = {"nominationId": self.ids[nominee], "marks": given, "expectedVersion": self.versions.get(sheet, 1)}
        version = self.did(who, "marksRecord", act, "sheet { summary { version } }")["sheet"]["summary"]["version"]
        act = {"nominationId": self.ids[nominee], "expectedVersion": version}
        self.versions[sheet] = self.did(who, "sheetSubmit", act, "sheet { summary { version } }")["sheet"]["summary"]["version"]

    def compute(self) -> dict[str, Any]:
        fields = "summary { id number state inputSha256 resultSha256 } proposed { id } blocked unresolved { nominations { id } }"
        given = {"categoryId": self.category}
        return self.did(self.cast.bkpsdm, "rankingCompute", given, f"ranking {{ {fields} }}")["ranking"]

    def places(self) -> dict[str, tuple[str, str | None, int | None]]:
        """State, score and rank of every nominee in the newest ranking."""
        query = """query($id: ID!) { ranking(categoryId: $id) { rows(first: 100) { nodes { nomination { id } status score rank } } } }"""
        rows = self.ask(query, id=self.category)["ranking"]["rows"]["nodes"]
        return {row["nomination"]["id"]: (row["status"], row["score"], row["rank"]) for row in rows}


@pytest.fixture
def walk(app, client, cast, sign_in, csrf):
    with builders.standing_at(2024, 9, 20):
        return Walk(lambda who: Person(app, sign_in, who), lambda person: csrf(person.client, "/akun/"), client, cast, people.settle())


def test_a_round_of_three_weeks(walk):
    _prepare(walk)
    _nominate(walk)
    _verify(walk)
    _assess(walk)
    _rank(walk)
    _object(walk)
    _determine(walk)
    _publish(walk)
    assert audit.verify().broken_at is None


def _prepare(walk: Walk) -> None:
    """An instrument, a period with its schedule, a category with its panel."""
    admin, version = walk.cast.bkpsdm, "version { id summary { version } }"
    with builders.standing_at(2024, 9, 20):
        given = {"code": "asn-2024", "name": "ASN Berprestasi", "definition": builders.tiny_instrument()}
        draft = walk.did(admin, "instrumentCreate", given, version)["version"]
        walk.did(admin, "instrumentVersionLock", {"versionId": draft["id"], "expectedVersion": draft["summary"]["version"]}, version)
        given = {"name": "ASN Berprestasi 2024", "year": 2024, "slug": "2024"}
        period = walk.did(admin, "periodCreate", given, "period { id version }")["period"]
        walk.period = period["id"]
        windows = [{"stage": stage, "opensOn": str(opens), "closesOn": str(closes)} for stage, (opens, closes) in WINDOWS.items()]
        given = {"periodId": walk.period, "windows": windows, "expectedVersion": period["version"]}
        walk.versions["period"] = walk.did(admin, "periodWindowsSet", given, "period { version }")["period"]["version"]
        given = {"periodId": walk.period, "name": "PNS Berprestasi", "slug": "pns", "instrumentVersionId": draft["id"]}
        given |= {"winnersMax": 3, "quotaPerUnit": 2}
        category = walk.did(admin, "categoryAdd", given, "category { id version }")["category"]
        walk.category = category["id"]
        panel = [gid("User", actor.user_id) for actor in walk.regency.panel]
        given = {"categoryId": walk.category, "userIds": panel, "expectedVersion": category["version"]}
        walk.did(admin, "categoryPanelSet", given, "category { id }")
    with builders.standing_at(2024, 10, 1):
        query = "query($id: ID!) { period(id: $id) { version } }"
        walk.versions["period"] = walk.ask(query, id=walk.period)["period"]["version"]
        walk.move("OPEN")


def _nominate(walk: Walk) -> None:
    """The first week: every unit nominates on a day of its own; one endorsement is voided, two nominations are withdrawn."""
    for nominee, employee_id in enumerate(walk.regency.nominees):
        with builders.standing_at(2024, 10, 1 + nominee % 7):
            _nominate_one(walk, nominee, employee_id)
    with builders.standing_at(2024, 10, 7):
        assert walk.nomination(walk.admin_of(DROPPED), "nominationWithdraw", DROPPED, reason="Tugas belajar.") == "WITHDRAWN"
    states = Counter(Nomination.select(Nomination.state).tuples())
    assert states == {("submitted",): people.NOMINEES - 2, ("withdrawn",): 2}


def _nominate_one(walk: Walk, nominee: int, employee_id: int) -> None:
    admin, head = walk.admin_of(nominee), walk.head_of(nominee)
    given = {"categoryId": walk.category, "employeeId": gid("Employee", employee_id), "idempotencyKey": f"calon-{nominee}"}
    for _ in range(2 if nominee == VOIDED else 1):  # once more, as a browser sends again: it is the same nomination
        found = walk.did(admin, "nominationDraft", given, "nomination { id version }")["nomination"]
        assert walk.ids.setdefault(nominee, found["id"]) == found["id"]
    walk.versions[found["id"]] = found["version"]
    walk.nomination(admin, "nominationAnswersSave", nominee, answers=HONOURED if nominee in IDEAS else ANSWERS)
    if nominee == LEFT:
        assert walk.nomination(admin, "nominationWithdraw", nominee, reason="Pindah ke provinsi.") == "WITHDRAWN"
        return
    walk.attach(nominee)
    assert walk.nomination(head, "nominationEndorse", nominee) == "ENDORSED"
    if nominee == VOIDED:
        assert walk.nomination(admin, "nominationAnswersSave", nominee, answers=HONOURED) == "DRAFT"
        assert walk.refused(admin, "nominationSubmit", {"nominationId": found["id"], "expectedVersion": walk.versions[found["id"]]}) != []
        walk.nomination(admin, "nominationAnswersSave", nominee, answers=ANSWERS)
        walk.nomination(head, "nominationEndorse", nominee)
    assert walk.nomination(admin, "nominationSubmit", nominee) == "SUBMITTED"


def _verify(walk: Walk) -> None:
    """Five are returned and come back answered, three are rejected, the others are accepted."""
    verifier = walk.cast.verifier
    waiting = [nominee for nominee in walk.ids if nominee not in {DROPPED, LEFT}]
    with builders.standing_at(2024, 10, 8):
        walk.move("START_VERIFICATION")
        for nominee in waiting:
            _check(walk, nominee, "ABSENT" if nominee in RETURNED else "PRESENT")
            if nominee in RETURNED:
                state = walk.nomination(verifier, "nominationReturn", nominee, reason="Proposal tidak terbaca.", dueOn="2024-10-09")
                assert state == "RETURNED"
            elif nominee in REJECTED:
                assert walk.nomination(verifier, "nominationReject", nominee, reason="Bukan pegawai unit ini.") == "REJECTED"
            else:
                assert walk.nomination(verifier, "nominationAccept", nominee) == "VERIFIED"
    for nominee in RETURNED:
        with builders.standing_at(2024, 10, 9):
            walk.attach(nominee, "pindaian-baru.pdf")
            replies = [{"code": "", "text": "Berkas diganti."}, {"code": "proposal", "text": "Dipindai ulang."}]
            walk.nomination(walk.admin_of(nominee), "nominationReply", nominee, replies=replies)
            walk.nomination(walk.head_of(nominee), "nominationEndorse", nominee)
            assert walk.nomination(walk.admin_of(nominee), "nominationSubmit", nominee) == "SUBMITTED"
        with builders.standing_at(2024, 10, 10):
            _check(walk, nominee, "PRESENT")
            assert walk.nomination(verifier, "nominationAccept", nominee) == "VERIFIED"


def _check(walk: Walk, nominee: int, verdict: str) -> None:
    for requirement, found in (("proposal", verdict), ("skp", "PRESENT")):
        given = {"nominationId": walk.ids[nominee], "requirement": requirement, "verdict": found}
        given |= {"note": "Halaman kosong."} if found == "ABSENT" else {}
        found_version = walk.did(walk.cast.verifier, "checkItemRecord", given, "nomination { version }")["nomination"]["version"]
        walk.versions[walk.ids[nominee]] = found_version


def _assess(walk: Walk) -> None:
    """Everybody marks everybody; one steps back from a nominee, one abstains from a criterion, one mistypes."""
    with builders.standing_at(2024, 10, 11):
        walk.move("START_ASSESSMENT")
    assessed = [nominee for nominee in walk.ids if nominee not in {DROPPED, LEFT, *REJECTED}]
    for place, assessor in enumerate(walk.regency.panel):
        with builders.standing_at(2024, 10, 11 + place):
            for nominee in assessed:
                if place == 0 and nominee == 12:
                    given = {"nominationId": walk.ids[nominee], "reason": "Calon adalah adik saya."}
                    walk.did(assessor, "nominationRecuse", given, "sheet { summary { state } }")
                else:
                    walk.marks(assessor, nominee, _marks(nominee, place))
    assert Counter(Nomination.select(Nomination.state).tuples()) == {("assessed",): len(assessed), ("rejected",): 3, ("withdrawn",): 2}


def _marks(nominee: int, place: int, idea: str = "") -> list[dict[str, Any]]:
    mistyped = {(WRONGED, 4): "4"}
    idea = idea or mistyped.get((nominee, place)) or IDEAS.get(nominee) or str(10 + nominee % 20)
    impact = {"criterion": "dampak", "state": "SCORED", "value": "20" if nominee in IDEAS else "10", "note": "Tampak di lapangan."}
    if (nominee, place) == (13, 1):
        impact = {"criterion": "dampak", "state": "ABSTAINED", "note": "Saya tidak melihatnya."}
    return [
        {"criterion": "gagasan", "state": "SCORED", "value": idea},
        impact,
        {"criterion": "disiplin", "state": "SCORED", "value": "1"},
    ]


def _rank(walk: Walk) -> None:
    """The tie across the last place blocks until it is decided in writing."""
    with builders.standing_at(2024, 10, 16):
        walk.move("START_RANKING")
        first = walk.compute()
        places = {nominee: walk.places()[walk.ids[nominee]] for nominee in IDEAS}
        assert places == {
            BEST: ("RANKED", "99.50", 1),
            SECOND: ("RANKED", "99.00", 2),
            TIED: ("RANKED", "98.00", 3),
            TIED_TOO: ("RANKED", "98.00", 3),
            WRONGED: ("RANKED", "92.80", 5),
        }
        assert first["proposed"] == []
        given = {"categoryId": walk.category, "rankingId": first["summary"]["id"], "expectedResultSha256": first["summary"]["resultSha256"]}
        assert len(walk.refused(walk.cast.bkpsdm, "rankingFinalise", given)) == 1
        given = {"categoryId": walk.category, "nominationIds": [walk.ids[TIED], walk.ids[TIED_TOO]], "reason": "Lama mengabdi di pelosok."}
        walk.did(walk.cast.bkpsdm, "tieDecide", given, "ranking { blocked }")
        second = walk.compute()
        assert second["proposed"] == [{"id": walk.ids[nominee]} for nominee in (BEST, SECOND, TIED)]
        _finalise(walk, second)


def _finalise(walk: Walk, ranking: dict[str, Any]) -> None:
    summary = ranking["summary"]
    given = {"categoryId": walk.category, "rankingId": summary["id"], "expectedResultSha256": summary["resultSha256"]}
    assert walk.did(walk.cast.bkpsdm, "rankingFinalise", given, "ranking { summary { state } }")["ranking"]["summary"]["state"] == "FINAL"


def _object(walk: Walk) -> None:
    """Two units object; one was wronged: the sheet with the slip is opened again, and the nominee comes first."""
    admin, objection = walk.cast.bkpsdm, "objection { id version state }"
    with builders.standing_at(2024, 10, 17):
        walk.move("OPEN_OBJECTION")
        found = {}
        for nominee in (WRONGED, TIED_TOO):
            given = {"nominationId": walk.ids[nominee], "reason": "Nilai gagasan tidak sesuai dengan proposal yang dilampirkan."}
            found[nominee] = walk.did(walk.admin_of(nominee), "objectionFile", given, objection)["objection"]
        given = {"objectionId": found[TIED_TOO]["id"], "expectedVersion": found[TIED_TOO]["version"]}
        given["reason"] = "Urutan sudah diputus dalam rapat."
        assert walk.did(admin, "objectionReject", given, objection)["objection"]["state"] == "REJECTED"
        given = {"objectionId": found[WRONGED]["id"], "expectedVersion": found[WRONGED]["version"], "reason": "Penilai salah ketik."}
        assert walk.did(admin, "objectionAccept", given, objection)["objection"]["state"] == "ACCEPTED"
        assert walk.refused(admin, "periodMove", _start_determination(walk)) != []
        query = "query($id: ID!) { nominationSheets(nominationId: $id) { version sheets { id assessor { name } } } }"
        sheets = walk.ask(query, id=walk.ids[WRONGED])["nominationSheets"]
        (slip,) = [sheet["id"] for sheet in sheets["sheets"] if sheet["assessor"]["name"] == walk.regency.panel[4].name]
        given = {"nominationId": walk.ids[WRONGED], "sheetIds": [slip], "criteria": ["gagasan"], "reason": "Menindaklanjuti sanggahan."}
        walk.did(admin, "sheetsReopen", given | {"expectedVersion": sheets["version"]}, "sheets { state }")
    with builders.standing_at(2024, 10, 18):
        assessor = walk.regency.panel[4]
        query = "query($id: ID!) { sheet(nominationId: $id) { summary { version } } }"
        key = f"sheet:{assessor.user_id}:{WRONGED}"
        walk.versions[key] = walk.ask(query, assessor, id=walk.ids[WRONGED])["sheet"]["summary"]["version"]
        walk.marks(assessor, WRONGED, [{"criterion": "gagasan", "state": "SCORED", "value": "40", "note": "Salah ketik."}])
        _finalise(walk, walk.compute())
        places = {nominee: walk.places()[walk.ids[nominee]] for nominee in IDEAS}
        assert places == {
            WRONGED: ("RANKED", "100.00", 1),
            BEST: ("RANKED", "99.50", 2),
            SECOND: ("RANKED", "99.00", 3),
            TIED: ("RANKED", "98.00", 4),
            TIED_TOO: ("RANKED", "98.00", 5),
        }
        query = """query($id: ID!) { rankingDifference(categoryId: $id) {
            older { number } newer { number } joinedWinners leftWinners inputs { nominee } objections { nominee }
        } }"""
        difference = walk.ask(query, id=walk.category)["rankingDifference"]
        assert (difference["joinedWinners"], difference["leftWinners"]) == (["Calon Nomor 04"], ["Calon Nomor 02"])
        assert [each["nominee"] for each in difference["objections"]] == ["Calon Nomor 04"]


def _start_determination(walk: Walk) -> dict[str, Any]:
    return {"periodId": walk.period, "move": "START_DETERMINATION", "expectedVersion": walk.versions["period"], "reason": "Selesai."}


def _determine(walk: Walk) -> None:
    """The committee passes over the third: that waits for a second person, who may not be the one who proposed it."""
    admin, second = walk.cast.bkpsdm, walk.regency.second_admin
    with builders.standing_at(2024, 10, 19):
        walk.move("START_DETERMINATION")
        query = "query($id: ID!) { ranking(categoryId: $id) { summary { id } } }"
        ranking = walk.ask(query, id=walk.category)["ranking"]["summary"]["id"]
        given = {"categoryId": walk.category, "rankingId": ranking, "decreeNumber": "188.45/241/KUM/2024", "decreeOn": "2024-10-19"}
        given["nominationIds"] = [walk.ids[nominee] for nominee in (WRONGED, BEST, TIED)]
        assert len(walk.refused(admin, "resultDetermine", given)) == 1
        given["overrideReason"] = "Calon ketiga sedang diperiksa Inspektorat."
        fields = "results { categories { determination { winners { name } } proposal { id } } }"
        (category,) = walk.did(admin, "resultDetermine", given, fields)["results"]["categories"]
        assert category["determination"] is None
        approval = {"categoryId": walk.category, "proposalId": category["proposal"]["id"]}
        mutation = "mutation($input: ResultProposalApproveInput!) { resultProposalApprove(input: $input) { userErrors { code } } }"
        assert walk.desk(admin).code(mutation, input=approval) == "FORBIDDEN"
        (category,) = walk.did(second, "resultProposalApprove", approval, fields)["results"]["categories"]
        assert [winner["name"] for winner in category["determination"]["winners"]] == [
            "Calon Nomor 04",
            "Calon Nomor 00",
            "Calon Nomor 02",
        ]


def _publish(walk: Walk) -> None:
    """The public reads the winners, and nothing before."""
    query = "{ winners(first: 10) { nodes { rank name unit { name } score } } }"
    with builders.standing_at(2024, 10, 20):
        assert walk.public(query)["winners"]["nodes"] == []
    with builders.standing_at(2024, 10, 21):
        walk.did(walk.cast.bkpsdm, "resultPublish", {"periodId": walk.period}, "results { period }")
        assert walk.public(query)["winners"]["nodes"] == [
            {"rank": 1, "name": "Calon Nomor 04", "unit": {"name": "Dinas Nomor 04"}, "score": None},
            {"rank": 2, "name": "Calon Nomor 00", "unit": {"name": "Dinas Nomor 00"}, "score": None},
            {"rank": 3, "name": "Calon Nomor 02", "unit": {"name": "Dinas Nomor 02"}, "score": None},
        ]
    states = Counter(Nomination.select(Nomination.state).tuples())
    assert states == {("awarded",): 3, ("not_awarded",): 52, ("rejected",): 3, ("withdrawn",): 2}
