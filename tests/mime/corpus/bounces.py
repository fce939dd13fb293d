"""Letters of mail systems about letters that didn't arrive, with and without RFC 3464, and what only looks so."""

from collections.abc import Iterator
from typing import Any

from tests.mime.corpus import build
from tests.mime.corpus.words import OLEG, Person

_OURS = (
    "Return-Path: <support@firma-demo.example>\r\nMessage-ID: <t7.m42@firma-demo.example>\r\nFrom: support@firma-demo.example\r\n"
    "To: {0}\r\nSubject: Re: Order\r\n"
)
_POSTFIX = """This is the mail system at host mx1.firma-demo.example.

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients. It's attached below.

For further assistance, please send mail to postmaster.

If you do so, please include this problem report. You can
delete your own text from the attached returned message.

                   The mail system

<{0}>: host mx.client.example[203.0.113.5] said: 550 5.1.1 <{0}>:
    Recipient address rejected: User unknown in virtual mailbox table (in reply
    to RCPT TO command)
"""
_DELAY = """This is the mail system at host mx1.firma-demo.example.

####################################################################
# THIS IS A WARNING ONLY.  YOU DO NOT NEED TO RESEND YOUR MESSAGE. #
####################################################################

Your message could not be delivered for more than 4 hour(s).
It will be retried until it is 5 day(s) old.

<{0}>: connect to mx.client.example[203.0.113.5]:25: Connection timed out
"""
_SMTPD = """    Hi!

    This is the MAILER-DAEMON, please DO NOT REPLY to this email.

    An error has occurred while attempting to deliver a message for
    the following list of recipients:

{0}: 550 No such user here

    Below is a copy of the original message:

"""
_PLAIN: tuple[tuple[str, str, str, str, str, bool], ...] = (
    # (name, from, subject, body with {0} for the address, status, permanent)
    ("qmail", "MAILER-DAEMON@mx.client.example", "failure notice",
     "Hi. This is the qmail-send program at mx.client.example.\nI'm afraid I wasn't able to deliver your message to the following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n<{0}>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy of the message.\n\n", "5.1.1", True),
    ("mailru", "mailer-daemon@corp.mail.example", "Mail failure.",
     "Это письмо создано автоматически сервером Mail.Ru, отвечать на него не нужно.\n\nК сожалению, Ваше письмо не может быть доставлено одному или нескольким получателям:\n\n**********************\n\n{0}\nuser not found\n\n**********************\n\nЗа дополнительной информацией обращайтесь в службу поддержки.\n", "", True),
    ("yandex", "mailer-daemon@yandex.example", "Недоставленное сообщение",
     "Это письмо отправлено почтовым сервером yandex.ru.\n\nК сожалению, мы вынуждены сообщить Вам о том, что Ваше письмо не может\nбыть отправлено одному или нескольким адресатам. Технические подробности можно найти ниже.\n\nВозможные причины недоставки указаны по адресу:\nhttps://help.example/reasons\n\nПожалуйста, не отвечайте на это сообщение.\n\n-----------\n\nThis is the mail system at host yandex.ru.\n\n<{0}>: host mx.client.example[203.0.113.5] said: 550 5.7.1 No such user!\n    (in reply to RCPT TO command)\n", "5.7.1", True),
    ("sendmail", "Mail Delivery Subsystem <MAILER-DAEMON@relay.client.example>", "Returned mail: see transcript for details",
     "The original message was received at Fri, 3 Jan 2025 12:34:56 +0300\nfrom mx1.firma-demo.example [203.0.113.7]\n\n   ----- The following addresses had permanent fatal errors -----\n<{0}>\n    (reason: 550 5.1.1 <{0}>... User unknown)\n\n   ----- Transcript of session follows -----\n... while talking to mx.client.example.:\n>>> DATA\n<<< 550 5.1.1 <{0}>... User unknown\n", "5.1.1", True),
    ("gmail-text", "Mail Delivery Subsystem <mailer-daemon@googlemail.example>", "Delivery Status Notification (Failure)",
     "Delivery to the following recipient failed permanently:\n\n     {0}\n\nTechnical details of permanent failure:\nThe email account that you tried to reach does not exist. 550-5.1.1\n\n----- Original message -----\n\n", "5.1.1", True),
    ("gmail-ru", "Mail Delivery Subsystem <mailer-daemon@googlemail.example>", "Delivery Status Notification (Failure)",
     "** Адрес не найден **\n\nВаше сообщение для {0} не доставлено. Адрес не найден или не принимает входящие письма.\n\nОтвет:\n\n550 5.1.1 The email account that you tried to reach does not exist.\n", "5.1.1", True),
    ("exchange-old", "System Administrator <postmaster@client.example>", "Undeliverable: Re: Order",
     "Your message did not reach some or all of the intended recipients.\n\n      Subject:\tRe: Order\n      Sent:\t03.01.2025 12:34\n\nThe following recipient(s) could not be reached:\n\n      {0} on 03.01.2025 12:35\n            The e-mail account does not exist at the organization this message was sent to.\n            <mx.client.example #5.1.1>\n", "5.1.1", True),
    ("exchange-ru", "Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@client.example>", "Не удалось доставить: Re: Order",
     "Не удалось выполнить доставку следующим получателям или группам:\n\n{0}\nВведенный адрес электронной почты не найден. Проверьте адрес и повторите отправку.\n\nДиагностические сведения для администраторов:\n\nСоздающий сервер: mx.client.example\n\n{0}\n#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##\n", "5.1.1", True),
    ("quota", "Mail Delivery System <mailer-daemon@mx.client.example>", "Mail delivery failed: returning message to sender",
     "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n  {0}\n    mailbox is full: retry timeout exceeded\n\n------ This is a copy of the message, including all the headers. ------\n\n", "", True),
    ("exim-delay", "Mail Delivery System <mailer-daemon@mx.client.example>", "Warning: message 1tTgX-0002 delayed 24 hours",
     "This message was created automatically by mail delivery software.\nA message that you sent has not yet been delivered to one or more of its\nrecipients after more than 24 hours on the queue on mx.client.example.\n\nThe address to which the message has not yet been delivered is:\n\n  {0}\n    Delay reason: Connection timed out\n\nNo action is required on your part. Delivery attempts will continue for\nsome time.\n", "", False),
    ("communigate", "MAILER-DAEMON@mx.client.example", "Undeliverable mail",
     "Failed to deliver to '{0}'\nLOCAL module(account pavel) reports:\n account is full (quota exceeded)\n", "", True),
    ("kerio-ru", "Mail Delivery Subsystem <postmaster@client.example>", "Сообщение не доставлено",
     "Сообщение не может быть доставлено следующим получателям:\n\n   {0}\n      550 5.1.1 Пользователь не существует\n", "5.1.1", True),
)  # fmt: skip


def letters() -> Iterator[tuple[str, bytes, dict[str, Any]]]:  # Any: values of JSON
    """Reports by the RFC, systems without it, then letters that are no bounce."""
    yield (
        "postfix",
        _report("client.one@client.example", _POSTFIX, "failed", "5.1.1"),
        _bounced("client.one@client.example", "5.1.1"),
    )
    yield (
        "postfix-delay",
        _report("slow@client.example", _DELAY, "delayed", "4.4.1"),
        _bounced("slow@client.example", "4.4.1", permanent=False),
    )
    yield (
        "postfix-idn",
        _report("вера@клиент.example".replace("вера", "vera"), _POSTFIX, "failed", "5.1.2"),
        _bounced("vera@клиент.example", "5.1.2"),
    )
    yield (
        "exchange-dsn",
        _report(
            "ops@client.example",
            "Delivery has failed to these recipients or groups:\n\nops@client.example\n",
            "failed",
            "5.2.2",
        ),
        _bounced("ops@client.example", "5.2.2"),
    )
    yield (
        "gmail-dsn",
        _report(
            "gone@client.example",
            "** Address not found **\n\nYour message wasn't delivered to gone@client.example because the address couldn't be found.\n",
            "failed",
            "5.1.1",
        ),
        _bounced("gone@client.example", "5.1.1"),
    )
    yield (
        "bare-dsn",
        _report("dept@client.example", "", "failed", "5.4.4"),
        _bounced("dept@client.example", "5.4.4"),
    )
    yield (
        "two-recipients",
        _two(),
        {
            "kind": "bounce",
            "bounced_for": [["a@client.example", "5.1.1", True], ["b@client.example", "4.2.2", False]],
        },
    )
    yield "opensmtpd-mixed", _smtpd("lost@client.example"), _bounced("lost@client.example", "5.0.0")
    yield "exim", _exim("nobody@client.example"), _bounced("nobody@client.example", "")
    for name, sender, subject, body, status, permanent in _PLAIN:
        yield (
            name,
            _plain(sender, subject, body, f"{name}@client.example"),
            _bounced(f"{name}@client.example", status, permanent=permanent),
        )
    yield from _no_bounces()


def _bounced(email: str, status: str, *, permanent: bool = True) -> dict[str, Any]:  # Any: values of JSON
    return {
        "kind": "bounce",
        "bounced_for": [[email, status, permanent]],
        "to": ["support@firma-demo.example"],
    }


def _top(
    sender: str, subject: str, extra: str = "Return-Path: <>\r\nAuto-Submitted: auto-replied\r\n"
) -> bytes:
    return (
        f"{extra}From: {sender}\r\nTo: support@firma-demo.example\r\nSubject: {build.word(subject)}\r\n"
        "Date: Fri, 03 Jan 2025 12:35:01 +0300\r\nMessage-ID: <dsn.1@mx.client.example>\r\nMIME-Version: 1.0\r\n"
    ).encode()


def _status(email: str, action: str, status: str) -> str:
    domain = email.split("@")[1].encode("idna").decode()
    wire = f"{email.split('@', maxsplit=1)[0]}@{domain}"
    return f"Final-Recipient: rfc822; {wire}\r\nAction: {action}\r\nStatus: {status}\r\nDiagnostic-Code: smtp; {status} refused\r\n"


def _report(email: str, text: str, action: str, status: str, kind: str = "report") -> bytes:
    fields = f"Reporting-MTA: dns; mx1.firma-demo.example\r\nArrival-Date: Fri, 3 Jan 2025 12:34:56 +0300\r\n\r\n{_status(email, action, status)}"
    parts = (
        build.text_part(text.format(email), how="8bit") if text else b"",
        b"Content-Type: message/delivery-status\r\n\r\n" + fields.encode(),
        b"Content-Type: message/rfc822\r\n\r\n"
        + _OURS.format("x@client.example").encode()
        + b"\r\nHello\r\n",
    )
    body = build.multipart(kind, "dsn/1.mx", *filter(None, parts), more="; report-type=delivery-status")
    return (
        _top(
            "MAILER-DAEMON@mx1.firma-demo.example (Mail Delivery System)",
            "Undelivered Mail Returned to Sender",
        )
        + body
    )


def _two() -> bytes:
    first = _report("a@client.example", _POSTFIX, "failed", "5.1.1")
    return first.replace(
        b"5.1.1 refused\r\n",
        b"5.1.1 refused\r\n\r\n" + _status("b@client.example", "delayed", "4.2.2").encode(),
    )


def _smtpd(email: str) -> bytes:
    fields = f"Reporting-MTA: dns; desk.firma-demo.example\r\n\r\nFinal-Recipient: rfc822; {email}\r\nAction: failed\r\nStatus: 5.0.0\r\n\r\n"
    body = build.multipart(
        "mixed",
        "10612345678901234567/desk.firma-demo.example",
        b"Content-Description: Notification\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n"
        + _SMTPD.format(email).encode(),
        b"Content-Description: Delivery Report\r\nContent-Type: message/delivery-status\r\n\r\n"
        + fields.encode(),
        b"Content-Description: Message headers\r\nContent-Type: text/rfc822-headers\r\n\r\n"
        + _OURS.format(email).encode()
        + b"\r\n",
    )
    return (
        _top(
            "Mailer Daemon <MAILER-DAEMON@desk.firma-demo.example>", "Delivery status notification: error", ""
        )
        + body
    )


def _exim(email: str) -> bytes:
    text = (
        "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of its\n"
        f"recipients. This is a permanent error. The following address(es) failed:\n\n  {email}\n    Unrouteable address\n\n"
        "------ This is a copy of your message, including all the headers. ------\n\n"
        + _OURS.format(email).replace("\r\n", "\n")
    )
    extra = f"Return-Path: <>\r\nX-Failed-Recipients: {email}\r\nAuto-Submitted: auto-replied\r\n"
    return _top(
        "Mail Delivery System <Mailer-Daemon@mx.client.example>",
        "Mail delivery failed: returning message to sender",
        extra,
    ) + build.text_part(text, how="8bit")


def _plain(sender: str, subject: str, body: str, email: str) -> bytes:
    text = body.format(email) + _OURS.format(email).replace("\r\n", "\n")
    extra = "Return-Path: <>\r\n" if "postmaster" not in sender else ""
    return _top(sender, subject, extra) + build.text_part(text)


def _no_bounces() -> Iterator[tuple[str, bytes, dict[str, Any]]]:  # Any: values of JSON
    """A person tells of a bounce, passes one on, or only writes alike; and a report of success."""
    told = "Добрый день! Отправил вам акт, а вернулось вот что:\n\n<sales@firma-demo.example>: host mx1 said: 550 5.1.1 User unknown\nyour message could not be delivered\n\nКуда слать?"
    for name, subject, text in (
        ("told", "Undelivered Mail Returned to Sender", told),
        ("forwarded", "Fwd: Недоставленное сообщение", told),
        (
            "question",
            "Не доставлен заказ 48213",
            "Заказ не доставлен, курьер не найден, телефон vasya@client.example не отвечает. Верните деньги!",
        ),
        (
            "delay",
            "Задержка доставки",
            "Третий день задержка доставки. Сообщите срок на oleg.gromov@yandex.example",
        ),
        (
            "failed",
            "Update failed",
            "The update failed with: user unknown. See attached log. Mail me at it@client.example",
        ),
    ):
        yield (
            f"no-{name}",
            build.head(OLEG, subject, 41).encode() + build.text_part(text),
            build.fields_of(OLEG, subject, bounced_for=[]),
        )
    admin = Person("Админ", "postmaster@client.example")
    text = "Коллеги, the following addresses are ours: a@client.example. Сообщения не доставлялись из-за SPF, поправили."
    yield (
        "no-postmaster",
        build.head(admin, "SPF", 42, "In-Reply-To: <t1@firma-demo.example>\r\n").encode()
        + build.text_part(text),
        build.fields_of(admin, "SPF", bounced_for=[]),
    )
    yield (
        "no-success",
        _report(
            "fine@client.example",
            "Your message was successfully delivered to fine@client.example\n",
            "delivered",
            "2.0.0",
        ),
        {"kind": "auto_reply", "bounced_for": []},
    )
    nested = b"Content-Type: message/rfc822\r\n\r\n" + _report(
        "x@client.example", _POSTFIX, "failed", "5.1.1"
    )
    parts = build.multipart("mixed", "person", build.text_part("Вот что мне пришло, см. вложение"), nested)
    yield (
        "no-attached",
        build.head(OLEG, "Письмо не дошло", 43).encode() + parts,
        build.fields_of(OLEG, "Письмо не дошло", bounced_for=[]),
    )
