"""A starter made ready for another year: the months and years of its data and the year in its title move along."""

from __future__ import annotations

import re
from dataclasses import replace

from sipetruk.rules.definition import Definition, all_criteria
from sipetruk.rules.edits import shift_years

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
    return shift_years(replace(definition, title=title), 0 if known is None else year - known)


def title_for(definition: Definition, year: int) -> str:
    """The title with its last year replaced; unchanged where it names none."""
    found = list(_YEAR.finditer(definition.title))
    if not found:
        return definition.title
    start, end = found[-1].span()
    return f"{definition.title[:start]}{year}{definition.title[end:]}"
