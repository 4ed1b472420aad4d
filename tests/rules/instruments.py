"""Every instrument that the format can carry, sound or not, for tests that write and read it (Hypothesis)."""

from hypothesis import strategies as st

from sipetruk.rules import definition as d
from sipetruk.rules import exchange
from sipetruk.rules.predicate import PREDICATES
from sipetruk.rules.reading import clean_text
from sipetruk.rules.scale_base import MOST_COUNT

CODES = st.from_regex(r"[a-z][a-z0-9_]{0,12}", fullmatch=True)
LINES = st.text(st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\ufffe\uffff"), max_size=30)
TRAPS = st.sampled_from(
    [
        "=1+1",
        "+62",
        "@cmd",
        "'x",
        "–",
        "a, b",
        'kutip "',
        "_x0041_",
        "_x005F_x0041_",
        "12,5",
        "2024-04",
        "true",
        "baris\nkedua",
        "Petunjuk: x",
        "#",
    ]
)
WORDS = (LINES | TRAPS).map(lambda text: clean_text(text) or "").filter(lambda text: clean_text(text) == text)
LABELS = WORDS.map(lambda text: text or "Nama")
NUMBERS = st.integers(0, 100_000).map(
    lambda hundredths: hundredths // 100 if hundredths % 100 == 0 else f"{hundredths // 100}.{hundredths % 100:02}"
)
WEIGHTS = st.none() | st.integers(0, 10_000)
MONTHS = st.lists(st.sampled_from(["2023-12", "2024-01", "2024-04"]), unique=True, max_size=3)
YEARS = st.lists(st.integers(2020, 2026), unique=True, min_size=1, max_size=3)


def some(strategy, key=None, most=3):
    return st.lists(strategy, max_size=most, unique_by=key)


LEVELS = some(st.fixed_dictionaries({"points": NUMBERS, "label": LABELS, "description": WORDS}), lambda x: float(x["points"]))
BANDS = some(st.fixed_dictionaries({"at_least": st.integers(0, 9_000), "points": NUMBERS}), lambda x: x["at_least"])
ENTRIES = some(st.fixed_dictionaries({"code": CODES, "label": LABELS, "points": NUMBERS}), lambda x: x["code"])
SCALES = st.one_of(
    st.integers(1, 200)
    .flatmap(lambda high: st.sampled_from([{"max": high, "step": 1}, {"max": high, "step": "0.5", "min": high - 1}]))
    .map(lambda x: {"kind": "points", **x}),
    LEVELS.map(lambda x: {"kind": "rubric", "levels": x}),
    st.builds(lambda bands, rest: {"kind": "threshold", "bands": bands, "else": rest}, BANDS, NUMBERS),
    some(NUMBERS, float).map(lambda x: {"kind": "choice", "points": x}),
    st.builds(lambda yes, no: {"kind": "yes_no", "yes": yes, "no": no}, NUMBERS, NUMBERS),
    st.dictionaries(st.sampled_from(PREDICATES), NUMBERS).map(lambda x: {"kind": "predicate", "table": x}),
    NUMBERS.map(lambda x: {"kind": "percentage", "max": x}),
    st.builds(lambda entries, cap: {"kind": "tally", "entries": entries, "cap": cap}, ENTRIES, NUMBERS),
    st.builds(lambda each, cap: {"kind": "count", "points_each": each, "cap": cap}, NUMBERS, NUMBERS),
    st.integers(1, 20_000).map(lambda x: {"kind": "text", "max_chars": x}),
)
SOURCES = st.one_of(
    st.sampled_from(["assessor", "unit", "unit_head"]).map(lambda kind: {"kind": kind}),
    MONTHS.map(lambda x: {"kind": "attendance", "months": x}),
    st.none() | st.integers(2020, 2026),
    YEARS.map(lambda x: {"kind": "predicate", "years": x}),
    YEARS.map(lambda x: {"kind": "award", "years": x}),
    st.just({"kind": "award"}),
    st.builds(lambda series, months: {"kind": "imported", "series": series, "months": months}, st.sampled_from(sorted(d.SERIES)), MONTHS),
    st.builds(lambda series: {"kind": "imported", "series": series, "year": 2024}, st.sampled_from(sorted(d.SERIES))),
    st.builds(
        lambda check, years, levels: (
            {"kind": "sanction", "check": check}
            | ({"within_years": years} if check == "within" else {})
            | ({"levels": levels} if check != "examination" else {})
        ),
        st.sampled_from(sorted(d.SANCTION_CHECKS)),
        st.none() | st.integers(1, 10),
        some(st.sampled_from(sorted(d.SANCTION_LEVELS)), str),
    ),
).map(lambda x: x if isinstance(x, dict) else {"kind": "predicate", "year": x})
TEMPLATES = st.none() | st.builds(
    lambda digit, size: {"name": "formulir.docx", "sha256": digit * 64, "bytes": size}, st.sampled_from("0af"), st.integers(1, 10**6)
)
FILES = {
    "accept": some(st.sampled_from(d.FILE_TYPES), str),
    "max_mb": st.integers(1, 50),
    "max_files": st.integers(1, 20),
    "template": TEMPLATES,
}


@st.composite
def documents(draw):
    """A document without anything left out: codes are unique where the format wants them to be."""
    pool = iter(draw(st.lists(CODES, min_size=24, max_size=24, unique=True)))
    evidence = [next(pool) for _ in range(draw(st.integers(0, 2)))]
    components = [_component(draw, pool, evidence) for _ in range(draw(st.integers(0, 3)))]
    return {
        "format": d.FORMAT,
        "title": draw(LABELS),
        "description": draw(WORDS),
        "source": draw(WORDS),
        "policy": _policy(draw, components),
        "components": components,
        "evidence": [_evidence(draw, code) for code in evidence],
        "fields": [_field(draw, next(pool)) for _ in range(draw(st.integers(0, 3)))],
    }


def _component(draw, pool, evidence):
    criteria = [
        {
            "code": next(pool),
            "label": draw(LABELS),
            "help": draw(WORDS),
            "weight": draw(WEIGHTS),
            "scale": draw(SCALES),
            "source": draw(SOURCES),
            "evidence": draw(some(st.sampled_from([*evidence, "a, b", "–", 'k"u']), str)),
            "note_min_chars": draw(st.integers(0, 600)),
        }
        for _ in range(draw(st.integers(0, 3)))
    ]
    return {"code": next(pool), "label": draw(LABELS), "help": draw(WORDS), "weight": draw(WEIGHTS), "criteria": criteria}


def _policy(draw, components):
    codes = [part["code"] for part in components]
    kind = draw(st.sampled_from(sorted(d.AGGREGATION)))
    return {
        "combine": draw(st.sampled_from(sorted(d.COMBINE))),
        "aggregation": {"kind": kind} | ({"k": draw(st.integers(1, 3))} if kind == "trimmed" else {}),
        "rounding": {
            "stage": draw(st.sampled_from(sorted(d.ROUNDING_STAGE))),
            "mode": draw(st.sampled_from(["half_up", "half_even", "down"])),
            "decimals": draw(st.integers(0, 4)),
        },
        "min_assessors": draw(st.integers(1, 9)),
        "floors": [{"component": code, "at_least": draw(NUMBERS)} for code in codes if draw(st.booleans())],
        "tie_chain": [{"by": "component", "code": code} for code in codes]
        + draw(st.sampled_from([[], [{"by": "attribute", "code": "length_of_service_days"}]])),
    }


def _evidence(draw, code):
    files = {key: draw(strategy) for key, strategy in FILES.items()}
    return {
        "code": code,
        "label": draw(LABELS),
        "help": draw(WORDS),
        "required": draw(st.booleans()),
        "source": draw(st.sampled_from(["unit", "system"])),
        **files,
    }


def _field(draw, code):
    kind = draw(st.sampled_from(sorted(d.FIELD_KINDS)))
    shown = st.none() | st.builds(lambda equals: {"field": "lain", "equals": equals}, LABELS)
    return {
        "code": code,
        "label": draw(LABELS),
        "help": draw(WORDS),
        "group": draw(WORDS),
        "kind": kind,
        "required": draw(st.booleans()),
        "min_chars": draw(st.none() | st.integers(0, 10)),
        "max_chars": draw(st.none() | st.integers(10, 2000)),
        "min": draw(st.none() | st.integers(-50, 0)),
        "max": draw(st.none() | NUMBERS),
        "unit": draw(WORDS),
        "options": draw(some(st.fixed_dictionaries({"code": CODES, "label": LABELS}), lambda x: x["code"])),
        "shown_when": draw(shown),
        **({key: draw(strategy) for key, strategy in FILES.items()} if kind == "file" else {}),
    }


@st.composite
def examples(draw):
    """Up to three examples of any criteria."""
    score = st.integers(0, 10_000).map(lambda x: f"{x // 100}.{x % 100:02}")
    raw = LABELS | NUMBERS | st.dictionaries(CODES, st.integers(0, MOST_COUNT), max_size=2)
    expected = st.fixed_dictionaries(
        {"status": st.sampled_from(["RANKED", "INCOMPLETE"]), "score": st.none() | score, "rank": st.none() | st.integers(1, 9)}
    )
    one = st.fixed_dictionaries(
        {
            "name": LABELS,
            "unit": st.none() | LABELS,
            "marks": st.dictionaries(CODES, st.lists(st.none() | NUMBERS, min_size=1, max_size=4), max_size=2),
            "values": st.dictionaries(CODES, raw, max_size=2),
            "attributes": st.sampled_from([{}, {"length_of_service_days": 3650}]),
            "expected": st.none() | expected,
        }
    )
    return draw(some(one, lambda x: x["name"]))


@st.composite
def instruments(draw):
    """A definition with examples, as `exchange.read` gives them."""
    return exchange.read(draw(documents()) | {"examples": draw(examples())})
