"""Publications with a moment of their own: let out by the clock, moved or cancelled before it, and the work that follows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sipetruk.errors import Conflict, IllegalMove
from sipetruk.models import Publication
from sipetruk.rules.notices import Notice
from sipetruk.rules.permissions import SYSTEM, Action, Actor, require
from sipetruk.rules.webhooks import Event
from sipetruk.rules.workflow import PeriodMove, PeriodState
from sipetruk.services import audience, audit, clock, events, jobs, periods, public_copy
from sipetruk.services.results import RELEASE, check_moment, end_publication, held_publication, words
from sipetruk.services.transaction import transaction

CHANGED = "Isi pengumuman berubah sejak dijadwalkan. Batalkan jadwalnya, periksa pratinjaunya, lalu jadwalkan lagi."


def reschedule(actor: Actor, *, publication_id: int, at: datetime) -> int:
    """Another moment for a publication that is not public yet: the old copy ends, one of the same content is sealed.

    Returns the id of the new publication.
    """
    require(actor, Action.RESULT_PUBLISH)
    now = clock.now()
    moment = check_moment(at, now)
    with transaction():
        earlier = _scheduled(actor, publication_id, now)
        end_publication(earlier, "Waktu terbit diubah.")
        later, count = public_copy.save(actor, earlier.period, earlier.policy, made_at=now, published_at=moment)
        if later.content_sha256 != earlier.content_sha256:
            raise Conflict(CHANGED, "publicationId")
        jobs.ask(actor, kind=RELEASE, subject=str(later.id), run_at=moment)
        events.called_off(Event.RESULT_PUBLISHED, later.period_id)
        events.happened(Event.RESULT_PUBLISHED, later.period_id, at=moment, slug=later.period.slug)
        before = {"number": earlier.number, "published_at": earlier.published_at.isoformat(timespec="seconds")}
        after = {"number": later.number, "published_at": moment.isoformat(timespec="seconds"), "winners": count}
        audit.record(actor, "result:schedule", "publication", later.id, before=before, after=after)
    return int(later.id)


def cancel(actor: Actor, *, publication_id: int, reason: str) -> None:
    """Call off a publication before its moment: it never becomes public, and the reason stays inside."""
    require(actor, Action.RESULT_PUBLISH)
    reason = words(reason, "reason", "Alasan wajib diisi.")
    with transaction():
        publication = _scheduled(actor, publication_id, clock.now())
        end_publication(publication, reason)
        events.called_off(Event.RESULT_PUBLISHED, publication.period_id)
        before = {"number": publication.number, "published_at": publication.published_at.isoformat(timespec="seconds")}
        audit.record(actor, "result:cancel", "publication", publication.id, before=before, after={"cancelled": True}, reason=reason)


def release(actor: Actor, *, publication_id: int) -> bool:
    """What follows the moment of a publication: the period is published and everybody is told. False when it is done already.

    The public reads the publication by the clock alone; this waits for no reader, and no reader waits for this.
    """
    require(actor, Action.RESULT_PUBLISH)
    with transaction():
        publication = held_publication(actor, publication_id)
        if publication.withdrawn_at is not None or publication.released_at is not None:
            return False
        if publication.published_at > clock.now():
            raise IllegalMove("Pengumuman ini belum sampai waktu terbitnya.")
        publication.released_at = clock.now()
        publication.save(only=[Publication.released_at])
        period = periods.held_period(actor, publication.period_id)
        if period.state == PeriodState.DETERMINATION:
            periods.advance(actor, period, PeriodMove.PUBLISH)
        audience.result(actor, period, Notice.RESULT_PUBLISHED)
        audit.record(actor, "result:release", "publication", publication.id, after={"period": period.slug, "number": publication.number})
    return True


def work(subject: str) -> dict[str, Any]:
    """The worker's part, at the moment of a publication."""
    return {"released": release(SYSTEM, publication_id=int(subject))}


def _scheduled(actor: Actor, publication_id: int, now: datetime) -> Any:
    publication = held_publication(actor, publication_id)
    if publication.withdrawn_at is not None:
        raise Conflict("Jadwal pengumuman ini sudah dibatalkan.", "publicationId")
    if publication.published_at <= now:
        raise IllegalMove("Pengumuman ini sudah terbit; tarik dengan catatan untuk umum.")
    return publication
