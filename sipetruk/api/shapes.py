"""Types of the contract as plain values, just as an operation would give them: for what no operation can ask for, a draft unsaved."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import Enum
from typing import Any

from strawberry.utils.str_converters import to_camel_case

from sipetruk.api.form_types import NominationForm
from sipetruk.api.tree_types import ScoringPolicy, components_of, requirements_of
from sipetruk.rules.definition import Definition


def nomination_form(tree: Definition) -> dict[str, Any]:
    """The nomination form of a definition."""
    return dict(plain(NominationForm.of(tree)))


def instrument(tree: Definition) -> dict[str, Any]:
    """What anybody may read about a definition once it is locked and in use."""
    return {
        "title": tree.title,
        "description": tree.description,
        "source": tree.source,
        "policy": plain(ScoringPolicy.of(tree)),
        "components": plain(components_of(tree)),
        "evidence": plain(requirements_of(tree)),
    }


def plain(value: Any) -> Any:
    """A value of the contract as JSON has it: names in camel case, enum values by name, decimals as text."""
    if is_dataclass(value) and not isinstance(value, type):
        return {to_camel_case(field.name): plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, list):
        return [plain(each) for each in value]
    if isinstance(value, Enum):
        return value.name
    return f"{value:f}" if isinstance(value, Decimal) else value
