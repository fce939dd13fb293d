"""The shell: refusals in three forms, faults without a database, drawings that exist, one file of raw colours."""

import re
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import reverse

import otklik
from otklik.errors import NotAllowed, Stale
from otklik.web import faces, livetickets, refusals
from tests import make

HOUSE = Path(otklik.__file__).parent
CSS = HOUSE / "web/static/web/css"
STALE = Stale("Срок уже перенёс кто-то другой.", "Обновите запрос: там новая дата.")


def answer(refusal, *, htmx=False, **headers):
    request = RequestFactory(headers=headers).get("/desk/7/")
    request.htmx = htmx  # type: ignore[attr-defined]  # its middleware puts it there

    return refusals.answer(request, refusal)


def test_a_refusal_is_a_page_for_a_person():
    page = answer(STALE)

    assert page.status_code == 409
    assert "Срок уже перенёс кто-то другой." in page.text
    assert "Обновите запрос" in page.text


def test_a_refusal_is_a_notice_for_a_swap():
    swap = answer(NotAllowed("Это может только руководитель."), htmx=True)

    assert (swap.status_code, swap.headers["HX-Retarget"]) == (403, "#notices")
    assert "<html" not in swap.text


def test_a_refusal_is_json_for_a_program():
    body = answer(STALE, Accept="application/json")

    assert b'"code": "stale"' in body.content


def test_other_faults_pass_through():
    middleware = refusals.RefusalMiddleware(lambda _request: HttpResponse())

    assert middleware.process_exception(RequestFactory().get("/"), ValueError()) is None


@pytest.mark.parametrize("page", ["500.html", "404.html", "403.html", "403_csrf.html"])
def test_pages_of_faults_need_no_database(page):
    assert "<h1>" in render_to_string(page)


def templates():
    return sorted(HOUSE.glob("**/templates/**/*.html")) + sorted(HOUSE.glob("web/components/*.html"))


def test_every_drawing_that_a_template_asks_for_exists():
    drawn = set(re.findall(r'<symbol id="([^"]+)"', (HOUSE / "web/static/web/icons.svg").read_text("utf-8")))
    asked = {
        name for path in templates() for name in re.findall(r'{% icon "([^"]+)"', path.read_text("utf-8"))
    }

    assert asked - drawn == set()


def test_nothing_is_styled_or_scripted_inside_a_template():
    wrong = [
        path.name
        for path in templates()
        if re.search(r"\sstyle=|\son\w+=|<script>|<style", path.read_text("utf-8"))
        and path.name != "export_style.html"  # of pages that a person takes home in a file
    ]

    assert wrong == []


def test_raw_colours_and_sizes_stand_in_tokens_alone():
    raw = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl|oklch)a?\(|(?<![\w.-])-?\d*\.?\d+(?:px|rem)\b")
    wrong = []
    for path in sorted(CSS.rglob("*.css")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if (
                path.name != "tokens.css"
                and "@media" not in line
                and "@container" not in line
                and raw.search(line)
            ):
                wrong.append(f"{path.name}:{number}: {line.strip()}")

    assert wrong == []


def test_every_token_that_is_used_is_defined():
    sheets = {path: path.read_text("utf-8") for path in CSS.rglob("*.css")}
    defined = {name for text in sheets.values() for name in re.findall(r"(--[\w-]+)\s*:", text)}
    used = {name for text in sheets.values() for name in re.findall(r"var\((--[\w-]+)\)", text)}

    assert used - defined == set()


def test_every_style_sheet_is_imported():
    imported = set(re.findall(r'url\("([^"]+)"\)', (CSS / "web.css").read_text("utf-8")))
    there = {path.relative_to(CSS).as_posix() for path in CSS.rglob("*.css")} - {"web.css"}

    assert there == imported


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Анна Орлова", "АО"),
        ("ООО «Северный ветер»", "ОС"),
        ("", "?"),
        ("«»", "?"),
        ("Ё", "Ё"),
        ("🦙 Лама", "Л"),
    ],
)
def test_a_face_has_letters_of_the_name(name, letters):
    assert faces.initials(name) == letters


@pytest.mark.django_db
def test_the_live_ticket_names_the_teams_of_its_person(client):
    anya = make.agent()
    client.force_login(anya)

    url = client.get(reverse("live-ticket")).json()["url"]

    ticket = livetickets.verify(url.split("ticket=")[1], now=0)
    assert (ticket.user_id, ticket.teams, ticket.all) == (anya.pk, (make.team().pk,), False)


@pytest.mark.django_db
def test_a_stranger_gets_no_live_ticket(client):
    assert client.get(reverse("live-ticket")).status_code == 302


@pytest.mark.django_db
def test_the_theme_is_remembered_and_nonsense_is_not(client):
    anya = make.agent()
    client.force_login(anya)
    client.post(reverse("theme"), {"theme": "dark"})
    client.post(reverse("theme"), {"theme": "purple"})

    anya.refresh_from_db()
    assert anya.theme == "dark"
    assert 'data-theme="dark"' in client.get(reverse("desk:inbox")).text


@pytest.mark.django_db
def test_the_theme_leads_back_to_our_own_pages_only(client):
    client.force_login(make.agent())

    answer = client.post(reverse("theme"), {"theme": "dark"}, headers={"Referer": "https://evil.example/"})

    assert answer.url == "/"


@pytest.mark.django_db
def test_no_cache_between_us_and_a_signed_in_person_keeps_a_page(client):
    client.force_login(make.agent())
    ticket = make.ticket()

    for address in ["/desk/", f"/desk/{ticket.number}/", "/me/", "/desk/search/?q=база"]:
        assert "private" in client.get(address).headers["Cache-Control"], address
    assert "no-store" in client.get("/live-ticket/").headers["Cache-Control"]  # a page may be stricter


def test_a_swap_after_the_session_ended_leads_back_to_the_whole_address(client):
    swap = {"HX-Request": "true", "HX-Current-URL": "http://testserver/desk/7/?view=all&order=last"}

    led = client.get("/desk/", headers=swap).headers["HX-Redirect"]

    assert led == "/sign-in/?next=/desk/7/%3Fview%3Dall%26order%3Dlast"
