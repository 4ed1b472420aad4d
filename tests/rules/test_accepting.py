"""What stands in the way of a decision of the check: the stage, the state, and for acceptance the obligatory evidence."""

import pytest

from sipetruk.errors import IllegalMove
from sipetruk.rules.accepting import DECISIONS, lacking, obstacles, require_checkable
from sipetruk.rules.questions import EvidenceRequirement
from sipetruk.rules.workflow import CORRECTABLE_IN, PERIOD_LABELS, NominationMove, NominationState, PeriodState

WANTED = (
    EvidenceRequirement("skp", "Laporan SKP", required=True),
    EvidenceRequirement("foto", "Foto kegiatan", required=False),
    EvidenceRequirement("proposal", "Proposal", required=True),
)


def said(move, state=NominationState.SUBMITTED, period=PeriodState.VERIFICATION, **verdicts):
    return [problem.message for problem in obstacles(move, state=state, period=period, wanted=WANTED, verdicts=verdicts)]


def test_obligatory_evidence_has_to_be_found():
    found = lacking(WANTED, {"skp": "absent", "foto": "absent"})
    assert [(problem.path, problem.message) for problem in found] == [
        (("checkItems", "skp"), "Bukti wajib “Laporan SKP” dinyatakan TIDAK ADA."),
        (("checkItems", "proposal"), "Bukti “Proposal” belum diperiksa."),
    ]
    assert lacking(WANTED, {"skp": "present", "proposal": "present"}) == []


def test_only_acceptance_asks_for_the_evidence():
    assert said(NominationMove.ACCEPT, skp="present") == ["Bukti “Proposal” belum diperiksa."]
    assert said(NominationMove.ACCEPT, skp="present", proposal="present") == []
    assert {move: said(move) for move in DECISIONS - {NominationMove.ACCEPT}} == {NominationMove.RETURN: [], NominationMove.REJECT: []}


def test_a_decided_nomination_is_not_decided_again():
    for move, word in ((NominationMove.ACCEPT, "diterima"), (NominationMove.RETURN, "dikembalikan"), (NominationMove.REJECT, "ditolak")):
        assert said(move, NominationState.VERIFIED) == [f"Usulan berstatus “Memenuhi syarat” tidak dapat {word}."]


@pytest.mark.parametrize("period", PeriodState)
def test_decisions_are_made_while_nominations_are_checked_and_withdrawing_has_its_own_table(period):
    for move in DECISIONS:
        assert bool(said(move, period=period, skp="present", proposal="present")) is (period not in CORRECTABLE_IN)
    assert said(NominationMove.WITHDRAW, period=period) == []
    if period not in CORRECTABLE_IN:
        with pytest.raises(IllegalMove) as refused:
            require_checkable(period)
        assert refused.value.message == (
            "Usulan hanya dapat diperiksa selama pengusulan dan verifikasi administrasi; "
            f"periode ini berada pada tahap “{PERIOD_LABELS[period]}”."
        )
