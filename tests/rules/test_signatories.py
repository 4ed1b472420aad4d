"""Signatories: the lines as letters of the regency carry them, terms that do not overlap, who signs on a day."""

from dataclasses import dataclass
from datetime import date

import pytest

from sipetruk.errors import Invalid
from sipetruk.rules.signatories import Person, SignatoryStatus, check_term, checked, footing, heading, on_day, one_line
from tests.rules.building import problems

ON_BEHALF = SignatoryStatus.ON_BEHALF
STATUS = "Tulis jabatannya saja; Pj., Plt., Plh., dan a.n. ditulis dari status."
BEHALF = "Sebutkan atas nama siapa, misalnya Bupati Balangan."
NO_DAY = "Delapan angka pertama harus tanggal lahir (tahun, bulan, hari)."


@dataclass(frozen=True)
class Term:
    valid_from: date
    valid_to: date | None


def person(status, position="Sekretaris Daerah", behalf=""):
    return Person("Drs. H. Ahmad, M.Si.", position, SignatoryStatus(status), behalf, "Pembina Utama Muda", "")


@pytest.mark.parametrize(
    ("who", "lines", "line"),
    [
        (person("definitif", "Bupati Balangan"), ("Bupati Balangan,",), "Bupati Balangan"),
        (person("definitif", "Kepala Bagian X"), ("Kepala Bagian X,",), "Kepala Bagian X"),
        (person("pj", "Bupati Balangan"), ("Pj. Bupati Balangan,",), "Pj. Bupati Balangan"),
        (person("plt", "Kepala BKPSDM"), ("Plt. Kepala BKPSDM,",), "Plt. Kepala BKPSDM"),
        (person("plh", "Kepala BKPSDM"), ("Plh. Kepala BKPSDM,",), "Plh. Kepala BKPSDM"),
        (person("an", behalf="Bupati Balangan"), ("a.n. Bupati Balangan", "Sekretaris Daerah,"), "a.n. Bupati Balangan, Sekretaris Daerah"),
        (
            person("an", "Plt. Sekretaris Daerah", "Bupati Balangan"),
            ("a.n. Bupati Balangan", "Plt. Sekretaris Daerah,"),
            "a.n. Bupati Balangan, Plt. Sekretaris Daerah",
        ),
    ],
)
def test_lines_above_a_signature(who, lines, line):
    assert (heading(who), one_line(who)) == (lines, line)
    assert checked(who) == who


def test_lines_below_a_signature_hold_the_number_only_on_papers_of_the_service():
    who = Person("Ahmad", "Kepala", SignatoryStatus.DEFINITIVE, nip="198609262015051001", rank_title="Pembina")
    assert footing(who) == ("Ahmad", "Pembina")
    assert footing(who, with_nip=True) == ("Ahmad", "Pembina", "NIP 19860926 201505 1 001")
    assert footing(Person("Ahmad", "Bupati", SignatoryStatus.DEFINITIVE), with_nip=True) == ("Ahmad",)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"name": " "}, [(("name",), "Wajib diisi, paling banyak 150 karakter.")]),
        ({"name": "x" * 151}, [(("name",), "Wajib diisi, paling banyak 150 karakter.")]),
        ({"position": ""}, [(("position",), "Wajib diisi, paling banyak 200 karakter.")]),
        ({"position": "x" * 201}, [(("position",), "Wajib diisi, paling banyak 200 karakter.")]),
        ({"position": "Plt. Kepala"}, [(("position",), STATUS)]),
        ({"position": "a.n. Bupati"}, [(("position",), STATUS)]),
        ({"status": ON_BEHALF}, [(("onBehalfOf",), BEHALF)]),
        ({"status": ON_BEHALF, "on_behalf_of": "x" * 201}, [(("onBehalfOf",), BEHALF)]),
        ({"on_behalf_of": "Bupati"}, [(("onBehalfOf",), "Kosongkan, kecuali statusnya a.n.")]),
        ({"rank_title": "x" * 81}, [(("rankTitle",), "Paling banyak 80 karakter.")]),
        ({"nip": "123"}, [(("nip",), "Nomor induk terdiri atas tepat 18 angka.")]),
        ({"name": "", "nip": "9" * 18}, [(("name",), "Wajib diisi, paling banyak 150 karakter."), (("nip",), NO_DAY)]),
    ],
)
def test_what_cannot_stand_on_paper(changes, expected):
    given = {"name": "Ahmad", "position": "Kepala", "status": SignatoryStatus.DEFINITIVE} | changes
    with pytest.raises(Invalid) as refused:
        checked(Person(**given))
    assert problems(refused) == expected
    assert {problem.code for problem in refused.value.problems} == {"BAD_USER_INPUT"}
    assert "123" not in refused.value.message


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "x", "position": "x"},
        {"name": "x" * 150, "position": "x" * 200, "rank_title": "x" * 80},
        {"status": ON_BEHALF, "on_behalf_of": "x"},
        {"status": ON_BEHALF, "on_behalf_of": "x" * 200},
    ],
)
def test_what_can_stand_on_paper(changes):
    given = Person(**({"name": "Ahmad", "position": "Kepala", "status": SignatoryStatus.DEFINITIVE} | changes))
    assert checked(given) == given


def test_blanks_around_what_was_typed_do_not_count():
    assert checked(Person(" Ahmad ", " Kepala ", SignatoryStatus.ACTING, nip="19860926 201505 1 001")) == Person(
        "Ahmad", "Kepala", SignatoryStatus.ACTING, nip="198609262015051001"
    )


FIRST, LAST = date(2025, 1, 1), date(2025, 12, 31)
OVERLAP = "Bertumpang tindih dengan penanda tangan lain, %s. Akhiri yang lama lebih dahulu."


@pytest.mark.parametrize(
    ("begins", "ends", "is_refused"),
    [
        (date(2024, 1, 1), date(2024, 12, 31), False),
        (date(2024, 1, 1), FIRST, True),
        (date(2024, 1, 1), None, True),
        (date(2025, 6, 1), date(2025, 6, 2), True),
        (LAST, date(2026, 5, 1), True),
        (date(2026, 1, 1), None, False),
    ],
)
def test_terms_of_a_document_do_not_overlap(begins, ends, is_refused):
    if is_refused:
        with pytest.raises(Invalid) as refused:
            check_term(begins, ends, [Term(FIRST, LAST)])
        assert problems(refused) == [(("startsOn",), OVERLAP % "1 Januari 2025 sampai 31 Desember 2025")]
    else:
        check_term(begins, ends, [Term(FIRST, LAST)])


def test_an_open_term_lasts_and_one_that_ends_before_it_begins_is_none():
    with pytest.raises(Invalid) as refused:
        check_term(date(2030, 1, 1), None, [Term(FIRST, None)])
    assert problems(refused) == [(("startsOn",), OVERLAP % "1 Januari 2025 sampai seterusnya")]
    with pytest.raises(Invalid) as backwards:
        check_term(LAST, FIRST, [])
    assert problems(backwards) == [(("endsOn",), "Tidak boleh sebelum tanggal mulai.")]
    check_term(FIRST, FIRST, [])


def test_who_signs_on_a_day():
    terms = [Term(FIRST, LAST), Term(date(2026, 1, 1), None)]
    days = [date(2024, 12, 31), FIRST, LAST, date(2026, 1, 1), date(2040, 1, 1)]
    assert [on_day(terms, day) for day in days] == [None, terms[0], terms[0], terms[1], terms[1]]
