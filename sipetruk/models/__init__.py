"""Tables, one file per noun."""

from sipetruk.models.assessment import Mark, MarkHistory, MarkSum, Sheet
from sipetruk.models.audit import AuditEntry, ChainHead, IdempotencyKey
from sipetruk.models.codes import ReferenceCode
from sipetruk.models.employees import Attendance, Employee, EmployeeAward, PerformanceRating, Sanction, SeriesValue
from sipetruk.models.evidence import Blob, Evidence
from sipetruk.models.instruments import Criterion, Instrument, InstrumentVersion
from sipetruk.models.jobs import Job
from sipetruk.models.nominations import CheckItem, Endorsement, Nomination, Review
from sipetruk.models.notifications import Notification
from sipetruk.models.periods import Category, PanelMember, Period, StageWindow
from sipetruk.models.rankings import Ranking, TieDecision
from sipetruk.models.results import Determination, Publication, PublishedWinner, Winner
from sipetruk.models.units import WorkUnit
from sipetruk.models.users import LoginAttempt, Membership, User

TABLES = (
    WorkUnit, ReferenceCode, Employee, Attendance, PerformanceRating, SeriesValue, Sanction, EmployeeAward,
    User, Membership, LoginAttempt,
    Instrument, InstrumentVersion, Criterion,
    Period, StageWindow, Category, PanelMember,
    Nomination, Endorsement, CheckItem, Review, Blob, Evidence,
    Sheet, Mark, MarkSum, MarkHistory, Ranking, TieDecision,
    Determination, Winner, Publication, PublishedWinner,
    AuditEntry, ChainHead, IdempotencyKey, Job, Notification,
)  # fmt: skip
"""Every table, in an order in which each refers only to earlier ones."""

__all__ = [
    "TABLES",
    "Attendance",
    "AuditEntry",
    "Blob",
    "Category",
    "ChainHead",
    "CheckItem",
    "Criterion",
    "Determination",
    "Employee",
    "EmployeeAward",
    "Endorsement",
    "Evidence",
    "IdempotencyKey",
    "Instrument",
    "InstrumentVersion",
    "Job",
    "LoginAttempt",
    "Mark",
    "MarkHistory",
    "MarkSum",
    "Membership",
    "Nomination",
    "Notification",
    "PanelMember",
    "PerformanceRating",
    "Period",
    "Publication",
    "PublishedWinner",
    "Ranking",
    "ReferenceCode",
    "Review",
    "Sanction",
    "SeriesValue",
    "Sheet",
    "StageWindow",
    "TieDecision",
    "User",
    "Winner",
    "WorkUnit",
]
