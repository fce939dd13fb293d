"""Around the lines of «Почему такой срок»: the clocks to choose from, the rule, the sum, the calendar."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from otklik.desk.models import Ticket
from otklik.sla import account_said, agreements, days_said, hours_said, spans, strip, wording
from otklik.sla.account import OPEN, Account
from otklik.sla.account_said import amount
from otklik.sla.course import Standing
from otklik.web import dates

_DEEDS: Final = {
    "response": gettext_lazy("Ответить"), "next_reply": gettext_lazy("Ответить"), "news": gettext_lazy("Новость"),
    "resolution": gettext_lazy("Решить"), "level": gettext_lazy("Команде"), "vendor": gettext_lazy("Поставщик"),
}  # fmt: skip
_PROMISED: Final = {
    "response": gettext_lazy("%(who)s обещает первый ответ за %(much)s"),
    "next_reply": gettext_lazy("%(who)s обещает следующий ответ за %(much)s"),
    "news": gettext_lazy("%(who)s обещает новость не позже чем через %(much)s"),
    "resolution": gettext_lazy("%(who)s обещает решение за %(much)s"),
    "level": gettext_lazy("%(who)s даёт команде «%(team)s» %(much)s"),
    "vendor": gettext_lazy("%(who)s ждёт ответа поставщика %(much)s"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the due times: what, when (or how it stands). key: «resolution-1», that opens its account."""

    what: str
    when: str
    key: str
    is_chosen: bool
    is_over: bool


def context(account: Account) -> dict[str, Any]:
    rows = account_said.rows(account)
    choices = [_choice(one, account) for one in account.clocks]
    return {
        "ticket": account.ticket, "choices": choices, "rows": rows,
        "past": [one for one in choices if one.is_over and not one.is_chosen],
        "rule": rule(account), "state": state(account), "told": " ".join(_told(account)),
        "sum": total(account), "notes": list(notes(account)),
        "strip": _strip(account), "text": text(account, rows), "news_moves": account.ticket.is_open,
    }  # fmt: skip


def _choice(one: Standing, account: Account) -> Choice:
    chosen = (one.kind, one.cycle) == (account.chosen.kind, account.chosen.cycle)
    what = str(_DEEDS[one.kind]) if one.state in OPEN else wording.kind_name(one.kind)
    return Choice(
        what,
        _when(one, account.now),
        f"{one.kind}-{one.cycle}",
        chosen,
        one.state not in OPEN,
    )


def _when(one: Standing, now: datetime) -> str:
    zone = timezone.get_current_timezone()
    if one.state == "paused":
        return _("на паузе")
    if one.state == "void":
        return _("не судим")
    if one.state == "done":
        return _("опоздали") if one.late else _("успели")
    return dates.when(one.due_at, now, zone) if one.due_at else ""


def rule(account: Account) -> str:
    """«Тариф «Бизнес» обещает решение за 3 рабочих дня по 8 ч.»"""
    version, chosen = account.version, account.chosen
    name = version.agreement.name
    who = (
        _("Тариф «%s»") if version.agreement_id in account.names.by_tariff else _("Соглашение «%s»")
    ) % name
    day_s = spans.usual_day(account.hours.to_dict())
    team = account.names.teams.get(chosen.team or 0, "")
    said = str(_PROMISED[chosen.kind]) % {
        "who": who,
        "much": spans.at_length(chosen.target_s, day_s),
        "team": team,
    }
    return "".join([said, _whole(chosen.target_s, day_s), _for_priority(account), "."])


def _whole(target_s: int, day_s: int) -> str:
    """Days are told in hours as well: the lines count in them."""
    is_days = target_s % day_s == 0 and day_s < spans.WHOLE_DAY_S
    return f" ({amount(target_s)})" if is_days else ""


def _for_priority(account: Account) -> str:
    terms, priority = agreements.terms(account.chosen.version), Ticket.Priority(account.priority)
    told = "" if priority == Ticket.Priority.NORMAL else _(", важность «%s»") % priority.label
    level = account.chosen.kind == "level"
    promised = None if level else terms.target(account.chosen.kind, priority)
    grace = promised is not None and account.chosen.target_s > promised
    return told + (_(", с запасом после того, как важность подняли") if grace else "")


def state(account: Account) -> str:
    """«Прошло 2 ч 33 мин, пауза 2 ч 50 мин, осталось 21 ч 27 мин.»"""
    done, left = _done(account)
    paused = sum(one.idle_s for one in account.lines)
    said = [_("Прошло %s") % amount(done)]
    if paused >= spans.MINUTE_S:
        said.append(_("пауза %s") % amount(paused))
    if account.chosen.ended_at is None:
        said.append(
            _("осталось %s") % amount(left * 60) if left >= 0 else _("опаздываем на %s") % amount(-left * 60)
        )
    elif left < 0:
        said.append(_("опоздание %s") % amount(-left * 60))
    return ", ".join(said) + "."


def _done(account: Account) -> tuple[int, int]:
    """What the lines behind us add up to, in seconds of whole minutes; minutes left, < 0 when late."""
    # what lies ahead has days off in it, which are "closed" as those behind us are
    behind = [one for one in account.lines if one.why not in ("ahead", "closed")]
    goal = account_said.whole_min(account.chosen.target_s, account)
    if not behind:
        return 0, goal
    done = account_said.whole_min((behind[-1].goal_s or 0) - behind[-1].left_s, account)
    return done * 60, goal - done


def total(account: Account) -> str:
    """The last line, to be checked by adding up: «2 ч 33 мин + впереди 21 ч 27 мин = 24 ч»."""
    done, left = _done(account)
    target = amount(60 * account_said.whole_min(account.chosen.target_s, account))
    if account.chosen.ended_at is not None or account.chosen.state == "paused":
        return _("%(done)s из %(target)s") % {"done": amount(done), "target": target}
    if left < 0:
        return _("%(target)s + сверх срока %(late)s = %(done)s") % {
            "target": target, "late": amount(-left * 60), "done": amount(done),
        }  # fmt: skip
    return _("%(done)s + впереди %(left)s = %(target)s") % {
        "done": amount(done), "left": amount(left * 60), "target": target,
    }  # fmt: skip


def notes(account: Account) -> Iterator[str]:
    """Whose calendar and terms these are, what the client was told, what is not sure yet."""
    version = account.version
    calendar, hours = version.agreement.calendar, account.lines[-1].hours
    zone = hours_said.zone({"tz": hours.rules.tz})
    yield _("Календарь «%(name)s»: %(hours)s. Время строк: %(zone)s.") % {
        "name": calendar.name, "hours": hours_said.brief(dict(hours.to_dict())), "zone": zone,
    }  # fmt: skip
    if version.effective_from > agreements.ALWAYS:
        day = dates.day_of_month(timezone.localdate(version.effective_from), account.now.date())
        yield _("Условия «%(name)s», версия %(n)s, с %(day)s.") % {
            "name": version.agreement.name, "n": version.number, "day": day,
        }  # fmt: skip
    else:
        yield _("Условия «%(name)s», версия %(n)s.") % {"name": version.agreement.name, "n": version.number}
    yield from _zone_note(account, hours.rules.tz)
    for year in sorted({one.until.astimezone(ZoneInfo(hours.rules.tz)).year for one in account.lines}):
        if days_said.is_preliminary(year, calendar.made_of):
            yield _("Праздники %s года пока предварительные: срок ещё может сдвинуться.") % year


def _zone_note(account: Account, tz: str) -> Iterator[str]:
    """For a reader whose clock shows another hour."""
    mine, due = timezone.get_current_timezone(), account.chosen.due_at
    if due and due.astimezone(mine).utcoffset() != due.astimezone(ZoneInfo(tz)).utcoffset():
        yield _("По вашим часам срок — %s.") % dates.when(due, account.now, mine)


def _told(account: Account) -> Iterator[str]:
    zone = timezone.get_current_timezone()
    if account.told_at and account.told_at != account.chosen.due_at:
        yield _("Клиенту мы назвали своё время: %s.") % dates.by(account.told_at, account.now, zone)
    if account.news and account.news.reason:
        yield _("Новость перенесли: %s.") % account.news.reason.rstrip(".")


def _strip(account: Account) -> dict[str, Any] | None:
    due = account.chosen.due_at
    found = strip.drawn(account.lines, now=account.now, due=due)
    if found is None:
        return None
    zone = ZoneInfo(account.lines[-1].hours.rules.tz)
    done, left = _done(account)
    label = _("Прошло %(done)s, впереди %(left)s") % {"done": amount(done), "left": amount(max(left, 0) * 60)}
    near = found.now is not None and found.due is not None and abs(found.due - found.now) < 110
    return {
        "beds": [(bed, account_said.short_day(bed.first, bed.last)) for bed in found.beds], "label": label,
        "now": found.now, "now_words": _("сейчас %s") % dates.time(account.now, zone),
        "due": found.due, "due_words": _("срок %s") % dates.time(due, zone) if due else "", "near": near,
        "due_ends": found.due is not None and found.due > strip.WIDTH - 90,
        "now_ends": found.now is not None and found.now > strip.WIDTH - 100,
    }  # fmt: skip


def text(account: Account, rows: list[account_said.Row]) -> str:
    """The same as plain text, for a letter or a colleague."""
    numbered = _("Запрос № %s") % account.ticket.number
    lines = [
        f"{numbered}: {_DEEDS[account.chosen.kind]} — {_when(account.chosen, account.now)}",
        rule(account),
    ]
    lines += ["\t".join(filter(None, [row.day, row.hours, row.words, row.counted, row.left])) for row in rows]
    return "\n".join([*lines, total(account), *notes(account)])
