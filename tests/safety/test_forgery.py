"""A foreign page makes nobody's browser do anything: every POST of every address wants our own token."""

import pytest
from django.http import HttpRequest, HttpResponse

from tests.rights import doors
from tests.safety import walking

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(400)]  # a walk over all addresses
REFUSED = 499


def refused(_request: HttpRequest, reason: str = "") -> HttpResponse:
    """Stands for Django's page, so that it can't be taken for another refusal."""
    return HttpResponse(reason, status=REFUSED)


@pytest.mark.parametrize("who", [walking.administrator, walking.nobody])
def test_every_address_refuses_a_post_without_our_token(there, settings, who):
    settings.CSRF_FAILURE_VIEW = "tests.safety.test_forgery.refused"

    seen = list(walking.walk(there, who(enforce_csrf_checks=True), "POST", "PUT", "DELETE", "PATCH"))

    # what takes no such method, or is not there, does nothing either; programs come with a key and without cookies
    let_through = [
        one.what
        for one in seen
        if one.answer.status_code not in {REFUSED, 405, 404}
        and not one.what.split()[1].startswith(("api:", "api-coach"))
    ]
    assert let_through == []
    assert sum(one.answer.status_code == REFUSED for one in seen) > 100


def test_with_our_token_the_same_is_taken(there):
    browser = walking.administrator(enforce_csrf_checks=True)
    token = browser.get("/me/").text.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]

    assert browser.post("/theme/", {"theme": "dark"}).status_code == 403
    assert browser.post("/theme/", {"theme": "dark", "csrfmiddlewaretoken": token}).status_code == 302


def test_a_get_changes_nothing_that_a_person_would_mind(there):
    """Addresses that take GET alone are no deeds: after all of them the same rows stand."""
    from django.apps import apps

    # rows that are made when they are first asked for, and what says who looked
    kept = {
        "accounts.look", "accounts.session", "accounts.tally", "staff.company", "staff.profile", "sla.calendar",
        "sla.calendarversion", "sla.agreement", "sla.agreementversion",
    }  # fmt: skip

    def rows() -> dict[str, int]:
        ours = [one for one in apps.get_models() if one.__module__.startswith("otklik.")]
        return {one._meta.label_lower: one._default_manager.count() for one in ours}

    browser, paths = walking.administrator(), walking.paths(there)
    before = rows()
    for path in paths.values():
        doors.body(browser.get(path))

    after = rows()
    assert {name: after[name] for name in after if after[name] != before[name] and name not in kept} == {}


def test_keys_of_programs_are_taken_from_no_cookie(there):
    browser = walking.administrator()

    assert browser.get("/api/v1/me").status_code == 401
