"""Two versions side by side: what was added, removed, changed and moved, in words, and what it does to the weights."""

from fractions import Fraction

from sipetruk.rules import comparison, instrument
from tests.rules.building import component, criterion, definition, starter


def base():
    return definition(
        component("inovasi", criterion("gagasan", 40), criterion("dampak", 30), criterion("bukti", 10)),
        component("kinerja", criterion("hasil", 20)),
    )


def told(old, new):
    return [(change.kind, change.path, change.label, change.was, change.now) for change in comparison.diff(old, new)]


def test_a_criterion_moved_to_another_component_says_from_where_to_where():
    new = instrument.move_criterion(base(), "bukti", "kinerja", 1)
    assert told(base(), new) == [("moved", ("criteria", "bukti", "component"), "Kriteria “Bukti”", "Inovasi", "Kinerja")]


def test_the_fewest_things_are_called_moved():
    new = instrument.move_criterion(base(), "bukti", "inovasi", 0)
    assert told(base(), new) == [("moved", ("criteria", "bukti", "order"), "Kriteria “Bukti”", "urutan ke-3", "urutan ke-1")]
    new = instrument.move_component(base(), "kinerja", 0)
    assert told(base(), new) == [("moved", ("components", "inovasi", "order"), "Komponen “Inovasi”", "urutan ke-1", "urutan ke-2")]


def test_something_added_in_front_moves_nothing():
    new = instrument.move_criterion(instrument.add_criterion(base(), "inovasi", criterion("baru", 5)), "baru", "inovasi", 0)
    assert told(base(), new) == [
        ("added", ("criteria", "baru"), "Kriteria “Baru”", "", "0 sampai 5 poin, kelipatan 1; dari Tim penilai"),
    ]


def test_something_removed_moves_nothing():
    assert told(base(), instrument.remove_criterion(base(), "gagasan")) == [
        ("removed", ("criteria", "gagasan"), "Kriteria “Gagasan”", "0 sampai 40 poin, kelipatan 1; dari Tim penilai", ""),
    ]


def test_values_are_told_in_words():
    new = instrument.update_criterion(
        base(), "dampak", {"scale": {"kind": "yes_no", "yes": 30, "no": 0}, "weight": 2550, "note_min_chars": 20}
    )
    new = instrument.update_criterion(new, "hasil", {"source": {"kind": "attendance", "months": ["2024-04", "2024-05"]}})
    chain = [{"by": "component", "code": "inovasi"}, {"by": "attribute", "code": "length_of_service_days"}]
    policy = {"combine": "weighted_sum", "aggregation": {"kind": "trimmed", "k": 2}, "rounding": {"stage": "component", "decimals": 3}}
    new = instrument.replace_policy(
        new, {**policy, "min_assessors": 5, "floors": [{"component": "kinerja", "at_least": "62.5"}], "tie_chain": chain}
    )
    assert [(label, was, now) for _, _, label, was, now in told(base(), new)] == [
        ("Aturan hitung: cara menggabungkan nilai", "Jumlah semua poin", "Jumlah nilai komponen menurut bobot"),
        ("Aturan hitung: agregasi antarpenilai", "Rata-rata", "Rata-rata tanpa nilai ekstrem, 2 di tiap ujung"),
        (
            "Aturan hitung: pembulatan",
            "Hanya nilai akhir, 2 angka di belakang koma, setengah ke atas",
            "Nilai komponen, lalu nilai akhir, 3 angka di belakang koma, setengah ke atas",
        ),
        ("Aturan hitung: jumlah penilai paling sedikit", "1", "5"),
        ("Aturan hitung: batas nilai komponen", "tidak ada", "Kinerja paling rendah 62,5"),
        ("Aturan hitung: penentu nilai sama", "tidak ada", "Inovasi, lalu Masa kerja"),
        ("Kriteria “Dampak”: bobot", "tidak ada", "25,5 %"),
        ("Kriteria “Dampak”: skala", "0 sampai 30 poin, kelipatan 1", "Ya 30 poin, tidak 0 poin"),
        ("Kriteria “Dampak”: panjang catatan", "0", "20"),
        ("Kriteria “Hasil”: sumber", "Tim penilai", "Data kehadiran · 2024-04, 2024-05"),
    ]


def test_words_about_the_instrument_itself_are_compared():
    new = instrument.set_about(base(), title="Baru", description="Uraian.", source="Perbup")
    assert told(base(), new) == [
        ("changed", ("title",), "Instrumen: judul", "Instrumen uji", "Baru"),
        ("changed", ("description",), "Instrumen: uraian", "tidak ada", "Uraian."),
        ("changed", ("source",), "Instrumen: sumber", "tidak ada", "Perbup"),
    ]


def test_a_change_holds_the_values_of_the_documents():
    new = instrument.remove_component(instrument.add_component(base(), {"code": "rekam", "label": "Rekam"}), "kinerja")
    new = instrument.move_criterion(instrument.update_criterion(new, "bukti", {"help": ""}), "bukti", "inovasi", 1)
    words = {"help": "", "weight": None}
    assert [(change.path, change.before, change.after) for change in comparison.diff(base(), new)] == [
        (("components", "kinerja"), {"code": "kinerja", "label": "Kinerja", **words}, None),
        (("components", "rekam"), None, {"code": "rekam", "label": "Rekam", **words}),
        (("criteria", "hasil"), {**base().components[1].criteria[0].to_dict(), "component": "kinerja"}, None),
        (("criteria", "bukti", "help"), "Petunjuk.", ""),
        (("criteria", "dampak", "order"), 2, 3),
    ]


def test_questions_and_evidence_are_told_in_words():
    question = {"code": "tahap", "label": "Tahap", "kind": "choice", "required": True, "options": [{"code": "a", "label": "Gagasan"}]}
    old = instrument.set_fields(base(), [question])
    new = instrument.set_fields(
        base(),
        [
            {**question, "required": False},
            {"code": "kapan", "label": "Kapan", "kind": "date", "shown_when": {"field": "tahap", "equals": "a"}},
        ],
    )
    new = instrument.set_evidence(new, [{"code": "sk", "label": "SK", "accept": ["pdf"]}])
    assert told(old, new) == [
        ("added", ("evidence", "sk"), "Bukti dukung “SK”", "", "wajib"),
        ("changed", ("fields", "tahap", "required"), "Isian formulir “Tahap”: wajib", "ya", "tidak"),
        ("added", ("fields", "kapan"), "Isian formulir “Kapan”", "", "Tanggal, boleh kosong"),
    ]


def test_every_value_of_the_real_instruments_has_words():
    names = ("balangan-2021", "balangan-2023", "balangan-2024", "kemnaker-2025")
    for old in names:
        for new in names:
            changes = comparison.diff(starter(old), starter(new))
            assert (old == new) == (changes == [])
            assert [change for change in changes if "{" in change.was + change.now] == []


def test_shares_are_exact_percentages_of_the_total():
    """2024: 20 of 100 points in one of three components is 20/3 %; 2025: 10 of 30 points at 30 % is 10 %, a seventh of 20 % is 20/7 %."""
    found = {share.code: share for share in comparison.shares(starter("balangan-2024"), starter("kemnaker-2025"))}
    assert (found["orisinalitas"].before, found["orisinalitas"].after) == (Fraction(20, 3), None)
    assert (found["bebas_temuan"].before, found["bebas_temuan"].after) == (None, 10)
    assert found["loyal"].after == Fraction(20, 7)
    assert sum(share.before or 0 for share in found.values()) == sum(share.after or 0 for share in found.values()) == 100


def test_a_share_says_by_how_much_it_changed():
    new = instrument.update_criterion(base(), "gagasan", {"scale": {"kind": "points", "max": 30, "step": 1}})
    found = comparison.shares(base(), instrument.remove_criterion(new, "bukti"))
    assert [each.label for each in found] == ["Gagasan", "Dampak", "Hasil", "Bukti"]
    assert [(each.code, each.component, each.before, each.after, each.difference) for each in found] == [
        ("gagasan", "Inovasi", 40, 30, -10),
        ("dampak", "Inovasi", 30, 30, 0),
        ("hasil", "Kinerja", 20, 20, 0),
        ("bukti", "Inovasi", 10, None, -10),
    ]


def test_an_unfinished_scale_has_no_share():
    new = instrument.add_criterion(base(), "inovasi", criterion("baru", {"kind": "rubric", "levels": []}))
    assert comparison.shares(base(), new)[3].after == 0


def test_the_share_of_a_weighted_criterion_is_its_weight():
    parts = (
        component("a", criterion("x", 40, weight=7_500), criterion("y", 10, weight=2_500), weight=6_000),
        component("b", criterion("z"), weight=4_000),
    )
    found = comparison.shares(base(), definition(*parts, combine="weighted_sum"))
    assert [(each.code, each.after) for each in found[:3]] == [("x", 45), ("y", 15), ("z", 40)]
