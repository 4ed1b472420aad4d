"""How the contract may change between releases: what is judged here is the SDL of the last release beside that of today."""

from __future__ import annotations

import re
from datetime import date

from graphql import GraphQLSchema, is_introspection_type, is_specified_scalar_type
from graphql.utilities import BreakingChangeType, find_breaking_changes

REASON = re.compile(r"Use \S.*\. Removal on (\d{4}-\d{2}-\d{2})\.", re.DOTALL)
ANNOUNCED = {
    BreakingChangeType.FIELD_REMOVED,
    BreakingChangeType.ARG_REMOVED,
    BreakingChangeType.VALUE_REMOVED_FROM_ENUM,
    BreakingChangeType.TYPE_REMOVED,  # nothing can lead to it any more, and all that led there was announced
}
"""Changes that may happen once the day has come that was announced; every other breaking change never."""


def elements(schema: GraphQLSchema) -> dict[str, str | None]:
    """Every field, argument, input field and enum value by its coordinate, with the reason of its deprecation."""
    found = {}
    for named in schema.type_map.values():
        if is_introspection_type(named) or is_specified_scalar_type(named):
            continue
        for name, each in {**getattr(named, "fields", {}), **getattr(named, "values", {})}.items():
            found[f"{named.name}.{name}"] = each.deprecation_reason
            for argument, given in getattr(each, "args", {}).items():
                found[f"{named.name}.{name}({argument}:)"] = given.deprecation_reason
    return found


def faults(released: GraphQLSchema, current: GraphQLSchema, today: date) -> list[str]:
    """What a client of the last release was not told in time."""
    before, now = elements(released), elements(current)
    found = [change.description for change in find_breaking_changes(released, current) if change.type not in ANNOUNCED]
    for place, reason in now.items():
        if reason is not None:
            found += _judged(place, reason, before.get(place), today)
    for place, reason in before.items():
        field, is_argument, _ = place.partition("(")
        is_owner_left = field in now if is_argument else field.partition(".")[0] in current.type_map
        if place not in now and is_owner_left:  # what went with its owner is judged there
            found += _gone(place, reason, today)
    return found


def _judged(place: str, reason: str, before: str | None, today: date) -> list[str]:
    day = removal(reason)
    if day is None:
        return [f'{place}: the reason must read "Use x. Removal on YYYY-MM-DD."']
    announced = removal(before) if before is not None else None
    if announced is None and day < _year_after(today):
        return [f"{place}: removal on {day} leaves clients less than 12 months from today"]
    return [f"{place}: {announced} was announced, {day} is earlier"] if announced and day < announced else []


def _gone(place: str, reason: str | None, today: date) -> list[str]:
    day = removal(reason) if reason is not None else None
    if day is None:
        return [f"{place}: removed without having been deprecated in a release"]
    return [f"{place}: removed before {day}, as was announced"] if today < day else []


def removal(reason: str) -> date | None:
    """The day in the reason of a deprecation; None where it names none, or one that no calendar has."""
    found = REASON.fullmatch(reason)
    try:
        return date.fromisoformat(found.group(1)) if found else None
    except ValueError:
        return None


def _year_after(day: date) -> date:
    return date(day.year + 1, day.month, 28 if (day.month, day.day) == (2, 29) else day.day)
