"""Versions side by side: comparison, history, an earlier one taken up again, last round in the new draft."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from flask import flash, redirect, request

from sipetruk.errors import Conflict, Invalid, NotFound
from sipetruk.panel.instruments.base import InstrumentBase
from sipetruk.panel.kit import Answer, expose
from sipetruk.panel.kit.page import SEE_OTHER
from sipetruk.queries import backtests, instrument_history
from sipetruk.queries import instruments as queries
from sipetruk.queries.instruments import VersionRow, VersionView
from sipetruk.queries.paging import PageRequest
from sipetruk.rules.comparison import Share
from sipetruk.rules.document_words import percent
from sipetruk.rules.permissions import Action, require
from sipetruk.rules.trail import FACES
from sipetruk.services import instruments as services

HISTORY_SIZE = 10


class VersionPages(InstrumentBase):
    """What came before a version, what it differs in, and what it would have changed."""

    @expose("/<int:version_id>/bandingkan/")
    def compare(self, version_id: int) -> Answer:
        """This version against another one; the earlier of the two is the side "before", however they were chosen."""
        view = self.view(version_id)
        others = [row for row in queries.list_versions(self.actor) if row.id != version_id]
        other_id = request.args.get("dengan", _nearest(view, others), type=int)
        found = None
        if other_id:
            other = next((row for row in others if row.id == other_id), None)
            if other is None and other_id != version_id:
                raise NotFound("%(what)s tidak ditemukan.", what="Versi instrumen")
            pair = (version_id, other_id) if other is not None and _is_later(other, view.row) else (other_id, version_id)
            found = queries.comparison(self.actor, *pair)
        return self.render(
            "panel/instrument/compare.html",
            view=view,
            others=others,
            other_id=other_id,
            found=found,
            share_text=share_text,
            sum_of_shares=sum_of_shares,
        )

    @expose("/<int:version_id>/riwayat/")
    def history(self, version_id: int) -> Answer:
        view = self.view(version_id)
        asked = PageRequest(HISTORY_SIZE, after=request.args.get("sesudah"), before=request.args.get("sebelum"))
        if asked.before and not asked.after:
            asked = PageRequest(HISTORY_SIZE, before=asked.before, is_backward=True)
        page = instrument_history.history(self.actor, version_id, asked)
        may_restore = not view.row.is_draft and self.can(Action.INSTRUMENT_EDIT)
        return self.render(
            "panel/instrument/history.html",
            view=view,
            page=page,
            faces=FACES,
            may_restore=may_restore,
            draft=queries.draft_of(self.actor, view.row.instrument_id),
        )

    @expose("/<int:version_id>/pulihkan/", ("POST",))
    def restore(self, version_id: int) -> Answer:
        """Take this version up again as the next draft, unless a draft exists, which is then named with a link."""
        require(self.actor, Action.INSTRUMENT_EDIT)
        view = self.view(version_id)
        draft = queries.draft_of(self.actor, view.row.instrument_id)
        if draft is not None and draft.id != version_id:
            return self.render("panel/instrument/restore.html", view=view, draft=draft), 409
        try:
            made = services.restore(self.actor, version_id=version_id)
        except Conflict as refusal:
            self.warn(refusal)
            return redirect(self.address(version_id), SEE_OTHER)
        flash(f"Versi {view.row.number} dipulihkan sebagai draf baru.", "success")
        return redirect(self.address(made), SEE_OTHER)

    @expose("/<int:version_id>/uji-ulang/")
    def backtest(self, version_id: int) -> Answer:
        view = self.view(version_id)
        categories = backtests.finished_categories(self.actor)
        category_id = request.args.get("kategori", type=int)
        found, refusal = None, None
        if category_id:
            try:
                found = backtests.backtest(self.actor, version_id, category_id)
            except Invalid as refused:
                refusal = refused
        page = self.render(
            "panel/instrument/backtest.html",
            view=view,
            categories=categories,
            category_id=category_id,
            found=found,
            refusal=refusal,
            share_text=share_text,
        )
        return page, 422 if refusal else 200


def share_text(share: Fraction | None) -> str:
    """A share of the total as a percentage."""
    return "–" if share is None else percent(share)


def sum_of_shares(shares: Iterable[Share], side: str) -> Fraction:
    return sum((getattr(share, side) or Fraction(0) for share in shares), Fraction(0))


def _nearest(view: VersionView, others: list[VersionRow]) -> int | None:
    """The version before this one of the same instrument; the next one for the first; none where it stands alone."""
    family = [row for row in others if row.instrument_id == view.row.instrument_id]
    earlier = [row for row in family if row.number < view.row.number]
    if earlier:
        return max(earlier, key=lambda row: row.number).id
    return min(family, key=lambda row: row.number).id if family else None


def _is_later(row: VersionRow, other: VersionRow) -> bool:
    """Whether a version belongs on the side "after": by number within an instrument, by age otherwise."""
    if row.instrument_id == other.instrument_id:
        return row.number > other.number
    return row.created_at > other.created_at
