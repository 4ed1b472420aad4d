"""Every place of an instrument document: what may stand there at the most, and what is said one step beyond."""

import json

import pytest

from sipetruk.errors import Invalid
from sipetruk.rules import instrument
from sipetruk.rules.parsing import parse_policy
from tests.rules.building import problems

WHOLE = {
    "format": "sipetruk-instrument/1",
    "title": "Instrumen",
    "description": "",
    "source": "",
    "policy": {
        "combine": "sum_of_points",
        "aggregation": {"kind": "trimmed", "k": 1},
        "rounding": {"stage": "end", "mode": "half_up", "decimals": 2},
        "min_assessors": 5,
        "floors": [{"component": "a", "at_least": 60}],
        "tie_chain": [{"by": "component", "code": "a"}, {"by": "attribute", "code": "length_of_service_days"}],
    },
    "components": [
        {
            "code": "a",
            "label": "A",
            "help": "",
            "weight": None,
            "criteria": [
                {
                    "code": "x",
                    "label": "X",
                    "help": "",
                    "weight": None,
                    "scale": {"kind": "points", "max": 100, "step": 1},
                    "source": {"kind": "assessor"},
                    "evidence": ["surat"],
                    "note_min_chars": 0,
                },
                {
                    "code": "y",
                    "label": "Y",
                    "help": "",
                    "weight": None,
                    "scale": {"kind": "percentage", "max": 10},
                    "source": {"kind": "imported", "series": "ekinerja", "months": ["2024-04"]},
                    "evidence": [],
                    "note_min_chars": 0,
                },
                {
                    "code": "z",
                    "label": "Z",
                    "help": "",
                    "weight": None,
                    "scale": {"kind": "yes_no", "yes": 1, "no": 0},
                    "source": {"kind": "sanction", "check": "within", "within_years": 5, "levels": ["S", "B"]},
                    "evidence": [],
                    "note_min_chars": 0,
                },
            ],
        }
    ],
    "evidence": [
        {
            "code": "surat",
            "label": "Surat",
            "help": "",
            "required": True,
            "source": "unit",
            "accept": ["pdf"],
            "max_mb": 5,
            "max_files": 1,
            "template": {"name": "contoh.pdf", "sha256": "0" * 64, "bytes": 10},
        }
    ],
    "fields": [
        {
            "code": "tahap",
            "label": "Tahap",
            "kind": "choice",
            "help": "",
            "group": "",
            "required": False,
            "min_chars": None,
            "max_chars": None,
            "min": None,
            "max": None,
            "unit": "",
            "options": [{"code": "ya", "label": "Ya"}],
            "shown_when": None,
        },
        {"code": "sejak", "label": "Sejak", "kind": "date", "shown_when": {"field": "tahap", "equals": "ya"}},
        {"code": "naskah", "label": "Naskah", "kind": "file"},
    ],
}
REQUIRED = "Wajib diisi."
OBJECT = "Bagian ini harus berupa objek dengan nama dan isi."
CRITERION = ("components", 0, "criteria", 0)
IMPORTED = ("components", 0, "criteria", 1, "source")
SANCTION = ("components", 0, "criteria", 2, "source")
EVIDENCE = ("evidence", 0)
TEMPLATE = ("evidence", 0, "template")
FIELD = ("fields", 0)
FILE = ("fields", 2)
MOST_BYTES = 50 * 1024 * 1024


def characters(longest):
    return f"Paling banyak {longest} karakter."


def between(low, high):
    return f"Harus antara {low} dan {high}."


def changed(*path, to):
    """The whole document with one value replaced."""
    document = json.loads(json.dumps(WHOLE))
    place = document
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = to
    return document


def said(document, read=instrument.parse):
    """Every (path, sentence) that reading refuses with; nothing where it reads."""
    try:
        read(document)
    except Invalid as refusal:
        return [(problem.path, problem.message) for problem in refusal.problems]
    return []


def test_the_whole_document_is_read():
    assert said(WHOLE) == []
    found = instrument.parse(WHOLE)
    assert instrument.parse(found.to_dict()) == found
    asked = found.fields[2]
    assert (asked.accept, asked.max_mb, asked.max_files, asked.template) == (("pdf", "jpg", "png"), 5, 1, None)


@pytest.mark.parametrize(
    ("path", "longest"),
    [
        (("title",), 200),
        (("description",), 4000),
        (("source",), 4000),
        (("components", 0, "label"), 200),
        (("components", 0, "help"), 4000),
        ((*CRITERION, "label"), 300),
        ((*CRITERION, "help"), 4000),
        ((*EVIDENCE, "label"), 300),
        ((*EVIDENCE, "help"), 4000),
        ((*TEMPLATE, "name"), 200),
        ((*FIELD, "label"), 300),
        ((*FIELD, "help"), 4000),
        ((*FIELD, "group"), 100),
        ((*FIELD, "unit"), 50),
        ((*FIELD, "options", 0, "label"), 200),
        (("fields", 1, "shown_when", "equals"), 200),
    ],
)
def test_words_are_as_long_as_their_place_allows(path, longest):
    assert said(changed(*path, to="a" * longest)) == []
    assert said(changed(*path, to="a" * (longest + 1))) == [(tuple(map(str, path)), characters(longest))]


@pytest.mark.parametrize(
    "path",
    [
        ("title",),
        ("components", 0, "label"),
        (*CRITERION, "label"),
        (*EVIDENCE, "label"),
        (*TEMPLATE, "name"),
        (*FIELD, "label"),
        (*FIELD, "options", 0, "label"),
        ("fields", 1, "shown_when", "equals"),
    ],
)
def test_names_are_required(path):
    assert said(changed(*path, to="")) == [(tuple(map(str, path)), REQUIRED)]


@pytest.mark.parametrize(
    "path",
    [
        ("description",),
        ("source",),
        ("components", 0, "help"),
        (*CRITERION, "help"),
        (*EVIDENCE, "help"),
        (*FIELD, "help"),
        (*FIELD, "group"),
        (*FIELD, "unit"),
    ],
)
@pytest.mark.parametrize("nothing", ["", None])
def test_other_words_may_be_left_out(path, nothing):
    assert said(changed(*path, to=nothing)) == []


@pytest.mark.parametrize(
    ("path", "low", "high"),
    [
        (("policy", "aggregation", "k"), 1, 20),
        (("policy", "rounding", "decimals"), 0, 4),
        (("policy", "min_assessors"), 1, 99),
        (("components", 0, "weight"), 0, 10_000),
        ((*CRITERION, "weight"), 0, 10_000),
        ((*CRITERION, "note_min_chars"), 0, 5000),
        ((*SANCTION, "within_years"), 1, 40),
        ((*EVIDENCE, "max_mb"), 1, 50),
        ((*EVIDENCE, "max_files"), 1, 20),
        ((*TEMPLATE, "bytes"), 1, MOST_BYTES),
        ((*FIELD, "min_chars"), 0, 20_000),
        ((*FIELD, "max_chars"), 1, 20_000),
        ((*FIELD, "min"), -1_000_000, 1_000_000),
        ((*FIELD, "max"), -1_000_000, 1_000_000),
        ((*FILE, "max_mb"), 1, 50),
        ((*FILE, "max_files"), 1, 20),
    ],
)
def test_numbers_have_a_smallest_and_a_largest(path, low, high):
    for value in (low, high):
        assert said(changed(*path, to=value)) == []
    for value in (low - 1, high + 1):
        assert said(changed(*path, to=value)) == [(tuple(map(str, path)), between(low, high))]


@pytest.mark.parametrize(
    ("path", "to", "message"),
    [
        (("format",), "sipetruk-instrument/2", "Pilih salah satu: sipetruk-instrument/1."),
        (("policy", "combine"), "x", "Pilih salah satu: sum_of_points, mean_of_components, weighted_sum."),
        (("policy", "aggregation", "kind"), "x", "Pilih salah satu: mean, median, trimmed."),
        (("policy", "aggregation", "kind"), None, "Pilih salah satu: mean, median, trimmed."),
        (("policy", "aggregation"), 7, OBJECT),
        (("policy", "rounding"), 7, OBJECT),
        (("policy", "rounding", "stage"), "x", "Pilih salah satu: end, component, criterion."),
        (("policy", "rounding", "mode"), "x", "Pilih salah satu: half_up, half_even, down."),
        (("policy", "floors"), [{"component": "a", "at_least": 1}] * 2, "Satu komponen hanya boleh mempunyai satu batas nilai."),
        (("policy", "tie_chain"), [{"by": "component", "code": "a"}] * 2, "Langkah yang sama tertulis dua kali."),
        (("policy", "tie_chain", 1, "by"), "x", "Pilih salah satu: component, criterion, attribute."),
        (("policy", "tie_chain", 1, "code"), "usia", "Data pegawai yang dapat dipakai: length_of_service_days."),
        (("policy",), 7, OBJECT),
        (("components",), [{"code": f"k{at}", "label": "K"} for at in range(51)], "Paling banyak 50 isian."),
        ((*CRITERION, "source"), 7, OBJECT),
        ((*IMPORTED, "months"), ["2024-04", "bulan"], 'Tulis bulan seperti 2024-04; "bulan" bukan bulan.'),
        ((*IMPORTED, "year"), 2024, "Pilih bulan atau tahun, tidak keduanya."),
        ((*IMPORTED, "series"), "x", "Pilih salah satu: ekinerja, perilaku."),
        ((*SANCTION, "levels"), ["S", "X"], "Pilih tingkat R, S atau B."),
        ((*EVIDENCE, "source"), "x", "Pilih salah satu: unit, system."),
        ((*EVIDENCE, "accept"), ["pdf", "docx"], "Jenis berkas yang dapat diterima: pdf, jpg, png."),
        ((*EVIDENCE, "required"), "ya", "Harus ya atau tidak (true atau false)."),
        ((*TEMPLATE, "sha256"), "A" * 64, "Harus berupa sidik SHA-256: 64 angka heksadesimal."),
        ((*TEMPLATE, "name"), "a/b.pdf", "Nama berkas tidak boleh memuat nama folder."),
        ((*TEMPLATE, "name"), "a\\b.pdf", "Nama berkas tidak boleh memuat nama folder."),
        (TEMPLATE, 7, OBJECT),
        ((*FIELD, "required"), 1, "Harus ya atau tidak (true atau false)."),
        ((*FIELD, "options"), [{"code": "ya", "label": "Ya"}] * 2, "Dua pilihan tidak boleh mempunyai kode yang sama."),
        (("fields", 1, "shown_when"), 7, OBJECT),
        ((*FILE, "accept"), ["exe"], "Jenis berkas yang dapat diterima: pdf, jpg, png."),
    ],
)
def test_what_does_not_fit_is_refused_with_its_reason(path, to, message):
    found = said(changed(*path, to=to))
    assert found[:1] == [(tuple(map(str, path)), message)]
    assert message == OBJECT or len(found) == 1


def test_codes_of_evidence_are_short():
    assert said(changed(*CRITERION, "evidence", to=["a" * 50])) == []
    assert said(changed(*CRITERION, "evidence", to=["a" * 51])) == [((*map(str, CRITERION), "evidence", "0"), "Harus berupa teks pendek.")]
    assert said(changed(*EVIDENCE, "accept", to=["pdfs"])) == [
        (("evidence", "0", "accept"), "Jenis berkas yang dapat diterima: pdf, jpg, png.")
    ]
    assert said(changed(*EVIDENCE, "accept", to=["pdfss"])) == [(("evidence", "0", "accept", "0"), "Harus berupa teks pendek.")]


@pytest.mark.parametrize(
    ("source", "path", "message"),
    [
        (
            {"kind": "x"},
            ("kind",),
            "Pilih salah satu: assessor, unit, unit_head, attendance, predicate, imported, sanction, award, first_stage.",
        ),
        ({}, ("kind",), "Pilih salah satu: assessor, unit, unit_head, attendance, predicate, imported, sanction, award, first_stage."),
        ({"kind": "assessor", "months": []}, ("months",), "Nama ini tidak dikenal dalam format ini."),
        ({"kind": "attendance", "months": ["2024-040"]}, ("months", "0"), "Harus berupa teks pendek."),
        (
            {"kind": "attendance", "months": [f"20{y:02}-01" for y in range(100)] + [f"20{y:02}-02" for y in range(21)]},
            ("months",),
            "Paling banyak 120 isian.",
        ),
        ({"kind": "predicate", "year": 1989}, ("year",), between(1990, 2099)),
        ({"kind": "predicate", "year": 2100}, ("year",), between(1990, 2099)),
        ({"kind": "predicate", "year": 2024, "years": [2023]}, ("year",), "Sebutkan satu tahun atau beberapa tahun, tidak keduanya."),
        ({"kind": "predicate", "years": [2023, 2023]}, ("years",), "Sebutkan tahun antara 1990 dan 2099, masing-masing sekali."),
        ({"kind": "predicate", "years": [1989]}, ("years",), "Sebutkan tahun antara 1990 dan 2099, masing-masing sekali."),
        ({"kind": "predicate", "years": [2100]}, ("years",), "Sebutkan tahun antara 1990 dan 2099, masing-masing sekali."),
        ({"kind": "predicate", "years": ["2024"]}, ("years",), "Sebutkan tahun antara 1990 dan 2099, masing-masing sekali."),
        ({"kind": "predicate", "years": [True]}, ("years",), "Sebutkan tahun antara 1990 dan 2099, masing-masing sekali."),
        ({"kind": "predicate", "years": list(range(1990, 2031))}, ("years",), "Paling banyak 40 isian."),
        ({"kind": "sanction", "check": "x"}, ("check",), "Pilih salah satu: ever, within, serving, examination."),
        ({"kind": "sanction", "levels": ["SS"]}, ("levels", "0"), "Harus berupa teks pendek."),
        ({"kind": "sanction", "check": "ever", "within_years": 5}, ("within_years",), "Nama ini tidak dikenal dalam format ini."),
        ({"kind": "sanction", "check": "examination", "levels": ["S"]}, ("levels",), "Nama ini tidak dikenal dalam format ini."),
    ],
)
def test_a_source_says_only_what_its_kind_knows(source, path, message):
    assert said(changed(*CRITERION, "source", to=source)) == [((*map(str, CRITERION), "source", *path), message)]


@pytest.mark.parametrize(
    ("source", "more"),
    [
        ({"kind": "attendance", "months": ["2024-05", "2024-04"]}, {"months": ("2024-04", "2024-05")}),
        ({"kind": "attendance", "months": [f"20{y:02}-{m:02}" for y in range(10) for m in range(1, 13)]}, None),
        ({"kind": "predicate", "year": 1990}, {"year": 1990}),
        ({"kind": "predicate", "year": 2099}, {"year": 2099}),
        ({"kind": "predicate", "years": [2099, 1990]}, {"years": (1990, 2099)}),
        ({"kind": "predicate", "years": list(range(1990, 2030))}, {"years": tuple(range(1990, 2030))}),
        ({"kind": "award", "years": [2023]}, {"years": (2023,)}),
        ({"kind": "imported", "series": "perilaku", "year": 2024}, {"series": "perilaku", "year": 2024}),
        ({"kind": "sanction", "levels": None}, {"check": "ever", "levels": ("R", "S", "B")}),
        ({"kind": "sanction"}, {"check": "ever", "levels": ("R", "S", "B")}),
        (
            {"kind": "sanction", "check": "within", "within_years": 5, "levels": ["B", "S"]},
            {"check": "within", "within_years": 5, "levels": ("S", "B")},
        ),
        ({"kind": "sanction", "check": "examination"}, {"check": "examination"}),
    ],
)
def test_a_source_is_kept_in_one_order(source, more):
    found = instrument.parse(changed(*CRITERION, "source", to=source)).components[0].criteria[0].source
    assert more is None or found == instrument.Source(source["kind"], **more)
    assert said(changed(*CRITERION, "source", to=found.to_dict())) == []


@pytest.mark.parametrize(
    ("low", "high", "least", "most", "message"),
    [
        ("min_chars", "max_chars", 5, 5, None),
        ("min_chars", "max_chars", 6, 5, "min_chars"),
        ("min", "max", "-0.5", "-0.5", None),
        ("min", "max", 1, "0.99", "min"),
    ],
)
def test_the_lower_limit_of_an_answer_does_not_exceed_the_upper(low, high, least, most, message):
    document = changed(*FIELD, low, to=least)
    document["fields"][0][high] = most
    assert said(document) == (
        [] if message is None else [(("fields", "0", message), "Batas terendah tidak boleh melebihi batas tertinggi.")]
    )
    document["fields"][0][high] = None
    assert said(document) == []


@pytest.mark.parametrize(
    ("path", "attribute", "expected"),
    [
        (("policy",), "policy", instrument.Policy()),
        (("policy", "aggregation"), "policy.aggregation", instrument.Aggregation("mean", 1)),
        (("policy", "rounding"), "policy.rounding", instrument.Rounding("end", "half_up", 2)),
        (("policy", "min_assessors"), "policy.min_assessors", 3),
        (("evidence", 0, "accept"), "evidence", ("pdf", "jpg", "png")),
        (("evidence", 0, "max_mb"), "evidence", 5),
        (("evidence", 0, "max_files"), "evidence", 1),
        (("evidence", 0, "required"), "evidence", True),
        (("evidence", 0, "source"), "evidence", "unit"),
        (("evidence", 0, "template"), "evidence", None),
        (("fields", 0, "required"), "fields", False),
        (("fields", 0, "shown_when"), "fields", None),
    ],
)
def test_what_is_left_out_has_a_usual_value(path, attribute, expected):
    document = changed(*path, to=None)
    found = instrument.parse(document)
    if len(path) == 3:
        assert getattr(getattr(found, attribute)[0], path[-1]) == expected
    else:
        for name in attribute.split("."):
            found = getattr(found, name)
        assert found == expected


def test_marks_are_cut_only_where_the_aggregation_trims():
    assert instrument.parse(changed("policy", "aggregation", to={"kind": "trimmed"})).policy.aggregation == instrument.Aggregation(
        "trimmed", 1
    )
    assert instrument.parse(changed("policy", "aggregation", to={"kind": "mean", "k": 2})).policy.aggregation == instrument.Aggregation(
        "mean", 1
    )


def test_a_policy_is_read_alone():
    assert parse_policy(WHOLE["policy"]) == instrument.parse(WHOLE).policy
    with pytest.raises(Invalid) as refusal:
        parse_policy({**WHOLE["policy"], "min_assessors": 0, "x": 1})
    assert problems(refusal) == [
        (("policy", "min_assessors"), between(1, 99)),
        (("policy", "x"), "Nama ini tidak dikenal dalam format ini."),
    ]


@pytest.mark.parametrize(
    ("path", "to", "place"),
    [
        (("components", 0, "criteria", 1, "code"), "x", ("components", "0", "criteria", "1", "code")),
        (("fields", 1, "code"), "y", ("fields", "1", "code")),
        (("fields", 2, "code"), "surat", ("fields", "2", "code")),
    ],
)
def test_a_code_is_used_once(path, to, place):
    assert said(changed(*path, to=to)) == [(place, f"Kode {to} sudah dipakai di tempat lain.")]
    assert said(changed("fields", 1, "code", to="surat")) == []


@pytest.mark.parametrize("path", [("policy", "aggregation"), ("policy", "rounding"), (*CRITERION, "source")])
def test_what_is_no_object_has_no_further_problems(path):
    assert said(changed(*path, to=7)) == [(tuple(map(str, path)), OBJECT)]


def test_every_part_of_a_rounding_may_be_left_out():
    for given_, rounding in (
        ({}, instrument.Rounding("end", "half_up", 2)),
        ({"stage": "component", "mode": "down"}, instrument.Rounding("component", "down", 2)),
        ({"decimals": 3}, instrument.Rounding("end", "half_up", 3)),
    ):
        assert instrument.parse(changed("policy", "rounding", to=given_)).policy.rounding == rounding


def test_how_many_marks_are_cut_is_kept():
    found = instrument.parse(changed("policy", "aggregation", to={"kind": "trimmed", "k": 2}))
    assert found.policy.aggregation == instrument.Aggregation("trimmed", 2)


def test_a_note_may_be_left_out():
    assert instrument.parse(changed(*CRITERION, "note_min_chars", to=None)).components[0].criteria[0].note_min_chars == 0


def test_a_form_to_download_has_one_problem_at_a_time():
    place = tuple(map(str, TEMPLATE))
    assert said(changed(*TEMPLATE, "sha256", to="")) == [((*place, "sha256"), REQUIRED)]
    assert said(changed(*TEMPLATE, "sha256", to="0" * 65)) == [((*place, "sha256"), characters(64))]
    assert said(changed(*TEMPLATE, "name", to=f"{'a' * 200}/")) == [((*place, "name"), characters(200))]


def test_only_a_question_for_files_says_which_files():
    assert said(changed(*FIELD, "accept", to=["pdf"])) == [((*map(str, FIELD), "accept"), "Nama ini tidak dikenal dalam format ini.")]


@pytest.mark.parametrize("key", ["components", "evidence"])
def test_the_second_of_two_equal_codes_is_named(key):
    document = changed("components", 0, "label", to="A")
    document[key] = [*document[key], {"code": document[key][0]["code"], "label": "Lain"}]
    assert said(document) == [((key, "1", "code"), f"Kode {document[key][0]['code']} sudah dipakai di tempat lain.")]
