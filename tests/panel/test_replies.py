"""The verifier reads what the unit answered: beside each requirement, and to the reason of the return."""

from __future__ import annotations

from datetime import date

import pytest

from sipetruk.services import checks, nominations, returns
from tests.portal import pages
from tests.services import builders
from tests.services.builders import version_of


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_answers_of_the_unit_stand_where_the_verifier_asked(visit, cast):
    id_ = builders.submitted(cast, builders.open_round(cast))
    with builders.standing_at(2024, 10, 14):
        items = {"proposal": ("absent", "Halaman <2> hilang.")}
        version = checks.record_items(cast.verifier, nomination_id=id_, items=items, expected_version=version_of(id_))
        checks.return_(cast.verifier, nomination_id=id_, reason="Lengkapi.", due_on=date(2024, 10, 20), expected_version=version)
        waiting = visit("verifier").get(f"/admin/verifikasi/{id_}/").text
        replies = {"": "Sudah <lengkap>.", "proposal": "Ada di lampiran."}
        returns.reply(cast.unit_admin, nomination_id=id_, replies=replies, expected_version=version_of(id_))
        nominations.endorse(cast.unit_head, nomination_id=id_, expected_version=version_of(id_))
        nominations.submit(cast.unit_admin, nomination_id=id_, expected_version=version_of(id_))
        answered = visit("verifier").get(f"/admin/verifikasi/{id_}/").text
    assert pages.plain(waiting, '<div class="returned">', "</div>") == [
        "Alasan pengembalian terakhir : Lengkapi. Belum dijawab unit.",
        "Pengembalian terakhir : Halaman <2> hilang. Belum dijawab unit.",
    ]
    by = "Sari Pengusul, 14 Oktober 2024 pukul 10.00 WITA"
    assert pages.plain(answered, '<div class="returned">', "</div>") == [
        f"Alasan pengembalian terakhir : Lengkapi. Jawaban unit : Sudah <lengkap>. {by}",
        f"Pengembalian terakhir : Halaman <2> hilang. Jawaban unit : Ada di lampiran. {by}",
    ]
