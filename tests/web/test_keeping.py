"""Kept parts of pages: they show their values and the language, and nothing of whoever read them first."""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation
from django.utils.safestring import mark_safe

import otklik
from otklik.web import keeping
from tests import make

HOUSE = Path(otklik.__file__).parent
FOLDERS = [HOUSE / "web/components", *HOUSE.glob("**/templates")]
# what a template could know of its reader or of the clock, did it get them
READER = re.compile(
    r"\b(?:request|perms|messages|practice|signed_in)\b|{{ *user|user\.|{% *(?:now|clock|kept)\b"
    r"|\|(?:when|brief|fulldate|clocktime|by|age|date|time|timesince|timeuntil)\b"
)
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
BAR = "bar.html"


def source(name: str) -> str:
    path = next(folder / name for folder in FOLDERS if (folder / name).exists())
    return re.sub(r"{% comment %}.*?{% endcomment %}", "", path.read_text("utf-8"), flags=re.DOTALL)


def with_included(name: str) -> set[str]:
    inside = re.findall(r'{% include "([^"#]+)', source(name))
    return {name}.union(*(with_included(one) for one in inside))


def kept() -> set[str]:
    texts = [path.read_text("utf-8") for folder in FOLDERS for path in folder.rglob("*.html")]
    return {name for text in texts for name in re.findall(r'{% kept "([^"]+)"', text)}


def test_no_kept_part_asks_for_its_reader_or_the_clock():
    assert {"rail.html", BAR, "desk/list-head.html"} <= kept()
    for name in {one for part in kept() for one in with_included(part)}:
        assert READER.findall(source(name)) == [], name


def test_a_part_that_asks_for_them_would_be_noticed():
    assert READER.search(source("desk/card.html"))
    assert READER.search(source("notices.html"))


@pytest.mark.parametrize(
    "value",
    [mark_safe("<i>"), ("a", (mark_safe("<i>"),)), [1], translation.gettext_lazy("Входящие")],
    ids=["marked", "marked inside", "a list", "lazy"],
)
def test_only_plain_values_are_taken(value):
    with pytest.raises(TypeError):
        keeping.part("avatar.html", {"name": value})


def test_a_marked_value_is_escaped_like_the_plain_one_that_it_equals():
    plain = keeping.part("avatar.html", {"name": "<b>"})

    assert 'aria-label="&lt;b&gt;"' in plain
    assert keeping.part("avatar.html", {"name": mark_safe("<b>")}) is plain


def test_a_part_is_drawn_once_for_its_values_and_each_language():
    with translation.override("ru"):
        russian = keeping.part("desk/nothing.html", {})
        assert keeping.part("desk/nothing.html", {}) is russian
    with translation.override("en"):
        english = keeping.part("desk/nothing.html", {})

    assert "Выберите запрос" in russian
    assert "Выберите запрос" not in english


@pytest.mark.django_db
def test_each_reader_has_a_rail_by_their_own_rights_and_name():
    readers = [(make.agent(), False), (make.admin(), True), (make.agent("Борис Ким"), False)]
    for _again in range(2):
        for who, keeps_people in readers:
            browser = Client()
            browser.force_login(who)
            page = browser.get("/desk/").text
            assert ('href="/people/"' in page) is keeps_people
            assert [other.name in page for other, _ in readers] == [other == who for other, _ in readers]


@pytest.mark.django_db
def test_a_role_that_changed_changes_the_rail_of_the_next_page(client):
    anya = make.agent()
    client.force_login(anya)
    assert 'href="/people/"' not in client.get("/desk/").text

    anya.role = "admin"
    anya.save(update_fields=["role"])

    assert 'href="/people/"' in client.get("/desk/").text


@pytest.mark.django_db
def test_the_forms_of_a_kept_part_carry_the_token_of_their_own_page():
    pages = []
    for _reader in range(2):
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(make.agent())
        pages.append((browser, TOKEN.findall(browser.get("/desk/").text)))

    assert all(len(tokens) >= 3 and len(set(tokens)) == 1 for _, tokens in pages)
    assert pages[0][1][0] != pages[1][1][0]
    browser, (token, *_) = pages[0]
    assert browser.post("/theme/", {"theme": "dark", "csrfmiddlewaretoken": token}).status_code == 302
    stranger = browser.post("/theme/", {"theme": "dark", "csrfmiddlewaretoken": pages[1][1][0]})
    assert stranger.status_code == 403


@pytest.mark.django_db
def test_what_waits_is_counted_anew_for_each_page(client):
    anya = make.agent()
    client.force_login(anya)
    assert re.search(r'id="count-inbox" hidden>.*?</span>0<', client.get("/desk/").text)

    ticket = make.ticket()
    ticket.owner = anya
    ticket.save(update_fields=["owner"])

    assert re.search(r'id="count-inbox">.*?</span>1<', client.get("/desk/").text)
