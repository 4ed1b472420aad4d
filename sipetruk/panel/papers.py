"""Papers to be signed by hand: minutes and recap of a final ranking, certificates of the published winners."""

from __future__ import annotations

from flask import Response, url_for

from sipetruk.documents.papers.certificates import certificates_pdf
from sipetruk.documents.papers.minutes import minutes_pdf, recap_pdf
from sipetruk.panel.kit import Answer, Page, expose
from sipetruk.queries import papers
from sipetruk.queries.papers import CertificateSheet
from sipetruk.rules.signatories import SignedDocument, footing, one_line
from sipetruk.services import clock


class MinutesPages(Page):
    """The part of /admin/pemeringkatan/ that is printed."""

    @expose("/berita-acara/<int:ranking_id>.pdf")
    def minutes(self, ranking_id: int) -> Answer:
        found = papers.minutes(self.actor, ranking_id)
        return _sent(minutes_pdf(found), f"berita-acara-{ranking_id}")

    @expose("/rekapitulasi/<int:ranking_id>.pdf")
    def recap(self, ranking_id: int) -> Answer:
        found = papers.minutes(self.actor, ranking_id, document=SignedDocument.RECAP)
        return _sent(recap_pdf(found), f"rekapitulasi-{ranking_id}")


class CertificatePages(Page):
    """The part of /admin/penetapan/ that is printed."""

    @expose("/<int:period_id>/piagam/")
    def certificates(self, period_id: int) -> Answer:
        view = papers.certificate_list(self.actor, period_id, now=clock.now())
        return self.render(
            "panel/result/certificates.html",
            view=view,
            per_file=papers.PER_FILE,
            check_page=_check_page(),
            one_line=one_line,
            footing=footing,
            back=str(self.get_url(".show_results", period_id=period_id)),
        )

    @expose("/<int:period_id>/piagam/<int:winner_id>.pdf")
    def certificate(self, period_id: int, winner_id: int) -> Answer:
        sheet = papers.certificate(self.actor, period_id, winner_id, check_page=_check_page(), now=clock.now())
        return _printed(sheet, f"piagam-{sheet.period_slug}-{winner_id}")

    @expose("/<int:period_id>/piagam/semua-<int:file>.pdf")
    def all_certificates(self, period_id: int, file: int) -> Answer:
        sheet = papers.certificates(self.actor, period_id, file, check_page=_check_page(), now=clock.now())
        return _printed(sheet, f"piagam-{sheet.period_slug}-semua-{file}")


def _check_page() -> str:
    """Where the public checks a code, as people reach this server now."""
    return url_for("portal.certificate", _external=True)


def _printed(sheet: CertificateSheet, name: str) -> Response:
    made = certificates_pdf(sheet.certificates, letterhead=sheet.letterhead, signature=sheet.signature, made_at=sheet.made_at)
    return _sent(made, name)


def _sent(content: bytes, name: str) -> Response:
    """A PDF to be saved; names of files hold numbers and slugs, never a person."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.pdf"', "Cache-Control": "private, no-store"}
    return Response(content, mimetype="application/pdf", headers=headers)
