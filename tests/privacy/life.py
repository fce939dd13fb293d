"""The life of one client in an installation, by the product's own ways: what an erasure must find."""

import base64
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone

from otklik.accounts import links
from otklik.accounts.models import AccountLetter, Look, User
from otklik.accounts.sessions import SessionStore
from otklik.assist.models import Verdict
from otklik.channels.models import Box, StaffLetter
from otklik.channels.outbox import staffletters
from otklik.clients import identifying
from otklik.clients.models import Client, Identity
from otklik.desk import drafting, files, noting, solving
from otklik.desk.drafting import DraftWords
from otklik.desk.files import File
from otklik.desk.models import Delivery, Message, Ticket
from otklik.desk.receiving import Address
from otklik.desk.replying import forward
from otklik.desk.search import vocabulary
from otklik.journeys import asking, proving, saying
from otklik.privacy import consenting, exporting
from otklik.promises import tracking
from otklik.promises.tracking import Pledge
from tests import make
from tests.channels.letters import arrive, letter, sweep

NAME, ADDRESS, SECOND = "Евстигней Заворотнюков", "evstigney.z@zavorot.example", "zavorot77@chuzhaya.example"
WORDS = ["кукумберация", "фуксиноидный", "перепелятник"]  # that nobody else writes
FILE, LOGO = b"spravka o doxodax: evstigney zavorotnyukov, 77 000", b"\x89PNG logo of everybody"
SIGNS = [NAME, "Заворотнюков", "Евстигнею", ADDRESS, SECOND, *WORDS, "spravka", "Кислов-Перечин"]
BOUNCE = """From: MAILER-DAEMON@mx.example
To: help@primer.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=cut

--cut
Content-Type: text/plain

<{address}>: 550 5.1.1 User unknown

--cut
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {address}
Action: failed
Status: 5.1.1

--cut
Content-Type: text/rfc822-headers

Message-ID: <{id}>

--cut--
"""


@dataclass
class Life:
    """client is erased; vera is another one, whose own words stay."""

    client: Client
    vera: Identity
    ann: User
    box: Box

    @property
    def tickets(self) -> list[Ticket]:
        return list(Ticket.objects.filter(client=self.client).order_by("pk"))


def raw(count: int) -> bytes:
    """One of many letters, some with a file, some with html, some in an old encoding."""
    words = f"Здравствуйте! У меня {WORDS[count % 3]}, номер {count}.\nС уважением, {NAME}, Кислов-Перечин переулок"
    made = letter(words, From=f"{NAME} <{ADDRESS}>", To=f"help@primer.example, {NAME} <{ADDRESS}>",
                  Subject=f"Беда {count}: {WORDS[count % 3]}", Message_ID=f"<z{count}@zavorot.example>")  # fmt: skip
    if count % 10:
        return made
    body = base64.b64encode(words.encode("koi8-r")).decode()
    parts = "\r\n".join(
        f'--cut\r\nContent-Type: {kind}; name="{name}"\r\nContent-Transfer-Encoding: base64\r\n'
        f'Content-Disposition: attachment; filename="{name}"\r\n\r\n{base64.b64encode(content).decode()}'
        for kind, name, content in [
            ("text/plain", "spravka zavorot.txt", FILE),
            ("image/png", "logo.png", LOGO),
        ]
    )
    return (
        f"From: {ADDRESS}\r\nTo: help@primer.example\r\nSubject: {WORDS[0]}\r\n"
        f"Message-ID: <z{count}@zavorot.example>\r\n"
        f"Date: Fri, 20 Nov 2026 12:00:00 +0300\r\nMIME-Version: 1.0\r\n"
        f"Content-Type: multipart/mixed; boundary=cut\r\n\r\n"
        f"--cut\r\nContent-Type: text/plain; charset=koi8-r\r\nContent-Transfer-Encoding: base64\r\n\r\n{body}\r\n"
        f"{parts}\r\n--cut--\r\n"
    ).encode()


def live(requests: int) -> Life:
    box, ann = make.box(), make.agent()
    arrive(*[raw(count) for count in range(requests)], mail_from=ADDRESS, rcpt_to=("help@primer.example",))
    sweep()
    client = Identity.objects.get(value=ADDRESS).client
    second = make.identity(SECOND, "Евстигней")
    identifying.join(second, client=client, by=ann, at=make.NOON)
    Client.objects.filter(pk=client.pk).update(position="бухгалтер", note=f"{NAME} любит {WORDS[1]}")
    life = Life(Client.objects.get(pk=client.pk), make.identity(), ann, box)
    _talk(life)
    _beside(life)
    _others(life)
    while vocabulary.follow():
        pass
    while staffletters.follow():
        pass
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as PostgreSQL does by itself some minute later
    return life


def _talk(life: Life) -> None:
    """Answers, notes, files, drafts, a vendor, a bounce, the client's page."""
    for ticket in life.tickets[::4]:
        to = (Address("to", ADDRESS, NAME),)
        ours = make.reply(ticket, f"Евстигней, добрый день! По вопросу «{WORDS[0]}» всё решили.", by=life.ann, to=to,
                          files=(_file(f"для Заворотнюкова {ticket.pk}".encode()),))  # fmt: skip
        noting.write(
            ticket,
            f"Звонил {NAME}, опять {WORDS[2]}",
            by=life.ann,
            at=make.NOON,
            attached=(_file(b"spravka note"),),
        )
        saying.now(ticket, f"ищем {WORDS[0]}", by=life.ann, at=make.NOON)
        words = DraftWords(text=f"Евстигней, {WORDS[1]}", to=(ADDRESS,), subject=NAME)
        drafting.attach(
            drafting.save(life.ann, ticket, "reply", words, at=make.NOON),
            _file(b"spravka draft"),
            at=make.NOON,
        )
    promise = Pledge(0, f"Пришлём Заворотнюкову {WORDS[0]}.", "Евстигней Заворотнюков", None)
    with transaction.atomic():
        tracking.remember(ours, [promise], by=life.ann, at=make.NOON)
    Verdict.objects.create(
        user=life.ann, ticket=ours.ticket, key="x", what="dismissed", reason="own", words=f"{NAME} так просил",
        at=make.NOON,
    )  # fmt: skip
    Delivery.objects.filter(message=ours).update(state="sending")
    Delivery.objects.filter(message=ours).update(state="sent", ended_at=make.NOON)
    arrive(BOUNCE.format(address=ADDRESS, id="lost@primer.example").encode(), mail_from="")
    arrive(BOUNCE.format(address=ADDRESS, id=ours.message_id).encode(), mail_from="")
    arrive(letter("Отвечаю вам", From="master@vendor.example", In_Reply_To=f"<{_asked(life)}>"))
    sweep()
    first, second, *_ = life.tickets
    solving.solve(first, result=f"починили {WORDS[0]}", by=life.ann, at=make.NOON)
    asking.ask(ADDRESS, "", visitor="127.0.0.1", at=timezone.now())
    link = make.page(second, Identity.objects.get(value=ADDRESS), at=timezone.now())
    proving.ask(links.read(link.split("/")[2], at=timezone.now()), at=timezone.now())


def _asked(life: Life) -> str:
    """The id of a letter by which we asked a vendor, with the client's words in it."""
    ticket = life.tickets[1]
    words = make.words(
        f"Что пишет клиент:\n{NAME} <{ADDRESS}>: {WORDS[0]}", to=(Address("to", "master@vendor.example"),)
    )
    return forward(ticket, words, by=life.ann, at=make.NOON).message_id


def _file(content: bytes) -> File:
    return File(files.store(content), len(content), "spravka.txt", "text/plain")


def _beside(life: Life) -> None:
    """What stands apart from requests."""
    now = timezone.now()
    Look.objects.create(user_id=life.ann.pk, kind="search", words="заворотнюкову долги", at=now)
    Look.objects.create(user_id=life.ann.pk, kind="search", words=f"письма {ADDRESS}", at=now)
    Look.objects.create(user_id=life.ann.pk, kind="search", words="сервер упал", at=now)
    AccountLetter.objects.create(address=ADDRESS, kind="reset", made_at=now, next_at=now)
    StaffLetter.objects.create(user=life.ann, ticket=life.tickets[2], kind="answered", by_name=NAME, words=WORDS[0],
                               made_at=now, next_at=now)  # fmt: skip
    session = SessionStore()
    session["_messages"] = f'[["__json_message", 0, 25, "Передали: {NAME}"]]'
    session.save()
    drafting.save(
        life.ann, None, "letter", DraftWords(text="Здравствуйте", to=(SECOND,), subject="Вам"), at=now
    )
    consenting.note(
        life.client, consenting.Said("news", f"Я, {NAME}, согласен", "1", "phone", make.NOON), by=life.ann
    )
    exporting.ask(life.client, by=make.admin(), at=now)
    exporting.tick()
    identifying.block(Identity.objects.get(value=SECOND), by=life.ann, at=make.NOON)


def _others(life: Life) -> None:
    """Requests of Вера: Евстигней in copy, his words quoted, a colleague's note about him."""
    arrive(
        letter("Мой вопрос про печать бланков", Message_ID="<v1@kvarts.example>", Cc=f"{NAME} <{ADDRESS}>"),
        letter(f"{WORDS[0]} и больше ничего не скажу вам сегодня", From=f"{NAME} <{ADDRESS}>",
               In_Reply_To="<v1@kvarts.example>", Message_ID="<v2@zavorot.example>"),
        letter(f"Согласна, печать важнее.\n\n20.11.2026, {NAME} пишет:\n"
               f"> {WORDS[0]} и больше ничего не скажу вам сегодня\n",
               In_Reply_To="<v2@zavorot.example>", Message_ID="<v3@kvarts.example>"),
        letter("Совсем другое дело", Subject="Другое"),
    )  # fmt: skip
    sweep()
    shared = Message.objects.get(message_id="v1@kvarts.example").ticket
    make.reply(shared, "Вера, печать починили. Евстигней в копии.", by=life.ann,
               to=(Address("to", "vera@kvarts.example"), Address("cc", ADDRESS, NAME)))  # fmt: skip
    other = Ticket.objects.get(subject="Другое")
    noting.write(
        other,
        f"Похоже на случай, о котором писал Заворотнюков Евстигней ({ADDRESS}).",
        by=life.ann,
        at=make.NOON,
    )
    noting.write(other, "Печать бланков обсудим в среду.", by=life.ann, at=make.NOON)
    make.reply(
        other,
        "Вот наш логотип",
        by=life.ann,
        files=(File(files.store(LOGO), len(LOGO), "logo.png", "image/png"),),
    )
    drafting.save(life.ann, other, "note", DraftWords(text=f"спросить у {ADDRESS}"), at=make.NOON)
