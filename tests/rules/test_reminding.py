"""The prepared texts name no person, and the link carries them whole."""

from datetime import date
from urllib.parse import parse_qs, urlsplit

from sipetruk.rules.reminding import to_assess, to_nominate, whatsapp


def test_the_text_for_a_unit():
    assert to_nominate("Dinas Kesehatan", "ASN Berprestasi 2024", date(2024, 10, 15)) == (
        "Yth. Bapak/Ibu, menurut catatan SI PETRUK Dinas Kesehatan belum mengajukan usulan pada ASN Berprestasi 2024."
        " Batasnya 15 Oktober 2024 pukul 23.59 WITA. Mohon masuk ke SI PETRUK untuk menyusun dan mengajukannya."
        " Terima kasih. BKPSDM Kabupaten Balangan."
    )


def test_the_text_for_an_assessor_without_a_last_day():
    assert to_assess(3, "ASN Berprestasi 2024", None) == (
        "Yth. Bapak/Ibu penilai, 3 lembar penilaian pada ASN Berprestasi 2024 belum dikirim."
        " Mohon masuk ke SI PETRUK untuk menyelesaikannya. Terima kasih. BKPSDM Kabupaten Balangan."
    )


def test_the_last_day_is_named_where_there_is_one():
    assert to_assess(1, "ASN Berprestasi 2024", date(2024, 10, 31)) == (
        "Yth. Bapak/Ibu penilai, 1 lembar penilaian pada ASN Berprestasi 2024 belum dikirim."
        " Batasnya 31 Oktober 2024 pukul 23.59 WITA. Mohon masuk ke SI PETRUK untuk menyelesaikannya."
        " Terima kasih. BKPSDM Kabupaten Balangan."
    )
    assert to_nominate("Dinas Kesehatan", "ASN Berprestasi 2024", None) == (
        "Yth. Bapak/Ibu, menurut catatan SI PETRUK Dinas Kesehatan belum mengajukan usulan pada ASN Berprestasi 2024."
        " Mohon masuk ke SI PETRUK untuk menyusun dan mengajukannya. Terima kasih. BKPSDM Kabupaten Balangan."
    )


def test_the_link_opens_whatsapp_with_the_text():
    text = "Dinas A & B? #1, 100 %/mulai"
    link = urlsplit(whatsapp("628123456789", text))
    assert (link.scheme, link.netloc, link.path, parse_qs(link.query), link.fragment) == (
        "https",
        "wa.me",
        "/628123456789",
        {"text": [text]},
        "",
    )
    assert whatsapp("62", "a/b c") == "https://wa.me/62?text=a%2Fb%20c"
