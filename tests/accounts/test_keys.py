"""Keys of programs: shown once, hashed, within scopes and rights, revoked and out of time."""

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from otklik.accounts import keys
from otklik.accounts.models import ApiKey, Look, OwnRole, User
from otklik.accounts.rights import Right
from otklik.accounts.scopes import Scope
from otklik.errors import NotAllowed
from tests import make

pytestmark = pytest.mark.django_db
BOTH = [Scope.ME, Scope.READ_REQUESTS]


def key_of(user: User, *scopes: str, expires_at: datetime | None = None) -> str:
    """Made for whoever it shall be, whatever their right to make one."""
    User.objects.filter(pk=user.pk).update(own_role=_with_keys(user))
    user = User.objects.select_related("own_role").get(pk=user.pk)
    return keys.make(keys.Wish("выгрузка", scopes or BOTH, expires_at), by=user, at=timezone.now())[1]


def _with_keys(user: User) -> OwnRole | None:
    if user.is_admin:
        return None
    rights = sorted({*user.rights, Right.KEYS})
    return OwnRole.objects.get_or_create(name="с ключами", defaults={"rights": rights})[0]


def ask(path: str, key: str = ""):
    return Client().get(f"/api/v1{path}", headers={"authorization": f"Bearer {key}"} if key else {})


def test_a_key_says_whose_it_is():
    told = ask("/me", key_of(make.agent("Анна Орлова"))).json()

    assert (told["name"], told["key"], told["scopes"]) == ("Анна Орлова", "выгрузка", ["me", "requests:read"])


def test_a_key_reads_the_requests_of_its_person_alone():
    seen = make.ticket(subject="Видно")
    hidden = make.ticket(team_id=make.team("Хостинг").pk, subject="Не видно")
    key = key_of(make.agent())

    assert [one["number"] for one in ask("/requests", key).json()["requests"]] == [seen.number]
    assert ask(f"/requests/{seen.number}", key).json()["subject"] == "Видно"
    assert ask(f"/requests/{hidden.number}", key).status_code == 404
    assert ask(f"/requests/{hidden.number}", key_of(make.admin())).status_code == 200


def test_pages_of_requests_go_on_by_number():
    numbers = [make.ticket(f"Слова {n}").number for n in range(3)]
    key = key_of(make.agent())

    first = ask("/requests?limit=2", key).json()
    rest = ask(f"/requests?limit=2&before={first['next']}", key).json()

    assert [one["number"] for one in first["requests"] + rest["requests"]] == numbers[::-1]
    assert rest["next"] is None


def test_a_scope_opens_its_own_door_alone():
    key = key_of(make.agent(), Scope.ME)

    assert ask("/me", key).status_code == 200
    assert ask("/requests", key).status_code == 403
    assert ask("/requests", key).json()["code"] == "key.out_of_scope"


@pytest.mark.parametrize("wrong", ["", "otk_0123456789_no", "x", "otk__", "Ю"])
def test_a_wrong_key_opens_nothing_and_says_so_in_json(wrong):
    answer = ask("/me", wrong) if wrong != "Ю" else ask("/me", "\xd0")

    assert answer.status_code == 401
    assert answer.json()["code"] in {"key.unknown", "key.missing"}


def test_revoked_expired_and_orphaned_keys_open_nothing():
    anna = make.agent()
    good, revoked = key_of(anna), key_of(anna)
    expired = key_of(anna, expires_at=timezone.now() + timedelta(seconds=1))
    ApiKey.objects.filter(expires_at__isnull=False).update(
        made_at=timezone.now() - timedelta(days=2), expires_at=timezone.now() - timedelta(days=1)
    )
    keys.revoke(ApiKey.objects.get(prefix=revoked.split("_")[1]), by=anna, at=timezone.now())

    assert [ask("/me", key).status_code for key in (good, revoked, expired)] == [200, 401, 401]
    User.objects.filter(pk=anna.pk).update(is_active=False)
    assert ask("/me", good).status_code == 401


def test_a_key_is_shown_once_and_its_hash_is_kept():
    admin = Client()
    admin.force_login(make.admin())
    page = admin.post("/keys/", {"name": "выгрузка в 1С", "scopes": ["me"], "days": "30"}).text
    found = re.search(r"otk_[0-9a-f]{10}_[\w-]{32}", page)
    assert found

    row = ApiKey.objects.get()
    assert found[0].split("_", 2)[2] not in str(row.__dict__)
    assert found[0] not in admin.get("/keys/").text
    assert ask("/me", found[0]).status_code == 200
    assert ApiKey.objects.get().last_used_at is not None


def test_an_administrator_revokes_a_key_on_the_page_and_an_agent_sees_no_such_page():
    key = key_of(make.admin())
    admin, anna = Client(), Client()
    admin.force_login(make.admin())
    anna.force_login(make.agent())
    address = f"/keys/{ApiKey.objects.get().pk}/revocation/"

    assert anna.post(address).status_code == 403
    assert ask("/me", key).status_code == 200
    admin.post(address)
    assert ask("/me", key).status_code == 401


def test_who_may_not_make_keys_makes_none():
    with pytest.raises(NotAllowed, match="выпускает администратор"):
        keys.make(keys.Wish("x", [Scope.ME]), by=make.agent(), at=timezone.now())
    assert keys.make(keys.Wish("x", [Scope.ME]), by=make.admin(), at=timezone.now())


def test_many_wrong_keys_of_one_place_are_slowed_down_and_a_right_one_is_not():
    key = key_of(make.agent())
    codes = [ask("/me", "otk_0123456789_wrong").status_code for _try in range(31)]

    assert codes[29:] == [401, 429]
    assert ask("/me", key).status_code == 200


def test_what_a_program_reads_stands_in_the_access_log():
    ticket = make.ticket()
    anna = make.agent()
    ask(f"/requests/{ticket.number}", key_of(anna))

    look = Look.objects.get()
    assert (look.user_id, look.kind, look.door, look.ticket_id) == (anna.pk, "request", "api", ticket.pk)


def test_a_page_of_thirty_takes_as_many_queries_as_of_one(django_assert_max_num_queries):
    key = key_of(make.agent())
    for n in range(30):
        make.ticket(f"Слова {n}")

    with django_assert_max_num_queries(5):
        assert len(ask("/requests", key).json()["requests"]) == 30
