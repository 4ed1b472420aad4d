"""What BKPSDM writes to people outside the product: the prepared text, and the link that opens it in WhatsApp."""

from __future__ import annotations

from datetime import date
from urllib.parse import quote

from sipetruk.rules.dates import day_text


def to_nominate(unit: str, period: str, closes_on: date | None) -> str:
    """The text for a unit that has not nominated; it names nobody."""
    until = f" Batasnya {day_text(closes_on)} pukul 23.59 WITA." if closes_on else ""
    return (
        f"Yth. Bapak/Ibu, menurut catatan SI PETRUK {unit} belum mengajukan usulan pada {period}.{until}"
        " Mohon masuk ke SI PETRUK untuk menyusun dan mengajukannya. Terima kasih. BKPSDM Kabupaten Balangan."
    )


def to_assess(count: int, period: str, closes_on: date | None) -> str:
    """The text for an assessor with open sheets; it names no nominee."""
    until = f" Batasnya {day_text(closes_on)} pukul 23.59 WITA." if closes_on else ""
    return (
        f"Yth. Bapak/Ibu penilai, {count} lembar penilaian pada {period} belum dikirim.{until}"
        " Mohon masuk ke SI PETRUK untuk menyelesaikannya. Terima kasih. BKPSDM Kabupaten Balangan."
    )


def whatsapp(phone: str, text: str) -> str:
    """The address that opens WhatsApp with the text ready to be sent; `phone` as international digits."""
    return f"https://wa.me/{phone}?text={quote(text, safe='')}"
