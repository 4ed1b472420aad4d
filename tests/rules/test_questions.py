"""Questions that ask for files, documents with an empty form to fill in, and values that records give."""

from datetime import date

import pytest

from sipetruk.errors import Invalid, Problem
from sipetruk.rules import form, instrument, records
from sipetruk.rules.eligibility import Facts, SanctionFact
from tests.rules.building import component, criterion, definition, document, problems

SHA = "ab" * 32
TEMPLATE = {"name": "Contoh.docx", "sha256": SHA, "bytes": 1200}
CHOICE = {
    "code": "tahap",
    "label": "Tahap",
    "kind": "choice",
    "required": True,
    "options": [{"code": "gagasan", "label": "Gagasan"}, {"code": "diterapkan", "label": "Diterapkan"}],
}
PHOTO = {
    "code": "foto",
    "label": "Foto penerapan",
    "kind": "file",
    "required": True,
    "accept": ["jpg", "png"],
    "max_mb": 3,
    "max_files": 2,
    "template": TEMPLATE,
    "shown_when": {"field": "tahap", "equals": "diterapkan"},
}
PAPER = {"code": "proposal", "label": "Proposal"}


def with_files(**more):
    return {**document(component("a", criterion("inovasi"))), "fields": [CHOICE, PHOTO], "evidence": [PAPER], **more}


def test_a_question_of_the_kind_file_is_a_requirement_under_its_own_code():
    tree = instrument.parse(with_files())
    wanted = instrument.EvidenceRequirement(
        "foto", "Foto penerapan", required=True, accept=("jpg", "png"), max_mb=3, max_files=2, template=instrument.Template(**TEMPLATE)
    )
    assert tree.requirements == (*tree.evidence, wanted)
    assert instrument.parse(tree.to_dict()) == tree


def test_a_document_without_files_and_templates_keeps_its_keys():
    tree = instrument.parse({**document(component("a", criterion("inovasi"))), "fields": [CHOICE], "evidence": [PAPER]})
    assert "template" not in tree.to_dict()["evidence"][0]
    assert "accept" not in tree.to_dict()["fields"][0]


def test_the_limits_of_a_number_are_written_as_they_were_read():
    limits = {"code": "rapat", "label": "Rapat", "kind": "number", "min": "-0.50", "max": 12}
    tree = instrument.parse({**document(component("a", criterion("inovasi"))), "fields": [limits]})
    written = tree.to_dict()["fields"][0]
    assert (written["min"], written["max"]) == ("-0.5", 12)


def test_files_are_missing_only_while_their_question_is_asked():
    tree = instrument.parse(with_files(evidence=[]))
    asked = Problem("Unggah berkasnya.", ("answers", "foto"))
    assert form.missing(tree, {"tahap": "gagasan"}, ()) == []
    assert form.missing(tree, {"tahap": "diterapkan"}, ()) == [asked]
    assert form.missing(tree, {"tahap": "diterapkan"}, {"foto"}) == []
    assert [each.code for each in form.requirements(tree, {"tahap": "gagasan"})] == []
    assert [each.code for each in form.requirements(tree, {"tahap": "diterapkan"})] == ["foto"]


def test_a_file_is_no_answer():
    tree = instrument.parse(with_files())
    with pytest.raises(Invalid) as refusal:
        form.validate_answers(tree, {"tahap": "diterapkan", "foto": "foto.jpg"}, complete=False)
    assert problems(refusal) == [(("answers", "foto"), "Pertanyaan ini dijawab dengan mengunggah berkas.")]
    assert form.validate_answers(tree, {"tahap": "diterapkan"}, complete=True) == {"tahap": "diterapkan"}


def test_a_file_question_and_an_evidence_share_no_code():
    with pytest.raises(Invalid) as refusal:
        instrument.parse(with_files(evidence=[{**PAPER, "code": "foto"}]))
    assert problems(refusal) == [(("fields", "1", "code"), "Kode foto sudah dipakai di tempat lain.")]


@pytest.mark.parametrize(
    ("template", "problem"),
    [
        ({**TEMPLATE, "sha256": "xyz"}, (("evidence", "0", "template", "sha256"), "Harus berupa sidik SHA-256: 64 angka heksadesimal.")),
        ({**TEMPLATE, "name": "../a.pdf"}, (("evidence", "0", "template", "name"), "Nama berkas tidak boleh memuat nama folder.")),
        ({**TEMPLATE, "bytes": 0}, (("evidence", "0", "template", "bytes"), f"Harus antara 1 dan {50 * 1024 * 1024}.")),
        ({**TEMPLATE, "link": "x"}, (("evidence", "0", "template", "link"), "Nama ini tidak dikenal dalam format ini.")),
    ],
)
def test_a_template_is_named_by_its_bytes_alone(template, problem):
    with pytest.raises(Invalid) as refusal:
        instrument.parse(with_files(evidence=[{**PAPER, "template": template}]))
    assert problems(refusal) == [problem]


def test_what_stands_in_the_way_of_the_lock_in_file_questions():
    tree = instrument.parse(
        with_files(
            fields=[
                CHOICE,
                {**PHOTO, "accept": []},
                {**CHOICE, "code": "lain", "label": "Lain", "shown_when": {"field": "foto", "equals": "x"}},
            ]
        )
    )
    found = {(finding.path, finding.message) for finding in instrument.lint(tree) if finding.path[0] == "fields"}
    assert found == {
        (("fields", "foto", "accept"), "Sebutkan jenis berkas yang diterima."),
        (("fields", "lain", "shown_when"), "Syarat tampil tidak dapat menunjuk pertanyaan berupa berkas."),
    }


def test_the_lowest_predicate_of_the_named_years_counts():
    source = instrument.Source("predicate", years=(2022, 2023))
    assert records.predicate(source, {2022: "SANGAT BAIK", 2023: "BAIK"}) == "BAIK"
    assert records.predicate(source, {2022: "SANGAT BAIK"}) is None
    assert records.predicate(instrument.Source("predicate", year=2022), {2022: "KURANG"}) == "KURANG"
    assert records.predicate(instrument.Source("predicate"), {2022: "KURANG"}) is None


@pytest.mark.parametrize(
    ("document", "facts", "raw"),
    [
        ({"check": "ever"}, Facts(sanctions=()), "1"),
        ({"check": "ever"}, Facts(sanctions=(SanctionFact("R", date(2010, 1, 1)),)), "0"),
        ({"check": "ever", "levels": ["S", "B"]}, Facts(sanctions=(SanctionFact("R", date(2010, 1, 1)),)), "1"),
        ({"check": "within", "within_years": 2}, Facts(sanctions=(SanctionFact("R", date(2022, 6, 30)),)), "1"),
        ({"check": "within", "within_years": 2}, Facts(sanctions=(SanctionFact("R", date(2022, 7, 1)),)), "0"),
        ({"check": "serving"}, Facts(sanctions=(SanctionFact("B", date(2024, 1, 1)),)), None),
        ({"check": "examination"}, Facts(under_examination=True), "0"),
        ({"check": "examination"}, Facts(under_examination=False), "1"),
        ({"check": "ever"}, Facts(), None),
    ],
)
def test_freedom_from_sanctions_is_judged_as_eligibility_judges_it(document, facts, raw):
    tree = definition(component("a", criterion("bebas", {"kind": "yes_no", "yes": 100, "no": 0}, {"kind": "sanction", **document})))
    (_, found), *_ = instrument.all_criteria(tree)
    assert records.sanction(found.source, facts, date(2024, 6, 30)) == raw
    assert records.sanction(found.source, facts, None) is None
    assert instrument.parse(tree.to_dict()) == tree


def test_a_sanction_of_any_time_counts_where_the_source_names_no_check():
    facts = Facts(sanctions=(SanctionFact("R", date(2010, 1, 1)),))
    assert records.sanction(instrument.Source("sanction", levels=("R",)), facts, date(2024, 6, 30)) == "0"


def test_awards_are_counted_by_level_within_their_years():
    tally = {
        "kind": "tally",
        "entries": [{"code": c, "label": c, "points": p} for c, p in (("nasional", 100), ("provinsi", 90))],
        "cap": 100,
    }
    source = {"kind": "award", "years": [2023, 2022]}
    tree = definition(
        component("a", criterion("piagam", tally, source), criterion("banyak", {"kind": "count", "points_each": 5, "cap": 20}, source))
    )
    by_level, all_together = (found for _, found in instrument.all_criteria(tree))
    known = [("nasional", 2023), ("nasional", 2022), ("nasional", 2020), ("kabupaten", 2022)]
    assert by_level.source.years == (2022, 2023)
    assert records.awards(by_level, known) == {"nasional": 2, "provinsi": 0}
    assert records.awards(all_together, known) == "3"
    assert records.awards(by_level, ()) == {"nasional": 0, "provinsi": 0}
    assert records.awards(by_level, None) is None


def test_sources_that_cannot_be_read_from_records_do_not_lock():
    tally = {"kind": "tally", "entries": [{"code": "desa", "label": "Desa", "points": 100}], "cap": 100}
    yes_no = {"kind": "yes_no", "yes": 100, "no": 0}
    tree = definition(
        component(
            "a", criterion("piagam", tally, "award"), criterion("bebas", yes_no, {"kind": "sanction", "check": "within", "levels": []})
        )
    )
    found = [(finding.path, finding.message) for finding in instrument.lint(tree) if finding.path[0] == "criteria"]
    assert found == [
        (("criteria", "piagam", "source"), "Sebutkan bulan atau tahun data yang dipakai."),
        (
            ("criteria", "piagam", "scale"),
            "Tingkat “desa” tidak ada pada data penghargaan; kode yang dikenal: internasional, nasional, provinsi, kabupaten, instansi.",
        ),
        (("criteria", "bebas", "source"), "Sebutkan bulan atau tahun data yang dipakai."),
        (("criteria", "bebas", "source"), "Pilih sedikitnya satu tingkat hukuman disiplin."),
    ]


@pytest.mark.parametrize("years", [[2022, 2022], ["2022"], [1800], [True]])
def test_years_are_years_each_once(years):
    with pytest.raises(Invalid) as refusal:
        definition(component("a", criterion("predikat", {"kind": "predicate", "table": {}}, {"kind": "predicate", "years": years})))
    path = ("components", "0", "criteria", "0", "source", "years")
    assert problems(refusal) == [(path, "Sebutkan tahun antara 1990 dan 2099, masing-masing sekali.")]


def test_every_choice_says_what_it_does():
    effects = instrument.EFFECTS
    named = {"combine": instrument.COMBINE, "aggregation": instrument.AGGREGATION, "rounding": instrument.ROUNDING_STAGE}
    named |= {"source": instrument.SOURCES, "field": instrument.FIELD_KINDS}
    assert {name: effects[name].keys() for name in named} == {name: words.keys() for name, words in named.items()}
