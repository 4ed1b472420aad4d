"""Reads an instrument document into a `Definition`, or refuses it with every problem and its place.

Structure is strict from the first draft on (kinds, codes, numbers, unknown names, doubled codes); completeness
(weights, references, levels) is checked by `soundness`, since a draft may be unfinished.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from sipetruk.rules import definition as d
from sipetruk.rules.exact import ROUNDING_MODES
from sipetruk.rules.reading import LARGEST, Problems, Reader, is_month
from sipetruk.rules.scales import read_scale

_MOST_COMPONENTS = 50
_LONG = 4000
_YEARS = (1990, 2099)
_SHA256 = re.compile("[0-9a-f]{64}")


def parse(document: object) -> d.Definition:
    """Read any JSON value as an instrument document; raises Invalid with all problems, never anything else."""
    problems = Problems()
    reader = Reader(document, (), problems)
    definition = read_definition(reader)
    _refuse_doubled_codes(definition, problems)
    problems.refuse_if_any()
    return definition


def parse_policy(document: object) -> d.Policy:
    """Read a policy document alone."""
    problems = Problems()
    policy = _read_policy(Reader(document, ("policy",), problems))
    problems.refuse_if_any()
    return policy


def read_definition(reader: Reader) -> d.Definition:
    """Read a definition as part of a larger reading; problems are noted at the reader."""
    reader.one_of("format", (d.FORMAT,))
    policy = _read_policy(reader.nested("policy")) if reader.has("policy") else d.Policy()
    reader.raw("policy")
    definition = d.Definition(
        title=reader.text("title", 200),
        description=reader.text("description", _LONG, required=False),
        source=reader.text("source", _LONG, required=False),
        policy=policy,
        components=reader.objects("components", _read_component, _MOST_COMPONENTS),
        evidence=reader.objects("evidence", _read_evidence),
        fields=reader.objects("fields", _read_field),
    )
    reader.done()
    return definition


def _read_policy(reader: Reader) -> d.Policy:
    policy = d.Policy(
        combine=reader.one_of("combine", d.COMBINE),
        aggregation=_read_aggregation(reader),
        rounding=_read_rounding(reader),
        min_assessors=reader.integer("min_assessors", 1, 99, default=3),
        floors=reader.objects("floors", _read_floor),
        tie_chain=reader.objects("tie_chain", _read_tie_step),
    )
    reader.refuse_doubles("floors", (floor.component for floor in policy.floors), "Satu komponen hanya boleh mempunyai satu batas nilai.")
    reader.refuse_doubles("tie_chain", policy.tie_chain, "Langkah yang sama tertulis dua kali.")
    reader.done()
    return policy


def _read_aggregation(reader: Reader) -> d.Aggregation:
    if not reader.has("aggregation"):
        reader.raw("aggregation")
        return d.Aggregation()
    part = reader.nested("aggregation")
    kind = part.one_of("kind", d.AGGREGATION, default=None if part.is_object else "mean")
    k = part.integer("k", 1, 20, default=1)
    part.done()
    return d.Aggregation(kind, k if kind == "trimmed" else 1)


def _read_rounding(reader: Reader) -> d.Rounding:
    if not reader.has("rounding"):
        reader.raw("rounding")
        return d.Rounding()
    part = reader.nested("rounding")
    rounding = d.Rounding(
        stage=part.one_of("stage", d.ROUNDING_STAGE, default="end"),
        mode=part.one_of("mode", ROUNDING_MODES, default="half_up"),
        decimals=part.integer("decimals", 0, 4, default=2),
    )
    part.done()
    return rounding


def _read_floor(reader: Reader) -> d.Floor:
    floor = d.Floor(reader.code("component"), reader.number("at_least"))
    reader.done()
    return floor


def _read_tie_step(reader: Reader) -> d.TieStep:
    step = d.TieStep(reader.one_of("by", d.TIE_STEP), reader.code("code"))
    if step.by == "attribute" and step.code and step.code not in d.ATTRIBUTES:
        reader.note("code", "Data pegawai yang dapat dipakai: %(options)s.", options=", ".join(d.ATTRIBUTES))
    reader.done()
    return step


def _read_component(reader: Reader) -> d.Component:
    component = d.Component(
        code=reader.code(),
        label=reader.text("label", 200),
        help=reader.text("help", _LONG, required=False),
        weight=reader.optional_integer("weight", 0, d.FULL_WEIGHT),
        criteria=reader.objects("criteria", _read_criterion),
    )
    reader.done()
    return component


def _read_criterion(reader: Reader) -> d.Criterion:
    criterion = d.Criterion(
        code=reader.code(),
        label=reader.text("label", 300),
        help=reader.text("help", _LONG, required=False),
        weight=reader.optional_integer("weight", 0, d.FULL_WEIGHT),
        scale=read_scale(reader.nested("scale")),
        source=_read_source(reader.nested("source")),
        evidence=reader.texts("evidence", longest=50),
        note_min_chars=reader.integer("note_min_chars", 0, 5000, default=0),
    )
    reader.done()
    return criterion


def _read_source(reader: Reader) -> d.Source:
    kind = reader.one_of("kind", d.SOURCES, default=None if reader.is_object else "assessor")
    months: tuple[str, ...] = ()
    year: int | None = None
    years: tuple[int, ...] = ()
    series: str | None = None
    if kind in {"attendance", "imported"}:
        months = _read_months(reader)
    if kind in {"predicate", "imported"}:
        year = reader.optional_integer("year", *_YEARS)
    if kind in {"predicate", "award"}:
        years = _read_years(reader)
    if kind == "imported":
        series = reader.one_of("series", d.SERIES)
        if months and year is not None:
            reader.note("year", "Pilih bulan atau tahun, tidak keduanya.")
    if year is not None and years:
        reader.note("year", "Sebutkan satu tahun atau beberapa tahun, tidak keduanya.")
    source = d.Source(kind, tuple(sorted(months)), year, series, years)
    if kind == "sanction":
        source = _read_sanction(reader)
    reader.done()
    return source


def _read_months(reader: Reader) -> tuple[str, ...]:
    months = reader.texts("months", 120, 7)
    for month in months:
        if not is_month(month):
            reader.note("months", 'Tulis bulan seperti 2024-04; "%(month)s" bukan bulan.', month=month)
    return months


def _read_years(reader: Reader) -> tuple[int, ...]:
    """Years from the earliest to the latest, each once."""
    low, high = _YEARS
    given = [year for _, year in reader.items("years", 40)]
    years = [year for year in given if isinstance(year, int) and not isinstance(year, bool) and low <= year <= high]
    if len(set(years)) < len(given):
        reader.note("years", "Sebutkan tahun antara %(low)s dan %(high)s, masing-masing sekali.", low=low, high=high)
    return tuple(sorted(set(years)))


def _read_sanction(reader: Reader) -> d.Source:
    check = reader.one_of("check", d.SANCTION_CHECKS, default="ever")
    within = reader.optional_integer("within_years", 1, 40) if check == "within" else None
    levels: tuple[str, ...] = ()
    if check != "examination":
        given = reader.texts("levels", longest=1) if reader.has("levels") else tuple(d.SANCTION_LEVELS)
        reader.raw("levels")
        if not set(given) <= d.SANCTION_LEVELS.keys():
            reader.note("levels", "Pilih tingkat R, S atau B.")
        levels = tuple(level for level in d.SANCTION_LEVELS if level in given)
    return d.Source("sanction", check=check, within_years=within, levels=levels)


def _read_evidence(reader: Reader) -> d.EvidenceRequirement:
    requirement = d.EvidenceRequirement(
        code=reader.code(),
        label=reader.text("label", 300),
        help=reader.text("help", _LONG, required=False),
        required=reader.flag("required", default=True),
        source=reader.one_of("source", ("unit", "system"), default="unit"),
        accept=_read_accept(reader),
        max_mb=reader.integer("max_mb", 1, d.MOST_MB, default=5),
        max_files=reader.integer("max_files", 1, 20, default=1),
        template=_read_template(reader),
    )
    reader.done()
    return requirement


def _read_accept(reader: Reader) -> tuple[str, ...]:
    accept = reader.texts("accept", longest=4) if reader.has("accept") else d.FILE_TYPES
    reader.raw("accept")
    if not set(accept) <= set(d.FILE_TYPES):
        reader.note("accept", "Jenis berkas yang dapat diterima: %(options)s.", options=", ".join(d.FILE_TYPES))
    return accept


def _read_template(reader: Reader) -> d.Template | None:
    if not reader.has("template"):
        reader.raw("template")
        return None
    part = reader.nested("template")
    template = d.Template(part.text("name", 200), part.text("sha256", 64), part.integer("bytes", 1, d.MOST_MB * 1024 * 1024))
    if part.sound("sha256") and not _SHA256.fullmatch(template.sha256):
        part.note("sha256", "Harus berupa sidik SHA-256: 64 angka heksadesimal.")
    if part.sound("name") and ("/" in template.name or "\\" in template.name):
        part.note("name", "Nama berkas tidak boleh memuat nama folder.")
    part.done()
    return template


def _read_field(reader: Reader) -> d.FormField:
    kind = reader.one_of("kind", d.FIELD_KINDS)
    field = d.FormField(
        code=reader.code(),
        label=reader.text("label", 300),
        kind=kind,
        help=reader.text("help", _LONG, required=False),
        group=reader.text("group", 100, required=False),
        required=reader.flag("required", default=False),
        min_chars=reader.optional_integer("min_chars", 0, 20_000),
        max_chars=reader.optional_integer("max_chars", 1, 20_000),
        min=reader.optional_number("min", -LARGEST, LARGEST),
        max=reader.optional_number("max", -LARGEST, LARGEST),
        unit=reader.text("unit", 50, required=False),
        options=reader.objects("options", _read_option),
        shown_when=_read_shown_when(reader),
        **(_read_file_question(reader) if kind == "file" else {}),
    )
    if field.min_chars is not None and field.max_chars is not None and field.min_chars > field.max_chars:
        reader.note("min_chars", "Batas terendah tidak boleh melebihi batas tertinggi.")
    if field.min is not None and field.max is not None and field.min > field.max:
        reader.note("min", "Batas terendah tidak boleh melebihi batas tertinggi.")
    reader.refuse_doubles("options", (option.code for option in field.options), "Dua pilihan tidak boleh mempunyai kode yang sama.")
    reader.done()
    return field


def _read_file_question(reader: Reader) -> dict[str, Any]:
    return {
        "accept": _read_accept(reader),
        "max_mb": reader.integer("max_mb", 1, d.MOST_MB, default=5),
        "max_files": reader.integer("max_files", 1, 20, default=1),
        "template": _read_template(reader),
    }


def _read_option(reader: Reader) -> d.Option:
    option = d.Option(reader.code(), reader.text("label", 200))
    reader.done()
    return option


def _read_shown_when(reader: Reader) -> d.ShownWhen | None:
    if not reader.has("shown_when"):
        reader.raw("shown_when")
        return None
    part = reader.nested("shown_when")
    condition = d.ShownWhen(part.code("field"), part.text("equals", 200))
    part.done()
    return condition


def _refuse_doubled_codes(definition: d.Definition, problems: Problems) -> None:
    """A code is the identity of its thing: components, criteria together with form fields, evidence together with file questions."""
    criteria = [
        (criterion.code, ("components", str(at), "criteria", str(inner), "code"))
        for at, component in enumerate(definition.components)
        for inner, criterion in enumerate(component.criteria)
    ]
    fields = [(field.code, ("fields", str(at), "code")) for at, field in enumerate(definition.fields)]
    components = [(component.code, ("components", str(at), "code")) for at, component in enumerate(definition.components)]
    evidence = [(requirement.code, ("evidence", str(at), "code")) for at, requirement in enumerate(definition.evidence)]
    files = [(code, path) for (code, path), field in zip(fields, definition.fields, strict=True) if field.kind == "file"]
    for group in (components, criteria + fields, evidence + files):
        _note_doubles(group, problems)


def _note_doubles(codes: Iterable[tuple[str, tuple[str, ...]]], problems: Problems) -> None:
    seen: set[str] = set()
    for code, path in codes:
        if code and code in seen:
            problems.add(path, "Kode %(code)s sudah dipakai di tempat lain.", code=code)
        seen.add(code)
