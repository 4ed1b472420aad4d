"""Values of criteria that records give: predicates of named years, freedom from sanctions, awards by level.

What is not on record gives no value, so that the criterion stays incomplete; nothing missing ever counts as 0.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

from sipetruk.rules import eligibility
from sipetruk.rules.definition import Criterion, Source
from sipetruk.rules.eligibility import Facts
from sipetruk.rules.predicate import PREDICATES
from sipetruk.rules.scales import Raw, Tally

Award = tuple[str, int]
"""Level and year of one award: ("nasional", 2023)."""

_FACT = {"ever": "sanction_ever", "within": "sanction_within", "serving": "sanction_serving", "examination": "under_examination"}
_RAW = {eligibility.PASSED: "1", eligibility.FAILED: "0"}


def predicate(source: Source, known: Mapping[int, str]) -> str | None:
    """The lowest predicate of the years that the source names; None when one of them is not on record."""
    found = [known.get(year) for year in source.named_years]
    rated = [each for each in found if each is not None]
    return max(rated, key=PREDICATES.index) if rated and len(rated) == len(found) else None


def sanction(source: Source, facts: Facts, on: date | None) -> str | None:
    """Whether a person is free of what the source names on that day: "1" when free, "0" when not, None when unknown.

    The rule is that of eligibility, so the two never judge the same record differently.
    """
    if on is None:
        return None
    check, levels = source.check or "ever", list(source.levels)
    value = {"years": source.within_years, "levels": levels} if check == "within" else {"levels": levels}
    rule = eligibility.Rule(_FACT[check], "none", value)
    (outcome,) = eligibility.check([rule], facts, on)
    return _RAW.get(outcome.status)


def awards(criterion: Criterion, known: Iterable[Award] | None) -> Raw | None:
    """How many awards of the named years there are, by level for a tally, else all together; None when not on record."""
    if known is None:
        return None
    counted = Counter(level for level, year in known if year in criterion.source.named_years)
    if isinstance(criterion.scale, Tally):
        return {entry.code: counted[entry.code] for entry in criterion.scale.entries}
    return str(counted.total())
