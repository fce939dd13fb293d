"""Pages speak the language a person chose; what is stored or mailed speaks that of the company, whoever does it."""

import pytest
from django.urls import reverse
from django.utils import translation

from otklik.channels.outbox import acknowledging, settling
from otklik.desk.models import Delivery, Note
from otklik.desk.routing import NotInTeam
from otklik.journeys import letters
from otklik.journeys.models import Letter
from otklik.staff import queries as staff
from tests import make
from tests.make import DAY, HOUR, NOON

pytestmark = pytest.mark.django_db


def spoken(page):
    """The language of a page: of its head, of its root, of its words."""
    root = page.text[page.text.index('lang="') + 6 :][:2]
    return page.headers["Content-Language"], root, "Входящие" in page.text


def test_a_person_reads_the_language_they_chose(client):
    anya = make.agent()
    client.force_login(anya)
    assert spoken(client.get(reverse("desk:inbox"))) == ("ru", "ru", True)

    client.cookies["django_language"] = "en"
    page = client.get(reverse("desk:inbox"))
    assert spoken(page) == ("en", "en", False)
    assert "Cookie" in page.headers["Vary"]


@pytest.mark.parametrize("wrong", ["fr", "", "../en", "x" * 5000])
def test_a_language_that_we_do_not_speak_is_russian(client, wrong):
    client.cookies["django_language"] = wrong

    assert client.get(reverse("sign-in")).headers["Content-Language"] == "ru"


@pytest.mark.parametrize(
    ("accepts", "language"),
    [
        ("", "ru"),
        ("ru", "ru"),
        ("ru-RU,ru;q=0.9,en-US;q=0.8,en;q=0.7", "ru"),
        ("en-US,en;q=0.9,ru;q=0.1", "ru"),  # whoever takes Russian at all reads it
        ("en,*;q=0.5", "ru"),
        ("kk-KZ,kk;q=0.9", "ru"),
        ("de-DE,de;q=0.9", "ru"),
        ("ruq,<en>;;=,\x00", "ru"),
        ("," * 100_000 + "en", "ru"),
        ("en-US,en;q=0.9", "en"),
        ("de-DE,de;q=0.9,en;q=0.1", "en"),
        ("en, ru;q=0", "en"),
        ("EN-gb ; q=0.3", "en"),
    ],
)
def test_who_chose_nothing_reads_english_only_where_the_browser_takes_no_russian(client, accepts, language):
    for address in (make.page(make.ticket(), at=NOON), reverse("sign-in")):
        page = client.get(address, headers={"Accept-Language": accepts})
        assert page.headers["Content-Language"] == language
        assert "Accept-Language" in page.headers["Vary"]
    assert translation.get_language() == "ru"


def test_what_a_person_chose_goes_before_their_browser(client):
    client.cookies["django_language"] = "ru"

    page = client.get(reverse("sign-in"), headers={"Accept-Language": "en"})

    assert page.headers["Content-Language"] == "ru"


def test_a_client_changes_the_language_and_changes_it_back(client):
    path = make.page(make.ticket(), at=NOON)
    assert ">English</button>" in client.get(path).text

    answer = client.post(reverse("language"), {"language": "en", "next": path})
    assert answer["Location"] == path
    page = client.get(path)
    assert 'lang="en"' in page.text
    assert ">По-русски</button>" in page.text

    client.post(reverse("language"), {"language": "ru", "next": path})
    assert 'lang="ru"' in client.get(path).text


@pytest.mark.parametrize("wrong", ["fr", "", "../en"])
def test_a_language_that_we_do_not_speak_is_not_remembered(client, wrong):
    client.post(reverse("language"), {"language": wrong})

    assert "django_language" not in client.cookies


@pytest.mark.parametrize(
    "foreign", ["https://evil.example/", "//evil.example", "evil", "javascript:alert(1)"]
)
def test_a_change_of_language_leads_to_no_other_site(client, foreign):
    assert client.post(reverse("language"), {"language": "en", "next": foreign})["Location"] == "/"


def test_a_colleague_changes_the_language_in_their_profile_alone(client):
    client.force_login(make.admin())

    assert (
        ">English</button>" not in client.get(reverse("journeys:preview", args=[make.ticket().number])).text
    )


def test_what_was_tried_is_noted_in_russian_by_an_english_reader(client):
    anya, ticket = make.agent(), make.ticket()
    other = make.team("Хостинг")
    client.force_login(anya)
    client.cookies["django_language"] = "en"

    client.post(reverse("desk:hand-over", args=[ticket.number]), {"team": other.pk, "tried": "перезапуск"})

    assert Note.objects.get().text == "Что уже пробовали: перезапуск"


def test_a_refusal_speaks_to_its_reader(client):
    ticket = make.ticket()
    client.force_login(make.admin())
    client.cookies["django_language"] = "en"

    answer = client.post(reverse("desk:owner", args=[ticket.number]))

    assert answer.status_code == NotInTeam.status
    assert "Choose" in answer.text


@pytest.mark.parametrize("kind", [Letter.Kind.LINK, Letter.Kind.SOLVED])
def test_letters_of_the_page_are_russian_whoever_reads_what(kind):
    letter = letters.owe(kind, make.ticket(), make.identity().pk, at=NOON)

    with translation.override("en"):
        told = letters.words(letter, at=NOON)

    assert "Здравствуйте!" in told.text
    assert "запрос" in told.subject.lower()


def test_an_acknowledgement_is_russian():
    ticket = make.ticket()

    with translation.override("en"):
        told = acknowledging.words(ticket, ticket.team, NOON + DAY, staff.company(), at=NOON)

    assert told.startswith("Здравствуйте!")
    assert "Им займётся команда" in told


def test_what_a_person_decided_about_a_letter_is_told_in_russian():
    sent = make.reply(make.ticket())
    Delivery.objects.filter(message=sent).update(state="sending", began_at=NOON, dot_at=NOON)
    Delivery.objects.filter(message=sent).update(state="unknown", ended_at=NOON)

    with translation.override("en"):
        row = settling.count_as_sent(sent.deliveries.get(), by=make.agent(), at=NOON + HOUR)

    assert "считает письмо отправленным" in row.evidence
