"""What goes wrong outside the rules of the award: the codes, the words, and the shape of an error in an answer."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from graphql import GraphQLError

from sipetruk.errors import Refusal

log = logging.getLogger(__name__)


class Code(StrEnum):
    """`extensions.code` of an error."""

    BAD_REQUEST = "BAD_REQUEST"
    PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
    VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
    BAD_USER_INPUT = "BAD_USER_INPUT"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    FORBIDDEN = "FORBIDDEN"
    NOT_FOUND = "NOT_FOUND"
    CONFLICT = "CONFLICT"
    TOO_COMPLEX = "QUERY_TOO_COMPLEX"
    RATE_LIMITED = "RATE_LIMITED"
    PERSISTED_QUERY_NOT_FOUND = "PERSISTED_QUERY_NOT_FOUND"
    INTERNAL = "INTERNAL_SERVER_ERROR"


class RequestRefused(Exception):
    """A request that is answered before any operation runs; `headers` go with the answer."""

    def __init__(self, status: int, message: str, code: Code = Code.BAD_REQUEST, *, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code
        self.headers = dict(headers or {})


def refuse(message: str, code: Code, **extensions: str | int) -> GraphQLError:
    """An error of an operation with its code."""
    return GraphQLError(message, extensions={"code": code.value, **extensions})


def shown(error: GraphQLError, request_id: str, otherwise: Code) -> dict[str, Any]:
    """The error as the caller sees it: a code and a request id always, the text of an exception never.

    `otherwise` is the code of an error that graphql-core made: it depends on the phase in which it arose.
    """
    cause = _cause(error)
    more: dict[str, Any]
    if isinstance(cause, Refusal):
        message, code = cause.message, cause.problems[0].code
        more = _each(cause)
    elif cause is None:
        message, more = error.message, dict(error.extensions or {})
        code = str(more.pop("code", otherwise.value))
    else:
        log.error("request %s failed", request_id, exc_info=cause)
        message = "Terjadi gangguan pada sistem. Sebutkan nomor permintaan ini bila melapor."
        code, more = Code.INTERNAL.value, {}
    answer: dict[str, Any] = {"message": message}
    if error.locations:
        answer["locations"] = [{"line": place.line, "column": place.column} for place in error.locations]
    if error.path is not None:
        answer["path"] = list(error.path)
    answer["extensions"] = {"code": code, "requestId": request_id, **more}
    return answer


def _each(refusal: Refusal) -> dict[str, Any]:
    """Every problem at its place, where a reading was refused for more than one reason."""
    problems = [{"message": each.message, "path": list(each.path), "code": each.code} for each in refusal.problems]
    return {"problems": problems} if len(problems) > 1 else {}


def _cause(error: GraphQLError) -> BaseException | None:
    """The exception behind the error, None when it is an error of the operation itself."""
    seen = error.original_error
    while isinstance(seen, GraphQLError):
        seen = seen.original_error
    return seen
