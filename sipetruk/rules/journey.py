"""The way a nomination has gone, in plain words: which entries of the trail are steps that its unit is told of."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from sipetruk.rules.workflow import NominationState

CHANGED = "Isian atau bukti berubah sesudah disahkan."
REPLIES_CHANGED = "Jawaban atas catatan verifikator berubah sesudah disahkan."
SENT_BACK = "Kepala unit mengembalikannya kepada penyusun."
SIGNED_AGAIN = "Disahkan kembali."
WITHDRAWN = "Usulan ditarik."
UNIT_MERGED = "Unit kerjanya dilebur; kepala unit yang sekarang belum mengesahkannya."
NOMINEE_MOVED = "Calon pindah unit kerja; kepala unit yang sekarang belum mengesahkannya."
TOLD_VOIDS = frozenset({CHANGED, REPLIES_CHANGED, UNIT_MERGED, NOMINEE_MOVED})
"""Reasons for which an endorsement became void that are no step of their own."""


class Step(StrEnum):
    DRAFTED = "drafted"
    HANDED_OVER = "handed_over"
    ENDORSED = "endorsed"
    VOIDED = "voided"
    SENT_BACK = "sent_back"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    REPLIED = "replied"
    RESUBMITTED = "resubmitted"
    VERIFIED = "verified"
    REJECTED = "rejected"
    ASSESSED = "assessed"
    WITHDRAWN = "withdrawn"


STEP_LABELS: dict[Step, str] = {
    Step.DRAFTED: "Draf disusun",
    Step.HANDED_OVER: "Diserahkan kepada kepala untuk disahkan",
    Step.ENDORSED: "Disahkan",
    Step.VOIDED: "Pengesahan batal",
    Step.SENT_BACK: "Dikembalikan ke penyusun",
    Step.SUBMITTED: "Diajukan ke BKPSDM",
    Step.RETURNED: "Dikembalikan untuk diperbaiki",
    Step.REPLIED: "Catatan verifikator dijawab",
    Step.RESUBMITTED: "Diajukan kembali ke BKPSDM",
    Step.VERIFIED: "Dinyatakan memenuhi syarat",
    Step.REJECTED: "Dinyatakan tidak memenuhi syarat",
    Step.ASSESSED: "Selesai dinilai",
    Step.WITHDRAWN: "Ditarik",
}

NAMELESS = frozenset({Step.ASSESSED})
"""Steps whose person is not told: an assessor works alone and unnamed."""

_OF_ACTION = {
    "nomination:hand_over": Step.HANDED_OVER,
    "nomination:reply": Step.REPLIED,
    "nomination:withdraw": Step.WITHDRAWN,
    "nomination:assess": Step.ASSESSED,
}
_OF_DECISION = {
    NominationState.RETURNED: Step.RETURNED,
    NominationState.VERIFIED: Step.VERIFIED,
    NominationState.REJECTED: Step.REJECTED,
}
ACTIONS = (*_OF_ACTION, "nomination:draft", "nomination:endorse", "nomination:submit", "nomination:check")
"""The entries of the audit trail in which steps are looked for."""


def step_of(action: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> Step | None:
    """The step that an entry of the trail is, or None: saving answers and single verdicts are none."""
    before, after = before or {}, after or {}
    match action:
        case "nomination:draft":
            return Step.DRAFTED if "number" in after and not before else None
        case "nomination:endorse":
            return Step.SENT_BACK if "sent_back" in after else Step.ENDORSED
        case "nomination:submit":
            return Step.RESUBMITTED if before.get("state") == NominationState.RETURNED else Step.SUBMITTED
        case "nomination:check":
            return _OF_DECISION.get(after.get("state", ""))
    return _OF_ACTION.get(action)
