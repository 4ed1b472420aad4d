"""An analysis as a document: every number as text, every gap with its reason, nothing that a stored document may not hold."""

import json

import pytest

from sipetruk.models.base import DocumentField
from sipetruk.rules import seal
from sipetruk.rules.analysis.account import FORMAT, PLACES_SHOWN, account
from sipetruk.rules.analysis.report import PROFILE_NOTE, analyse
from sipetruk.rules.analysis.robustness import RULE
from tests.rules.analysis.test_report import GOLDEN, sealed, three
from tests.rules.building import component, criterion, definition, inputs, nominee

DISCLAIMER = "Analisis untuk panitia, bukan nilai resmi. Nilai, peringkat, dan juara hanya ditentukan oleh instrumen yang dikunci."
WEIGHTS = "Bobot yang dipakai adalah bobot yang tertulis dalam instrumen."
TOO_FEW = {"reason": "kurang dari dua calon dinilai lengkap oleh semua penilai"}
NO_PAIRS = {"reason": "tidak ada calon yang dinilai oleh sedikitnya dua penilai"}
LEVELS = ("nominal", "ordinal", "interval", "ratio")


def pair(second="0"):
    """Two nominees: x of 10 points by two assessors (60 %), z of 10 points from data (40 %)."""
    instrument = definition(
        component("a", criterion("x", 10), weight=6000),
        component("b", criterion("z", 10, source="unit"), weight=4000),
        combine="weighted_sum",
    )
    given = [
        nominee("n1", {"x": {"a1": 8, "a2": 6}}, values={"z": "5"}),
        nominee("n2", {"x": {"a1": 4, "a2": 2}}, values={"z": second}),
    ]
    return seal.document(seal.compute(inputs(instrument, given, panel=("a1", "a2"), winners=1)))


def no_change(code, label, direction, weight):
    word = {"up": "naik", "down": "turun"}[direction]
    return {
        "code": code,
        "label": label,
        "direction": direction,
        "weight": weight,
        "new_weight": None,
        "challengers": [],
        "message": f"Bobot {label} {word}: tidak ada perubahan bobot yang mengubah pemenang.",
    }


def without(removed, first, *, lowered_to):
    return {
        "removed": removed,
        "first": [first],
        "winners": [first],
        "first_changes": False,
        "winners_change": False,
        "moved": 0,
        "lowered_to": lowered_to,
        "failure": None,
    }


def agreement(code, label):
    """Two nominees, two assessors: mean squares 576 k, 144 k and 0, so ICC(A,1) = 576 / 720, ICC(A,k) = 576 / 648, ICC(1,1) = 504 / 648,
    ICC(1,k) = 504 / 576; alpha of interval data 1 - 4 / (80 / 6)."""
    return {
        "code": code,
        "label": label,
        "intraclass": {
            "subjects": 2,
            "raters": 2,
            "left_out": 0,
            "mcgraw_wong": {"ICC(A,1)": "0.8000", "ICC(A,k)": "0.8889", "ICC(C,1)": "1.0000", "ICC(C,k)": "1.0000"},
            "shrout_fleiss": {
                "ICC(1,1)": "0.7778",
                "ICC(2,1)": "0.8000",
                "ICC(3,1)": "1.0000",
                "ICC(1,2)": "0.8750",
                "ICC(2,2)": "0.8889",
                "ICC(3,2)": "1.0000",
            },
        },
        "alpha": {"nominal": "0.0000", "ordinal": "0.7000", "interval": "0.7000", "ratio": "0.5580"},
        "concordance": {"w": "1.0000", "chi_square": "2.0000", "df": 1},
    }


def assessor(who, severity):
    return {"assessor": who, "marks": 2, "compared": 2, "severity": severity, "spread": "1.0000", "odd": 0}


def method(label, source, first, second):
    rows = [{"id": "n1", "value": first, "rank": 1}, {"id": "n2", "value": second, "rank": 2}]
    return {"label": label, "note": "", "source": source, "rows": rows}


def test_the_whole_document_of_a_small_contest():
    """70 against 30 of a, 50 against 0 of b: whoever weighs them, the first stays first, and a zero has no product and no CPI."""
    document = pair()
    analysis = analyse(document)
    saw, zero = "Fishburn (1967); Hwang & Yoon (1981)", {"note": "", "reason": "nilai n2 pada B adalah nol"}
    assert account(analysis) == {
        "format": "sipetruk-analysis/1",
        "disclaimer": DISCLAIMER,
        "seed": document["input_sha256"],
        "panel": ["a1", "a2"],
        "winners": 1,
        "nominees": [{"id": "n1", "rank": 1}, {"id": "n2", "rank": 2}],
        "verdict": {
            "word": "kokoh",
            "sentences": [
                "Tidak ada perubahan satu bobot komponen yang mengubah pemenang.",
                "Pemenang berada di peringkat pertama pada 100 % dari 10.000 susunan bobot acak.",
                "Tanpa salah satu penilai pemenang tetap pertama (2 kali dihitung ulang).",
                "Tanpa salah satu calon lain pemenang tetap pertama (2 kali dihitung ulang).",
            ],
            "rule": RULE,
        },
        "weights_source": WEIGHTS,
        "changes": [no_change(code, code.title(), way, w) for code, w in (("a", "0.6000"), ("b", "0.4000")) for way in ("up", "down")],
        "criterion_changes": [
            no_change(code, code.title(), way, w) for code, w in (("x", "0.6000"), ("z", "0.4000")) for way in ("up", "down")
        ],
        "award_changes": [],
        "acceptability": {
            "draws": 10_000,
            "rows": [{"id": "n1", "shares": ["1.0000", "0.0000"]}, {"id": "n2", "shares": ["0.0000", "1.0000"]}],
        },
        "without_assessors": [without("a1", "n1", lowered_to=1), without("a2", "n1", lowered_to=1)],
        "without_nominees": [without("n1", "n2", lowered_to=None), without("n2", "n1", lowered_to=None)],
        "agreement_on_totals": agreement("", "Nilai akhir menurut tiap penilai"),
        "agreement": [agreement("x", "X")],
        "severity": {
            "rule": analysis.severity.rule,
            "assessors": [assessor("a1", "10.0000"), assessor("a2", "-10.0000")],
            "odd_marks": [],
        },
        "methods": [
            method("SAW, normalisasi rasio (maks/min)", saw, "1.0000", "0.2571"),
            method("SAW, normalisasi maksimum", saw, "1.0000", "0.2571"),
            method("SAW, normalisasi min-maks", saw, "1.0000", "0.0000"),
            method("SAW, normalisasi jumlah", saw, "0.8200", "0.1800"),
            method("SAW, normalisasi vektor", saw, "0.9515", "0.2364"),
            {"label": "WP (Weighted Product)", **zero},
            {"label": "WPM (Weighted Product Model)", **zero},
            method("TOPSIS", "Hwang & Yoon (1981)", "1.0000", "0.0000"),
            method("MOORA", "Brauers & Zavadskas (2006)", "0.9515", "0.2364"),
            {"label": "CPI (Composite Performance Index)", **zero},
            {**method("Profile matching", "Kusrini (2007)", "3.6000", "1.6000"), "note": PROFILE_NOTE},
        ],
    }


def test_a_change_that_matters_has_its_new_weight_and_who_comes_first():
    """n2 has 75 of a and 90 of b, n1 77.5 and 50: equal where 2.5 w = 40 (1 - w), so w = 16/17 = 94.12 %."""
    found = account(analyse(three()))
    assert found["changes"][0] == {
        "code": "a",
        "label": "A",
        "direction": "up",
        "weight": "0.6000",
        "new_weight": "0.9412",
        "challengers": ["n1"],
        "message": "Pemenang tetap pertama sampai bobot A naik 56,9 % (dari 60 % menjadi 94,1 %).",
    }
    assert found["changes"][3]["new_weight"] == "0.0588"
    assert found["acceptability"]["rows"] == [{"id": "n2", "shares": ["0.9391", "0.0609"]}, {"id": "n1", "shares": ["0.0609", "0.9391"]}]
    assert found["nominees"] == [{"id": "n2", "rank": 1}, {"id": "n1", "rank": 2}, {"id": "n3", "rank": None}]
    assert (found["panel"], found["winners"]) == (["a1", "a2", "a3"], 3)


def test_who_moves_without_an_assessor_is_counted_and_several_may_win():
    """Without a2 nobody lacks a mark any more: n3 gets a place, which is the one that moves."""
    second = account(analyse(three()))["without_assessors"][1]
    assert second == {
        "removed": "a2",
        "first": ["n2"],
        "winners": ["n2", "n1", "n3"],
        "first_changes": False,
        "winners_change": None,
        "moved": 1,
        "lowered_to": 1,
        "failure": None,
    }


def test_an_odd_mark_stands_with_what_the_others_gave():
    severity = account(analyse(three()))["severity"]
    assert [(each["assessor"], each["marks"], each["severity"], each["spread"], each["odd"]) for each in severity["assessors"]] == [
        ("a1", 6, "13.6111", "1.2693", 1),
        ("a2", 5, "2.3333", "1.0635", 0),
        ("a3", 5, "-18.6667", "0.5079", 2),
    ]
    assert severity["odd_marks"] == [
        {"assessor": "a1", "nominee": "n2", "criterion": "y", "mark": "100.0000", "others": "25.0000", "distance": "75.0000"},
        {"assessor": "a3", "nominee": "n2", "criterion": "x", "mark": "50.0000", "others": "100.0000", "distance": "-50.0000"},
        {"assessor": "a3", "nominee": "n1", "criterion": "x", "mark": "40.0000", "others": "85.0000", "distance": "-40.0000"},
    ]


def test_a_round_without_nominees_gives_a_reason_for_everything():
    found = account(analyse(sealed()))
    nothing = {"intraclass": TOO_FEW, "alpha": dict.fromkeys(LEVELS, NO_PAIRS), "concordance": TOO_FEW}
    assert found["verdict"] == {
        "word": "tidak dapat dihitung",
        "sentences": ["Tidak dapat dihitung: kurang dari dua calon berperingkat."],
        "rule": RULE,
    }
    assert found["acceptability"] == {"reason": "kurang dari dua calon berperingkat"}
    assert found["agreement_on_totals"] == {"code": "", "label": "Nilai akhir menurut tiap penilai", **nothing}
    assert found["agreement"] == [{"code": code, "label": code.title(), **nothing} for code in ("x", "y")]
    assert found["without_assessors"][0] == {
        "removed": "a1",
        "first": [],
        "winners": [],
        "first_changes": False,
        "winners_change": False,
        "moved": 0,
        "lowered_to": 1,
        "failure": "tidak ada calon yang berperingkat",
    }
    assert found["severity"]["assessors"][0] == {
        "assessor": "a1",
        "marks": 0,
        "compared": 0,
        "severity": {"reason": "tidak ada calon yang dinilai bersama penilai lain"},
        "spread": {"reason": "kurang dari dua nilai pada setiap kriteria, atau semua nilai tim sama"},
        "odd": 0,
    }
    assert found["methods"][0] == {
        "label": "SAW, normalisasi rasio (maks/min)",
        "note": "",
        "reason": "tidak ada alternatif atau kriteria",
    }
    assert [found[key] for key in ("nominees", "changes", "criterion_changes", "award_changes", "without_nominees")] == [[]] * 5


def test_of_many_places_the_first_ten_are_kept():
    people = [
        nominee(f"n{at:02}", {"x": dict.fromkeys(("a1", "a2", "a3"), at), "y": dict.fromkeys(("a1", "a2", "a3"), 1)}, values={"z": "5"})
        for at in range(12)
    ]
    rows = account(analyse(sealed(*people)))["acceptability"]["rows"]
    assert (len(rows), {len(row["shares"]) for row in rows}, PLACES_SHOWN) == (12, {10}, 10)
    assert rows[0] == {"id": "n11", "shares": ["1.0000", *["0.0000"] * 9]}
    assert rows[-1] == {"id": "n00", "shares": ["0.0000"] * 10}


def test_what_changes_the_set_of_winners_is_told_where_several_win():
    found = account(analyse(GOLDEN))
    assert found["winners"] == 2
    assert [change["code"] for change in found["award_changes"]] == [change["code"] for change in found["changes"]]
    assert {change["direction"] for change in found["award_changes"]} == {"up", "down"}


@pytest.mark.parametrize("document", [GOLDEN, three(), pair(), pair("9"), sealed()], ids=["2024", "three", "zero", "pair", "nobody"])
def test_a_document_can_be_stored_and_read_back_the_same(document):
    found = account(analyse(document))
    field = DocumentField()
    assert field.python_value(field.db_value(found)) == json.loads(json.dumps(found)) == found
    assert seal.canonical(found)
    assert list(found) == [
        "format",
        "disclaimer",
        "seed",
        "panel",
        "winners",
        "nominees",
        "verdict",
        "weights_source",
        "changes",
        "criterion_changes",
        "award_changes",
        "acceptability",
        "without_assessors",
        "without_nominees",
        "agreement_on_totals",
        "agreement",
        "severity",
        "methods",
    ]
    assert found["format"] == FORMAT
