"""The code on a certificate by which anybody finds the winner that it names, as the publication has it.

It follows from the sealed content of the publication, so a code of a withdrawn publication is no code any more. Letters and
digits that look alike count as one (Crockford's base 32).
"""

from __future__ import annotations

import hashlib
import re

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
GROUP = 4
_ALIKE = str.maketrans("OIL", "011")
_CODE = re.compile(f"[{ALPHABET}]{{{LENGTH}}}", re.ASCII)
_BETWEEN = re.compile(r"[\s.\-\u2010-\u2015]+")
_LONGEST = 60


def check_code(content_sha256: str, slug: str) -> str:
    """The code of a winner of a publication: `7K2M-9QXT-04BD`."""
    number = int.from_bytes(hashlib.sha256(f"{content_sha256}/{slug}".encode()).digest()[:8], "big")
    letters = "".join(ALPHABET[number >> (5 * place) & 31] for place in range(LENGTH))
    return "-".join(letters[at : at + GROUP] for at in range(0, LENGTH, GROUP))


def read_code(typed: str) -> str | None:
    """The code as it is written, from what somebody typed; None when it cannot be one."""
    letters = _BETWEEN.sub("", typed[:_LONGEST]).upper().translate(_ALIKE)
    if not _CODE.fullmatch(letters):
        return None
    return "-".join(letters[at : at + GROUP] for at in range(0, LENGTH, GROUP))
