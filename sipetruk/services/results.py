"""Results: winners determined from the final ranking by a decree, and the public copy of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sipetruk.errors import Conflict, Forbidden, IllegalMove, Invalid, Problem
from sipetruk.models import Category, Determination, DeterminationProposal, Period, Publication
from sipetruk.queries import visible
from sipetruk.rules.announcement import POLICIES
from sipetruk.rules.notices import Notice
from sipetruk.rules.permissions import Action, Actor, require
from sipetruk.rules.webhooks import Event
from sipetruk.rules.workflow import DETERMINABLE_IN, PERIOD_LABELS, PeriodMove, PeriodState
from sipetruk.services import audience, audit, clock, determination, events, evidence, jobs, periods, public_copy, readiness
from sipetruk.services.determination import REASON_LENGTH, Decision
from sipetruk.services.transaction import held, held_category, transaction

RELEASE = "publication"
"""The work of letting a publication out at its moment; done in `services.schedules`."""
FURTHEST = timedelta(days=366)
DECREE_MB = 10


@dataclass(frozen=True)
class Outcome:
    """What became of a decision: a determination, or a proposal that waits for a second person."""

    determination_id: int | None = None
    proposal_id: int | None = None


def determine(
    actor: Actor,
    *,
    category_id: int,
    ranking_id: int,
    nomination_ids: Sequence[int],
    decree_number: str,
    decree_on: date,
    citations: Mapping[int, str] | None = None,
    override_reason: str | None = None,
    is_dry_run: bool = False,
) -> Outcome:
    """Name the winners of a category by decree.

    Those whom the ranking proposes are determined at once. Others need a written reason and take effect when a second
    person of BKPSDM approves (`services.proposals`). A dry run refuses the same and saves nothing: nobody is asked to
    confirm what cannot be done.
    """
    require(actor, Action.RESULT_DETERMINE)
    decision = determination.decided(nomination_ids, decree_number, decree_on, citations)
    with transaction():
        read = _read(actor, category_id, ranking_id, decision, override_reason)
        if is_dry_run:
            return Outcome()
        if not read.reason:
            row = determination.carry_out(actor, read.category, read.ranking, decision, read.placed)
            return Outcome(determination_id=int(row.id))
        numbers = [nomination.number for nomination, _ in read.placed]
        return Outcome(proposal_id=_propose(actor, read.category, read.ranking, decision, numbers, read.reason))


def attach_decree(actor: Actor, *, determination_id: int, filename: str, stream: evidence.Readable) -> None:
    """Keep the signed decree (a PDF) with the determination; a better copy replaces it, and both hashes stay in the trail."""
    require(actor, Action.RESULT_DETERMINE)
    _held_determination(actor, determination_id)
    with evidence.receive(stream, DECREE_MB) as received:
        kind = evidence.recognise(received.head, ("pdf",))
        received.keep()
    with transaction():
        row = _held_determination(actor, determination_id)
        before = row.decree_id
        evidence.remember(received.sha256, received.size, kind.media_type)
        row.decree, row.decree_name = received.sha256, evidence.clean_filename(filename, kind)
        row.save(only=[Determination.decree, Determination.decree_name])
        kept = {"sha256": received.sha256, "size": received.size}
        audit.record(actor, "result:attach_decree", "category", row.category_id, before={"sha256": before} if before else None, after=kept)


def open_decree(actor: Actor, determination_id: int) -> evidence.OpenedFile:
    """The decree's file, for whoever may read rankings; its number and date are public, the file is not."""
    require(actor, Action.RANKING_READ)
    row = visible.get(
        _determinations(actor).where(Determination.decree.is_null(is_null=False)), Determination, determination_id, "Berkas SK"
    )
    return evidence.OpenedFile(evidence.place_of(row.decree_id), str(row.decree.media_type), str(row.decree_name))


def publish(actor: Actor, *, period_id: int, policy: str = "names", at: datetime | None = None, expected_sha256: str | None = None) -> int:
    """Make the public copy of a period's winners, holding no more than the policy allows. Returns its id.

    With `at` the copy is made and sealed now, and nobody reads it before that moment. `expected_sha256` is the hash of the
    preview that was looked at: anything else is refused.
    """
    require(actor, Action.RESULT_PUBLISH)
    check_policy(policy)
    now = clock.now()
    moment = now if at is None else check_moment(at, now)
    with transaction():
        period = visible.get(held(visible.periods(actor)), Period, period_id, "Periode")
        _require_publishable(period)
        publication, count = public_copy.save(actor, period, policy, made_at=now, published_at=moment)
        if expected_sha256 is not None and publication.content_sha256 != expected_sha256:
            raise Conflict("Isi pengumuman berubah sejak pratinjau yang Anda baca. Periksa pratinjaunya sekali lagi.", "expectedSha256")
        after = {"period": period.slug, "number": publication.number, "policy": policy, "winners": count}
        after |= {"content_sha256": publication.content_sha256, "published_at": moment.isoformat(timespec="seconds")}
        events.happened(Event.RESULT_PUBLISHED, period.id, at=moment, slug=period.slug)
        if at is not None:
            jobs.ask(actor, kind=RELEASE, subject=str(publication.id), run_at=moment)
            audit.record(actor, "result:schedule", "publication", publication.id, after=after)
            return int(publication.id)
        audience.result(actor, period, Notice.RESULT_PUBLISHED)
        audit.record(actor, Action.RESULT_PUBLISH, "publication", publication.id, after=after)
        if period.state == PeriodState.DETERMINATION:
            periods.advance(actor, period, PeriodMove.PUBLISH)
    return int(publication.id)


@dataclass(frozen=True)
class Preview:
    """What a publication would hold if it were made now: rows of public winners, counts per unit, and the hash of it all."""

    winners: tuple[Mapping[str, Any], ...]
    statistics: Mapping[str, Any]
    sha256: str


def preview(actor: Actor, *, period_id: int, policy: str) -> Preview:
    """The public copy that `publish` would make under a policy, made by the same code; nothing is saved."""
    require(actor, Action.RESULT_PUBLISH)
    check_policy(policy)
    period = visible.get(visible.periods(actor), Period, period_id, "Periode")
    content = public_copy.content(period, policy)
    return Preview(tuple(content.winners), content.statistics, content.sha256)


def unpublish(actor: Actor, *, publication_id: int, note: str) -> None:
    """Withdraw a publication that is public; the copy stays on record, and the public reads the note."""
    require(actor, Action.RESULT_PUBLISH)
    note = words(note, "note", "Alasan penarikan wajib diisi.")
    with transaction():
        publication = held_publication(actor, publication_id)
        if publication.withdrawn_at is not None:
            raise Conflict("Pengumuman ini sudah ditarik.", "publicationId")
        if publication.published_at > clock.now():
            raise IllegalMove("Pengumuman ini belum terbit; batalkan jadwalnya.")
        end_publication(publication, note)
        audience.result(actor, publication.period, Notice.RESULT_WITHDRAWN)
        events.happened(Event.RESULT_WITHDRAWN, publication.period_id, slug=publication.period.slug)
        audit.record(actor, Action.RESULT_PUBLISH, "publication", publication.id, after={"withdrawn": True}, reason=note)


def words(text: str, field: str, missing: str = "") -> str:
    """A written reason without its blanks; refused when too long, or when it is `missing`."""
    text = text.strip()
    if missing and not text:
        raise Invalid(missing, field)
    if len(text) > REASON_LENGTH:
        raise Invalid("Paling banyak %(longest)s karakter.", field, longest=REASON_LENGTH)
    return text


def check_policy(policy: str) -> None:
    if policy not in POLICIES:
        raise Invalid("Pilih salah satu: %(options)s.", "policy", options=", ".join(POLICIES))


def check_moment(at: datetime, now: datetime) -> datetime:
    """The moment of a publication to whole seconds: later than now, and not further away than a year."""
    if at.tzinfo is None:
        raise Invalid("Waktu terbit harus menyebut zona waktunya.", "at")
    at = at.replace(microsecond=0)
    if at <= now:
        raise Invalid("Waktu terbit harus setelah sekarang.", "at")
    if at > now + FURTHEST:
        raise Invalid("Waktu terbit paling lama satu tahun dari sekarang.", "at")
    return at.astimezone(UTC)


def held_publication(actor: Actor, publication_id: int) -> Any:
    scope = Publication.select().where(Publication.period.in_(visible.periods(actor).select(Period.id)))
    return visible.get(held(scope), Publication, publication_id, "Pengumuman")


def end_publication(publication: Any, note: str) -> None:
    """From now on the publication does not stand; what it held is kept."""
    publication.withdrawn_at, publication.withdrawal_note = clock.now(), note
    publication.save(only=[Publication.withdrawn_at, Publication.withdrawal_note])


@dataclass(frozen=True)
class _Read:
    """What a decision is about; `reason` says why it deviates from the ranking, and is empty where it does not."""

    category: Any
    ranking: Any
    placed: Sequence[determination.Placed]
    reason: str


def _read(actor: Actor, category_id: int, ranking_id: int, decision: Decision, override_reason: str | None) -> _Read:
    """Everything that stands in the way of a determination is refused here, before anything is saved."""
    reason = words(override_reason or "", "overrideReason")
    category = held_category(actor, category_id)
    determination.require_time(category)
    determination.require_free(category)
    determination.require_nothing_waits(category)
    ranking = determination.final_ranking(category, ranking_id)
    placed = determination.winners(category, ranking, decision)
    is_deviating = determination.deviates(ranking, placed)
    if reason and not is_deviating:
        raise Invalid("Pilihan ini sesuai peringkat; kosongkan alasan menyimpang.", "overrideReason")
    if is_deviating and not reason:
        raise Invalid("Pilihan ini menyimpang dari peringkat. Tuliskan alasannya.", "overrideReason")
    return _Read(category, ranking, placed, reason)


def _propose(actor: Actor, category: Any, ranking: Any, decision: Decision, numbers: Sequence[str], reason: str) -> int:
    """Write down winners that deviate from the ranking; nothing else changes until somebody else approves."""
    if actor.user_id is None:
        raise Forbidden("Penetapan yang menyimpang dari peringkat diusulkan oleh orang yang masuk dengan akunnya.")
    proposal = DeterminationProposal.create(
        category=category,
        kind="override",
        ranking=ranking,
        content=decision.to_dict(),
        reason=reason,
        proposed_by=actor.user_id,
        proposed_at=clock.now(),
    )
    determination.tell(actor, category, Notice.APPROVAL_ASKED)
    after = {"ranking": ranking.number, "decree_number": decision.decree_number, "winners": list(numbers)}
    audit.record(actor, "result:propose", "category", category.id, after=after, reason=reason)
    return int(proposal.id)


def _determinations(actor: Actor) -> Any:
    mine = visible.categories(actor).select(Category.id)
    return Determination.select().where(Determination.category.in_(mine), Determination.revoked_at.is_null())


def _held_determination(actor: Actor, determination_id: int) -> Any:
    return visible.get(held(_determinations(actor)), Determination, determination_id, "Penetapan")


def _require_publishable(period: Any) -> None:
    if PeriodState(period.state) not in DETERMINABLE_IN:
        raise IllegalMove(
            "Hasil hanya dapat diumumkan setelah penetapan; periode berada pada tahap “%(state)s”.",
            state=PERIOD_LABELS[PeriodState(period.state)],
        )
    live = Publication.get_or_none(Publication.period == period, Publication.withdrawn_at.is_null())
    if live is not None and live.published_at > clock.now():
        raise Conflict("Pengumuman hasil periode ini sudah dijadwalkan. Batalkan dahulu jadwal itu.", "periodId")
    if live is not None:
        raise Conflict("Hasil periode ini sudah diumumkan. Tarik dahulu pengumuman itu.", "periodId")
    problems = [*readiness.undetermined(period), *_pending(period)]
    if problems:
        raise Invalid(problems)


def _pending(period: Any) -> list[Problem]:
    rows = DeterminationProposal.select().join(Category).where(Category.period == period, DeterminationProposal.state == "waiting")
    return [
        Problem(
            "Usulan penetapan kategori “%(name)s” masih menunggu persetujuan.",
            ("categories", row.category.slug),
            params={"name": row.category.name},
        )
        for row in rows.order_by(Category.position)
    ]
