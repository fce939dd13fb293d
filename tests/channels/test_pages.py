import pytest
from django.urls import reverse

from otklik.channels.email import credentials
from otklik.channels.models import Box
from tests import make
from tests.channels.letters import arrive, letter

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    client.force_login(make.admin())
    return client


def address(name: str, *args: object) -> str:
    return reverse(f"channels:{name}", args=args)


def test_list_tells_how_each_box_fares(admin):
    make.box("help@primer.example")
    make.box("sales@primer.example", trouble="Почта не приняла пароль. Введите новый.")

    page = admin.get(address("boxes")).content.decode()

    assert "Читаем и отвечаем" in page
    assert "Почта не приняла пароль" in page


def test_page_without_boxes_says_what_will_be_here_and_gives_one_button(admin):
    assert "Подключить первый ящик" in admin.get(address("boxes")).content.decode()


def test_a_box_in_trouble_gives_facts_to_copy_without_its_password(admin):
    secret = credentials.seal("zagadka-42")
    box = make.box(
        "sales@primer.example", kind="imap", imap_host="imap.primer.example", secret=secret,
        trouble="Почта не приняла пароль.",
    )  # fmt: skip

    page = admin.get(address("box", box.pk)).content.decode()

    assert "Скопировать для поддержки" in page
    assert "imap.primer.example:993 tls" in page
    assert "zagadka" not in page
    Box.objects.update(trouble="")
    assert "Скопировать для поддержки" not in admin.get(address("box", box.pk)).content.decode()


def test_help_with_mail_says_where_each_service_keeps_its_passwords(admin):
    page = admin.get(address("help")).content.decode()

    assert 'href="https://id.yandex.ru/security/app-passwords"' in page
    assert "Скопируйте 16 букв" in page


@pytest.mark.parametrize("name", ["boxes", "new", "door", "help"])
def test_agent_is_told_who_may_and_an_administrator_is_let_in(client, name):
    client.force_login(make.agent())
    refused = client.get(address(name))
    assert refused.status_code == 403
    assert "настраивает администратор" in refused.content.decode()

    client.force_login(make.admin())
    assert client.get(address(name)).status_code == 200


def test_stranger_is_sent_to_sign_in(client):
    assert "/sign-in/" in client.get(address("boxes"))["Location"]


def test_agent_downloads_no_letter_by_its_number_and_an_administrator_does(client):
    [envelope] = arrive(letter("Секрет"))
    client.force_login(make.agent())
    assert client.get(address("raw", envelope.pk)).status_code == 403

    client.force_login(make.admin())
    got = client.get(address("raw", envelope.pk))
    assert got.content == bytes(envelope.raw or b"")
    assert "attachment" in got["Content-Disposition"]


def test_list_takes_the_same_queries_for_one_box_and_thirty(admin, django_assert_num_queries):
    make.box("one@primer.example")
    admin.get(address("boxes"))
    with django_assert_num_queries(4):
        admin.get(address("boxes"))
    for number in range(29):
        make.box(f"box{number}@primer.example")
    with django_assert_num_queries(4):
        admin.get(address("boxes"))


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("address", "не адрес", "Адрес выглядит так"),
        ("address", "", "Обязательное поле"),
        ("address", f"help@{'ж' * 63}.ru", "не нашли сервер почты"),
        ("imap_host", "imap host\r\nEvil: yes", "Имя сервера выглядит так"),
        ("imap_port", "99999", "65535"),
        ("preset", "chужой", "chужой"),
    ],
)
def test_wrong_words_come_back_with_what_is_wrong_and_what_was_typed(admin, field, value, said):
    typed = {
        "address": "help@firma.example",
        "preset": "own",
        "imap_host": "" if "ж" in value else "imap.firma.example",
        field: value,
    }
    page = admin.post(address("new"), typed)

    assert page.status_code == 422
    assert said in page.content.decode()
    assert not Box.objects.exists()


def test_known_service_needs_no_more_than_an_address_and_a_password(admin):
    make.team()
    admin.post(address("new"), {"address": "Primer@Yandex.ru", "secret": "abcd efgh"})

    box = Box.objects.get()
    assert (box.address, box.imap_host, box.smtp_host) == (
        "primer@yandex.ru",
        "imap.yandex.ru",
        "smtp.yandex.ru",
    )
    assert (box.mode, box.connected_at) == ("off", None)


def test_microsoft_leads_to_the_granting_of_access(admin):
    make.team()
    answer = admin.post(address("new"), {"address": "help@outlook.com"})
    assert answer["Location"] == address("grant", Box.objects.get().pk)

    page = admin.get(answer["Location"]).content.decode()
    assert "/settings/boxes/granted/" in page
    assert "App registrations" in page


def test_granting_sends_the_browser_to_the_service_with_our_client(admin):
    box = make.box("help@gmail.com", kind="imap", imap_host="imap.gmail.com", preset="google", auth="xoauth2")
    answer = admin.post(address("grant", box.pk), {"client_id": "наш", "client_secret": "секрет"})

    assert answer["Location"].startswith("https://accounts.google.com/o/oauth2/v2/auth?")
    assert "code_challenge=" in answer["Location"]
    assert "секрет" not in answer["Location"]


def test_answer_of_a_service_with_a_forged_state_is_refused(admin):
    page = admin.get(address("granted"), {"state": "чужое", "code": "x"})

    assert page.status_code == 409
    assert "не от неё" in page.content.decode()


def test_mode_is_switched_and_told_in_the_journal(admin):
    box = make.box()
    admin.post(address("mode", box.pk), {"mode": "observe"})

    box.refresh_from_db()
    assert box.mode == "observe"


def test_door_address_is_added_and_the_same_twice_is_refused(admin):
    typed = {"address": "почта@фирма.рф", "team": make.team().pk, "name": "Фирма", "answers": "1"}
    admin.post(address("door"), typed)
    assert Box.objects.get().mode == "observe"

    again = admin.post(address("door"), typed)
    assert again.status_code == 409
    assert "уже есть" in again.content.decode()


def test_not_finished_connection_can_be_dropped_and_a_connected_box_cannot(admin):
    begun = make.box("begun@primer.example", kind="imap", imap_host="x.example", connected_at=None)
    standing = make.box("stands@primer.example", kind="imap", imap_host="x.example")
    for box in (begun, standing):
        admin.post(address("drop", box.pk))

    assert list(Box.objects.all()) == [standing]


def test_administrator_names_the_server_whose_checks_count(client):
    client.force_login(make.admin())
    box = make.box()
    place = reverse("channels:settings", args=[box.pk])
    form = {"team": box.team_id, "name": "", "answers": "", "authserv_id": "MX.primer.example"}

    assert client.post(place, form | {"authserv_id": "не имя; dmarc=pass"}).status_code == 422
    assert client.post(place, form).status_code == 302

    box.refresh_from_db()
    assert box.authserv_id == "mx.primer.example"
    assert 'value="mx.primer.example"' in client.get(place).text
