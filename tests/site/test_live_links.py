"""A client's stream ends with the link that opened it, within moments and not after twelve hours."""

import json

import pytest

from otklik.accounts import links
from otklik.accounts.models import ClientLink
from otklik.journeys import writing
from otklik.web.livetickets import LiveTicket
from tests import make
from tests.site.streams import Reader, hand, write

pytestmark = pytest.mark.django_db(transaction=True)


def link_of(ticket):
    from django.utils import timezone

    who = ticket.participants.get().identity_id
    links.url(ticket.pk, who, at=timezone.now())
    return ClientLink.objects.get(ticket=ticket, identity=who)


def live(link):
    return LiveTicket(2_000_000_000, client_ticket=link.ticket_id, client_link=link.pk)


def ends(reader):
    """Reads on until the server has ended the stream."""
    return reader.next() == {} or reader.response.isclosed()


def test_a_closed_link_ends_its_stream_and_opens_none(server, database):
    from django.utils import timezone

    closed, other = link_of(make.ticket()), link_of(make.ticket())
    with Reader(server, live(closed)) as vera, Reader(server, live(other)) as gleb, hand(database) as writer:
        writing.renew(closed, at=timezone.now())

        assert ends(vera)
        write(writer, "for.gleb", ticket=other.ticket_id, public=True)
        writer.commit()
        heard = [json.loads(gleb.next()["data"])["word"]]
        while heard[-1] != "for.gleb":
            heard.append(json.loads(gleb.next()["data"])["word"])

    with Reader(server, live(closed)) as again, Reader(server, live(other)) as still:
        assert (again.status, still.status) == (403, 200)


def test_an_erased_link_ends_its_stream_too(server):
    link = link_of(make.ticket())
    with Reader(server, live(link)) as vera:
        ClientLink.objects.filter(pk=link.pk).delete()

        assert ends(vera)
