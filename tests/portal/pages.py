"""What tests of pages look for: forms, refusals, text between tags, and what a strict policy forbids."""

from __future__ import annotations

import html
import re

NIP = re.compile(r"[0-9]{8} ?[0-9]{6} ?[0-9] ?[0-9]{3}")
FORBIDDEN = re.compile(r"<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=|javascript:|<style|(?:src|href)=\"(?:https?:)?//", re.IGNORECASE)


def token(text: str) -> str:
    return hidden(text, "csrf_token")


def hidden(text: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', text)
    assert found is not None, f"no {name} on the page"
    return html.unescape(found.group(1))


def plain(text: str, start: str, end: str) -> list[str]:
    """The text of everything between two pieces of markup."""
    found = re.findall(f"{re.escape(start)}(.*?){re.escape(end)}", text, re.DOTALL)
    return [" ".join(html.unescape(re.sub(r"<[^>]+>", " ", each)).split()) for each in found]


def headings(text: str, level: int) -> list[str]:
    found = re.findall(rf"<h{level}[^>]*>(.*?)</h{level}>", text, re.DOTALL)
    return [" ".join(html.unescape(re.sub(r"<[^>]+>", " ", each)).split()) for each in found]


def errors(text: str) -> list[str]:
    """What is said beside inputs."""
    return [html.unescape(each) for each in re.findall(r'<p class="error"[^>]*>([^<]*)</p>', text)]


def forbidden(text: str) -> list[str]:
    """Markup that the content security policy would not run."""
    return FORBIDDEN.findall(text)
