"""Letters that the client's page owes: the secrets are in the letter and nowhere else."""

from otklik.accounts import links
from otklik.channels.models import Box
from otklik.channels.outbox import linkletters
from otklik.desk.models import Message
from otklik.journeys import letters, proving
from otklik.journeys.models import Letter
from tests import make
from tests.channels.outbox.conftest import LATER, Sweep
from tests.channels.outbox.sinks import Sink


def test_lost_link_comes_by_letter_and_opens_the_page(box: Box, server: Sink, sweep: Sweep):
    vera = make.identity()
    letters.owe(Letter.Kind.LINK, make.ticket(), vera.pk, at=make.NOON)

    linkletters.make_owed(at=make.NOON)
    sweep()

    plain = server.world.letters[0].plain
    token = plain.split("/r/")[1].split("/")[0]
    assert links.read(token, at=LATER).identity == vera


def test_agents_do_not_see_the_link_in_the_thread(box: Box):
    letters.owe(Letter.Kind.LINK, make.ticket(), make.identity().pk, at=make.NOON)

    linkletters.make_owed(at=make.NOON)

    message = Message.objects.get(kind="link")
    assert "/r/" not in message.text
    assert "[личная ссылка]" in message.text


def test_code_stands_in_the_letter_only(box: Box, server: Sink, sweep: Sweep):
    vera, ticket = make.identity(), make.ticket()
    links.url(ticket.pk, vera.pk, at=make.NOON)
    proof = proving.ask(ticket.links.get(), at=make.NOON)
    code = proving.code(proof)

    linkletters.make_owed(at=make.NOON)
    sweep()

    stored = Message.objects.get(kind="notice")
    assert code in server.world.letters[0].plain
    assert code not in stored.text + stored.subject


def test_owed_letter_is_made_once(box: Box):
    letters.owe(Letter.Kind.LINK, make.ticket(), make.identity().pk, at=make.NOON)

    linkletters.make_owed(at=make.NOON)
    linkletters.make_owed(at=make.NOON)

    assert Message.objects.filter(kind="link").count() == 1


def test_observing_box_makes_no_letter(box: Box):
    Box.objects.filter(pk=box.pk).update(mode=Box.Mode.OBSERVE)
    letters.owe(Letter.Kind.LINK, make.ticket(), make.identity().pk, at=make.NOON)

    linkletters.make_owed(at=make.NOON)

    assert not Message.objects.filter(kind="link").exists()
