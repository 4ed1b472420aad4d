"""Who was faster at a draft, in the words of its last change."""

from __future__ import annotations

from sipetruk.errors import Conflict
from sipetruk.queries.instrument_changes import LastChange
from sipetruk.rules.moments import clock_text


def conflict_message(refusal: Conflict, last: LastChange | None) -> str:
    """Who changed what in the meantime, when the trail knows."""
    if last is None:
        return refusal.message
    return f"{last.actor} menyimpan perubahan lain pukul {clock_text(last.at)}: {last.message} Tulisan Anda belum disimpan."
