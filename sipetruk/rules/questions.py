"""What a nomination is asked for beside its criteria: questions of the form, and documents with their empty forms."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sipetruk.rules.exact import document_number

FILE_TYPES = ("pdf", "jpg", "png")
MOST_MB = 50
"""The largest limit that a document may name for one file; the server may set a lower one."""


@dataclass(frozen=True)
class Template:
    """An empty form to download and fill in; its bytes lie in the evidence store under their hash."""

    name: str
    sha256: str
    bytes: int

    def to_dict(self) -> dict[str, Any]:
        return {"name": self.name, "sha256": self.sha256, "bytes": self.bytes}


@dataclass(frozen=True)
class EvidenceRequirement:
    """A document that a nomination must or may carry; a `system` document comes from data, nobody uploads it."""

    code: str
    label: str
    help: str = ""
    required: bool = True
    source: str = "unit"
    accept: tuple[str, ...] = ("pdf",)
    max_mb: int = 5
    max_files: int = 1
    template: Template | None = None

    def to_dict(self) -> dict[str, Any]:
        document: dict[str, Any] = {
            "code": self.code,
            "label": self.label,
            "help": self.help,
            "required": self.required,
            "source": self.source,
            "accept": list(self.accept),
            "max_mb": self.max_mb,
            "max_files": self.max_files,
        }
        return document | ({"template": self.template.to_dict()} if self.template else {})


@dataclass(frozen=True)
class Option:
    code: str
    label: str


@dataclass(frozen=True)
class ShownWhen:
    """A field is asked only when an earlier field has this answer ("1" for a declaration that was made)."""

    field: str
    equals: str


@dataclass(frozen=True)
class FormField:
    """A question of the nomination form that has no points; `accept` and what follows it count for the kind "file"."""

    code: str
    label: str
    kind: str
    help: str = ""
    group: str = ""
    required: bool = False
    min_chars: int | None = None
    max_chars: int | None = None
    min: Fraction | None = None
    max: Fraction | None = None
    unit: str = ""
    options: tuple[Option, ...] = ()
    shown_when: ShownWhen | None = None
    accept: tuple[str, ...] = ()
    max_mb: int = 5
    max_files: int = 1
    template: Template | None = None

    @property
    def requirement(self) -> EvidenceRequirement | None:
        """What a question of the kind "file" asks to be uploaded; None for every other kind."""
        if self.kind != "file":
            return None
        return EvidenceRequirement(
            self.code, self.label, self.help, self.required, "unit", self.accept, self.max_mb, self.max_files, self.template
        )

    def to_dict(self) -> dict[str, Any]:
        document = self._common()
        if self.kind == "file":
            document |= {"accept": list(self.accept), "max_mb": self.max_mb, "max_files": self.max_files}
            document |= {"template": self.template.to_dict()} if self.template else {}
        return document

    def _common(self) -> dict[str, Any]:
        shown = self.shown_when
        return {
            "code": self.code,
            "label": self.label,
            "help": self.help,
            "group": self.group,
            "kind": self.kind,
            "required": self.required,
            "min_chars": self.min_chars,
            "max_chars": self.max_chars,
            "min": None if self.min is None else document_number(self.min),
            "max": None if self.max is None else document_number(self.max),
            "unit": self.unit,
            "options": [{"code": option.code, "label": option.label} for option in self.options],
            "shown_when": None if shown is None else {"field": shown.field, "equals": shown.equals},
        }
