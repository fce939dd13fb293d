"""A copy from before an erasure brings the person back; the marks beside it take them again before anything starts."""

import shutil
from datetime import timedelta

import pytest
from django.utils import timezone

from otklik.channels.models import Envelope
from otklik.privacy import erasing, marks, working
from tests import make
from tests.channels.letters import letter, received
from tests.site.rescue import scene

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = "SELECT value FROM clients_identity ORDER BY id"


@pytest.fixture(autouse=True)
def own_marks():
    marks.path().unlink(missing_ok=True)
    yield
    marks.path().unlink(missing_ok=True)


@pytest.fixture
def copy(tmp_path):
    """Of before the erasure; the marks are of after it, with a letter that came between."""
    [message] = received(letter("Моё слово"))
    scene.backup(tmp_path / "one.copy")
    received(letter("После копии"))
    erasing.begin(message.ticket.client, ground="asked", by=make.admin(), at=timezone.now())
    working.run(at=timezone.now(), fresh=timedelta())
    return tmp_path / "one.copy"


def test_restore_repeats_the_erasure_when_the_marks_lie_there(copy, postgres, scratch):
    with scene.empty_place(postgres, scratch) as place:
        place.home.mkdir()
        shutil.copy(marks.path(), place.home)
        done = scene.restore(place, copy)

        assert any("Стёрли заново по отметкам: 1" in note for note in done.notes)
        assert str(scene.rows(place, PEOPLE)[0][0]).startswith("erased-")
        assert scene.rows(place, "SELECT count(*) FROM desk_message WHERE text LIKE '%слово%'") == [(0,)]
        stored = {key for (key,) in scene.rows(place, "SELECT key FROM channels_envelope")}
        assert (
            set(Envelope.objects.values_list("key", flat=True)) <= stored
        )  # the later letter is known as well


def test_restore_without_marks_says_what_to_do(copy, postgres, scratch):
    with scene.empty_place(postgres, scratch) as place:
        done = scene.restore(place, copy)

        assert any("otklik erase repeat" in note for note in done.notes)
        assert scene.rows(place, PEOPLE) == [("vera@kvarts.example",)]
