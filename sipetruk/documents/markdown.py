"""Markdown that people write becomes HTML that is safe to show: no raw HTML, no pictures, links only to where links may lead."""

from __future__ import annotations

import re
from collections.abc import MutableMapping, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

_SAFE_LINK = re.compile(r"(?:https?://|mailto:|tel:|/(?!/)|#)", re.IGNORECASE)
_EXTERNAL = re.compile(r"https?://", re.IGNORECASE)
HEADINGS = {"h1": "h2", "h2": "h3", "h3": "h4", "h4": "h5", "h5": "h6", "h6": "h6"}
"""The title of the page is its only first heading, so those of a text begin one lower."""


def to_html(text: str) -> str:
    """The text as HTML."""
    return str(_READER.render(text)).strip()


def excerpt(text: str, most: int = 220) -> str:
    """The beginning of the text without any markup, cut at a word."""
    words = " ".join(" ".join(_plain(_READER.parse(text))).split())
    return words if len(words) <= most else f"{words[:most].rpartition(' ')[0] or words[:most]} …"


class _Markdown(MarkdownIt):
    """The reader makes a link only where this says so; everything else stays the text that was typed."""

    def validateLink(self, url: str) -> bool:  # noqa: N802  # the library's name
        return bool(_SAFE_LINK.match(url.strip()))


def _reader() -> MarkdownIt:
    reader = _Markdown("commonmark", {"html": False, "maxNesting": 20}).enable("table").disable("image")
    reader.add_render_rule("link_open", _link)
    reader.add_render_rule("heading_open", _heading)
    reader.add_render_rule("heading_close", _heading)
    return reader


def _link(renderer: RendererHTML, tokens: Sequence[Token], place: int, options: Any, _env: MutableMapping[str, Any]) -> str:
    token = tokens[place]
    if _EXTERNAL.match(str(token.attrGet("href") or "")):
        token.attrSet("rel", "noopener noreferrer nofollow")
    return str(renderer.renderToken(tokens, place, options, _env))


def _heading(renderer: RendererHTML, tokens: Sequence[Token], place: int, options: Any, _env: MutableMapping[str, Any]) -> str:
    token = tokens[place]
    token.tag = HEADINGS.get(token.tag, token.tag)
    return str(renderer.renderToken(tokens, place, options, _env))


def _plain(tokens: Sequence[Token]) -> list[str]:
    found: list[str] = []
    for token in tokens:
        if token.children:
            found.append(
                "".join(
                    child.content if child.type in {"text", "code_inline"} else " " * (child.type == "softbreak")
                    for child in token.children
                )
            )
        elif token.type in {"code_block", "fence"}:
            found.append(token.content)
    return found


_READER = _reader()
