"""The nomination form that an instrument asks for, and what makes its answers acceptable.

The unit's form is the version's own fields followed by the criteria whose value the unit gives; the head's form is the
criteria whose value the unit head gives. Answers are kept canonical: text, ISO dates, decimal text, option codes, True
for a declaration, counts for a tally. An answer to a question that is not shown is not kept. The files of a question of
the kind "file" are no answer: they are attached like evidence, under the code of the question.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import wraps
from urllib.parse import urlsplit

from sipetruk.errors import Invalid, Problem
from sipetruk.rules import scales
from sipetruk.rules.definition import Criterion, Definition, EvidenceRequirement, FormField, Option, ShownWhen, all_criteria
from sipetruk.rules.exact import exact_text, format_number, fraction
from sipetruk.rules.reading import LARGEST, clean_text, safe_key
from sipetruk.rules.scales import Scale

Answer = str | bool | list[str] | dict[str, int]

REQUIRED = "Wajib diisi."
FILE_REQUIRED = "Unggah berkasnya."
CRITERIA_GROUP = "Penilaian"
_LONGEST = {"short_text": 300, "long_text": 10_000, "link": 500}
_KIND_OF_SCALE = {
    "points": "number",
    "threshold": "number",
    "percentage": "number",
    "count": "number",
    "rubric": "choice",
    "choice": "choice",
    "yes_no": "choice",
    "predicate": "choice",
    "tally": "tally",
    "text": "long_text",
}


@dataclass(frozen=True)
class Input:
    """One question as a form shows it. `kind` is a field kind or "tally"; `scale` is set when it answers a criterion."""

    code: str
    label: str
    kind: str
    help: str = ""
    group: str = ""
    required: bool = False
    min_chars: int | None = None
    max_chars: int | None = None
    min: Fraction | None = None
    max: Fraction | None = None
    step: Fraction | None = None
    unit: str = ""
    options: tuple[Option, ...] = ()
    shown_when: ShownWhen | None = None
    scale: Scale | None = None
    file: EvidenceRequirement | None = None
    """What may be uploaded, where the question asks for files."""


def _kept_with_it(make: Callable[[Definition], tuple[Input, ...]]) -> Callable[[Definition], tuple[Input, ...]]:
    """A form is made once of each definition, which never changes, and kept with it."""
    name = f"form.{make.__name__}"

    @wraps(make)
    def kept(definition: Definition) -> tuple[Input, ...]:
        beside = vars(definition)  # equality, hash and copies with other values look at the fields alone
        if name not in beside:
            beside[name] = make(definition)
        found: tuple[Input, ...] = beside[name]
        return found

    return kept


@_kept_with_it
def fields(definition: Definition) -> tuple[Input, ...]:
    """The unit's form in order: the fields, then the criteria whose value the unit gives."""
    own = tuple(_input_of_field(field) for field in definition.fields)
    return own + _criteria_inputs(definition, "unit")


@_kept_with_it
def head_fields(definition: Definition) -> tuple[Input, ...]:
    """What the unit head fills in with the endorsement."""
    return _criteria_inputs(definition, "unit_head")


def validate_answers(definition: Definition, answers: Mapping[str, object], *, complete: bool) -> dict[str, Answer]:
    """The canonical answers of the unit's form.

    Unknown names and values that cannot be right are always refused; what is missing or too short only when `complete`.
    Raises Invalid with paths ("answers", code).
    """
    return _validate(fields(definition), answers, "answers", complete=complete)


def validate_head_values(definition: Definition, values: Mapping[str, object], *, complete: bool = True) -> dict[str, Answer]:
    """The canonical values of the head's form; raises Invalid with paths ("values", code)."""
    return _validate(head_fields(definition), values, "values", complete=complete)


def missing(definition: Definition, answers: Mapping[str, object], attached: Collection[str]) -> list[Problem]:
    """What still stands in the way of handing in: unanswered or unacceptable questions, then documents not attached."""
    asked = fields(definition)
    clean, problems = _read_all(asked, answers, "answers", complete=True)
    problems += [
        Problem(FILE_REQUIRED, ("answers", each.code))
        for each in asked
        if each.file is not None and each.required and each.code not in attached and is_shown(each, clean)
    ]
    order = {each.code: at for at, each in enumerate(asked)}
    lacking = [
        Problem("Lampirkan “%(label)s”.", ("evidence", requirement.code), params={"label": requirement.label})
        for requirement in definition.evidence
        if requirement.required and requirement.source == "unit" and requirement.code not in attached
    ]
    return sorted(problems, key=lambda problem: order.get(problem.path[-1], len(order))) + lacking


def requirements(definition: Definition, answers: Mapping[str, object]) -> tuple[EvidenceRequirement, ...]:
    """Every file that is asked for, given these answers: the evidence, then the questions that ask for files and are shown."""
    asked = fields(definition)
    files = [(each, each.file) for each in asked if each.file is not None]
    if not files:
        return definition.evidence
    clean, _ = _read_all(asked, answers, "answers", complete=False)
    return (*definition.evidence, *(file for each, file in files if is_shown(each, clean)))


def is_shown(asked: Input, answers: Mapping[str, object]) -> bool:
    """Whether a question is asked, given the canonical answers to the earlier ones."""
    if asked.shown_when is None:
        return True
    answer = answers.get(asked.shown_when.field)
    wanted = asked.shown_when.equals
    if isinstance(answer, list):
        return wanted in answer
    return (wanted == "1") if answer is True else answer == wanted


def cause(definition: Definition, code: str, before: Mapping[str, object], after: Mapping[str, object]) -> str:
    """The first question whose new answer made this one no longer asked; this one itself where none did."""
    known = {each.code: each for each in fields(definition)}
    found, asked = code, known.get(code)
    while asked is not None and asked.shown_when is not None:
        asked = known.get(asked.shown_when.field)
        if asked is not None and before.get(asked.code) != after.get(asked.code):
            found = asked.code
    return found


def _input_of_field(field: FormField) -> Input:
    return Input(
        code=field.code,
        label=field.label,
        kind=field.kind,
        help=field.help,
        group=field.group,
        required=field.required,
        min_chars=field.min_chars,
        max_chars=field.max_chars or _LONGEST.get(field.kind),
        min=field.min,
        max=field.max,
        unit=field.unit,
        options=field.options,
        shown_when=field.shown_when,
        file=field.requirement,
    )


def _criteria_inputs(definition: Definition, source: str) -> tuple[Input, ...]:
    chosen = [criterion for _, criterion in all_criteria(definition) if criterion.source.kind == source]
    return tuple(_input_of_criterion(criterion) for criterion in chosen)


def _input_of_criterion(criterion: Criterion) -> Input:
    scale = criterion.scale
    kind = _KIND_OF_SCALE[scale.kind]
    low, high, step = (None, None, None) if scale.bounds is None or kind != "number" else (Fraction(x, 100) for x in scale.bounds)
    return Input(
        code=criterion.code,
        label=criterion.label,
        kind=kind,
        help=criterion.help or scale.describe(),
        group=CRITERIA_GROUP,
        required=True,
        max_chars=scale.max_chars if isinstance(scale, scales.Text) else None,
        min=low,
        max=high,
        step=step,
        options=scale_options(scale),
        scale=scale,
    )


def scale_options(scale: Scale) -> tuple[Option, ...]:
    """The choices of a scale; an option's code is the raw value."""
    match scale:
        case scales.Rubric():
            return tuple(Option(exact_text(x.points), f"{format_number(x.points)} · {x.label}") for x in scale.levels)
        case scales.Choice():
            return tuple(Option(exact_text(x), f"{format_number(x)} poin") for x in scale.allowed)
        case scales.YesNo():
            return Option("1", "Ya"), Option("0", "Tidak")
        case scales.Predicate():
            return tuple(Option(name, name.capitalize()) for name, _ in scale.table)
        case scales.Tally():
            return tuple(Option(entry.code, entry.label) for entry in scale.entries)
    return ()


def _validate(asked: Iterable[Input], answers: Mapping[str, object], root: str, *, complete: bool) -> dict[str, Answer]:
    clean, problems = _read_all(asked, answers, root, complete=complete)
    if problems:
        raise Invalid(problems)
    return clean


def _read_all(
    asked: Iterable[Input], answers: Mapping[str, object], root: str, *, complete: bool
) -> tuple[dict[str, Answer], list[Problem]]:
    """The clean answers and every problem; a code that no question has is a problem."""
    inputs = {each.code: each for each in asked}
    problems = [Problem("Isian ini tidak ada dalam formulir.", (root, safe_key(code))) for code in answers if code not in inputs]
    clean: dict[str, Answer] = {}
    for code, each in inputs.items():
        if not is_shown(each, clean):
            continue
        try:
            answer = _read(each, answers.get(code), complete=complete)
        except Invalid as refusal:
            problems += [Problem(problem.template, (root, code), problem.code, problem.params) for problem in refusal.problems]
            continue
        if answer is not None:
            clean[code] = answer
        elif complete and each.required and each.file is None:
            problems.append(Problem(REQUIRED, (root, code)))
    return clean, problems


def _read(asked: Input, value: object, *, complete: bool) -> Answer | None:
    """The canonical answer, None when there is none."""
    if scales.is_missing(value) or (isinstance(value, (list, tuple)) and not value):
        return None
    if isinstance(value, float):
        raise Invalid("Tulis angka sebagai teks, misalnya 12,5.")
    if asked.file is not None:
        raise Invalid("Pertanyaan ini dijawab dengan mengunggah berkas.")
    if asked.scale is not None:
        return _read_scaled(asked.scale, value)
    if asked.kind == "declaration":
        return _read_declaration(value)
    if asked.kind == "choices":
        return _read_choices(asked, value)
    if type(value) is int and abs(value) <= LARGEST:
        value = str(value)
    text = clean_text(value) if isinstance(value, str) else None
    if text is None:
        raise Invalid("Harus berupa teks biasa.")
    return _read_text(asked, text, complete=complete)


def _read_scaled(scale: Scale, value: object) -> Answer:
    if isinstance(value, (str, Mapping)) or type(value) is int:
        try:
            return scales.parse_raw(scale, value)
        except TypeError:
            raise Invalid("Jumlah harus bilangan bulat.") from None
    raise Invalid("Isian ini tidak dapat dibaca.")


def _read_text(asked: Input, text: str, *, complete: bool) -> Answer:
    match asked.kind:
        case "number":
            return _read_number(asked, text)
        case "date":
            return _read_date(text)
        case "choice":
            if text not in {option.code for option in asked.options}:
                raise Invalid("Pilih salah satu jawaban yang tersedia.")
            return text
        case "link":
            _require_link(text)
    if asked.max_chars is not None and len(text) > asked.max_chars:
        raise Invalid("Paling banyak %(longest)s karakter; Anda menulis %(found)s.", longest=asked.max_chars, found=len(text))
    if complete and asked.min_chars is not None and len(text) < asked.min_chars:
        raise Invalid("Paling sedikit %(shortest)s karakter; Anda menulis %(found)s.", shortest=asked.min_chars, found=len(text))
    return text


def _read_number(asked: Input, text: str) -> str:
    try:
        number = fraction(text)
    except ValueError:
        raise Invalid("Ini bukan angka.") from None
    if (number * 100).denominator != 1:
        raise Invalid("Paling banyak dua angka di belakang koma.")
    if number < (-LARGEST if asked.min is None else asked.min):
        raise Invalid("Paling kecil %(low)s.", low=format_number(Fraction(-LARGEST) if asked.min is None else asked.min))
    if number > (LARGEST if asked.max is None else asked.max):
        raise Invalid("Paling besar %(high)s.", high=format_number(Fraction(LARGEST) if asked.max is None else asked.max))
    return exact_text(number)


def _read_date(text: str) -> str:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise Invalid("Tulis tanggal sebagai tahun-bulan-hari, misalnya 2024-06-30.") from None
    return found.isoformat()


def _require_link(text: str) -> None:
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.hostname or any(character.isspace() for character in text):
        raise Invalid("Tulis alamat lengkap yang diawali https://.")


def _read_declaration(value: object) -> Answer | None:
    if value is True or (isinstance(value, str) and value.strip().lower() in {"1", "ya", "on", "true"}):
        return True
    if value is False or (isinstance(value, str) and value.strip().lower() in {"0", "tidak", "off", "false"}):
        return None
    raise Invalid("Centang pernyataan ini atau kosongkan.")


def _read_choices(asked: Input, value: object) -> Answer | None:
    """The chosen codes in the order of the options, each once."""
    given = [value] if isinstance(value, str) else value
    codes = [option.code for option in asked.options]
    if not isinstance(given, (list, tuple)) or not all(isinstance(code, str) and code in codes for code in given):
        raise Invalid("Pilih hanya jawaban yang tersedia.")
    return [code for code in codes if code in given] or None
