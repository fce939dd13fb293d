import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from otklik.accounts import links
from otklik.accounts.models import User
from otklik.channels.models import Envelope
from otklik.clients import identifying
from otklik.desk.models import Attachment, Message, Participant, Relation, Ticket
from tests import make
from tests.channels.letters import arrive, letter, received, sweep

pytestmark = pytest.mark.django_db(transaction=True)
FIRST = "<one@kvarts.example>"


def incoming():
    return Message.objects.filter(direction="in").select_related("ticket", "identity").order_by("pk")


def test_letter_becomes_a_request_of_its_writer_with_a_time_of_the_next_news():
    [message] = received(letter("Здравствуйте!\n\nНе открывается база."))

    ticket = message.ticket
    assert (ticket.subject, ticket.state, ticket.box) == ("Не открывается база", "new", make.box())
    assert ticket.client.name == "Вера Соколова"
    assert ticket.news.filter(ended_at=None).count() == 1
    envelope = Envelope.objects.get()
    assert (envelope.state, envelope.message) == ("done", message)


def test_answer_and_the_letter_it_answers_in_one_batch_are_one_request():
    second = letter("Уже открылась, спасибо.", In_Reply_To=FIRST)
    third = letter("И ещё одно.", References=f"{FIRST} <nobody@x.example>")

    messages = received(letter(Message_ID=FIRST), second, third)

    assert len({message.ticket_id for message in messages}) == 1
    assert [one.reply_text for one in messages][1:] == ["Уже открылась, спасибо.", "И ещё одно."]


def test_same_letter_to_a_second_box_is_a_copy_and_points_to_the_first():
    received(letter(Message_ID=FIRST))
    arrive(letter(Message_ID=FIRST, X_Way="other"), box=make.box("sales@primer.example"))
    sweep()

    double = Envelope.objects.latest("pk")
    assert (double.state, double.decision, double.message) == ("decided", "duplicate", incoming().get())


def test_other_words_under_the_same_message_id_are_kept():
    messages = received(letter("Первое", Message_ID=FIRST), letter("Второе", Message_ID=FIRST))

    assert [one.reply_text for one in messages] == ["Первое", "Второе"]


def test_number_in_the_subject_ties_a_participant_and_only_mentions_for_a_stranger():
    [first] = received(letter())
    subject = f"Вопрос по запросу № {first.ticket.number}"

    [own, foreign] = received(letter(Subject=subject), letter(Subject=subject, From="gleb@stranger.example"))

    assert own.ticket == first.ticket
    assert foreign.ticket != first.ticket
    assert Relation.objects.get(ticket=foreign.ticket).other == first.ticket


def test_answer_to_our_letter_comes_back_into_its_request_whoever_sends_it():
    [first] = received(letter())
    ours = make.reply(first.ticket, at=timezone.now())
    [answer] = received(
        letter("Отвечаю за Веру", From="oleg@kvarts.example", In_Reply_To=f"<{ours.message_id}>")
    )

    assert answer.ticket == first.ticket
    assert first.ticket.participants.get(identity=answer.identity).part == "copy"


def test_number_in_the_subject_ties_another_address_of_the_same_client():
    [first] = received(letter())
    home = make.identity("vera@home.example")
    identifying.join(home, client=first.ticket.client, by=make.agent(), at=make.NOON)

    [second] = received(letter(From="vera@home.example", Subject=f"№ {first.ticket.number}"))

    assert second.ticket == first.ticket


def test_people_in_copy_take_part_and_our_own_addresses_do_not():
    make.agent(email="anya@primer.example")
    [message] = received(letter(Cc="Олег <oleg@kvarts.example>, anya@primer.example, help@primer.example"))

    people = Participant.objects.filter(ticket=message.ticket).values_list("identity__value", "part")
    assert dict(people) == {"vera@kvarts.example": "requester", "oleg@kvarts.example": "copy"}


def test_vendors_answer_stays_in_the_vendors_circle():
    [first] = received(letter())
    vendor = make.identity("support@vendor.example", "Поставщик")
    Participant.objects.create(ticket=first.ticket, identity=vendor, part="vendor", since=make.NOON)

    [answer] = received(
        letter(
            "Исправим завтра",
            From="support@vendor.example",
            In_Reply_To=FIRST,
            Subject=f"№ {first.ticket.number}",
        )
    )

    assert (answer.ticket, answer.circle) == (first.ticket, "vendor")


def test_automatic_answer_neither_wakes_nor_reopens():
    [first] = received(letter(Message_ID=FIRST))
    Ticket.objects.update(state="solved", unread=False)

    [answer] = received(letter("Я в отпуске", In_Reply_To=FIRST, Auto_Submitted="auto-replied"))

    ticket = Ticket.objects.get(pk=first.ticket_id)
    assert (answer.kind, ticket.state, ticket.unread) == ("auto", "solved", False)


def test_persons_answer_reopens_a_solved_request():
    received(letter(Message_ID=FIRST))
    Ticket.objects.update(state="solved", unread=False)

    received(letter("Снова не работает", In_Reply_To=FIRST))

    assert Ticket.objects.get().state == "open"


def test_blocked_sender_is_kept_aside_with_a_reason():
    received(letter())
    identity = incoming().get().identity
    identity.blocked_at = make.NOON
    identity.save()

    arrive(letter("Ещё"))
    sweep()

    envelope = Envelope.objects.latest("pk")
    assert (envelope.decision, "больше не принимаем писем" in envelope.reason) == ("blocked", True)
    assert Ticket.objects.count() == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"X_Spam_Flag": "YES"},
        {"X_Spam_Status": "Yes, score=9.1"},
        {"Authentication_Results": "mx.primer.example; dmarc=fail (p=reject) header.from=kvarts.example"},
    ],
)
def test_spam_is_a_request_in_spam_and_a_true_answer_with_that_mark_is_none(headers):
    make.box(authserv_id="mx.primer.example")
    [spam] = received(letter(Message_ID=FIRST, **headers))
    assert (spam.ticket.state, spam.ticket.news.count()) == ("spam", 0)

    [first] = received(letter(Message_ID="<two@kvarts.example>"))
    [answer] = received(letter("Отвечаю", In_Reply_To="<two@kvarts.example>", **headers))
    assert (answer.ticket, answer.ticket.state) == (first.ticket, "new")


def test_our_own_letter_that_comes_back_opens_nothing():
    from otklik.channels.outbox import addresses

    arrive(letter("Получили ваше письмо", X_Otklik_Instance=addresses.instance()))
    sweep()

    assert Envelope.objects.get().decision == "own"
    assert not Ticket.objects.exists()


def test_form_of_our_site_that_writes_in_our_name_is_its_visitors_letter():
    [message] = received(letter(From="help@primer.example", Reply_To="visitor@home.example"))

    assert message.identity.value == "visitor@home.example"


def test_forward_by_a_colleague_becomes_the_clients_only_when_our_border_vouches():
    make.box(authserv_id="mx.primer.example")
    make.agent(email="anya@primer.example")
    text = (
        "Посмотрите, пожалуйста\n\n-------- Пересылаемое сообщение --------\nОт: Вера <vera@kvarts.example>\n"
        "Дата: 20.11.2026\nТема: Касса\nКому: anya@primer.example\n\nКасса не печатает.\n"
    )
    fields = {"From": "Аня <anya@primer.example>", "Subject": "Fwd: Касса"}
    vouched = letter(text, **fields, Authentication_Results="mx.primer.example; dmarc=pass")

    [trusted, doubtful] = received(vouched, letter(text, **fields))
    User.objects.update(is_active=False)
    [of_one_who_left] = received(vouched.replace(b"Message-ID: <", b"Message-ID: <x"))

    assert (trusted.identity.value, trusted.ticket.subject) == ("vera@kvarts.example", "Касса")
    assert "Посмотрите" in trusted.ticket.notes.get().text
    assert doubtful.identity.value == of_one_who_left.identity.value == "anya@primer.example"


def test_attachment_stands_once_in_the_store_for_two_letters():
    from email.message import EmailMessage

    letters = []
    for number in range(2):
        message = EmailMessage()
        message["From"], message["Message-ID"] = "vera@kvarts.example", f"<a{number}@x.example>"
        message.set_content("Во вложении акт")
        message.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="акт.pdf")
        letters.append(message.as_bytes())
    received(*letters)

    assert Attachment.objects.count() == 2
    assert set(Attachment.objects.values_list("name", flat=True)) == {"акт.pdf"}
    assert Attachment.objects.values("file").distinct().count() == 1


def test_batch_of_thirty_takes_no_more_queries_than_one_of_three():
    received(letter(), letter())  # calendars and caches
    counts = []
    for size in (3, 30):
        arrive(*(letter(f"Письмо {number}", From=f"new{size}x{number}@x.example") for number in range(size)))
        with CaptureQueriesContext(connection) as queries:
            sweep()
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_an_answer_that_quotes_our_letter_brings_no_key_of_the_clients_page_into_the_request():
    [first] = received(letter(Message_ID=FIRST))
    link = links.url(first.ticket_id, first.identity.pk, at=timezone.now())
    quoted = f"Спасибо, вот https://kvarts.example/r/5-скан\n\n> Ваш запрос: {link}\n> Ответим сегодня."

    [answer] = received(letter(quoted, In_Reply_To=FIRST))

    key = link.rstrip("/").rpartition("/")[2]
    assert key not in f"{answer.text}{answer.reply_text}{answer.quoted_text}"
    assert f"/r/{link.rpartition('/r/')[2].partition('-')[0]}-…/" in answer.text
    assert "https://kvarts.example/r/5-скан" in answer.text


def test_nor_does_its_html():
    [first] = received(letter(Message_ID=FIRST))
    link = links.url(first.ticket_id, first.identity.pk, at=timezone.now())
    html = letter(f'<p>Спасибо</p><blockquote><a href="{link}">{link}</a></blockquote>', In_Reply_To=FIRST)

    [answer] = received(html.replace(b"text/plain", b"text/html"))

    assert "Спасибо" in answer.html
    assert link.rstrip("/").rpartition("/")[2] not in f"{answer.html}{answer.text}{answer.quoted_text}"


@pytest.mark.parametrize("at_once", [True, False])
def test_two_letters_to_a_closed_request_make_one_new_request(at_once):
    [first] = received(letter(Message_ID=FIRST))
    Ticket.objects.update(state="closed")
    two = [letter(text, In_Reply_To=FIRST) for text in ("Опять не открывается", "И отчёты тоже")]

    again, more = received(*two) if at_once else [*received(two[0]), *received(two[1])]

    assert more.ticket == again.ticket != first.ticket
    assert Relation.objects.get().other == first.ticket
    assert Ticket.objects.count() == 2
    assert again.ticket.news.filter(ended_at=None).count() == 1


def test_letter_to_a_closed_request_whose_successor_is_closed_too_makes_a_new_one():
    received(letter(Message_ID=FIRST))
    for _ in range(2):
        Ticket.objects.update(state="closed")
        received(letter("Опять", In_Reply_To=FIRST))

    received(letter("И ещё", In_Reply_To=FIRST))

    assert list(Ticket.objects.order_by("pk").values_list("state", flat=True)) == ["closed", "closed", "new"]
    assert Ticket.objects.latest("pk").messages.filter(direction="in").count() == 2


def test_automatic_answer_to_a_closed_request_stays_there():
    [first] = received(letter(Message_ID=FIRST))
    Ticket.objects.update(state="closed")
    received(letter("Опять", In_Reply_To=FIRST))

    [auto] = received(letter("Я в отпуске", In_Reply_To=FIRST, Auto_Submitted="auto-replied"))

    assert auto.ticket == first.ticket
