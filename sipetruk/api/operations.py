"""Our own pages run stored operations in this process: the same documents, schemas and limits, without HTTP."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from typing import Any

from flask import current_app, g, has_app_context

from sipetruk.api import answers
from sipetruk.api.context import Context
from sipetruk.api.encoding import encoded
from sipetruk.api.engine import Answer, DocumentRefused, Engine
from sipetruk.api.frozen import Snapshot
from sipetruk.api.public import reads
from sipetruk.api.public.schema import ENGINE as PUBLIC
from sipetruk.api.request import GraphQLRequest
from sipetruk.api.revision import revision_of
from sipetruk.api.staff.schema import ENGINE as STAFF
from sipetruk.api.stored import documents
from sipetruk.api.view import JSON
from sipetruk.errors import Forbidden, NotFound, Refusal, Unauthenticated
from sipetruk.queries.public import PublicPublication, publications, rounds
from sipetruk.rules.permissions import Actor
from sipetruk.rules.workflow import PeriodState
from sipetruk.services import clock

ENGINES: dict[str, Engine] = {"public": PUBLIC, "staff": STAFF}
_REFUSALS: dict[str, type[Refusal]] = {"FORBIDDEN": Forbidden, "NOT_FOUND": NotFound, "UNAUTHENTICATED": Unauthenticated}


class OperationFailed(RuntimeError):
    """A stored operation did not run as its page expects: a fault of ours; `errors` are as in an answer."""

    def __init__(self, name: str, errors: tuple[dict[str, Any], ...]) -> None:
        super().__init__(f"operation {name}: {'; '.join(str(error['message']) for error in errors)}")
        self.errors = errors


def run(schema: str, name: str, variables: Mapping[str, Any] | None = None, actor: Actor | None = None) -> dict[str, Any]:
    """The `data` of the stored operation `graphql/operations/<schema>/<name>.graphql`.

    The staff schema needs an actor. A permission that is lacking comes back as its refusal; every other error is a fault
    (`OperationFailed`). Refusals by rule are in `userErrors` of the payload, as for everybody.
    """
    if schema == "staff" and actor is None:
        raise Unauthenticated("Silakan masuk terlebih dahulu.")
    source = documents(schema).named.get(name)
    if source is None:
        raise LookupError(f"no stored operation {schema}/{name}")
    if schema == "public" and has_app_context():
        return _kept(name, source, variables or {})
    return _run(schema, name, source, variables or {}, actor).data or {}


def preview(name: str, variables: Mapping[str, Any], shown: PublicPublication) -> dict[str, Any]:
    """The `data` of a stored public operation as if this publication were the newest one; nothing of it is kept."""
    now = clock.now()
    others = tuple(each for each in publications(now=now) if each.period.id != shown.period.id)
    seeds: dict[object, Any] = {
        reads.PUBLICATIONS: (shown, *others),
        reads.ROUNDS: rounds(now=now).with_state(shown.period.id, PeriodState.PUBLISHED),
    }
    return _run("public", name, documents("public").named[name], variables, None, seeds).data or {}


def _kept(name: str, source: str, variables: Mapping[str, Any]) -> dict[str, Any]:
    """The answer of a public operation, run again only when something public has changed since."""
    kept = answers.kept_by(current_app)
    revision = revision_of(current_app)
    tag = answers.etag(GraphQLRequest(source, variables), JSON, revision.within())
    body = kept.get(tag)
    if body is None:
        body = encoded(_run("public", name, source, variables, None, snapshot=revision.snapshot()).body())
        kept.keep(tag, body)
    data: dict[str, Any] = json.loads(body)["data"]
    return data


def _run(
    schema: str,
    name: str,
    source: str,
    variables: Mapping[str, Any],
    actor: Actor | None,
    seeds: Mapping[object, Any] | None = None,
    snapshot: Snapshot | None = None,
) -> Answer:
    context = Context(actor if schema == "staff" else None, _request_id(), snapshot=snapshot)
    for key, value in (seeds or {}).items():
        context.put(key, value)
    engine = ENGINES[schema]
    try:
        answer = engine.run(engine.plan(source, variables, None), context)
    except DocumentRefused as refused:
        answer = refused.answer(context.request_id)
    if answer.errors:
        first = answer.errors[0]
        if refusal := _REFUSALS.get(first["extensions"]["code"]):
            raise refusal(str(first["message"]))
        raise OperationFailed(name, answer.errors)
    return answer


def _request_id() -> str:
    return str(g.get("request_id") or uuid.uuid4().hex) if has_app_context() else uuid.uuid4().hex
