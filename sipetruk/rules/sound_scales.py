"""Whether a scale can do what it prints: every level described and told apart, every number of points within reach.

A printed point that nobody can ever get is as wrong as one that is given without being printed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Any

from sipetruk.rules.definition import FULL_SCORE, Criterion, Definition, all_criteria
from sipetruk.rules.exact import format_number as show
from sipetruk.rules.findings import Finding, doubled, error, warning
from sipetruk.rules.predicate import PREDICATES
from sipetruk.rules.scale_base import MOST_COUNT
from sipetruk.rules.scales import Choice, Count, Points, Predicate, Rubric, Scale, Tally, Threshold, YesNo

PERCENT = 100
_RANGE = re.compile(r"(\d+(?:[.,]\d+)?)\s*(?:-|–|—|s\.?d\.?|sampai)\s*(\d+(?:[.,]\d+)?)")


def scale_findings(definition: Definition) -> Iterator[Finding]:
    """Every remark on the scales of an instrument, in the order of its criteria."""
    for _, criterion in all_criteria(definition):
        yield from _maximum_findings(definition, criterion)
        judge = _JUDGES.get(type(criterion.scale))
        if judge is not None:
            yield from judge(("criteria", criterion.code, "scale"), criterion.scale, criterion)


def _maximum_findings(definition: Definition, criterion: Criterion) -> Iterator[Finding]:
    path, scale = ("criteria", criterion.code, "scale"), criterion.scale
    if isinstance(scale, Rubric) and not scale.levels:
        yield error(*path, "levels", text="Rubrik ini belum mempunyai tingkat.")
    elif criterion.is_scored and not scale.maximum:
        yield error(*path, text="Skala ini belum lengkap: tidak ada nilai yang memberi poin.")
    elif definition.policy.combine != "weighted_sum" and scale.maximum > FULL_SCORE:
        yield error(*path, text="Poin tertinggi %(found)s melebihi nilai paling tinggi, yaitu 100.", found=show(scale.maximum))


def _points(path: tuple[str, ...], scale: Points, _: Criterion) -> Iterator[Finding]:
    if scale.min:
        yield warning(*path, text="Poin terendah bukan 0; setiap calon memperoleh sedikitnya poin ini.")


def _rubric(path: tuple[str, ...], scale: Rubric, _: Criterion) -> Iterator[Finding]:
    if len(scale.levels) == 1:
        yield warning(*path, text="Rubrik dengan satu tingkat tidak membedakan siapa pun.")
    empty = [(at, level) for at, level in enumerate(scale.levels) if not level.description]
    if empty:
        names = ", ".join(f"“{level.label}”" for _, level in empty)
        text = "Jelaskan tingkat %(names)s agar penilai memakai ukuran yang sama."
        yield warning(*path, "levels", str(empty[0][0]), "description", text=text, names=names)
    for at, label in doubled(level.label for level in scale.levels).items():
        yield error(*path, "levels", str(at), "label", text="Dua tingkat bernama “%(label)s”.", label=label)
    for at, meaning in doubled(level.description for level in scale.levels).items():
        if meaning:
            text = "Tingkat “%(label)s” dijelaskan dengan kalimat yang sama seperti tingkat lain."
            yield warning(*path, "levels", str(at), "description", text=text, label=scale.levels[at].label)
    points = [level.points for level in scale.levels]
    if points not in (sorted(points), sorted(points, reverse=True)):
        yield warning(*path, "levels", text="Urutan tingkat tidak menurut poinnya; susun dari yang terendah atau tertinggi.")
    yield from _range_findings(path, scale)


def _range_findings(path: tuple[str, ...], scale: Rubric) -> Iterator[Finding]:
    """Levels that are named after ranges of numbers must follow one another: none twice, none left out."""
    found = [_RANGE.search(level.label) for level in scale.levels]
    if len(found) < 2 or not all(found):
        return
    spans = [(at, match.group(1), match.group(2)) for at, match in enumerate(found) if match]
    step = Fraction(1, 10 ** max(_places(text) for _, *texts in spans for text in texts))
    ordered = sorted((_number(low), _number(high), at) for at, low, high in spans)
    for (_, high, below), (low, _, above) in pairwise(ordered):
        place = (*path, "levels", str(above), "label")
        names = {"below": scale.levels[below].label, "above": scale.levels[above].label}
        if low <= high:
            yield error(*place, text="Tingkat “%(below)s” dan “%(above)s” tumpang tindih.", **names)
        elif low - high > step:
            yield error(*place, text="Ada celah antara tingkat “%(below)s” dan “%(above)s”.", **names)


def _threshold(path: tuple[str, ...], scale: Threshold, criterion: Criterion) -> Iterator[Finding]:
    bands = sorted(scale.bands, key=lambda band: band.at_least)
    places = {band: str(at) for at, band in enumerate(scale.bands)}
    worth = [scale.otherwise] + [band.points for band in bands]
    if worth != sorted(worth):
        yield warning(*path, text="Nilai yang lebih tinggi memperoleh poin lebih rendah; periksa ambangnya.")
    if criterion.source.kind == "attendance":
        for band in bands:
            if band.at_least > PERCENT:
                place = (*path, "bands", places[band], "at_least")
                yield error(
                    *place, text="Ambang ≥ %(bound)s tidak mungkin tercapai: kehadiran paling tinggi 100.", bound=show(band.at_least)
                )
    if bands and bands[0].at_least == 0:
        yield warning(*path, "else", text="Poin “selain itu” tidak pernah dipakai karena ada ambang ≥ 0.")
    for lower, upper in pairwise(bands):
        if lower.points == upper.points:
            names = {"lower": show(lower.at_least), "upper": show(upper.at_least)}
            place = (*path, "bands", places[upper], "points")
            yield warning(*place, text="Ambang ≥ %(lower)s dan ≥ %(upper)s memberi poin yang sama.", **names)


def _choice(path: tuple[str, ...], scale: Choice, _: Criterion) -> Iterator[Finding]:
    if len(scale.allowed) == 1:
        yield warning(*path, "points", text="Satu pilihan poin tidak membedakan siapa pun.")


def _yes_no(path: tuple[str, ...], scale: YesNo, _: Criterion) -> Iterator[Finding]:
    if scale.yes == scale.no:
        yield warning(*path, "yes", text="Jawaban ya dan tidak memberi poin yang sama.")


def _predicate(path: tuple[str, ...], scale: Predicate, _: Criterion) -> Iterator[Finding]:
    if len(scale.table) < len(PREDICATES):
        yield error(*path, text="Isi poin untuk kelima predikat.")
        return
    worth = dict(scale.table)
    points = [worth[name] for name in PREDICATES]
    if points != sorted(points, reverse=True):
        yield warning(*path, text="Predikat yang lebih baik memperoleh poin lebih rendah; periksa tabelnya.")


def _tally(path: tuple[str, ...], scale: Tally, _: Criterion) -> Iterator[Finding]:
    if not scale.entries or not scale.maximum:
        return
    once = sum((entry.points for entry in scale.entries), Fraction(0))
    if once * MOST_COUNT < scale.cap:
        yield error(*path, "cap", text="Poin paling banyak %(cap)s tidak mungkin tercapai dengan isian ini.", cap=show(scale.cap))
    elif once < scale.cap:
        text = "Semua isian sekali saja berjumlah %(once)s poin; %(cap)s poin hanya tercapai bila satu isian dihitung lebih dari sekali."
        yield warning(*path, "cap", text=text, once=show(once), cap=show(scale.cap))
    for at, entry in enumerate(scale.entries):
        place = (*path, "entries", str(at), "points")
        if not entry.points:
            yield warning(*place, text="Isian “%(label)s” tidak memberi poin.", label=entry.label)
        elif entry.points > scale.cap:
            text = "Isian “%(label)s” bernilai %(points)s poin, tetapi paling banyak %(cap)s yang dihitung."
            yield warning(*place, text=text, label=entry.label, points=show(entry.points), cap=show(scale.cap))
    for at, label in doubled(entry.label for entry in scale.entries).items():
        yield error(*path, "entries", str(at), "label", text="Dua isian bernama “%(label)s”.", label=label)


def _count(path: tuple[str, ...], scale: Count, _: Criterion) -> Iterator[Finding]:
    if scale.points_each and scale.points_each * MOST_COUNT < scale.cap:
        yield error(*path, "cap", text="Poin paling banyak %(cap)s tidak mungkin tercapai dengan isian ini.", cap=show(scale.cap))


_Judge = Callable[[tuple[str, ...], Any, Criterion], Iterator[Finding]]
_JUDGES: dict[type[Scale], _Judge] = {
    Points: _points,
    Rubric: _rubric,
    Threshold: _threshold,
    Choice: _choice,
    YesNo: _yes_no,
    Predicate: _predicate,
    Tally: _tally,
    Count: _count,
}


def _number(text: str) -> Fraction:
    return Fraction(text.replace(",", "."))


def _places(text: str) -> int:
    return len(text.replace(",", ".").partition(".")[2])
