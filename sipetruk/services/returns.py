"""A return and its answers: the points that a return has, kept as they were then, and the unit's reply to each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sipetruk.errors import Invalid, Problem
from sipetruk.models import CheckItem, ReturnItem, Review
from sipetruk.queries import endorsements
from sipetruk.queries import returns as queries
from sipetruk.rules import form, journey, returning
from sipetruk.rules.permissions import Action, Actor, Subject, require
from sipetruk.rules.reading import clean_text, safe_key
from sipetruk.services import audit, clock, nominations
from sipetruk.services.transaction import check_version, once, transaction

REPLY = "nomination:reply"


def open_items(review: Any, nomination: Any) -> None:
    """Keep what a return is about, point by point, as it stands now; call it inside the transaction of the return."""
    definition = nominations.definition_of(nomination)
    verdicts = {
        code: (verdict, note)
        for code, verdict, note in CheckItem.select(CheckItem.requirement, CheckItem.verdict, CheckItem.note)
        .where(CheckItem.nomination == nomination.id)
        .tuples()
    }
    required = [wanted.code for wanted in form.requirements(definition, nomination.answers) if wanted.required]
    files = endorsements.files_of([nomination.id])[nomination.id]
    rows = []
    for code in returning.to_answer(verdicts, required):
        verdict, note = verdicts.get(code, ("", review.reason))
        seen = queries.what_lies_there(nomination, files, code)
        rows.append({"review": review.id, "requirement": code, "verdict": verdict, "note": note, "seen": seen, "reply": ""})
    ReturnItem.insert_many(rows).execute()


def reply(
    actor: Actor, *, nomination_id: int, replies: Mapping[str, str], expected_version: int, idempotency_key: str | None = None
) -> int:
    """Answer the points of the open return in words, by requirement; an empty text takes an answer back.

    A point that is not named stays as it is; a change voids the endorsement. Returns the new row version.
    """
    clean = _clean(replies)
    with transaction():
        nomination = nominations.held_nomination(actor, nomination_id)
        require(actor, Action.NOMINATION_DRAFT, Subject(unit_id=nomination.work_unit_id))

        def save() -> int:
            check_version(nomination, expected_version)
            nominations.require_editable(nomination)
            _save(actor, nomination, clean)
            return int(nomination.row_version)

        return once(actor, REPLY, idempotency_key, save, within=nomination_id)


def _save(actor: Actor, nomination: Any, replies: Mapping[str, str]) -> None:
    rows = {row.requirement: row for row in _open_rows(nomination)}
    if unknown := [code for code in replies if code not in rows]:
        raise Invalid([Problem("Catatan ini tidak ada pada pengembalian terakhir.", (returning.PATH, safe_key(code))) for code in unknown])
    changed = {code: text for code, text in replies.items() if text != rows[code].reply}
    if not changed:
        return
    before = {code: rows[code].reply for code in changed}
    for code, text in changed.items():
        given = {"reply": text, "replied_by": actor.user_id if text else None, "replied_at": clock.now() if text else None}
        ReturnItem.update(**given).where(ReturnItem.review == rows[code].review_id, ReturnItem.requirement == code).execute()
    nominations.note_change(nomination, journey.REPLIES_CHANGED)
    audit.record(actor, REPLY, "nomination", nomination.id, before=_told(before), after=_told(changed))


def _told(replies: Mapping[str, str]) -> dict[str, str]:
    """Replies as the trail keeps them: the reason of the return under a name of its own."""
    return {code or "return_reason": text for code, text in replies.items()}


def _open_rows(nomination: Any) -> list[Any]:
    """The points of the last return while the nomination is with its unit."""
    last = (
        Review.select(Review.id)
        .where(Review.nomination == nomination.id, Review.decision == "returned")
        .order_by(Review.id.desc())
        .limit(1)
    )
    if nomination.state != "returned":
        return []
    return list(ReturnItem.select().where(ReturnItem.review == last))


def _clean(replies: Mapping[str, str]) -> dict[str, str]:
    clean: dict[str, str] = {}
    problems = []
    for code, given in replies.items():
        text = clean_text(given)
        if text is None:
            problems.append(Problem("Harus berupa teks biasa.", (returning.PATH, safe_key(code))))
        elif len(text) > returning.REPLY_LENGTH:
            problems.append(
                Problem("Paling banyak %(most)s karakter.", (returning.PATH, safe_key(code)), params={"most": returning.REPLY_LENGTH})
            )
        else:
            clean[code] = text
    if problems:
        raise Invalid(problems)
    return clean
