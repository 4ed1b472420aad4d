"""What a file is by the bytes it opens with, in words: so that a refusal can name what was sent, whatever its name says."""

from __future__ import annotations

import re

HEAD = 1_024
"""How many bytes from the beginning are looked at."""
LARGEST_PIXELS = 100_000_000
"""A picture that unfolds to more than this (some 400 MB) would stop the browser of whoever opens it."""

_SIGNS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "dokumen PDF"),
    (b"\x89PNG\r\n\x1a\n", "gambar PNG"),
    (b"\xff\xd8\xff", "gambar JPG"),
    (b"MZ", "program Windows (EXE)"),
    (b"\x7fELF", "program Linux"),
    (b"\xca\xfe\xba\xbe", "program Java atau macOS"),
    (b"\xcf\xfa\xed\xfe", "program macOS"),
    (b"#!", "skrip program"),
    (b"PK\x03\x04", "berkas ZIP atau dokumen Office (DOCX, XLSX)"),
    (b"PK\x05\x06", "berkas ZIP yang kosong"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "dokumen Office lama (DOC, XLS) atau pemasang program"),
    (b"Rar!", "arsip RAR"),
    (b"7z\xbc\xaf\x27\x1c", "arsip 7-Zip"),
    (b"\x1f\x8b", "arsip GZIP"),
    (b"GIF8", "gambar GIF"),
    (b"II*\x00", "gambar TIFF"),
    (b"MM\x00*", "gambar TIFF"),
    (b"BM", "gambar BMP"),
    (b"{\\rtf", "dokumen RTF"),
)
_MARKS: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (re.compile(rb"<svg[\s>]", re.IGNORECASE), "gambar SVG"),
    (re.compile(rb"<!doctype html|<html[\s>]|<script[\s>]|<body[\s>]", re.IGNORECASE), "halaman HTML"),
    (re.compile(rb"\A\s*<\?xml", re.IGNORECASE), "dokumen XML"),
)


def kind_in_words(head: bytes) -> str:
    """What a file with this beginning is, or an empty text when that is not known."""
    if head[4:8] == b"ftyp":
        return "gambar HEIC" if head[8:12] in {b"heic", b"heix", b"mif1", b"hevc"} else "video"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "gambar WEBP"
    for sign, words in _SIGNS:
        if head.startswith(sign):
            return words
    return next((words for mark, words in _MARKS if mark.search(head)), "")


def png_pixels(head: bytes) -> int | None:
    """How many pixels a PNG says it has; None where its header is cut off or no header at all."""
    if len(head) < 24 or head[12:16] != b"IHDR":  # signature, length, name, width, height
        return None
    return int.from_bytes(head[16:20], "big") * int.from_bytes(head[20:24], "big")
