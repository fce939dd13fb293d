"""Many rows by one INSERT of arrays: the same rows as one by one, and the same refusals."""

import pytest
from django.contrib.postgres.fields import ArrayField
from django.db import DataError, IntegrityError, connection, models, transaction
from django.test.utils import CaptureQueriesContext, isolate_apps

from otklik import rows
from otklik.desk.models import Message, Participant, Recipient, StoredFile, Ticket
from otklik.journal.models import Entry
from tests import make
from tests.make import HOUR, NOON

pytestmark = pytest.mark.django_db
ODD_WORDS = "Кавычки \" и ', слеш \\, {скобки}, NULL, \t\n, 𝄞"


def ticket(**fields: object) -> Ticket:
    known = {"client": make.identity().client, "team": make.team(), "channel": "email"}
    return Ticket(**{**known, "subject": "С", "created_at": NOON, "last_message_at": NOON, **fields})


def message(to: Ticket, **fields: object) -> Message:
    known = {"ticket": to, "direction": "in", "channel": "email", "at": NOON, "text": "т", "reply_text": "т"}
    return Message(**{**known, **fields})


def test_rows_come_back_with_their_keys_and_what_the_database_gave_in_their_order():
    made = rows.create([ticket(subject=f"запрос {n}") for n in range(30)])

    assert [one.pk for one in made] == sorted(one.pk for one in made)
    assert [Ticket.objects.get(number=one.number).subject for one in made] == [one.subject for one in made]
    assert not made[0]._state.adding


def test_values_of_all_kinds_are_kept_as_they_are():
    to = rows.create([ticket(subject=ODD_WORDS)])[0]
    odd = ["cut", ODD_WORDS, {"n": 1}]

    [bare, full] = rows.create(
        [message(to), message(to, text=ODD_WORDS, said_at=NOON - HOUR, odd=odd, confirmed=False, user=None)]
    )

    bare.refresh_from_db()
    full.refresh_from_db()
    assert (bare.said_at, bare.odd, bare.confirmed, bare.kind) == (None, [], True, "words")
    assert (full.text, full.said_at, full.odd, full.confirmed) == (ODD_WORDS, NOON - HOUR, odd, False)
    assert Message.objects.filter(search="слеш").count() == 1


def test_a_row_that_is_there_already_stays_where_that_is_asked_and_is_refused_where_not():
    rows.create([StoredFile(sha256="a" * 64, size_bytes=1, created_at=NOON)])
    again = [StoredFile(sha256=one * 64, size_bytes=2, created_at=NOON) for one in "ab"]

    with pytest.raises(IntegrityError), transaction.atomic():
        rows.create(again)
    rows.create(again, ignore_conflicts=True)

    assert list(StoredFile.objects.order_by("pk").values_list("size_bytes", flat=True)) == [1, 2]


@pytest.mark.parametrize("spoilt", ["a\x00b", "x" * 321])
def test_what_a_column_does_not_hold_is_refused_and_never_cut(spoilt):
    to = rows.create([message(rows.create([ticket()])[0])])[0]

    with pytest.raises(DataError), transaction.atomic():
        rows.create([Recipient(message=to, line="to", address=spoilt)])
    rows.create([Recipient(message=to, line="to", address="x" * 320)])

    assert Recipient.objects.get().address == "x" * 320


def test_a_lone_half_of_a_sign_is_refused_before_anything_is_written():
    with pytest.raises(UnicodeEncodeError):
        rows.create([ticket(subject="a\ud800")])

    assert rows.create([ticket(subject="a")])[0].subject == "a"


def test_any_number_of_rows_is_one_statement_and_none_is_no_statement():
    to = make.ticket()
    people = [
        Participant(ticket=to, identity=make.identity(f"{n}@x.example"), part="copy", since=NOON)
        for n in range(9)
    ]
    with CaptureQueriesContext(connection) as seen:
        rows.create(people)
        assert rows.create([]) == []

    assert len(seen) == 1
    assert Participant.objects.filter(ticket=to, part="copy").count() == 9
    assert Entry.objects.filter(ticket=to).exists()


@pytest.mark.parametrize("given", [{"pk": 7}, {"number": 7}])
def test_a_value_that_the_database_gives_is_refused_and_not_dropped(given):
    with pytest.raises(TypeError, match="the database's to give"):
        rows.create([ticket(**given)])

    assert rows.create([ticket()])[0].number > 1000


@pytest.mark.parametrize(
    "field",
    [
        ArrayField(models.TextField()),
        models.JSONField(null=True),
        models.DateTimeField(auto_now=True),
        models.DateTimeField(auto_now_add=True),
    ],
)
@isolate_apps("otklik.desk")
def test_a_model_with_a_column_that_needs_more_is_refused(field):
    class Odd(models.Model):
        odd = field

        class Meta:
            app_label = "desk"

    with pytest.raises(TypeError, match="Odd: use bulk_create for odd"):
        rows.create([Odd()])


def prepared() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%% AS asked_here'")
        return int(cursor.fetchone()[0])


def test_what_is_asked_is_prepared_once():
    for number in (1, 2, 3):
        assert rows.ask("SELECT %(number)s::int AS asked_here", {"number": number}) == [(number,)]

    assert prepared() == 1


def test_behind_a_pooler_nothing_is_prepared(monkeypatch):
    monkeypatch.setattr(rows, "_may_prepare", lambda: False)

    assert rows.ask("SELECT %(word)s::text AS asked_here", {"word": "да"}) == [("да",)]
    assert prepared() == 0


def test_a_statement_without_rows_gives_none():
    assert rows.ask("SELECT 1 WHERE %(no)s", {"no": False}) == []
    assert rows.ask("CREATE TEMP TABLE asked (id int)", {}) == []
