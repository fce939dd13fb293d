"""The table of queries (queries.tsv): each finds exactly what it names, and offers what it names."""

import csv
from pathlib import Path

import pytest

from otklik.accounts.models import User
from otklik.desk import searching
from tests import make
from tests.desk import search_world

pytestmark = pytest.mark.django_db
LINES = Path(__file__).with_name("queries.tsv").read_text(encoding="utf-8").splitlines()
TABLE = [
    row for row in csv.reader(LINES, delimiter="\t", quoting=csv.QUOTE_NONE) if not row[0].startswith("#")
]


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Made once for all lines; taken back at the end, since the lines only read."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        names = search_world.build()
        people = {
            "anya": make.agent(), "boris": make.agent("Борис Ким", team=make.team("Хостинг")),
            "gleb": make.agent("Глеб Чужой", team=make.team("Склад")), "boss": make.admin(),
        }  # fmt: skip
        yield names, people
        transaction.set_rollback(True)


def test_the_table_has_sixty_queries_and_more():
    assert len(TABLE) >= 60


@pytest.mark.parametrize(
    ("who", "typed", "expected", "offered", "why"), TABLE, ids=[f"{one[0]}: {one[1]}" for one in TABLE]
)
def test_a_query_finds_its_requests_and_no_others(world, who, typed, expected, offered, why):
    names, people = world
    person: User = people[who]

    answer = searching.search(person, typed)

    assert {names[one.number] for one in answer.found} == set(expected.split()), why
    assert (offered in answer.offers) if offered else (answer.offers == () or expected), why
