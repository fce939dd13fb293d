"""Letters made to hang, exhaust or break a reader: each under a limit of counts, not of luck."""

import base64
from collections.abc import Callable

TAGS = (
    "<div>", "</div>", "<blockquote>", '<blockquote type="cite">', "</blockquote>", "<p>", "<br>", "<table><tr><td>",
    "</table>", '<div class="gmail_quote">', '<div class="gmail_attr">', "<script>", "</script>", "<pre>", "</pre>",
    "<li>", "&nbsp;", "<!--", '<div id="divRplyFwdMsg">', '<div data-otklik-reply="1">', "<b>", "<a href=x>",
    '<div style="display:none">', "<img alt='😀'>",
)  # fmt: skip
_TEXT = b"From: a@b.example\nSubject: Re: x\nContent-Type: text/plain; charset=utf-8\n\n"
_HTML = b"From: a@b.example\nSubject: Re: x\nContent-Type: text/html; charset=utf-8\n\n"


def _nested(levels: int) -> bytes:
    head = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(levels)
    )
    return b"From: a@b.example\n" + head + b"\nhello\n"


def _nested_letters(levels: int) -> bytes:
    return b"From: a@b.example\n" + b"Content-Type: message/rfc822\n\n" * levels + b"hello\n"


def _parts(count: int) -> bytes:
    return (
        b"From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n"
        + b"--b\n\nx\n" * count
        + b"--b--\n"
    )


def _same_boundary(levels: int) -> bytes:
    return b"From: a@b.example\n" + b"Content-Type: multipart/mixed; boundary=b\n\n--b\n" * levels


def _calendar(events: int) -> bytes:
    event = b"BEGIN:VEVENT\nDTSTART:20250101T000000Z\nRRULE:FREQ=SECONDLY\nEND:VEVENT\n"
    return (
        b"From: a@b.example\nContent-Type: text/calendar\n\nBEGIN:VCALENDAR\n"
        + event * events
        + b"END:VCALENDAR\n"
    )


def _daemon(body: bytes) -> bytes:
    return b"Return-Path: <>\nFrom: MAILER-DAEMON@b.example\nSubject: Undelivered mail\n\n" + body


_MAKERS: dict[str, Callable[[], bytes]] = {
    "nested-2000": lambda: _nested(2_000),
    "nested-letters-3000": lambda: _nested_letters(3_000),
    "same-boundary-5000": lambda: _same_boundary(5_000),
    "parts-20000": lambda: _parts(20_000),
    "words-60000": lambda: b"Subject: " + b"=?utf-8?B?0J8=?= " * 60_000 + b"\n\nx",
    "parentheses-20000": lambda: b"From: " + b"(" * 20_000 + b"a@b.example\n\nx",
    "addresses-100000": lambda: b"From: a@b.example\nTo: " + b"a@b.example, " * 100_000 + b"\n\nx",
    "to-headers-5000": lambda: b"To: a@b.example, c@d.example\n" * 5_000 + b"\nx",
    "folds-200000": lambda: b"Subject: x\n" + b" y\n" * 200_000 + b"\nx",
    "no-blank-line-5mb": lambda: b"X: " + b"a" * 5_000_000,
    "junk-lines-5mb": lambda: b"X: a\n" + b"junk\n" * 1_000_000,
    "parameters-8kb": lambda: b"Content-Type: text/plain" + b"; a*0*=b" * 1_000 + b"\n\nx",
    "divs-50000": lambda: _HTML + b"<div>" * 50_000 + b"x",
    "divs-990": lambda: _HTML + b"<div>" * 990 + b"x",
    "quotes-990": lambda: _HTML + b"<blockquote>a<br>" * 990 + b"x",
    "tables-990": lambda: _HTML + b"<table><tr><td>" * 300 + b"x",
    "links-200000": lambda: _HTML + b"<a href=x>y" * 150_000,
    "bolds-100000": lambda: _HTML + b"<p><b>" * 100_000,
    "fonts-unclosed": lambda: _HTML + b"<p><font color=a%d>x" % 1 * 60_000,
    "attributes-200000": lambda: _HTML + b"<a " + b" ".join(b"b%d=1" % n for n in range(150_000)) + b">x</a>",
    "attribute-2mb": lambda: _HTML + b'<div style="' + b"display:" * 240_000 + b'">x</div>',
    "angles-2mb": lambda: _HTML + b"<" * 2_000_000,
    "opening-tags-2mb": lambda: _HTML + b"<a<" * 650_000,
    "entities-2mb": lambda: _HTML + b"&lt;" * 500_000,
    "comments-2mb": lambda: _HTML + b"<!--" * 500_000,
    "brs-500000": lambda: _HTML + b"<br>" * 500_000,
    "nbsp-lines": lambda: _HTML + b"<div>&nbsp;</div>" * 110_000,
    "html-3mb": lambda: _HTML + b"<p>hello</p>\n" * 260_000,
    "style-pieces": lambda: _HTML + b"<style>x</style>y" * 100_000,
    "tags-one-line-3mb": lambda: _HTML + b"<br>x" * 700_000,
    "on-a-40kb": lambda: _TEXT + b"On " + b"a " * 20_000 + b"wrote:",
    "on-x-5000": lambda: _TEXT + b"On x\n" * 5_000,
    "on-wrote-50000": lambda: _TEXT + b"On 1/1/2025 10:00, x wrote:\n" * 50_000,
    "wrote-lines": lambda: _TEXT + b"On 1 x wrote:\n" * 50_000,
    "quoted-wrote-lines": lambda: _TEXT + b"On 1 x wrote:\n> y\n" * 50_000,
    "dashes-60000": lambda: _TEXT + b"-" * 60_000,
    "dash-lines": lambda: _TEXT + b"-----\n" * 100_000,
    "rules-and-from": lambda: _TEXT + (b"-----\n" + "От: a\n\n".encode()) * 50_000,
    "fields-100000": lambda: _TEXT + "От: a@b.ru\n".encode() * 100_000,
    "field-starts": lambda: _TEXT + "Кому: a\nx\ny\n".encode() * 50_000,
    "quotes-300000": lambda: _TEXT + b"> a\n" * 300_000,
    "quote-turns": lambda: _TEXT + b"> a\nb\n" * 150_000,
    "marks-100000": lambda: _TEXT + b">" * 100_000 + b"\n" + b"> " * 50_000,
    "initials": lambda: _TEXT + b"AB> x\nCD> y\n" * 80_000,
    "blank-2mb": lambda: _TEXT + b"\n" * 2_000_000,
    "spaces-2mb": lambda: _TEXT + b" " * 2_000_000,
    "one-line-4mb": lambda: _TEXT + "слово ".encode() * 350_000,
    "colons-1mb": lambda: _TEXT + b":\n" * 500_000,
    "colon-runs": lambda: _TEXT + (b"1.1.2025 10:00 " * 25 + b":\n") * 3_000,
    "addresses-text": lambda: _TEXT + b"a@a@a@a@" * 100_000 + b":\n",
    "regards": lambda: _TEXT + "С уважением,\nx\n".encode() * 60_000,
    "signatures": lambda: _TEXT + b"-- \nx\n" * 150_000,
    "disclaimers": lambda: _TEXT + ("Это сообщение конфиденциально " * 100 + "\n\n").encode() * 300,
    "devices": lambda: _TEXT + "Отправлено с iPhone\n\n".encode() * 50_000,
    "uu-begins": lambda: _TEXT + b"begin 644 a\n" * 100_000,
    "uu-blocks": lambda: _TEXT + b"begin 644 a\n#86)C\n`\nend\n" * 30_000,
    "koi8-1mb": lambda: b"Content-Type: text/plain; charset=koi8-r\n\n" + "Привет, мир. ".encode("cp1251") * 80_000,
    "bad-utf8-1mb": lambda: _TEXT + b"\xd0\xff" * 500_000,
    "mojibake": lambda: _TEXT + "Ð¿Ñ€Ð¸".encode() * 100_000,
    "calendar": lambda: _calendar(20_000),
    "calendar-60kb": lambda: _calendar(800),
    "bounce-dashes": lambda: _daemon(b"could not be delivered\n" + b"-" * 100_000),
    "bounce-addresses": lambda: _daemon(b"could not be delivered to\n" + b"a@b.example\n" * 100_000),
    "bounce-ats": lambda: _daemon(b"failed\n" + b"a@" * 100_000),
    "bounce-nested": lambda: _daemon(b"") + _nested(1_000),
    "bounce-report": lambda: b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n"
    b"Content-Type: message/delivery-status\n\n" + b"Final-Recipient: rfc822; a@b.example\nAction: failed\n\n" * 40_000,
    "flufl-net": lambda: _daemon(b"\n".join(b"<%d@b.example>: x" % n for n in range(6_000))),
    "base64-letters": lambda: b"Content-Transfer-Encoding: base64\n\n" + b"QQ==" * 500_000,
    "base64-rubbish": lambda: b"Content-Transfer-Encoding: base64\n\n" + b"*" * 3_000_000 + b"Q",
    "qp-equals": lambda: b"Content-Transfer-Encoding: quoted-printable\n\n" + b"=\n" * 1_000_000,
    "tnef": lambda: b"Content-Type: application/ms-tnef\nContent-Transfer-Encoding: base64\n\n"
    + base64.encodebytes(b"\x78\x9f\x3e\x22\x01\x00" + b"\x02\x02\x90\x06\x00\0\0\0\0\0\0" * 100_000),
}  # fmt: skip
NAMES = tuple(_MAKERS)


def letter(name: str) -> bytes:
    """The hostile letter of that name; some are megabytes, so they are made when asked for."""
    return _MAKERS[name]()
