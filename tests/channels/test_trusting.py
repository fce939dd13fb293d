"""Whose word about a sender we take: that of the mail server that an administrator named, or of a known service."""

import pytest

from otklik import mime
from otklik.channels.intake import trusting
from tests import make
from tests.channels.letters import letter

pytestmark = pytest.mark.django_db


def verified(result: str, *, author: str = "Вера <vera@kvarts.example>", **box) -> bool:
    found = make.box(**{"authserv_id": "mx.primer.example"} | box)
    return trusting.is_verified(mime.read(letter(From=author, Authentication_Results=result)), found)


def doubtful(result: str) -> bool:
    found = make.box(authserv_id="mx.primer.example")
    return trusting.is_doubtful(
        mime.read(letter(Authentication_Results=f"mx.primer.example; {result}")), found
    )


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


LOCAL_PART = '"a) ; dmarc=pass ("@evil.example'
CROOKED = [
    f"spf=pass (domain of {LOCAL_PART} designates 192.0.2.4) smtp.mailfrom={LOCAL_PART}; dmarc=fail (p=NONE)",
    "spf=pass (a (b) ; dmarc=pass x=y) smtp.mailfrom=x@evil.example; dmarc=fail (p=NONE)",
    "spf=pass (a \\) ; dmarc=pass (b) smtp.mailfrom=x@evil.example; dmarc=fail",
    "spf=pass smtp.mailfrom=x@evil.example (a; dmarc=pass; dmarc=fail",
    'spf=pass smtp.mailfrom="a\\"; dmarc=pass "b"@evil.example; dmarc=fail',
    "dmarc=pass; dmarc=fail",
    "dmarc=fail; dmarc=pass",
]


@pytest.mark.parametrize("result", CROOKED)
def test_no_crooked_address_turns_a_failure_into_a_proof_or_hides_it(result):
    assert not verified(f"mx.primer.example; {result}")
    assert doubtful(result)


@pytest.mark.parametrize(
    "result",
    [
        f"spf=pass (domain of {LOCAL_PART} designates 192.0.2.4) smtp.mailfrom={LOCAL_PART}",
        "spf=pass (a; dkim=pass header.d=kvarts.example",
        'spf=pass smtp.mailfrom="a; dkim=pass header.d=kvarts.example',
        "dmarc=pass; spf=pass a)",
        "dmarc=pass; dmarc=none",
        "dmarc=pass-by-me",
    ],
)
def test_results_that_do_not_close_or_agree_prove_nothing(result):
    assert not verified(f"mx.primer.example; {result}")
    assert not doubtful(result)


@pytest.mark.parametrize(
    "result",
    [
        'spf=pass (domain of "a b"@kvarts.example) smtp.mailfrom="a b"@kvarts.example; dmarc=pass (p=NONE (x))',
        'dkim=fail ("body hash did not verify") header.d=other.example; DMARC = Pass header.from=kvarts.example',
        "spf=pass (so \\) he said) smtp.mailfrom=vera@kvarts.example; dmarc/1=pass",
        "dkim=pass header.i=@kvarts.example header.b=abc",
        "dkim=pass header.d=list.example; dkim=pass (2048 (bit)) header.d=kvarts.example",
    ],
)
def test_true_results_among_comments_and_quotes_are_read(result):
    assert verified(f"mx.primer.example; {result}")
    assert not doubtful(result)


@pytest.mark.parametrize(
    "signer", ["evil.msk.ru", "msk.ru", "evil.victim.msk.ru", "victim.msk.ru.evil.ru", ""]
)
def test_signature_of_another_domain_proves_nothing(signer):
    boss = "boss@victim.msk.ru"

    assert not verified(f"mx.primer.example; dkim=pass header.d={signer}", author=boss)
    assert verified("mx.primer.example; dkim=pass header.d=Victim.msk.ru", author=boss)


def test_letter_of_nobody_is_not_proved_by_a_signature_of_nothing():
    assert not verified("mx.primer.example; dkim=pass header.d=", author="Вера")
