"""Whose word about a sender we take: that of the mail server that an administrator named, or of a known service."""

import pytest

from otklik import mime
from otklik.channels.intake import trusting
from tests import make
from tests.channels.letters import letter

pytestmark = pytest.mark.django_db


def verified(result: str, **box) -> bool:
    found = make.box(**{"authserv_id": "mx.primer.example"} | box)
    return trusting.is_verified(mime.read(letter(Authentication_Results=result)), found)


def test_only_the_named_server_is_believed():
    assert verified("mx.primer.example; dmarc=pass header.from=kvarts.example")


@pytest.mark.parametrize(
    "writer",
    ["mx.evil.example", "primer.example", "x.mx.primer.example", "mx.primer.example.evil.example", ""],
)
def test_any_other_writer_is_not_believed(writer):
    assert not verified(f"{writer}; dmarc=pass header.from=kvarts.example")


def test_without_a_name_nobody_is_believed_at_a_door():
    """Our own domain stands in a forged header as easily as any other."""
    assert not verified("primer.example; dmarc=pass", authserv_id="")
    assert not verified("mx.primer.example; dmarc=pass", authserv_id="")


@pytest.mark.parametrize(
    ("preset", "writer", "believed"),
    [
        ("google", "mx.google.com", True), ("yandex", "mail-nwsmtp-mxfront-1.sas.yp-c.yandex.net", True),
        ("google", "primer.example", False), ("own", "imap.primer.example", False), ("", "mx.google.com", False),
    ],
)  # fmt: skip
def test_a_known_service_is_believed_without_a_name(preset, writer, believed):
    mailbox = {"kind": "imap", "imap_host": "imap.primer.example", "preset": preset, "authserv_id": ""}

    assert verified(f"{writer}; dmarc=pass", **mailbox) is believed


def test_only_the_topmost_header_counts():
    raw = letter(Authentication_Results="mx.evil.example; dmarc=fail")
    ours = b"Authentication-Results: mx.primer.example; dmarc=pass\n"
    box = make.box(authserv_id="MX.primer.example")

    assert trusting.is_verified(mime.read(ours + raw), box)
    head, _, rest = raw.partition(b"\n\n")
    assert not trusting.is_verified(mime.read(head + b"\n" + ours + b"\n" + rest), box)


@pytest.mark.parametrize(
    "result",
    [
        "spf=pass smtp.mailfrom=dmarc=pass@evil.example; dmarc=fail header.from=kvarts.example",
        'spf=pass smtp.mailfrom="a; dmarc=pass"@evil.example; dmarc=fail',
        "spf=pass (domain of a; dmarc=pass said) smtp.mailfrom=a@evil.example; dmarc=none",
        "dkim=fail header.d=evil.example reason=dkim=pass header.d=kvarts.example",
        "dkim=pass header.d=evil.example",
    ],
)
def test_what_the_sender_put_into_a_result_is_no_result(result):
    assert not verified(f"mx.primer.example; {result}")


def test_signature_of_the_senders_own_domain_is_enough():
    assert verified("mx.primer.example; dkim=pass (2048 bit) header.d=kvarts.example; spf=none")
