"""Files of the personnel system: a good one is saved whole, of a bad one every row is named and nothing is saved."""

from datetime import date
from pathlib import Path

import pytest

from sipetruk import imports
from sipetruk.errors import Forbidden, Invalid
from sipetruk.models import (
    Attendance,
    AuditEntry,
    Employee,
    EmployeeAward,
    PerformanceRating,
    ReferenceCode,
    Sanction,
    SeriesValue,
    WorkUnit,
)
from sipetruk.reference import siasn_codes
from sipetruk.rules.permissions import SYSTEM
from sipetruk.services import audit
from sipetruk.services.people import Saved
from tests.services import builders

NIP, PPPK = "198609262015051901", "199003152021212902"
EMPLOYEES = (
    "nip,jenis,nama,gelar_depan,gelar_belakang,kode_unit,jabatan,jenis_jabatan,eselon,golongan,"
    "tmt_pengangkatan,tanggal_lahir,kedudukan_hukum\n"
)
BUDI = f'{NIP},PNS,Budi Santoso,,"S.Kom., M.M.",dinkes,Pranata Komputer Ahli Muda,2,,III/c,2015-05-01,26-09-1986,1\n'
WATI = f"{PPPK},pppk,Wati Lestari,dr.,,dinkes,Perawat Ahli Pertama,2,99,ix,2021-03-01,1990-03-15,01\n"
ATTENDANCE = "nip,tahun,bulan,realisasi\n"
TEXT_COLUMN = "Jadikan kolom ini teks sebelum mengisi atau mengekspornya."
CONTRADICTION = (
    "Predikat SANGAT BAIK bertentangan dengan hasil kerja SESUAI EKSPEKTASI dan perilaku SESUAI EKSPEKTASI, yang menghasilkan BAIK."
)
TABLES = (WorkUnit, Employee, Attendance, PerformanceRating, SeriesValue, Sanction, EmployeeAward, AuditEntry)


def load(kind, text, *, dry_run=False):
    return imports.load(SYSTEM, kind, text if isinstance(text, bytes) else text.encode(), dry_run=dry_run)


def refused(kind, text):
    """What is wrong, as (row, column, message)."""
    before = [table.select().count() for table in TABLES]
    with pytest.raises(Invalid) as refusal:
        load(kind, text)
    assert [table.select().count() for table in TABLES] == before
    assert not any(digits in refusal.value.message for digits in (NIP, PPPK, NIP[:8], PPPK[:8]))
    return [(*problem.path, problem.message) for problem in refusal.value.problems]


@pytest.fixture
def budi(cast):
    load("employees", EMPLOYEES + BUDI)
    return Employee.get(Employee.nip == NIP)


def test_employees_are_added_then_changed_under_their_next_version(cast):
    assert load("employees", EMPLOYEES + BUDI + WATI) == Saved(added=2)
    budi = Employee.get(Employee.nip == NIP)
    assert (budi.full_name, budi.work_unit_id, budi.echelon, budi.legal_status) == (
        "Budi Santoso, S.Kom., M.M.",
        cast.unit_id,
        "99",
        "01",
    )
    assert (budi.appointed_on, budi.born_on, budi.row_version) == (date(2015, 5, 1), date(1986, 9, 26), 1)
    wati = Employee.get(Employee.nip == PPPK)
    assert (wati.kind, wati.grade, wati.full_name) == ("PPPK", "IX", "dr. Wati Lestari")

    assert load("employees", EMPLOYEES + BUDI.replace("III/c", "III/d") + WATI) == Saved(changed=1, unchanged=1)
    assert [(e.grade, e.row_version) for e in Employee.select().order_by(Employee.nip)] == [("III/d", 2), ("IX", 1)]
    assert Employee.get(Employee.nip == NIP).id == budi.id


def test_the_trail_counts_and_holds_no_number(cast):
    load("employees", EMPLOYEES + BUDI + WATI)
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).first()
    assert (entry.action, entry.after) == ("employee:import", {"rows": 2, "added": 2, "changed": 0, "unchanged": 0})
    assert audit.verify().broken_at is None


def test_units_are_added_and_renamed(cast):
    before = WorkUnit.select().count()
    assert load("units", "kode_unit;nama_unit\nkec-halong;Kecamatan Halong\ndinkes;Dinas Kesehatan Baru\n") == Saved(1, 1, 0)
    assert WorkUnit.select().count() == before + 1
    dinkes = WorkUnit.get_by_id(cast.unit_id)
    assert (dinkes.name, dinkes.row_version) == ("Dinas Kesehatan Baru", 2)


def test_attendance_is_exact_and_replaced(budi):
    assert load("attendance", f"{ATTENDANCE}{NIP},2024,4,97.5\n{NIP},2024,05,100\n") == Saved(added=2)
    assert load("attendance", f'{ATTENDANCE}{NIP},2024,4,"97,51"\n{NIP},2024,5,100\n') == Saved(changed=1, unchanged=1)
    rows = [(row.employee_id, row.year, row.month, row.realisation) for row in Attendance.select().order_by(Attendance.month)]
    assert rows == [(budi.id, 2024, 4, 9_751), (budi.id, 2024, 5, 10_000)]


def test_ratings_series_and_sanctions_are_kept_once(budi):
    files = {
        "ratings": f"nip,tahun,hasil_kerja,perilaku_kerja,predikat\n{NIP},2023,DIATAS ESPEKTASI,sesuai ekspektasi,Baik\n",
        "series": f"nip;seri;tahun;bulan;nilai\n{NIP};ekinerja;2024;3;84,99\n{NIP};perilaku;2024;;90\n",
        "sanctions": f"nip,tingkat,tmt_hukuman,akhir_hukuman,nomor_sk,diperiksa\n{NIP},r,2020-01-01,31-12-2020,SK/1,tidak\n",
    }
    for kind, text in files.items():
        rows = text.count("\n") - 1
        assert load(kind, text) == Saved(added=rows)
        assert load(kind, text) == Saved(unchanged=rows)
    assert [(r.work_result, r.behaviour, r.predicate) for r in PerformanceRating.select()] == [("DI ATAS", "SESUAI", "BAIK")]
    assert sorted((s.series, s.month, s.value) for s in SeriesValue.select()) == [("ekinerja", 3, 8_499), ("perilaku", 0, 9_000)]
    assert [(s.level, s.starts_on, s.ends_on, s.decree_number, s.is_under_examination) for s in Sanction.select()] == [
        ("R", date(2020, 1, 1), date(2020, 12, 31), "SK/1", False)
    ]


def test_awards_are_kept_once(budi):
    text = (
        f"nip,tahun,tingkat,nama_penghargaan,pemberi\n{NIP},2023,Nasional,ASN Berprestasi,Kementerian PANRB\n{NIP},2022,provinsi,Inovasi,\n"
    )
    assert load("awards", text) == Saved(added=2)
    assert load("awards", text.replace("Kementerian PANRB", "KemenPANRB")) == Saved(changed=1, unchanged=1)
    assert sorted((a.employee_id, a.year, a.level, a.name, a.giver) for a in EmployeeAward.select()) == [
        (budi.id, 2022, "provinsi", "Inovasi", ""),
        (budi.id, 2023, "nasional", "ASN Berprestasi", "KemenPANRB"),
    ]
    assert refused("awards", f"nip,tahun,tingkat,nama_penghargaan\n{NIP},23,desa,\n") == [
        ("2", "tahun", "Tahun ditulis dengan empat angka, misalnya 2024."),
        ("2", "tingkat", "Harus salah satu dari: internasional, nasional, provinsi, kabupaten, instansi."),
        ("2", "nama_penghargaan", "Wajib diisi."),
    ]
    assert EmployeeAward.select().count() == 2


def test_columns_that_may_be_left_out(budi):
    assert load("ratings", f"nip,tahun,hasil_kerja,perilaku_kerja\n{NIP},2023,SESUAI,SESUAI\n") == Saved(added=1)
    assert load("series", f"nip,seri,tahun,nilai\n{NIP},perilaku,2023,80\n") == Saved(added=1)
    assert SeriesValue.get().month == 0


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace(",", ";"),
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.rstrip("\n") + "\n,,,\n\n",
        lambda text: text.replace("nip,tahun", " NIP ,Tahun"),
        lambda text: text.replace(NIP, f"'{NIP}"),
        lambda text: text.replace(NIP, f"{NIP[:8]} {NIP[8:14]} {NIP[14]} {NIP[15:]}"),
        lambda text: "\n".join(",".join(reversed(line.split(","))) for line in text.splitlines()),
    ],
    ids=["semicolons", "BOM", "line ends", "empty rows", "capitals", "apostrophe", "printed NIP", "order of columns"],
)
def test_ways_to_write_the_same_file(budi, change):
    assert load("attendance", change(f"{ATTENDANCE}{NIP},2024,4,97.50\n")) == Saved(added=1)
    assert [(row.month, row.realisation) for row in Attendance.select()] == [(4, 9_750)]


def test_every_bad_row_is_named_and_nothing_is_saved(cast):
    rows = [
        BUDI,
        BUDI,  # again
        WATI.replace("dinkes", "dinkess").replace("2021-03-01", "2021-02-30"),
        WATI.replace(PPPK, "1.99003E+17"),
        WATI.replace("1990-03-15", "16-03-1990").replace(PPPK, "199003152021212903"),
        WATI.replace(",ix,", ",III/a,").replace(PPPK, "199003152021212904"),
    ]
    assert refused("employees", EMPLOYEES + "".join(rows)) == [
        ("3", "nip", "Nomor induk ini sudah ada pada baris sebelumnya."),
        ("4", "tmt_pengangkatan", "Tanggal ini tidak ada dalam kalender."),
        ("4", "kode_unit", "Kode unit ini tidak dikenal: dinkess."),
        ("5", "nip", f"Nomor induk rusak oleh lembar kerja menjadi bentuk seperti 1,9E+17. {TEXT_COLUMN}"),
        ("6", "tanggal_lahir", "Tanggal lahir tidak sama dengan yang terkandung dalam nomor induk."),
        ("7", "golongan", "Golongan ini bukan golongan jenis ASN tersebut."),
    ]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("old", "new", "column", "message"),
    [
        (NIP, "", "nip", "Wajib diisi."),
        (NIP, '"1,98609E+17"', "nip", f"Nomor induk rusak oleh lembar kerja menjadi bentuk seperti 1,9E+17. {TEXT_COLUMN}"),
        (NIP, NIP[:15], "nip", f"Nomor induk hanya 15 angka, harus 18; mungkin terpotong oleh lembar kerja. {TEXT_COLUMN}"),
        (NIP, NIP[:15] + "000", "nip", f"Tiga angka terakhir nomor induk menjadi 000: dibulatkan oleh lembar kerja. {TEXT_COLUMN}"),
        (NIP, NIP + "1", "nip", "Nomor induk terdiri atas tepat 18 angka."),
        (NIP, "bukan angka", "nip", "Nomor induk terdiri atas tepat 18 angka."),
        (NIP, "198609262015051902", "nip", "Pegawai dengan nomor induk ini belum terdaftar."),
        ("2024", "24", "tahun", "Tahun ditulis dengan empat angka, misalnya 2024."),
        (",4,", ",13,", "bulan", "Bulan harus 1 sampai 12."),
        (",4,", ",April,", "bulan", "Bulan harus 1 sampai 12."),
        ("97.5", "100.01", "realisasi", "Paling besar 100."),
        ("97.5", "97.555", "realisasi", "Angka ditulis seperti 97,50 dengan paling banyak dua angka di belakang koma."),
        ("97.5", "-1", "realisasi", "Angka ditulis seperti 97,50 dengan paling banyak dua angka di belakang koma."),
        ("97.5", "97.5\x00", "realisasi", "Berisi karakter yang tidak boleh ada."),
    ],
)
def test_a_bad_cell_is_named_by_row_and_column(budi, old, new, column, message):
    row = f"{NIP},2024,4,97.5\n"
    assert refused("attendance", f"{ATTENDANCE}{NIP},2024,5,90\n{row.replace(old, new, 1)}") == [("3", column, message)]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        (
            "attendance",
            f"{ATTENDANCE}{NIP},2024,4,97,50\n",
            [("2", "Baris ini berisi 5 kolom, judulnya 4; teks atau angka yang memuat pemisah harus diapit tanda kutip.")],
        ),
        (
            "attendance",
            f"{ATTENDANCE}{NIP},2024,4,97\n{NIP},2024,4,98\n",
            [("3", "Orang dan waktu yang sama sudah ada pada baris sebelumnya.")],
        ),
        (
            "ratings",
            f"nip,tahun,hasil_kerja,perilaku_kerja,predikat\n{NIP},2023,SESUAI,SESUAI,SANGAT BAIK\n{NIP},2022,BAGUS,SESUAI,\n",
            [
                ("2", "predikat", CONTRADICTION),
                ("3", "hasil_kerja", "Penilaian harus DI ATAS, SESUAI atau DI BAWAH EKSPEKTASI."),
            ],
        ),
        ("series", f"nip,seri,tahun,nilai\n{NIP},lain,2023,80\n", [("2", "seri", "Harus salah satu dari: ekinerja, perilaku.")]),
        (
            "sanctions",
            f"nip,tingkat,tmt_hukuman,akhir_hukuman,nomor_sk,diperiksa\n{NIP},X,2020/01/01,,,mungkin\n{NIP},R,2020-01-02,2020-01-01,,\n",
            [
                ("2", "tingkat", "Harus salah satu dari: R, S, B."),
                ("2", "tmt_hukuman", "Tanggal ditulis seperti 2024-06-30 atau 30-06-2024."),
                ("2", "diperiksa", "Harus ya atau tidak."),
                ("3", "Tingkat harus R, S, atau B dan akhir hukuman tidak boleh sebelum mulai."),
            ],
        ),
        (
            "units",
            "kode_unit,nama_unit\nDINAS X,Dinas X\nbaru,Dinas Perhubungan\nbaru,Baru\n",
            [
                ("2", "kode_unit", "Kode unit terdiri atas 2 sampai 20 huruf kecil, angka, atau tanda hubung."),
                ("3", "nama_unit", "Nama ini sudah dipakai unit kerja lain."),
                ("4", "kode_unit", "Kode unit ini sudah ada pada baris sebelumnya."),
            ],
        ),
    ],
)
def test_bad_rows_of_every_kind(budi, kind, text, expected):
    assert refused(kind, text) == expected


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["Berkas ini kosong."]),
        ("\ufeff \n", ["Berkas ini kosong."]),
        (ATTENDANCE, ["Berkas ini kosong: tidak ada baris di bawah judul kolom."]),
        (ATTENDANCE + ",,,\n", ["Berkas ini kosong: tidak ada baris di bawah judul kolom."]),
        (ATTENDANCE.encode("utf-16"), ["Berkas ini bukan teks UTF-8. Simpan sebagai “CSV UTF-8 (dipisahkan koma)”."]),
        (b"PK\x03\x04", ["Ini buku kerja Excel, bukan CSV. Simpan sebagai “CSV UTF-8 (dipisahkan koma)”."]),
        (
            "nip,tahun,bulan,nilai,tahun\n1,2,3,4,5\n",
            [
                "Kolom tidak dikenal: nilai.",
                "Kolom tidak ada: realisasi.",
                "Kolom tertulis dua kali: tahun.",
                "Kolom berkas ini: nip, tahun, bulan, realisasi.",
            ],
        ),
        (
            f"{NIP},2024,4,97\n",
            [
                "Kolom tidak dikenal: …, 2024, 4, 97.",
                "Kolom tidak ada: nip, tahun, bulan, realisasi.",
                "Kolom berkas ini: nip, tahun, bulan, realisasi.",
            ],
        ),
        (f'{ATTENDANCE}{NIP},2024,4,"97\n', ["Baris 2 tidak dapat dibaca; periksa tanda kutipnya."]),
    ],
)
def test_a_file_that_cannot_be_used(budi, text, expected):
    assert refused("attendance", text) == [(message,) for message in expected]


def test_a_number_in_the_wrong_column_is_not_repeated(cast):
    assert refused("employees", EMPLOYEES + BUDI.replace("dinkes", NIP)) == [("2", "kode_unit", "Kode unit ini tidak dikenal: ….")]


def test_a_dry_run_says_what_it_would_do_and_saves_nothing(budi):
    before = [table.select().count() for table in TABLES]
    assert load("employees", EMPLOYEES + BUDI.replace("III/c", "III/d") + WATI, dry_run=True) == Saved(1, 1, 0)
    assert [table.select().count() for table in TABLES] == before
    assert Employee.get_by_id(budi.id).grade == "III/c"
    assert audit.verify().broken_at is None
    assert load("employees", EMPLOYEES + BUDI.replace("III/c", "III/d") + WATI) == Saved(1, 1, 0)


def test_only_those_who_may_import_do(cast):
    with pytest.raises(Forbidden):
        imports.load(cast.unit_admin, "employees", (EMPLOYEES + BUDI).encode())
    assert Employee.select().count() == 0


def many(count):
    """Rows of synthetic numbers, all different."""
    numbers = (f"19{60 + n // 336 % 40}{n % 12 + 1:02d}{n // 12 % 28 + 1:02d}201505{n // 13440 % 2 + 1}900" for n in range(count))
    return [BUDI.replace(NIP, nip[:-3] + "901").replace("26-09-1986", f"{nip[:4]}-{nip[4:6]}-{nip[6:8]}") for nip in numbers]


@pytest.mark.parametrize("kind", ["employees", "attendance", "sanctions"])
def test_the_count_of_statements_does_not_grow_within_a_batch(cast, db, kind):
    people = many(500)
    texts = {
        "employees": EMPLOYEES + "{}",
        "attendance": ATTENDANCE + "{}",
        "sanctions": "nip,tingkat,tmt_hukuman,akhir_hukuman,nomor_sk,diperiksa\n{}",
    }
    rows = {
        "employees": people,
        "attendance": [f"{row[:18]},2024,4,90\n" for row in people],
        "sanctions": [f"{row[:18]},R,2020-01-01,,SK,\n" for row in people],
    }[kind]
    if kind != "employees":
        load("employees", EMPLOYEES + "".join(people))
    sent = []
    for chunk in (rows[:1], rows):
        with builders.counted(db) as statements:
            load(kind, texts[kind].format("".join(chunk)), dry_run=True)
        sent.append(len(statements))
    assert sent[0] == sent[1]


def test_the_columns_in_the_documents_are_the_columns_read():
    text = (Path(__file__).parent.parent / "docs" / "operations.md").read_text(encoding="utf-8")
    for name, kind in imports.KINDS.items():
        section = text.split(f"### `{name}`")[1].split("\n### ")[0].split("\n## ")[0]
        columns = [line.split("`")[1] for line in section.splitlines() if line.startswith("| `")]
        assert columns == [column.name for column in kind.columns]


def test_packaged_codes_fit_the_table(db):
    assert set(siasn_codes()) >= {"eselon", "golongan_pns", "jenis_jabatan", "kedudukan_hukum"}
    assert ReferenceCode.select().count() == 0
