"""From a letter to the words that its writer reads: the time comes from the agreement of their own request."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from email.utils import format_datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from otklik.channels.email.sandbox import Sandbox
from otklik.channels.intake import reading, taking_in
from otklik.clients.models import Domain, Organisation, Tariff
from otklik.desk.models import Message, Ticket
from otklik.promises import promising
from otklik.sla import agreements, binding, deriving
from otklik.sla.models import Agreement, Clock
from otklik.web import dates
from tests import make
from tests.channels.letters import arrive, letter
from tests.make import DAY, HOUR, MINUTE, NOON
from tests.sla import tiers

pytestmark = pytest.mark.django_db
GLEB = "Глеб <gleb@sosna.example>"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    one = Sandbox()
    yield one
    one.close()


def take_in(sandbox: Sandbox, *raws: bytes, at: datetime) -> list[Ticket]:
    """The requests that these letters open, as the intake takes a batch in."""
    envelopes = arrive(*raws, at=at)
    reads = reading.read_many(envelopes, sandbox)
    done = taking_in.take_in(reads, taking_in.files_of(reads), at=at)
    return [done.messages[one.pk].ticket for one in envelopes]


def acknowledged(ticket: Ticket) -> str:
    return Message.objects.get(ticket=ticket, kind="ack").text.replace("\xa0", " ")


def clock(ticket: Ticket, kind: str = "response") -> Clock:
    """As the loop of clocks makes it."""
    binding.bind_many([ticket.pk], by=None, at=ticket.created_at)
    deriving.derive([ticket.pk], at=ticket.created_at)
    return Clock.objects.get(ticket=ticket, kind=kind)


@pytest.mark.parametrize(
    ("at", "business", "usual"),
    [
        (NOON, "сегодня до 12:30", "сегодня до 16:00"),
        (NOON + 5 * HOUR + 50 * MINUTE, "в понедельник, 23 ноября, до 9:20", "до 12:50"),  # Friday, 17:50
        (NOON + DAY, "в понедельник, 23 ноября, до 9:30", "в понедельник, 23 ноября, до 13:00"),
        (NOON + 3 * DAY + 14 * HOUR, "сегодня до 9:30", "сегодня до 13:00"),  # two in the night to Tuesday
    ],
)
def test_two_tiers_are_told_each_its_own_time_at_night_and_over_a_weekend(sandbox, at, business, usual):
    tariff = Tariff.objects.create(name="Бизнес")
    firm = Organisation.objects.create(name="Кварц", tariff=tariff)
    Domain.objects.create(organisation=firm, name="kvarts.example")
    tiers.cover(tiers.tier(), tariff)

    said = format_datetime(at)
    quick, slow = take_in(sandbox, letter(Date=said), letter(From=GLEB, Date=said), at=at)

    assert (business in acknowledged(quick), usual in acknowledged(slow)) == (True, True), acknowledged(quick)
    for ticket in (quick, slow):
        ticket.refresh_from_db()
        told = promising.standing(ticket.pk).due_at
        assert told == ticket.next_due_at == clock(ticket).due_at
    assert quick.organisation == firm
    assert "Бизнес" in clock(quick).version.agreement.name


def test_the_page_of_the_client_says_the_time_of_their_agreement(sandbox, client):
    tiers.cover(tiers.tier(), make.identity().client)
    now = timezone.now()

    [ticket] = take_in(sandbox, letter(Date=format_datetime(now)), at=now)

    told = clock(ticket).due_at or now
    page = client.get(make.page(ticket, at=now)).content.decode()
    assert dates.by(told, timezone.now(), timezone.get_current_timezone()) in page


def test_a_fresh_install_tells_what_the_company_begins_with(sandbox):
    assert not Agreement.objects.exists()

    [ticket] = take_in(sandbox, letter(), at=NOON)

    assert "сегодня до 16:00" in acknowledged(ticket)
    assert agreements.default().name == "Обычный"
    assert clock(ticket).due_at == NOON + 4 * HOUR


def test_a_margin_is_kept_back_from_what_the_client_is_told(sandbox):
    tiers.cover(tiers.tier(margin=20), make.identity().client)

    [ticket] = take_in(sandbox, letter(), at=NOON)

    assert promising.standing(ticket.pk).due_at == NOON + 24 * MINUTE
    assert clock(ticket).due_at == NOON + 30 * MINUTE


def test_a_hundred_letters_of_two_tiers_in_a_batch_take_as_many_queries_as_ten(sandbox):
    tiers.cover(tiers.tier(), make.identity("a1@x.example", "").client)
    take_in(sandbox, letter(), letter(From="a1@x.example"), at=NOON - HOUR)

    def batch(mark: str, count: int) -> int:
        raws = [letter(From=f"a{n}@{mark}.example") for n in range(count)]
        reads = reading.read_many(arrive(*raws, at=NOON), sandbox)
        with CaptureQueriesContext(connection) as asked:
            taking_in.take_in(reads, {one.envelope.pk: () for one in reads}, at=NOON)
        return len([one for one in asked if "SAVEPOINT" not in one["sql"]])

    assert batch("x", 10) == batch("y", 100)
    told = promising.standing(
        Ticket.objects.get(client__identities__value="a1@x.example", created_at=NOON).pk
    ).due_at
    assert told - NOON == timedelta(minutes=30)


def test_a_calendar_without_a_working_hour_still_tells_a_time(sandbox):
    [ticket] = take_in(sandbox, letter(), at=NOON)
    tier = agreements.default()
    tier.calendar.versions.model.objects.create(
        calendar=tier.calendar, number=2, spec={"tz": "UTC", "week": {}}, effective_from=NOON, made_at=NOON
    )

    [later] = take_in(sandbox, letter(From=GLEB), at=NOON + DAY)

    assert promising.standing(ticket.pk).due_at == NOON + 4 * HOUR
    assert promising.standing(later.pk).due_at == NOON + DAY + 4 * HOUR
