"""Instrument files in the panel: downloads, an import that shows first what it would do, and every problem by its place."""

import hashlib
import html
import io
import json
import re

import pytest

from sipetruk.documents import instrument_files as files
from sipetruk.models import AuditEntry, Instrument, InstrumentVersion
from sipetruk.rules import exchange
from sipetruk.rules import instrument as rules
from sipetruk.services import instruments as services
from sipetruk.starters import starter
from tests.services import builders

PAGE = "/admin/instrumen"


@pytest.fixture
def version(cast):
    return services.create(cast.bkpsdm, code="asn-2024", name="ASN Berprestasi", definition=starter("balangan-2024"))


def content(version_id):
    row = InstrumentVersion.get_by_id(version_id)
    return row.definition, row.examples, row.row_version


def everything():
    return Instrument.select().count(), InstrumentVersion.select().count(), AuditEntry.select().count()


def upload(visitor, path, data, **fields):
    return visitor.post(path, file=(io.BytesIO(data), "berkas.bin"), **fields)


def confirmation(answer):
    """What the button of a trial sends."""
    form = re.search(r'<form method="post" class="buttons">.*?</form>', answer.text, re.DOTALL).group(0)
    pairs = [dict(re.findall(r'(\w+)="([^"]*)"', tag)) for tag in re.findall(r"<input[^>]*>", form)]
    return {pair["name"]: html.unescape(pair.get("value", "")) for pair in pairs if pair["name"] != "csrf_token"}


def changed(title="Judul dari berkas"):
    return rules.parse(starter("balangan-2024") | {"title": title})


@pytest.mark.parametrize(("who", "status"), [("bkpsdm", 200), ("viewer", 200), ("assessor", 200), ("unit_admin", 403)])
def test_who_may_take_an_instrument_away(visit, version, who, status):
    visitor = visit(who)
    assert visitor.get(f"{PAGE}/{version}/berkas/").status_code == status
    assert visitor.get(f"{PAGE}/{version}/berkas/unduh/?jenis=toml").status_code == status


@pytest.mark.parametrize("kind", files.KINDS)
def test_a_download_is_what_the_page_says_it_is(visit, version, kind):
    visitor = visit("viewer")
    answer = visitor.get(f"{PAGE}/{version}/berkas/unduh/?jenis={kind}")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="asn-2024-v1.{kind}"'
    assert hashlib.sha256(answer.data).hexdigest() in visitor.get(f"{PAGE}/{version}/berkas/").text
    assert files.read_file(answer.data).definition == rules.parse(content(version)[0])


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_an_unknown_kind_of_file_is_refused(visit, version):
    assert visit("viewer").get(f"{PAGE}/{version}/berkas/unduh/?jenis=exe").status_code == 422


def test_an_import_into_a_draft_shows_the_difference_and_then_writes_it(visit, version):
    visitor = visit("bkpsdm")
    path = f"{PAGE}/{version}/berkas/impor/"
    before = everything()
    shown = upload(visitor, path, files.write_file("xlsx", changed()))
    assert (shown.status_code, everything()) == (200, before)
    assert "Judul dari berkas" in shown.text
    assert "Instrumen: judul diubah." in shown.text
    answer = visitor.post(path, **confirmation(shown))
    assert (answer.status_code, answer.location) == (303, f"{PAGE}/{version}/")
    assert content(version) == (changed().to_dict(), [], 2)
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).first()
    assert (entry.reason, entry.after) == ("Diimpor dari berkas", {"imported_sha256": confirmation(shown)["sha256"]})


def test_a_file_becomes_a_new_instrument_whose_code_follows_from_its_name(visit, cast):
    visitor = visit("bkpsdm")
    shown = upload(visitor, f"{PAGE}/impor/", files.write_file("toml", changed()), name="ASN Teladan 2026")
    assert Instrument.select().count() == 0
    assert visitor.post(f"{PAGE}/impor/", **confirmation(shown)).status_code == 303
    made = InstrumentVersion.get()
    assert (made.instrument.code, made.number, made.state, made.definition) == ("asn-teladan-2026", 1, "draft", changed().to_dict())


def test_a_locked_version_stays_and_the_file_becomes_the_next_draft(visit, version, cast):
    services.lock(cast.bkpsdm, version_id=version, expected_version=1)
    locked = content(version)
    visitor = visit("bkpsdm")
    path = f"{PAGE}/{version}/berkas/impor/"
    shown = upload(visitor, path, files.write_file("json", changed()))
    visitor.post(path, **confirmation(shown))
    assert content(version) == locked
    draft = InstrumentVersion.get(InstrumentVersion.number == 2)
    assert (draft.state, draft.definition) == ("draft", changed().to_dict())
    again = upload(visitor, path, files.write_file("json", changed("Lain")))
    assert again.status_code == 409
    assert "Masih ada draf versi 2" in again.text


def test_what_is_wrong_is_listed_by_row_and_nothing_is_saved(visit, version):
    text = files.write_file("toml", changed()).decode().replace("step = 1", "step = 0.001", 2).replace("label =", "lable =", 1)
    before = everything(), content(version)
    answer = upload(visit("bkpsdm"), f"{PAGE}/{version}/berkas/impor/", text.encode())
    assert answer.status_code == 422
    rows = re.findall(r'<tr><th scope="row" class="text">(baris \d+)[^<]*</th><td[^>]*>([^<]*)</td>', answer.text)
    assert sorted(message for _, message in rows) == sorted(
        [
            "Nama ini tidak dikenal dalam format ini.",
            "Paling banyak dua angka di belakang koma.",
            "Paling banyak dua angka di belakang koma.",
            "Wajib diisi.",
        ]
    )
    assert (everything(), content(version)) == before


def test_somebody_else_was_quicker(visit, version, cast):
    visitor = visit("bkpsdm")
    path = f"{PAGE}/{version}/berkas/impor/"
    shown = upload(visitor, path, files.write_file("json", changed()))
    services.save_definition(cast.bkpsdm, version_id=version, definition=changed("Lebih dahulu").to_dict(), expected_version=1)
    answer = visitor.post(path, **confirmation(shown))
    assert answer.status_code == 409
    assert "sudah diubah orang lain" in answer.text
    assert content(version)[0]["title"] == "Lebih dahulu"
    shown = upload(visitor, path, files.write_file("json", changed()), row_version=1)
    assert visitor.post(path, **confirmation(shown)).status_code == 303


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("document", ["{", "null", "[1.5]", json.dumps({"format": "sipetruk-instrument/1", "title": 1.5}), "[" * 100_000])
def test_a_confirmation_that_was_tampered_with_writes_nothing(visit, version, document):
    visitor = visit("bkpsdm")
    path = f"{PAGE}/{version}/berkas/impor/"
    sent = confirmation(upload(visitor, path, files.write_file("json", changed())))
    before = everything(), content(version)
    assert visitor.post(path, **sent | {"document": document}).status_code == 422
    other = json.dumps(exchange.write(changed("Bukan yang diperiksa")))
    assert visitor.post(path, **sent | {"document": other}).status_code == 409
    assert (everything(), content(version)) == before


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_no_file_and_a_taken_code_are_said_beside_their_fields(visit, version):
    visitor = visit("bkpsdm")
    none = visitor.post(f"{PAGE}/{version}/berkas/impor/", row_version=1)
    assert (none.status_code, "Pilih berkas yang akan diimpor." in none.text) == (422, True)
    taken = upload(visitor, f"{PAGE}/impor/", files.write_file("json", changed()), name="Lain", code="asn-2024")
    assert (taken.status_code, "sudah dipakai" in taken.text) == (409, True)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("path", ["impor/", "{}/berkas/impor/", "mulai/", "mulai/kosong/", "{}/langkah/"])
def test_only_editors_import_and_begin(visit, version, path):
    assert visit("viewer").get(f"{PAGE}/{path.format(version)}").status_code == 403


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_empty_workbook_says_what_it_lacks(visit, version):
    visitor = visit("bkpsdm")
    answer = visitor.get(f"{PAGE}/impor/templat/")
    refused = upload(visitor, f"{PAGE}/impor/", answer.data, name="Kosong")
    assert "lembar Instrumen, baris 3 (Judul)" in refused.text


# The starters and the first instrument


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_every_starter_is_listed_with_its_weights(visit, version):
    text = visit("bkpsdm").get(f"{PAGE}/awal/").text
    assert [name for name in ("Nilai dasar ASN BerAKHLAK", "Enam sifat PNS", "bobot 30 %", "100 poin") if name not in text] == []
    assert "Pakai" not in visit("viewer").get(f"{PAGE}/awal/").text


def test_a_first_instrument_step_by_step(visit, cast):
    visitor = visit("bkpsdm")
    assert "mulai/balangan-2023/" in visitor.get(f"{PAGE}/mulai/").text
    answer = visitor.send(f"{PAGE}/mulai/balangan-2023/", name="ASN Berprestasi", year="2027")
    made = InstrumentVersion.get()
    assert answer.location == f"{PAGE}/{made.id}/langkah/"
    assert (made.instrument.code, made.state) == ("asn-berprestasi", "draft")
    tree = rules.parse(made.definition)
    assert rules.criterion(tree, "kehadiran_3bln").source.months == ("2027-04", "2027-05", "2027-06")
    assert rules.criterion(tree, "predikat_skp").source.year == 2026
    page = visitor.get(answer.location).text
    assert re.findall(r'class="badge (\w+)">(?:Selesai|Belum|Periksa sendiri)', page)[:5] == ["good", "good", "good", "good", "plain"]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_beginning_with_nothing_leaves_everything_to_do(visit, cast):
    visitor = visit("bkpsdm")
    answer = visitor.send(f"{PAGE}/mulai/kosong/", name="Baru sama sekali", title="Instrumen baru", code="baru")
    assert InstrumentVersion.get().definition["title"] == "Instrumen baru"
    page = visitor.get(answer.location).text
    assert "Instrumen belum mempunyai komponen." in page
    assert visitor.get(f"{PAGE}/mulai/tidak-ada/").status_code == 404


def test_a_tiny_instrument_has_no_year_to_adapt(visit, cast):
    made = services.create(cast.bkpsdm, code="kecil", name="Kecil", definition=builders.tiny_instrument())
    assert visit("bkpsdm").get(f"{PAGE}/{made}/langkah/").status_code == 200
