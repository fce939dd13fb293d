from dataclasses import replace

import pytest
from django.db import connection

from otklik.env import env
from otklik.promises.models import NextNews
from otklik.site import doctor
from otklik.sla import following
from tests import make


@pytest.fixture
def healthy(db, postgres):
    url = postgres.url.replace("/otklik?", f"/{connection.settings_dict['NAME']}?")
    return replace(env(), database_url=url, listen_url=url)


def found(check, env):
    return [(finding.good, finding.text) for finding in check(env)]


def test_healthy_database_is_praised_point_by_point(healthy):
    assert found(doctor.database, healthy) == [
        (True, "База данных отвечает: PostgreSQL 18."),
        (True, "Поиск различает русские буквы."),
        (True, "Часы этой машины и базы расходятся на 0.0 с."),
    ]
    assert found(doctor.notices, healthy) == [(True, "Живые обновления доходят.")]
    assert found(doctor.tables, healthy) == [(True, "Таблицы соответствуют этой версии.")]


def test_silent_database_is_told_with_what_to_do(healthy):
    (finding,) = doctor.database(replace(healthy, database_url="postgresql://nobody@127.0.0.1:1/none"))

    assert not finding.good
    assert finding.text.startswith("База данных не отвечает:")
    assert "OTKLIK_DATABASE_URL" in finding.advice


def test_first_look_at_an_empty_machine_says_where_to_begin(tmp_path, capsys, monkeypatch):
    empty = replace(env(), home=tmp_path / "none", database_url="", listen_url="", secret_key="")
    monkeypatch.setattr(doctor, "env", lambda: empty)

    assert doctor.tell() == 1
    said = capsys.readouterr().out
    assert "Запустите otklik up" in said
    assert "Секретного ключа нет." in said


def test_port_where_nobody_listens_is_named(healthy):
    texts = [text for good, text in found(doctor.ports, replace(healthy, port=1)) if not good]

    assert "Страницы, 127.0.0.1:1: никто не отвечает." in texts


@pytest.mark.django_db(transaction=True)
def test_request_that_waits_without_a_promise_is_named(healthy):
    ticket = make.ticket()
    while following.follow():
        pass
    assert found(doctor.news, healthy)[0][0]

    NextNews.objects.all().delete()

    ((good, text),) = found(doctor.news, healthy)
    assert not good
    assert f"№ {ticket.number}" in text
