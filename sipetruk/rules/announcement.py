"""The file of a publication: what the public may know of the winners, and the check that what it shows is consistent.

It holds no more than the publication's policy allows, so nobody can recompute the whole ranking from it. What it does show
is checked from the file alone: the instrument is the one its hash names, component scores combine exactly to the total,
totals print as stated, places follow the scores, floors are met, and the winners are as many as the counts per unit say.
`result_sha256` ties it to the sealed ranking, which BKPSDM keeps and an auditor may see.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

from sipetruk.errors import Refusal
from sipetruk.rules.canonical import sha256
from sipetruk.rules.definition import Component, Definition, component_maximum
from sipetruk.rules.exact import format_number, fraction, printed
from sipetruk.rules.parsing import parse
from sipetruk.rules.reading import Problems, Reader
from sipetruk.rules.scoring import component_factor
from sipetruk.rules.soundness import require_lockable

FORMAT = "sipetruk-publication/1"
POLICIES = {
    "names": "Nama saja",
    "names_and_score": "Nama dan nilai akhir",
    "names_and_breakdown": "Nama, nilai akhir, dan nilai komponen",
}
"""How much of a winner goes public, and what each choice is called."""
HASH = "content_sha256"

_LONGEST = 2_000
_MOST = 5_000
_MOST_CATEGORIES = 100
_HASH_LENGTH = 64


@dataclass(frozen=True)
class _Part:
    code: str
    exact: Fraction | None
    score: str


@dataclass(frozen=True)
class _Winner:
    name: str
    unit: str
    place: int
    exact: Fraction | None
    score: str | None
    components: tuple[_Part, ...]


@dataclass(frozen=True)
class _Category:
    name: str
    awards: int
    definition: Definition | None
    winners: tuple[_Winner, ...]


def document(
    *, period: Mapping[str, Any], number: int, published_at: str, policy: str, categories: Sequence[Mapping[str, Any]], units: Sequence[Any]
) -> dict[str, Any]:
    """The file of a publication, closed by the hash of everything else in it.

    `categories` are documents as `category` makes them; `units` counts per unit ({"code", "name", "nominated",
    "verified", "winners"}).
    """
    content = {
        "format": FORMAT,
        "period": dict(period),
        "number": number,
        "published_at": published_at,
        "policy": policy,
        "categories": [dict(each) for each in categories],
        "units": [dict(unit) for unit in units],
    }
    return {**content, HASH: sha256(content)}


def winner(policy: str, words: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, Any]:
    """A winner as the file shows it: the words, and of the row of the sealed result only what the policy allows."""
    shown = dict(words)
    if policy != "names":
        shown |= {"exact": row["exact"], "score": row["score"]}
    if policy == "names_and_breakdown":
        shown["components"] = [{key: part[key] for key in ("code", "exact", "score")} for part in row["components"]]
    return shown


def differences(stated: Mapping[str, Any]) -> list[str]:
    """Where a publication file contradicts itself or its instrument, in Indonesian; empty when everything it shows holds."""
    problems = Problems()
    try:
        categories, winners_of_unit = _read(Reader(stated, (), problems))
        problems.refuse_if_any()
    except Refusal as refusal:
        return [f"{'.'.join(problem.path) or 'berkas'}: {problem.message}" for problem in refusal.problems]
    wrong = []
    content = {key: value for key, value in stated.items() if key != HASH}
    try:
        computed = sha256(content)
    except (Refusal, TypeError):
        return ["Berkas ini memuat isi yang tidak dikenal, misalnya pecahan biner."]
    if computed != stated[HASH]:
        wrong.append(f"{HASH}: tertulis “{str(stated[HASH])[:_HASH_LENGTH]}”, hitung ulang “{computed}”.")
    for category in categories:
        wrong += _category_differences(category, str(stated["policy"]))
    wrong += _count_differences(categories, winners_of_unit)
    return wrong


def _read(reader: Reader) -> tuple[tuple[_Category, ...], dict[str, int]]:
    reader.one_of("format", (FORMAT,))
    period = reader.nested("period")
    for key in ("slug", "name"):
        period.text(key)
    period.integer("year", 1945, 9999)
    period.done()
    reader.integer("number", 1, 1_000_000)
    reader.text("published_at", 40)
    policy = reader.one_of("policy", POLICIES)
    categories = reader.objects("categories", lambda each: _read_category(each, policy), _MOST_CATEGORIES)
    units = dict(reader.objects("units", _read_unit, _MOST))
    reader.text(HASH, _HASH_LENGTH)
    reader.done()
    return categories, units


def _read_unit(reader: Reader) -> tuple[str, int]:
    code = reader.text("code")
    reader.text("name")
    nominated, verified, winners = (reader.integer(key, 0, 1_000_000) for key in ("nominated", "verified", "winners"))
    if not winners <= verified <= nominated:
        reader.note(None, "Pemenang tidak boleh lebih banyak daripada yang memenuhi syarat, dan itu tidak lebih daripada usulan.")
    reader.done()
    return code, winners


def _read_category(reader: Reader, policy: str) -> _Category:
    name = reader.text("name")
    reader.text("slug")
    awards = reader.integer("awards", 0, _MOST)
    instrument = reader.nested("instrument")
    definition = _read_definition(instrument)
    decree = reader.nested("decree") if reader.has("decree") else None
    ranking = reader.nested("ranking") if reader.has("ranking") else None
    for part, keys in ((decree, ("number", "on")), (ranking, ("input_sha256", "result_sha256", "engine"))):
        if part is not None:
            for key in keys:
                part.text(key)
            part.done()
    winners = reader.objects("winners", lambda each: _read_winner(each, policy), _MOST)
    for key in ("decree", "ranking"):
        if winners and not reader.has(key):
            reader.note(key, "Wajib diisi.")
        reader.raw(key)
    reader.done()
    return _Category(name, awards, definition, winners)


def _read_definition(reader: Reader) -> Definition | None:
    for key in ("code", "name"):
        reader.text(key)
    reader.integer("number", 1, 1_000_000)
    stated = reader.text("sha256", _HASH_LENGTH)
    try:
        definition = parse(reader.raw("definition"))
        require_lockable(definition)
    except Refusal as refusal:
        for problem in refusal.problems:
            reader.problems.add((*reader.path, "definition", *problem.path), problem.template, **problem.params)
        return None
    if stated != sha256(definition.to_dict()):
        reader.note("sha256", "Sidik instrumen tidak sama dengan isi instrumen.")
    reader.done()
    return definition


def _read_winner(reader: Reader, policy: str) -> _Winner:
    name, unit = reader.text("name"), reader.text("unit_code")
    for key in ("position", "unit_name"):
        reader.text(key)
    for key in ("innovation", "citation"):
        reader.text(key, _LONGEST, required=False)
    found = _Winner(name, unit, reader.integer("place", 1, _MOST), None, None, ())
    if policy != "names":
        found = replace(found, exact=_exact(reader), score=_printed(reader))
    if policy == "names_and_breakdown":
        found = replace(found, components=reader.objects("components", _read_part))
    reader.done()
    return found


def _read_part(reader: Reader) -> _Part:
    part = _Part(reader.code(), _exact(reader), _printed(reader))
    reader.done()
    return part


def _exact(reader: Reader) -> Fraction | None:
    return _number(reader, "exact", 130)


def _printed(reader: Reader) -> str:
    """A printed score, as stated."""
    _number(reader, "score", 40)
    return str(reader.raw("score"))


def _number(reader: Reader, key: str, longest: int) -> Fraction | None:
    try:
        return fraction(reader.text(key, longest))
    except ValueError:
        reader.note(key, "Ini bukan angka.")
        return None


def _category_differences(category: _Category, policy: str) -> Iterator[str]:
    where = f"Kategori “{category.name}”"
    if len(category.winners) > category.awards:
        yield f"{where}: {len(category.winners)} pemenang, padahal penghargaannya {category.awards}."
    places = [each.place for each in category.winners]
    in_order = sorted(places)
    if places != [1 + bisect_left(in_order, place) for place in in_order]:
        yield f"{where}: urutan tempat pemenang tidak benar."
    if category.definition is None or policy == "names":
        return
    for each in category.winners:
        yield from _score_differences(category.definition, each, f"{where}, {each.name}", policy)
    for better, other in pairwise(category.winners):
        first, second = fraction(better.score), fraction(other.score)
        if first < second or (better.place == other.place and first != second):
            yield f"{where}: nilai {other.name} tidak sesuai dengan tempatnya setelah {better.name}."


def _score_differences(definition: Definition, found: _Winner, where: str, policy: str) -> Iterator[str]:
    if found.exact is not None:
        yield from _print_difference(definition, found.exact, found.score, where, "nilai akhir")
    if policy != "names_and_breakdown":
        return
    parts = {part.code: part for part in definition.components if part.scored}
    if [part.code for part in found.components] != list(parts):
        yield f"{where}: komponen yang tertulis bukan komponen instrumen."
        return
    combined = Fraction(0)
    for part in found.components:
        exact = part.exact or Fraction(0)
        component = parts[part.code]
        yield from _print_difference(definition, exact, part.score, where, f"nilai {component.label}")
        yield from _bound_differences(definition, component, exact, part.score, where)
        combined += component_factor(definition, component) * exact
    if combined != found.exact:
        shown = format_number(combined, definition.policy.rounding.decimals)
        yield f"{where}: nilai akhir tertulis {str(found.score).replace('.', ',')}, hitung ulang dari komponennya {shown}."


def _print_difference(definition: Definition, exact: Fraction, stated: str | None, where: str, what: str) -> Iterator[str]:
    rounding = definition.policy.rounding
    computed = printed(exact, rounding.decimals, rounding.mode)
    if stated != computed:
        yield f"{where}: {what} tertulis {str(stated).replace('.', ',')}, hitung ulang {computed.replace('.', ',')}."


def _bound_differences(definition: Definition, part: Component, exact: Fraction, stated: str, where: str) -> Iterator[str]:
    most = component_maximum(definition, part)
    if not 0 <= exact <= most:
        yield f"{where}: nilai {part.label} di luar 0 sampai {format_number(most)}."
    for floor in definition.policy.floors:
        if floor.component == part.code and fraction(stated) < floor.at_least:
            yield f"{where}: nilai {part.label} di bawah batas {format_number(floor.at_least)}."


def _count_differences(categories: Iterable[_Category], winners_of_unit: Mapping[str, int]) -> Iterator[str]:
    shown = Counter(each.unit for category in categories for each in category.winners)
    for unit in sorted(shown.keys() | winners_of_unit.keys()):
        if shown[unit] != winners_of_unit.get(unit, 0):
            yield f"Unit {unit}: {winners_of_unit.get(unit, 0)} pemenang menurut rekap, {shown[unit]} pemenang tertulis."
