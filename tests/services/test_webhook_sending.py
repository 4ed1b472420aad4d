"""One message on the wire: where it may go, that nobody leads it elsewhere, and that a bad receiver costs no more than its time."""

import socket
import ssl
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from sipetruk.errors import Invalid
from sipetruk.services import webhook_sending as sending
from tests.receiver import receiving

HEADERS = {"Content-Type": "application/json", "SIPetruk-Event": "ping"}
BODY = b'{"event":"ping"}'


@pytest.fixture(autouse=True)
def _development():
    sending.use((), is_production=False)
    yield
    sending.use((), is_production=True)


@pytest.fixture
def receiver():
    with receiving() as found:
        yield found


@pytest.fixture
def names(monkeypatch):
    """names(*addresses): what the name of a receiver leads to at each look, one after the other; counts the looks."""
    looks = []
    real = socket.getaddrinfo

    def answer(*answers):
        left = list(answers)

        def look(host, port, *args, **more):
            if host.replace(".", "").isdigit() or ":" in host:
                return real(host, port, *args, **more)
            looks.append(host)
            found = left.pop(0) if len(left) > 1 else left[0]
            if found is None:
                raise socket.gaierror(-2, "Name or service not known")
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in found.split()]

        monkeypatch.setattr(socket, "getaddrinfo", look)
        return looks

    return answer


def said(outcome):
    return outcome.error, outcome.status, outcome.answer


def test_a_message_arrives_as_it_is(receiver):
    url = f"{receiver.url}?kunci=1"
    assert sending.checked_url(url) == url
    outcome = sending.post(url, HEADERS, BODY)
    assert said(outcome) == ("", 200, b"diterima")
    ((headers, body),) = receiver.got
    assert (body, headers["Host"], headers["SIPetruk-Event"], headers["Connection"]) == (
        BODY,
        f"127.0.0.1:{receiver.port}",
        "ping",
        "close",
    )
    assert 0 <= outcome.duration_ms < 5_000


@pytest.mark.parametrize(
    ("status", "error"), [(204, ""), (299, ""), (301, "redirect"), (307, "redirect"), (404, "status"), (500, "status")]
)
def test_only_2xx_means_taken_and_no_redirect_is_followed(receiver, status, error):
    receiver.status, receiver.answer = status, b""
    receiver.headers = {"Location": receiver.url}
    assert said(sending.post(receiver.url, HEADERS, BODY)) == (error, status, b"")
    assert len(receiver.got) == 1


def test_no_more_of_an_answer_is_read_than_its_beginning(receiver):
    receiver.answer = b"x" * 1_000_000
    assert len(sending.post(receiver.url, HEADERS, BODY).answer) == sending.MOST_ANSWER


def test_a_receiver_that_drips_is_cut_off(receiver, monkeypatch):
    monkeypatch.setattr(sending, "SECONDS", 0.2)
    receiver.drips = True
    outcome = sending.post(receiver.url, HEADERS, BODY)
    assert (outcome.error, outcome.status, outcome.duration_ms < 2_000) == ("timeout", None, True)


def test_a_receiver_that_says_nothing_is_waited_for_no_longer_than_a_step(monkeypatch):
    monkeypatch.setattr(sending, "STEP_SECONDS", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        outcome = sending.post(f"http://127.0.0.1:{silent.getsockname()[1]}/", HEADERS, BODY)
    assert said(outcome) == ("timeout", None, b"")


def test_nobody_there():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert sending.post(f"http://127.0.0.1:{port}/", HEADERS, BODY).error == "connection"


def test_what_answers_in_no_known_way(receiver):
    assert sending.post(receiver.url.replace("http:", "https:"), HEADERS, BODY).error == "certificate"
    assert receiver.got == []


@pytest.fixture
def secure(receiver, tmp_path, monkeypatch):
    """secure(name): the receiver's port over TLS, with a certificate for that name that this machine trusts."""
    listeners = []

    def serve(name):
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        today = datetime.now(UTC)
        made = x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        made = made.not_valid_before(today - timedelta(days=1)).not_valid_after(today + timedelta(days=1))
        made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        certificate = made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)
        (tmp_path / "trusted.pem").write_bytes(certificate)
        (tmp_path / "own.pem").write_bytes(certificate + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "trusted.pem"))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(tmp_path / "own.pem")
        receiver.server.socket = context.wrap_socket(receiver.server.socket, server_side=True)
        listeners.append(receiver.server.socket)
        return receiver.port

    yield serve
    for each in listeners:
        each.close()


def test_over_tls_the_certificate_must_be_of_the_name_and_trusted(secure, receiver, monkeypatch):
    port = secure("localhost")
    assert said(sending.post(f"https://localhost:{port}/", HEADERS, BODY)) == ("", 200, b"diterima")
    assert sending.post(f"https://127.0.0.1:{port}/", HEADERS, BODY).error == "certificate"
    monkeypatch.delenv("SSL_CERT_FILE")
    assert sending.post(f"https://localhost:{port}/", HEADERS, BODY).error == "certificate"
    assert len(receiver.got) == 1


def test_a_handshake_that_never_ends_is_cut_off(monkeypatch):
    monkeypatch.setattr(sending, "SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        outcome = sending.post(f"https://127.0.0.1:{silent.getsockname()[1]}/", HEADERS, BODY)
    assert (outcome.error, outcome.duration_ms < 2_000) == ("timeout", True)


def test_the_next_address_is_tried_where_the_first_does_not_answer(names, receiver):
    names("127.0.0.2 127.0.0.1")
    assert sending.post(f"http://localhost:{receiver.port}/", HEADERS, BODY).error == ""


def test_proxies_of_the_environment_are_not_used(receiver, monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert sending.post(receiver.url, HEADERS, BODY).error == ""


@pytest.mark.parametrize("found", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:10.0.0.1", "224.0.0.1", "1.1.1.1 10.0.0.1"])
def test_a_name_that_leads_inside_is_refused_when_subscribing_and_when_sending(names, found):
    names(found)
    with pytest.raises(Invalid, match="tidak boleh dikirimi"):
        sending.checked_url("https://contoh.go.id/")
    assert said(sending.post("https://contoh.go.id/", HEADERS, BODY)) == ("address", None, b"")


@pytest.mark.parametrize("url", ["https://127.0.0.1:1/", "https://10.0.0.1/", "https://[::ffff:10.0.0.1]/", "https://[fe80::1]/"])
def test_an_address_inside_is_refused_in_production(url):
    sending.use((), is_production=True)
    with pytest.raises(Invalid, match="tidak boleh dikirimi"):
        sending.checked_url(url)
    assert sending.post(url, HEADERS, BODY).error == "address"


def test_another_name_of_this_machine_is_not_let_in_while_developing(names):
    names("127.0.0.1")
    with pytest.raises(Invalid, match="tidak boleh dikirimi"):
        sending.checked_url("https://samaran.contoh.go.id/")


def test_a_name_that_leads_nowhere(names):
    names(None)
    with pytest.raises(Invalid, match="tidak ditemukan"):
        sending.checked_url("https://contoh.go.id/")
    assert sending.post("https://contoh.go.id/", HEADERS, BODY).error == "name"


def test_a_name_that_changes_its_mind_between_subscribing_and_sending(names, receiver):
    looks = names("1.1.1.1", "127.0.0.1")
    assert sending.checked_url(f"https://contoh.go.id:{receiver.port}/")
    assert sending.post(f"https://contoh.go.id:{receiver.port}/", HEADERS, BODY).error == "address"
    assert (len(looks), receiver.got) == (2, [])


def test_a_name_is_looked_up_once_and_the_connection_goes_to_what_was_checked(names, receiver):
    looks = names("127.0.0.1", "10.0.0.1")
    outcome = sending.post(f"http://localhost:{receiver.port}/", HEADERS, BODY)
    assert (outcome.error, looks) == ("", ["localhost"])
    assert receiver.got[0][0]["Host"] == f"localhost:{receiver.port}"


def test_a_named_network_is_let_in_over_tls_alone(names):
    sending.use(("10.20.0.0/16",), is_production=True)
    names("10.20.3.4")
    assert sending.checked_url("https://penerima.lokal/") == "https://penerima.lokal/"
    with pytest.raises(Invalid, match="https"):
        sending.checked_url("http://penerima.lokal/")
    names("10.21.3.4")
    with pytest.raises(Invalid, match="tidak boleh dikirimi"):
        sending.checked_url("https://penerima.lokal/")


def test_what_is_stored_but_no_longer_allowed_is_not_sent(receiver):
    sending.use(("127.0.0.0/8",), is_production=True)
    assert (sending.post(receiver.url, HEADERS, BODY).error, receiver.got) == ("address", [])
