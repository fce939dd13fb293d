"""Links of clients: 128 bits, revocable, prolonged by each letter."""

import pytest

from otklik.accounts import links
from otklik.accounts.models import ClientLink
from tests import make
from tests.make import DAY, NOON

pytestmark = pytest.mark.django_db


def _pair():
    ticket = make.ticket()
    return ticket.pk, make.identity().pk


def _token(url: str) -> str:
    return url.rstrip("/").rpartition("/")[2]


def test_the_link_of_a_participant_is_the_same_in_each_letter():
    pair = _pair()

    first, again = links.url(*pair, at=NOON), links.url(*pair, at=NOON + DAY)

    assert first == again
    assert links.read(_token(first), at=NOON).ticket_id == pair[0]


def test_a_wrong_token_is_unknown():
    token = _token(links.url(*_pair(), at=NOON))
    swapped = token[:-1] + ("A" if token[-1] != "A" else "B")

    for wrong in ("", "-", "1", "x-y", f"999999-{token.partition('-')[2]}", swapped, "9" * 400, "١-а"):
        with pytest.raises(links.Unknown):
            links.read(wrong, at=NOON)
    assert links.read(token, at=NOON)


def test_a_link_dies_after_ninety_days_and_a_letter_makes_a_new_one():
    pair = _pair()
    token = _token(links.url(*pair, at=NOON))

    with pytest.raises(links.Expired, match="прошёл"):
        links.read(token, at=NOON + 91 * DAY)
    fresh = _token(links.url(*pair, at=NOON + 91 * DAY))
    assert links.read(fresh, at=NOON + 92 * DAY)
    assert fresh != token


def test_each_letter_prolongs_the_link():
    pair = _pair()
    token = _token(links.url(*pair, at=NOON))

    links.url(*pair, at=NOON + 60 * DAY)

    assert links.read(token, at=NOON + 120 * DAY)


def test_a_revoked_link_opens_nothing():
    token = _token(links.url(*_pair(), at=NOON))

    links.revoke(ClientLink.objects.get(), at=NOON)

    with pytest.raises(links.Revoked, match="закрыта"):
        links.read(token, at=NOON)


def test_many_links_take_a_fixed_number_of_queries(django_assert_num_queries):
    pairs = [_pair() for _ in range(9)]

    with django_assert_num_queries(5):
        urls = links.urls_many(pairs, at=NOON)

    assert len(set(urls.values())) == 9
