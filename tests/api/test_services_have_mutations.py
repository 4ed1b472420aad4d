"""Whatever a person does through a service is in the staff schema as well, or it stands here why not."""

from __future__ import annotations

import inspect
from importlib import import_module
from pathlib import Path

import pytest

from sipetruk.api.operations import ENGINES
from sipetruk.api.resumable import RESUMABLE_PATH
from sipetruk.api.uploads import DECREES_PATH, IMPORTS_PATH, TEMPLATES_PATH, UPLOADS_PATH

INSIDE = "serves other services; a person does it through them"
FILES = "files come and go by ordinary addresses, since the schema takes no multipart"
BROWSER = "a session begins in the browser, on the pages of signing in"
HOUSEKEEPING = "whoever runs the server does it with a command"
COMMAND_LINE = "the command line's own way; the schema tries first and writes what was shown"

TABLE: dict[str, dict[str, str]] = {
    "instruments": {
        "create": "instrumentCreate",
        "start_draft": "instrumentDraftStart",
        "restore": "instrumentVersionRestore",
        "save_definition": "instrumentDefinitionSave",
        "edit": "instrumentComponentAdd instrumentComponentUpdate instrumentComponentMove instrumentComponentCopy"
        " instrumentComponentRemove instrumentCriterionAdd instrumentCriterionUpdate instrumentCriterionMove instrumentCriterionCopy"
        " instrumentCriterionRemove instrumentAboutSet instrumentPolicyReplace instrumentEvidenceReplace instrumentEvidenceUpdate"
        " instrumentFieldsReplace instrumentFieldUpdate instrumentWeightsSet instrumentCellsFill",
        "undo": "instrumentChangeUndo",
        "save_examples": "instrumentExamplesSave",
        "lock": "instrumentVersionLock",
        "retire": "instrumentVersionRetire",
        "discard_draft": "instrumentDraftDiscard",
    },
    "instrument_files": {
        "export": "instrumentExport",
        "empty_template": "instrumentTemplate",
        "try_file": "instrumentImport",
        "try_document": "instrumentImport",
        "import_document": "instrumentImport",
        "target_of": COMMAND_LINE,
    },
    "periods": {
        "create": "periodCreate",
        "update": "periodUpdate",
        "remove": "periodRemove",
        "set_windows": "periodWindowsSet",
        "add_category": "categoryAdd",
        "update_category": "categoryUpdate",
        "remove_category": "categoryRemove",
        "set_panel": "categoryPanelSet",
        "move": "periodMove",
        "advance": INSIDE,
        "check_naming": INSIDE,
        "check_windows": INSIDE,
        "held_period": INSIDE,
        "windows_json": INSIDE,
    },
    "calendar": {"set_automatic": "periodAutomaticSet", "extend": "stageExtend", "run_due": "the worker does it"},
    "reminders": {"remind_units": "unitsRemind", "remind_assessors": "assessorsRemind"},
    "interviews": {"set_stage": "categoryInterviewSet", "begin": INSIDE},
    "period_copies": {"copy": "periodCopy"},
    "nominations": {
        "draft": "nominationDraft",
        "save_answers": "nominationAnswersSave",
        "hand_over": "nominationHandOver",
        "endorse": "nominationEndorse",
        "send_back": "nominationSendBack",
        "submit": "nominationSubmit",
        "withdraw": "nominationWithdraw",
        "note_change": INSIDE,
        "follow_nominees": INSIDE,
        "require_editable": INSIDE,
        "definition_of": INSIDE,
        "live_endorsement": INSIDE,
        "content_sha256": INSIDE,
        "held_nomination": INSIDE,
    },
    "returns": {"reply": "nominationReply", "open_items": INSIDE},
    "evidence": {
        "store": UPLOADS_PATH,
        "require_attachable": INSIDE,
        "require_size": INSIDE,
        "remove": "evidenceRemove",
        "require_removable": INSIDE,
        "open_file": FILES,
        "use_store": INSIDE,
        "receive": INSIDE,
        "place_of": INSIDE,
        "clean_filename": INSIDE,
        "recognise": INSIDE,
        "remember": INSIDE,
        "store_folder": INSIDE,
    },
    "evidence_cleaning": {"clean": HOUSEKEEPING},
    "uploads": {
        "begin": RESUMABLE_PATH,
        "append": RESUMABLE_PATH,
        "progress": RESUMABLE_PATH,
        "cancel": RESUMABLE_PATH,
        "attachment": "objectionFile",
        "forget_expired": "the worker does it",
        "waiting": INSIDE,
    },
    "parts": {},
    "checks": {
        "record_item": "checkItemRecord",
        "record_items": "checkItemRecord",
        "return_": "nominationReturn",
        "accept": "nominationAccept",
        "accept_many": "nominationsAccept",
        "reject": "nominationReject",
    },
    "assessment": {
        "save_marks": "marksRecord",
        "recuse": "nominationRecuse",
        "submit_sheet": "sheetSubmit",
        "settle": INSIDE,
        "settle_nomination": INSIDE,
        "step_aside": INSIDE,
        "markable_codes": INSIDE,
    },
    "objections": {
        "file": "objectionFile",
        "withdraw": "objectionWithdraw",
        "accept": "objectionAccept",
        "reject": "objectionReject",
        "note_no_change": "objectionNote",
        "open_attachment": FILES,
        "require_attachable": INSIDE,
        "settle": INSIDE,
    },
    "reassessment": {"reopen": "sheetsReopen", "replace": "sheetReplace", "replace_all": "sheetsHandOver", "drop": "sheetDrop"},
    "panels": {
        "set_assessment": "categoryAssessmentSet",
        "assign": "nominationAssessorsSet",
        "apply_plan": "panelPlanApply",
        "name_members": INSIDE,
        "dissolve": INSIDE,
        "forget_members": INSIDE,
        "open_sheets": INSIDE,
    },
    "conflicts": {
        "declare": "relationDeclare",
        "withdraw": "relationWithdraw",
        "link_employee": "userEmployeeLink",
    },
    "rankings": {
        "compute": "rankingCompute",
        "decide_tie": "tieDecide",
        "finalise": "rankingFinalise",
        "export": "rankingExport",
        "stored_seal": INSIDE,
        "final_of": INSIDE,
    },
    "results": {
        "determine": "resultDetermine",
        "attach_decree": DECREES_PATH,
        "open_decree": FILES,
        "publish": "resultPublish",
        "preview": "resultPreview",
        "unpublish": "resultUnpublish",
        "words": INSIDE,
        "check_policy": INSIDE,
        "check_moment": INSIDE,
        "held_publication": INSIDE,
        "end_publication": INSIDE,
    },
    "determination": dict.fromkeys(
        (
            "decided",
            "standing",
            "waiting",
            "require_time",
            "require_free",
            "require_nothing_waits",
            "final_ranking",
            "winners",
            "deviates",
            "carry_out",
            "take_back",
            "tell",
        ),
        INSIDE,
    ),
    "proposals": {
        "propose_revocation": "resultRevocationPropose",
        "approve": "resultProposalApprove",
        "reject": "resultProposalReject",
        "withdraw": "resultProposalWithdraw",
    },
    "schedules": {
        "reschedule": "resultReschedule",
        "cancel": "resultScheduleCancel",
        "release": "resultRelease",
        "work": "the worker does it",
    },
    "analysis": {"request": "analysisRequest", "work": "the worker does it"},
    "chain": {"request_check": "auditCheckRequest", "publish_head": "the worker does it", "work": "the worker does it"},
    "users": {
        "close_sessions": INSIDE,
        "write_profile": INSIDE,
        "add": "userCreate",
        "add_many": "userCreate",
        "update": "userUpdate",
        "set_grants": "userGrantsSet",
        "set_password": "userPasswordSet",
        "set_active": "userActiveSet",
        "end_sessions": "userSessionsEnd ownSessionsEnd",
    },
    "accounts": {"update_profile": "ownProfileUpdate", "change_password": "ownPasswordChange"},
    "second_factor": {
        "begin": "secondFactorBegin",
        "enrolment": "secondFactorBegin",
        "confirm": "secondFactorConfirm",
        "disable": "secondFactorDisable",
        "renew_codes": "recoveryCodesRenew",
        "reset": "userSecondFactorReset",
        **dict.fromkeys(("use", "is_compulsory", "is_on", "accepts", "codes_left", "spelled"), INSIDE),
    },
    "identities": {
        "unlink": "ownIdentityRemove",
        "remove": "userIdentityRemove",
        "link": BROWSER,
        "sign_in": BROWSER,
    },
    "sign_in": {"authenticate": BROWSER, "confirm": BROWSER},
    "proof": dict.fromkeys(("throttle", "note", "name_hash", "own_row", "require_password"), INSIDE),
    "people": {
        "register_units": "workUnitsRegister",
        "update_unit": "workUnitUpdate",
        "load_codes": "codesLoad",
        "register_employees": IMPORTS_PATH,
        **dict.fromkeys(
            (
                "save_units",
                "save_employees",
                "record_attendance",
                "record_ratings",
                "record_series",
                "record_sanctions",
                "record_awards",
            ),
            IMPORTS_PATH,
        ),
    },
    "announcements": {
        "create": "announcementCreate",
        "update": "announcementUpdate",
        "publish": "announcementPublish",
        "unschedule": "announcementUnschedule",
        "withdraw": "announcementWithdraw",
        "remove": "announcementRemove",
    },
    "signatories": {"add": "signatoryAdd", "update": "signatoryUpdate", "remove": "signatoryRemove"},
    "settings": {"change": "settingChange"},
    "tokens": {"create": "tokenCreate", "revoke": "tokenRevoke", "note_use": INSIDE},
    "webhooks": {
        "create": "webhookCreate",
        "update": "webhookUpdate",
        "pause": "webhookPause",
        "resume": "webhookResume",
        "renew_secret": "webhookSecretRenew",
        "remove": "webhookRemove",
        "ping": "webhookPing",
        "replay": "webhookDeliveryReplay",
        "use": INSIDE,
        "opened": INSIDE,
    },
    "webhook_deliveries": dict.fromkeys(("spread", "claim", "settle", "forget_old"), "the worker does it"),
    "webhook_sending": {"use": INSIDE, "checked_url": INSIDE, "post": "the worker does it"},
    "events": {"happened": INSIDE, "called_off": INSIDE},
    "system_check": {"check": "systemChecks"},
    "retention": {"apply": "retentionApply", "purge_period": "retentionPurgePeriod", "run_daily": "the worker does it"},
    "units": {"rename": "workUnitRename", "merge": "workUnitMerge", "split": "workUnitSplit"},
    "notifications": {
        "mark_read": "notificationMarkRead",
        "mark_all_read": "notificationsMarkAllRead",
        "forget_old": "the worker does it",
        **dict.fromkeys(("tell", "users_with", "unit_people", "assessors_of", "assessors_of_nomination"), INSIDE),
    },
    "templates": {
        "store": TEMPLATES_PATH,
        "remove": "instrumentTemplateRemove",
        "open_of_version": FILES,
        "open_of_nomination": FILES,
        "open_public": FILES,
    },
}
ADDRESSES = frozenset({UPLOADS_PATH, RESUMABLE_PATH, TEMPLATES_PATH, IMPORTS_PATH, DECREES_PATH})
REASONS = frozenset({INSIDE, FILES, BROWSER, COMMAND_LINE, "the worker does it", HOUSEKEEPING})


def functions(module):
    """The public functions that a service itself defines."""
    found = import_module(f"sipetruk.services.{module}")
    members = inspect.getmembers(found, lambda each: inspect.isroutine(each) and each.__module__ == found.__name__)
    return {name for name, _ in members if not name.startswith("_")}


def fields():
    schema = ENGINES["staff"].schema
    return schema.query_type.fields.keys() | schema.mutation_type.fields.keys()


PLUMBING = {"audience", "audit", "clock", "constraints", "jobs", "passwords", "public_copy", "readiness", "transaction"}
"""What serves the services and is nothing that a person does."""


def test_every_service_is_in_the_table():
    folder = Path(import_module("sipetruk.services").__path__[0])
    assert {path.stem for path in folder.glob("*.py")} - {"__init__"} == TABLE.keys() | PLUMBING


@pytest.mark.parametrize("module", TABLE)
def test_every_function_of_a_service_is_in_the_schema_or_has_its_reason(module):
    assert TABLE[module].keys() == functions(module)
    named = {name for place in TABLE[module].values() if place not in REASONS | ADDRESSES for name in place.split()}
    assert named - fields() == set()


def test_every_mutation_belongs_to_a_service():
    named = {name for row in TABLE.values() for place in row.values() for name in place.split()}
    assert ENGINES["staff"].schema.mutation_type.fields.keys() - named == set()


def test_uploads_have_their_addresses(app):
    addresses = {rule.rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    assert addresses >= ADDRESSES
