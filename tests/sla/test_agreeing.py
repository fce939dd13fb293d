"""Agreements are made, changed, ended and given."""

import threading

import pytest
from django.db import connection

from otklik.clients.models import Tariff
from otklik.errors import Refusal
from otklik.journal.models import Entry
from otklik.sla import agreeing, agreements, calendars
from otklik.sla.agreeing import Draft, Tier
from otklik.sla.models import Agreement, AgreementVersion
from tests import make
from tests.make import DAY, NOON
from tests.sla import tiers

pytestmark = pytest.mark.django_db


def test_a_new_agreement_has_its_terms_and_the_journal_says_it():
    made = tiers.tier("  Бизнес   плюс ", at=NOON)

    assert made.name == "Бизнес плюс"
    assert agreements.terms(agreements.in_force(made.pk, NOON).pk) == tiers.terms()
    assert agreements.in_force(made.pk, NOON - DAY) is None
    assert Entry.objects.get(word="agreement.made").facts["agreement"] == made.pk


def test_other_terms_count_from_their_day_and_the_old_ones_until_then():
    made = tiers.tier(at=NOON)
    later = Draft(tiers.terms(margin=10), effective_from=NOON + 10 * DAY, note="быстрее", seen=1)
    version = agreeing.change(made, later, by=make.admin(), at=NOON + DAY)
    sooner = Draft(tiers.terms(margin=20), effective_from=NOON + 5 * DAY, seen=2)
    agreeing.change(made, sooner, by=make.admin(), at=NOON + DAY)

    margins = [agreements.terms(agreements.in_force(made.pk, NOON + n * DAY).pk).margin for n in (0, 6, 11)]

    assert margins == [0, 20, 10]
    assert (version.number, version.note) == (2, "быстрее")


@pytest.mark.parametrize("name", ["", " ", "\0", "x" * 121])
def test_an_agreement_needs_a_name(name):
    with pytest.raises(agreeing.BadTier):
        tiers.tier(name)

    assert not Agreement.objects.exists()


def test_two_agreements_never_share_a_name():
    tiers.tier()

    with pytest.raises(agreeing.NameTaken, match="«Бизнес» уже есть"):
        tiers.tier()
    with pytest.raises(agreeing.NameTaken):
        agreeing.describe(tiers.tier("Старт"), "Бизнес", 1, by=make.admin(), at=NOON)


@pytest.mark.parametrize("rank", [0, -1, 100, 10**9])
def test_a_place_among_the_tiers_is_a_small_number(rank):
    with pytest.raises(agreeing.BadTier):
        tiers.tier(rank=rank)


def test_a_tier_gets_another_name_and_place():
    made, ada = tiers.tier(), make.admin()

    agreeing.describe(made, "Премиум", 3, by=ada, at=NOON)
    agreeing.describe(made, "Премиум", 3, by=ada, at=NOON)

    assert Agreement.objects.values_list("name", "rank").get() == ("Премиум", 3)
    assert Entry.objects.filter(word="agreement.described").count() == 1


def test_each_priority_must_have_its_first_answer():
    with pytest.raises(agreeing.BadTier, match="не для каждой важности"):
        tiers.tier(targets={"response": {"low": 60, "normal": 60, "high": 60}})


def refused(made: Agreement, draft: Draft) -> type[Refusal]:
    with pytest.raises(Refusal) as told:
        agreeing.change(made, draft, by=make.admin(), at=NOON)
    assert told.value.next_step
    return told.type


def test_terms_never_change_for_the_past_nor_for_nothing_nor_unseen():
    made = tiers.tier()
    fresh = tiers.terms(margin=5)

    assert refused(made, Draft(fresh, effective_from=NOON - DAY)) is agreeing.TooEarly
    assert refused(made, Draft(tiers.terms(), effective_from=NOON)) is agreeing.NothingChanged
    assert refused(made, Draft(fresh, effective_from=NOON, seen=0)) is agreeing.SomebodyElseChanged
    assert AgreementVersion.objects.count() == 1


def test_the_agreement_for_everybody_neither_ends_nor_runs_out():
    everybody = agreements.default()
    until = tiers.terms(until=NOON.date())

    assert refused(everybody, Draft(until, effective_from=NOON)) is agreeing.StaysForAll
    with pytest.raises(agreeing.StaysForAll):
        agreeing.end(everybody, by=make.admin(), at=NOON)


def test_what_ended_takes_nothing_more_but_may_be_copied():
    made, ada = tiers.tier(), make.admin()
    agreeing.end(made, by=ada, at=NOON)

    assert refused(made, Draft(tiers.terms(margin=5), effective_from=NOON)) is agreeing.Ended
    with pytest.raises(agreeing.Ended):
        agreeing.end(made, by=ada, at=NOON)
    with pytest.raises(agreeing.Ended):
        tiers.cover(made, Tariff.objects.create(name="Бизнес"))

    copied = agreeing.copy(made, "Бизнес 2027", by=ada, at=NOON)
    assert agreements.terms(agreements.in_force(copied.pk, NOON).pk) == tiers.terms()
    assert copied.rank == made.rank + 1


def test_whom_one_agreement_covers_no_other_covers():
    tariff = Tariff.objects.create(name="Бизнес")
    tiers.cover(tiers.tier("Первое"), tariff, (3, 2))

    with pytest.raises(agreeing.CoveredElsewhere, match="уже в соглашении «Первое»"):
        tiers.cover(tiers.tier("Второе"), tariff, (2, 3, 3))
    with pytest.raises(agreeing.BadTier):
        tiers.cover(tiers.tier("Третье"), tariff, (7,))
    assert tiers.cover(tiers.tier("Четвёртое"), tariff, (0, 1, 2, 3)).priorities == []


def test_the_first_agreement_takes_over_a_tier_of_its_name():
    tiers.tier("Обычный")

    everybody = agreements.default()

    assert everybody.is_default
    assert agreements.in_force(everybody.pk, agreements.ALWAYS) is not None
    assert agreements.default() == everybody


@pytest.mark.django_db(transaction=True)
def test_two_who_change_terms_at_once_lose_nothing():
    made, calendar = tiers.tier(), calendars.default()
    told: list[type[Exception] | None] = []
    gate, ada = threading.Barrier(2), make.admin()

    def one(margin: int) -> None:
        gate.wait()
        try:
            agreeing.change(made, Draft(tiers.terms(margin=margin), NOON, seen=1), by=ada, at=NOON)
            told.append(None)
        except Refusal as refusal:
            told.append(type(refusal))
        connection.close()

    hands = [threading.Thread(target=one, args=(margin,)) for margin in (5, 6)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()

    assert sorted(map(str, told)) == sorted(map(str, [None, agreeing.SomebodyElseChanged]))
    assert calendar.agreements.get().versions.count() == 2
    assert agreeing.make(Tier("Ещё", 1, calendar), Draft(tiers.terms(), NOON), by=ada, at=NOON)
