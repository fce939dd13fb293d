"""Marks of erasures outside the database take the people of an old copy again: all of them, and nobody else."""

import pytest
from django.db import transaction
from django.utils import timezone

from otklik.accounts import prints
from otklik.channels.intake import storing
from otklik.channels.intake.storing import Raw
from otklik.clients import identifying
from otklik.clients.models import Client, Identity
from otklik.privacy import marks, working
from otklik.privacy.gathering import TEXT
from otklik.privacy.models import Erasure
from tests import make
from tests.channels.letters import letter, received
from tests.privacy import life
from tests.privacy.test_erasing import AT_ONCE, erase, erase_client, own_marks, traces  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db(transaction=True)
FIRST, SECOND, THIRD = "a@one.example", "b@two.example", "c@three.example"


def test_repeat_after_a_restore_takes_the_person_again_and_keeps_their_letters_away():
    lived = life.live(4)
    known = [life.raw(number) for number in range(4)] + [letter("После копии", From=life.ADDRESS)]
    with transaction.atomic():
        erase(lived)
        transaction.set_rollback(True)  # the copy is from before: the database knows of no erasure
    box, later = lived.box.pk, Raw(lived.box.pk, known[4], "imap")
    told = marks.read(marks.path())[0][0]
    marks.add_letters(told.uid, [(box, prints.of_letter(later.key))])
    assert traces() != []

    assert marks.repeat(marks.path(), at=timezone.now()) == 1
    working.run(at=timezone.now(), fresh=AT_ONCE)

    assert traces() == []
    assert storing.store([Raw(box, raw, "imap") for raw in known], at=make.NOON) == 0
    assert marks.repeat(marks.path(), at=timezone.now()) == 0


def test_somebody_who_wrote_anew_after_the_erasure_is_not_taken_by_the_repeat():
    lived = life.live(4)
    erase(lived)
    Erasure.objects.all().delete()
    received(letter("Это снова я", From=f"{life.NAME} <{life.ADDRESS}>"), at=timezone.now())

    assert marks.repeat(marks.path(), at=timezone.now()) == 0
    assert Identity.objects.get(value=life.ADDRESS).client.erased_at is None


def erased_and_restored(*joined: str) -> None:
    """These were joined to the client of FIRST after the copy, and the client erased: only the mark is left."""
    with transaction.atomic():
        client = Identity.objects.get(value=FIRST).client
        for one in joined:
            identifying.join(Identity.objects.get(value=one), client=client, by=None, at=make.NOON)
        erase_client(client)
        transaction.set_rollback(True)


def repeated() -> list[Erasure]:
    marks.repeat(marks.path(), at=timezone.now())
    working.run(at=timezone.now(), fresh=AT_ONCE)
    return list(Erasure.objects.order_by("pk"))


def test_addresses_that_were_joined_after_the_copy_are_all_erased():
    tickets = [make.ticket("Слова", sender=make.identity(one, "Имя")) for one in (FIRST, SECOND)]
    erased_and_restored(SECOND)

    assert [one.stage for one in repeated()] == ["done"]

    assert not Identity.objects.filter(value__in=[FIRST, SECOND]).exists()
    assert {one.messages.get(direction="in").text for one in tickets} == {TEXT}


def test_somebody_who_shared_a_client_in_the_copy_keeps_what_is_theirs():
    first, second, third = (make.identity(one, "Имя") for one in (FIRST, SECOND, THIRD))
    Client.objects.filter(pk=third.client_id).update(name="Пётр")
    identifying.join(second, client=third.client, by=None, at=make.NOON)
    theirs, hers = make.ticket("Слова Петра", sender=third), make.ticket("Слова", sender=first)
    erased_and_restored(SECOND)

    assert [one.stage for one in repeated()] == ["done"]

    assert Identity.objects.get(value=THIRD).client.name == "Пётр"
    assert theirs.messages.get(direction="in").text == "Слова Петра"
    assert hers.messages.get(direction="in").text == TEXT
    assert not Identity.objects.filter(value__in=[FIRST, SECOND]).exists()


def test_line_that_was_cut_spoils_neither_the_next_nor_those_before():
    for address in (FIRST, SECOND):
        make.ticket("Слова", sender=make.identity(address, "Имя"))
        with transaction.atomic():
            erase_client(Identity.objects.get(value=address).client)
            transaction.set_rollback(True)
        with marks.path().open("a", encoding="ascii") as file:
            file.write('{"uid": "cut sho')

    told, broken = marks.read(marks.path())

    assert (len(told), broken) == (2, 2)
    assert len(repeated()) == 2
