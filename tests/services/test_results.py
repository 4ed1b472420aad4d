"""Winners come from the final ranking by decree; the public copy holds what the policy allows and nothing else."""

from __future__ import annotations

import io
import json
import re
from datetime import date

import peewee as pw
import pytest

from sipetruk.errors import Conflict, Forbidden, IllegalMove, Invalid, NotFound
from sipetruk.models import (
    AuditEntry,
    Determination,
    DeterminationProposal,
    Nomination,
    Period,
    Publication,
    PublishedWinner,
    Ranking,
    Winner,
)
from sipetruk.rules.workflow import PeriodMove
from sipetruk.services import nominations, rankings, results
from tests.kept import kept
from tests.services import builders

SECOND = builders.FULL_MARKS | {"gagasan": {"state": "scored", "value": "30.5", "note": ""}}
THIRD = builders.FULL_MARKS | {"gagasan": {"state": "scored", "value": "10", "note": ""}}
NIP = re.compile(r"[0-9]{18}")


@kept
def determining(cast, *, marks=(builders.FULL_MARKS, SECOND, THIRD), **options):
    """A round in determination with a nominee for each entry of `marks`, and the id of its final ranking."""
    names = ["Siti Aminah", "Budi Santoso", "Wati Lestari", "Anang Syahrani"][: len(marks)]
    round_, ids = builders.assessing(cast, *names, **({"winners": 2} | options))
    with builders.standing_at(2024, 10, 24):
        for id_, given in zip(ids, marks, strict=True):
            for assessor in (cast.assessor, cast.assessor2):
                builders.assess(assessor, id_, given)
    with builders.standing_at(2024, 11, 1):
        builders.move(cast, round_, PeriodMove.START_RANKING)
        ranking_id = rankings.compute(cast.bkpsdm, category_id=round_.category_id)
        sha256 = Ranking.get_by_id(ranking_id).result_sha256
        rankings.finalise(cast.bkpsdm, ranking_id=ranking_id, expected_result_sha256=sha256)
    with builders.standing_at(2024, 11, 6):
        builders.move(cast, round_, PeriodMove.START_DETERMINATION)
    return round_, ids, ranking_id


def determine(cast, round_, ranking_id, ids, **changes):
    wanted = {
        "category_id": round_.category_id,
        "ranking_id": ranking_id,
        "nomination_ids": ids,
        "decree_number": "188.45/1/Kum/2024",
        "decree_on": date(2024, 11, 7),
    } | changes
    with builders.standing_at(2024, 11, 8):
        return results.determine(cast.bkpsdm, **wanted)


@kept
def published(cast, policy="names", **options):
    round_, ids, ranking_id = determining(cast, **options)
    determine(cast, round_, ranking_id, ids[:2], citations={ids[0]: "Antrean tanpa kertas."})
    with builders.standing_at(2024, 11, 16):
        return round_, ids, results.publish(cast.bkpsdm, period_id=round_.period_id, policy=policy)


def test_the_decree_names_the_winners_and_settles_the_nominations(db, cast):
    round_, ids, ranking_id = determining(cast)
    outcome = determine(cast, round_, ranking_id, [ids[1], ids[0]], citations={ids[0]: " Antrean tanpa kertas. "})
    row = Determination.get_by_id(outcome.determination_id)
    assert (row.ranking_id, row.decree_number, row.decree_on, row.override_reason) == (
        ranking_id,
        "188.45/1/Kum/2024",
        date(2024, 11, 7),
        "",
    )
    winners = [(winner.nomination_id, winner.place, winner.citation) for winner in Winner.select().order_by(Winner.place)]
    assert winners == [(ids[0], 1, "Antrean tanpa kertas."), (ids[1], 2, "")]
    assert [Nomination.get_by_id(id_).state for id_ in ids] == ["awarded", "awarded", "not_awarded"]


def test_other_winners_than_the_ranking_proposes_need_a_reason_and_only_become_a_proposal(db, cast):
    round_, ids, ranking_id = determining(cast)
    with pytest.raises(Invalid, match="menyimpang dari peringkat") as refusal:
        determine(cast, round_, ranking_id, [ids[0], ids[2]])
    assert refusal.value.problems[0].path == ("overrideReason",)
    outcome = determine(cast, round_, ranking_id, [ids[0], ids[2]], override_reason=" Peringkat dua pindah ke luar daerah. ")
    assert (outcome.determination_id, Determination.select().count(), Winner.select().count()) == (None, 0, 0)
    assert [Nomination.get_by_id(id_).state for id_ in ids] == ["ranked"] * 3
    row = DeterminationProposal.get_by_id(outcome.proposal_id)
    assert (row.state, row.reason, row.proposed_by_id) == ("waiting", "Peringkat dua pindah ke luar daerah.", cast.bkpsdm.user_id)
    entry = AuditEntry.get(action="result:propose")
    assert (entry.reason, entry.thing, entry.thing_id) == ("Peringkat dua pindah ke luar daerah.", "category", str(round_.category_id))


def test_a_reason_without_a_deviation_is_refused(db, cast):
    round_, ids, ranking_id = determining(cast)
    with pytest.raises(Invalid, match="sesuai peringkat"):
        determine(cast, round_, ranking_id, ids[:2], override_reason="Tanpa alasan.")


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"decree_number": "  "}, ("decreeNumber",)),
        ({"decree_number": "x" * 121}, ("decreeNumber",)),
        ({"decree_on": date(2024, 11, 9)}, ("decreeOn",)),
        ({"override_reason": "x" * 2_001}, ("overrideReason",)),
    ],
)
def test_the_decree_is_checked(db, cast, changes, path):
    round_, ids, ranking_id = determining(cast)
    with pytest.raises(Invalid) as refusal:
        determine(cast, round_, ranking_id, ids[:2], **changes)
    assert [problem.path for problem in refusal.value.problems] == [path]
    assert Determination.select().count() == 0


def test_winners_are_ranked_nominees_each_once_and_not_too_many(db, cast):
    round_, ids, ranking_id = determining(cast)
    for chosen, message in ((ids, "paling banyak 2"), ([ids[0], ids[0]], "disebut dua kali"), ([ids[0], 4711], "mempunyai peringkat")):
        with pytest.raises(Invalid, match=message):
            determine(cast, round_, ranking_id, chosen)
    with pytest.raises(Invalid, match="hanya diisi untuk pemenang"):
        determine(cast, round_, ranking_id, ids[:2], citations={ids[2]: "Bukan pemenang."})
    assert Determination.select().count() == 0


def test_equal_ranks_share_a_place(db, cast):
    round_, ids, ranking_id = determining(cast, marks=(SECOND, SECOND, THIRD))
    determine(cast, round_, ranking_id, ids[:2])
    assert [(winner.nomination_id, winner.place) for winner in Winner.select().order_by(Winner.id)] == [(ids[0], 1), (ids[1], 1)]


def test_a_category_is_determined_once_and_only_by_its_final_ranking(db, cast):
    round_, ids, ranking_id = determining(cast)
    with pytest.raises(Conflict, match="pemeringkatan final"):
        determine(cast, round_, ranking_id + 1, ids[:2])
    determine(cast, round_, ranking_id, ids[:2])
    with pytest.raises(Conflict, match="sudah ditetapkan"):
        determine(cast, round_, ranking_id, ids[:2])


def test_nothing_is_determined_before_its_stage(db, cast):
    round_, ids = builders.assessing(cast, "Budi")
    with pytest.raises(IllegalMove, match="menetapkan pemenang"):
        determine(cast, round_, 1, ids)


def test_publishing_copies_the_winners_and_moves_the_period(db, cast):
    round_, ids, publication_id = published(cast)
    assert Period.get_by_id(round_.period_id).state == "published"
    publication = Publication.get_by_id(publication_id)
    assert (publication.number, publication.policy, publication.withdrawn_at) == (1, "names", None)
    unit = Nomination.get_by_id(ids[0]).work_unit
    counts = {"nominated": 3, "verified": 3, "winners": 2}
    assert publication.statistics == {"units": [{"code": unit.code, "name": unit.name} | counts], "total": counts}
    rows = PublishedWinner.select().order_by(PublishedWinner.place).dicts()
    assert [{key: value for key, value in row.items() if key != "id"} for row in rows] == [
        {
            "publication": publication_id,
            "slug": slug,
            "category_slug": "inovatif",
            "category_name": "ASN Inovatif",
            "category_position": 1,
            "place": place,
            "name": name,
            "position": "Pranata Komputer Ahli Muda",
            "unit_name": unit.name,
            "unit_code": "dinkes",
            "innovation": "",
            "citation": citation,
            "decree_number": "188.45/1/Kum/2024",
            "decree_on": date(2024, 11, 7),
            "score": None,
            "components": None,
        }
        for place, slug, name, citation in (
            (1, "siti-aminah-2024", "Siti Aminah", "Antrean tanpa kertas."),
            (2, "budi-santoso-2024", "Budi Santoso", ""),
        )
    ]


@pytest.mark.parametrize(
    ("policy", "scores", "components"),
    [
        ("names", [None, None], [None, None]),
        ("names_and_score", ["100.00", "90.50"], [None, None]),
        (
            "names_and_breakdown",
            ["100.00", "90.50"],
            [
                [
                    {"code": "inovasi", "label": "Inovasi", "score": score, "maximum": "60"},
                    {"code": "rekam_jejak", "label": "Rekam jejak", "score": "40.00", "maximum": "40"},
                ]
                for score in ("60.00", "50.50")
            ],
        ),
    ],
)
def test_only_what_the_policy_allows_is_stored(db, cast, policy, scores, components):
    published(cast, policy)
    rows = list(PublishedWinner.select().order_by(PublishedWinner.place))
    assert [row.score for row in rows] == scores
    assert [row.components for row in rows] == components


def test_no_personal_number_and_no_loser_reaches_the_public_copy(db, cast):
    round_, ids, ranking_id = determining(cast)
    nip = Nomination.get_by_id(ids[0]).employee.nip
    printed = f"{nip[:8]} {nip[8:14]} {nip[14]} {nip[15:]}"
    determine(cast, round_, ranking_id, ids[:2], citations={ids[0]: f"NIP {nip} atau {printed}"})
    with builders.standing_at(2024, 11, 16):
        results.publish(cast.bkpsdm, period_id=round_.period_id, policy="names_and_breakdown")
    text = json.dumps([*PublishedWinner.select().dicts(), *Publication.select().dicts()], default=str)
    assert NIP.findall(text) == []
    assert printed not in text
    assert "Wati Lestari" not in text
    assert PublishedWinner.get(place=1).citation == "NIP … atau …"


def test_two_winners_of_one_name_have_their_own_address(db, cast):
    round_, ids, ranking_id = determining(cast)
    for id_ in ids[:2]:
        person = Nomination.get_by_id(id_).person | {"name": "Siti Aminah"}
        Nomination.update(person=person).where(Nomination.id == id_).execute()
    determine(cast, round_, ranking_id, ids[:2])
    with builders.standing_at(2024, 11, 16):
        results.publish(cast.bkpsdm, period_id=round_.period_id)
    assert sorted(row.slug for row in PublishedWinner.select()) == ["siti-aminah-2024", "siti-aminah-2024-2"]


def addresses(publication_id):
    rows = PublishedWinner.select().where(PublishedWinner.publication == publication_id).order_by(PublishedWinner.place)
    return [row.slug for row in rows]


def test_publishing_again_gives_everybody_the_same_address(db, cast):
    round_, _, first = published(cast)
    results.unpublish(cast.bkpsdm, publication_id=first, note="Nama salah eja.")
    second = results.publish(cast.bkpsdm, period_id=round_.period_id)
    assert addresses(first) == addresses(second) == ["siti-aminah-2024", "budi-santoso-2024"]


def test_an_address_stays_with_the_period_that_had_it_first(db, cast):
    utama, _, first = published(cast, slug="utama")
    khusus, _, other = published(cast, slug="khusus")
    assert addresses(first) == ["siti-aminah-2024", "budi-santoso-2024"]
    assert addresses(other) == ["siti-aminah-2024-khusus", "budi-santoso-2024-khusus"]
    for publication_id in (first, other):
        results.unpublish(cast.bkpsdm, publication_id=publication_id, note="Nama salah eja.")
    again = [results.publish(cast.bkpsdm, period_id=round_.period_id) for round_ in (khusus, utama)]
    assert [addresses(each) for each in again] == [addresses(other), addresses(first)]


def test_every_category_is_determined_before_anything_is_published(db, cast):
    round_, _, _ = determining(cast)
    with pytest.raises(Invalid, match="“ASN Inovatif” belum ditetapkan"):
        results.publish(cast.bkpsdm, period_id=round_.period_id)
    assert Publication.select().count() == 0
    assert Period.get_by_id(round_.period_id).state == "determination"


def test_results_are_published_once_at_a_time_under_a_known_policy(db, cast):
    round_, ids, ranking_id = determining(cast)
    determine(cast, round_, ranking_id, ids[:2])
    with pytest.raises(Invalid, match="Pilih salah satu: names, names_and_score, names_and_breakdown"):
        results.publish(cast.bkpsdm, period_id=round_.period_id, policy="everything")
    results.publish(cast.bkpsdm, period_id=round_.period_id)
    with pytest.raises(Conflict, match="sudah diumumkan"):
        results.publish(cast.bkpsdm, period_id=round_.period_id)
    assert Publication.select().count() == 1


def test_nothing_is_published_before_the_determination(db, cast):
    round_, _ = builders.assessing(cast, "Budi")
    with pytest.raises(IllegalMove, match="setelah penetapan"):
        results.publish(cast.bkpsdm, period_id=round_.period_id)


def test_a_withdrawn_publication_stays_on_record_and_may_be_followed_by_another(db, cast):
    round_, _, publication_id = published(cast)
    with pytest.raises(Invalid, match="wajib diisi"):
        results.unpublish(cast.bkpsdm, publication_id=publication_id, note=" ")
    results.unpublish(cast.bkpsdm, publication_id=publication_id, note="Nama salah eja.")
    row = Publication.get_by_id(publication_id)
    assert (row.withdrawn_at is None, row.withdrawal_note) == (False, "Nama salah eja.")
    with pytest.raises(Conflict, match="sudah ditarik"):
        results.unpublish(cast.bkpsdm, publication_id=publication_id, note="Lagi.")
    second = results.publish(cast.bkpsdm, period_id=round_.period_id, policy="names_and_score")
    assert Publication.get_by_id(second).number == 2
    assert Period.get_by_id(round_.period_id).state == "published"


def test_the_database_itself_keeps_the_public_copy_as_it_is(db, cast):
    _, _, publication_id = published(cast)
    for statement in (
        PublishedWinner.update(name="Orang Lain"),
        PublishedWinner.delete(),
        Publication.update(policy="names_and_score").where(Publication.id == publication_id),
    ):
        with pytest.raises(pw.DatabaseError, match="a publication never changes"), db.atomic():
            statement.execute()


@pytest.mark.parametrize("who", ["verifier", "assessor", "unit_admin", "unit_head", "viewer"])
def test_only_the_admin_determines_and_publishes(db, cast, who):
    round_, ids, ranking_id = determining(cast)
    actor = getattr(cast, who)
    decree = {"decree_number": "1", "decree_on": date(2024, 11, 7)}
    with pytest.raises(Forbidden):
        results.determine(actor, category_id=round_.category_id, ranking_id=ranking_id, nomination_ids=ids[:2], **decree)
    with pytest.raises(Forbidden):
        results.publish(actor, period_id=round_.period_id)
    with pytest.raises(Forbidden):
        results.unpublish(actor, publication_id=1, note="Alasan.")
    assert (Determination.select().count(), Publication.select().count()) == (0, 0)


def test_an_unknown_category_period_or_publication_is_not_found(db, cast):
    with pytest.raises(NotFound):
        results.determine(cast.bkpsdm, category_id=9, ranking_id=9, nomination_ids=[], decree_number="1", decree_on=date(2024, 11, 7))
    with pytest.raises(NotFound):
        results.publish(cast.bkpsdm, period_id=9)
    with pytest.raises(NotFound):
        results.unpublish(cast.bkpsdm, publication_id=9, note="Alasan.")


def test_a_ranked_nominee_can_no_longer_withdraw(db, cast):
    _, ids, _ = determining(cast)
    with pytest.raises(IllegalMove):
        nominations.withdraw(cast.unit_admin, nomination_id=ids[0], reason="Alasan.", expected_version=builders.version_of(ids[0]))


# The decree on file ---------------------------------------------------------------------------------------------------


def decreed(cast):
    round_, ids, ranking_id = determining(cast)
    return determine(cast, round_, ranking_id, ids[:2]).determination_id


def attach_decree(actor, determination_id, content=builders.PDF):
    results.attach_decree(actor, determination_id=determination_id, filename="SK.pdf", stream=io.BytesIO(content))


def test_the_decree_is_kept_like_evidence_and_a_better_copy_replaces_it(db, cast):
    determination_id = decreed(cast)
    with pytest.raises(NotFound):
        results.open_decree(cast.bkpsdm, determination_id)
    attach_decree(cast.bkpsdm, determination_id)
    opened = results.open_decree(cast.viewer, determination_id)
    assert (opened.path.read_bytes(), opened.media_type, opened.filename) == (builders.PDF, "application/pdf", "SK.pdf")
    first = Determination.get().decree_id
    attach_decree(cast.bkpsdm, determination_id, builders.PDF + b"%")
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).first()
    assert (entry.action, entry.before, entry.after) == (
        "result:attach_decree",
        {"sha256": first},
        {"sha256": Determination.get().decree_id, "size": len(builders.PDF) + 1},
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "kosong"), (b"MZ", "bukan PDF"), (builders.PNG, "bukan PDF"), (b"%PDF-" + b"0" * (10 * 2**20), "lebih besar")],
    ids=["empty", "program", "picture", "large"],
)
def test_what_is_no_decree_is_refused(db, cast, content, words):
    determination_id = decreed(cast)
    with pytest.raises(Invalid, match=words) as refusal:
        attach_decree(cast.bkpsdm, determination_id, content)
    assert (refusal.value.problems[0].path, Determination.get().decree_id) == (("file",), None)


@pytest.mark.parametrize("who", ["verifier", "assessor", "unit_admin", "unit_head", "viewer", "outsider"])
def test_others_keep_no_decree_and_mostly_read_none(db, cast, who):
    determination_id = decreed(cast)
    attach_decree(cast.bkpsdm, determination_id)
    with pytest.raises(Forbidden):
        attach_decree(getattr(cast, who), determination_id, builders.PDF + b"%")
    if who != "viewer":
        with pytest.raises(Forbidden):
            results.open_decree(getattr(cast, who), determination_id)
    for unknown in (4711, 2**40):
        with pytest.raises(NotFound):
            results.open_decree(cast.viewer, unknown)
