"""Who may be nominated: rules of a category over facts on record, each passed, failed or unknown with what it saw.

A fact that is not on record makes its rule "unknown", which is shown as such: it neither passes nor fails. Codes of
positions, echelons and legal status are SIASN's; sanction levels are R, S, B (ringan, sedang, berat; PP 94/2021).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any

from sipetruk.errors import Invalid
from sipetruk.rules import eligibility_values as values
from sipetruk.rules import predicate as predicates
from sipetruk.rules.attendance import Incomplete, Month, percentage
from sipetruk.rules.dates import day_text, shifted_month
from sipetruk.rules.exact import format_number, fraction
from sipetruk.rules.reading import Problems, Reader, is_month, safe_key
from sipetruk.rules.vocabulary import SANCTION_LEVELS

MOST_RULES = 40
"""Of one category; each is judged for every employee of the regency when they are counted."""
BLOCK, WARN = EFFECTS = ("block", "warn")
PASSED, FAILED, UNKNOWN = STATUSES = ("passed", "failed", "unknown")
OPERATORS = {
    "in": "salah satu dari",
    "not_in": "bukan salah satu dari",
    "between": "dalam rentang",
    "at_least": "paling sedikit",
    "at_most": "paling banyak",
    "none": "tidak ada",
}
ONE_OF = {"in": "harus", "not_in": "bukan"}
"""What an operator over a list is called where the list has one member."""
UNKNOWN_FACT = "Syarat nomor %(number)s memakai fakta yang tidak dikenal: “%(fact)s”."
_NOT_ON_RECORD = "belum tercatat"


@dataclass(frozen=True)
class Rule:
    """One rule. `value` is a document value of the fact's own shape (see `RULES`), `message` replaces the standard words."""

    fact: str
    operator: str
    value: Any
    effect: str = BLOCK
    message: str = ""

    def to_dict(self) -> dict[str, Any]:
        return {"fact": self.fact, "operator": self.operator, "value": self.value, "effect": self.effect, "message": self.message}

    def describe(self) -> str:
        """The rule in one Indonesian line."""
        kind = RULES[self.fact]
        is_single = self.operator in ONE_OF and len(self.value) == 1
        compared = ONE_OF[self.operator] if is_single else OPERATORS[self.operator]
        return f"{kind.label} {compared} {kind.describe(self.value)}".rstrip()


@dataclass(frozen=True)
class SanctionFact:
    """A sanction on record; without `ends_on` it is not known until when it is served."""

    level: str
    starts_on: date
    ends_on: date | None = None


@dataclass(frozen=True)
class Facts:
    """What is on record about one employee; None (or an absent year or month) means not on record."""

    kind: str | None = None
    position_type: str | None = None
    echelon: str | None = None
    grade: str | None = None
    born_on: date | None = None
    appointed_on: date | None = None
    legal_status: str | None = None
    predicates: Mapping[int, str] = field(default_factory=dict)
    sanctions: Sequence[SanctionFact] | None = None
    under_examination: bool | None = None
    attendance: Mapping[Month, int] = field(default_factory=dict)
    award_years: Sequence[int] | None = None
    """Years in which this award was won."""
    similar_awards: Sequence[tuple[int, str]] = ()
    """Year and name of awards on record that may be this one: the register of awards does not say which of them are."""
    unit_nominations: int | None = None
    """Nominations of the unit in this category, this one included."""


@dataclass(frozen=True)
class Outcome:
    """What one rule says about one employee. `seen` is the value on record, in words, `source` where it is recorded."""

    rule: Rule
    status: str
    seen: str
    message: str
    source: str = ""

    @property
    def blocks(self) -> bool:
        return self.status == FAILED and self.rule.effect == BLOCK


Check = Callable[[Rule, Facts, date], tuple[str, str]]


@dataclass(frozen=True)
class FactKind:
    """One fact that a rule may be about: its name, its operators, the shape of its value, and how it is checked."""

    fact: str
    label: str
    operators: tuple[str, ...]
    read: Callable[[Reader], Any]
    describe: Callable[[Any], str]
    check: Check
    help: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    source: str = "Data pegawai"
    since: str = ""
    """The date of `Facts` from which years are counted, shown with the source."""


def check(rules: Iterable[Rule], facts: Facts, today: date) -> list[Outcome]:
    """Every rule's outcome, in the order of the rules; ages and years are counted at `today`."""
    return [_outcome(rule, facts, *judge(rule, facts, today)) for rule in rules]


def judge(rule: Rule, facts: Facts, today: date) -> tuple[str, str]:
    """The bare judgement of one rule: its status and the value it saw. `check` puts it into words."""
    return RULES[rule.fact].check(rule, facts, today)


def overall(judged: Iterable[tuple[Rule, str]]) -> str:
    """What the blocking rules say together: failed when one failed, else unknown when one is, else passed."""
    found = {status for rule, status in judged if rule.effect == BLOCK}
    return FAILED if FAILED in found else UNKNOWN if UNKNOWN in found else PASSED


def shift_years(rules: Iterable[Rule], by: int) -> tuple[Rule, ...]:
    """The rules with the months that they name moved by whole years; ages and spans of years stay as they are.

    Raises Invalid where a month is moved out of the years that a rule may name.
    """
    return tuple(_shifted(rule, by) for rule in rules)


def parse_rules(document: object) -> tuple[Rule, ...]:
    """Read the list of rules of a category; raises Invalid with paths ("eligibility", index, ...)."""
    problems = Problems()
    rules = Reader({"eligibility": document}, (), problems).objects("eligibility", _read_rule, MOST_RULES)
    problems.refuse_if_any()
    return rules


def parse_rule(document: object) -> Rule:
    """Read one rule."""
    return parse_rules([document])[0]


def unknown_facts(document: Sequence[Any]) -> tuple[tuple[int, str], ...]:
    """Rows (counted from 1) of a stored list whose fact is in no catalogue, with the name that stands there."""
    rows = ((at, row.get("fact") if isinstance(row, dict) else None) for at, row in enumerate(document, start=1))
    return tuple((at, safe_key(fact)) for at, fact in rows if not isinstance(fact, str) or fact not in RULES)


def _shifted(rule: Rule, by: int) -> Rule:
    if rule.fact != "attendance" or not by:
        return rule
    months = [shifted_month(month, by) for month in rule.value["months"]]
    if not all(map(is_month, months)):
        raise Invalid("Bulan pada syarat kehadiran tidak dapat dipindah sejauh itu; pilih tahun lain.", "year")
    return replace(rule, value={**rule.value, "months": months})


def _read_rule(reader: Reader) -> Rule:
    fact = reader.raw("fact")
    if not isinstance(fact, str) or fact not in RULES:
        reader.note("fact", UNKNOWN_FACT, number=int(reader.path[-1]) + 1, fact=safe_key(fact) if fact else "")
        return Rule(next(iter(RULES)), "in", None)
    kind = RULES[fact]
    rule = Rule(
        fact=fact,
        operator=reader.one_of("operator", kind.operators, default=kind.operators[0] if len(kind.operators) == 1 else None),
        value=kind.read(reader),
        effect=reader.one_of("effect", EFFECTS, default=BLOCK),
        message=reader.text("message", 500, required=False),
    )
    reader.done()
    return rule


def _outcome(rule: Rule, facts: Facts, status: str, seen: str) -> Outcome:
    kind = RULES[rule.fact]
    since: date | None = getattr(facts, kind.since) if kind.since else None
    description = rule.describe()
    if status == PASSED:
        message = f"Memenuhi syarat: {description} (tercatat: {seen})."
    elif status == FAILED:
        message = rule.message or f"Tidak memenuhi syarat: {description} (tercatat: {seen})."
    else:
        message = f"Belum dapat dipastikan: {description} (tercatat: {seen})."
    return Outcome(rule, status, seen, message, f"{kind.source} {day_text(since)}" if since else kind.source)


def _verdict(*, holds: bool, seen: str) -> tuple[str, str]:
    return (PASSED if holds else FAILED), seen


def _among(attribute: str, names: Mapping[str, str], rule: Rule, facts: Facts, _today: date) -> tuple[str, str]:
    """Checks a code against a list."""
    code = getattr(facts, attribute)
    if code is None:
        return UNKNOWN, _NOT_ON_RECORD
    return _verdict(holds=(code in rule.value) == (rule.operator == "in"), seen=names.get(code, code))


def _years_since(attribute: str, rule: Rule, facts: Facts, today: date) -> tuple[str, str]:
    """Checks the completed years since a date against a number of years."""
    since = getattr(facts, attribute)
    if since is None:
        return UNKNOWN, _NOT_ON_RECORD
    years = completed_years(since, today)
    return _verdict(holds=years <= rule.value if rule.operator == "at_most" else years >= rule.value, seen=f"{years} tahun")


def completed_years(since: date, today: date) -> int:
    """Whole years from one day to another; somebody born on 29 February is a year older on 1 March."""
    return today.year - since.year - ((today.month, today.day) < (since.month, since.day))


def _grade(rule: Rule, facts: Facts, _today: date) -> tuple[str, str]:
    if facts.grade is None or facts.kind is None:
        return UNKNOWN, _NOT_ON_RECORD
    grades, limits = values.GRADES.get(facts.kind, ()), rule.value.get(facts.kind)
    if limits is None or facts.grade not in grades:
        return UNKNOWN, f"{facts.grade}, tanpa batas bagi {facts.kind}" if limits is None else facts.grade
    low, place, high = (grades.index(grade) for grade in (limits["from"], facts.grade, limits["to"]))
    return _verdict(holds=low <= place <= high, seen=facts.grade)


def _predicate(rule: Rule, facts: Facts, today: date) -> tuple[str, str]:
    years = range(today.year - rule.value["years"], today.year)
    found = {year: facts.predicates.get(year) for year in years}
    seen = ", ".join(f"{year} {predicate or _NOT_ON_RECORD}" for year, predicate in found.items())
    if any(each is not None and not predicates.at_least(each, rule.value["predicate"]) for each in found.values()):
        return FAILED, seen
    return (UNKNOWN if None in found.values() else PASSED), seen


def _sanction_ever(rule: Rule, facts: Facts, _today: date) -> tuple[str, str]:
    return _no_sanctions(rule, facts, lambda _sanction: True)


def _sanction_within(rule: Rule, facts: Facts, today: date) -> tuple[str, str]:
    return _no_sanctions(rule, facts, lambda sanction: completed_years(sanction.starts_on, today) < rule.value["years"])


def _sanction_serving(rule: Rule, facts: Facts, today: date) -> tuple[str, str]:
    """A sanction that began but whose end is not on record may or may not be served: unknown."""
    started = [x for x in facts.sanctions or () if x.starts_on <= today and x.level in rule.value["levels"]]
    if any(x.ends_on is not None and x.ends_on >= today for x in started):
        return _no_sanctions(rule, facts, lambda x: x.starts_on <= today and x.ends_on is not None and x.ends_on >= today)
    if any(x.ends_on is None for x in started):
        return UNKNOWN, "akhir hukuman belum tercatat"
    return _no_sanctions(rule, facts, lambda _sanction: False)


def _no_sanctions(rule: Rule, facts: Facts, counts: Callable[[SanctionFact], bool]) -> tuple[str, str]:
    if facts.sanctions is None:
        return UNKNOWN, _NOT_ON_RECORD
    found = [x for x in facts.sanctions if x.level in rule.value["levels"] and counts(x)]
    seen = ", ".join(f"{SANCTION_LEVELS[x.level].lower()} sejak {day_text(x.starts_on)}" for x in sorted(found, key=_start))
    return _verdict(holds=not found, seen=seen or "tidak ada")


def _start(sanction: SanctionFact) -> date:
    return sanction.starts_on


def _examination(_rule: Rule, facts: Facts, _today: date) -> tuple[str, str]:
    if facts.under_examination is None:
        return UNKNOWN, _NOT_ON_RECORD
    return _verdict(holds=not facts.under_examination, seen="sedang diperiksa" if facts.under_examination else "tidak ada")


def _attendance(rule: Rule, facts: Facts, _today: date) -> tuple[str, str]:
    found = percentage(rule.value["months"], facts.attendance)
    if isinstance(found, Incomplete):
        return UNKNOWN, "belum ada data " + ", ".join(f"{year}-{month:02}" for year, month in found.missing)
    return _verdict(holds=found >= fraction(rule.value["percent"]), seen=f"{format_number(found, 2)} %")


def _award(rule: Rule, facts: Facts, today: date) -> tuple[str, str]:
    if facts.award_years is None:
        return UNKNOWN, _NOT_ON_RECORD
    earliest = today.year - rule.value
    recent = sorted(year for year in facts.award_years if year >= earliest)
    similar = [f"“{name}” {year}" for year, name in sorted(facts.similar_awards) if year >= earliest]
    if similar and not recent:
        return UNKNOWN, f"{', '.join(similar)} pada register penghargaan; pastikan apakah ini penghargaan yang sama"
    return _verdict(holds=not recent, seen=", ".join(map(str, recent)) or "tidak ada")


def _quota(rule: Rule, facts: Facts, _today: date) -> tuple[str, str]:
    if facts.unit_nominations is None:
        return UNKNOWN, _NOT_ON_RECORD
    return _verdict(holds=facts.unit_nominations <= rule.value, seen=f"{facts.unit_nominations} usulan")


_KINDS = (
    FactKind(
        "kind", "Jenis ASN", ("in",), partial(values.codes, values.ASN_KINDS), partial(values.names, values.ASN_KINDS),
        partial(_among, "kind", values.ASN_KINDS), "PNS dan PPPK sama-sama ASN.", values.ASN_KINDS,
    ),
    FactKind(
        "position_type", "Jenis jabatan", ("in", "not_in"), partial(values.codes, values.POSITION_TYPES),
        partial(values.names, values.POSITION_TYPES), partial(_among, "position_type", values.POSITION_TYPES),
        options=values.POSITION_TYPES,
    ),
    FactKind(
        "echelon", "Eselon", ("in", "not_in"), partial(values.codes, values.ECHELONS), partial(values.names, values.ECHELONS),
        partial(_among, "echelon", values.ECHELONS), options=values.ECHELONS,
    ),
    FactKind(
        "grade", "Golongan", ("between",), values.grade_ranges, values.show_grade_ranges, _grade, "Batas tersendiri bagi PNS dan PPPK.",
    ),
    FactKind(
        "age", "Usia", ("at_most", "at_least"), partial(values.whole, 15, 70), values.years, partial(_years_since, "born_on"),
        source="Data pegawai: lahir", since="born_on",
    ),
    FactKind(
        "service_years", "Masa kerja", ("at_least", "at_most"), partial(values.whole, 0, 50), values.years,
        partial(_years_since, "appointed_on"), source="Data pegawai: TMT pengangkatan", since="appointed_on",
    ),
    FactKind(
        "legal_status", "Kedudukan hukum", ("in",), partial(values.codes, values.LEGAL_STATUS), partial(values.names, values.LEGAL_STATUS),
        partial(_among, "legal_status", values.LEGAL_STATUS), options=values.LEGAL_STATUS,
    ),
    FactKind(
        "predicate", "Predikat kinerja", ("at_least",), values.predicate_years, values.show_predicate_years, _predicate,
        "Tahun yang sudah ditutup, yaitu sebelum tahun berjalan.", source="Data predikat kinerja",
    ),
    FactKind(
        "sanction_ever", "Hukuman disiplin yang pernah dijatuhkan", ("none",), values.levels, values.show_levels, _sanction_ever,
        source="Register hukuman disiplin",
    ),
    FactKind(
        "sanction_within", "Hukuman disiplin", ("none",), values.level_years, values.show_level_years, _sanction_within,
        source="Register hukuman disiplin",
    ),
    FactKind(
        "sanction_serving", "Hukuman disiplin yang sedang dijalani", ("none",), values.levels, values.show_levels, _sanction_serving,
        source="Register hukuman disiplin",
    ),
    FactKind(
        "under_examination", "Pemeriksaan disiplin", ("none",), values.nothing, values.show_nothing, _examination,
        source="Register hukuman disiplin",
    ),
    FactKind(
        "attendance", "Kehadiran", ("at_least",), values.attendance, values.show_attendance, _attendance,
        source="Rekap kehadiran bulanan",
    ),
    FactKind(
        "award_within", "Penghargaan ASN berprestasi", ("none",), partial(values.whole, 1, 20), values.last_years, _award,
        source="Penetapan pemenang dalam aplikasi ini dan register penghargaan",
    ),
    FactKind(
        "unit_quota", "Usulan unit kerja", ("at_most",), partial(values.whole, 1, 100), values.nominations, _quota,
        source="Usulan unit pada kategori ini",
    ),
)  # fmt: skip

RULES: dict[str, FactKind] = {kind.fact: kind for kind in _KINDS}
"""The catalogue: every fact that a rule of a category may be about."""
