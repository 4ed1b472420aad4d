"""Something for every act: rounds at every stage, and two of each role of a work unit, one of the unit and one of another."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from sipetruk.models import Nomination, Ranking
from sipetruk.queries.users import actor_of
from sipetruk.rules.announcement_states import Text
from sipetruk.rules.permissions import SYSTEM, Actor, Grant, Role
from sipetruk.rules.signatories import Person, SignatoryStatus, SignedDocument
from sipetruk.rules.workflow import PeriodMove
from sipetruk.services import announcements, instruments, rankings, results, signatories, users
from tests.cast import PASSWORD, Cast
from tests.services import builders, objecting
from tests.services.builders import Round


@dataclass(frozen=True)
class Stage:
    """`own` and `other` are who holds a role for the things of this stage, and who holds it for others."""

    cast: Cast
    own: dict[Role, Actor]
    other: dict[Role, Actor]
    second_admin: Actor
    nobody: Actor
    preparing: Round
    taking: Round
    draft: int
    filled: int
    endorsed: int
    submitted: int
    evidence: int
    assessing: Round
    to_assess: int
    ranking: Round
    ranked: tuple[int, ...]
    computed: int
    deciding: Round
    final: int
    winner: int
    employee: int
    draft_version: int
    removable_evidence: int
    decided: Round
    objection: int
    content: int
    """A ranked nominee for whom nobody has objected yet."""
    reopenable: int
    """A nominee whose sheets are in while others are still assessed."""
    proposal: int
    announcement: int
    signatory: int


def build(cast: Cast) -> Stage:
    head, second, nobody = _more_people(cast)
    with builders.standing_at(2024, 9, 20):
        preparing = builders.prepared_round(cast, slug="siap")
    assessing, (to_assess, reopenable) = builders.assessing(cast, "Rudi Hartono", "Maya Sari", slug="nilai")
    with builders.standing_at(2024, 10, 24):
        builders.assess(cast.assessor, reopenable)
    ranking, ranked = _assessed(cast, "peringkat", ("Citra Dewi", "Dedi Kusuma"))
    with builders.standing_at(2024, 11, 2):
        computed = rankings.compute(cast.bkpsdm, category_id=ranking.category_id)
    deciding, (winner, _), final = _deciding(cast, "tetap", ("Eka Putri", "Fitri Anis"))
    decided, (honoured,), settled = _deciding(cast, "diputus", ("Lukman Hakim",))
    disputed, (_, favoured), doubted = _deciding(cast, "menyimpang", ("Nia Ramadhani", "Oki Setiana"))
    _determine(cast.bkpsdm, decided, settled, honoured)
    proposal = _determine(second, disputed, doubted, favoured, override_reason="Yang terbaik sedang diperiksa.")
    taking = builders.open_round(cast)
    filled, endorsed = builders.filled(cast, taking, "Gita Sari"), builders.endorsed(cast, taking, "Hadi Putra")
    _, (content, wronged) = objecting.objection_stage(cast, slug="sanggah")
    roles = dict(zip(_ROLES, (cast.bkpsdm, cast.verifier, cast.assessor, cast.unit_admin, cast.unit_head, cast.viewer), strict=True))
    return Stage(
        cast=cast,
        own=roles,
        other=roles | {Role.ASSESSOR: cast.assessor3, Role.OPD_ADMIN: cast.outsider, Role.OPD_HEAD: head},
        second_admin=second,
        nobody=nobody,
        preparing=preparing,
        taking=taking,
        draft=builders.drafted(cast, taking, "Indra Jaya"),
        filled=filled,
        endorsed=endorsed,
        submitted=builders.submitted(cast, taking, "Joko Susilo"),
        evidence=Nomination.get_by_id(to_assess).evidence.get().id,
        assessing=assessing,
        to_assess=to_assess,
        ranking=ranking,
        ranked=tuple(ranked),
        computed=computed,
        deciding=deciding,
        final=final,
        winner=winner,
        employee=builders.employee(cast.unit_id, "Kartika Sari"),
        draft_version=instruments.create(cast.bkpsdm, code="draf", name="Masih draf", definition=builders.tiny_instrument()),
        removable_evidence=Nomination.get_by_id(filled).evidence.get().id,
        decided=decided,
        objection=objecting.filed(cast, wronged),
        content=content,
        reopenable=reopenable,
        proposal=proposal,
        announcement=announcements.create(cast.bkpsdm, slug="jadwal", text=Text("Jadwal", "Jadwal menyusul.")),
        signatory=signatories.add(second, documents=[SignedDocument.DECREE], person=HEAD, valid_from=date(2024, 1, 1))[0],
    )


HEAD = Person("Rahmat Hidayat", "Kepala BKPSDM", SignatoryStatus.DEFINITIVE)
_ROLES = (Role.BKPSDM_ADMIN, Role.VERIFIER, Role.ASSESSOR, Role.OPD_ADMIN, Role.OPD_HEAD, Role.VIEWER)


def _more_people(cast: Cast) -> tuple[Actor, ...]:
    new = [
        users.NewUser("kepala-dishub", "Kepala Lain", (Grant(Role.OPD_HEAD, cast.other_unit_id),)),
        users.NewUser("bkpsdm2", "Admin Kedua", (Grant(Role.BKPSDM_ADMIN),)),
        users.NewUser("tamu", "Tanpa Peran", (Grant(Role.VIEWER),)),
    ]
    found = [actor_of(id_, 0, "panel") for id_ in users.add_many(SYSTEM, users=new, password=PASSWORD, has_given_password=False)]
    head, second, nobody = (actor for actor in found if actor)
    return head, second, replace(nobody, grants=())


def _deciding(cast: Cast, slug: str, names: tuple[str, ...]) -> tuple[Round, list[int], int]:
    """A round with a final ranking in which winners are to be determined."""
    round_, ids = _assessed(cast, slug, names)
    with builders.standing_at(2024, 11, 2):
        final = rankings.compute(cast.bkpsdm, category_id=round_.category_id)
        rankings.finalise(cast.bkpsdm, ranking_id=final, expected_result_sha256=Ranking.get_by_id(final).result_sha256)
    with builders.standing_at(2024, 11, 6):
        builders.move(cast, round_, PeriodMove.START_DETERMINATION)
    return round_, ids, final


def _determine(actor: Actor, round_: Round, ranking_id: int, winner: int, **more: str) -> int:
    """Name one winner; the proposal that this made where it waits for a second person, else 0."""
    with builders.standing_at(2024, 11, 6):
        outcome = results.determine(
            actor,
            category_id=round_.category_id,
            ranking_id=ranking_id,
            nomination_ids=[winner],
            decree_number="188.45/2/KUM/2024",
            decree_on=date(2024, 11, 6),
            **more,
        )
    return outcome.proposal_id or 0


def _assessed(cast: Cast, slug: str, names: tuple[str, ...]) -> tuple[Round, list[int]]:
    """A round whose sheets are all in, and which is being ranked; the first of the names is the best."""
    round_, ids = builders.assessing(cast, *names, slug=slug)
    with builders.standing_at(2024, 10, 24):
        for place, id_ in enumerate(ids):
            marks = builders.FULL_MARKS | {"gagasan": {"state": "scored", "value": str(40 - place), "note": ""}}
            for assessor in (cast.assessor, cast.assessor2):
                builders.assess(assessor, id_, marks)
    with builders.standing_at(2024, 11, 1):
        builders.move(cast, round_, PeriodMove.START_RANKING)
    return round_, ids
