"""The style of a team: each change is a new version, an old one comes back as a new one (R-B13)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from otklik.accounts.models import User
from otklik.accounts.rights import Right
from otklik.assist.models import Style
from otklik.coach import OwnWords
from otklik.errors import NotAllowed, Stale
from otklik.journal import journaling
from otklik.journal.journaling import Line
from otklik.staff import queries as staff
from otklik.staff.models import Team

WORD = "style.changed"


class SomebodyChanged(Stale):
    code = "style.changed_meanwhile"


class NoSuchVersion(Stale):
    code = "style.no_such_version"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a version says. off: codes of rules."""

    off: frozenset[str] = frozenset()
    words: tuple[OwnWords, ...] = ()
    apologise: str = Style.Apologise.FAULT


def current(team: Team) -> Style | None:
    """None where the team has never changed the usual style. Uses style_version_once."""
    return Style.objects.filter(team=team).order_by("-version").first()


def wanted(style: Style | None) -> Wanted:
    if style is None:
        return Wanted()
    words = tuple(OwnWords(one["say"], tuple(one["instead"]), one["reason"]) for one in style.words)
    return Wanted(frozenset(style.off), words, style.apologise)


def change(team: Team, to: Wanted, *, seen: int | None = None, by: User, at: datetime) -> Style | None:
    """The next version; None when it says the same. seen: the version that was on the page (0: none).

    Raises SomebodyChanged, NotAllowed.
    """
    refuse_strangers(team, by)
    with transaction.atomic():
        return _add(team, to, seen=seen, by=by, at=at)


def switch_off(team: Team, rule: str, *, by: User, at: datetime) -> None:
    """One rule, from a finding or from the page of figures. Raises NotAllowed."""
    refuse_strangers(team, by)
    with transaction.atomic():
        Team.objects.select_for_update().get(pk=team.pk)
        now = wanted(current(team))
        _add(team, replace(now, off=now.off | {rule}), seen=None, by=by, at=at)


def restore(team: Team, version: int, *, by: User, at: datetime) -> Style | None:
    """Bring an old version back, as a new one. Raises NoSuchVersion, NotAllowed."""
    refuse_strangers(team, by)
    with transaction.atomic():
        old = Style.objects.filter(team=team, version=version).first()
        if old is None and version:
            raise NoSuchVersion(_("Такой версии стиля нет."), _("Обновите страницу и выберите другую."))
        return _add(team, wanted(old), seen=None, by=by, at=at, restores=version)


def refuse_strangers(team: Team, by: User) -> None:
    """Raises NotAllowed."""
    if not by.may(Right.LEAD) or team.pk not in staff.team_ids(by):
        raise NotAllowed(
            _("Стиль команды меняет её руководитель."),
            _("Попросите его или отключите правило только для себя."),
        )


def _add(
    team: Team, to: Wanted, *, seen: int | None, by: User, at: datetime, restores: int | None = None
) -> Style | None:
    Team.objects.select_for_update().get(pk=team.pk)
    last = current(team)
    number = last.version if last else 0
    if seen is not None and seen != number:
        raise SomebodyChanged(
            _("Стиль уже сменил кто-то другой."),
            _("Обновите страницу: там уже новая версия."),
        )
    if to == wanted(last):
        return None
    words = [{"say": one.say, "instead": list(one.instead), "reason": one.reason} for one in to.words]
    style = Style.objects.create(
        team=team, version=number + 1, off=sorted(to.off), words=words, apologise=to.apologise, made_by=by,
        made_at=at, restores=restores,
    )  # fmt: skip
    facts: dict[str, object] = {"team": team.pk, "version": style.version}
    journaling.write(Line(None, WORD, at, teams=(team.pk,), by=by, facts=facts))
    return style


@dataclass(frozen=True, slots=True)
class Change:
    """One version beside the one before it: what was switched, which words came and went."""

    style: Style
    switched_off: Sequence[str]
    switched_on: Sequence[str]
    added: Sequence[str]
    removed: Sequence[str]
    apologises_anew: bool


def history(team: Team, most: int = 50) -> list[Change]:
    """The newest first. One query."""
    rows = list(Style.objects.filter(team=team).select_related("made_by").order_by("-version")[: most + 1])
    before = [*rows[1:], None] if rows else []
    return [_change(one, old) for one, old in zip(rows, before, strict=True)][:most]


def _change(style: Style, before: Style | None) -> Change:
    new, old = wanted(style), wanted(before)
    said = {one.say: one for one in new.words}
    was = {one.say: one for one in old.words}
    return Change(
        style,
        switched_off=sorted(new.off - old.off),
        switched_on=sorted(old.off - new.off),
        added=[say for say, one in said.items() if was.get(say) != one],
        removed=[say for say in was if say not in said],
        apologises_anew=new.apologise != old.apologise,
    )
