"""Hostile words in every field: they stand on the pages as words, and no sign of them is a fault."""

from typing import Any

import pytest
from django import forms
from django.db import transaction
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from otklik.accounts.models import User
from otklik.desk.models import Message, Ticket
from otklik.staff.models import Team
from tests import make
from tests.rights import addresses, doors, scene
from tests.safety import walking
from tests.safety.test_headers import inline

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(400)]  # a walk over all addresses
SCRIPT = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>{{7*7}}{% now %}"
NAMES = ["SUBJECT", "WORDS", "NOTE", "CLIENT", "FILE", "PERSON", "BOX", "KEY", "ROLE", "LOOKED", "TIER"]
# two walks: PostgreSQL refuses a NUL with the whole statement, the rest may go together
ODD = ["a\0b", "\u202ea\r\nBcc: x@evil.example'; DROP TABLE desk_ticket; --%00\x1b[2J"]


@pytest.fixture
def hostile(db, monkeypatch):
    """The scene with these words in each of its names."""
    for number, one in enumerate(NAMES):
        short = f"<b onclick=x{number}>" if one in {"ROLE", "KEY", "PERSON", "BOX"} else f"{SCRIPT}{number}"
        monkeypatch.setattr(scene, one, short[:60])
    monkeypatch.setattr(scene, "SERVICE", "<b onclick=service>")
    return scene.build()


@pytest.mark.parametrize("who", [walking.administrator, walking.nobody])
def test_on_every_page_they_are_words(hostile, who):
    shown = 0
    for seen in walking.walk(hostile, who(), "GET", "POST", more=tuple(walking.OPERATOR)):
        if "text/html" not in seen.answer.get("Content-Type", ""):
            continue
        tree = LexborHTMLParser(seen.body)
        assert [one.html for one in tree.css("script:not([src]), img[src=x], b[onclick]")] == [], seen.what
        if not seen.what.startswith("GET desk:letter "):
            assert inline(seen.body) == [], seen.what
        assert "49{%" not in seen.body, seen.what
        shown += "&lt;script&gt;alert(1)" in seen.body or "&lt;b onclick" in seen.body

    assert shown >= (10 if who is walking.administrator else 1)


def test_a_name_with_line_ends_adds_no_header_to_a_download(there):
    for name in (
        "a\r\nSet-Cookie: x=1\r\n\r\n<script>.html",
        "..\\..\\etc/passwd",
        '";x="',
        "\u202egnp.exe",
        "x" * 255,
    ):
        type(there.file).objects.filter(pk=there.file.pk).update(name=name)
        answer = walking.administrator().get(f"/desk/files/{there.file.pk}/")
        doors.body(answer)

        said = answer["Content-Disposition"]
        assert said.startswith("attachment;")
        assert not any(sign in said for sign in "\r\n/\\<\u202e")
        assert "Set-Cookie" not in answer.headers
        assert answer["Content-Type"] == "application/octet-stream"
        assert len(said) < 1500


def fields(path: str, browser: Client) -> dict[str, str]:
    """Names of the fields of every form of a page, with what stands in them."""
    answer = browser.get(path)
    body = doors.body(answer)
    if "text/html" not in answer.get("Content-Type", ""):
        return {}
    tree = LexborHTMLParser(body)
    found = {
        one.attributes.get("name") or "": one.attributes.get("value") or "" for one in tree.css("form [name]")
    }
    return {one: value for one, value in found.items() if one and one != "csrfmiddlewaretoken"}


@pytest.mark.parametrize("words", ODD, ids=ascii)
def test_odd_signs_in_every_field_of_every_form_are_no_fault(there, words):
    browser = walking.administrator()
    for name, path in walking.paths(there).items():
        if name.startswith(
            ("channels:", "passkey", "service-enter")
        ):  # these ask servers of others: tests of channels
            continue
        with transaction.atomic():
            posted = dict.fromkeys(fields(path, browser) or ["text"], words)
            answers = [
                browser.post(path, posted),
                browser.get(path, {"q": words, "next": words, "view": words}),
            ]
            bodies = [doors.body(one) for one in answers]
            transaction.set_rollback(True)

        assert max(one.status_code for one in answers) < 500, f"{name} {posted}"
        assert all(
            "evil.example" not in str(one.headers.get("Location", "")).split("?")[0] for one in answers
        )
        assert all("Traceback" not in body for body in bodies)
    assert Ticket.objects.exists()


def test_fields_that_no_form_has_change_nothing():
    """Mass assignment: a person posts what stands in the row, not in the form."""
    anna = make.agent(email="anna@primer.example")
    browser = Client()
    browser.force_login(anna)
    before = User.objects.values("role", "email", "is_active", "access_epoch", "own_role_id").get()
    more = {
        "role": "admin", "is_active": "", "is_admin": "1", "own_role": "1", "email": "x@evil.example", "id": "1",
        "access_epoch": "9", "user": "1", "password": "x", "teams": "1", "seen_at": "2000-01-01",
    }  # fmt: skip

    known = {"name": "Анна Новая", "theme": "dark", "language": "ru", "undo_s": "10"}
    assert browser.post("/me/", {**fields("/me/", browser), **known, **more}).status_code in {302, 422}

    assert User.objects.values("role", "email", "is_active", "access_epoch", "own_role_id").get() == before


def _children(of: Any) -> set[Any]:  # Any: classes with Django's own _meta
    return {one for child in of.__subclasses__() for one in (child, *_children(child))}


def test_every_form_over_a_row_names_its_fields():
    """`fields = "__all__"` and `exclude` let a new column of the table in by themselves."""
    assert addresses.names()  # with the addresses come all views, with those their forms

    ours = [one for one in _children(forms.ModelForm) if one.__module__.startswith("otklik.")]
    held = [one._meta for one in ours if getattr(one, "_meta", None) is not None and one._meta.model]

    assert [str(one.model) for one in held if not one.fields or one.exclude] == []
    assert len(held) >= 4


def test_a_template_in_words_stays_words():
    message = make.received("{{ settings.SECRET_KEY }} {% debug %}", subject="{{ 7|add:7 }}")
    team = Team.objects.get(pk=message.ticket.team_id)
    browser = Client()
    browser.force_login(make.agent(team=team))

    page = (
        browser.get(f"/desk/{message.ticket.number}/").text
        + browser.get(f"/desk/{message.ticket.number}/thread/").text
    )

    assert "{{ 7|add:7 }}" in page
    assert "{{ settings.SECRET_KEY }}" in page
    assert Message.objects.count() == 1
