"""Files made by mistake or in bad faith: each is refused with its place, quickly, and never by a fault of the program."""

import io
import json
import time
import zipfile
from fractions import Fraction

import pytest
from openpyxl import load_workbook

from sipetruk.documents import instrument_files as files
from sipetruk.errors import Invalid
from tests.rules.building import starter

GOOD = starter("balangan-2024")
TOML = files.write_file("toml", GOOD).decode()
JSON = files.write_file("json", GOOD).decode()
XLSX = files.write_file("xlsx", GOOD)


def said(content):
    with pytest.raises(Invalid) as refused:
        files.read_file(content if isinstance(content, bytes) else content.encode())
    return [problem.message for problem in refused.value.problems]


def edited(change):
    """The workbook after somebody changed it in a spreadsheet."""
    book = load_workbook(io.BytesIO(XLSX))
    change(book)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def with_part(name, content, source=XLSX):
    saved = io.BytesIO(source)
    with zipfile.ZipFile(saved, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return saved.getvalue()


def column(sheet, header):
    return next(cell.column for cell in sheet[1] if cell.value == header)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "Berkas ini kosong."),
        (b"\x00\x01\x02", "Berkas ini bukan TOML, JSON (UTF-8), atau XLSX."),
        (b"\xff\xfe{", "Berkas ini bukan TOML, JSON (UTF-8), atau XLSX."),
        (b"\xd0\xcf\x11\xe0....", "Berkas ini lembar kerja Excel lama atau bersandi; simpan sebagai .xlsx tanpa sandi."),
        (b"PK\x03\x04 no zip", "Berkas XLSX ini tidak dapat dibaca; buka dan simpan kembali sebagai .xlsx."),
        (b"%PDF-1.4", "baris 1, kolom 1: Penulisan TOML tidak benar di sini; periksa nama, tanda petik, dan kurung."),
        (b"x" * 1_000_001, "Berkas instrumen paling besar 1000 kB; berkas ini 1000 kB."),
        (b"[" * 900_000, "Dokumen ini bersusun terlalu dalam."),
        (b'{"a":' * 150_000, "Dokumen ini bersusun terlalu dalam."),
        (b"a = " + b"[" * 500_000, "Dokumen ini bersusun terlalu dalam."),
        (b'{"title": ' + b"9" * 10_000 + b"}", "Ada bilangan yang terlalu panjang dalam berkas ini."),
        (b"{}", "baris 1 (format): Berkas ini tidak menyebut format sipetruk-instrument/1, jadi bukan berkas instrumen."),
        (b"[1, 2]", "Berkas ini bukan dokumen instrumen."),
        (b'{"format": "sipetruk-instrument/2"}', None),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_what_is_no_instrument_file_at_all(content, message):
    found = said(content)
    assert len(found) == 1
    if message is None:
        assert found == [
            "baris 1 (format): Berkas ini memakai versi format lain (sipetruk-instrument/2); program ini membaca sipetruk-instrument/1."
        ]
    elif message.startswith("Berkas ini bukan dokumen"):
        assert found[0].endswith(message)
    else:
        assert found == [message]


def test_syntax_errors_name_line_and_column():
    assert said('format = "sipetruk-instrument/1"\ntitle = \n') == [
        "baris 2, kolom 9: Penulisan TOML tidak benar di sini; periksa nama, tanda petik, dan kurung."
    ]
    assert said('{\n "format": }') == ["baris 2, kolom 12: Penulisan JSON tidak benar di sini."]


def test_names_written_twice_are_refused():
    assert said('title = "a"\ntitle = "b"\n')[0].endswith("Nama yang sama tertulis dua kali.")
    doubled = '{"format": "sipetruk-instrument/1",\n"title": "a",\n"title": "b"}'
    assert said(doubled) == ["baris 3 (title): Nama yang sama tertulis dua kali."]


def test_decimals_are_taken_digit_by_digit():
    exact = files.read_file(TOML.replace("max = 20", "max = 20.10", 1).replace("step = 1", "step = 0.10", 1).encode())
    scale = exact.definition.components[0].criteria[0].scale
    assert (scale.max * 10, scale.step * 10) == (201, 1)
    for bad in ("nan", "inf", "1e999999999", "0.30000000000000004"):
        assert len(said(TOML.replace("max = 20", f"max = {bad}", 1))) == 1
    assert len(said(JSON.replace('"max": 20', '"max": NaN', 1))) == 1


def test_a_problem_of_a_toml_file_stands_at_its_line():
    text = TOML.replace("max = 20", "max = -5", 1)
    line = text.splitlines().index("max = -5") + 1
    assert said(text) == [f"baris {line} (components.0.criteria.0.scale.max): Harus antara 0 dan 1000000."]


def test_a_problem_of_a_json_file_stands_at_its_line():
    text = JSON.replace('"max": 20', '"max": "banyak"', 1)
    line = next(number for number, line in enumerate(text.splitlines(), 1) if "banyak" in line)
    assert said(text) == [f"baris {line} (components.0.criteria.0.scale.max): Ini bukan angka."]


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("xl/vbaProject.bin", "makro"),
        ("xl/externalLinks/externalLink1.xml", "menunjuk berkas lain"),
        ("xl/embeddings/a.bin", "berkas lain"),
    ],
)
def test_workbooks_with_more_than_cells_are_refused(name, word):
    assert word in said(with_part(name, b"x"))[0]


def test_a_bomb_is_refused_before_it_is_opened():
    assert said(with_part("xl/media/zero.bin", b"0" * 11_000_000)) == ["Isi berkas XLSX ini terlalu besar."]


def test_entities_are_refused():
    assert said(with_part("xl/extra.xml", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'))[0].startswith(
        "Berkas XLSX ini tidak dapat dibaca"
    )


def test_a_formula_is_refused_in_its_cell():
    def change(book):
        sheet = book["Kriteria"]
        sheet.cell(4, column(sheet, "Nama")).value = "=1+1"

    assert said(edited(change))[0].startswith("lembar Kriteria, baris 4, kolom C: Sel ini berisi rumus; tulis nilainya.")


def test_every_bad_cell_is_named():
    def change(book):
        sheet = book["Kriteria"]
        sheet.cell(3, column(sheet, "Poin tertinggi")).value = 20.123
        sheet.cell(4, column(sheet, "Poin tertinggi")).value = "1.000"
        sheet.cell(5, column(sheet, "Skala")).value = "Skala ajaib"
        sheet.cell(6, column(sheet, "Poin bila ya")).value = 5
        book["Komponen"].cell(3, 4).value = 0.5
        book["Bukti"].cell(3, 4).value = "mungkin"
        book["Instrumen"].cell(3, 2).value = None
        book["Tingkat skala"].append(["tidak_ada", None, "X", None, 1])
        book.create_sheet("Catatan")

    found = said(edited(change))
    places = [message.split(": ")[0] for message in found]
    assert set(places) >= {
        "lembar Kriteria, baris 3, kolom Poin tertinggi",
        "lembar Kriteria, baris 4, kolom Poin tertinggi",
        "lembar Kriteria, baris 5, kolom Skala",
        "lembar Kriteria, baris 6, kolom Poin bila ya",
        "lembar Bukti, baris 3, kolom Wajib",
        "lembar Instrumen, baris 3 (Judul)",
        "lembar Tingkat skala, baris 3, kolom Kriteria",
        "lembar Catatan",
    }


def test_numbers_of_a_spreadsheet_are_what_they_show():
    def change(book):
        sheet = book["Kriteria"]
        sheet.cell(3, column(sheet, "Poin tertinggi")).value = 0.1 + 0.2
        sheet.cell(3, column(sheet, "Langkah")).value = 0.1
        sheet.cell(4, column(sheet, "Poin tertinggi")).value = 12.5
        sheet.cell(4, column(sheet, "Langkah")).value = "0,5"

    found = files.read_file(edited(change)).definition.components[0].criteria
    assert [(each.scale.max, each.scale.step) for each in found[:2]] == [
        (Fraction(3, 10), Fraction(1, 10)),
        (Fraction(25, 2), Fraction(1, 2)),
    ]


def test_a_workbook_saved_by_a_spreadsheet_reads_the_same():
    assert files.read_file(edited(lambda book: book.active)).definition == GOOD


@pytest.mark.parametrize(("row", "column"), [(5_000, 1), (4, 200), (1_048_576, 16_384)])
def test_a_cell_too_far_out_is_refused_and_not_left_out(row, column):
    def change(book):
        book["Pilihan"].cell(row, column).value = "x"

    assert said(edited(change)) == ["Lembar kerja ini terlalu besar: isinya hanya boleh sampai baris 3000 dan kolom ke-60."]


def test_text_is_never_a_formula():
    risky = files.read_file(json.dumps({**GOOD.to_dict(), "title": "=HYPERLINK(1)"}).encode()).definition
    book = load_workbook(io.BytesIO(files.write_file("xlsx", risky)))
    cell = book["Instrumen"]["B3"]
    assert (cell.value, cell.data_type) == ("=HYPERLINK(1)", "s")


@pytest.mark.parametrize(
    "content",
    [
        b"a." * 95_000 + b"a = 1",
        b"x = {" + b"a." * 95_000 + b"a = 1}",
        b"x." + b'"a" . ' * 30_000 + b"a = 1",
        b'title = """ a.b """\n' + b"'a'." * 40_000 + b"a = 1",
        b"[" * 900 + b"1," * 95_000 + b"1" + b"]" * 900,
    ],
    ids=["dotted name", "in a table", "quoted", "after a text", "deep list"],
)
def test_what_is_nested_without_end_is_refused_before_it_takes_time(content):
    started = time.process_time()
    assert said(content) == ["Dokumen ini bersusun terlalu dalam."]
    assert time.process_time() - started < 2


def test_texts_with_many_dots_are_no_long_names():
    dots = " ".join(["a.b.c"] * 40) + "." * 40
    assert files.read_file(TOML.replace('title = "', f'title = "{dots[:90]}', 1).encode()).definition.title.startswith("a.b.c a.b.c")


@pytest.mark.parametrize("sheet", [b"<c " * 600_000, b"<c " + b'r="A1" ' * 200_000, b"<c" + b" " * 900_000])
def test_a_sheet_that_never_closes_a_cell_is_looked_through_once(sheet):
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
    started = time.process_time()
    assert said(saved.getvalue()) == ["Berkas XLSX ini tidak dapat dibaca; buka dan simpan kembali sebagai .xlsx."]
    assert time.process_time() - started < 2


def test_a_document_with_no_end_of_problems_names_the_first_thousand():
    started = time.process_time()
    assert len(said(json.dumps({"format": "sipetruk-instrument/1", "components": [{"criteria": [{}] * 200}] * 50}))) == 1000
    assert time.process_time() - started < 2
