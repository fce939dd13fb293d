"""No main page breaks its own policy: the browser reports nothing on any of them."""

import pytest
from django.utils import timezone

from otklik.accounts import links
from tests import make
from tests.browsing import sign_in

pytestmark = pytest.mark.browser
LISTEN = """
window.broken = [];
document.addEventListener('securitypolicyviolation', (event) =>
  window.broken.push(event.effectiveDirective + ' ' + event.blockedURI + ' ' + location.pathname));
"""
PAGES = [
    "/desk/", "/desk/{number}/", "/desk/search/?q=база", "/desk/new/", "/desk/looks/", "/me/", "/me/security/",
    "/me/security/app/", "/people/", "/people/new/", "/roles/", "/teams/", "/company/", "/keys/", "/services/",
    "/sign-in-rules/", "/settings/boxes/", "/settings/boxes/new/", "/settings/hours/", "/settings/upkeep/",
    "/operator/", "/operator/desk/ticket/", "/r/{token}/",
]  # fmt: skip


@pytest.fixture
def watched(page):
    """What the browser says against our pages, as it goes."""
    page.add_init_script(LISTEN)
    said: list[str] = []
    page.on("console", lambda one: said.append(one.text) if "Content Security Policy" in one.text else None)
    page.on("pageerror", lambda fault: said.append(str(fault)))
    return page, said


def test_no_main_page_breaks_its_policy(watched, running):
    page, said = watched
    ada = make.admin()
    html = (
        "<p style='color:red' onclick='x()'>База</p><script>x()</script><img src='https://x.example/a.png'>"
    )
    message = make.received("База", html=html, at=timezone.now())
    who = message.ticket.participants.get().identity_id
    token = links.url(message.ticket_id, who, at=timezone.now()).rstrip("/").split("/")[-1]
    sign_in(page, running.url, ada.email, make.PASSWORD)

    for path in PAGES:
        answer = page.goto(running.url + path.format(number=message.ticket.number, token=token))
        assert answer.status == 200, path
        page.wait_for_load_state("load")
        said += page.evaluate("window.broken")

    assert said == []


def test_the_listener_hears_what_is_broken(watched, running):
    page, said = watched
    page.goto(f"{running.url}/sign-in/")

    page.evaluate("document.body.append(Object.assign(document.createElement('script'), {text: 'alert(1)'}))")
    page.wait_for_function("window.broken.length")

    assert page.evaluate("window.broken")[0].startswith("script-src")
    assert said
