"""The 45 work units of Kabupaten Balangan under their present names, each with a short code and the kind of work it does."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Unit:
    """`field` chooses the positions and innovations that fit; `head` is how its head is called."""

    code: str
    name: str
    field: str
    head: str


_DINAS = "Kepala Dinas"
_BADAN = "Kepala Badan"

UNITS = (
    Unit("setda", "Sekretariat Daerah", "umum", "Sekretaris Daerah"),
    Unit("setwan", "Sekretariat DPRD", "umum", "Sekretaris DPRD"),
    Unit("inspektorat", "Inspektorat Daerah", "pengawasan", "Inspektur Daerah"),
    Unit("bkpsdm", "Badan Kepegawaian dan Pengembangan Sumber Daya Manusia", "kepegawaian", _BADAN),
    Unit("kesbangpol", "Badan Kesatuan Bangsa dan Politik", "umum", _BADAN),
    Unit("bpkpad", "Badan Pengelolaan Keuangan, Pendapatan dan Aset Daerah", "keuangan", _BADAN),
    Unit("bpbd", "Badan Penanggulangan Bencana Daerah", "tanggap", "Kepala Pelaksana"),
    Unit("balitbangda", "Badan Penelitian dan Pengembangan Daerah", "rencana", _BADAN),
    Unit("bappeda", "Badan Perencanaan Pembangunan Daerah", "rencana", _BADAN),
    Unit("dinas-kearsipan", "Dinas Kearsipan", "arsip", _DINAS),
    Unit("dispora", "Dinas Kepemudaan dan Olahraga", "umum", _DINAS),
    Unit("disdukcapil", "Dinas Kependudukan dan Pencatatan Sipil", "layanan", _DINAS),
    Unit("dinkes", "Dinas Kesehatan", "kesehatan", _DINAS),
    Unit("dkp", "Dinas Ketahanan Pangan", "pertanian", _DINAS),
    Unit("diskominfo", "Dinas Komunikasi dan Informatika", "komputer", _DINAS),
    Unit("diskopukmperin", "Dinas Koperasi, Usaha Kecil/Mikro dan Perindustrian", "usaha", _DINAS),
    Unit("dlh", "Dinas Lingkungan Hidup", "lingkungan", _DINAS),
    Unit("dispar", "Dinas Pariwisata", "usaha", _DINAS),
    Unit("dpupr", "Dinas Pekerjaan Umum dan Penataan Ruang", "teknik", _DINAS),
    Unit("dpmd", "Dinas Pemberdayaan Masyarakat dan Desa", "sosial", _DINAS),
    Unit("dp3a", "Dinas Pemberdayaan Perempuan dan Perlindungan Anak", "sosial", _DINAS),
    Unit("dpmptsp", "Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu", "layanan", _DINAS),
    Unit("disdikbud", "Dinas Pendidikan dan Kebudayaan", "pendidikan", _DINAS),
    Unit("dppkb", "Dinas Pengendalian Penduduk dan Keluarga Berencana", "sosial", _DINAS),
    Unit("disdag", "Dinas Perdagangan", "usaha", _DINAS),
    Unit("dishub", "Dinas Perhubungan", "teknik", _DINAS),
    Unit("diskan", "Dinas Perikanan", "pertanian", _DINAS),
    Unit("dispus", "Dinas Perpustakaan", "arsip", _DINAS),
    Unit("distan", "Dinas Pertanian", "pertanian", _DINAS),
    Unit("disperkim", "Dinas Perumahan Rakyat dan Kawasan Permukiman", "teknik", _DINAS),
    Unit("dinsos", "Dinas Sosial", "sosial", _DINAS),
    Unit("disnakertrans", "Dinas Tenaga Kerja dan Transmigrasi", "usaha", _DINAS),
    Unit("satpolpp", "Satuan Polisi Pamong Praja", "tanggap", "Kepala Satuan"),
    Unit("rsud", "Rumah Sakit Umum Daerah Balangan", "kesehatan", "Direktur"),
    Unit("kec-paringin", "Kecamatan Paringin", "layanan", "Camat"),
    Unit("kec-paringin-selatan", "Kecamatan Paringin Selatan", "layanan", "Camat"),
    Unit("kec-awayan", "Kecamatan Awayan", "layanan", "Camat"),
    Unit("kec-tebing-tinggi", "Kecamatan Tebing Tinggi", "layanan", "Camat"),
    Unit("kec-batumandi", "Kecamatan Batumandi", "layanan", "Camat"),
    Unit("kec-lampihong", "Kecamatan Lampihong", "layanan", "Camat"),
    Unit("kec-juai", "Kecamatan Juai", "layanan", "Camat"),
    Unit("kec-halong", "Kecamatan Halong", "layanan", "Camat"),
    Unit("kel-paringin-kota", "Kelurahan Paringin Kota", "layanan", "Lurah"),
    Unit("kel-paringin-timur", "Kelurahan Paringin Timur", "layanan", "Lurah"),
    Unit("kel-batu-piring", "Kelurahan Batu Piring", "layanan", "Lurah"),
)
