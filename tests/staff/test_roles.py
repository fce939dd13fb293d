"""Roles of the company's own: a set of rights with a name, that nobody can climb by."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from otklik.accounts.models import OwnRole, User
from otklik.accounts.rights import OF_ROLE, Right
from otklik.staff.models import Team
from tests import make

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def with_rights(*rights: str, name: str = "Кадры") -> User:
    user = make.agent(name)
    role = OwnRole.objects.create(name=name, rights=list(rights))
    User.objects.filter(pk=user.pk).update(own_role=role)
    return User.objects.get(pk=user.pk)


def person(user: User, **more: object) -> dict[str, object]:
    return {"name": user.name, "email": user.email, "role": user.role, "teams": [], **more}


def test_an_administrator_makes_a_role_and_gives_it():
    admin, anna = signed_in(make.admin()), make.agent()
    admin.post("/roles/new/", {"name": "Наблюдатель", "rights": ["see"]})
    role = OwnRole.objects.get()

    admin.post(f"/people/{anna.pk}/", person(anna, role=f"own:{role.pk}"))

    anna = User.objects.get(pk=anna.pk)
    assert anna.rights == {Right.SEE}
    assert "Наблюдатель" in admin.get("/people/").text


def test_a_looker_reads_a_request_and_changes_nothing_in_it():
    ticket = make.ticket()
    browser = signed_in(with_rights("see"))

    assert browser.get(f"/desk/{ticket.number}/").status_code == 200
    refused = browser.post(f"/desk/{ticket.number}/note/", {"text": "слова"})
    assert (refused.status_code, "читать, но не менять" in refused.text) == (403, True)
    assert not ticket.notes.exists()


def test_a_changed_role_works_at_once_and_ends_live_streams():
    user = with_rights("see")
    browser, before = signed_in(user), User.objects.get(pk=user.pk).access_epoch
    assert browser.get("/desk/").status_code == 200

    signed_in(make.admin()).post(f"/roles/{user.own_role_id}/", {"name": "Кадры", "rights": ["pass_on"]})

    assert browser.get("/desk/").status_code == 403
    assert User.objects.get(pk=user.pk).access_epoch > before


@pytest.mark.parametrize("deed", ["letter", "link", "sessions", "factors", "leaving"])
def test_who_keeps_people_cannot_touch_somebody_with_more_rights(deed):
    keeper, ada = signed_in(with_rights("people", "see", "work", "pass_on")), make.admin()
    anna = make.agent("Анна Орлова")

    assert keeper.post(f"/people/{ada.pk}/{deed}/").status_code == 403
    assert keeper.post(f"/people/{anna.pk}/{deed}/").status_code in {200, 302}


def test_who_keeps_people_gives_nobody_more_than_they_have():
    user = with_rights("people", "see", "work", "pass_on")
    keeper, anna = signed_in(user), make.agent("Анна Орлова")

    for wanted in [person(anna, role="admin"), person(user, role="admin")]:
        pk = anna.pk if wanted["email"] == anna.email else user.pk
        assert keeper.post(f"/people/{pk}/", wanted).status_code == 422
    assert keeper.post("/roles/new/", {"name": "Хитрая", "rights": ["see_all"]}).status_code == 422
    assert keeper.post("/people/new/", person(anna, email="new@x.example", role="admin")).status_code == 422
    assert keeper.post(f"/people/{anna.pk}/", person(anna, role="light")).status_code == 302


def test_nobody_lets_themselves_or_others_into_a_team_that_they_do_not_have():
    ours, theirs = make.team(), make.team("Серверы")
    keeper_is, anna = with_rights("people", "see", "work", "pass_on"), make.agent("Анна Орлова")
    keeper, both = signed_in(keeper_is), [ours.pk, theirs.pk]
    new = {"name": "Новый", "email": "new@x.example", "role": "agent", "teams": [theirs.pk]}

    for path, words in {
        f"/people/{keeper_is.pk}/": person(keeper_is, role=f"own:{keeper_is.own_role_id}", teams=both),
        f"/people/{anna.pk}/": person(anna, teams=both), "/people/new/": new,
        f"/teams/{theirs.pk}/": {"name": "Серверы", "level": 1, "members": [keeper_is.pk]},
    }.items():  # fmt: skip
        refused = keeper.post(path, words)
        assert (refused.status_code, "нет в команде" in refused.text.replace("\xa0", " ")) == (422, True), (
            path
        )

    assert not theirs.members.exists()
    assert keeper.post("/people/new/", {**new, "teams": [ours.pk]}).status_code == 302
    assert signed_in(make.admin()).post(f"/people/{anna.pk}/", person(anna, teams=both)).status_code == 302


@pytest.mark.parametrize("deed", ["letter", "link", "sessions", "factors", "leaving"])
def test_the_way_in_of_another_teams_people_is_for_who_sees_all(deed):
    boris = make.agent("Борис Ким", team=make.team("Серверы"))
    keeper, overseer = (
        with_rights("people", "see", "work", "pass_on", *more, name=name)
        for name, more in (("Кадры", ()), ("Главные кадры", ("see_all",)))
    )

    assert signed_in(keeper).post(f"/people/{boris.pk}/{deed}/").status_code == 403
    taken = person(boris, email="mine@x.example", teams=[boris.teams.get().pk])
    assert signed_in(keeper).post(f"/people/{boris.pk}/", taken).status_code == 422
    assert signed_in(overseer).post(f"/people/{boris.pk}/{deed}/").status_code in {200, 302}


def test_who_makes_a_team_chooses_its_first_people_among_those_not_above():
    keeper, anna, ada = (
        with_rights("people", "see", "work", "pass_on"),
        make.agent("Анна Орлова"),
        make.admin(),
    )
    browser, given = signed_in(keeper), {"name": "Серверы", "level": 1}

    assert browser.post("/teams/new/", {**given, "members": [keeper.pk, ada.pk]}).status_code == 422
    assert browser.post("/teams/new/", {**given, "members": [keeper.pk, anna.pk]}).status_code == 302
    team = Team.objects.get(name="Серверы")
    assert browser.post(f"/teams/{team.pk}/", {**given, "members": [keeper.pk]}).status_code == 302
    assert list(team.members.all()) == [keeper]


def test_another_teams_name_may_be_changed_with_its_people_as_they_are():
    boris = make.agent("Борис Ким", team=make.team("Серверы"))
    team = boris.teams.get()
    keeper = signed_in(with_rights("people"))

    same = {"name": "Серверы и сети", "level": 1, "members": [boris.pk]}
    assert keeper.post(f"/teams/{team.pk}/", same).status_code == 302
    assert keeper.post(f"/teams/{team.pk}/", {**same, "members": []}).status_code == 422
    assert list(team.members.all()) == [boris]


def test_nobody_changes_the_address_of_an_administrator_but_one():
    ada = make.admin()
    keeper = signed_in(with_rights("people", "see", "work", "pass_on"))

    assert keeper.post(f"/people/{ada.pk}/", person(ada, email="mine@x.example")).status_code == 422
    assert (
        signed_in(make.admin()).post(f"/people/{ada.pk}/", person(ada, name="Ада Новая")).status_code == 302
    )


def test_a_role_that_somebody_has_stays_and_one_of_nobody_goes():
    user, admin = with_rights("see"), signed_in(make.admin())
    empty = OwnRole.objects.create(name="Пустая", rights=[])

    assert admin.post(f"/roles/{user.own_role_id}/removal/").status_code == 409
    assert admin.post(f"/roles/{empty.pk}/removal/").status_code == 302
    assert OwnRole.objects.count() == 1


def test_two_roles_of_one_name_are_refused_in_words():
    admin = signed_in(make.admin())
    admin.post("/roles/new/", {"name": "Наблюдатель", "rights": ["see"]})

    again = admin.post("/roles/new/", {"name": "Наблюдатель", "rights": []})

    assert (again.status_code, "уже есть" in again.text) == (422, True)


def test_the_database_knows_no_other_rights_and_no_administrator_with_an_own_role():
    with pytest.raises(IntegrityError, match="ownrole_known_rights"), transaction.atomic():
        OwnRole.objects.create(name="x", rights=["fly"])
    role = OwnRole.objects.create(name="x", rights=["see"])
    ada = make.admin()
    with pytest.raises(IntegrityError, match="user_own_role_over_a_plain_one"), transaction.atomic():
        User.objects.filter(pk=ada.pk).update(own_role=role)


def test_each_built_in_role_has_its_rights():
    assert set(OF_ROLE) == set(User.Role.values)
    assert OF_ROLE["admin"] == set(Right)
