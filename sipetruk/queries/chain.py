"""The chain of the audit trail: the heads that were published, for everybody, and the last checks, for auditors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sipetruk.models import ChainHead, Job, User
from sipetruk.queries.listing import Listing, Sort, day, integer, moment
from sipetruk.queries.paging import Page, PageRequest
from sipetruk.rules.permissions import Action, Actor, require

KIND = "audit_check"


@dataclass(frozen=True)
class Head:
    """The end of the trail as it was published on a day."""

    day: date
    entries: int
    head: str
    published_at: datetime


@dataclass(frozen=True)
class Check:
    """One recomputation of the chain: `state` is waiting, done or failed; what it found stands there once it is done."""

    id: int
    state: str
    asked_at: datetime
    asked_by: str
    finished_at: datetime | None
    checked: int
    total: int
    head: str
    broken_at: int | None
    heads: int
    unfitting: date | None

    @property
    def holds(self) -> bool:
        return self.state == "done" and self.broken_at is None and self.unfitting is None


_DAY = day("Hari (WITA).", "day", ChainHead.day)
HEADS = Listing(
    "AuditHead",
    {
        "day": _DAY,
        "entries": integer("Banyaknya catatan pada saat itu.", "entries", ChainHead.entries),
        "published_at": moment("Saat dicatat.", "published_at", ChainHead.published_at),
    },
    (Sort(_DAY, is_descending=True),),
)


def heads(page: PageRequest | None = None) -> Page[Head]:
    """A page of the published heads, the latest first; anybody may read and keep them (2 statements)."""
    found: Page[ChainHead] = HEADS.select(ChainHead.select(), page or PageRequest())
    return found.of([Head(row.day, row.entries, row.head, row.published_at) for row in found.rows])


def last_check(actor: Actor) -> Check | None:
    """The check that was asked for last (2 statements)."""
    require(actor, Action.AUDIT_READ)
    job = Job.select().where(Job.kind == KIND).order_by(Job.id.desc()).first()
    if job is None:
        return None
    found = job.result or {}
    unfitting = found.get("unfitting")
    return Check(
        id=job.id,
        state=job.state,
        asked_at=job.asked_at,
        asked_by=User.select(User.name).where(User.id == job.asked_by_id).scalar() or "",
        finished_at=job.finished_at,
        checked=found.get("checked", 0),
        total=found.get("total", 0),
        head=found.get("head", ""),
        broken_at=found.get("broken_at"),
        heads=found.get("heads", 0),
        unfitting=date.fromisoformat(unfitting) if unfitting else None,
    )


def running_subject() -> str | None:
    """The subject of the check that is under way or waits, if there is one."""
    subject = Job.select(Job.subject).where(Job.kind == KIND, Job.state == "waiting").order_by(Job.id.desc()).limit(1).scalar()
    return None if subject is None else str(subject)
