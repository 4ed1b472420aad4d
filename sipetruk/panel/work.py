"""The pages on which the round is worked through: check, assessment, ranking, results."""

from __future__ import annotations

from flask_admin import Admin

from sipetruk.panel.assessment import AssessmentPages
from sipetruk.panel.conflicts import ConflictPages, RelationPages
from sipetruk.panel.objections import ObjectionPages
from sipetruk.panel.panel_sheets import PanelSheetPages
from sipetruk.panel.panels import PanelPages
from sipetruk.panel.rankings import RankingPages
from sipetruk.panel.results import ResultPages
from sipetruk.panel.verification import VerificationPages

WORK = "Pelaksanaan"


def add_work_views(admin: Admin) -> None:
    """Add them to the panel, in the order of the round."""
    admin.add_views(
        VerificationPages(name="Verifikasi", category=WORK, endpoint="checks", url="/admin/verifikasi"),
        AssessmentPages(name="Penilaian", category=WORK, endpoint="sheets", url="/admin/penilaian"),
        RelationPages(name="Hubungan saya", category=WORK, endpoint="relations", url="/admin/hubungan"),
        PanelPages(name="Tim penilai", category=WORK, endpoint="panels", url="/admin/tim-penilai"),
        ConflictPages(name="Benturan kepentingan", category=WORK, endpoint="conflicts", url="/admin/benturan"),
        PanelSheetPages(name="Lembar penilai", category=WORK, endpoint="panelsheets", url="/admin/lembar"),
        RankingPages(name="Pemeringkatan", category=WORK, endpoint="rankings", url="/admin/pemeringkatan"),
        ObjectionPages(name="Sanggahan", category=WORK, endpoint="objections", url="/admin/sanggah"),
        ResultPages(name="Penetapan", category=WORK, endpoint="determinations", url="/admin/penetapan"),
    )
