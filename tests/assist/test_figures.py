"""«Как мы пишем»: figures over months, who reads them, rules that nobody agrees with."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from otklik.assist import figures
from otklik.assist.figures import Whose
from otklik.assist.models import Outcome, Written
from tests import make
from tests.make import NOON

pytestmark = pytest.mark.django_db
MOSCOW = ZoneInfo("Europe/Moscow")


def written(user, at, **more):
    """A sent reply of 500 characters with a finding."""
    message = make.reply(make.ticket(at=at), by=user, at=at)
    values = {"length": 500, "counts": {"shouting": 1}, **more}
    Written.objects.create(message=message, team=make.team(), user=user, at=at, **values)
    return message


def outcome(message, what, rule="shouting"):
    Outcome.objects.create(
        message=message, ticket=message.ticket, team=make.team(), user=message.user, rule=rule, what=what,
        at=message.at,
    )  # fmt: skip


def read(**whose):
    values = {"team_id": make.team().pk, "user_id": None, **whose}
    return figures.read(Whose(**values), now=NOON, tz=MOSCOW)


def test_a_month_says_findings_per_1000_characters_and_the_share_of_thanks():
    anya = make.agent()
    written(anya, NOON, closes=True, thanks=True)
    written(anya, NOON, closes=True, thanks=False, counts={})
    month = read().months[-1]

    assert (month.replies, month.rate, month.thanks) == (2, 1.0, 50.0)


def test_months_are_cut_in_the_zone_of_the_company():
    midnight = datetime(2026, 10, 31, 21, 30, tzinfo=UTC)  # half past midnight of November in Moscow
    written(make.agent(), midnight)
    october, november = read().months[-2:]

    assert (october.replies, november.replies) == (0, 1)
    assert len(read().months) == 12


def test_a_person_is_read_apart_from_the_team():
    anya, boris = make.agent(), make.agent("Борис")
    written(anya, NOON)
    written(boris, NOON)

    assert read().months[-1].replies == 2
    assert read(user_id=anya.pk).months[-1].replies == 1
    assert read(team_id=None, user_id=anya.pk).months[-1].replies == 1


def test_the_rules_that_people_dismiss_most_come_first():
    message = written(make.agent(), NOON)
    for what, rule in (
        ("dismissed", "vague"),
        ("dismissed", "vague"),
        ("taken", "shouting"),
        ("mended", "vague"),
    ):
        outcome(message, what, rule)
    vague, shouting = read().rules

    assert (vague.code, vague.dismissed, vague.mended) == ("vague", 2, 1)
    assert (shouting.code, shouting.accepted) == ("shouting", 100)


@pytest.mark.parametrize(("taken", "dismissed", "doubts"), [(14, 36, True), (15, 35, False), (5, 44, False)])
def test_a_rule_accepted_in_under_30_percent_of_50_cases_is_proposed_to_go(taken, dismissed, doubts):
    message = written(make.agent(), NOON)
    for _ in range(taken):
        outcome(message, "taken")
    for _ in range(dismissed):
        outcome(message, "dismissed")

    found = figures.doubted(make.team().pk, ["shouting", "vague"])
    assert [one.code for one in found] == (["shouting"] if doubts else [])


def test_only_the_last_50_cases_count():
    anya = make.agent()
    for day, what in ((2, "dismissed"), (1, "taken")):
        message = written(anya, NOON - timedelta(days=day))
        for _ in range(50):
            outcome(message, what)

    assert figures.doubted(make.team().pk, ["shouting"]) == []


def test_a_lead_reads_of_the_team_and_its_people_and_switches_off(client):
    lead, anya = make.agent("Лида", role="lead"), make.agent()
    message = written(anya, timezone.now())
    for _ in range(50):
        outcome(message, "dismissed")
    client.force_login(lead)
    page = client.get("/assist/writing/")

    assert "почти не соглашается" in page.text
    assert f'value="{anya.pk}"' in page.text
    assert "chart__bar" in client.get("/assist/writing/", {"person": anya.pk}).text


def test_an_agent_reads_of_themselves_alone(client):
    anya, boris = make.agent(), make.agent("Борис")
    written(boris, timezone.now())
    client.force_login(anya)
    page = client.get("/assist/writing/", {"person": boris.pk, "team": make.team().pk})

    assert "Пока нет ни одного" in page.text
    assert "Борис" not in page.text
