"""Automatic answers and their look-alikes, lists, complaints of mail services."""

from collections.abc import Iterator
from typing import Any

from tests.mime.corpus import build
from tests.mime.corpus.words import OLEG

_AWAY = "Здравствуйте!\n\nЯ в отпуске до 20 января. По срочным вопросам: Мария, +7 342 200-00-00.\n\nОлег"
_ANSWERS = (
    # (name, subject, headers)
    ("rfc3834", "Re: Заказ 48213", "Auto-Submitted: auto-replied (vacation)\r\n"),
    (
        "exchange-ru",
        "Автоматический ответ: Заказ 48213",
        "Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\n",
    ),
    ("yandex", "Автоответ: Re: Заказ 48213", "X-Autoreply: yes\r\nPrecedence: bulk\r\n"),
    ("mailru", "Re: Заказ 48213", "X-Autoreply: yes\r\nAuto-Submitted: auto-replied\r\n"),
    ("outlook-en", "Automatic reply: Order", ""),
    ("office-en", "Out of Office: Order", ""),
    ("office-re", "Out of office", "X-Autorespond: Order\r\n"),
    ("german", "Abwesenheitsnotiz: Order", ""),
    ("french", "Réponse automatique : Order", ""),
    ("precedence", "Re: Order", "Precedence: auto_reply\r\n"),
    (
        "bitrix",
        "Автоматический ответ на ваше письмо",
        "Auto-Submitted: auto-generated\r\nPrecedence: bulk\r\n",
    ),
    ("otsutstvie", "Автоответчик: меня нет на месте", ""),
    ("vne-ofisa", "Вне офиса: Re: Заказ", ""),
    ("cpanel", "Re: Order", "X-Autorespond: Re: Order\r\nPrecedence: auto_reply\r\n"),
)
_PEOPLE = (
    # (name, subject, text): nobody's machine wrote these
    ("broken-machine", "Автоответ не приходит клиентам", "Настроили автоответ, а он не приходит. Почему?"),
    ("answers-machine", "Re: Автоматический ответ: Заказ 48213", "Анна, жду вашего возвращения, вопрос терпит."),
    ("vacation", "Я в отпуске, перенесите визит мастера", "Перенесите, пожалуйста, на 25-е."),
    ("auto", "Авто не заводится после вашего сервиса", "Приезжайте и заведите!"),
)  # fmt: skip
_FEEDBACK = (
    "Feedback-Type: abuse\r\nUser-Agent: SomeService/1.0\r\nVersion: 1\r\nOriginal-Mail-From: <support@firma-demo.example>\r\n"
    "Original-Rcpt-To: <client@mail.example>\r\n"
)


def letters() -> Iterator[tuple[str, bytes, dict[str, Any]]]:  # Any: values of JSON
    """Answers, people, lists, complaints, read receipts."""
    for number, (name, subject, extra) in enumerate(_ANSWERS):
        raw = build.head(OLEG, subject, number, extra).encode() + build.text_part(_AWAY)
        yield name, raw, {**build.fields_of(OLEG, subject), "kind": "auto_reply", "auto": True}
    for number, (name, subject, text) in enumerate(_PEOPLE):
        raw = build.head(OLEG, subject, 30 + number).encode() + build.text_part(text)
        yield name, raw, build.fields_of(OLEG, subject, auto=False, reply_text=text)
    for name, extra in (
        ("list", "List-Id: <news.client.example>\r\nList-Unsubscribe: <https://client.example/u>\r\n"),
        ("bulk", "Precedence: bulk\r\n"),
        ("generated", "Auto-Submitted: auto-generated\r\n"),
        ("empty-path", "Return-Path: <>\r\n"),
    ):
        raw = build.head(OLEG, "Новости января", 40, extra).encode() + build.text_part("Скидки!")
        yield name, raw, build.fields_of(OLEG, "Новости января", auto=True)
    for number, returned in enumerate(("message/rfc822", "text/rfc822-headers")):
        yield "complaint", _complaint(returned, number), {"kind": "feedback", "auto": True, "bounced_for": []}
    yield "receipt", _receipt(), {"kind": "auto_reply", "auto": True}


def _complaint(returned: str, number: int) -> bytes:
    parts = (
        build.text_part(
            "This is an email abuse report for a message received from IP 203.0.113.7", how="8bit"
        ),
        b"Content-Type: message/feedback-report\r\n\r\n" + _FEEDBACK.encode(),
        f"Content-Type: {returned}\r\n\r\n".encode()
        + b"Message-ID: <t7.m42@firma-demo.example>\r\nSubject: Re: Order\r\n\r\n",
    )
    body = build.multipart("report", f"arf{number}", *parts, more="; report-type=feedback-report")
    return build.head(OLEG, "complaint about message from 203.0.113.7", number).encode() + body


def _receipt() -> bytes:
    parts = (
        build.text_part("Сообщение прочитано 03.01.2025 12:40", how="8bit"),
        b"Content-Type: message/disposition-notification\r\n\r\nFinal-Recipient: rfc822;oleg@client.example\r\nDisposition: manual-action/MDN-sent-manually; displayed\r\n",
    )
    body = build.multipart("report", "mdn", *parts, more="; report-type=disposition-notification")
    return build.head(OLEG, "Прочитано: Заказ 48213", 50).encode() + body
