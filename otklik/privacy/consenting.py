"""Consents of a client: noted by hand on the card, or by a form; taken back, never rewritten."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from otklik.accounts.models import User
from otklik.clients.models import Client, Consent
from otklik.errors import Refusal, Stale
from otklik.journal import journaling
from otklik.journal.journaling import Line


class Withdrawn(Stale):
    code = "consent.withdrawn"


class Nobody(Refusal):
    code = "consent.nobody"


@dataclass(frozen=True, slots=True)
class Said:
    """What was agreed to. purpose, door: of Consent; text: the very words; version: how the company calls them."""

    purpose: str
    text: str
    version: str
    door: str
    given_at: datetime


def note(client: Client, said: Said, *, by: User | None) -> Consent:
    """by=None: a form noted it itself. Raises Nobody for a client who was erased."""
    if client.erased_at:
        raise Nobody(
            _("Мы стёрли данные этого клиента: согласие записать не за кем."), _("Вернитесь к запросам.")
        )
    with transaction.atomic():
        consent = Consent.objects.create(
            client=client, purpose=said.purpose, text=said.text, version=said.version, door=said.door,
            given_at=said.given_at, noted_by=by,
        )  # fmt: skip
        _tell("consent.given", consent, by, said.given_at)
    return consent


def withdraw(consent: Consent, *, by: User | None, at: datetime) -> None:
    """Raises Withdrawn when somebody was quicker."""
    with transaction.atomic():
        rows = Consent.objects.filter(pk=consent.pk, withdrawn_at=None)
        if not rows.update(withdrawn_at=at, withdrawn_by=by):
            raise Withdrawn(_("Это согласие уже отозвали."), _("Обновите страницу."))
        _tell("consent.withdrawn", consent, by, at)


def _tell(word: str, consent: Consent, by: User | None, at: datetime) -> None:
    facts: dict[str, object] = {"client": consent.client_id, "consent": consent.pk}
    journaling.write(Line(None, word, at, by=by, facts=facts))
