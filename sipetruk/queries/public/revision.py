"""The revision of all that is public: what caches of public answers are keyed by."""

from __future__ import annotations

import hashlib
from datetime import datetime, time, timedelta
from typing import Any

import peewee as pw

from sipetruk.models import Announcement, Category, ChainHead, Instrument, InstrumentVersion, Period, Publication, Setting
from sipetruk.models.base import Table, database
from sipetruk.rules.workflow import WITA


def publication_revision(*, now: datetime) -> str:
    """The key of every cache of public answers: another one as soon as anything public may read differently.

    One statement. Row versions only grow, so their sums change with every edit; the day in WITA opens and closes windows. A
    sealed publication counts from its own moment on, so that nobody learns from a changed answer that there is one.
    """
    tables: tuple[tuple[type[Table], Any], ...] = (
        (Period, pw.fn.SUM(Period.row_version)),
        (Category, pw.fn.SUM(Category.row_version)),
        (Instrument, pw.fn.SUM(Instrument.row_version)),
        (InstrumentVersion, pw.fn.SUM(InstrumentVersion.row_version)),
    )
    counts = [model.select(expression) for model, total in tables for expression in (pw.fn.COUNT(pw.SQL("*")), pw.fn.MAX(model.id), total)]
    was_public = (Publication.published_at <= now) & (
        Publication.withdrawn_at.is_null() | (Publication.withdrawn_at >= Publication.published_at)
    )
    seen_publications = Publication.select().where(was_public)
    expressions = (pw.fn.COUNT(pw.SQL("*")), pw.fn.MAX(Publication.id), pw.fn.COUNT(Publication.withdrawn_at))
    counts += [seen_publications.select(expression) for expression in expressions]
    counts += _announcements(now)
    counts.append(ChainHead.select(pw.fn.COUNT(pw.SQL("*"))))
    counts += [Setting.select(pw.fn.SUM(Setting.row_version))]
    row = database.execute(pw.Select(columns=counts)).fetchone()
    seen = f"{now.astimezone(WITA).date().isoformat()} {list(row)}"
    return hashlib.sha256(seen.encode()).hexdigest()[:20]


def _announcements(now: datetime) -> list[Any]:
    """What changes with every announcement that appears, is changed while it can be read, ends, or is withdrawn."""
    began = (Announcement.publish_at <= now) & (
        Announcement.withdrawn_at.is_null() | (Announcement.withdrawn_at >= Announcement.publish_at)
    )
    seen = Announcement.select().where(began)
    return [
        seen.select(pw.fn.COUNT(pw.SQL("*"))),
        seen.select(pw.fn.SUM(Announcement.row_version)),
        seen.select(pw.fn.MAX(Announcement.id)),
        seen.where(Announcement.ends_at <= now).select(pw.fn.COUNT(pw.SQL("*"))),
    ]


def next_change(*, now: datetime) -> datetime:
    """The first moment after `now` at which the revision may move by the clock alone (1 statement): a sealed publication or an
    announcement appears, an announcement ends, or a day in WITA begins.
    """
    columns = (Publication.published_at, Announcement.publish_at, Announcement.ends_at)
    firsts = [column.model.select(pw.fn.MIN(column)).where(column > now) for column in columns]
    row = database.execute(pw.Select(columns=firsts)).fetchone()
    tomorrow = datetime.combine(now.astimezone(WITA).date() + timedelta(days=1), time(), WITA)
    moments = (column.python_value(found) for column, found in zip(columns, row, strict=True) if found is not None)
    soonest: datetime = min([tomorrow, *moments])
    return soonest
