"""The weight designer: pairs are compared, weights and consistency shown, and applied only when the officer accepts."""

from __future__ import annotations

import html
import re

import pytest

from sipetruk.models import AuditEntry, InstrumentVersion
from sipetruk.rules import instrument as rules
from sipetruk.services import instruments as services
from sipetruk.starters import starter
from tests.panel.visitor import fields_of
from tests.rules.building import component, criterion, document

PAGE = "/admin/instrumen"
PAIRS = {"banding-a-b": "2", "banding-a-c": "4", "banding-b-c": "2"}
"""Judgements that agree: 4 : 2 : 1."""


@pytest.fixture
def version(cast):
    parts = (component("a", criterion("x"), criterion("y")), component("b", criterion("z")), component("c", criterion("w")))
    return services.create(cast.bkpsdm, code="uji", name="Instrumen uji", definition=document(*parts, combine="weighted_sum"))


def path_of(version, level="komponen"):
    return f"{PAGE}/{version}/bobot-ahp/?tingkat={level}"


def tree(version):
    return rules.parse(InstrumentVersion.get_by_id(version).definition)


def stored(version):
    return [part.weight for part in tree(version).components]


def message_of(answer):
    return re.sub(r"<[^>]+>", " ", html.unescape(answer.text))


@pytest.mark.parametrize(("who", "status"), [("bkpsdm", 200), ("viewer", 200), ("verifier", 200), ("unit_admin", 403)])
def test_who_may_look(visit, version, who, status):
    assert visit(who).get(path_of(version)).status_code == status


def test_weights_and_consistency_are_shown_and_what_was_chosen_stays(visit, version):
    entries = AuditEntry.select().count()
    answer = visit("bkpsdm").send(path_of(version), **PAIRS)
    assert answer.status_code == 200
    assert re.findall(r'data-label="Bobot usulan" class="num">([^<]+)<', answer.text) == ["57,14 %", "28,57 %", "14,29 %"]
    assert "Rasio konsistensi 0,000: sepenuhnya konsisten." in answer.text
    assert "nilai eigen terbesar, iterasi pangkat" in answer.text
    assert "menurut Saaty (1980)" in answer.text
    assert {name: fields_of(answer.text)[name] for name in PAIRS} == PAIRS
    assert (stored(version), AuditEntry.select().count()) == ([None, None, None], entries)


def test_the_method_is_a_choice(visit, version):
    text = visit("bkpsdm").send(path_of(version), **dict.fromkeys(PAIRS, "1"), cara="column_mean").text
    assert re.findall(r'data-label="Bobot usulan" class="num">([^<]+)<', text) == ["33,34 %", "33,33 %", "33,33 %"]
    assert "Bobot: rata-rata kolom ternormalisasi." in text
    assert "rata-rata (A·w)/w" in text


def test_a_contradiction_is_named_in_words(visit, version):
    answer = visit("bkpsdm").send(path_of(version), **{**PAIRS, "banding-a-c": "1/9"})
    assert "belum konsisten; tinjau lagi perbandingan yang paling menyimpang" in answer.text
    assert "C mutlak lebih penting daripada A" in message_of(answer)


def test_missing_judgements_are_listed(visit, version):
    answer = visit("bkpsdm").send(path_of(version), **{**PAIRS, "banding-a-c": ""})
    assert answer.status_code == 422
    assert '<a href="#banding-a-c">A dan C</a>' in answer.text
    assert 'id="banding-a-c-salah"' in answer.text
    assert fields_of(answer.text)["banding-a-b"] == "2"


@pytest.mark.parametrize("changes", [{"banding-a-c": "10"}, {"banding-a-c": "x"}, {"banding-a-c": "0.5.5"}, {"cara": "tebak"}])
def test_what_the_page_does_not_offer_is_refused(visit, version, changes):
    assert visit("bkpsdm").send(path_of(version), **PAIRS | changes).status_code == 422
    assert stored(version) == [None, None, None]


def test_weights_are_applied_after_acceptance(visit, version):
    visitor = visit("bkpsdm")
    sent = visitor.form(path_of(version), **PAIRS, terapkan="1")
    asked = visitor.post(path_of(version), **sent)
    assert "A: belum ada menjadi 57,14 %" in asked.text
    assert stored(version) == [None, None, None]
    again = visitor.post(path_of(version), **sent, confirmed="0")
    assert (again.status_code, fields_of(again.text)["banding-a-c"], stored(version)) == (200, "4", [None, None, None])
    answer = visitor.post(path_of(version), **sent, confirmed="1")
    assert (answer.status_code, answer.location) == (303, f"{PAGE}/{version}/#komponen")
    assert stored(version) == [5714, 2857, 1429]
    last = AuditEntry.select().order_by(AuditEntry.id.desc()).first()
    assert (last.actor, last.action) == ("bkpsdm", "instrument:edit")


def test_weights_of_the_criteria_of_a_component(visit, version):
    visitor = visit("bkpsdm")
    answer = visitor.send(path_of(version, "a"), **{"banding-x-y": "3"}, terapkan="1", confirmed="1")
    assert 'class="num">75,00 %<' in visitor.send(path_of(version, "a"), **{"banding-x-y": "3"}).text
    assert answer.location == f"{PAGE}/{version}/#komponen-a"
    assert [each.weight for each in tree(version).components[0].criteria] == [7500, 2500]
    assert "bobotnya 100 %" in visitor.get(path_of(version, "b")).text
    assert visitor.get(path_of(version, "zzz")).status_code == 404


def test_a_stale_draft_keeps_its_weights(visit, version, cast):
    visitor = visit("bkpsdm")
    sent = visitor.form(path_of(version), **PAIRS, terapkan="1", confirmed="1")
    services.edit(
        cast.bkpsdm, version_id=version, expected_version=1, change=lambda t: rules.set_about(t, title="Lain", description="", source="")
    )
    answer = visitor.post(path_of(version), **sent)
    assert (answer.status_code, stored(version)) == (422, [None, None, None])
    kept = fields_of(answer.text)
    assert (kept["banding-a-c"], kept["row_version"]) == ("4", "2")
    assert "sudah diubah orang lain" in answer.text


def test_an_instrument_without_weights_only_shows(visit, cast):
    version = services.create(cast.bkpsdm, code="asn-2024", name="ASN Berprestasi", definition=starter("balangan-2024"))
    visitor, names = visit("bkpsdm"), [part.code for part in tree(version).components]
    pairs = {f"banding-{a}-{b}": "1" for i, a in enumerate(names) for b in names[i + 1 :]}
    text = visitor.send(path_of(version), **pairs).text
    assert "Bobot tidak dipakai pada instrumen ini" in text
    assert 'name="terapkan"' not in text
    answer = visitor.send(path_of(version), **pairs, terapkan="1", confirmed="1")
    assert (answer.status_code, stored(version)) == (422, [None] * len(names))


def test_a_locked_version_and_a_reader_change_nothing(visit, version, cast):
    viewer = visit("viewer")
    assert viewer.post(path_of(version), **PAIRS, terapkan="1", confirmed="1", row_version="1").status_code == 403
    services.edit(
        cast.bkpsdm,
        version_id=version,
        expected_version=1,
        change=lambda t: rules.set_weights(t, None, {"a": 5000, "b": 3000, "c": 2000}),
    )
    InstrumentVersion.update(state="locked", sha256="0" * 64).where(InstrumentVersion.id == version).execute()
    visitor = visit("bkpsdm")
    text = visitor.send(path_of(version), **PAIRS).text
    assert ('name="terapkan"' in text, "Versi ini tidak dapat diubah" in text) == (False, True)
    visitor.post(path_of(version), **PAIRS, terapkan="1", confirmed="1", row_version="2")
    assert stored(version) == [5000, 3000, 2000]
