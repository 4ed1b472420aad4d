"""A file is known by the bytes it opens with, whatever its name says."""

import pytest

from sipetruk.rules.file_kinds import kind_in_words, png_pixels

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR" + (1_000).to_bytes(4, "big") + (70_001).to_bytes(4, "big")


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (b"\x00\x00\x00\x18ftypheic....", "gambar HEIC"),
        (b"\x00\x00\x00\x18ftypheix....", "gambar HEIC"),
        (b"\x00\x00\x00\x18ftypmif1....", "gambar HEIC"),
        (b"\x00\x00\x00\x18ftyphevc....", "gambar HEIC"),
        (b"\x00\x00\x00\x18ftypisom....", "video"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "gambar WEBP"),
        (b"RIFF\x10\x00\x00\x00WAVEfmt ", ""),
        (b"RIFX\x10\x00\x00\x00WEBPVP8 ", ""),
        (b"%PDF-1.7", "dokumen PDF"),
        (PNG, "gambar PNG"),
        (b"MZ\x90", "program Windows (EXE)"),
        (b" MZ", ""),
        (b"<p><SVG\nwidth='1'>", "gambar SVG"),
        (b"<?xml version='1.0'?><svg >", "gambar SVG"),
        (b"<?xml version='1.0'?><a/>", "dokumen XML"),
        (b"\xef<!DOCTYPE html>", "halaman HTML"),
        (b"a<script>", "halaman HTML"),
        (b"teks <?xml", ""),
        (b"", ""),
    ],
)
def test_what_a_file_is(head, words):
    assert kind_in_words(head) == words


def test_a_png_says_how_many_pixels_it_has():
    assert png_pixels(PNG) == png_pixels(PNG + b"\x08") == 70_001_000
    assert png_pixels(PNG[:16] + b"\xff" * 8) == (2**32 - 1) ** 2
    assert [png_pixels(head) for head in (PNG[:23], PNG.replace(b"IHDR", b"IDAT"), b"")] == [None, None, None]
