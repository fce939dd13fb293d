"""Pages of agreements: an administrator writes terms, looks at what changes, saves, gives them to clients."""

import pytest
from django.test import Client as Browser

from otklik.clients.models import Client, Organisation, Tariff
from otklik.desk.models import Tag
from otklik.sla import agreements, binding
from otklik.sla.models import Agreement, AgreementVersion, Bond, Cover
from otklik.sla.terms import PRIORITIES
from tests import make
from tests.make import NOON
from tests.sla import tiers
from tests.sla.fields import fields

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Browser:
    browser = Browser()
    browser.force_login(make.admin())
    return browser


@pytest.fixture
def business() -> Agreement:
    return tiers.tier()


def where(agreement: Agreement, rest: str = "") -> str:
    return f"/settings/agreements/{agreement.pk}/{rest}"


def test_tiers_stand_side_by_side(admin, business):
    html = admin.get("/settings/agreements/").text.replace("\xa0", " ")

    assert "Обычный" in html
    assert html.index("Обычный") < html.index("Бизнес")
    assert "30 мин" in html
    assert "пн–пт, 9:00–18:00" in html


def test_a_new_tier_begins_with_the_terms_of_everybody_and_good_words(admin):
    calendar = agreements.default().calendar_id
    answer = admin.post("/settings/agreements/new/", {"name": "Премиум", "rank": "3", "calendar": calendar})

    made = Agreement.objects.get(name="Премиум")
    assert answer["Location"] == where(made, "terms/")
    html = admin.get(where(made, "terms/")).text
    assert "Раз в месяц мы присылаем отчёт" in html
    assert 'value="4\xa0ч"' in html


def test_a_rule_after_a_hand_over_is_written_and_shown_with_the_terms(admin, business):
    page = where(business, "terms/")
    written = {**fields(admin, page), "moved2-normal": "4 ч"}
    assert "Новость после передачи на уровень 2" in admin.post(page, written).text

    admin.post(page, {**written, "step": "save"})

    assert agreements.terms(AgreementVersion.objects.latest("pk").pk).handovers == {2: {"normal": 4 * 3600}}
    assert "Новость после передачи на уровень 2" in admin.get(where(business)).text
    wrong = admin.post(page, {**written, "moved2-normal": "скоро"}).text
    assert "Срок непонятен" in wrong


def test_terms_are_looked_at_before_they_are_saved(admin, business):
    page = where(business, "terms/")
    written = {**fields(admin, page), "response-urgent": "15 мин", "note": "быстрее"}

    looked = admin.post(page, written)

    html = looked.text.replace("\xa0", " ")
    assert looked.status_code == 200
    assert "Первый ответ, важность срочно" in html
    assert "30 мин" in html
    assert "15 мин" in html
    assert AgreementVersion.objects.filter(agreement=business).count() == 1

    assert admin.post(page, {**written, "step": "save"})["Location"] == where(business)
    version = business.versions.latest("number")
    assert (version.note, agreements.terms(version.pk).target("response", 3)) == ("быстрее", 900)


def test_who_goes_back_from_the_look_loses_nothing(admin, business):
    page = where(business, "terms/")
    written = {**fields(admin, page), "response-urgent": "15 мин", "use": "Пишите <b>нам</b>"}

    html = admin.post(page, {**written, "step": "edit"}).text

    assert 'value="15 мин"' in html
    assert "Пишите &lt;b&gt;нам&lt;/b&gt;" in html


def test_every_number_comes_back_as_it_was_written(admin, business):
    page = where(business, "terms/")
    written = fields(admin, page) | {
        "resolution-low": "5 рабочих дней по 8 часов", "level1-high": "2 ч", "warn_at": "60; 80 %", "grace_s": "30 мин",
        "urgent": ["high", "urgent"], "percent": "99,95", "planned_min": "240", "penalties": "ниже 95 % — 10 %\n90 25",
        "fee": "45000", "per": "year", "margin": "10", "until": "2099-12-31", "pause-news": ["client", "vendor"],
    }  # fmt: skip

    assert admin.post(page, {**written, "step": "save"}).status_code == 302

    terms = agreements.terms(business.versions.latest("number").pk)
    assert terms.target("resolution", 0) == 5 * 8 * 3600
    assert (terms.target("level", 2, level=1), terms.warn_at, terms.grace_s) == (7200, (60, 80), 1800)
    assert sorted(terms.urgent) == ["high", "urgent"]
    assert dict(terms.availability) == {"percent": 99.95, "planned_min": 240.0}
    assert (terms.penalties, terms.payment) == (((95.0, 10.0), (90.0, 25.0)), {"fee": 45000.0, "per": "year"})
    assert (terms.margin, str(terms.until), sorted(terms.pauses["news"])) == (
        10,
        "2099-12-31",
        ["client", "vendor"],
    )


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"response-low": "скоро"}, "Срок непонятен"), ({"response-low": "90"}, "«90 мин» или «90 ч»"),
        ({"response-low": ""}, "не для каждой важности"), ({"resolution-high": "5 мин"}, "раньше первого ответа"),
        ({"warn_at": "100"}, "от 1 до 99"), ({"warn_at": "много"}, "50, 75, 90"),
        ({"penalties": "сто"}, "Напишите так: 95"), ({"penalties": "101 — 5"}, "от 0 до 100"),
        ({"penalties": "nan inf"}, "от 0 до 100"), ({"percent": "101"}, "100"), ({"percent": "NaN"}, "число"),
        ({"margin": "-1"}, "0"), ({"effective_on": "2020-01-01"}, "в прошлом"), ({"effective_on": "вчера"}, "дату"),
        ({"use": "x" * 5001}, "5000"), ({"urgent": "когда-нибудь"}, "когда-нибудь"), ({"per": "век"}, "век"),
        ({"seen": "0"}, "кто-то сохранил"), ({"fee": "1e999"}, "цифр"), ({"use": "a\0b"}, "ноль-байт"),
    ],
)  # fmt: skip
def test_wrong_terms_come_back_with_words_and_nothing_is_lost(admin, business, wrong, words):
    page = where(business, "terms/")
    written = {**fields(admin, page), "note": "что-то <script>", "margin": "7", **wrong, "step": "save"}

    answer = admin.post(page, written)

    assert answer.status_code == 422
    assert words in answer.text.replace("\xa0", " ")
    assert "что-то &lt;script&gt;" in answer.text
    assert business.versions.count() == 1


def test_the_page_of_an_agreement_tells_its_terms_versions_and_whom_it_covers(admin, business):
    tiers.cover(business, Tariff.objects.create(name="Золотой"), (3,))

    html = admin.get(where(business)).text.replace("\xa0", " ")

    for words in ("30 мин", "«Золотой»", "срочно", "действует", "Считаем по часам", "Печать"):
        assert words in html


@pytest.mark.parametrize(
    ("kind", "who"),
    [
        ("tariff", "золотой"),
        ("organisation", " Кварц "),
        ("client", "VERA@kvarts.example"),
        ("tag", "Хостинг"),
    ],
)
def test_whom_it_covers_is_found_by_name(admin, business, kind, who):
    make.ticket()
    Tariff.objects.create(name="Золотой")
    Organisation.objects.create(name="Кварц")
    Tag.objects.create(name="хостинг")

    assert (
        admin.post(where(business, "covers/"), {"kind": kind, "who": who, "priorities": ["3"]}).status_code
        == 302
    )

    row = Cover.objects.get()
    assert (getattr(row, f"{kind}_id") is not None, row.priorities) == (True, [3])
    assert admin.post(f"/settings/agreements/covers/{row.pk}/removal/").status_code == 302
    assert not Cover.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"who": "Никто"},
        {"who": ""},
        {"kind": "planet"},
        {"priorities": ["9"]},
        {"who": "a\0b"},
        {"kind": "organisation", "who": "Два"},
    ],
)
def test_who_is_not_found_is_told(admin, business, wrong):
    Tariff.objects.create(name="Золотой")
    for _one in range(2):
        Organisation.objects.create(name="Два")

    answer = admin.post(where(business, "covers/"), {"kind": "tariff", "who": "Золотой", **wrong})

    assert answer.status_code == 422
    assert not Cover.objects.exists()


def test_open_requests_go_over_to_the_terms_in_force_when_somebody_says_so(admin, business):
    ticket = make.ticket()
    tiers.cover(business, ticket.client)
    binding.bind_many([ticket.pk], by=None, at=NOON)
    page = where(business, "terms/")
    admin.post(page, {**fields(admin, page), "margin": "15", "step": "save"})
    assert "1 открытый запрос живёт по другой версии" in admin.get(where(business)).text.replace("\xa0", " ")

    admin.post(where(business, "open/"))

    assert agreements.terms(Bond.objects.get(ended_at=None).version_id).margin == 15


def test_an_agreement_is_copied_renamed_and_ended(admin, business):
    assert admin.post(where(business, "copy/"), {"name": "Премиум"}).status_code == 302
    assert admin.post(where(business, "copy/"), {"name": "Премиум"}).status_code == 422
    assert admin.post(where(business), {"name": "Дело", "rank": "4"}).status_code == 302
    assert admin.post(where(business), {"name": "", "rank": "0"}).status_code == 422
    assert admin.post(where(business, "end/")).status_code == 302
    assert "Новых запросов не берёт" in admin.get(where(business)).text
    assert admin.post(where(agreements.default(), "end/")).status_code == 409

    assert set(Agreement.objects.values_list("name", "rank")) == {("Дело", 4), ("Премиум", 3), ("Обычный", 1)}


def test_the_print_is_a_pdf(admin, business):
    answer = admin.get(f"/settings/agreements/versions/{business.versions.get().pk}/print/")

    assert answer["Content-Type"] == "application/pdf"
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")
    assert admin.get("/settings/agreements/versions/999999/print/").status_code == 404


def test_the_pages_cost_as_much_for_many_as_for_one(admin, business, django_assert_max_num_queries):
    for n in range(20):
        tiers.cover(tiers.tier(f"Тариф {n}", rank=n + 1), Tariff.objects.create(name=f"Т{n}"))
        tiers.cover(business, Tariff.objects.create(name=f"Б{n}"))
    pages = [where(business), "/settings/agreements/", "/settings/tariffs/"]
    for page in pages:
        admin.get(page)

    for page in pages:
        with django_assert_max_num_queries(16):
            assert admin.get(page).status_code == 200


def test_tariffs_are_added_once(admin):
    for name in ("Золотой", " Золотой "):
        assert admin.post("/settings/tariffs/", {"name": name}).status_code == 302

    assert admin.post("/settings/tariffs/", {"name": " "}).status_code == 422
    assert Tariff.objects.get().name == "Золотой"


def test_the_form_of_a_tier_with_all_priorities_shows_what_people_wrote(admin):
    made = tiers.tier("Дни", targets={"response": dict.fromkeys(PRIORITIES, 9 * 3600)})

    assert "1\xa0рабочий день по 9\xa0ч" in admin.get(where(made, "terms/")).text
    assert not Client.objects.exists()
