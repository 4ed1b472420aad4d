"""Certificates of published winners (piagam), one page each, with the code by which anybody checks them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import segno

from sipetruk.documents.papers.letterhead import Letterhead, Signature
from sipetruk.documents.papers.typesetting import clean, pdf
from sipetruk.rules.dates import day_text

_MASK = 3
"""Always the same pattern: looking for the best of eight takes five times as long, and any of them is read."""


@dataclass(frozen=True)
class Certificate:
    """What a certificate says, all of it published; `check_url` is the address that the picture leads to."""

    name: str
    position: str
    unit: str
    category: str
    place: int
    period: str
    citation: str
    decree_number: str
    decree_on: date
    check_code: str
    check_url: str


def certificates_pdf(certificates: Sequence[Certificate], *, letterhead: Letterhead, signature: Signature, made_at: datetime) -> bytes:
    """The certificates in the order given, lengthwise on 297 x 215 mm; no NIP stands on them."""
    values = {
        "letterhead": letterhead.told(),
        "signature": signature.told(with_nip=False),
        "certificates": [_told(each) for each in certificates],
    }
    return pdf("certificate", {**clean(values), "codes": [_picture(each.check_url) for each in certificates]}, made_at=made_at)


def _told(certificate: Certificate) -> dict[str, Any]:
    return {
        "name": certificate.name,
        "position": certificate.position,
        "unit": certificate.unit,
        "award": f"Pemenang Peringkat {certificate.place}",
        "category": certificate.category,
        "period": certificate.period,
        "citation": certificate.citation,
        "decree": f"Nomor {certificate.decree_number} tanggal {day_text(certificate.decree_on)}",
        "code": certificate.check_code,
        "address": certificate.check_url.partition("?")[0],
    }


def _picture(address: str) -> str:
    """The address as a QR code in SVG."""
    out = io.BytesIO()
    segno.make_qr(address, error="m", mask=_MASK).save(out, kind="svg", border=2, xmldecl=False, nl=False)
    return out.getvalue().decode()
