"""Proposals in words: what was taken before beside what history says now, and what waits for somebody (R-E4)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from otklik.sla import spans, wording
from otklik.sla.advice import proposing
from otklik.sla.models import Proposal
from otklik.sla.terms import PRIORITIES

_NEAR: Final = 1.25  # an upper end within this of the former one is the same


@dataclass(frozen=True, slots=True)
class Line:
    """One proposal in the list of agreements. address: where it is written in, or looked at anew."""

    words: str
    address: str
    is_due: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What comes out now. share: percent that is to be in time; agreement: its id, by whose hours it was counted."""

    share: int
    agreement: int
    bound_s: float | None
    proposed_s: int | None
    day_s: int


def compared(former: Proposal | None, found: Outcome, now: datetime) -> list[str]:
    """former: what was taken up last for the same."""
    return list(_compared(former, found, now)) if former else []


def _compared(former: Proposal, found: Outcome, now: datetime) -> Iterator[str]:
    time = spans.at_length(former.taken_s or former.proposed_s, found.day_s)
    told = {
        "day": _day(former.taken_at or former.at), "time": time,
        "who": _who(former), "bound": spans.said(max(round(former.bound_s / 60), 1) * 60, spans.WHOLE_DAY_S * 1000),
        "agreement": former.version.agreement.name if former.version else "",
    }  # fmt: skip
    if former.version:
        yield _("%(day)s мы взяли %(time)s в «%(agreement)s» (%(who)s): верхний край был %(bound)s.") % told
    else:
        yield (
            _(
                "%(day)s мы предложили %(time)s (%(who)s): верхний край был %(bound)s. В соглашение срок пока не вошёл."
            )
            % told
        )
    if found.bound_s is None or found.proposed_s is None:
        return
    yield _change(former, found)
    if former.taken_at and former.taken_at <= now - 2 * proposing.PERIOD:
        yield _("С тех пор прошло два квартала: решите заново.")


def _change(former: Proposal, found: Outcome) -> str:
    """Two ends are compared only where as many were to be in time, by the hours of the same agreement."""
    whose = former.version.agreement_id if former.version else former.agreement_id
    if (former.share, whose) != (found.share, found.agreement):
        return _(
            "Тогда мы считали с другой уверенностью или по часам другого соглашения, поэтому не сравниваем."
        )
    bound_s = found.bound_s or 0
    if bound_s > former.bound_s * _NEAR:
        return _(
            "Теперь выходит дольше: прежний срок стал смелее, чем мы работаем. Меняйте его открыто, с новой датой."
        )
    if bound_s * _NEAR < former.bound_s:
        return _("Теперь выходит быстрее: можно обещать меньше времени. Само ничего не поменяется.")
    return _("Теперь выходит почти столько же.")


def waiting(now: datetime) -> list[Line]:
    """For who keeps agreements: proposals that no terms have taken, and those that it is time to look at again."""
    return [*(_waiting(one) for one in proposing.waiting()), *(_due(one) for one in proposing.due(now))]


def written_in(one: Proposal) -> str:
    """Above the form of the terms."""
    return _("Вписали предложение: %s. Проверьте и сохраните, иначе ничего не изменится.") % _what(one)


def _waiting(one: Proposal) -> Line:
    words = _("%(who)s, %(day)s: %(what)s.") % {"who": _who(one), "day": _day(one.at), "what": _what(one)}
    base = reverse("sla:terms", args=[one.agreement_id]) if one.agreement_id else reverse("sla:new")
    return Line(words, f"{base}?proposal={one.pk}", is_due=False)


def _due(one: Proposal) -> Line:
    told = {"what": _what(one), "day": _day(one.taken_at or one.at)}
    asked = {"what": one.kind, "tag": one.tag_id or "", "priority": one.priority, "share": one.share}
    if one.version:
        asked["agreement"] = one.version.agreement_id
    query = urlencode({name: value for name, value in asked.items() if value != ""})
    return Line(
        _("Пора решить заново: %(what)s, взяли %(day)s.") % told,
        f"{reverse('sla:advice')}?{query}",
        is_due=True,
    )


def _what(one: Proposal) -> str:
    """«первый ответ, важность обычная, услуга «Хостинг»: 2 ч»."""
    agreement = one.version.agreement if one.version else one.agreement
    day_s = spans.usual_day(agreement.calendar.spec) if agreement else spans.WHOLE_DAY_S * 1000
    told = {
        "kind": one.get_kind_display(), "priority": wording.PRIORITY_NAMES[PRIORITIES[one.priority]],
        "tag": one.tag, "time": spans.at_length(one.taken_s or one.proposed_s, day_s),
    }  # fmt: skip
    if one.tag_id:
        return _("%(kind)s, важность %(priority)s, услуга «%(tag)s»: %(time)s") % told
    return _("%(kind)s, важность %(priority)s: %(time)s") % told


def _who(one: Proposal) -> str:
    user = one.taken_by or one.by
    return user.name if user else _("сотрудник, которого уже нет")


def _day(at: datetime) -> str:
    return f"{timezone.localtime(at):%d.%m.%Y}"
