"""The starter instruments: each is sound, lockable and stays what it was."""

import pytest

from sipetruk.rules import instrument, scales
from tests.rules.building import STARTERS, starter

NAMES = ("balangan-2021", "balangan-2023", "balangan-2024", "berakhlak", "enam-sifat-pp-11-2017", "kemnaker-2025")


def test_these_are_all_the_starters():
    assert tuple(sorted(path.stem for path in STARTERS.glob("*.toml"))) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_every_starter_is_read_sound_and_lockable(name):
    found = starter(name)
    assert [finding for finding in instrument.lint(found) if finding.severity == "error"] == []
    instrument.require_lockable(found)
    assert instrument.parse(found.to_dict()) == found
    assert instrument.total_maximum(found) == 100
    assert found.description
    assert found.source
    assert all(criterion.help for _, criterion in instrument.all_criteria(found))


def test_2024_has_three_components_of_a_hundred_points():
    found = starter("balangan-2024")
    assert {part.code: [int(each.maximum) for each in part.criteria] for part in found.components} == {
        "inovatif": [20, 20, 20, 40],
        "kinerja_disiplin": [40, 40, 20],
        "rekam_jejak": [20, 20, 20, 20, 10, 10],
    }
    assert {each.source.kind for _, each in instrument.all_criteria(found)} == {"assessor"}
    assert {scales.to_dict(each.scale)["step"] for _, each in instrument.all_criteria(found)} == {1}
    assert found.policy == instrument.Policy(
        combine="mean_of_components",
        tie_chain=(
            instrument.TieStep("component", "inovatif"),
            instrument.TieStep("component", "kinerja_disiplin"),
            instrument.TieStep("attribute", "length_of_service_days"),
        ),
    )
    assert [(each.code, each.required, each.source) for each in found.evidence] == [
        ("surat_usulan", True, "unit"),
        ("daftar_riwayat_hidup", True, "unit"),
        ("sk_pangkat_terakhir", True, "unit"),
        ("sk_jabatan_terakhir", False, "unit"),
        ("penilaian_kinerja_2th", True, "unit"),
        ("sertifikat_piagam", False, "unit"),
        ("rekap_kehadiran_3bln", True, "system"),
        ("super_hukdis", True, "unit"),
        ("proposal_inovasi", True, "unit"),
    ]


def test_2021_applies_the_thresholds_it_prints():
    found = starter("balangan-2021")
    points = {each.code: each.scale for _, each in instrument.all_criteria(found)}
    boundaries = [("kinerja", "84.99", "85"), ("kehadiran", "94.99", "95"), ("perilaku", "75.99", "76")]
    assert [(scales.points(points[code], below), scales.points(points[code], at)) for code, below, at in boundaries] == [(0, 10)] * 3
    assert [scales.maximum(points[code]) for code in ("inovasi", "teamwork")] == [40, 30]


def test_2023_says_what_was_interpreted():
    assert "menafsirkannya" in starter("balangan-2023").description
    assert "ditafsirkan" in starter("kemnaker-2025").description


def test_the_ministry_asks_for_a_written_reason_with_every_core_value():
    found = starter("kemnaker-2025")
    assert [each.note_min_chars for each in instrument.component(found, "berakhlak").criteria] == [600] * 7
    assert [part.weight for part in found.components] == [3000, 3000, 2000, 2000]


def test_the_seven_core_values_are_judged_by_their_behavioural_guides():
    found = starter("berakhlak")
    assert [part.label for part in found.components] == [
        "Berorientasi Pelayanan",
        "Akuntabel",
        "Kompeten",
        "Harmonis",
        "Loyal",
        "Adaptif",
        "Kolaboratif",
    ]
    for _, each in instrument.all_criteria(found):
        assert "Panduan perilaku:\n1. " in each.help
        assert [int(level.points) for level in each.scale.levels] == [20, 40, 60, 80, 100]
        assert all(level.description for level in each.scale.levels)
    assert "Nomor 20 Tahun 2021" in found.source


def test_the_six_qualities_of_article_231():
    found = starter("enam-sifat-pp-11-2017")
    assert [part.label for part in found.components] == [
        "Kesetiaan",
        "Pengabdian",
        "Kecakapan",
        "Kejujuran",
        "Kedisiplinan",
        "Prestasi kerja",
    ]
    assert {part.maximum for part in found.components} == {100}
    assert "Pasal 231" in found.source
    assert "ditafsirkan" in found.description
