"""The one document in which an instrument travels: its definition and its examples, read strictly and written in full."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from sipetruk.errors import Invalid, Problem
from sipetruk.rules import examples as example_rules
from sipetruk.rules.definition import FORMAT, Definition
from sipetruk.rules.examples import Example
from sipetruk.rules.parsing import parse
from sipetruk.rules.reading import safe_key

FAMILY = FORMAT.partition("/")[0]

T = TypeVar("T")


def read(document: object) -> tuple[Definition, tuple[Example, ...]]:
    """The definition and the examples of any JSON value; raises Invalid with every problem at its place."""
    if not isinstance(document, dict):
        raise Invalid("Berkas ini bukan dokumen instrumen.")
    _require_format(document.get("format"))
    problems: list[Problem] = []
    rest = {key: value for key, value in document.items() if key != "examples"}
    definition = _noting(problems, lambda: parse(rest))
    examples = _noting(problems, lambda: example_rules.parse(document.get("examples")))
    if definition is None or examples is None:
        raise Invalid(problems)
    return definition, examples


def write(definition: Definition, examples: Sequence[Example] = ()) -> dict[str, Any]:
    """The document; `read` reads it back to equal values. Examples are left out where there are none."""
    document = definition.to_dict()
    return document | {"examples": example_rules.to_document(examples)} if examples else document


def _require_format(found: object) -> None:
    if found == FORMAT:
        return
    if isinstance(found, str) and found.startswith(f"{FAMILY}/"):
        template = "Berkas ini memakai versi format lain (%(found)s); program ini membaca %(known)s."
        raise Invalid(template, "format", found=safe_key(found), known=FORMAT)
    raise Invalid("Berkas ini tidak menyebut format %(known)s, jadi bukan berkas instrumen.", "format", known=FORMAT)


def _noting(problems: list[Problem], read_part: Callable[[], T]) -> T | None:
    try:
        return read_part()
    except Invalid as refusal:
        problems += refusal.problems
        return None
