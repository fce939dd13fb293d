"""Every sealed secret of the database, and sealing them anew after OTKLIK_SECRET_KEY has changed (docs/security.md).

In batches, each a transaction of its own. What is under the new key already is passed over, so it may be stopped and
begun again, and run beside a working desk: a secret that somebody changes meanwhile keeps their change.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.db import models, transaction

from otklik.accounts import vault
from otklik.accounts.models import Provider
from otklik.channels.models import Box

BATCH = 200
_OF_FACTORS = ("secret", "seed")  # of an app (TOTP), of recovery codes


@dataclass(frozen=True, slots=True)
class Secret:
    """One of them. name: what the operator calls its thing (the command line speaks Russian).

    field: the key within JSON, '' where all of the column is sealed.
    """

    model: type[models.Model]
    pk: int
    name: str
    sealed: bytes
    field: str = ""
    column: str = "secret"


_further: list[Callable[[], Iterator[Secret]]] = []


def add(secrets: Callable[[], Iterator[Secret]]) -> None:
    """For a room that stands further right, in AppConfig.ready(): the secrets that it keeps sealed."""
    _further.append(secrets)


@dataclass(frozen=True, slots=True)
class Standing:
    """How many are under the key of today, under one of before, and the names of those that no key opens."""

    fresh: int
    old: int
    unreadable: tuple[str, ...]


def standing() -> Standing:
    fresh, old, unreadable = 0, 0, []
    for one in _all():
        try:
            if vault.is_old(one.sealed):
                old += 1
            else:
                fresh += 1
        except vault.Unreadable:
            unreadable.append(one.name)
    return Standing(fresh, old, tuple(dict.fromkeys(unreadable)))


def reseal() -> Iterator[int]:
    """Seal what is under a key of before with the one of today; gives how many of each batch. Unreadable ones stay."""
    batch: list[Secret] = []
    for one in _all():
        batch.append(one)
        if len(batch) == BATCH:
            yield _reseal(batch)
            batch = []
    if batch:
        yield _reseal(batch)


def _reseal(batch: list[Secret]) -> int:
    with transaction.atomic():
        return sum(_anew(one) for one in batch)


def _anew(one: Secret) -> bool:
    try:
        if not vault.is_old(one.sealed):
            return False
        secret = vault.seal(vault.unseal(one.sealed))
    except vault.Unreadable:
        return False
    if not one.field:
        rows = one.model._default_manager.filter(pk=one.pk, **{one.column: one.sealed})  # noqa: SLF001 - Django's own name
        return bool(rows.update(**{one.column: secret}))
    row = Authenticator.objects.select_for_update().filter(pk=one.pk).first()
    if row is None or row.data.get(one.field) != one.sealed.decode():
        return False
    row.data[one.field] = secret.decode()
    row.save(update_fields=["data"])
    return True


def _all() -> Iterator[Secret]:
    for box in Box.objects.exclude(secret=None).order_by("address").only("address", "secret").iterator(BATCH):
        if box.secret:
            yield Secret(Box, box.pk, f"ящик {box.address}", bytes(box.secret))
    for service in Provider.objects.order_by("pk").only("name", "secret").iterator(BATCH):
        yield Secret(Provider, service.pk, f"служба входа «{service.name}»", bytes(service.secret))
    rows = (
        Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN).select_related("user").order_by("pk")
    )
    for row in rows.iterator(BATCH):
        for field in _OF_FACTORS:
            if field in row.data:
                name = f"второй шаг входа {row.user.email}"
                yield Secret(Authenticator, row.pk, name, str(row.data[field]).encode(), field)
    for secrets in _further:
        yield from secrets()
