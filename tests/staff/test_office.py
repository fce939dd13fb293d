"""Pages of the administrator and of oneself: who gets in, what they change, what is refused."""

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from otklik.accounts import invitations
from otklik.accounts.models import AccountLetter, User
from otklik.journal.models import Entry
from otklik.sla import agreements
from otklik.staff import queries
from otklik.staff.models import Departure, Membership, Team
from tests import make

pytestmark = pytest.mark.django_db
OFFICE = ["/people/", "/people/new/", "/teams/", "/teams/new/", "/company/", "/settings/hours/"]


def signed_in(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


@pytest.fixture
def admin() -> Client:
    return signed_in(make.admin())


def text(answer: HttpResponse) -> str:
    return answer.content.decode().replace("\xa0", " ")


@pytest.mark.parametrize("path", OFFICE)
def test_the_office_is_for_administrators_alone(admin, path):
    assert admin.get(path).status_code == 200
    assert signed_in(make.agent(role="lead")).get(path).status_code == 403
    assert Client().get(path)["Location"] == f"/sign-in/?next={path}"


def test_a_new_person_is_owed_a_letter_with_a_link_for_the_password(admin):
    team = make.team()
    answer = admin.post(
        "/people/new/",
        {"name": "Борис Котов", "email": "boris@primer.example", "role": "lead", "teams": [team.pk]},
        follow=True,
    )

    boris = User.objects.get(email="boris@primer.example")
    assert "уже в пути" in text(answer)
    assert AccountLetter.objects.get().user == boris
    assert (boris.role, boris.has_usable_password()) == ("lead", False)
    assert queries.works_in(boris, team.pk)


def test_an_address_that_signs_in_already_is_refused_and_the_words_stay(admin):
    make.agent(email="boris@primer.example")

    answer = admin.post(
        "/people/new/", {"name": "Другой Борис", "email": "BORIS@primer.example", "role": "agent"}
    )

    assert answer.status_code == 422
    assert "уже кто-то входит" in text(answer)
    assert "Другой Борис" in text(answer)


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"email": "не почта"}, {"role": "god"}, {"teams": ["9999"]}, {"name": "Ы\0"}]
)
def test_wrong_values_make_nobody(admin, wrong):
    given = {"name": "Борис Котов", "email": "boris@primer.example", "role": "agent", **wrong}

    assert admin.post("/people/new/", given).status_code == 422
    assert User.objects.count() == 1


def test_changing_a_person_changes_their_teams_and_leaves_a_departure(admin):
    boris, other = make.agent("Борис Котов"), make.team("Серверы")
    admin.post(
        f"/people/{boris.pk}/",
        {"name": "Борис Котов", "email": boris.email, "role": "agent", "teams": [other.pk]},
    )

    assert list(boris.teams.all()) == [other]
    assert Departure.objects.get().team == make.team()


def test_one_who_left_signs_in_no_more_and_may_come_back(admin):
    boris = make.agent("Борис Котов")
    theirs = signed_in(boris)
    assert theirs.get("/me/").status_code == 200

    admin.post(f"/people/{boris.pk}/leaving/")
    assert theirs.get("/me/").status_code == 302
    assert Departure.objects.get().team is None

    admin.post(f"/people/{boris.pk}/leaving/")
    boris.refresh_from_db()
    assert boris.is_active


def test_the_last_administrator_neither_leaves_nor_steps_down(admin):
    ada = User.objects.get()
    assert admin.post(f"/people/{ada.pk}/leaving/").status_code == 409
    answer = admin.post(f"/people/{ada.pk}/", {"name": ada.name, "email": ada.email, "role": "agent"})

    assert answer.status_code == 422
    assert "единственный администратор" in text(answer)
    ada.refresh_from_db()
    assert (ada.is_active, ada.is_admin) == (True, True)


def test_one_of_two_administrators_may_leave(admin):
    second = make.admin("Вторая")

    assert admin.post(f"/people/{second.pk}/leaving/").status_code == 302
    second.refresh_from_db()
    assert not second.is_active


def test_a_new_link_is_given_only_for_those_who_work_here(admin):
    boris = make.agent("Борис Котов")
    assert "/password/" in text(admin.post(f"/people/{boris.pk}/link/"))

    User.objects.filter(pk=boris.pk).update(is_active=False)
    assert admin.post(f"/people/{boris.pk}/link/").status_code == 404
    assert signed_in(make.agent()).post(f"/people/{boris.pk}/link/").status_code == 403


def test_a_team_is_made_changed_and_removed(admin):
    boris = make.agent("Борис Котов", team=make.team("Прежняя"))
    admin.post("/teams/new/", {"name": "Серверы", "level": 3, "members": [boris.pk]})
    team = Team.objects.get(name="Серверы")
    assert (team.level, list(team.members.all())) == (3, [boris])

    admin.post(f"/teams/{team.pk}/", {"name": "Серверы и сети", "level": 2})
    team.refresh_from_db()
    assert (team.name, Departure.objects.get().team) == ("Серверы и сети", team)

    admin.post(f"/teams/{team.pk}/removal/")
    assert not Team.objects.filter(pk=team.pk).exists()


def test_a_team_with_requests_stays_and_says_why(admin):
    ticket = make.ticket()

    answer = admin.post(f"/teams/{ticket.team_id}/removal/")

    assert answer.status_code == 409
    assert "есть запросы или ящики" in text(answer)
    assert Team.objects.filter(pk=ticket.team_id).exists()


@pytest.mark.parametrize("given", [{"name": "помощь"}, {"name": "Помощь", "level": "9"}, {"name": ""}])
def test_a_wrong_team_is_refused(admin, given):
    make.team("помощь")

    assert admin.post("/teams/new/", {"level": 1, **given}).status_code == 422
    assert Team.objects.count() == 1


def test_the_company_is_told_of_and_its_page_says_where_the_time_of_answers_is_kept(admin):
    given = {"name": "Пример", "phone": "8 800 555-01-42", "phone_hours": "круглосуточно"}
    page = admin.get("/company/").content.decode().replace("\xa0", " ")

    answer = admin.post("/company/", given)

    company = queries.company()
    assert answer.status_code == 302
    assert (company.name, company.acknowledge) == ("Пример", False)
    assert Entry.objects.filter(word="company.changed").exists()
    default = agreements.default()
    assert f'href="{reverse("sla:agreement", args=[default.pk])}"' in page
    assert "соглашение «Обычный»" in page
    assert "<dd>4 ч</dd>" in page
    assert "answer_hours" not in page


def test_the_list_of_people_takes_as_many_queries_for_thirty_as_for_one(admin, django_assert_num_queries):
    make.agent()
    admin.get("/people/")
    with django_assert_num_queries(5):
        admin.get("/people/")
    for n in range(30):
        make.agent(f"Сотрудник {n}")
    with django_assert_num_queries(5):
        admin.get("/people/")


def test_a_made_up_person_or_team_is_not_there(admin):
    assert admin.get("/people/999999/").status_code == 404
    assert admin.get("/teams/999999/").status_code == 404
    assert Membership.objects.count() == 0


def test_a_link_for_the_password_leads_to_the_page_that_sets_it(admin):
    boris = make.agent("Борис Котов")

    assert invitations.link(boris, at=timezone.now()).startswith("http://localhost:8000/password/")
