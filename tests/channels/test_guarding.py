"""Letters as they came take three rights together: none of them alone, nor two, opens them."""

import pytest
from django.test import Client

from otklik.accounts.models import OwnRole, User
from tests import make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("rights", "status"),
    [
        (["see", "see_all", "settings"], 200),
        (["see_all", "settings"], 403),
        (["see", "settings"], 403),
        (["see", "see_all"], 403),
    ],
)
def test_who_may_not_see_requests_opens_no_letters_either(rights, status):
    anna = make.agent("Анна Орлова", email="anna@primer.example")
    role = OwnRole.objects.create(name="Своя", rights=rights)
    User.objects.filter(pk=anna.pk).update(own_role=role)
    browser = Client()
    browser.force_login(anna)

    assert browser.get("/settings/upkeep/").status_code == status
