"""The main job, whole: a client's letter, an agent's answer, the client's word back, the client's page.

Real processes, real SMTP, a real mailbox on Dovecot, a real browser.
"""

import email
import shutil
import smtplib
import subprocess
from email.message import EmailMessage
from email.policy import default

import pytest
from playwright.sync_api import expect

from tests import make
from tests.browsing import sign_in
from tests.relaying import relay

pytestmark = [pytest.mark.browser, pytest.mark.mailserver]


@pytest.fixture(scope="module")
def mail(running, dovecot):
    """A box of ours whose answers reach the mailboxes of this Dovecot."""
    with relay(dovecot) as port:
        yield make.box(smtp_host="127.0.0.1", smtp_port=port, smtp_security="none")


@pytest.fixture(scope="module")
def anya(mail):
    anya = make.agent()
    anya.profile.undo_s = 1
    anya.profile.save(update_fields=["undo_s"])
    return anya


def send(port, sender, subject, text, *, answers="", files=()):
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = (
        f"Вера Соколова <{sender}>",
        "help@primer.example",
        subject,
    )
    if answers:
        letter["In-Reply-To"] = letter["References"] = answers
    letter.set_content(text)
    for name, content in files:
        letter.add_attachment(content, maintype="application", subtype="pdf", filename=name)
    with smtplib.SMTP("127.0.0.1", port) as door:
        door.send_message(letter)


def swaks(port, sender, subject, text):
    command = [
        str(shutil.which("swaks")), "--server", "127.0.0.1", "--port", str(port), "--from", sender,
        "--to", "help@primer.example", "--header", f"Subject: {subject}", "--body", text,
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=20)  # noqa: S603 - of this machine


def test_a_letter_by_swaks_is_on_an_open_inbox_without_reload(running, anya, page):
    sign_in(page, running.url, anya.email, make.PASSWORD)
    page.goto(f"{running.url}/desk/?view=unowned")
    page.evaluate("window.sameDocument = true")

    swaks(running.door_port, "gleb@stranger.example", "Pismo", "Zdravstvuyte! Gde moy schet?")

    expect(page.locator("body")).to_contain_text("gleb@stranger.example")
    assert page.evaluate("window.sameDocument") is True


def test_a_letter_is_answered_and_the_client_comes_back(running, anya, dovecot, page, wait_until):
    vera = dovecot.account("vera")
    scan = ("Выписка 18.11.pdf", b"%PDF-1.4 bytes")
    sign_in(page, running.url, anya.email, make.PASSWORD)
    page.goto(f"{running.url}/desk/?view=unowned")

    send(running.door_port, vera.address, "Двойное списание", "Здравствуйте! Списали дважды.", files=[scan])
    page.locator("#new-rows").or_(page.get_by_text("Списали дважды")).filter(visible=True).first.click()
    page.get_by_text("Списали дважды").first.click()
    expect(page.get_by_text("Выписка 18.11.pdf")).to_be_visible()
    page.get_by_label("Текст ответа").fill(
        "Вера, добрый день! Нашла вторую оплату, верну её завтра до 12:00."
    )
    page.get_by_role("button", name="Отправить Ctrl").click()

    answer = wait_until(lambda: _answers_of_people(dovecot.letters(vera)))[0]
    _assert_is_a_threaded_reply(answer)
    send(
        running.door_port, vera.address, "Re: Двойное списание", "Спасибо, жду!", answers=answer["Message-ID"]
    )
    expect(page.get_by_text("Спасибо, жду!").first).to_be_visible()

    page.goto(_link(answer, running.url))
    for words in ("Списали дважды", "верну её завтра до 12:00", "Спасибо, жду!", "Аня"):
        expect(page.locator("main")).to_contain_text(words)


def _assert_is_a_threaded_reply(answer):
    assert "верну её завтра до 12:00" in answer.get_body(("plain",)).get_content()
    assert answer["In-Reply-To"] == answer["References"].split()[-1]
    assert answer["Subject"] == "Re: Двойное списание"


def _answers_of_people(raw):
    """Letters in this mailbox that a person wrote."""
    letters = [email.message_from_bytes(one, policy=default) for one in raw]
    return [one for one in letters if one["Auto-Submitted"] in {None, "no"}]


def _link(answer, url):
    words = answer.get_body(("plain",)).get_content().split()
    return next(one for one in words if one.startswith(f"{url}/r/")).rstrip(".,)>")
