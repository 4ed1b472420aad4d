"""What BKPSDM keeps besides the rounds: who signs, whom to ask, and what it has announced."""

from __future__ import annotations

from datetime import date

from sipetruk.demo.moments import at
from sipetruk.demo.scene import Scene
from sipetruk.rules.announcement_states import Text
from sipetruk.rules.signatories import Person, SignatoryStatus, SignedDocument
from sipetruk.services import announcements, settings, signatories

REGENT = Person("Ahmad Noor Fitriadi", "Bupati Balangan", SignatoryStatus.DEFINITIVE)
SECRETARY = Person("Rusmadi Hidayat, S.Sos., M.Si.", "Sekretaris Daerah", SignatoryStatus.ON_BEHALF, "Bupati Balangan")
HEAD = Person("Norhayati, S.E., M.M.", "Kepala BKPSDM Kabupaten Balangan", SignatoryStatus.ACTING, rank_title="Pembina Tingkat I")
CONTACT = {
    "agency_address": "Kompleks Perkantoran Kabupaten Balangan\nParingin Selatan",
    "help_hours": "Senin sampai Jumat, 08.00 sampai 16.00 WITA",
    "help_email": "bkpsdm@contoh.go.id",
}
"""Made up, like everybody here."""
NEWS = (
    (
        "cara-mengusulkan",
        True,
        Text(
            "Cara mengusulkan ASN berprestasi",
            "Usulan disusun oleh **Admin OPD**, disahkan oleh kepala OPD, lalu diajukan ke BKPSDM.\n\n"
            "## Yang perlu disiapkan\n\n- inovasi beserta dampaknya\n- bukti dukung dalam bentuk PDF\n- SKP dua tahun terakhir\n\n"
            "Syarat dan cara menilainya ada pada halaman [periode](/periode/).",
            "How civil servants are nominated",
            "A nomination is drafted by the **unit's officer**, endorsed by the head of the unit, and handed to the personnel agency.\n\n"
            "Conditions and method are on the page of the [period](/periode/).",
        ),
    ),
    (
        "layanan-tatap-muka",
        False,
        Text(
            "Layanan tatap muka",
            "Pertanyaan tentang isian dan bukti dijawab di loket BKPSDM setiap *Selasa dan Kamis*, 09.00 sampai 12.00 WITA.",
        ),
    ),
)


def furnish(scene: Scene, day: date, *, signing_since: int) -> None:
    """Name the signatories from a year on, fill in the contact and publish the announcements, all on one day."""
    admin = scene.actors["bkpsdm"]
    since = date(signing_since, 1, 1)
    with at(day):
        for documents, person in (
            ((SignedDocument.CERTIFICATE,), REGENT),
            ((SignedDocument.DECREE,), SECRETARY),
            ((SignedDocument.MINUTES, SignedDocument.RECAP, SignedDocument.LETTER), HEAD),
        ):
            signatories.add(admin, documents=documents, person=person, valid_from=since)
        for key, value in CONTACT.items():
            settings.change(admin, key=key, value=value, expected_version=0)
        for slug, is_pinned, text in NEWS:
            number = announcements.create(admin, slug=slug, text=text, is_pinned=is_pinned)
            announcements.publish(admin, announcement_id=number, expected_version=1)
