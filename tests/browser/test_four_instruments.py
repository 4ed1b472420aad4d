"""The instruments of 2021, 2023, 2024 and of the ministry built by hand in the panel, from an empty draft to the lock.

The starter is only the script of what the officer types: every component, criterion, scale, document, question and rule goes
through its own form. Of a dozen criteria of one kind in the instruments of 2024 and of the ministry, the first is typed in the
browser and the others go through the same forms without scripting. Then the officer types the made-up nominees, sees the numbers
that the starter expects, and locks. The file that the panel gives of the locked version equals the starter.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from sipetruk.panel.instruments.entry_forms import EVIDENCE_SOURCES
from sipetruk.rules import exchange, scales
from sipetruk.rules import instrument as rules
from sipetruk.rules.tryout import STATUS
from sipetruk.starters import starter, starter_examples
from tests.browser.conftest import Walk
from tests.browser.hands import Hand, Keys, Plain

DESK = {"width": 1440, "height": 1000}
NARROW = {"width": 360, "height": 740}
BUILT = "Instrumen Buatan Tangan"


@pytest.mark.parametrize(
    ("name", "engine"),
    [("balangan-2021", "sqlite"), ("balangan-2024", "postgresql"), ("kemnaker-2025", "sqlite")],
    indirect=["engine"],
)
def test_an_instrument_of_practice_is_built_by_hand(walk, name):
    page = walk.page("bkpsdm")
    page.set_viewport_size(DESK)
    officer = Officer(Hand(page), name, again=None if name == "balangan-2021" else Plain(page))
    officer.build(walk.base)
    if name == "balangan-2024":
        inspect_every_face(walk, page)
    officer.lock()
    assert officer.exported() == officer.wanted


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_instrument_of_2023_is_built_with_the_keyboard_on_a_narrow_phone(walk):
    page = walk.page("bkpsdm")
    page.set_viewport_size(NARROW)
    officer = Officer(Keys(page), "balangan-2023")
    officer.build(walk.base)
    officer.lock()
    assert officer.exported() == officer.wanted
    assert page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]


class Officer:
    """Somebody of BKPSDM with a finished instrument on paper: the starter of this name."""

    def __init__(self, hand: Hand, name: str, again: Plain | None = None) -> None:
        """`again` is the hand for criteria of a kind of scale that was typed before."""
        self.hand, self.page, self.again = hand, hand.page, again
        self.typed: set[str] = set()
        definition, examples = exchange.read(starter(name) | {"examples": starter_examples(name)})
        self.wanted = exchange.write(definition, examples)
        self.tree = definition

    def build(self, base: str) -> None:
        self.page.goto(f"{base}/admin/instrumen/")
        self.begin()
        self.add_all("Tambah bukti dukung", self.wanted["evidence"], self.fill_document)
        self.add_all("Tambah pertanyaan", self.wanted["fields"], self.fill_question)
        for part in self.wanted["components"]:
            self.add_component(part)
        self.set_policy(self.wanted["policy"])
        expect(self.page.get_by_text("Siap dikunci.")).to_be_visible()
        self.try_out(self.wanted["examples"])

    def begin(self) -> None:
        hand = self.hand
        hand.follow("Buat instrumen")
        hand.write("Nama instrumen", BUILT)
        hand.write("Kode", "buatan-tangan")
        hand.press("Buat instrumen")
        hand.follow("Ubah keterangan")
        hand.write("Judul", self.wanted["title"])
        hand.write("Keterangan", self.wanted["description"])
        hand.write("Sumber", self.wanted["source"])
        hand.press("Simpan")

    def add_all(self, button: str, entries: Sequence[Mapping[str, Any]], fill: Callable[[Mapping[str, Any]], None]) -> None:
        """One form after the other, without going back to the tree between them."""
        for number, entry in enumerate(entries, start=1):
            if number == 1:
                self.hand.follow(button)
            fill(entry)
            self.hand.press("Tambah" if number == len(entries) else "Tambah dan isi berikutnya")
            expect(self.page.get_by_text(f"“{entry['label']}” ditambahkan.", exact=True)).to_be_visible()

    def fill_document(self, need: Mapping[str, Any]) -> None:
        hand = self.hand
        hand.write("Nama bukti dukung", need["label"])
        hand.write("Kode", need["code"])
        hand.write("Petunjuk", need["help"])
        hand.switch("Wajib ada", on=need["required"])
        if need["source"] == "unit":
            self._limits(need)
        hand.choose("Diperoleh dari", EVIDENCE_SOURCES[need["source"]])

    def _limits(self, of: Mapping[str, Any]) -> None:
        self.hand.tick("Jenis berkas", [kind.upper() for kind in of["accept"]])
        self.hand.write("Ukuran terbesar (MB)", str(of["max_mb"]))
        self.hand.write("Jumlah berkas paling banyak", str(of["max_files"]))

    def fill_question(self, field: Mapping[str, Any]) -> None:
        hand = self.hand
        hand.write("Pertanyaan", field["label"])
        hand.write("Kode", field["code"])
        hand.choose("Jenis isian", rules.FIELD_KINDS[field["kind"]])
        if field["kind"] in {"short_text", "long_text", "link"}:
            hand.write("Huruf paling sedikit", shown(field["min_chars"]))
            hand.write("Huruf paling banyak", shown(field["max_chars"]))
        self._rows(field["options"], {"Jawaban": "label", "Kode": "code"})
        hand.write("Kelompok", field["group"])
        hand.write("Petunjuk", field["help"])
        hand.switch("Wajib diisi", on=field["required"])
        if field["shown_when"]:
            other = next(each for each in self.wanted["fields"] if each["code"] == field["shown_when"]["field"])
            hand.pick("Tampil hanya bila", other["label"])
            hand.pick("dijawab", next(each["label"] for each in other["options"] if each["code"] == field["shown_when"]["equals"]))

    def _rows(self, rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str]) -> None:
        """Rows of small fields, a new one for each but the first."""
        for number, row in enumerate(rows, start=1):
            if number > 1:
                self.hand.press("Tambah baris")
            for label, key in columns.items():
                self.hand.write(f"{label}, baris {number}", shown(row[key]))

    def add_component(self, part: Mapping[str, Any]) -> None:
        hand = self.hand
        hand.follow("Tambah komponen")
        hand.write("Nama komponen", part["label"])
        hand.write("Kode", part["code"])
        hand.write("Bobot (%)", percent(part["weight"]))
        hand.write("Petunjuk", part["help"])
        hand.press("Tambah komponen")
        for criterion in part["criteria"]:
            kind = criterion["scale"]["kind"]
            if self.again is None or kind not in self.typed:
                self.add_criterion(hand, part["label"], criterion)
                self.typed.add(kind)
            else:
                self.again.open(self.page.url)
                self.add_criterion(self.again, part["label"], criterion)
        if self.again is not None:
            self.page.reload()

    def add_criterion(self, hand: Hand, component: str, criterion: Mapping[str, Any]) -> None:
        """Two forms: everything but the scale, and the scale."""
        scale, source = criterion["scale"], criterion["source"]
        hand.follow(f"+ Tambah kriteria pada {component}")
        hand.write("Nama kriteria", criterion["label"])
        hand.write("Kode", criterion["code"])
        hand.pick("Jenis skala", scales.LABELS[scale["kind"]])
        hand.write("Petunjuk", criterion["help"])
        hand.write("Bobot (%)", percent(criterion["weight"]))
        hand.choose("Sumber nilai", rules.SOURCES[source["kind"]])
        if source["kind"] == "imported":
            hand.pick("Data nilai", rules.SERIES[source["series"]])
        if source.get("months"):
            hand.write("Bulan data", "\n".join(source["months"]))
        if source.get("year"):
            hand.write("Tahun data", str(source["year"]))
        first, *later = self._rounds(criterion["evidence"])
        self._tick_evidence(hand, first)
        if source["kind"] == "assessor":
            hand.write("Panjang catatan penilai", str(criterion["note_min_chars"]))
        hand.press("Lanjut ke skala")
        self.fill_scale(hand, scale)
        hand.press("Simpan skala")
        for ticked in later:
            hand.follow(f"Ubah {criterion['label']}")
            self._tick_evidence(hand, ticked)
            hand.press("Simpan")

    def _rounds(self, codes: Sequence[str]) -> list[list[str]]:
        """Documents ticked together stand in the order of the list; to stand after a later one, a document is ticked another time."""
        listed = [need["code"] for need in self.wanted["evidence"]]
        rounds: list[list[str]] = [[]]
        for at, code in enumerate(codes):
            if at and listed.index(code) < listed.index(codes[at - 1]):
                rounds.append(list(rounds[-1]))
            rounds[-1].append(code)
        return rounds

    def _tick_evidence(self, hand: Hand, codes: Sequence[str]) -> None:
        labels = {need["code"]: need["label"] for need in self.wanted["evidence"]}
        if labels:
            hand.tick("Bukti dukung yang diperiksa", [labels[code] for code in codes])

    def fill_scale(self, hand: Hand, scale: Mapping[str, Any]) -> None:
        """The editor of the kind of scale that was chosen."""
        write = hand.write
        match scale["kind"]:
            case "points":
                write("Poin tertinggi", shown(scale["max"]))
                write("Langkah", shown(scale["step"]))
                write("Poin terendah", shown(scale.get("min", 0)))
            case "rubric":
                self._rows(scale["levels"], {"Poin": "points", "Nama tingkat": "label", "Penjelasan": "description"})
            case "threshold":
                self._rows(scale["bands"], {"Nilai paling sedikit (≥)": "at_least", "Poin": "points"})
                write("Poin bila tidak mencapai satu ambang pun", shown(scale["else"]))
            case "choice":
                write("Poin yang boleh dipilih", "\n".join(map(shown, scale["points"])))
            case "yes_no":
                write("Poin bila ya", shown(scale["yes"]))
                write("Poin bila tidak", shown(scale["no"]))
            case "predicate":
                for predicate, points in scale["table"].items():
                    write(f"Poin untuk {predicate.capitalize()}", shown(points))
            case "percentage":
                write("Poin untuk 100 persen", shown(scale["max"]))
            case "text":
                write("Huruf paling banyak", str(scale["max_chars"]))
            case other:
                raise AssertionError(f"nobody told the officer about {other}")

    def set_policy(self, policy: Mapping[str, Any]) -> None:
        hand = self.hand
        hand.follow("Ubah cara menghitung nilai")
        hand.choose("Cara menggabungkan nilai", rules.COMBINE[policy["combine"]])
        hand.choose("Cara menggabungkan nilai para penilai", rules.AGGREGATION[policy["aggregation"]["kind"]])
        hand.write("Jumlah penilai paling sedikit", str(policy["min_assessors"]))
        hand.choose("Pembulatan", rules.ROUNDING_STAGE[policy["rounding"]["stage"]])
        hand.choose("Cara membulatkan", rules.ROUNDING_MODE[policy["rounding"]["mode"]])
        hand.write("Angka di belakang koma", str(policy["rounding"]["decimals"]))
        parts = {part["code"]: part["label"] for part in self.wanted["components"]}
        floors = self.page.get_by_role("group", name="Batas nilai komponen")
        for number, floor in enumerate(policy["floors"], start=1):
            assert number == 1, "a second row has to be added first"
            hand.pick(f"Komponen, baris {number}", parts[floor["component"]], floors)
            hand.write(f"Nilai paling rendah, baris {number}", shown(floor["at_least"]), floors)
        chain = self.page.get_by_role("group", name="Penentu bila nilai sama")
        for number, step in enumerate(policy["tie_chain"], start=1):
            if number > 1:
                hand.activate(chain.get_by_role("button", name="Tambah baris"))
            hand.pick(f"Penentu, baris {number}", self._tie_step(step), chain)
        hand.press("Simpan")

    def _tie_step(self, step: Mapping[str, str]) -> str:
        criteria = {c["code"]: c["label"] for part in self.wanted["components"] for c in part["criteria"]}
        parts = {part["code"]: part["label"] for part in self.wanted["components"]}
        match step["by"]:
            case "component":
                return f"Komponen {parts[step['code']]}"
            case "criterion":
                return f"Kriteria {criteria[step['code']]}"
        return rules.ATTRIBUTES[step["code"]]

    def try_out(self, examples: Sequence[Mapping[str, Any]]) -> None:
        """Every made-up nominee typed, counted, seen to be as expected, and kept."""
        self.hand.follow("Uji coba")
        assessors = max((len(marks) for example in examples for marks in example["marks"].values()), default=0)
        if assessors and self.hand.labelled("Jumlah penilai karangan").input_value() != str(assessors):
            self.hand.write("Jumlah penilai karangan", str(assessors))
            self.hand.press("Hitung")
        for number, example in enumerate(examples, start=1):
            if number > 1:
                self.hand.press("Tambah calon")
            self.type_nominee(number, example)
        self.hand.press("Hitung")
        expect(self.page.get_by_text("✓ sesuai harapan")).to_have_count(len(examples))
        results = self.page.get_by_role("region", name="Hasil").locator("table").first
        for example in examples:
            row = results.get_by_role("row").filter(has_text=example["name"])
            expect(row.locator("[data-label=Keadaan]")).to_contain_text(STATUS[example["expected"]["status"]])
            expect(row.locator("[data-label='Nilai akhir']")).to_have_text(printed(example["expected"].get("score")))
            expect(row.locator("[data-label=Peringkat]")).to_have_text(str(example["expected"].get("rank") or "–"))
        self.hand.press("Simpan sebagai contoh")
        expect(self.page.get_by_text("Contoh disimpan")).to_be_visible()

    def type_nominee(self, number: int, example: Mapping[str, Any]) -> None:
        hand, new = self.hand, "Contoh 1"
        for code, marks in example["marks"].items():
            label = rules.criterion(self.tree, code).label
            for at, mark in enumerate(marks, start=1):
                self._value(f"{label}, penilai {at}, {new}", mark)
        for code, value in example["values"].items():
            self._value(f"{rules.criterion(self.tree, code).label}, {new}", value)
        expected = example["expected"]
        inside = self.page.locator("details.nominee").filter(has=hand.labelled(f"Nama calon {number}"))
        hand.pick("Harapan: keadaan", STATUS[expected["status"]], inside)
        hand.write(f"Harapan: nilai akhir {new}", shown(expected.get("score")))
        hand.write(f"Harapan: peringkat {new}", shown(expected.get("rank")))
        hand.write(f"Nama calon {number}", example["name"])

    def _value(self, label: str, raw: str | None) -> None:
        """A number typed, or an option picked by its words."""
        place = self.hand.labelled(label)
        if raw is None:
            return
        if place.evaluate("place => place.tagName") == "SELECT":
            self.hand.pick(label, place.locator(f'option[value="{raw}"]').inner_text())
        else:
            self.hand.write(label, shown(raw))

    def lock(self) -> None:
        hand = self.hand
        hand.follow("Susun")
        hand.follow("Kunci versi ini")
        expect(self.page.get_by_text(f"Semua {len(self.wanted['examples'])} contoh menghasilkan nilai yang diharapkan.")).to_be_visible()
        hand.switch("Saya mengerti bahwa versi ini tidak dapat diubah lagi.", on=True)
        hand.press("Kunci versi 1")
        expect(self.page.get_by_text("dikunci dan tidak akan berubah lagi")).to_be_visible()

    def exported(self) -> Any:
        """The locked version as the panel gives it away."""
        self.hand.follow("Berkas")
        address = self.page.get_by_role("link", name=re.compile(r"\.json$")).first.get_attribute("href")
        answer = self.page.request.get(self.page.evaluate("path => new URL(path, location.href).href", address))
        return json.loads(answer.text())


def inspect_every_face(walk: Walk, page: Page) -> None:
    """What axe and a narrow screen say about the builder, previews, comparison and try-out of the instrument just built."""
    version = page.url.partition("uji-coba")[0]
    faces = ("", "pratinjau/?sebagai=unit", "pratinjau/?sebagai=penilai", "pratinjau/?sebagai=umum", "bandingkan/", "uji-coba/")
    for face in faces:
        page.goto(f"{version}{face}")
        if face == "bandingkan/":
            page.get_by_label("Bandingkan dengan").select_option(index=1)
            page.get_by_role("button", name="Bandingkan").click()
            expect(page.get_by_role("heading", name="Bobot nyata setiap kriteria")).to_be_visible()
        walk.inspect(page)
        page.set_viewport_size(NARROW)
        assert page.evaluate("document.documentElement.scrollWidth") == NARROW["width"], page.url
        page.set_viewport_size(DESK)
    page.goto(version)


def shown(value: Any) -> str:
    """A number as an officer types it."""
    text = "" if value is None else str(value)
    return text.replace(".", ",") if re.fullmatch(r"\d+\.\d+", text) else text


def percent(weight: int | None) -> str:
    return "" if weight is None else shown(f"{Decimal(weight) / 100:f}")


def printed(score: str | None) -> str:
    return "–" if score is None else f"{Decimal(score):.2f}".replace(".", ",")
