"""Markdown of announcements: what it may become, and what it never becomes."""

import re

import pytest

from sipetruk.documents.markdown import excerpt, to_html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Halo **dunia**", "<p>Halo <strong>dunia</strong></p>"),
        ("# Judul\n\n## Bagian", "<h2>Judul</h2>\n<h3>Bagian</h3>"),
        ("## Bagian\n\n#### Rinci\n\n## Lagi", "<h2>Bagian</h2>\n<h3>Rinci</h3>\n<h2>Lagi</h2>"),
        ("### Rinci\n\n# Judul\n\n###### Dalam", "<h2>Rinci</h2>\n<h2>Judul</h2>\n<h3>Dalam</h3>"),
        ("- satu\n- dua", "<ul>\n<li>satu</li>\n<li>dua</li>\n</ul>"),
        ("[jadwal](/periode/)", '<p><a href="/periode/">jadwal</a></p>'),
        ("[surat](mailto:bkpsdm@example.go.id)", '<p><a href="mailto:bkpsdm@example.go.id">surat</a></p>'),
        ("[luar](https://example.go.id)", '<p><a href="https://example.go.id" rel="noopener noreferrer nofollow">luar</a></p>'),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("a <b onclick=x>tebal</b>", "<p>a &lt;b onclick=x&gt;tebal&lt;/b&gt;</p>"),
        (
            "![gambar](https://example.com/a.png)",
            '<p>!<a href="https://example.com/a.png" rel="noopener noreferrer nofollow">gambar</a></p>',
        ),
    ],
)
def test_markdown_becomes_html(text, html):
    assert to_html(text) == html


@pytest.mark.parametrize(
    "text",
    [
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](java&#115;cript:alert(1))",
        "[x](&#x6A;avascript:alert(1))",
        "[x](javascript&colon;alert(1))",
        "[x](%6Aavascript:alert(1))",
        "[x](vbscript:msgbox)",
        "[x](data:text/html,<script>alert(1)</script>)",
        "[x](data:image/svg+xml;base64,PHN2Zz4=)",
        "[x](file:///etc/passwd)",
        "[x](//evil.example/a)",
        "[x]: javascript:alert(1)\n\n[x]",
        "<javascript:alert(1)>",
        "![x](javascript:alert(1))",
        "![x](data:image/png;base64,AAAA)",
        "<img src=x onerror=alert(1)>",
        "<svg><script>alert(1)</script></svg>",
        '[x](/a"onmouseover="alert(1))',
        "<style>body{display:none}</style>",
        '<iframe src="//evil"></iframe>',
        "[x](\\\\evil.example)",
        '[a](https://a.example "x\\" onclick=\\"alert(1)")',
    ],
)
def test_nothing_that_runs_comes_out(text):
    html = to_html(text)
    tags = re.findall(r"<[^>]*>", html)
    plain = r"</?(p|h[2-6]|ul|ol|li|strong|em|code|pre|blockquote|br|hr|table|thead|tbody|tr|th|td)( /)?>"
    link = r'<a href="[^"]*"( rel="[^"]*")?( title="[^"]*")?( rel="[^"]*")?>'
    allowed = re.compile(f"{plain}|</a>|{link}")
    assert [tag for tag in tags if not allowed.fullmatch(tag)] == []
    links = re.findall(r'href="([^"]*)"', html)
    assert [link for link in links if not re.match(r"https?://|mailto:|tel:|/[^/]|#", link)] == []


def test_an_excerpt_is_plain_and_ends_at_a_word():
    assert excerpt("# Judul\n\nHalo **dunia**,\n[di sini](/a).\n\nLanjutan.") == "Halo dunia, di sini."
    assert excerpt("# Judul\n\n- satu\n- dua") == "Judul satu dua"
    assert excerpt("kata " * 100, most=22) == "kata kata kata kata …"
    assert excerpt("x" * 50, most=10) == "xxxxxxxxxx …"
    assert excerpt("<script>alert(1)</script>") == "<script>alert(1)</script>"


@pytest.mark.parametrize(
    "text", ["[" * 20_000, "*a " * 6_000, "> " * 10_000, "`" * 20_000, "- " * 5_000, "<" * 20_000, "|a" * 5_000 + "\n|-" + "|-" * 5_000]
)
def test_a_text_made_to_be_slow_is_not(text):
    assert isinstance(to_html(text[:20_000]), str)
