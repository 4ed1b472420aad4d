"""Where the pages get their data: stored operations of the contract, run in this process for whoever is signed in."""

from __future__ import annotations

from typing import Any

from sipetruk.api import operations
from sipetruk.api.operations import OperationFailed
from sipetruk.errors import NotFound
from sipetruk.login import current_actor

Problems = list[dict[str, Any]]


def public(name: str, **variables: Any) -> dict[str, Any]:
    return _run("public", name, variables)


def staff(name: str, **variables: Any) -> dict[str, Any]:
    return _run("staff", name, variables)


def act(name: str, **given: Any) -> tuple[dict[str, Any], Problems]:
    """Run a mutation; its payload, and why it was refused."""
    (payload,) = _run("staff", name, {"input": given}).values()
    return payload, payload["userErrors"]


def _run(schema: str, name: str, variables: dict[str, Any]) -> dict[str, Any]:
    try:
        return operations.run(schema, name, variables, current_actor() if schema == "staff" else None)
    except OperationFailed as failed:
        # what an operation refuses of the address bar is the place where a list goes on
        if (variables.get("after") or variables.get("before")) and failed.errors[0]["extensions"]["code"] == "BAD_USER_INPUT":
            raise NotFound("Bagian daftar ini tidak ditemukan.") from None
        raise
