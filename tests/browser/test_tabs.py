"""One browser holds one live stream, however many tabs it has, and keeps it when the first of them closes (design §2).

The connections are counted where they arrive: in the kernel's table of the stream's own port.
"""

import itertools
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from otklik.desk import routing
from tests import make
from tests.browsing import profile, sign_in

pytestmark = pytest.mark.browser
TABS = 8
ESTABLISHED = "01"
NO_SHARED_WORKER = "delete window.SharedWorker"  # as some phones are: then a tab leads the others
COUNT = """() => { window.heard = [];
  document.body.addEventListener('otklik:live', ({ detail }) => {
    if (detail.ticket && detail.word === 'ticket.assigned') window.heard.push(detail.ticket);
  }); }"""
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def anya(running):
    return make.agent()


def streams(port):
    """Open connections to this port, as its process sees them."""
    lines = [
        line.split()
        for table in ("tcp", "tcp6")
        if (path := Path("/proc/net", table)).exists()
        for line in path.read_text().splitlines()[1:]
    ]
    return sum(line[1].endswith(f":{port:04X}") and line[3] == ESTABLISHED for line in lines)


def happens(anya):
    """Something that the stream tells of; the request's id."""
    sender = make.identity(f"tabs{next(_numbers)}@kvarts.example", "Клиент")
    return routing.take(make.ticket(at=timezone.now(), sender=sender), by=anya, at=timezone.now())


def hears(tab, ticket):
    tab.wait_for_function("(id) => window.heard.includes(id)", arg=ticket.pk)


@contextmanager
def tabs_of(browser, running, anya, script=""):
    """Eight tabs of one new browser, all of which hear; it is closed whatever comes."""
    context = profile(browser)
    context.add_init_script(script)
    try:
        tabs = [context.new_page() for _ in range(TABS)]
        sign_in(tabs[0], running.url, anya.email, make.PASSWORD)
        for tab in tabs:  # the last one at the desk, the others at a lighter page
            tab.goto(f"{running.url}/{'desk' if tab is tabs[-1] else 'me'}/", wait_until="commit")
        for tab in tabs:
            tab.locator("html[data-ready]").wait_for(state="attached")
            tab.evaluate(COUNT)
        yield tabs
    finally:
        context.close()


@pytest.mark.timeout(300)  # eight tabs load one after another on a busy machine
@pytest.mark.parametrize("script", ["", NO_SHARED_WORKER])
def test_eight_tabs_of_a_browser_hold_one_stream_also_when_the_first_of_them_closes(
    browser, running, anya, wait_until, script
):
    wait_until(lambda: streams(running.live_port) == 0)
    with tabs_of(browser, running, anya, script) as tabs:
        wait_until(lambda: streams(running.live_port) == 1)
        ticket = happens(anya)
        for tab in tabs:
            hears(tab, ticket)
        expect(tabs[-1].locator(f"#row-{ticket.number}")).to_be_visible()
        assert streams(running.live_port) == 1

        tabs.pop(0).close()
        later = happens(anya)  # before another tab has a stream: it must go on from what the first one heard
        for tab in tabs:
            hears(tab, later)

        wait_until(lambda: streams(running.live_port) == 1)
        assert [tab.evaluate("window.heard") for tab in tabs] == [[ticket.pk, later.pk]] * (TABS - 1)


def test_another_browser_has_a_stream_of_its_own_and_closing_it_ends_it(browser, running, anya, wait_until):
    wait_until(lambda: streams(running.live_port) == 0)
    contexts = [profile(browser) for _ in range(2)]
    try:
        for context in contexts:
            sign_in(context.new_page(), running.url, anya.email, make.PASSWORD)
        wait_until(lambda: streams(running.live_port) == 2)
        contexts[0].close()
        wait_until(lambda: streams(running.live_port) == 1)
    finally:
        for context in contexts:
            context.close()
    wait_until(lambda: streams(running.live_port) == 0)
