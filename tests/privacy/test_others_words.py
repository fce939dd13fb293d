"""An erasure takes no word of others that is not certainly about the person, and hides none of what it takes."""

import pytest
from django.test import Client as Browser
from django.utils import timezone

from otklik.accounts.models import Look
from otklik.channels.models import Envelope
from otklik.clients.models import Client, Identity
from otklik.desk import files, noting
from otklik.desk.files import File
from otklik.desk.models import Attachment, Message
from otklik.desk.receiving import Address
from otklik.desk.replying import forward
from otklik.privacy import erasing
from otklik.privacy.gathering import TEXT
from tests import make
from tests.channels.letters import letter, received
from tests.privacy.test_erasing import erase_client, own_marks  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db
RARE = "Евстигней Заворотнюков"


def person(name: str) -> Client:
    return make.ticket("Моя беда", sender=make.identity("the.person@one.example", name)).client


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Иванов Иван Иванович", "Звонил Петров Иван Иванович, просил счёт"),
        ("Елена Сергеевна Белова", "Здравствуйте, Елена Сергеевна!"),
        ("Отдел кадров", "позвоните в отдел кадров завтра. Отдел кадров ждёт"),
        ("Виктор Белый", "Мы в доме 5 в. белый корпус"),
        ("ООО Ромашка", "С уважением, ООО Ромашка"),
        ("Иван Петров", "Иван Петров подпишет. Спросите Петрова и Сидорова"),
    ],
)
def test_words_of_others_stay_with_their_letter(name: str, text: str):
    [other] = received(letter(text))

    done = erase_client(person(name))

    other.refresh_from_db()
    assert (done.stage, done.left_over, other.text.strip()) == ("done", [], text)
    assert Envelope.objects.get(message=other).raw


def test_namesake_with_words_swapped_keeps_the_name_and_is_told():
    theirs = make.identity("petr@two.example", "Петров Иван")
    other = make.ticket("Это я, Иван Петров", sender=theirs)
    client = person("Иван Петров")

    told = erasing.preview(client)
    done = erase_client(client)

    assert (told.shared, told.lost.count, told.left.tickets) == (["Иван Петров"], 0, [other.pk])
    assert Identity.objects.get(pk=theirs.pk).name == "Петров Иван"
    assert other.messages.get(direction="in").text == "Это я, Иван Петров"
    assert (done.perhaps_count, done.perhaps) == (2, [other.pk])  # the letter, and the line of it in the list


def test_certain_name_and_address_go_from_others_words_with_the_letter_and_the_preview_says_so():
    [letter_of_other] = received(letter(f"Спросите, пожалуйста: {RARE} или the.person@one.example"))
    client = person(RARE)

    told = erasing.preview(client)
    erase_client(client)

    assert (told.lost.count, told.lost.tickets, told.left.count) == (1, [letter_of_other.ticket_id], 0)
    letter_of_other.refresh_from_db()
    assert letter_of_other.text.strip() == "Спросите, пожалуйста: … или …"
    assert Envelope.objects.get(message=letter_of_other).raw is None


def test_administrator_who_has_seen_the_places_may_take_a_common_name_from_them():
    make.identity("petr@two.example", "Петров Иван")
    other = make.ticket("Мне звонил иван петров")
    client = person("Иван Петров")
    browser = Browser()
    browser.force_login(make.admin())

    shown = browser.get(f"/privacy/clients/{client.pk}/erasure/").content.decode()
    assert f"/desk/{other.number}/" in shown
    assert 'name="wide"' in shown
    erase_client(client, wide=True)

    assert other.messages.get(direction="in").text == "Мне звонил …"
    assert Identity.objects.get(value="petr@two.example").name == "Петров Иван"


def test_page_of_the_erased_leads_to_what_somebody_must_look_at():
    make.identity("petr@two.example", "Петров Иван")
    other = make.ticket("Мне звонил Иван Петров")
    client = person("Иван Петров")
    erase_client(client)
    browser = Browser()
    browser.force_login(make.admin())

    assert f"/desk/{other.number}/" in browser.get(f"/privacy/clients/{client.pk}/").content.decode()


def test_in_a_shared_request_names_of_who_else_is_there_stay():
    vera = make.identity("vera@kvarts.example", "Вера Петрова")
    ivan = make.identity("the.person@one.example", "Вера Сидорова")
    shared = make.ticket(
        "Вера Петрова просит, а Сидорова в копии", sender=vera, author_name="Вера Петрова", copies=(ivan,)
    )
    note = noting.write(shared, "Спросить Сидорову или Веру", by=make.agent(), at=make.NOON)

    erase_client(ivan.client)

    first = shared.messages.get(direction="in")
    note.refresh_from_db()
    assert (first.text, first.author_name) == ("Вера Петрова просит, а … в копии", "Вера Петрова")
    assert note.text == "Спросить … или Веру"


def test_file_of_somebody_else_with_the_address_stays_and_is_told():
    content = b"list: the.person@one.example, others"
    kept = File(files.store(content), len(content), "list.txt", "text/plain")
    other = make.ticket("Список: the.person@one.example", files=(kept,))

    done = erase_client(person(RARE))

    assert Attachment.objects.filter(message__ticket=other).exists()
    assert done.perhaps == [other.pk]


def test_address_of_another_client_in_which_this_one_stands_stays():
    longer = make.identity("the.person@one.example.com.ua", "Другой")

    erase_client(person(RARE))

    longer.refresh_from_db()
    assert (longer.value, longer.shown) == ("the.person@one.example.com.ua", "the.person@one.example.com.ua")
    assert Message.objects.filter(text=TEXT).exists()


def test_word_of_a_name_that_many_have_leaves_the_log_of_searches():
    ann = make.agent()
    make.identity("petr@two.example", "Иван Сидоров")
    for words in ("иван сидоров счёт", "евстигнея вызвать"):
        Look.objects.create(user_id=ann.pk, kind="search", words=words, at=timezone.now())
    client = person("Евстигней Иван")

    erase_client(client)

    assert set(Look.objects.values_list("words", flat=True)) == {"иван сидоров счёт", "…"}


def test_letter_of_somebody_else_that_names_the_address_in_capitals_goes_and_the_like_stays():
    heads = ["THE.Person@One.Example", "the.person=one.example@ours.example", "not-the.person@one.example",
             "the.person@one.example.ua"]  # fmt: skip
    told = [received(letter("Привет", X_Seen=head))[0] for head in heads]

    erase_client(person(RARE))

    kept = [Envelope.objects.get(message=one).raw is not None for one in told]
    assert kept == [False, False, True, True]


PERSONS = "Добрый день, коллеги!\nУ меня перестал печатать принтер на третьем этаже.\nЧто мне делать?"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Добрый день, коллеги!\nЯ согласна.", "Добрый день, коллеги!\nЯ согласна."),
        ("Пишу за него.\nУ меня перестал печатать принтер на третьем этаже.\nВот.", "Пишу за него.\nВот."),
        ("Повторю:\nДобрый день, коллеги!\nУ меня перестал печатать принтер на третьем этаже.", "Повторю:"),
        ("> Добрый день, коллеги!\n> перестал печатать\n> принтер на третьем\nДа.", "Да."),
        ("> Когда мне прийти за бумагой?\nЗавтра.", "> Когда мне прийти за бумагой?\nЗавтра."),
    ],
)
def test_of_a_shared_request_only_what_quotes_the_person_goes(text: str, left: str):
    mine = make.identity("the.person@one.example", RARE)
    shared = make.ticket("Мой вопрос", copies=(mine,))
    make.received(PERSONS, ticket=shared, sender=mine)
    hers = make.received(text, ticket=shared, quoted_text="> Слова самой Веры, как были")

    erase_client(mine.client)

    hers.refresh_from_db()
    assert (hers.reply_text, hers.quoted_text) == (left, "> Слова самой Веры, как были")


def test_what_we_asked_a_vendor_about_somebody_elses_request_stays():
    mine = make.identity("the.person@one.example", RARE)
    shared = make.ticket("Мой вопрос", copies=(mine,))
    asked = forward(
        shared, make.words("Нужен картридж для Веры", to=(Address("to", "master@vendor.example"),)),
        by=make.agent(), at=make.NOON,
    )  # fmt: skip

    erase_client(mine.client)

    asked.refresh_from_db()
    assert asked.text.startswith("Нужен картридж для Веры")
