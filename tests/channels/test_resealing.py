"""A new secret key: what the old one sealed opens, is sealed anew in batches, and the old one may go then."""

from dataclasses import replace

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP

from otklik.accounts import factors, links, vault
from otklik.accounts.models import Provider
from otklik.channels import resealing
from otklik.channels.email import credentials
from otklik.channels.models import Box
from otklik.channels.outbox import addresses
from otklik.env import env
from tests import make

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXP"
NEW = "a new key of tests that is long enough"


@pytest.fixture
def sealed():
    """One of each kind, under the key of before."""
    make.box("it@primer.example", auth="password", secret=credentials.seal("пароль"))
    Provider.objects.create(
        slug="sso", name="Вход", address="https://x.example", client_id="x", secret=vault.seal("b")
    )
    anna = make.agent(email="anna@primer.example")
    TOTP.activate(anna, SECRET)
    RecoveryCodes.activate(anna)
    return anna


@pytest.fixture
def keys(monkeypatch, sealed):
    """keys(new, *old): from now on these are the keys."""
    told = env()

    def change(new: str, *old: str) -> None:
        changed = replace(told, secret_key=new, old_secret_keys=old)
        for module in (vault, links):
            monkeypatch.setattr(module, "env", lambda: changed)

    return change


def test_what_the_old_key_sealed_opens_and_is_counted(keys):
    keys(NEW, env().secret_key)

    assert credentials.password(Box.objects.get()) == "пароль"
    assert resealing.standing() == resealing.Standing(0, 4, ())


def test_after_sealing_anew_the_old_key_is_not_needed(keys, sealed):
    codes = factors.of(sealed).codes
    keys(NEW, env().secret_key)

    assert list(resealing.reseal()) == [4]
    keys(NEW)

    assert resealing.standing() == resealing.Standing(4, 0, ())
    assert credentials.password(Box.objects.get()) == "пароль"
    assert vault.unseal(bytes(Provider.objects.get().secret)) == "b"
    assert factors.of(sealed).codes == codes
    app = Authenticator.objects.get(type="totp")
    assert vault.unseal(app.data["secret"].encode()) == SECRET


def test_stopped_in_the_middle_it_goes_on_where_it_was(keys, monkeypatch):
    monkeypatch.setattr(resealing, "BATCH", 1)
    keys(NEW, env().secret_key)
    begun = resealing.reseal()
    assert [next(begun), next(begun)] == [1, 1]
    del begun
    assert resealing.standing().old == 2

    assert sum(resealing.reseal()) == 2


def test_a_password_typed_meanwhile_stays(keys):
    keys(NEW, env().secret_key)
    found = list(resealing._all())
    Box.objects.update(secret=credentials.seal("другой"))

    resealing._reseal(found)

    assert credentials.password(Box.objects.get()) == "другой"


def test_without_the_old_key_everything_is_named_and_nothing_is_touched(keys, sealed):
    keys(NEW)

    before = bytes(Box.objects.get().secret or b"")
    assert sum(resealing.reseal()) == 0
    told = resealing.standing().unreadable
    assert told == ("ящик it@primer.example", "служба входа «Вход»", "второй шаг входа anna@primer.example")
    assert bytes(Box.objects.get().secret or b"") == before
    with pytest.raises(factors.WrongCode):
        factors.check_code(sealed, "123456", at=make.NOON)


def test_links_and_addresses_of_old_letters_open_while_the_old_key_is_kept(keys):
    message = make.received("Здравствуйте")
    old_link = links.url(
        message.ticket_id, message.ticket.participants.get().identity_id, at=make.NOON
    ).split("/")[-2]
    old_address = addresses.reply_address("it@primer.example", 7)

    keys(NEW, env().secret_key)
    assert links.read(old_link, at=make.NOON).ticket_id == message.ticket_id
    assert addresses.ticket_number_of(old_address) == 7

    keys(NEW)
    with pytest.raises(links.Unknown):
        links.read(old_link, at=make.NOON)
    assert addresses.ticket_number_of(old_address) is None
