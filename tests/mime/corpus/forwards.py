"""Somebody's letter passed on by one of our people, as mail programs in Russia and abroad lay it out."""

from collections.abc import Callable, Iterator
from html import escape
from typing import Any

from tests.mime.corpus import build
from tests.mime.corpus.build import breaks, divs, quoted
from tests.mime.corpus.words import TALKS, Person, Talk, talk

Bodies = tuple[str | None, str | None]
_COMMENTS = (
    "",
    "Коллеги, посмотрите, пожалуйста. Клиент звонил дважды.",
    "Аня, это к тебе?\n\nС уважением,\nБорис",
    "переслал, см. ниже",
)
_US = Person("Борис Львов", "boris@firma-demo.example")


def gmail(one: Talk, comment: str) -> Bodies:
    plain = (
        f"{comment}\n\n---------- Forwarded message ---------\nОт: {one.who.name} <{one.who.email}>\nDate: пт, 3 янв. 2025 г. в 10:07\n"
        f"Subject: {one.subject}\nTo: <support@firma-demo.example>\n\n\n{one.reply}\n"
    )
    html = (
        f'<div dir="ltr">{divs(comment)}<br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">---------- Forwarded message '
        f'---------<br>От: <strong class="gmail_sendername">{escape(one.who.name)}</strong> <span>&lt;{one.who.email}&gt;</span><br>'
        f"Date: пт, 3 янв. 2025 г. в 10:07<br>Subject: {escape(one.subject)}<br>To:  &lt;support@firma-demo.example&gt;<br></div><br><br>{divs(one.reply)}</div></div>"
    )
    return plain, html


def gmail_html_only(one: Talk, comment: str) -> Bodies:
    return None, gmail(one, comment)[1]


def yandex(one: Talk, comment: str) -> Bodies:
    html = (
        f"{divs(comment, blank=' ')}<div> </div><div>-------- Пересылаемое сообщение --------</div><div>03.01.2025, 10:07, "
        f'"{escape(one.who.name)}" &lt;{one.who.email}&gt;:</div><div> </div>{divs(one.reply, blank=" ")}<div> </div>'
        f"<div>-------- Завершение пересылаемого сообщения --------</div><div> </div><div>-- </div><div>Борис</div>"
    )
    return None, html


def mailru(one: Talk, comment: str) -> Bodies:
    plain = (
        f"{comment}\n\n-------- Пересылаемое сообщение --------\nОт: {one.who.name} <{one.who.email}>\nКому: support@firma-demo.example\n"
        f"Дата: Пятница, 3 января 2025, 10:07 +03:00\nТема: {one.subject}\n \n{one.reply}\n"
    )
    return plain, None


def thunderbird(one: Talk, comment: str) -> Bodies:
    plain = (
        f"{comment}\n\n\n-------- Перенаправленное сообщение --------\nТема: \t{one.subject}\nДата: \tFri, 3 Jan 2025 10:07:12 +0300\n"
        f"От: \t{one.who.name} <{one.who.email}>\nКому: \tsupport@firma-demo.example\n\n\n\n{one.reply}\n"
    )
    html = (
        f'<p>{breaks(comment)}</p><div class="moz-forward-container"><br><br>-------- Перенаправленное сообщение --------<table class="moz-email-headers-table" '
        f'border="0"><tbody><tr><th nowrap align="RIGHT">Тема: </th><td>{escape(one.subject)}</td></tr><tr><th>Дата: </th><td>Fri, 3 Jan 2025 10:07:12 '
        f"+0300</td></tr><tr><th>От: </th><td>{escape(one.who.name)} <a>&lt;{one.who.email}&gt;</a></td></tr><tr><th>Кому: </th><td>support@firma-demo.example"
        f"</td></tr></tbody></table><br><br>{divs(one.reply)}</div>"
    )
    return plain, html


def thunderbird_html_only(one: Talk, comment: str) -> Bodies:
    return None, thunderbird(one, comment)[1]


def apple(one: Talk, comment: str) -> Bodies:
    block = (
        f"От: {one.who.name} <{one.who.email}>\nТема: {one.subject}\nДата: 3 января 2025 г. в 10:07:12 GMT+3\nКому: support@firma-demo.example\n\n"
        f"{one.reply}"
    )
    return f"{comment}\n\nНачало переадресованного сообщения:\n\n{quoted(block)}\n", None


def iphone(one: Talk, comment: str) -> Bodies:
    html = (
        f'{breaks(comment)}<br><br><div dir="ltr">Отправлено с iPhone</div><div dir="ltr"><br>Начало переадресованного сообщения:<br><br></div>'
        f'<blockquote type="cite"><div dir="ltr"><b>От:</b> {escape(one.who.name)} &lt;{one.who.email}&gt;<br><b>Дата:</b> 3 января 2025 г. в 10:07:12 MSK<br>'
        f"<b>Кому:</b> support@firma-demo.example<br><b>Тема:</b> <b>{escape(one.subject)}</b><br><br></div></blockquote>"
        f'<blockquote type="cite"><div dir="ltr">{breaks(one.reply)}</div></blockquote>'
    )
    return None, html


def outlook(one: Talk, comment: str) -> Bodies:
    plain = (
        f"{comment}\n\nОт: {one.who.name} [mailto:{one.who.email}] \nОтправлено: 3 января 2025 г. 10:07\nКому: support@firma-demo.example\n"
        f"Тема: {one.subject}\n\n{one.reply}\n"
    )
    return plain, None


def outlook_html(one: Talk, comment: str) -> Bodies:
    html = (
        f"<div class=WordSection1>{divs(comment, 'p', '&nbsp;')}<div><div style='border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0cm 0cm 0cm'>"
        f"<p class=MsoNormal><b>От:</b> {escape(one.who.name)} [mailto:{one.who.email}] <br><b>Отправлено:</b> 3 января 2025 г. 10:07<br><b>Кому:</b> "
        f"support@firma-demo.example<br><b>Тема:</b> {escape(one.subject)}</p></div></div>{divs(one.reply, 'p', '&nbsp;')}</div>"
    )
    return None, html


def outlook_web(one: Talk, comment: str) -> Bodies:
    html = (
        f'<div>{breaks(comment)}</div><div id="appendonsend"></div><hr tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><font><b>От:</b> {escape(one.who.name)} '
        f"&lt;{one.who.email}&gt;<br><b>Отправлено:</b> 3 января 2025 г. 10:07<br><b>Кому:</b> support@firma-demo.example<br><b>Тема:</b> "
        f"{escape(one.subject)}</font><div>&nbsp;</div></div><div>{breaks(one.reply)}</div>"
    )
    return None, html


def the_bat(one: Talk, comment: str) -> Bodies:
    plain = (
        f"{comment}\n\nЭто пересылаемое сообщение\nОт кого: {one.who.name} <{one.who.email}>\nКому: <support@firma-demo.example>\nДата: 3 января 2025 г., 10:07:12\n"
        f"Тема: {one.subject}\nФайлы: <нет>\n\n{one.reply}\n"
    )
    return plain, None


def samsung(one: Talk, comment: str) -> Bodies:
    plain = (
        f"{comment}\n\nОтправлено с моего Galaxy\n\n-------- Исходное сообщение --------\nОт: {one.who.name} <{one.who.email}> \n"
        f"Дата: 03.01.2025  10:07  (GMT+03:00) \nКому: support@firma-demo.example \nТема: {one.subject} \n\n{one.reply}\n"
    )
    return plain, None


PROGRAMS: tuple[Callable[[Talk, str], Bodies], ...] = (
    gmail, gmail_html_only, yandex, mailru, thunderbird, thunderbird_html_only, apple, iphone, outlook, outlook_html,
    outlook_web, the_bat, samsung,
)  # fmt: skip
_FIRST_WORDS = {"": "", _COMMENTS[2]: "Аня, это к тебе?"}


def letters() -> Iterator[tuple[str, bytes, dict[str, Any]]]:  # Any: values of JSON
    """Each program with two letters, one of them passed on without a word."""
    for place, program in enumerate(PROGRAMS):
        for turn in range(2):
            number = 200 + place * 2 + turn
            one = talk((place * 3 + turn * 4) % TALKS)
            comment = _COMMENTS[(place + turn * 2) % len(_COMMENTS)]
            yield (
                program.__name__,
                _raw(one, number, program(one, comment)),
                _expected(program.__name__, one, comment),
            )


def _raw(one: Talk, number: int, bodies: Bodies) -> bytes:
    how = ("quoted-printable", "base64", "8bit")[number % 3]
    plain, html = bodies
    parts = [build.text_part(plain, how=how)] if plain is not None else []
    if html is not None:
        parts.append(build.text_part(html, "html", how=how))
    body = parts[0] if len(parts) == 1 else build.multipart("alternative", f"fw{number}", *parts)
    return build.head(_US, f"Fwd: {one.subject}", number).encode() + body


def _expected(program: str, one: Talk, comment: str) -> dict[str, Any]:  # Any: values of JSON
    forwarded = {
        "from_email": one.who.email,
        "from_name": one.who.name,
        "subject": "" if program == "yandex" else one.subject,
        "text": one.reply,
    }
    reply = {"reply_text": _FIRST_WORDS.get(comment, comment)} if comment else {}
    return build.fields_of(_US, f"Fwd: {one.subject}", forwarded=forwarded, **reply)
