"""Headers of every answer: pages, swaps, files, faults, static files, the API, by everybody and by nobody."""

import re

import pytest
from django.conf import settings
from django.test import Client, override_settings
from selectolax.lexbor import LexborHTMLParser

from tests import make
from tests.safety import walking
from tests.safety.walking import FAULTS, OPERATOR, Seen

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(400)]  # a walk over all addresses
WANTED = {
    "X-Content-Type-Options": {"nosniff"},
    "Referrer-Policy": {"same-origin", "no-referrer"},
    "Cross-Origin-Resource-Policy": {"same-origin"},
    "Cross-Origin-Opener-Policy": {"same-origin"},
}
MORE = (*OPERATOR, *FAULTS, "/static/web/css/tokens.css")
FRAMED = "GET desk:letter "  # in a frame of our own page, and of nobody else's


def faults(seen: Seen) -> list[str]:
    """What is missing or too wide in one answer."""
    headers, found = seen.answer.headers, []
    found += [
        f"{name}: {headers.get(name)}" for name, good in WANTED.items() if headers.get(name) not in good
    ]
    if "camera=()" not in headers.get("Permissions-Policy", ""):
        found.append("Permissions-Policy")
    policy = headers.get("Content-Security-Policy", "")
    if "default-src 'none'" not in policy or re.search(r"script-src[^;]*('unsafe|\*|http|data:)", policy):
        found.append(f"CSP: {policy}")
    if "script-src" in policy and "frame-ancestors 'none'" not in policy:
        found.append(f"frame-ancestors: {policy}")
    is_framed = seen.what.startswith(FRAMED)
    if not seen.what.split()[1].startswith("/static/") and headers.get("X-Frame-Options") != (
        "SAMEORIGIN" if is_framed else "DENY"
    ):
        found.append("X-Frame-Options")
    if not seen.what.split()[1].startswith("/static/") and not kept_by_us_alone(
        headers.get("Cache-Control", "")
    ):
        found.append(f"Cache-Control: {headers.get('Cache-Control')}")
    if (
        seen.body
        and "charset" not in headers.get("Content-Type", "")
        and "text/" in headers.get("Content-Type", "")
    ):
        found.append("no charset")
    found += [name for name in ("Server", "X-Powered-By", "Access-Control-Allow-Origin") if name in headers]
    return [f"{seen.what}: {one}" for one in found]


def kept_by_us_alone(cache: str) -> bool:
    return "private" in cache or "no-store" in cache


@pytest.mark.parametrize("who", [walking.administrator, walking.nobody])
def test_every_answer_of_every_address_bears_them(there, who):
    seen = list(walking.walk(there, who(), "GET", "POST", more=MORE))

    assert "\n".join(fault for one in seen for fault in faults(one)) == ""
    assert len(seen) > 250
    assert {one.answer.status_code for one in seen} >= {200, 302, 404, 405, 422} - (
        set() if who is walking.administrator else {422}
    )


def test_the_letters_own_page_is_framed_by_us_alone_and_runs_nothing(there):
    answer = walking.administrator().get(f"/desk/letters/{there.message.pk}/")

    policy = answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    for words in (
        "default-src 'none'",
        "frame-ancestors 'self'",
        "form-action 'none'",
        "base-uri 'none'",
        "sandbox",
    ):
        assert words in policy
    assert "allow-scripts" not in policy
    assert "allow-forms" not in policy
    assert "allow-top-navigation" not in policy


def inline(body: str) -> list[str]:
    """Whatever in a page would need 'unsafe-inline', or leads to a script by its address."""
    found = []
    for node in LexborHTMLParser(body).css("*"):
        attributes = node.attributes
        found += [f"<{node.tag} {name}>" for name in attributes if name.startswith("on") or name == "style"]
        if node.tag == "style" or (
            node.tag == "script" and not (attributes.get("src") or "").startswith("/static/")
        ):
            found.append(f"<{node.tag}>")
        for name in ("href", "src", "action", "formaction", "hx-get", "hx-post"):
            if re.match(r"\s*(javascript|data:text|vbscript)", attributes.get(name) or "", re.IGNORECASE):
                found.append(f"<{node.tag} {name}={attributes[name]}>")
    return found


@pytest.mark.parametrize("who", [walking.administrator, walking.nobody])
def test_no_page_has_a_script_or_a_style_inside(there, who):
    pages = [
        one
        for one in walking.walk(there, who(), "GET", "POST", more=(*OPERATOR, *FAULTS))
        if "text/html" in one.answer.get("Content-Type", "") and not one.what.startswith("GET desk:letter ")
    ]

    assert [f"{one.what}: {fault}" for one in pages for fault in inline(one.body)] == []
    assert len(pages) > 100 or who is walking.nobody


def test_over_tls_browsers_are_told_to_stay_there(there):
    with override_settings(
        SECURE_HSTS_SECONDS=31_536_000, SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https")
    ):
        answer = Client().get("/sign-in/", headers={"X-Forwarded-Proto": "https"})

    assert answer["Strict-Transport-Security"] == "max-age=31536000"


def test_signing_out_makes_the_browser_forget_what_it_kept(there):
    browser = walking.administrator()

    assert browser.post("/sign-out/")["Clear-Site-Data"] == '"cache"'


def test_only_the_name_of_the_installation_is_answered():
    assert settings.ALLOWED_HOSTS != ["*"]
    assert (
        Client(raise_request_exception=False).get("/sign-in/", headers={"Host": "evil.example"}).status_code
        == 400
    )
    assert Client().get("/sign-in/", headers={"Host": "localhost"}).status_code in {200, 302}


def test_cookies_are_out_of_reach_of_scripts_and_other_sites():
    make.agent(email="anna@primer.example")
    browser = Client()
    browser.get("/sign-in/")
    browser.post("/sign-in/", {"email": "anna@primer.example", "password": make.PASSWORD})

    for name in ("sessionid", "csrftoken", settings.LANGUAGE_COOKIE_NAME):
        assert browser.cookies[name]["httponly"], name
        assert browser.cookies[name]["samesite"] == "Lax", name
        assert not browser.cookies[name]["domain"], name


def test_over_tls_cookies_are_secure_and_bound_to_the_host():
    import os
    import subprocess
    import sys

    code = (
        "from otklik.site import settings as s;"
        "print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.LANGUAGE_COOKIE_SECURE, s.SESSION_COOKIE_NAME,"
        " s.CSRF_COOKIE_NAME, s.SECURE_HSTS_SECONDS > 0, s.DEBUG)"
    )
    told = os.environ | {"OTKLIK_BASE_URL": "https://desk.example.ru"}
    said = subprocess.run([sys.executable, "-c", code], env=told, capture_output=True, text=True, check=True)  # noqa: S603 - ours

    assert said.stdout.split() == [
        "True",
        "True",
        "True",
        "__Host-sessionid",
        "__Host-csrftoken",
        "True",
        "False",
    ]
