"""The bytes of letters go with time, never before what became of them is settled."""

import pytest
from django.utils import timezone

from otklik.channels.intake import trimming
from otklik.channels.models import Envelope
from otklik.staff import queries as staff
from tests import make

pytestmark = pytest.mark.django_db


def envelope(state: str, days: int, **fields: object) -> Envelope:
    done = make.NOON - days * make.DAY
    values: dict[str, object] = {
        "box": make.box(), "key": f"{state}{days}", "source": "door", "raw": b"letter", "size_bytes": 6,
        "received_at": done, "done_at": None if state == "new" else done, "state": state,
        "decision": "spam" if state == "decided" else "", "reason": "почему" if state == "fault" else "",
    }  # fmt: skip
    return Envelope.objects.create(**{**values, **fields})


@pytest.mark.parametrize(
    ("state", "days", "kept"),
    [
        ("done", 31, False), ("done", 29, True), ("decided", 31, False),
        ("new", 400, True), ("fault", 400, True),
    ],
)  # fmt: skip
def test_only_settled_letters_lose_their_bytes(state: str, days: int, kept: bool):
    letter = envelope(state, days)

    assert trimming.trim(at=make.NOON, days=30) == (not kept)
    letter.refresh_from_db()
    assert (letter.raw is not None) == kept
    assert (letter.size_bytes, letter.state) == (6, state)


def test_nothing_is_trimmed_when_letters_are_kept_for_ever():
    envelope("done", 4000)

    assert trimming.trim(at=make.NOON, days=0) == 0


def test_loop_keeps_what_the_company_chose_and_goes_on_batch_by_batch(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(trimming, "BATCH", 2)
    company = staff.company()
    company.raw_kept_days = 10
    company.save(update_fields=["raw_kept_days"])
    old = timezone.now() - 11 * make.DAY
    for number in range(3):
        envelope("done", 0, key=str(number), done_at=old)

    assert [trimming.tick() for _step in range(3)] == [2, 1, 0]
