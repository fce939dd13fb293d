"""Agreements are made, changed from a day on, ended, and given to those whom they cover (R-E1, R-E7).

What was agreed never changes: other terms are another version with its day and its note. Each deed writes the journal;
requests that it concerns are bound anew by the loop that reads it there (sla/covering.py).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from otklik.accounts.models import User
from otklik.clients.models import Client, Organisation, Tariff
from otklik.desk.models import Tag, Ticket
from otklik.errors import Refusal, Stale
from otklik.journal import journaling
from otklik.journal.journaling import Line
from otklik.sla import agreements
from otklik.sla.models import Agreement, AgreementVersion, Calendar, Cover
from otklik.sla.terms import PRIORITIES, Terms

HIGHEST_RANK: Final = 99
Covered = Client | Organisation | Tariff | Tag


class BadTier(Refusal):
    code = "agreement.bad"


class NameTaken(Refusal):
    code = "agreement.name_taken"


class Ended(Refusal):
    code = "agreement.ended"


class TooEarly(Refusal):
    code = "agreement.too_early"


class NothingChanged(Refusal):
    code = "agreement.nothing_changed"


class SomebodyElseChanged(Stale):
    code = "agreement.changed_meanwhile"


class CoveredElsewhere(Refusal):
    code = "agreement.covered_elsewhere"


class StaysForAll(Refusal):
    code = "agreement.stays_for_all"


@dataclass(frozen=True, slots=True)
class Tier:
    """rank: a higher one is quicker and dearer."""

    name: str
    rank: int
    calendar: Calendar


@dataclass(frozen=True, slots=True)
class Draft:
    """Terms to come. seen: the number of the last version that the author knew of, None for a new agreement."""

    terms: Terms
    effective_from: datetime
    note: str = ""
    seen: int | None = None


def make(tier: Tier, draft: Draft, *, by: User, at: datetime) -> Agreement:
    """A new agreement with its first terms. Raises BadTier, NameTaken, TooEarly."""
    name = _named(tier.name)
    _refuse_bad(tier.rank, draft.terms)
    _refuse_past(draft, at)
    try:
        with transaction.atomic():
            made = Agreement.objects.create(name=name, rank=tier.rank, calendar=tier.calendar)
            version = _add(made, 1, draft, by, at)
            _write("agreement.made", {"agreement": made.pk, "version": version.pk}, by, at)
    except IntegrityError as fault:
        raise _taken(name) from fault
    return made


def change(agreement: Agreement, draft: Draft, *, by: User, at: datetime) -> AgreementVersion:
    """Other terms from a moment on; what is bound already keeps its own. draft.seen must be the last version's.

    Raises Ended, TooEarly, NothingChanged, SomebodyElseChanged, BadTier.
    """
    _refuse_bad(agreement.rank, draft.terms)
    _refuse_past(draft, at)
    with transaction.atomic():
        locked = _locked(agreement)
        last = agreements.last_number(locked.pk)
        if draft.seen is not None and draft.seen != last:
            raise SomebodyElseChanged(
                _("Пока вы писали, кто-то сохранил версию %s этого соглашения.") % last,
                _("Откройте её и внесите свои изменения поверх."),
            )
        _refuse_same(locked, draft)
        if locked.is_default and draft.terms.until:
            raise StaysForAll(
                _("Это соглашение действует для всех, у кого нет другого: срока окончания у него не бывает."),
                _("Уберите дату «действует до»."),
            )
        version = _add(locked, last + 1, draft, by, at)
        _write("agreement.changed", {"agreement": locked.pk, "version": version.pk}, by, at)
    return version


def describe(agreement: Agreement, name: str, rank: int, *, by: User, at: datetime) -> None:
    """Another name or place among the tiers. Raises BadTier, NameTaken."""
    name = _named(name)
    _refuse_rank(rank)
    try:
        with transaction.atomic():
            locked = Agreement.objects.select_for_update().get(pk=agreement.pk)
            if (locked.name, locked.rank) == (name, rank):
                return
            facts: dict[str, object] = {"agreement": locked.pk, "from": [locked.name, locked.rank]}
            locked.name, locked.rank = name, rank
            locked.save(update_fields=["name", "rank"])
            _write("agreement.described", {**facts, "to": [name, rank]}, by, at)
    except IntegrityError as fault:
        raise _taken(name) from fault


def end(agreement: Agreement, *, by: User, at: datetime) -> None:
    """No new request gets it from now on; open ones go on by its terms. Raises StaysForAll, Ended."""
    with transaction.atomic():
        locked = _locked(agreement)
        if locked.is_default:
            raise StaysForAll(
                _("Это соглашение действует для всех, у кого нет другого: закончить его нельзя."),
                _("Поменяйте его условия с нужного дня."),
            )
        locked.ended_at = at
        locked.save(update_fields=["ended_at"])
        _write("agreement.ended", {"agreement": locked.pk}, by, at)


def copy(agreement: Agreement, name: str, *, by: User, at: datetime) -> Agreement:
    """The same terms under another name, one place higher, for nobody yet. Raises BadTier, NameTaken."""
    terms = agreements.terms(agreements.current(agreement.pk, at).pk)
    rank = min(agreement.rank + 1, HIGHEST_RANK)
    return make(Tier(name, rank, agreement.calendar), Draft(terms, effective_from=at), by=by, at=at)


def cover(
    agreement: Agreement, whom: Covered, priorities: Collection[int] = (), *, by: User, at: datetime
) -> Cover:
    """From now on it binds requests of these, of some priorities or (none given) of all.

    Raises Ended, BadTier, CoveredElsewhere.
    """
    wanted = sorted(set(priorities))
    if not set(wanted) <= set(Ticket.Priority.values):
        raise BadTier(_("Такой важности у запросов нет."), _("Выберите её из списка."))
    wanted = [] if len(wanted) == len(PRIORITIES) else wanted
    kind = _kind(whom)
    try:
        with transaction.atomic():
            locked = _locked(agreement)
            row = Cover.objects.create(agreement=locked, priorities=wanted, **{kind: whom})
            _write("agreement.covered", {"agreement": locked.pk, kind: whom.pk, "priorities": wanted}, by, at)
    except IntegrityError as fault:
        raise _covered(kind, whom, wanted) from fault
    return row


def uncover(cover: Cover, *, by: User, at: datetime) -> None:
    """Who it was may have another agreement from now on. Safe twice."""
    with transaction.atomic():
        if Cover.objects.filter(pk=cover.pk).delete()[0]:
            kind, pk = _whom(cover)
            facts: dict[str, object] = {"agreement": cover.agreement_id, kind: pk}
            _write("agreement.uncovered", facts, by, at)


def _named(name: str) -> str:
    name = " ".join(name.replace("\0", "").split())
    if not 1 <= len(name) <= 120:
        raise BadTier(_("Название — это от 1 до 120 знаков."), _("Напишите его иначе."))
    return name


def _refuse_rank(rank: int) -> None:
    if not 1 <= rank <= HIGHEST_RANK:
        raise BadTier(_("Ступень — это число от 1 до %s.") % HIGHEST_RANK, _("Напишите её иначе."))


def _refuse_bad(rank: int, terms: Terms) -> None:
    """Each priority must have its first answer: without one nobody is promised anything."""
    _refuse_rank(rank)
    without = [name for name in PRIORITIES if name not in terms.targets.get("response", {})]
    if without:
        raise BadTier(
            _("Вы обещаете первый ответ не для каждой важности запроса."),
            _("Впишите срок первого ответа в каждую."),
        )


def _refuse_past(draft: Draft, at: datetime) -> None:
    if draft.effective_from < at:
        raise TooEarly(
            _("Условия не могут начаться в прошлом: запросы уже судят по прежним."),
            _("Назначьте сегодняшний день или будущий."),
        )


def _refuse_same(agreement: Agreement, draft: Draft) -> None:
    before = agreements.in_force(agreement.pk, draft.effective_from)
    if before is not None and agreements.terms(before.pk) == draft.terms:
        raise NothingChanged(
            _("С этого дня и так действуют эти условия."), _("Поменяйте хотя бы одно поле или день.")
        )


def _locked(agreement: Agreement) -> Agreement:
    """Raises Ended."""
    locked = Agreement.objects.select_for_update().get(pk=agreement.pk)
    if locked.ended_at:
        raise Ended(
            _("Соглашение «%s» уже закончено.") % locked.name, _("Скопируйте его, чтобы начать новое.")
        )
    return locked


def _add(agreement: Agreement, number: int, draft: Draft, by: User, at: datetime) -> AgreementVersion:
    return AgreementVersion.objects.create(
        agreement=agreement, number=number, terms=draft.terms.to_dict(), effective_from=draft.effective_from,
        note=draft.note.replace("\0", "").strip()[:300], made_at=at, made_by=by,
    )  # fmt: skip


def _kind(whom: Covered) -> str:
    return {Client: "client", Organisation: "organisation", Tariff: "tariff", Tag: "tag"}[type(whom)]


def _whom(cover: Cover) -> tuple[str, int]:
    every = {kind: getattr(cover, f"{kind}_id") for kind in ("client", "organisation", "tariff", "tag")}
    return next((kind, pk) for kind, pk in every.items() if pk is not None)


def _covered(kind: str, whom: Covered, priorities: list[int]) -> Refusal:
    there = Cover.objects.filter(**{kind: whom}, priorities=priorities).select_related("agreement").first()
    name = there.agreement.name if there else "?"
    return CoveredElsewhere(
        _("«%(whom)s» уже в соглашении «%(name)s».") % {"whom": whom, "name": name},
        _("Сначала уберите там, потом добавьте здесь."),
    )


def _taken(name: str) -> Refusal:
    return NameTaken(_("Соглашение «%s» уже есть.") % name, _("Назовите это иначе."))


def _write(word: str, facts: dict[str, object], by: User, at: datetime) -> None:
    journaling.write(Line(None, word, at, by=by, facts=facts))
