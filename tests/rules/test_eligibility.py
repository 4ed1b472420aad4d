"""Eligibility: every rule passes, fails and is unknown, and says what it saw."""

from datetime import date
from itertools import pairwise

import pytest

from sipetruk.errors import Invalid
from sipetruk.rules import eligibility
from sipetruk.rules.eligibility import Facts, SanctionFact
from tests.rules.building import problems

TODAY = date(2024, 7, 1)
LEVELS = {"levels": ["R", "S", "B"]}
LIGHT = SanctionFact("R", date(2020, 7, 1), date(2020, 12, 31))
SERVED = SanctionFact("S", date(2023, 1, 1), date(2023, 12, 31))
SERVING = SanctionFact("B", date(2024, 1, 1), date(2024, 7, 1))
OPEN = SanctionFact("S", date(2024, 1, 1))


def outcome(facts, fact, operator, value):
    rule = eligibility.parse_rule({"fact": fact, "operator": operator, "value": value})
    assert eligibility.parse_rule(rule.to_dict()) == rule
    (found,) = eligibility.check([rule], facts, TODAY)
    return found.status, found.seen


GRADES = {"PNS": {"from": "III/a", "to": "IV/b"}}


@pytest.mark.parametrize(
    ("fact", "operator", "value", "facts", "expected"),
    [
        ("kind", "in", ["PNS", "PPPK"], Facts(kind="PPPK"), ("passed", "PPPK")),
        ("kind", "in", ["PNS"], Facts(kind="PPPK"), ("failed", "PPPK")),
        ("kind", "in", ["PNS"], Facts(), ("unknown", "belum tercatat")),
        ("position_type", "not_in", ["1"], Facts(position_type="2"), ("passed", "Fungsional tertentu")),
        ("echelon", "in", ["31", "32", "41", "42", "99"], Facts(echelon="22"), ("failed", "II.b")),
        ("echelon", "not_in", ["21", "22"], Facts(echelon="99"), ("passed", "Non-eselon")),
        ("grade", "between", GRADES, Facts(kind="PNS", grade="IV/b"), ("passed", "IV/b")),
        ("grade", "between", GRADES, Facts(kind="PNS", grade="II/d"), ("failed", "II/d")),
        ("grade", "between", GRADES, Facts(kind="PPPK", grade="IX"), ("unknown", "IX, tanpa batas bagi PPPK")),
        ("grade", "between", GRADES, Facts(kind="PNS", grade="IX"), ("unknown", "IX")),
        ("age", "at_most", 50, Facts(born_on=date(1973, 7, 2)), ("passed", "50 tahun")),
        ("age", "at_most", 50, Facts(born_on=date(1973, 7, 1)), ("failed", "51 tahun")),
        ("service_years", "at_least", 5, Facts(appointed_on=date(2019, 7, 1)), ("passed", "5 tahun")),
        ("service_years", "at_least", 5, Facts(appointed_on=date(2019, 7, 2)), ("failed", "4 tahun")),
        ("service_years", "at_least", 5, Facts(), ("unknown", "belum tercatat")),
        ("legal_status", "in", ["01"], Facts(legal_status="02"), ("failed", "CLTN")),
        ("award_within", "none", 2, Facts(award_years=(2021,)), ("passed", "tidak ada")),
        ("award_within", "none", 2, Facts(award_years=(2022, 2024)), ("failed", "2022, 2024")),
        ("award_within", "none", 2, Facts(), ("unknown", "belum tercatat")),
        ("award_within", "none", 2, Facts(award_years=(), similar_awards=((2021, "ASN Teladan"),)), ("passed", "tidak ada")),
        ("award_within", "none", 2, Facts(award_years=(2023,), similar_awards=((2023, "ASN Teladan"),)), ("failed", "2023")),
        (
            "award_within",
            "none",
            2,
            Facts(award_years=(2020,), similar_awards=((2024, "ASN Teladan"), (2022, "Juara Inovasi"))),
            ("unknown", "“Juara Inovasi” 2022, “ASN Teladan” 2024 pada register penghargaan; pastikan apakah ini penghargaan yang sama"),
        ),
        ("unit_quota", "at_most", 2, Facts(unit_nominations=2), ("passed", "2 usulan")),
        ("unit_quota", "at_most", 2, Facts(unit_nominations=3), ("failed", "3 usulan")),
        ("under_examination", "none", None, Facts(under_examination=False), ("passed", "tidak ada")),
        ("under_examination", "none", None, Facts(under_examination=True), ("failed", "sedang diperiksa")),
        ("under_examination", "none", None, Facts(), ("unknown", "belum tercatat")),
    ],
)
def test_simple_facts(fact, operator, value, facts, expected):
    assert outcome(facts, fact, operator, value) == expected


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ({2022: "BAIK", 2023: "SANGAT BAIK"}, ("passed", "2022 BAIK, 2023 SANGAT BAIK")),
        ({2022: "BAIK", 2023: "KURANG"}, ("failed", "2022 BAIK, 2023 KURANG")),
        ({2023: "BAIK"}, ("unknown", "2022 belum tercatat, 2023 BAIK")),
        ({2023: "KURANG"}, ("failed", "2022 belum tercatat, 2023 KURANG")),
        ({2024: "KURANG", 2022: "BAIK", 2023: "BAIK"}, ("passed", "2022 BAIK, 2023 BAIK")),
    ],
)
def test_the_predicate_of_the_last_closed_years(found, expected):
    assert outcome(Facts(predicates=found), "predicate", "at_least", {"years": 2, "predicate": "BAIK"}) == expected


@pytest.mark.parametrize(
    ("sanctions", "ever", "within", "serving"),
    [
        (None, "unknown", "unknown", "unknown"),
        ((), "passed", "passed", "passed"),
        ((LIGHT,), "failed", "passed", "passed"),
        ((LIGHT, SERVED), "failed", "failed", "passed"),
        ((SERVING,), "failed", "failed", "failed"),
        ((OPEN,), "failed", "failed", "unknown"),
        ((OPEN, SERVING), "failed", "failed", "failed"),
    ],
)
def test_four_different_facts_about_sanctions(sanctions, ever, within, serving):
    facts = Facts(sanctions=sanctions)
    assert outcome(facts, "sanction_ever", "none", LEVELS)[0] == ever
    assert outcome(facts, "sanction_within", "none", {**LEVELS, "years": 2})[0] == within
    assert outcome(facts, "sanction_serving", "none", LEVELS)[0] == serving


def test_a_sanction_of_another_level_does_not_count():
    assert outcome(Facts(sanctions=(LIGHT,)), "sanction_ever", "none", {"levels": ["S", "B"]}) == ("passed", "tidak ada")
    seen = outcome(Facts(sanctions=(SERVED, LIGHT)), "sanction_ever", "none", LEVELS)[1]
    assert seen == "ringan sejak 1 Juli 2020, sedang sejak 1 Januari 2023"


def test_attendance_over_the_named_months():
    rule = {"months": ["2024-04", "2024-05"], "percent": 95}
    assert outcome(Facts(attendance={(2024, 4): 9500, (2024, 5): 9500}), "attendance", "at_least", rule) == ("passed", "95,00 %")
    assert outcome(Facts(attendance={(2024, 4): 9500, (2024, 5): 9499}), "attendance", "at_least", rule)[0] == "failed"
    assert outcome(Facts(attendance={(2024, 4): 9500}), "attendance", "at_least", rule) == ("unknown", "belum ada data 2024-05")


def test_a_rule_blocks_or_warns_and_names_itself_and_what_it_saw():
    rules = eligibility.parse_rules(
        [
            {"fact": "age", "operator": "at_most", "value": 45},
            {"fact": "age", "operator": "at_most", "value": 45, "effect": "warn", "message": "Usia di atas 45 tahun."},
            {"fact": "age", "operator": "at_most", "value": 50},
            {"fact": "service_years", "operator": "at_least", "value": 5},
        ]
    )
    found = eligibility.check(rules, Facts(born_on=date(1976, 1, 1)), TODAY)
    assert [(each.status, each.blocks, each.message) for each in found] == [
        ("failed", True, "Tidak memenuhi syarat: Usia paling banyak 45 tahun (tercatat: 48 tahun)."),
        ("failed", False, "Usia di atas 45 tahun."),
        ("passed", False, "Memenuhi syarat: Usia paling banyak 50 tahun (tercatat: 48 tahun)."),
        ("unknown", False, "Belum dapat dipastikan: Masa kerja paling sedikit 5 tahun (tercatat: belum tercatat)."),
    ]


def test_every_fact_can_be_unknown():
    values = {
        "kind": ["PNS"],
        "position_type": ["1"],
        "echelon": ["99"],
        "grade": GRADES,
        "age": 50,
        "service_years": 5,
        "legal_status": ["01"],
        "predicate": {"years": 2, "predicate": "BAIK"},
        "sanction_ever": LEVELS,
        "sanction_within": {**LEVELS, "years": 2},
        "sanction_serving": LEVELS,
        "under_examination": None,
        "attendance": {"months": ["2024-04"], "percent": 95},
        "award_within": 2,
        "unit_quota": 1,
    }
    assert values.keys() == eligibility.RULES.keys()
    for fact, value in values.items():
        for operator in eligibility.RULES[fact].operators:
            assert outcome(Facts(), fact, operator, value)[0] == "unknown"
            assert eligibility.parse_rule({"fact": fact, "operator": operator, "value": value}).describe()


def test_a_rule_that_makes_no_sense_is_refused_at_its_place():
    with pytest.raises(Invalid) as refusal:
        eligibility.parse_rules(
            [
                {"fact": "horoscope", "operator": "in", "value": []},
                {"fact": "age", "operator": "in", "value": "50"},
                {"fact": "kind", "operator": "in", "value": ["CPNS"], "extra": 1},
                {"fact": "echelon", "operator": "in", "value": []},
                {"fact": "grade", "operator": "between", "value": {"PNS": {"from": "IV/a", "to": "III/a"}}},
                {"fact": "grade", "operator": "between", "value": {}},
                {"fact": "attendance", "operator": "at_least", "value": {"months": [], "percent": "101"}},
                {"fact": "under_examination", "operator": "none", "value": True, "effect": "ban"},
                {"fact": "sanction_ever", "operator": "none", "value": {"levels": ["X"]}},
            ]
        )
    assert [path for path, _ in problems(refusal)] == [
        ("eligibility", "0", "fact"),
        ("eligibility", "1", "operator"),
        ("eligibility", "1", "value"),
        ("eligibility", "2", "value"),
        ("eligibility", "2", "extra"),
        ("eligibility", "3", "value"),
        ("eligibility", "4", "value", "PNS", "to"),
        ("eligibility", "5", "value"),
        ("eligibility", "6", "value", "months"),
        ("eligibility", "6", "value", "percent"),
        ("eligibility", "7", "value"),
        ("eligibility", "7", "effect"),
        ("eligibility", "8", "value", "levels"),
    ]
    with pytest.raises(Invalid):
        eligibility.parse_rules("semua boleh")
    assert eligibility.parse_rules(None) == ()


def test_grades_stand_in_order():
    grades = eligibility.values.GRADES
    assert (len(grades["PNS"]), grades["PNS"][0], grades["PNS"][-1], len(grades["PPPK"])) == (17, "I/a", "IV/e", 17)
    assert ("II/d", "III/a") in list(pairwise(grades["PNS"]))


def test_an_unknown_fact_names_its_row():
    with pytest.raises(Invalid) as refusal:
        eligibility.parse_rules([{"fact": "age", "operator": "at_most", "value": 50}, {"fact": "zodiak", "operator": "in", "value": []}])
    assert problems(refusal) == [(("eligibility", "1", "fact"), "Syarat nomor 2 memakai fakta yang tidak dikenal: “zodiak”.")]
    for nothing in (None, ""):
        with pytest.raises(Invalid) as refusal:
            eligibility.parse_rule({"fact": nothing})
        assert problems(refusal) == [(("eligibility", "0", "fact"), "Syarat nomor 1 memakai fakta yang tidak dikenal: “”.")]
    stored = [{"fact": "age"}, {"fact": "zodiak"}, {}, "x"]
    assert eligibility.unknown_facts(stored) == ((2, "zodiak"), (3, "NoneType"), (4, "NoneType"))


def test_an_outcome_says_where_its_value_is_recorded():
    rules = eligibility.parse_rules(
        [
            {"fact": "service_years", "operator": "at_least", "value": 5},
            {"fact": "sanction_ever", "operator": "none", "value": LEVELS},
        ]
    )
    known = eligibility.check(rules, Facts(appointed_on=date(2015, 3, 1), sanctions=()), TODAY)
    assert [each.source for each in known] == ["Data pegawai: TMT pengangkatan 1 Maret 2015", "Register hukuman disiplin"]
    assert [each.source for each in eligibility.check(rules, Facts(), TODAY)] == [
        "Data pegawai: TMT pengangkatan",
        "Register hukuman disiplin",
    ]


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ((), "passed"),
        ((("block", "passed"), ("warn", "failed"), ("warn", "unknown")), "passed"),
        ((("block", "passed"), ("block", "unknown")), "unknown"),
        ((("block", "failed"), ("block", "unknown")), "failed"),
    ],
)
def test_what_the_blocking_rules_say_together(statuses, expected):
    judged = [(eligibility.Rule("age", "at_most", 50, effect), status) for effect, status in statuses]
    assert eligibility.overall(judged) == expected


def test_only_the_months_of_attendance_move_with_the_year():
    documents = [
        {"fact": "attendance", "operator": "at_least", "value": {"months": ["2023-12", "2024-01"], "percent": 95}},
        {"fact": "predicate", "operator": "at_least", "value": {"years": 2, "predicate": "BAIK"}},
    ]
    rules = eligibility.parse_rules(documents)
    moved = eligibility.shift_years(rules, 1)
    assert moved[0].value == {"months": ["2024-12", "2025-01"], "percent": 95}
    assert moved[1] == rules[1]
    assert eligibility.shift_years(moved, -1) == rules
    with pytest.raises(Invalid) as refusal:
        eligibility.shift_years(rules, 8_000)
    assert problems(refusal) == [(("year",), "Bulan pada syarat kehadiran tidak dapat dipindah sejauh itu; pilih tahun lain.")]


# Values ------------------------------------------------------------------------------------------------------------

MONTHS = [f"20{year:02}-{month:02}" for year in range(10) for month in range(1, 13)]
SHORT = "Harus berupa teks pendek."
LEVEL = "Pilih tingkat R, S atau B."
MONTH = "Tulis bulan seperti 2024-04."


@pytest.mark.parametrize(
    ("fact", "operator", "value", "words"),
    [
        ("kind", "in", ["PPPK", "PNS"], "Jenis ASN salah satu dari PNS, PPPK"),
        ("kind", "in", ["PNS"], "Jenis ASN harus PNS"),
        ("position_type", "not_in", ["1"], "Jenis jabatan bukan Struktural"),
        ("position_type", "not_in", ["1", "3"], "Jenis jabatan bukan salah satu dari Struktural, Rangkap"),
        ("grade", "between", GRADES, "Golongan dalam rentang PNS III/a sampai IV/b"),
        (
            "grade",
            "between",
            {"PNS": {"from": "I/a", "to": "I/a"}, "PPPK": {"from": "V", "to": "IX"}},
            "Golongan dalam rentang PNS I/a sampai I/a; PPPK V sampai IX",
        ),
        ("age", "at_most", 15, "Usia paling banyak 15 tahun"),
        ("age", "at_least", 70, "Usia paling sedikit 70 tahun"),
        ("service_years", "at_least", 0, "Masa kerja paling sedikit 0 tahun"),
        ("service_years", "at_most", 50, "Masa kerja paling banyak 50 tahun"),
        ("predicate", "at_least", {"years": 1, "predicate": "BAIK"}, "Predikat kinerja paling sedikit BAIK dalam 1 tahun terakhir"),
        ("predicate", "at_least", {"years": 10, "predicate": "BAIK"}, "Predikat kinerja paling sedikit BAIK dalam 10 tahun terakhir"),
        ("sanction_ever", "none", {"levels": ["B", "S"]}, "Hukuman disiplin yang pernah dijatuhkan tidak ada (tingkat sedang, berat)"),
        ("sanction_serving", "none", {}, "Hukuman disiplin yang sedang dijalani tidak ada (tingkat ringan, sedang, berat)"),
        ("sanction_within", "none", {"years": 1}, "Hukuman disiplin tidak ada dalam 1 tahun terakhir (tingkat ringan, sedang, berat)"),
        ("sanction_within", "none", {"years": 40, "levels": ["B"]}, "Hukuman disiplin tidak ada dalam 40 tahun terakhir (tingkat berat)"),
        ("under_examination", "none", None, "Pemeriksaan disiplin tidak ada"),
        (
            "attendance",
            "at_least",
            {"months": ["2024-05", "2024-04"], "percent": "97.5"},
            "Kehadiran paling sedikit 97,5 % pada 2024-04, 2024-05",
        ),
        ("attendance", "at_least", {"months": ["2024-04"], "percent": 100}, "Kehadiran paling sedikit 100 % pada 2024-04"),
        ("attendance", "at_least", {"months": MONTHS, "percent": 0}, f"Kehadiran paling sedikit 0 % pada {', '.join(MONTHS)}"),
    ],
)
def test_a_rule_in_one_line(fact, operator, value, words):
    rule = eligibility.parse_rule({"fact": fact, "operator": operator, "value": value})
    assert rule.describe() == words
    assert eligibility.parse_rule(rule.to_dict()) == rule


@pytest.mark.parametrize(
    ("fact", "operator", "value", "place", "message"),
    [
        ("kind", "in", [], (), "Pilih sedikitnya satu."),
        ("kind", "in", "PNS", (), "Harus berupa daftar."),
        ("kind", "in", ["PNS", "CPNS"], (), "Pilih hanya dari: PNS, PPPK."),
        ("grade", "between", {"PNS": {"from": "III/b", "to": "III/a"}}, ("PNS", "to"), "Batas tertinggi berada di bawah batas terendah."),
        ("grade", "between", {}, (), "Isi batas bagi PNS atau PPPK."),
        ("age", "at_most", 14, (), "Harus antara 15 dan 70."),
        ("age", "at_most", 71, (), "Harus antara 15 dan 70."),
        ("age", "at_most", None, (), "Wajib diisi."),
        ("service_years", "at_least", -1, (), "Harus antara 0 dan 50."),
        ("service_years", "at_least", 51, (), "Harus antara 0 dan 50."),
        ("predicate", "at_least", {"years": 0, "predicate": "BAIK"}, ("years",), "Harus antara 1 dan 10."),
        ("predicate", "at_least", {"years": 11, "predicate": "BAIK"}, ("years",), "Harus antara 1 dan 10."),
        ("sanction_ever", "none", {"levels": []}, ("levels",), LEVEL),
        ("sanction_ever", "none", {"levels": ["S", "X"]}, ("levels",), LEVEL),
        ("sanction_within", "none", {"years": 0}, ("years",), "Harus antara 1 dan 40."),
        ("sanction_within", "none", {"years": 41}, ("years",), "Harus antara 1 dan 40."),
        ("under_examination", "none", 0, (), "Syarat ini tidak memerlukan nilai."),
        ("attendance", "at_least", {"months": [], "percent": 95}, ("months",), MONTH),
        ("attendance", "at_least", {"months": ["2024-04", "2024-1"], "percent": 95}, ("months",), MONTH),
        ("attendance", "at_least", {"months": ["2024-04"], "percent": 101}, ("percent",), "Harus antara 0 dan 100."),
        ("attendance", "at_least", {"months": ["2024-04"], "percent": -1}, ("percent",), "Harus antara 0 dan 100."),
    ],
)
def test_a_value_that_does_not_fit_is_refused_with_its_reason(fact, operator, value, place, message):
    with pytest.raises(Invalid) as refusal:
        eligibility.parse_rule({"fact": fact, "operator": operator, "value": value})
    assert problems(refusal) == [(("eligibility", "0", "value", *place), message)]


def test_months_of_a_rule_are_short_and_at_most_ten_years():
    def refused(months):
        with pytest.raises(Invalid) as refusal:
            eligibility.parse_rule({"fact": "attendance", "operator": "at_least", "value": {"months": months, "percent": 95}})
        return problems(refusal)

    place = ("eligibility", "0", "value", "months")
    assert refused(["2024-040"]) == [((*place, "0"), SHORT), (place, MONTH)]
    assert refused([*MONTHS, "2010-01"]) == [(place, "Paling banyak 120 isian."), (place, MONTH)]


def test_levels_that_are_left_out_or_null_are_all():
    for levels in ({}, {"levels": None}):
        assert eligibility.parse_rule({"fact": "sanction_ever", "value": levels}).value == LEVELS


def test_an_operator_may_be_left_out_where_there_is_one_and_words_are_at_most_500():
    assert eligibility.parse_rule({"fact": "kind", "value": ["PNS"], "message": "a" * 500}).operator == "in"
    with pytest.raises(Invalid) as refusal:
        eligibility.parse_rule({"fact": "age", "value": 50, "message": "a" * 501})
    assert problems(refusal) == [
        (("eligibility", "0", "operator"), "Pilih salah satu: at_most, at_least."),
        (("eligibility", "0", "message"), "Paling banyak 500 karakter."),
    ]
    with pytest.raises(Invalid) as refusal:
        eligibility.parse_rule({"fact": "age", "operator": "at_most", "value": 50, "message": 7})
    assert problems(refusal) == [(("eligibility", "0", "message"), "Harus berupa teks biasa.")]


@pytest.mark.parametrize(
    ("fact", "operator", "value", "facts", "expected"),
    [
        ("age", "at_least", 50, Facts(born_on=date(1974, 7, 1)), ("passed", "50 tahun")),
        ("age", "at_least", 50, Facts(born_on=date(1974, 7, 2)), ("failed", "49 tahun")),
        ("echelon", "in", ["22"], Facts(echelon="77"), ("failed", "77")),
        ("grade", "between", GRADES, Facts(kind="PNS"), ("unknown", "belum tercatat")),
        ("grade", "between", GRADES, Facts(grade="III/a"), ("unknown", "belum tercatat")),
        ("grade", "between", GRADES, Facts(kind="PNS", grade="III/a"), ("passed", "III/a")),
        ("grade", "between", GRADES, Facts(kind="CPNS", grade="III/a"), ("unknown", "III/a, tanpa batas bagi CPNS")),
        (
            "sanction_within",
            "none",
            {"years": 2, "levels": ["R"]},
            Facts(sanctions=(SanctionFact("R", date(2022, 7, 1)),)),
            ("passed", "tidak ada"),
        ),
        (
            "sanction_within",
            "none",
            {"years": 2, "levels": ["R"]},
            Facts(sanctions=(SanctionFact("R", date(2022, 7, 2)),)),
            ("failed", "ringan sejak 2 Juli 2022"),
        ),
        ("sanction_serving", "none", LEVELS, Facts(sanctions=(OPEN,)), ("unknown", "akhir hukuman belum tercatat")),
        (
            "sanction_serving",
            "none",
            LEVELS,
            Facts(sanctions=(SanctionFact("R", TODAY, TODAY),)),
            ("failed", "ringan sejak 1 Juli 2024"),
        ),
        ("sanction_serving", "none", LEVELS, Facts(sanctions=(SanctionFact("R", TODAY),)), ("unknown", "akhir hukuman belum tercatat")),
        ("sanction_serving", "none", LEVELS, Facts(sanctions=(SanctionFact("R", date(2024, 7, 2)),)), ("passed", "tidak ada")),
        (
            "sanction_serving",
            "none",
            LEVELS,
            Facts(sanctions=(SERVING, SERVED, SanctionFact("S", date(2024, 7, 2), date(2024, 8, 1)))),
            ("failed", "berat sejak 1 Januari 2024"),
        ),
        ("sanction_serving", "none", {"levels": ["S"]}, Facts(sanctions=(SERVING,)), ("passed", "tidak ada")),
        (
            "attendance",
            "at_least",
            {"months": ["2024-04", "2024-05", "2024-06"], "percent": 95},
            Facts(attendance={(2024, 5): 9500}),
            ("unknown", "belum ada data 2024-04, 2024-06"),
        ),
    ],
)
def test_edges_of_the_facts(fact, operator, value, facts, expected):
    assert outcome(facts, fact, operator, value) == expected


def test_a_category_has_so_many_rules_at_most():
    rule = {"fact": "service_years", "operator": "at_least", "value": 2, "effect": "block", "message": ""}
    assert len(eligibility.parse_rules([rule] * eligibility.MOST_RULES)) == 40
    with pytest.raises(Invalid) as refused:
        eligibility.parse_rules([rule] * 41)
    assert [problem.message for problem in refused.value.problems] == ["Paling banyak 40 isian."]
