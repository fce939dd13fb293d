"""Django's admin: for administrators, read-only, with the deeds that repair."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from otklik.accounts.models import User
from otklik.desk.models import Delivery, Message
from otklik.site.settings import ROOMS
from tests import make

pytestmark = pytest.mark.django_db
OURS = [
    model
    for room in ROOMS
    for model in apps.get_app_config(room).get_models()
    if not model._meta.auto_created
]


def signed_in(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def place(model: type[Model], page: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_every_kind_of_rows_can_be_seen_and_none_added(model):
    browser = signed_in(make.admin())

    assert model in admin.site._registry
    assert browser.get(place(model, "changelist")).status_code == 200
    assert browser.get(place(model, "add")).status_code == 403


def test_only_administrators_get_in_and_by_our_own_door():
    assert signed_in(make.admin()).get("/operator/").status_code == 200
    assert signed_in(make.agent(role="lead")).get("/operator/", follow=True).status_code == 403
    assert Client().get("/operator/", follow=True).redirect_chain[-1][0] == "/sign-in/?next=/operator/"


def test_a_row_is_shown_without_its_secrets_and_is_neither_changed_nor_deleted():
    ada = make.admin()
    browser = signed_in(ada)

    shown = browser.get(place(User, "change", ada.pk))
    assert ada.email in shown.content.decode()
    assert ada.password not in shown.content.decode()
    assert browser.post(place(User, "change", ada.pk), {"role": "agent"}).status_code == 403
    assert browser.post(place(User, "delete", ada.pk), {"post": "yes"}).status_code == 403


def test_words_of_a_message_can_be_read_here_and_not_changed():
    message = make.received("Исходные слова")
    browser = signed_in(make.admin())

    assert "Исходные слова" in browser.get(place(Message, "change", message.pk)).content.decode()
    assert browser.post(place(Message, "change", message.pk), {"text": "Другие"}).status_code == 403


def test_an_unknown_delivery_is_counted_as_sent_by_the_deed_and_a_sent_one_refused_in_words():
    ticket = make.ticket()
    make.reply(ticket)
    delivery = Delivery.objects.get()
    browser = signed_in(make.admin())
    chosen = {"action": "count_as_sent", "_selected_action": [delivery.pk]}

    refused = browser.post(place(Delivery, "changelist"), chosen, follow=True)
    assert f"Доставка {delivery.pk}" in refused.content.decode()

    Delivery.objects.update(state="sending")
    Delivery.objects.update(state="unknown")
    browser.post(place(Delivery, "changelist"), chosen)
    delivery.refresh_from_db()
    assert delivery.state == "sent"


def test_a_list_of_thirty_takes_as_many_queries_as_of_one(django_assert_num_queries):
    browser = signed_in(make.admin())
    make.received("Раз")
    with django_assert_num_queries(3):
        browser.get(place(Message, "changelist"))
    for n in range(30):
        make.received(f"Ещё {n}")
    with django_assert_num_queries(3):
        browser.get(place(Message, "changelist"))


@pytest.mark.parametrize("asked", ["password__startswith=a", "password__contains=$", "id__in=1&password=x"])
def test_a_list_does_not_answer_questions_about_what_it_hides(asked):
    browser = signed_in(make.admin())

    assert browser.get(f"{place(User, 'changelist')}?{asked}").status_code == 400
    assert browser.get(f"{place(User, 'changelist')}?role__exact=admin").status_code == 200
