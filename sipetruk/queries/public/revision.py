"""The revision of all that is public: what caches of public answers are keyed by."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

import peewee as pw

from sipetruk.models import Category, Instrument, InstrumentVersion, Period, Publication
from sipetruk.models.base import Table, database
from sipetruk.rules.workflow import WITA


def publication_revision(*, now: datetime) -> str:
    """The key of every cache of public answers: another one as soon as anything public may read differently.

    One statement. Row versions only grow, so their sums change with every edit; the day in WITA opens and closes windows.
    """
    tables: tuple[tuple[type[Table], Any], ...] = (
        (Period, pw.fn.SUM(Period.row_version)),
        (Category, pw.fn.SUM(Category.row_version)),
        (Instrument, pw.fn.SUM(Instrument.row_version)),
        (InstrumentVersion, pw.fn.SUM(InstrumentVersion.row_version)),
        (Publication, pw.fn.COUNT(Publication.withdrawn_at)),
    )
    counts = [model.select(expression) for model, total in tables for expression in (pw.fn.COUNT(pw.SQL("*")), pw.fn.MAX(model.id), total)]
    row = database.execute(pw.Select(columns=counts)).fetchone()
    seen = f"{now.astimezone(WITA).date().isoformat()} {list(row)}"
    return hashlib.sha256(seen.encode()).hexdigest()[:20]
