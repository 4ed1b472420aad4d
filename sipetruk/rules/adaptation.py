"""A starter made ready for another year: the months and years of its data and the year in its title move along."""

from __future__ import annotations

import re
from dataclasses import replace

from sipetruk.rules.definition import Definition, Source, all_criteria

_YEAR = re.compile(r"\b(19|20)[0-9]{2}\b")


def data_year(definition: Definition) -> int | None:
    """The year of the round that the data of an instrument points at: that of its latest month, or the one after its latest year."""
    sources = [criterion.source for _, criterion in all_criteria(definition)]
    months = [int(month[:4]) for source in sources for month in source.months]
    years = [year + 1 for source in sources for year in source.named_years]
    return max([*months, *years], default=None)


def for_year(definition: Definition, year: int, title: str) -> Definition:
    """The same instrument for the round of a year, under a title of its own."""
    known = data_year(definition)
    shift = 0 if known is None else year - known
    parts = tuple(
        replace(part, criteria=tuple(replace(criterion, source=_moved(criterion.source, shift)) for criterion in part.criteria))
        for part in definition.components
    )
    return replace(definition, title=title, components=parts)


def title_for(definition: Definition, year: int) -> str:
    """The title with its last year replaced; unchanged where it names none."""
    found = list(_YEAR.finditer(definition.title))
    if not found:
        return definition.title
    start, end = found[-1].span()
    return f"{definition.title[:start]}{year}{definition.title[end:]}"


def _moved(source: Source, shift: int) -> Source:
    return replace(
        source,
        months=tuple(f"{int(month[:4]) + shift}{month[4:]}" for month in source.months),
        year=None if source.year is None else source.year + shift,
        years=tuple(year + shift for year in source.years),
    )
