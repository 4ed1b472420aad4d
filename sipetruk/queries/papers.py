"""What stands on paper, taken from what was sealed or published and never computed again: minutes, recap and certificates."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sipetruk.documents.papers.certificates import Certificate
from sipetruk.documents.papers.letterhead import Letterhead, Signature
from sipetruk.documents.papers.minutes import Contest, Decision, Member, Minutes, Ranked, Seal, Unranked
from sipetruk.errors import IllegalMove
from sipetruk.models import Period, Publication, PublishedWinner, Ranking, User
from sipetruk.queries import settings, visible
from sipetruk.queries.public.standing import is_public
from sipetruk.queries.rankings import InstrumentUsed, Interview, RankingRow, RankingSummary, RankingView, ranking
from sipetruk.queries.signatories import signatory_on
from sipetruk.rules.check_codes import check_code
from sipetruk.rules.dates import day_text
from sipetruk.rules.permissions import Action, Actor, require
from sipetruk.rules.ranking import UNRESOLVED
from sipetruk.rules.signatories import DOCUMENT_LABELS, SignedDocument
from sipetruk.rules.weighing import ABSTAINED, RECUSED, SCORED
from sipetruk.rules.workflow import WITA

PER_FILE = 50
"""Certificates in one file: so many are made in a quarter of a second."""


@dataclass(frozen=True)
class WinnerLine:
    """A winner whose certificate can be printed."""

    id: int
    name: str
    unit: str
    category: str
    place: int
    check_code: str


@dataclass(frozen=True)
class CertificateList:
    """The certificates of a period's standing publication; `signatory` is None while nobody is named for that day.

    `files` is in how many files all of them come.
    """

    period_id: int
    period_name: str
    period_slug: str
    on: date
    signatory: Signature | None
    winners: tuple[WinnerLine, ...]

    @property
    def files(self) -> int:
        return -(-len(self.winners) // PER_FILE)


@dataclass(frozen=True)
class CertificateSheet:
    """All that a file of certificates is made of."""

    period_slug: str
    certificates: tuple[Certificate, ...]
    letterhead: Letterhead
    signature: Signature
    made_at: datetime


def minutes(actor: Actor, ranking_id: int, *, document: SignedDocument = SignedDocument.MINUTES) -> Minutes:
    """The minutes of a ranking that was made final, or the recap of it; who signs is who is named for `document` on that day.

    `IllegalMove` while the ranking is not final or nobody is named.
    """
    require(actor, Action.RANKING_READ)
    stored: Any = visible.get(visible.rankings_of(actor, Ranking.select()), Ranking, ranking_id, "Pemeringkatan")
    view = ranking(actor, stored.category_id, ranking_id=ranking_id)
    summary, used, title = view.summary, view.instrument, DOCUMENT_LABELS[document]
    if summary is None or used is None or summary.finalised_at is None:
        raise IllegalMove("%(what)s dicetak setelah pemeringkatan ditetapkan final.", what=title)
    sealed = json.loads(stored.inputs)
    names = {row.number: row.name for row in view.rows}
    letterhead, place = _office()
    return Minutes(
        letterhead=letterhead,
        contest=_contest(view, summary, used),
        parts=tuple(part.label for part in view.rows[0].components) if view.rows else (),
        ranked=tuple(_ranked(row, row.rank) for row in _by_rank(view.rows) if row.rank is not None),
        unranked=tuple(_unranked(row) for row in view.rows if row.rank is None),
        decisions=tuple(Decision(tuple(names[number] for number in each["order"]), each["reason"]) for each in sealed["decisions"]),
        passed_over=tuple((names[each.number], each.reason) for each in view.award.passed_over),
        goes_on=_goes_on(view.interview),
        members=_members(sealed),
        seal=Seal(stored.engine, summary.input_sha256, summary.result_sha256, summary.computed_at, summary.finalised_at),
        signature=_signed(document, place, _day(summary.finalised_at)),
        is_superseded=summary.state != "final",
    )


def certificate_list(actor: Actor, period_id: int, *, now: datetime) -> CertificateList:
    """Who of a period gets a certificate, by category and place; `IllegalMove` before the publication and once it is withdrawn."""
    period, publication = _published(actor, period_id, now)
    rows = _winners(publication)
    on = _day(publication.published_at)
    found = signatory_on(SignedDocument.CERTIFICATE, on)
    return CertificateList(
        period_id=period.id,
        period_name=period.name,
        period_slug=period.slug,
        on=on,
        signatory=Signature(settings.text("signing_place"), on, found.person) if found else None,
        winners=tuple(WinnerLine(row.id, row.name, row.unit_name, row.category_name, row.place, _code(publication, row)) for row in rows),
    )


def certificate(actor: Actor, period_id: int, winner_id: int, *, check_page: str, now: datetime) -> CertificateSheet:
    """The certificate of one winner; `NotFound` for a winner of another publication. `check_page` is the address of the page
    on which codes are checked.
    """
    period, publication = _published(actor, period_id, now)
    row = visible.get(_winners(publication), PublishedWinner, winner_id, DOCUMENT_LABELS[SignedDocument.CERTIFICATE])
    return _sheet(period, publication, [row], check_page)


def certificates(actor: Actor, period_id: int, file: int, *, check_page: str, now: datetime) -> CertificateSheet:
    """The certificates of a period, `PER_FILE` in a file; `NotFound` for a file beyond the last."""
    period, publication = _published(actor, period_id, now)
    rows = list(_winners(publication).paginate(file, PER_FILE)) if visible.is_id(file) else []
    return _sheet(period, publication, visible.there(rows or None, DOCUMENT_LABELS[SignedDocument.CERTIFICATE]), check_page)


def _published(actor: Actor, period_id: int, now: datetime) -> tuple[Any, Any]:
    """The period and its publication that is public now."""
    require(actor, Action.RANKING_READ)
    period = visible.get(visible.periods(actor), Period, period_id, "Periode")
    columns = (Publication.id, Publication.published_at, Publication.content_sha256)
    publication = Publication.select(*columns).where(Publication.period == period, is_public(now)).first()
    if publication is None:
        raise IllegalMove("Piagam dicetak setelah hasil periode ini diumumkan.")
    return period, publication


def _winners(publication: Any) -> Any:
    """Who a publication names, by category and place."""
    order = (PublishedWinner.category_position, PublishedWinner.place, PublishedWinner.name, PublishedWinner.id)
    return PublishedWinner.select().where(PublishedWinner.publication == publication).order_by(*order)


def _sheet(period: Any, publication: Any, rows: Sequence[Any], check_page: str) -> CertificateSheet:
    letterhead, place = _office()
    return CertificateSheet(
        period_slug=period.slug,
        certificates=tuple(_certificate(period, row, _code(publication, row), check_page) for row in rows),
        letterhead=letterhead,
        signature=_signed(SignedDocument.CERTIFICATE, place, _day(publication.published_at)),
        made_at=publication.published_at,
    )


def _certificate(period: Any, row: Any, code: str, check_page: str) -> Certificate:
    return Certificate(
        name=row.name,
        position=row.position,
        unit=row.unit_name,
        category=row.category_name,
        place=row.place,
        period=period.name,
        citation=row.citation,
        decree_number=row.decree_number,
        decree_on=row.decree_on,
        check_code=code,
        check_url=f"{check_page}?kode={code}",
    )


def _code(publication: Any, row: Any) -> str:
    return check_code(publication.content_sha256, row.slug)


def _office() -> tuple[Letterhead, str]:
    """The letterhead, and where papers are signed (1 statement)."""
    said = settings.texts("government_name", "agency_name", "agency_address", "signing_place")
    return Letterhead(said["government_name"], said["agency_name"], tuple(said["agency_address"].splitlines())), said["signing_place"]


def _signed(document: SignedDocument, place: str, on: date) -> Signature:
    """Who signs the document on a day, or a refusal that says what to do (1 statement)."""
    found = signatory_on(document, on)
    if found is None:
        raise IllegalMove(
            "Belum ada penanda tangan %(what)s untuk tanggal %(day)s. Catat lebih dahulu pada menu Penanda tangan.",
            what=DOCUMENT_LABELS[document],
            day=day_text(on),
        )
    return Signature(place, on, found.person)


def _day(moment: datetime) -> date:
    return moment.astimezone(WITA).date()


def _contest(view: RankingView, summary: RankingSummary, used: InstrumentUsed) -> Contest:
    return Contest(view.category_name, view.period_name, used.title, used.number, used.sha256, summary.number)


def _by_rank(rows: Iterable[RankingRow]) -> list[RankingRow]:
    return sorted(rows, key=lambda row: (row.rank or 0, row.number))


def _ranked(row: RankingRow, rank: int) -> Ranked:
    return Ranked(
        rank=rank,
        number=row.number,
        name=row.name,
        unit=row.unit_name,
        score=row.score or "",
        parts=tuple(part.score for part in row.components),
        is_tied=row.tie_group is not None,
        decided_by="" if row.decided_by == UNRESOLVED else row.decided_by_label,
        is_proposed=row.is_proposed,
    )


def _unranked(row: RankingRow) -> Unranked:
    return Unranked(row.number, row.name, row.unit_name, row.score, " ".join(row.reasons))


def _goes_on(interview: Interview | None) -> str:
    """What follows where the winners are not found in this ranking."""
    if interview is None:
        return ""
    return (
        f"Pemenang ditetapkan pada tahap wawancara, yaitu kategori {interview.name}. {interview.finalists} calon terbaik maju ke"
        " tahap itu; calon yang nilainya sama pada batasnya ikut maju."
    )


def _members(sealed: Mapping[str, Any]) -> tuple[Member, ...]:
    """The panel as it was sealed, by name, with how many nominees each stepped back from and whose marks count (1 statement)."""
    stepped_back: dict[str, int] = dict.fromkeys(sealed["panel"], 0)
    asked, counted = set(), set()
    for nominee in sealed["nominees"]:
        said = {(mark["assessor"], mark["state"]) for marks in nominee["marks"].values() for mark in marks}
        asked |= {who for who, _ in said}
        counted |= {who for who, state in said if state in (SCORED, ABSTAINED)}
        for who in (who for who, state in said if state == RECUSED):
            stepped_back[who] += 1
    names = dict(User.select(User.id, User.name).where(User.id.in_([int(who) for who in stepped_back])).tuples())
    members = [Member(names[int(who)], count, who in counted or who not in asked) for who, count in stepped_back.items()]
    return tuple(sorted(members, key=lambda member: member.name.casefold()))
