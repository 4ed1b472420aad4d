"""What one ranking is computed from: instrument, category, panel, nominees with their marks, and decisions of the committee.

`parse` reads the inputs document and brings it into one normal form: lists sorted by id, numbers in one spelling, every
panel member present on every criterion (an absent entry is "not_yet"). So the order of entry changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from sipetruk.errors import Invalid, Refusal
from sipetruk.rules import scales
from sipetruk.rules.canonical import canonical, is_composed, sha256, written
from sipetruk.rules.definition import ATTRIBUTES, Criterion, Definition, all_criteria
from sipetruk.rules.parsing import parse as parse_definition
from sipetruk.rules.reading import Problems, Reader
from sipetruk.rules.soundness import require_lockable
from sipetruk.rules.weighing import MARK_STATES, NOT_YET, SCORED, Mark

FORMAT = "sipetruk-ranking-inputs/1"

_MOST_NOMINEES = 50_000
_MOST_ASSESSORS = 99
_LONGEST_ID = 80
_ENTRY_KEYS = ("assessor", "state", "value")
_ENTRY = itemgetter(*_ENTRY_KEYS)


@dataclass(frozen=True)
class Nominee:
    id: str
    unit: str
    marks: Mapping[str, tuple[Mark, ...]]
    values: Mapping[str, scales.Raw | None]
    attributes: Mapping[str, int | None]

    def to_dict(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "unit": self.unit,
            "marks": {code: [mark.document for mark in marks] for code, marks in self.marks.items()},
            "values": dict(self.values),
            "attributes": dict(self.attributes),
        }

    def text(self) -> str:
        """The same as JSON with sorted keys."""
        marks = ",".join([f'"{code}":[{",".join([mark.text for mark in marks])}]' for code, marks in sorted(self.marks.items())])
        about = f'"attributes":{written(dict(self.attributes))},"id":{written(self.id)}'
        values = written(dict(self.values)) if self.values else "{}"
        return f'{{{about},"marks":{{{marks}}},"unit":{written(self.unit)},"values":{values}}}'


@dataclass(frozen=True)
class Decision:
    """How the committee orders nominees whose tie no rule resolves, best first, with its written reason."""

    order: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class Contest:
    """One category of one round, ready to be ranked."""

    instrument_code: str
    instrument_number: int
    instrument_sha256: str
    definition: Definition
    category: str
    winners: int
    quota_per_unit: int | None
    panel: tuple[str, ...]
    nominees: tuple[Nominee, ...]
    decisions: tuple[Decision, ...]

    def to_dict(self) -> dict[str, Any]:
        """The inputs document in normal form; this is what is hashed. Equal marks share one entry: read it, never change it."""
        return {**self._head(), "nominees": [nominee.to_dict() for nominee in self.nominees], "decisions": self._decisions()}

    def canonical(self) -> bytes:
        """The canonical bytes of `to_dict`, put together from pieces that many nominees share."""
        head = self._head()
        panel = written({"panel": head.pop("panel")})
        above = written({**head, "decisions": self._decisions()})
        nominees = ",".join([nominee.text() for nominee in self.nominees])
        text = f'{above[:-1]},"nominees":[{nominees}],{panel[1:]}'
        return text.encode() if is_composed(text) else canonical(self.to_dict())

    def _head(self) -> dict[str, Any]:
        """The document without its nominees and decisions."""
        return {
            "format": FORMAT,
            "instrument": {
                "code": self.instrument_code,
                "number": self.instrument_number,
                "sha256": self.instrument_sha256,
                "definition": self.definition.to_dict(),
            },
            "category": {"code": self.category, "winners": self.winners, "quota_per_unit": self.quota_per_unit},
            "panel": list(self.panel),
        }

    def _decisions(self) -> list[dict[str, Any]]:
        return [{"order": list(decision.order), "reason": decision.reason} for decision in self.decisions]


def parse(document: object) -> Contest:
    """Read an inputs document; raises Invalid with every problem and its place, never anything else."""
    problems = Problems()
    reader = Reader(document, (), problems)
    reader.one_of("format", (FORMAT,))
    instrument = reader.nested("instrument")
    definition = _read_definition(instrument)
    problems.refuse_if_any()
    contest = _read_contest(reader, instrument, definition)
    reader.done()
    problems.refuse_if_any()
    return contest


def _read_definition(reader: Reader) -> Definition:
    """The instrument must be sound, and its document must be the one that its hash names."""
    definition = Definition("")
    try:
        definition = parse_definition(reader.raw("definition"))
        require_lockable(definition)
    except Refusal as refusal:
        for problem in refusal.problems:
            reader.problems.add((*reader.path, "definition", *problem.path), problem.template, **problem.params)
        return definition
    if reader.text("sha256", 64) != sha256(definition.to_dict()):
        reader.note("sha256", "Sidik instrumen tidak sama dengan isi instrumen.")
    return definition


def _read_contest(reader: Reader, instrument: Reader, definition: Definition) -> Contest:
    category = reader.nested("category")
    panel = tuple(sorted(_identifiers(reader, "panel", _MOST_ASSESSORS)))
    nominees = reader.objects("nominees", _NomineeReader(definition, panel).read, _MOST_NOMINEES)
    decisions = reader.objects("decisions", _read_decision, 1000)
    contest = Contest(
        instrument_code=instrument.text("code", _LONGEST_ID),
        instrument_number=instrument.integer("number", 1, 1_000_000),
        instrument_sha256=instrument.text("sha256", 64),
        definition=definition,
        category=category.text("code", _LONGEST_ID),
        winners=category.integer("winners", 0, _MOST_NOMINEES),
        quota_per_unit=category.optional_integer("quota_per_unit", 1, _MOST_NOMINEES),
        panel=panel,
        nominees=tuple(sorted(nominees, key=lambda nominee: nominee.id)),
        decisions=tuple(sorted(decisions, key=lambda decision: sorted(decision.order))),
    )
    instrument.done()
    category.done()
    _check_identities(reader, contest)
    return contest


def _check_identities(reader: Reader, contest: Contest) -> None:
    ids = {nominee.id for nominee in contest.nominees}
    reader.refuse_doubles("nominees", (nominee.id for nominee in contest.nominees), "Calon yang sama tertulis dua kali.")
    groups = [frozenset(decision.order) for decision in contest.decisions]
    reader.refuse_doubles("decisions", groups, "Ada dua keputusan untuk calon yang sama.")
    if not all(group <= ids for group in groups):
        reader.note("decisions", "Keputusan menyebut calon yang tidak ikut dalam pemeringkatan ini.")


class _NomineeReader:
    """Reads nominees one after the other; what was found sound once is known by its spelling afterwards."""

    def __init__(self, definition: Definition, panel: tuple[str, ...]) -> None:
        criteria = [criterion for _, criterion in all_criteria(definition)]
        self._marks = [_MarkReader(each, panel) for each in criteria if each.source.kind == "assessor" and each.is_scored]
        self._values = [_ValueReader(each) for each in criteria if each.source.kind != "assessor"]

    def read(self, reader: Reader) -> Nominee:
        marks, values, attributes = (_optional_object(reader, key) for key in ("marks", "values", "attributes"))
        nominee = Nominee(
            id=_identifier(reader, "id"),
            unit=_identifier(reader, "unit"),
            marks={each.code: each.read(marks) for each in self._marks},
            values={each.code: value for each in self._values for value in [each.read(values)] if each.is_scored},
            attributes={code: attributes.optional_integer(code, -1_000_000, 1_000_000) for code in ATTRIBUTES},
        )
        for part in (reader, marks, values, attributes):
            part.done()
        return nominee


def _optional_object(reader: Reader, key: str) -> Reader:
    return reader.nested(key) if reader.has(key) else Reader({}, (*reader.path, key), _asked(reader, key))


def _asked(reader: Reader, key: str) -> Problems:
    reader.raw(key)
    return reader.problems


class _MarkReader:
    """Reads the marks of one criterion: one per panel member, in the order of the panel; strangers and doubles are refused."""

    def __init__(self, criterion: Criterion, panel: tuple[str, ...]) -> None:
        self.code = criterion.code
        self._criterion = criterion
        self._panel = panel
        self._known = _KnownMarks(criterion, frozenset(panel))

    def read(self, reader: Reader) -> tuple[Mark, ...]:
        return self._usual(reader.raw(self.code)) or self._study(reader)

    def _usual(self, given: object) -> tuple[Mark, ...] | None:
        """The marks of a full list of plain, sound entries; None wherever anything needs a closer look."""
        if type(given) is not list or len(given) != len(self._panel) or set(map(type, given)) != {dict}:
            return None
        try:
            found = [self._known[entry] for entry in map(_ENTRY, given)]
            if tuple([mark.assessor for mark in found]) != self._panel:
                by_assessor = {mark.assessor: mark for mark in found}
                found = [by_assessor[assessor] for assessor in self._panel]
        except (Invalid, KeyError, TypeError):
            return None
        return tuple(found) if sum(map(len, given)) == len(_ENTRY_KEYS) * len(given) else None

    def _study(self, reader: Reader) -> tuple[Mark, ...]:
        given = reader.objects(self.code, self._read_mark, _MOST_ASSESSORS)
        by_assessor = {mark.assessor: mark for mark in given}
        if len(by_assessor) < len(given):
            reader.note(self.code, "Seorang penilai hanya boleh memberi satu nilai per kriteria.")
        if not by_assessor.keys() <= set(self._panel):
            reader.note(self.code, "Nilai ini diberikan oleh seseorang di luar tim penilai.")
        return tuple(by_assessor.get(assessor, Mark(assessor, NOT_YET)) for assessor in self._panel)

    def _read_mark(self, reader: Reader) -> Mark:
        assessor = _identifier(reader, "assessor")
        state = reader.one_of("state", MARK_STATES)
        given = reader.raw("value")
        value: str | None = None
        if state == SCORED:
            raw = _parse_raw(reader, "value", self._criterion, given)
            value = raw if isinstance(raw, str) else None
        elif given is not None:
            reader.note("value", "Hanya nilai yang sudah diberikan boleh memuat angka.")
        reader.done()
        return Mark(assessor, state, value)


class _KnownMarks(dict[tuple[object, ...], Mark]):
    """The mark of every plain entry (assessor, state, value) of one criterion, each read when it is met first.

    An entry has a text or nothing as its value: so no True or 1.0 is ever taken for the 1 that it equals. Anything that
    is not plain and sound raises KeyError, Invalid or TypeError, and is not kept.
    """

    def __init__(self, criterion: Criterion, panel: frozenset[str]) -> None:
        super().__init__()
        self._scale = criterion.scale
        self._panel = panel
        self._values: dict[str, str] = {}

    def __missing__(self, entry: tuple[object, ...]) -> Mark:
        assessor, state, given = entry
        if not isinstance(assessor, str) or assessor not in self._panel or not isinstance(state, str) or state not in MARK_STATES:
            raise KeyError(entry)
        value = None
        if state == SCORED:
            value = self._value(given)
        elif given is not None:
            raise KeyError(entry)
        mark = self[entry] = Mark(assessor, state, value)
        return mark

    def _value(self, given: object) -> str:
        if not isinstance(given, str):
            raise TypeError("only text is known by its spelling")
        if given not in self._values:
            self._values[given] = str(scales.parse_raw(self._scale, given))
        return self._values[given]


class _ValueReader:
    """Reads the raw value of a criterion that no assessor gives; a text without points is looked at and left out."""

    def __init__(self, criterion: Criterion) -> None:
        self.code = criterion.code
        self.is_scored = criterion.is_scored
        self._criterion = criterion

    def read(self, reader: Reader) -> scales.Raw | None:
        given = reader.raw(self.code)
        return None if not self.is_scored or scales.is_missing(given) else _parse_raw(reader, self.code, self._criterion, given)


def _parse_raw(reader: Reader, key: str, criterion: Criterion, given: object) -> scales.Raw | None:
    try:
        return scales.parse_raw(criterion.scale, given)
    except Invalid as refusal:
        for problem in refusal.problems:
            reader.note(key, problem.template, **problem.params)
    except TypeError:
        reader.note(key, "Tulis nilai sebagai bilangan bulat atau teks desimal.")
    return None


def _read_decision(reader: Reader) -> Decision:
    order = tuple(_identifiers(reader, "order", _MOST_NOMINEES))
    if len(order) < 2:
        reader.note("order", "Keputusan mengurutkan sedikitnya dua calon.")
    decision = Decision(order, reader.text("reason", 4000))
    reader.done()
    return decision


def _identifiers(reader: Reader, key: str, most: int) -> list[str]:
    found = [_as_identifier(item) for _, item in reader.items(key, most)]
    known = [item for item in found if item]
    if len(known) < len(found):
        reader.note(key, "Tanda pengenal harus berupa teks.")
    reader.refuse_doubles(key, known, "Tanda pengenal yang sama tertulis dua kali.")
    return known


def _identifier(reader: Reader, key: str) -> str:
    found = _as_identifier(reader.raw(key))
    if not found:
        reader.note(key, "Tanda pengenal harus berupa teks.")
    return found


def _as_identifier(value: object) -> str:
    """Identifiers are text; an integer key of a table is taken as its digits."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63:
        return str(value)
    return value if isinstance(value, str) and value.isprintable() and 0 < len(value.strip()) == len(value) <= _LONGEST_ID else ""
