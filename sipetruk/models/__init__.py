"""Tables, one file per noun."""

from sipetruk.models.announcements import Announcement
from sipetruk.models.assessment import Assignment, Mark, MarkHistory, MarkSum, Sheet
from sipetruk.models.audit import AuditEntry, ChainHead, IdempotencyKey
from sipetruk.models.codes import ReferenceCode
from sipetruk.models.conflicts import DeclaredRelation
from sipetruk.models.employees import Attendance, Employee, EmployeeAward, PerformanceRating, Sanction, SeriesValue
from sipetruk.models.evidence import Blob, Evidence
from sipetruk.models.instruments import Criterion, Instrument, InstrumentVersion
from sipetruk.models.jobs import Job
from sipetruk.models.nominations import CheckItem, Endorsement, Nomination, Review
from sipetruk.models.notifications import Notification, Reminder
from sipetruk.models.objections import Objection, Reopening
from sipetruk.models.periods import Category, PanelMember, Period, StageWindow
from sipetruk.models.rankings import Ranking, TieDecision
from sipetruk.models.results import Determination, DeterminationProposal, Publication, PublishedWinner, Winner
from sipetruk.models.returns import ReturnItem
from sipetruk.models.settings import Setting
from sipetruk.models.signatories import Signatory
from sipetruk.models.tokens import ApiToken
from sipetruk.models.unit_changes import UnitChange
from sipetruk.models.units import WorkUnit
from sipetruk.models.uploads import Upload
from sipetruk.models.users import ExternalIdentity, LoginAttempt, Membership, RecoveryCode, SecondFactor, User
from sipetruk.models.webhooks import Webhook, WebhookDelivery, WebhookEvent

TABLES = (
    WorkUnit, ReferenceCode, Employee, Attendance, PerformanceRating, SeriesValue, Sanction, EmployeeAward,
    User, Membership, LoginAttempt, SecondFactor, RecoveryCode, ExternalIdentity,
    Instrument, InstrumentVersion, Criterion,
    Period, StageWindow, Category, PanelMember,
    Nomination, Endorsement, CheckItem, Review, ReturnItem, Blob, Evidence,
    DeclaredRelation, Assignment, Sheet, Mark, MarkSum, MarkHistory, Ranking, TieDecision,
    Objection, Reopening, Upload,
    Determination, DeterminationProposal, Winner, Publication, PublishedWinner,
    AuditEntry, ChainHead, IdempotencyKey, Job, Notification, Reminder,
    UnitChange, Signatory, Announcement, Setting, ApiToken, Webhook, WebhookEvent, WebhookDelivery,
)  # fmt: skip
"""Every table, in an order in which each refers only to earlier ones."""

__all__ = [
    "TABLES",
    "Announcement",
    "ApiToken",
    "Assignment",
    "Attendance",
    "AuditEntry",
    "Blob",
    "Category",
    "ChainHead",
    "CheckItem",
    "Criterion",
    "DeclaredRelation",
    "Determination",
    "DeterminationProposal",
    "Employee",
    "EmployeeAward",
    "Endorsement",
    "Evidence",
    "ExternalIdentity",
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
    "Objection",
    "PanelMember",
    "PerformanceRating",
    "Period",
    "Publication",
    "PublishedWinner",
    "Ranking",
    "RecoveryCode",
    "ReferenceCode",
    "Reminder",
    "Reopening",
    "ReturnItem",
    "Review",
    "Sanction",
    "SecondFactor",
    "SeriesValue",
    "Setting",
    "Sheet",
    "Signatory",
    "StageWindow",
    "TieDecision",
    "UnitChange",
    "Upload",
    "User",
    "Webhook",
    "WebhookDelivery",
    "WebhookEvent",
    "Winner",
    "WorkUnit",
]
