"""Last round's marks under another instrument: only what matches counts, nothing is stretched, nothing becomes official."""

from fractions import Fraction

import pytest

from sipetruk.errors import Invalid
from sipetruk.rules import instrument, seal
from sipetruk.rules.backtest import backtest
from tests.rules.building import component, criterion, definition, inputs, nominee, problems

HADIR = {"kind": "percentage", "max": 30}


def old():
    """Gagasan 40 and dampak 30 by assessors, hadir 30 from data."""
    return definition(
        component("inovasi", criterion("gagasan", 40), criterion("dampak", 30)),
        component("disiplin", criterion("hadir", HADIR, "unit")),
    )


def finished(quota=None, winners=1):
    """ani 30 + 10 + 27 = 67, budi 20 + 30 + 15 = 65, citra 10 + 10 + 30 = 50."""
    people = [
        nominee("ani", {"gagasan": {"a1": 30}, "dampak": {"a1": 10}}, values={"hadir": "90"}),
        nominee("budi", {"gagasan": {"a1": 20}, "dampak": {"a1": 30}}, values={"hadir": "50"}),
        nominee("citra", {"gagasan": {"a1": 10}, "dampak": {"a1": 10}}, values={"hadir": "100"}),
    ]
    sealed = seal.compute(inputs(old(), people, winners=winners, quota=quota))
    return sealed.inputs, sealed.result


def rows(found):
    return [(row.id, row.old_rank, row.old_score, row.new_rank, row.new_score, row.change) for row in found.rows]


def test_the_same_instrument_gives_the_same_ranks():
    found = backtest(old(), *finished())
    assert rows(found) == [
        ("ani", 1, "67.00", 1, "67.00", 0), ("budi", 2, "65.00", 2, "65.00", 0), ("citra", 3, "50.00", 3, "50.00", 0),
    ]  # fmt: skip
    assert (found.coverage, found.unmatched, found.gone, found.left_out) == (100, (), (), ())
    assert (found.winners_before, found.winners_after) == (("ani",), ("ani",))


def test_a_criterion_without_data_adds_nothing_and_stretches_nothing():
    """Attendance twice as heavy and a new criterion of 10: ani 15 x 0 ... only gagasan (30) and hadir (60) of 100 have data."""
    new = definition(
        component("inovasi", criterion("gagasan", 40), criterion("baru", 10)),
        component("disiplin", criterion("hadir", {"kind": "percentage", "max": 50}, "unit")),
    )
    found = backtest(new, *finished())
    # ani 30 + 45 = 75, budi 20 + 25 = 45, citra 10 + 50 = 60
    assert rows(found) == [
        ("ani", 1, "67.00", 1, "75.00", 0), ("citra", 3, "50.00", 2, "60.00", 1), ("budi", 2, "65.00", 3, "45.00", -1),
    ]  # fmt: skip
    assert found.coverage == 90
    assert [(each.code, each.share, each.why_not) for each in found.unmatched] == [
        ("baru", 10, "Tidak ada kriteria dengan kode ini pada putaran itu.")
    ]
    assert [(each.code, each.share, each.note) for each in found.matched] == [
        ("gagasan", 40, ""),
        ("hadir", 50, "Skala berbeda; dahulu Persentase; 100 persen bernilai 30 poin, kini Persentase; 100 persen bernilai 50 poin."),
    ]
    assert [each.label for each in found.matched + found.unmatched] == ["Gagasan", "Hadir", "Baru"]
    assert found.gone == ("Dampak",)


def test_a_mean_of_components_keeps_its_divisor_where_a_component_has_no_data():
    """Half of 100 per component: ani (75 + 0) / 2."""
    new = definition(
        component("inovasi", criterion("gagasan", 100)), component("baru", criterion("lain", 100)), combine="mean_of_components"
    )
    found = backtest(new, *finished())
    assert [(row.id, row.new_score) for row in found.rows] == [("ani", "15.00"), ("budi", "10.00"), ("citra", "5.00")]
    assert found.coverage == 50


def test_a_weighted_component_keeps_the_shares_of_its_criteria():
    """Gagasan is 40 of 80 points of a component of 60 %: 30 points are 30/80 x 60 = 22.5."""
    new = definition(
        component("inovasi", criterion("gagasan", 40), criterion("baru", 40), weight=6000),
        component("disiplin", criterion("hadir", HADIR, "unit"), weight=4000),
        combine="weighted_sum",
    )
    found = backtest(new, *finished())
    # ani 22.5 + 36, budi 15 + 20, citra 7.5 + 40
    assert [(row.id, row.new_score) for row in found.rows] == [("ani", "58.50"), ("citra", "47.50"), ("budi", "35.00")]
    assert found.coverage == Fraction(70)


def test_marks_that_the_new_scale_cannot_read_are_not_guessed():
    new = definition(
        component("inovasi", criterion("gagasan", 25), criterion("dampak", 45)), component("disiplin", criterion("hadir", HADIR))
    )
    found = backtest(new, *finished())
    assert [(each.code, each.why_not) for each in found.unmatched] == [
        ("gagasan", "Nilai “30” tidak dapat dibaca oleh skala yang baru."),
        ("hadir", "Dahulu nilainya diberikan dengan cara lain (tim penilai atau data)."),
    ]
    assert [(row.id, row.new_rank, row.new_score) for row in found.rows] == [
        ("budi", 1, "30.00"),
        ("ani", 2, "10.00"),
        ("citra", 2, "10.00"),
    ]
    assert (found.winners_before, found.winners_after) == (("ani",), ("budi",))


def test_rules_on_components_without_all_their_data_are_left_out_and_named():
    new = definition(
        component("inovasi", criterion("gagasan", 40), criterion("baru", 30)),
        component("disiplin", criterion("hadir", HADIR, "unit")),
        floors=[{"component": "inovasi", "at_least": 35}, {"component": "disiplin", "at_least": 20}],
        tie_chain=[{"by": "component", "code": "inovasi"}, {"by": "criterion", "code": "gagasan"}],
    )
    found = backtest(new, *finished())
    assert found.left_out == ("Penentu nilai sama: Inovasi.", "Batas nilai komponen: Inovasi.")
    assert [(row.id, row.new_status, row.new_rank, row.reasons) for row in found.rows] == [
        ("ani", "RANKED", 1, ()), ("citra", "RANKED", 2, ()), ("budi", "NOT_ELIGIBLE", None, ("Nilai Disiplin 15,00 di bawah batas 20.",)),
    ]  # fmt: skip


def test_too_few_assessors_for_the_new_instrument_is_said_not_hidden():
    found = backtest(instrument.replace_policy(old(), {**old().policy.to_dict(), "min_assessors": 3}), *finished())
    assert [(row.new_status, row.new_score, row.change) for row in found.rows] == [("INCOMPLETE", None, None)] * 3
    assert found.winners_after == ()


def test_nothing_in_common_is_refused():
    with pytest.raises(Invalid) as refused:
        backtest(definition(component("lain", criterion("lain", 100))), *finished())
    assert problems(refused) == [((), "Tidak ada kriteria yang cocok dengan data putaran itu, jadi tidak ada yang dapat diuji ulang.")]


def test_what_was_missing_or_left_to_others_stays_so():
    """budi has no data of attendance and citra only one mark, so neither has a rank before or after."""
    words = criterion("catatan", {"kind": "text", "max_chars": 100}, "unit")
    tree = definition(component("inovasi", criterion("gagasan", 70), words), component("disiplin", criterion("hadir", HADIR, "unit")))
    people = [
        nominee("ani", {"gagasan": {"a1": 30, "a2": "recused"}}, values={"hadir": "90", "catatan": "Baik."}),
        nominee("budi", {"gagasan": {"a1": 20, "a2": 40}}),
        nominee("citra", {"gagasan": {"a1": "abstained", "a2": "not_yet"}}, values={"hadir": "100"}),
    ]
    sealed = seal.compute(inputs(tree, people, panel=("a1", "a2")))
    found = backtest(tree, sealed.inputs, sealed.result)
    assert rows(found) == [
        ("ani", 1, "57.00", 1, "57.00", 0),
        ("budi", None, None, None, None, None),
        ("citra", None, None, None, None, None),
    ]
    assert [(row.new_status, row.reasons) for row in found.rows[1:]] == [
        ("INCOMPLETE", ("Data “Hadir” belum ada.",)),
        ("INCOMPLETE", ("Nilai “Gagasan” belum diberikan oleh 1 penilai.",)),
    ]
    assert ([each.code for each in found.matched], found.unmatched, found.gone) == (["gagasan", "hadir"], (), ())
    alone = backtest(instrument.remove_component(tree, "disiplin"), sealed.inputs, sealed.result)
    assert (alone.gone, [row.new_score for row in alone.rows]) == (("Hadir",), ["30.00", "30.00", None])


def test_the_rules_of_the_category_hold_again():
    """One winner per unit, and places that nothing decides block the award as they would have."""
    found = backtest(old(), *finished(quota=1, winners=2))
    assert (found.winners_before, found.winners_after, found.blocked) == (("ani",), ("ani",), ())
    inputs_, result = finished(quota=1, winners=2)
    inputs_ = {**inputs_, "nominees": [each | {"unit": "lain"} if each["id"] == "citra" else each for each in inputs_["nominees"]]}
    assert backtest(old(), inputs_, result).winners_after == ("ani", "citra")
    level = definition(component("inovasi", criterion("dampak", 30), criterion("baru", 70)))
    tied = backtest(level, *finished(winners=2))
    assert [(row.id, row.new_rank) for row in tied.rows] == [("budi", 1), ("ani", 2), ("citra", 2)]
    assert (tied.winners_before, tied.winners_after) == (("ani", "budi"), ())
    assert tied.blocked == ("2 calon bernilai sama memperebutkan 1 tempat terakhir; tim harus memutuskan urutannya.",)


def test_steps_on_criteria_without_data_are_left_out_and_those_on_records_stay():
    new = definition(
        component("inovasi", criterion("gagasan", 40), criterion("baru", 60)),
        tie_chain=[{"by": "criterion", "code": "baru"}, {"by": "attribute", "code": "length_of_service_days"}],
    )
    assert backtest(new, *finished()).left_out == ("Penentu nilai sama: Baru.",)


def test_a_criterion_without_data_is_worth_nothing_even_where_no_earns_points():
    new = definition(component("inovasi", criterion("gagasan", 90), criterion("aktif", {"kind": "yes_no", "yes": 10, "no": 5}, "unit")))
    found = backtest(new, *finished())
    assert [(row.id, row.new_score) for row in found.rows] == [("ani", "30.00"), ("budi", "20.00"), ("citra", "10.00")]
    assert found.coverage == 90


def test_a_tie_is_decided_by_what_has_data_and_by_records():
    """Under the new weight of attendance ani has 30 + 20 and budi 20 + 30; only part of inovasi has data."""
    people = [
        nominee("ani", {"gagasan": {"a1": 30}, "dampak": {"a1": 0}}, values={"hadir": "40"}, service=100),
        nominee("budi", {"gagasan": {"a1": 20}, "dampak": {"a1": 0}}, values={"hadir": "60"}, service=200),
    ]
    sealed = seal.compute(inputs(old(), people))
    step, service = {"by": "component", "code": "inovasi"}, {"by": "attribute", "code": "length_of_service_days"}
    for chain, expected in (([step], {"ani": 1, "budi": 1}), ([step, service], {"ani": 2, "budi": 1})):
        new = definition(
            component("inovasi", criterion("gagasan", 40), criterion("baru", 10)),
            component("disiplin", criterion("hadir", {"kind": "percentage", "max": 50}, "unit")),
            tie_chain=chain,
        )
        found = backtest(new, sealed.inputs, sealed.result)
        assert {row.id: row.new_rank for row in found.rows} == expected
        assert found.left_out == ("Penentu nilai sama: Inovasi.",)


def test_rules_on_what_is_not_in_the_draft_are_left_out_under_their_code():
    new = definition(
        component("inovasi", criterion("gagasan", 100)),
        tie_chain=[{"by": "criterion", "code": "tiada"}],
        floors=[{"component": "hilang", "at_least": 1}],
    )
    assert backtest(new, *finished()).left_out == ("Penentu nilai sama: tiada.", "Batas nilai komponen: hilang.")


def test_a_value_that_cannot_be_read_is_found_behind_one_that_is_missing():
    people = [nominee("ani", {"gagasan": {"a1": 30}}), nominee("budi", {"gagasan": {"a1": 30, "a2": 40}}, values={"hadir": "90.5"})]
    tree = definition(component("a", criterion("gagasan", 70)), component("b", criterion("hadir", HADIR, "unit")))
    sealed = seal.compute(inputs(tree, people, panel=("a1", "a2")))
    new = definition(component("a", criterion("gagasan", 35), criterion("lain", 35)), component("b", criterion("hadir", 30, "unit")))
    with pytest.raises(Invalid, match="Tidak ada kriteria yang cocok"):
        backtest(new, sealed.inputs, sealed.result)
