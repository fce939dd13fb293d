"""How mail programs in Russia write a reply: (plain, HTML) of each, from the same conversation."""

from collections.abc import Callable, Iterator
from html import escape
from typing import Any

from tests.mime.corpus import build
from tests.mime.corpus.build import breaks, divs, quoted
from tests.mime.corpus.words import TALKS, Person, Talk, agent, talk

Bodies = tuple[str | None, str | None]
_HTML = '<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"></head><body{0}>{1}</body></html>'


def _signed(one: Talk, gap: str = "\n\n") -> str:
    return one.reply + (gap + one.signature if one.signature else "")


def gmail(one: Talk, us: Person) -> Bodies:
    line = f"пт, 3 янв. 2025 г. в 10:07, {us.name} <{us.email}>:"
    plain = f"{_signed(one)}\n\n{line}\n\n{quoted(one.asked)}\n"
    html = (
        f'<div dir="ltr">{divs(_signed(one))}</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" '
        f'class="gmail_attr">{escape(line)}<br></div><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;'
        f'border-left:1px solid rgb(204,204,204);padding-left:1ex">{divs(one.asked)}</blockquote></div>'
    )
    return plain, html


def gmail_wrapped(one: Talk, us: Person) -> Bodies:
    plain = (
        f"{_signed(one)}\n\nпт, 3 янв. 2025 г. в 10:07, {us.name} <\n{us.email}>:\n\n{quoted(one.asked)}\n"
    )
    return plain, None


def gmail_old(one: Talk, us: Person) -> Bodies:
    line = f"3 января 2025 г., 10:07 пользователь {us.name} <{us.email}>\nнаписал:"
    return f"{_signed(one)}\n\n{line}\n\n{quoted(one.asked)}\n", None


def yandex_html(one: Talk, us: Person) -> Bodies:
    sign = f"<div>-- </div>{divs(one.signature)}" if one.signature else ""
    html = (
        f'{divs(one.reply, blank=" ")}<div> </div><div>03.01.2025, 10:07, "{escape(us.name)}" &lt;{us.email}&gt;:</div>'
        f"<blockquote><p>{breaks(one.asked)}</p></blockquote><div> </div>{sign}"
    )
    return None, html


def yandex_plain(one: Talk, us: Person) -> Bodies:
    sign = f"\n\n-- \n{one.signature}" if one.signature else ""
    return f'{one.reply}\n\n03.01.2025, 10:07, "{us.name}" <{us.email}>:\n\n{quoted(one.asked)}{sign}\n', None


def yandex_mobile(one: Talk, us: Person) -> Bodies:
    html = (
        f"<div>{breaks(one.reply)}</div><div><br></div><div>-- <br>Отправлено из мобильного приложения Яндекс Почты</div>"
        f'<div><br></div><div>10:07, 3 января 2025 г., "{escape(us.name)}" &lt;{us.email}&gt;:</div>'
        f'<blockquote class="210e7a848e8fcb45wmi-quote"><div>{breaks(one.asked)}</div></blockquote>'
    )
    return None, html


def mailru(one: Talk, us: Person) -> Bodies:
    line = f"Пятница, 3 января 2025, 10:07 +03:00 от {us.name} <{us.email}>:"
    plain = f"{_signed(one)}\n\n\n>{line}\n>\n{quoted(one.asked, '>')}\n"
    html = (
        f'<HTML><BODY><div>{breaks(one.reply)}</div><div>&nbsp;</div><div data-signature-widget="container">'
        f'<div data-signature-widget="content"><div>{breaks(one.signature)}</div></div></div><blockquote style="border-left:1px '
        f'solid #0857A6; margin:10px; padding:0 0 0 10px;">{escape(line)}<br>&nbsp;<div id=""><div class="js-helper '
        f'js-readmsg-msg"><div>{breaks(one.asked)}</div></div></div></blockquote></BODY></HTML>'
    )
    return plain, html


def mailru_mobile(one: Talk, us: Person) -> Bodies:
    plain = (
        f"{one.reply}\n--\nОтправлено из Mail.ru для Android\nпятница, 03 января 2025г., 10:07 +03:00 от {us.name}  "
        f"{us.email} :\n\n{quoted(one.asked, '>')}\n"
    )
    return plain, None


def mailru_mobile_joined(one: Talk, us: Person) -> Bodies:
    plain = (
        f"{one.reply}\n\nОтправлено из Mail.ru для iOS пятница, 03 января 2025г., 10:07 +03:00 от {us.name} "
        f"<{us.email}>:\n\n{quoted(one.asked, '>')}\n"
    )
    return plain, None


def outlook_2013(one: Talk, us: Person) -> Bodies:
    block = (
        f"From: {us.name} [mailto:{us.email}] \nSent: Friday, January 3, 2025 10:07 AM\nTo: {one.who.name}\n"
        f"Subject: {one.subject}"
    )
    return f"{_signed(one)}\n\n{block}\n\n{one.asked}\n", None


def outlook_2016(one: Talk, us: Person) -> Bodies:
    lines = "".join(
        f"<p class=MsoNormal>{escape(line) or '<o:p>&nbsp;</o:p>'}</p>" for line in _signed(one).split("\n")
    )
    block = (
        f"<p class=MsoNormal><b><span lang=RU>From:</span></b> {escape(us.name)} &lt;{us.email}&gt; <br><b>Sent:</b> Friday, "
        f"January 3, 2025 10:07 AM<br><b>To:</b> {escape(one.who.name)} &lt;{one.who.email}&gt;<br><b>Subject:</b> {escape(one.subject)}</p>"
    )
    body = (
        f"<div class=WordSection1>{lines}<p class=MsoNormal><o:p>&nbsp;</o:p></p><div><div style='border:none;border-top:solid "
        f"#E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'>{block}</div></div>{divs(one.asked, 'p', '&nbsp;')}</div>"
    )
    plain = (
        f"{_signed(one)}\n\n \n\nОт: {us.name} <{us.email}> \nОтправлено: 3 января 2025 г. 10:07\nКому: {one.who.name} "
        f"<{one.who.email}>\nТема: {one.subject}\n\n \n\n{one.asked}\n"
    )
    return plain, _HTML.format(" lang=RU link=blue", body)


def outlook_2007(one: Talk, us: Person) -> Bodies:
    block = (
        f"-----Исходное сообщение-----\nОт: {us.name} [mailto:{us.email}] \nОтправлено: 3 января 2025 г. 10:07\n"
        f"Кому: {one.who.name}\nТема: {one.subject}"
    )
    return f"{_signed(one)}\n\n{block}\n\n{one.asked}\n", None


def outlook_internal(one: Talk, us: Person) -> Bodies:
    """Exchange shows a name without an address; the fields are bold."""
    block = (
        f"*От:* {us.name}\n*Отправлено:* Friday, January 3, 2025 10:07 AM\n*Кому:* {one.who.name}; Склад\n"
        f"*Копия:* Иванова Мария\n*Тема:* {one.subject}\n*Важность:* Высокая"
    )
    return f"{_signed(one)}\n\n{block}\n\n{one.asked}\n", None


def outlook_ios(one: Talk, us: Person) -> Bodies:
    plain = (
        f"{_signed(one)}\n\nОтправлено из Outlook для iOS<https://aka.example/o0ukef>\n________________________________\n"
        f"От: {us.name} <{us.email}>\nОтправлено: пятница, января 3, 2025 10:07 AM\nКому: {one.who.name} <{one.who.email}>\n"
        f"Тема: {one.subject}\n\n{one.asked}\n"
    )
    return plain, None


def outlook_web(one: Talk, us: Person) -> Bodies:
    html = (
        f'<div class="elementToProof" style="font-family: Calibri">{breaks(_signed(one))}</div><div id="appendonsend"></div>'
        f'<hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><font face="Calibri">'
        f"<b>От:</b> {escape(us.name)} &lt;{us.email}&gt;<br><b>Отправлено:</b> 3 января 2025 г. 10:07<br><b>Кому:</b> "
        f"{escape(one.who.name)}<br><b>Тема:</b> {escape(one.subject)}</font><div>&nbsp;</div></div><div>{breaks(one.asked)}</div>"
    )
    return None, _HTML.format(' dir="ltr"', html)


def thunderbird(one: Talk, us: Person) -> Bodies:
    sign = f"\n\n-- \n{one.signature}" if one.signature else ""
    line = f"03.01.2025 10:07, {us.name} пишет:"
    return f"{one.reply}\n\n{line}\n{quoted(one.asked)}\n{sign}\n", None


def thunderbird_html(one: Talk, us: Person) -> Bodies:
    sign = f'<pre class="moz-signature" cols="72">-- \n{escape(one.signature)}</pre>' if one.signature else ""
    html = (
        f'<p>{breaks(one.reply)}</p>{sign}<div class="moz-cite-prefix">03.01.2025 10:07, {escape(us.name)} пишет:<br></div>'
        f'<blockquote type="cite" cite="mid:x@y"><p>{breaks(one.asked)}</p></blockquote>'
    )
    return None, _HTML.format("", html)


def thunderbird_old(one: Talk, us: Person) -> Bodies:
    return f"{_signed(one)}\n\nАнна Соколова пишет:\n{quoted(one.asked)}\n", None


def the_bat(one: Talk, us: Person) -> Bodies:
    sign = f"\n\n-- \nС уважением,\n {one.who.name}                          mailto:{one.who.email}"
    return f"{one.reply}\n\nВы писали 3 января 2025 г., 10:07:12:\n\n{quoted(one.asked)}\n{sign}\n", None


def the_bat_initials(one: Talk, us: Person) -> Bodies:
    return (
        f"{one.reply}\n\nFriday, January 3, 2025, 10:07:12 AM, you wrote:\n\n{quoted(one.asked, 'АС> ')}\n",
        None,
    )


def apple_mail(one: Talk, us: Person) -> Bodies:
    line = f"3 янв. 2025 г., в 10:07, {us.name} <{us.email}> написал(а):"
    html = (
        f'{breaks(_signed(one))}<br id="lineBreakAtBeginningOfMessage"><div><br><blockquote type="cite"><div>{escape(line)}</div>'
        f'<br class="Apple-interchange-newline"><div>{divs(one.asked)}</div></blockquote></div><br>'
    )
    return f"{_signed(one)}\n\n> {line}\n> \n{quoted(one.asked)}\n", html


def iphone(one: Talk, us: Person) -> Bodies:
    line = f"3 янв. 2025 г., в 10:07, {us.name} <{us.email}> написал(а):"
    plain = f"{one.reply}\n\nОтправлено с iPhone\n\n> {line}\n> \n> \ufeff{quoted(one.asked)[2:]}\n"
    html = (
        f'{breaks(one.reply)}<br><br><div dir="ltr">Отправлено с iPhone</div><div dir="ltr"><br><blockquote type="cite">'
        f'{escape(line)}<br><br></blockquote></div><blockquote type="cite"><div dir="ltr">{breaks(one.asked)}</div></blockquote>'
    )
    return plain, html


def samsung(one: Talk, us: Person) -> Bodies:
    plain = (
        f"{one.reply}\n\n\n\nОтправлено с моего устройства Galaxy\n\n\n-------- Исходное сообщение --------\nОт: {us.name} "
        f"<{us.email}> \nДата: 03.01.2025  10:07  (GMT+03:00) \nКому: {one.who.email} \nТема: {one.subject} \n\n{one.asked}\n"
    )
    return plain, None


def huawei(one: Talk, us: Person) -> Bodies:
    html = (
        f'<p dir="ltr">{breaks(one.reply)}</p><br/>Отправлено с моего телефона Huawei<br/><br/><div style="line-height:1.5">'
        f"-------- Исходное сообщение --------<br/>Тема: {escape(one.subject)}<br/>От: {escape(us.name)} &lt;{us.email}&gt;<br/>"
        f"Кому: {one.who.email}<br/>Копия: <br/><br/></div><blockquote>{breaks(one.asked)}</blockquote>"
    )
    return None, html


def roundcube(one: Talk, us: Person) -> Bodies:
    sign = f"\n\n-- \n{one.signature}" if one.signature else ""
    return f"{one.reply}{sign}\n\n{us.name} писал(а) 2025-01-03 10:07:\n{quoted(one.asked)}\n", None


def evolution(one: Talk, us: Person) -> Bodies:
    return f"{_signed(one)}\n\nВ Пт, 03/01/2025 в 10:07 +0300, {us.name} пишет:\n{quoted(one.asked)}\n", None


def zimbra(one: Talk, us: Person) -> Bodies:
    block = (
        f'----- Исходное сообщение -----\nОт: "{us.name}" <{us.email}>\nКому: "{one.who.name}" <{one.who.email}>\n'
        f"Отправленные: Пятница, 3 Январь 2025 г 10:07:12\nТема: {one.subject}"
    )
    return f"{_signed(one)}\n\n{block}\n\n{one.asked}\n", None


def lotus(one: Talk, us: Person) -> Bodies:
    block = (
        f"От:\t{us.name} <{us.email}>\nКому:\t{one.who.email}\nДата:\t03.01.2025 10:07\nТема:\t{one.subject}"
    )
    return f"{_signed(one)}\n\n\n\n{block}\n\n\n\n{one.asked}\n", None


def opera(one: Talk, us: Person) -> Bodies:
    line = f"{us.name} <{us.email}> писал(а) в своём письме Fri, 03 Jan 2025 10:07:12 +0300:"
    return f"{_signed(one)}\n\n{line}\n\n{quoted(one.asked)}\n", None


def em_client(one: Talk, us: Person) -> Bodies:
    block = (
        f'------ Исходное сообщение ------\nОт "{us.name}" <{us.email}>\nКому {one.who.email}\nДата 03.01.2025 10:07:12\n'
        f"Тема {one.subject}"
    )
    return f"{_signed(one)}\n\n{block}\n\n{one.asked}\n", None


def our_marker(one: Talk, us: Person) -> Bodies:
    plain = f"{_signed(one)}\n\n3 янв. 2025 в 10:07 {us.name} пишет:\n\n#### Пишите ответ выше этой линии ####\n\n{one.asked}\n"
    html = (
        f'<div>{breaks(_signed(one))}</div><div>{escape(us.name)}:</div><div data-otklik-reply="1" style="display:none">'
        f"Пишите ответ выше этой линии</div><div>{breaks(one.asked)}</div>"
    )
    return plain, html if one.signature else None


PROGRAMS: tuple[Callable[[Talk, Person], Bodies], ...] = (
    gmail, gmail_wrapped, gmail_old, yandex_html, yandex_plain, yandex_mobile, mailru, mailru_mobile,
    mailru_mobile_joined, outlook_2013, outlook_2016, outlook_2007, outlook_internal, outlook_ios, outlook_web,
    thunderbird, thunderbird_html, thunderbird_old, the_bat, the_bat_initials, apple_mail, iphone, samsung, huawei,
    roundcube, evolution, zimbra, lotus, opera, em_client, our_marker,
)  # fmt: skip
_UNMARKED = {"Марина", "ИП Сергеева", "Бухгалтерия"}  # a bare name with nothing before it is not foldable
_DASHED = {"yandex_html", "yandex_plain", "thunderbird", "thunderbird_html", "roundcube"}
_DROPPED = {"yandex_mobile", "mailru_mobile", "mailru_mobile_joined", "the_bat", "the_bat_initials", "iphone",
            "samsung", "huawei"}  # fmt: skip


def expected_reply(program: str, one: Talk) -> str:
    """The words added now, by what the program did with the signature."""
    if program in _DROPPED or program in _DASHED or one.signature not in _UNMARKED:
        return one.reply
    return f"{one.reply}\n\n{one.signature}"


def letters() -> Iterator[tuple[str, bytes, dict[str, Any]]]:  # Any: values of JSON
    """Each program with three conversations; encodings and the presence of HTML vary by number."""
    for place, program in enumerate(PROGRAMS):
        for turn in range(3):
            number = place * 3 + turn
            one, us = talk((place * 5 + turn * 7) % TALKS), agent(number)
            plain, html = program(one, us)
            yield program.__name__, _raw(one, number, plain, html), _expected(program.__name__, one)


def _raw(one: Talk, number: int, plain: str | None, html: str | None) -> bytes:
    how = ("base64", "quoted-printable", "8bit")[number % 3]
    parts = [build.text_part(plain, how=how)] if plain is not None else []
    if html is not None and (plain is None or number % 3 != 1):
        parts.append(build.text_part(html, "html", how=how))
    body = parts[0] if len(parts) == 1 else build.multipart("alternative", f"----=_alt{number}", *parts)
    extra = "In-Reply-To: <t1.m1@firma-demo.example>\r\nReferences: <t0.m0@firma-demo.example>\r\n <t1.m1@firma-demo.example>\r\n"
    return build.head(one.who, f"Re: {one.subject}", number, extra).encode() + body


def _expected(program: str, one: Talk) -> dict[str, Any]:  # Any: values of JSON
    return build.fields_of(
        one.who,
        f"Re: {one.subject}",
        reply_text=expected_reply(program, one),
        in_reply_to="<t1.m1@firma-demo.example>",
        references=["<t0.m0@firma-demo.example>", "<t1.m1@firma-demo.example>"],
        forwarded=None,
        charset_repaired=False,
        attachments=[],
    )
