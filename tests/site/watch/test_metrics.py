"""Figures for Prometheus: who may read them, that they say what is so, that the board names only what is there."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.test import Client, override_settings
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from otklik import env as envs
from otklik.channels.models import Box, Envelope
from otklik.desk.models import Delivery
from otklik.promises import promising
from otklik.site import beating
from otklik.site.models import Backup
from otklik.site.watch import counting, exposing
from tests import make

pytestmark = pytest.mark.django_db
HERE: dict[str, Any] = {"HTTP_HOST": "127.0.0.1:8000", "REMOTE_ADDR": "127.0.0.1"}
FAR: dict[str, Any] = {"HTTP_HOST": "127.0.0.1:8000", "REMOTE_ADDR": "198.41.0.4"}
TOKEN = "a token of thirty-two characters!"
DEPLOY = Path(__file__).resolve().parents[3] / "deploy"
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def no_old_text(monkeypatch):
    monkeypatch.setattr(exposing.text, "_until", 0.0)
    counting._requests.clear()  # else all addresses that other tests asked for are read again in each of these


@pytest.fixture
def token(monkeypatch):
    given = envs.read({"OTKLIK_METRICS_TOKEN": TOKEN})
    monkeypatch.setattr("otklik.site.watch.views.env", lambda: given)
    return {"HTTP_AUTHORIZATION": f"Bearer {TOKEN}"}


def figures(**asked):
    """(name, labels) → value."""
    answer = Client().get("/metrics", **(asked or HERE))
    assert answer.status_code == 200
    families = text_string_to_metric_families(answer.content.decode())
    return {
        (one.name, tuple(sorted(one.labels.items()))): one.value
        for family in families
        for one in family.samples
    }


@pytest.mark.parametrize(
    "asked",
    [
        FAR,
        HERE | {"HTTP_X_FORWARDED_FOR": "198.41.0.4"},
        HERE | {"HTTP_X_REAL_IP": "198.41.0.4"},
        HERE | {"HTTP_HOST": "localhost.example.ru"},
        FAR | {"HTTP_AUTHORIZATION": "Bearer "},
    ],
)
@override_settings(ALLOWED_HOSTS=["*"])
def test_who_asks_from_elsewhere_or_through_a_proxy_gets_nothing(asked):
    assert Client().get("/metrics", **asked).status_code == 403
    assert Client().get("/metrics", **HERE).status_code == 200


def test_the_token_opens_from_anywhere_and_a_wrong_one_does_not(token):
    assert Client().get("/metrics", **FAR, **token).status_code == 200
    assert Client().get("/metrics", **FAR, HTTP_AUTHORIZATION=f"Bearer {TOKEN[:-1]}").status_code == 403
    assert Client().get("/metrics", **FAR, HTTP_AUTHORIZATION=f"Basic {TOKEN}").status_code == 403


def test_requests_letters_queues_and_boxes_are_told_as_they_are():
    now = timezone.now()
    box = make.box(kind=Box.Kind.IMAP, imap_host="x", connected_at=now - HOUR, alive_at=now - HOUR)
    ticket = make.ticket()
    Envelope.objects.create(box=box, key="k", source="door", size_bytes=1, received_at=now - HOUR / 60)
    message = make.reply(ticket, box_id=box.pk)
    Delivery.objects.filter(message=message).update(next_at=now - HOUR)
    Backup.objects.create(at=now, shows=now - 30 * HOUR, place="x", size_bytes=1)
    beating.worker()
    told = figures()

    number = ("box", str(box.pk))
    assert told["otklik_requests_open", (("state", "waiting_client"),)] == 1
    assert told["otklik_letters_last_10m", (number, ("outcome", "received"))] == 1
    assert told["otklik_intake_letters", ()] == 1
    assert told["otklik_outbox_letters", ()] == 1
    assert 3590 < told["otklik_outbox_oldest_seconds", ()] < 3700
    assert 3590 < told["otklik_box_fetch_age_seconds", (number,)] < 3700
    assert told["otklik_box_up", (number, ("kind", "imap"))] == 0
    assert told["otklik_backup_age_seconds", ()] == pytest.approx(30 * 3600, abs=60)
    assert told["otklik_beat_age_seconds", (("role", "worker"),)] < 60


def test_late_news_and_late_requests_are_counted():
    ticket, now = make.ticket(), timezone.now()
    promising.open_many([(ticket.pk, now - HOUR)], at=now - 2 * HOUR)

    told = figures()

    assert told["otklik_news_late", ()] == 1
    assert 3590 < told["otklik_news_late_oldest_seconds", ()] < 3700
    assert sum(value for (name, _), value in told.items() if name == "otklik_requests_late") == 1


def test_answers_are_counted_by_name_of_the_address_and_never_by_path():
    counting.answered("GET", "", 404, 0.2)
    Client().get("/r/12-abcdefghijklmnopqrstuv/")
    Client().get("/healthz")
    told = figures()

    by_route = [(("method", "GET"), ("route", "healthz"), ("status", "200"))]
    assert all(told["otklik_http_request_duration_seconds_count", one] >= 1 for one in by_route)
    assert not any("abcdefg" in str(key) for key in told)
    routes = {dict(labels).get("route", "none") for (_name, labels) in told}
    assert all(re.fullmatch(r"[\w:-]+", one) for one in routes)


def test_no_label_names_a_person_or_an_address():
    box = make.box()
    make.reply(make.ticket(), box_id=box.pk)
    text = Client().get("/metrics", **HERE).content.decode()

    assert "@" not in text
    assert "Вера" not in text
    assert f'box="{box.pk}"' in text
    assert re.search(r"^# (HELP|TYPE) otklik_\w+ ", text, re.MULTILINE)


def test_asked_again_at_once_no_statement_is_spent(django_assert_num_queries):
    figures()
    with django_assert_num_queries(0):
        figures()


def named(text: str) -> set[str]:
    """Our metrics that a query names."""
    return set(re.findall(r"\b(?:otklik|process)_\w+", text))


def exposed() -> set[str]:
    """All there may be; those of a replica, of copies and of live streams need one."""
    told = {name for name, _labels in figures()}
    told |= {
        "otklik_replica_up",
        "otklik_replica_lag_seconds",
        "otklik_backup_age_seconds",
        "otklik_live_connections",
    }
    return told | {"otklik_process_memory_bytes", "otklik_process_database_faults", "otklik_beat_age_seconds"} | {
        "otklik_box_up", "otklik_box_fetch_age_seconds", "otklik_box_fuse_blown", "otklik_letters_last_10m",
    }  # fmt: skip


def test_every_panel_of_the_board_asks_for_what_there_is():
    Client().get("/healthz")
    board = json.loads((DEPLOY / "grafana.json").read_text(encoding="utf-8"))
    panels = [one for one in board["panels"] if one["type"] != "row"]

    assert len(panels) >= 15
    for panel in panels:
        queries = [target["expr"] for target in panel["targets"]]
        assert queries, panel["title"]
        for query in queries:
            assert named(query), query
            assert named(query) <= exposed(), panel["title"]


def test_every_alert_asks_for_what_there_is_and_says_what_to_do():
    Client().get("/healthz")
    rules = [
        rule
        for group in yaml.safe_load((DEPLOY / "alerts.yml").read_text())["groups"]
        for rule in group["rules"]
    ]

    assert {"OtklikBoxDead", "OtklikJobOld", "OtklikDiskFull", "OtklikBackupOld", "OtklikNewsLate"} <= {
        rule["alert"] for rule in rules
    }
    for rule in rules:
        assert named(rule["expr"]) <= exposed(), rule["alert"]
        assert named(rule["expr"]) or rule["expr"].startswith("up{"), rule["alert"]
        assert rule["annotations"]["summary"], rule["alert"]
        assert rule["annotations"]["action"], rule["alert"]
