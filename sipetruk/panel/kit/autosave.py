"""Saving while a person types: the same form sent by a script, answered with JSON instead of a page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from http import HTTPStatus
from typing import Any

import wtforms
from flask import jsonify, request

from sipetruk.errors import Conflict, Forbidden, NotFound, Refusal, Unauthenticated
from sipetruk.panel.kit.access import Answer
from sipetruk.panel.kit.page import VersionedForm
from sipetruk.rules.moments import clock_text
from sipetruk.services import clock
from sipetruk.services.constraints import constraints_refuse

JSON = "application/json"


def is_wanted() -> bool:
    """Whether a script sent the form and waits for data."""
    return request.method == "POST" and request.accept_mimetypes.best == JSON


def answer(
    form: VersionedForm,
    act: Callable[[], int],
    *,
    here: Callable[[], str] | None = None,
    told: Callable[[Conflict], str] = lambda refusal: refusal.message,
    keeps_rest: bool = False,
) -> Answer:
    """Validate and act: {"row_version", "saved_at", "here"?}, or 422 {"errors"}, or 409 {"message"} when somebody was faster.

    `told` says of a conflict who was faster, and with what. With `keeps_rest`, `act` leaves out the fields that have errors:
    it is tried again without what was refused, and the answer of what was saved names that as {"errors"}.
    """
    if not form.validate() and not keeps_rest:
        return _refused(form)
    left_out = dict(errors_of(form))
    while True:
        try:
            with constraints_refuse():
                version = act()
        except (NotFound, Forbidden, Unauthenticated):
            raise
        except Conflict as refusal:
            return jsonify(message=told(refusal)), int(HTTPStatus.CONFLICT)
        except Refusal as refusal:
            loose = [problem.message for problem in refusal.problems if not form.refuse(problem.path, problem.message)]
            before, left_out = left_out, dict(errors_of(form))
            if not keeps_rest or loose or left_out.keys() == before.keys():
                return _refused(form, loose)
            continue
        saved = {"row_version": version, "saved_at": clock_text(clock.now())}
        return jsonify(saved | ({"errors": left_out} if left_out else {}) | ({"here": here()} if here else {}))


def _refused(form: VersionedForm, loose: Sequence[str] = ()) -> Answer:
    errors = dict(errors_of(form)) | ({"": list(loose)} if loose else {})
    return jsonify(errors=errors), int(HTTPStatus.UNPROCESSABLE_ENTITY)


def errors_of(form: Any) -> Iterator[tuple[str, list[str]]]:
    """What is wrong with each field, by the name that it has in the page, rows included."""
    for field in form:
        if isinstance(field, wtforms.FieldList):
            yield from ((name, texts) for row in field for name, texts in _errors(row))
            if loose := [text for text in field.errors if isinstance(text, str)]:
                yield field.name, loose
        else:
            yield from _errors(field)


def _errors(field: Any) -> Iterator[tuple[str, list[str]]]:
    if isinstance(field, wtforms.FormField):
        yield from errors_of(field.form)
    elif field.errors:
        yield field.name, [str(text) for text in field.errors]
