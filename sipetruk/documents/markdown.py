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


def to_html(text: str) -> str:
    """The text as HTML, to stand below a title that is the first heading of its page."""
    tokens = _READER.parse(text)
    _lower_headings(tokens)
    return str(_READER.renderer.render(tokens, _READER.options, {})).strip()


def excerpt(text: str, most: int = 220) -> str:
    """The first paragraph without any markup, cut at a word; of a text without one, its beginning."""
    tokens = _READER.parse(text)
    first = next((place for place, token in enumerate(tokens) if token.type == "paragraph_open" and token.level == 0), None)
    words = " ".join(" ".join(_plain(tokens if first is None else tokens[first + 1 : first + 2])).split())
    return words if len(words) <= most else f"{words[:most].rpartition(' ')[0] or words[:most]} …"


class _Markdown(MarkdownIt):
    """The reader makes a link only where this says so; everything else stays the text that was typed."""

    def validateLink(self, url: str) -> bool:  # noqa: N802  # the library's name
        return bool(_SAFE_LINK.match(url.strip()))


def _reader() -> MarkdownIt:
    reader = _Markdown("commonmark", {"html": False, "maxNesting": 20}).enable("table").disable("image")
    reader.add_render_rule("link_open", _link)
    return reader


def _link(renderer: RendererHTML, tokens: Sequence[Token], place: int, options: Any, _env: MutableMapping[str, Any]) -> str:
    token = tokens[place]
    if _EXTERNAL.match(str(token.attrGet("href") or "")):
        token.attrSet("rel", "noopener noreferrer nofollow")
    return str(renderer.renderToken(tokens, place, options, _env))


def _lower_headings(tokens: Sequence[Token]) -> None:
    """Headings begin at the second level and go down one step at a time, whichever levels the text uses."""
    used = sorted({token.tag for token in tokens if token.type == "heading_open"})
    level = 1
    for token in tokens:
        if token.type == "heading_open":
            level = min(used.index(token.tag) + 2, level + 1)
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{level}"


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
