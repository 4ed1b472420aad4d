"""Where messages may go: public addresses, and what was named; however an address is written."""

from ipaddress import ip_network

import pytest

from sipetruk.errors import Invalid
from sipetruk.rules.addresses import LOOPBACK, URL_LENGTH, check_url, is_open
from tests.rules.building import problems

PRIVATE = (  # noqa: SIM905  # far shorter to read than as a list
    "0.0.0.0 10.0.0.1 10.255.255.255 100.64.0.1 127.0.0.1 127.255.255.254 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.1 192.0.2.1"
    " 192.168.0.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255"
    " :: ::1 fe80::1 fe80::1%eth0 fc00::1 fd12:3456::1 ff02::1 ff0e::1 2001:db8::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::127.0.0.1"
    " 64:ff9b::7f00:1 64:ff9b::a00:1 2002:7f00:1:: 2002:a00:1:: 2001:0:4136:e378:8000:63bf:80ff:fffe 64:ff9b:1::1"
).split()


@pytest.mark.parametrize("address", PRIVATE)
def test_what_is_not_everybodys_is_refused(address):
    assert is_open(address, ()) is False


@pytest.mark.parametrize("address", ["1.1.1.1", "8.8.8.8", "103.10.66.1", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_public_addresses_are_open(address):
    assert is_open(address, ()) is True


@pytest.mark.parametrize("text", ["", "localhost", "127.1", "2130706433", "0x7f000001", "10.0.0.1/8", "1.1.1.1 "])
def test_what_is_no_address_is_refused(text):
    assert is_open(text, ()) is False


def test_a_named_network_is_open_and_its_neighbour_is_not():
    named = [ip_network("10.20.0.0/16"), ip_network("fd12::/32")]
    seen = [is_open(each, named) for each in ("10.20.255.255", "10.21.0.0", "::ffff:10.20.0.1", "fd12::7", "fd13::7", "127.0.0.1")]
    assert seen == [True, False, True, True, False, False]
    carried = ("2001:0:4136:e378:8000:63bf:f5eb:fffe", "2001:0:4136:e378:8000:63bf:f5ea:fffe", "2002:a14:1::", "64:ff9b::a14:1")
    assert [is_open(each, named) for each in carried] == [True, False, True, True]
    assert [is_open(each, LOOPBACK) for each in ("127.0.0.1", "::1", "::ffff:127.0.0.1", "10.0.0.1")] == [True, True, True, False]


UNREADABLE = "Alamat ini tidak dapat dibaca."
NOT_WHOLE = "Isi alamat lengkap yang diawali https://, paling banyak 500 karakter."
NOT_ASCII = "Alamat hanya boleh memuat huruf, angka, dan tanda baca ASCII, tanpa spasi."
NO_NAME = "Alamat tidak boleh memuat nama pengguna, kata sandi, atau tanda #."
PLAIN = "Alamat harus diawali https://."


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("", NOT_WHOLE),
        (" ", NOT_WHOLE),
        ("https://", NOT_WHOLE),
        ("https:///jalan", NOT_WHOLE),
        ("ftp://contoh.go.id/", NOT_WHOLE),
        ("javascript:alert(1)", NOT_WHOLE),
        (f"https://contoh.go.id/{'x' * URL_LENGTH}", NOT_WHOLE),
        ("https://contoh.go.id/" + "x" * (URL_LENGTH - 20), NOT_WHOLE),
        ("http://contoh.go.id/", PLAIN),
        ("http://localhost.contoh.go.id/", PLAIN),
        ("https://pengguna@contoh.go.id/", NO_NAME),
        ("https://pengguna:sandi@contoh.go.id/", NO_NAME),
        ("https://:sandi@contoh.go.id/", NO_NAME),
        ("https://contoh.go.id/#bagian", NO_NAME),
        ("https://contoh.go.id:0/", "Nomor port tidak dikenal."),
        ("https://contoh.go.id:99999/", UNREADABLE),
        ("https://contoh.go.id:x/", UNREADABLE),
        ("https://[::1/", UNREADABLE),
        ("https://contoh.go.id/a b", NOT_ASCII),
        ("https://contoh.go.id\\@jahat.id/", NOT_ASCII),
        ("https://contoh.go.id/\x00", NOT_ASCII),
        ("https://contoh.go.id/\r\nX: 1", NOT_ASCII),
        ("https://contöh.id/", NOT_ASCII),
    ],
)
def test_what_is_no_address_of_a_receiver(url, message):
    with pytest.raises(Invalid) as refused:
        check_url(url, may_be_plain=True)
    assert problems(refused) == [(("url",), message)]


def test_https_everywhere_and_http_to_this_machine_while_developing():
    assert check_url(" https://contoh.go.id:8443/x?kunci=1 ", may_be_plain=False) == "https://contoh.go.id:8443/x?kunci=1"
    for host in ("localhost", "127.0.0.1", "[::1]"):
        assert check_url(f"http://{host}:8001/", may_be_plain=True) == f"http://{host}:8001/"
        with pytest.raises(Invalid, match="https"):
            check_url(f"http://{host}:8001/", may_be_plain=False)
    longest = "https://contoh.go.id/" + "x" * (URL_LENGTH - 21)
    assert check_url(longest, may_be_plain=False) == longest
