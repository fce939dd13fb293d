"""No name, address or words of a client in any line of a log, whatever goes wrong; ids are there (design §10)."""

import logging
from collections.abc import Callable, Iterator

import pytest
from django.db import IntegrityError, connection
from django.test import Client as Browser
from django.utils import timezone

from otklik.channels.email.sandbox import Sandbox
from otklik.channels.models import Box, Envelope
from otklik.channels.outbox.posting import Post
from otklik.clients.models import Identity
from otklik.desk.models import Delivery
from otklik.desk.receiving import Address
from otklik.jobs.loops import Loop, Runner
from otklik.site import logwords
from tests import make
from tests.channels.letters import arrive, letter, sweep
from tests.channels.outbox.conftest import HOLDER, LATER, SHORT
from tests.channels.outbox.sinks import Sink, sink
from tests.listening import listening

pytestmark = pytest.mark.django_db(transaction=True)
NAME, ADDRESS, WORDS, TYPED = (
    "Фёкла Громыхайло",
    "fyokla.gr@gromyhaylo.example",
    "абракадабрист",
    "не тот пароль 17",
)
SIGNS = ("Громыхайло", "Фёкла", "gromyhaylo.example", "fyokla", WORDS, TYPED)


@pytest.fixture(params=[False, True], ids=["info", "debug"])
def written(request: pytest.FixtureRequest) -> Iterator[Callable[[], str]]:
    """What all loggers have written so far; pytest's own handlers come back at the end."""
    with listening(debug=request.param) as told:
        yield told.getvalue


@pytest.fixture
def server() -> Iterator[Sink]:
    with sink() as running:
        yield running


def hers(text: str = WORDS, **headers: str) -> bytes:
    return letter(text, **{"From": f"{NAME} <{ADDRESS}>", "Subject": WORDS, **headers})


def silent(told: str) -> list[str]:
    return [line[:300] for line in told.splitlines() if any(sign.lower() in line.lower() for sign in SIGNS)]


@pytest.fixture
def refusing() -> Iterator[None]:
    """The database refuses one letter and shows the whole row with it."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE desk_message ADD CONSTRAINT no_such CHECK (subject <> 'абракадабрист 2')")
    yield
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE desk_message DROP CONSTRAINT no_such")


def test_letters_that_are_taken_in_refused_or_unreadable(written, refusing):
    bad = hers(Subject=f"{WORDS} 2")
    arrive(
        hers(), bad, hers("Ещё"), b"From: " + ADDRESS.encode() + b"\r\n\r\n" + b"(" * 9000, mail_from=ADDRESS
    )
    sweep()
    with Sandbox(limit_s=0.0001) as sandbox:
        arrive(hers("Слишком долго"))
        sweep(sandbox)

    refused = Envelope.objects.filter(state="fault").order_by("pk").first()
    assert refused is not None
    assert f'"envelope": {refused.pk}' in written()
    assert silent(written()) == []


def test_letters_that_servers_refuse(written, server):
    box = make.box(smtp_host="127.0.0.1", smtp_port=server.port, smtp_security=Box.Security.NONE)
    ticket = make.ticket(WORDS, sender=make.identity(ADDRESS, NAME), subject=WORDS)
    server.world.at_rcpt[ADDRESS] = f"550 5.1.1 <{ADDRESS}> unknown"
    message = make.reply(ticket, WORDS, box_id=box.pk, to=(Address("to", ADDRESS, NAME),))
    send(box)
    server.world.at_mail = f"451 4.7.1 no letters to {ADDRESS} now"
    make.reply(ticket, WORDS, box_id=box.pk, to=(Address("to", ADDRESS, NAME),))
    send(box)
    make.reply(ticket, WORDS, box_id=box.pk, to=(Address("to", ADDRESS, NAME),))
    Box.objects.update(smtp_port=1)
    send(box)

    assert Delivery.objects.get(message=message).state == "failed"
    assert f'"box": {box.pk}' in written()
    assert silent(written()) == []


def send(box: Box) -> None:
    post = Post(box.pk, HOLDER, SHORT, clock=lambda: LATER)
    try:
        post.batch()
    finally:
        post.close()


def test_people_who_sign_in_wrong_search_and_lose_their_way(written):
    make.ticket(WORDS, sender=make.identity(ADDRESS, NAME))
    browser = Browser(raise_request_exception=False)
    browser.post("/sign-in/", {"username": ADDRESS, "login": ADDRESS, "password": TYPED})
    browser.post("/password/", {"email": ADDRESS})
    browser.post("/r/ask/", {"address": ADDRESS, "token": ""})
    browser.force_login(make.agent())
    for path in ("/desk/search/", "/desk/no-such-page/", "/desk/0/"):
        browser.get(path, {"q": f"{NAME} {ADDRESS} {WORDS}"})

    assert '"path": "/desk/no-such-page/"' in written()
    assert silent(written()) == []


def test_loops_that_break_on_a_row_of_a_client(written, wait_until):
    make.identity(ADDRESS, NAME)
    client = Identity.objects.get().client

    def tick() -> int:
        Identity.objects.create(client=client, value=ADDRESS, shown=NAME, created_at=timezone.now())
        return 0

    runner = Runner([Loop("breaks on a client", tick, pause_s=0.01)])
    runner.start()
    wait_until(lambda: written().count("breaks on a client") > 1)
    runner.stop(5)
    try:
        tick()
    except Exception:
        logging.getLogger("otklik").exception("identity %s not written", client.pk)

    assert "identity_one_owner" in written()
    assert f"identity {client.pk} not written" in written()
    assert silent(written()) == []


def test_what_the_database_says_of_a_row_is_cut_and_the_place_in_the_code_stays():
    told = (
        'IntegrityError: new row violates "x"\nDETAIL:  Failing row contains (1, Фёкла\nГромыхайло, null).\n'
        '\nThe above exception was the direct cause\n  File "a.py", line 1\n to <a.b@c.example>'
    )

    assert logwords.cleaned(told) == (
        'IntegrityError: new row violates "x"\n\nThe above exception was the direct cause\n'
        '  File "a.py", line 1\n to <…@…>'
    )


def test_the_servers_own_log_holds_no_statement_and_no_row(postgres):
    before = postgres.log.stat().st_size if postgres.log.exists() else 0
    one = make.identity(ADDRESS, NAME)
    with pytest.raises(IntegrityError, match="identity_one_owner"):
        Identity.objects.create(client=one.client, value=ADDRESS, shown=NAME, created_at=timezone.now())

    told = postgres.log.read_bytes()[before:].decode()
    assert "identity_one_owner" in told
    assert silent(told) == []
