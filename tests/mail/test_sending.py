"""Handing letters over to a mail server that accepts, defers, refuses, hangs or hangs up."""

from __future__ import annotations

import logging
import ssl
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from awards.ledger.contacts import Contact
from awards.ledger.database import migrate
from awards.mail.codes import Codes
from awards.mail.courier import Courier
from awards.mail.feed import Feed
from awards.mail.outbox import GIVE_UP, LEASE, Outbox
from awards.mail.smtp import MailServer as Address
from awards.mail.smtp import Unreachable
from tests.mail.conftest import STATIONERY, MailHouse
from tests.mail.server import Behaviour, MailServer

MINUTE = timedelta(minutes=1)


def state(house: MailHouse) -> list[tuple[str, int, str | None]]:
    """State, tries and reason of each row that is somebody's with an address."""
    sql = "SELECT state, tries, why FROM outbox JOIN contacts ON subject = recipient ORDER BY cause"
    return [(row["state"], row["tries"], row["why"]) for row in house.service.ledger.rows(sql)]


@pytest.fixture
def edition(house: MailHouse) -> str:
    return house.edition()


@pytest.fixture
def nadia(house: MailHouse, edition: str) -> str:
    """Somebody to be invited."""
    return house.writes_to(house.member(edition, "nominator", "Nadia"), "nadia.canary@example.org")


# --- what the server may do


def test_what_is_deferred_is_tried_again_ever_more_slowly_under_the_same_id(
    house: MailHouse, nadia: str, courier: Courier, mail: MailServer
) -> None:
    mail.behaviour.data = "451 4.7.1 greylisted, nadia.canary@example.org"
    start = house.at
    tried: list[int] = []
    while len(tried) < 5:
        if courier.round().deferred:
            tried.append((house.at - start) // MINUTE)
        house.at += MINUTE
    assert tried == [0, 1, 3, 7, 15]
    assert state(house) == [("waiting", 5, "451 4.7.1")]
    mail.behaviour.data = None
    house.at += timedelta(hours=1)
    assert courier.round().sent == 1
    assert state(house) == [("sent", 6, None)]
    assert courier.round().sent == 0


def test_what_is_refused_is_given_up_and_shown_by_codes_alone(
    house: MailHouse, edition: str, nadia: str, courier: Courier, mail: MailServer
) -> None:
    house.writes_to(house.member(edition, "nominator", "Noah"), "noah@example.org")
    mail.behaviour.strangers = ("nadia.canary@example.org",)
    done = courier.round()
    assert (done.sent, done.failed) == (1, 1)
    assert sorted(state(house)) == [("failed", 1, "550 5.1.1"), ("sent", 1, None)]
    (line,) = (line for line in courier.outbox.listed() if line.startswith("failed"))
    assert nadia in line
    assert "canary" not in line
    assert courier.round().failed == 0
    mail.behaviour.strangers = ()
    assert courier.outbox.again(house.at) == 1
    assert courier.round().sent == 1


def test_a_server_that_hangs_does_not_hang_us(house: MailHouse, nadia: str, courier: Courier, mail: MailServer) -> None:
    mail.behaviour = Behaviour(hang=True, once=True)
    assert courier.round().deferred == 1
    assert state(house) == [("waiting", 1, "SMTPServerDisconnected")]
    house.at += MINUTE
    assert courier.round().sent == 1
    assert len(mail.got) == 1


def test_a_letter_of_which_nobody_said_that_it_was_taken_goes_again_under_the_same_id(
    house: MailHouse, nadia: str, courier: Courier, mail: MailServer
) -> None:
    mail.behaviour = Behaviour(cut=True, once=True)
    assert courier.round().deferred == 1
    house.at += MINUTE
    assert courier.round().sent == 1
    first, second = mail.got
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Message-ID"].endswith("@example.org>")


def test_a_server_that_is_not_there_leaves_every_row_as_it_was(house: MailHouse, nadia: str) -> None:
    with MailServer() as gone:
        port = gone.address
    with pytest.raises(Unreachable):
        house.courier(port).round()
    assert state(house) == [("waiting", 0, None)]


def test_a_sender_that_may_not_write_is_the_operators_trouble_not_the_letters(
    house: MailHouse, nadia: str, courier: Courier, mail: MailServer
) -> None:
    mail.behaviour.mail = "550 5.7.1 not you"
    with pytest.raises(Unreachable, match=r"AWARDS_MAIL_FROM write: 550 5\.7\.1"):
        courier.round()
    assert state(house) == [("waiting", 1, "unreachable")]
    mail.behaviour.mail = None
    house.at += MINUTE
    assert courier.round().sent == 1


def test_no_code_is_made_for_who_cannot_be_written_to(
    house: MailHouse, nadia: str, courier: Courier, mail: MailServer
) -> None:
    mail.behaviour.rcpt = "451 4.2.1 later"
    courier.round()
    assert house.service.ledger.rows("SELECT hash FROM tokens WHERE kind = 'invitation'") == []


def test_old_news_is_not_sent_but_shown(house: MailHouse, nadia: str, courier: Courier, mail: MailServer) -> None:
    house.at += GIVE_UP + MINUTE
    courier.round()
    assert mail.got == []
    assert state(house) == [("failed", 0, "too_old")]
    courier.outbox.again(house.at)
    assert courier.round().sent == 1


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_database_that_is_away_when_a_letter_was_taken_makes_no_second_one(
    house: MailHouse, nadia: str, courier: Courier, mail: MailServer
) -> None:
    ledger = house.service.ledger
    refuse = "BEFORE UPDATE ON outbox WHEN NEW.state = 'sent' BEGIN SELECT RAISE(ABORT, 'away'); END"
    ledger.write((f"CREATE TRIGGER away {refuse}", []))
    back = threading.Timer(1.0, lambda: ledger.write(("DROP TRIGGER away", [])))
    back.start()
    assert courier.round().sent == 1
    back.join()
    assert state(house) == [("sent", 1, None)]
    house.at += LEASE
    assert courier.round().sent == 0
    assert len(mail.got) == 1


# --- what a letter is


def test_a_letter_says_that_a_program_wrote_it(nadia: str, courier: Courier, mail: MailServer) -> None:
    courier.round()
    (got,) = mail.got
    assert got["From"] == "Awards <awards@example.org>"
    assert got["To"] == "nadia.canary@example.org"
    assert got["Auto-Submitted"] == "auto-generated"
    assert got.content.isascii()
    assert max(map(len, got.content.splitlines())) <= 100


def test_no_name_can_add_a_header_or_a_paragraph(house: MailHouse, courier: Courier, mail: MailServer) -> None:
    for number, end in enumerate(("\r\n", "\n", "\r", "\u2028", "\x85", "\v")):
        name = f"Prize{end}Bcc: victim@example.org{end}{end}Click https://evil.example/"
        house.award = house.app.awards.establish(house.by(house.secretary), f"p{number}", {"en": name}, {"en": "B"})
        edition = house.edition(label=f"20{end}Subject: evil")
        house.writes_to(house.member(edition, "nominator", "Nadia"), "nadia@example.org")
    assert courier.round().sent == 6
    for got in mail.got:
        assert got.recipients == ["nadia@example.org"]
        assert got.mail["Bcc"] is None
        assert got.mail.get_all("Subject") == [got["Subject"]]
        assert not any(line.startswith(("Click", "Bcc", "Subject")) for line in got.text.splitlines())


def test_an_address_with_a_header_in_it_goes_nowhere(
    house: MailHouse, edition: str, courier: Courier, mail: MailServer
) -> None:
    evil = "x@example.org>\r\nBcc: victim@example.org\r\nX: <y"
    house.writes_to(house.member(edition, "nominator", "Nadia"), evil)
    house.writes_to(house.member(edition, "nominator", "Noah"), "noah@example.org")
    courier.round()
    assert [got.recipients for got in mail.got] == [["noah@example.org"]]
    assert b"victim" not in b"".join(got.content for got in mail.got)


# --- who may know what


def test_neither_outbox_nor_log_files_hold_what_is_personal(
    house: MailHouse, edition: str, nadia: str, mail: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    courier = house.courier(mail.address)
    mail.behaviour = Behaviour(rcpt="450 4.1.1 <nadia.canary@example.org> is busy")
    courier.round()
    mail.behaviour = Behaviour(rcpt="550 5.1.1 <nadia.canary@example.org> is gone")
    house.at += MINUTE
    courier.round()
    house.writes_to(house.member(edition, "nominator", "Canary"), "canary\nwith a line@example.org")
    courier.round()
    ledger = house.service.ledger
    everything = repr([ledger.rows(f"SELECT * FROM {table}") for table in ("outbox", "contacts", "mail_feed")])
    listed = "\n".join(courier.outbox.listed())
    assert "canary" not in (everything + listed).lower()
    ours = [record for record in caplog.records if record.name.startswith("awards")]
    assert "canary" not in "".join(record.getMessage() for record in ours).lower()
    assert "canary" not in repr(courier._letters.write(courier.outbox.unsent()[0], house.at)).lower()


def test_a_contact_shows_itself_only_to_the_letter(house: MailHouse, nadia: str) -> None:
    assert "canary" not in repr(Contact(nadia, "nadia.canary@example.org", "en", ()))


# --- several at once


def test_a_row_that_was_taken_is_left_alone_until_its_lease_ends(
    house: MailHouse, nadia: str, courier: Courier, mail: MailServer
) -> None:
    Feed(house.service.ledger, courier.outbox).catch_up()
    (message,) = (each for each in courier.outbox.due(house.at) if each.recipient == nadia)
    assert courier.outbox.take(message, house.at) is not None
    assert courier.outbox.take(message, house.at) is None
    house.at += LEASE - MINUTE
    assert courier.round().sent == 0
    house.at += MINUTE
    assert courier.round().sent == 1


def test_senders_at_once_send_each_letter_once(house: MailHouse, edition: str, mail: MailServer) -> None:
    people = 40
    for number in range(people):
        house.writes_to(house.member(edition, "nominator", f"N{number}"), f"n{number}@example.org")
    couriers = [house.courier(mail.address) for _ in range(4)]
    begin = threading.Barrier(len(couriers))
    sent = [0] * len(couriers)

    def work(number: int) -> None:
        begin.wait()
        sent[number] = couriers[number].round().sent

    threads = [threading.Thread(target=work, args=(number,)) for number in range(len(couriers))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(sent) == people
    assert sorted(got.recipients[0] for got in mail.got) == sorted(f"n{number}@example.org" for number in range(people))
    assert len({got["Message-ID"] for got in mail.got}) == people


def test_a_log_older_than_its_outbox_is_not_mailed_from_its_beginning(
    house: MailHouse, nadia: str, database_url: str
) -> None:
    ledger = house.service.ledger
    ledger.write(("DROP TABLE mail_feed", []))
    migrate(database_url)
    outbox = Outbox(ledger)
    assert outbox.position() == ledger.position()
    assert Feed(ledger, outbox).catch_up() == ledger.position()
    assert outbox.counts() == {}


def test_the_thread_of_a_server_sends_what_comes(house: MailHouse, nadia: str, mail: MailServer) -> None:
    courier = house.courier(mail.address)
    with courier.working(every_seconds=0.05):
        for _ in range(200):
            if mail.got:
                break
            threading.Event().wait(0.05)
    assert [got.recipients for got in mail.got] == [["nadia.canary@example.org"]]
    assert [thread.name for thread in threading.enumerate() if thread.name == "mail"] == []


# --- encryption


def to(address: Address, house: MailHouse) -> Courier:
    return Courier(house.app.desk, Codes(house.app), address, STATIONERY, lambda: house.at)


def test_between_networks_nothing_goes_out_unencrypted(house: MailHouse, nadia: str, mail: MailServer) -> None:
    elsewhere = Address.from_url("smtp://mail.example.org")
    assert (elsewhere.port, elsewhere.must_encrypt) == (587, True)
    assert not Address.from_url("smtp://mail.example.org?tls=off").must_encrypt
    here = replace(elsewhere, host="127.0.0.1", port=mail.address)
    with pytest.raises(Unreachable, match="STARTTLS"):
        to(here, house).round()
    assert mail.got == []


@pytest.fixture
def authority(tmp_path: Path) -> tuple[ssl.SSLContext, Path]:
    """The server's side of TLS, and the file of the authority that vouches for it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    cert_file, key_file = tmp_path / "cert.pem", tmp_path / "key.pem"
    cert_file.write_bytes(certificate.public_bytes(Encoding.PEM))
    key_file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(cert_file, key_file)
    return context, cert_file


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_letter_goes_under_tls_once_the_certificate_is_checked(
    house: MailHouse,
    nadia: str,
    authority: tuple[ssl.SSLContext, Path],
    scheme: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    context, cert_file = authority
    with MailServer(context, at_once=scheme == "smtps") as server:
        courier = to(Address.from_url(f"{scheme}://127.0.0.1:{server.address}"), house)
        with pytest.raises(Unreachable, match="certificate"):
            courier.round()
        monkeypatch.setenv("SSL_CERT_FILE", str(cert_file))
        assert courier.round().sent == 1
        assert [got.encrypted for got in server.got] == [True]


def test_a_wrong_password_is_told_without_repeating_it(
    house: MailHouse, nadia: str, authority: tuple[ssl.SSLContext, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    context, cert_file = authority
    monkeypatch.setenv("SSL_CERT_FILE", str(cert_file))
    with MailServer(context, password="p@ss") as server:
        url = f"smtp://awards:{{}}@127.0.0.1:{server.address}"
        with pytest.raises(Unreachable, match="535") as refused:
            to(Address.from_url(url.format("hunter2")), house).round()
        assert "hunter2" not in str(refused.value)
        assert to(Address.from_url(url.format("p%40ss")), house).round().sent == 1
