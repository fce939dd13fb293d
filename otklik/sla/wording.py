"""The terms of an agreement in words: for its page, the preview of a change, the card, the client, the print (R-E2).

One list of lines for all of them, so that no two of them say different things.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Final, TypeAlias

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from otklik.desk.models import Ticket
from otklik.russian.typography import NBSP, grouped
from otklik.sla import money_words, spans
from otklik.sla.models import Clock
from otklik.sla.terms import KINDS, LEVELS, PRIORITIES, TARGETED, WORDS, Kind, Targets, Terms
from otklik.web.language import is_english

PRIORITY_NAMES: Final = {name: Ticket.Priority(place).label for place, name in enumerate(PRIORITIES)}
ORDER: Final = PRIORITIES[::-1]  # as people read them: the most urgent first
Times: TypeAlias = list[tuple[str, str]]
REASON_NAMES: Final = {"client": gettext_lazy("ждём клиента"), "vendor": gettext_lazy("ждём поставщика")}
PERIODS: Final = {
    "month": gettext_lazy("в месяц"), "quarter": gettext_lazy("в квартал"), "year": gettext_lazy("в год"),
}  # fmt: skip
WORD_NAMES: Final = {
    "use": gettext_lazy("Как пользоваться поддержкой"), "ours": gettext_lazy("За что отвечаем мы"),
    "theirs": gettext_lazy("За что отвечает клиент"), "control": gettext_lazy("Кто следит за сроками"),
    "report": gettext_lazy("Что стоит в отчёте о сбое"), "recovery": gettext_lazy("Как восстанавливаем работу"),
    "demands": gettext_lazy("Как быть с новыми задачами"),
}  # fmt: skip
AVAILABILITY_NAMES: Final = {
    "percent": gettext_lazy("Доступность, % времени"),
    "planned_min": gettext_lazy("Плановые работы, минут в месяц"),
    "notice_h": gettext_lazy("О плановых работах предупреждаем за, часов"),
    "recovery_min": gettext_lazy("Восстановим работу за, минут"),
    "restore_point_min": gettext_lazy("Потеряем данных не больше чем за, минут"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """One term: what, and how much of it."""

    key: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Changed:
    """was or becomes '' where it was not promised, or is not any more."""

    label: str
    was: str
    becomes: str


def kind_name(kind: Kind) -> str:
    """«Первый ответ»."""
    name = str(Clock.Kind(kind).label)
    return name[:1].upper() + name[1:]


@lru_cache(maxsize=1)
def usual_words() -> Mapping[str, str]:
    """Good words of R-E1 to begin with, in Russian: the agreement is read by clients."""
    file = resources.files("otklik.sla") / "data" / "agreement_words.json"
    found = json.loads(file.read_text(encoding="utf-8"))
    return {name: str(found[name]) for name in WORDS}


def said(terms: Terms, day_s: int) -> list[Said]:
    """All terms, each a line; times by working days of this length."""
    return [*_times(terms, day_s), *rest(terms, day_s)]


def changes(before: Terms, after: Terms, day_s: int) -> list[Changed]:
    """What a new version changes, in the order in which it is read."""
    was = {one.key: one for one in said(before, day_s)}
    becomes = {one.key: one for one in said(after, day_s)}
    keys = [*becomes, *(key for key in was if key not in becomes)]
    return [
        Changed((becomes.get(key) or was[key]).label, _value(was.get(key)), _value(becomes.get(key)))
        for key in keys
        if _value(was.get(key)) != _value(becomes.get(key))
    ]


def targets(terms: Terms, day_s: int) -> list[tuple[str, Times]]:
    """A table: what is promised, and (priority, its time) in ORDER; «—» where nothing is."""
    rows = [(kind, kind_name(kind), terms.targets.get(kind, {})) for kind in TARGETED]
    return [(name, _by_priority(one, day_s)) for _kind, name, one in rows if one]


def levels(terms: Terms, day_s: int) -> list[tuple[str, Times]]:
    """The same by the levels of support."""
    every = [(level, terms.levels.get(level, {})) for level in LEVELS]
    return [(_("Уровень %s") % level, _by_priority(one, day_s)) for level, one in every if one]


def rest(terms: Terms, day_s: int) -> list[Said]:
    """All that stands in no table of times."""
    return [*_rules(terms, day_s), *_service(terms), *_money(terms), *_text(terms)]


def heads() -> list[str]:
    """Above the tables of times."""
    return [str(PRIORITY_NAMES[name]) for name in ORDER]


def warnings(terms: Terms) -> list[str]:
    """What is allowed and yet looks like a slip."""
    found = []
    for name in PRIORITIES:
        whole = terms.targets.get("resolution", {}).get(name)
        split = sum(one.get(name, 0) for one in terms.levels.values())
        if whole and split > whole:
            found.append(
                _(
                    "Уровни вместе получают больше времени, чем мы обещаем на решение: %s. Если через все уровни "
                    "идут немногие, это не ошибка."
                )
                % PRIORITY_NAMES[name]
            )
        news, response = (terms.targets.get(kind, {}).get(name) for kind in ("news", "response"))
        if news and response and news < response:
            found.append(_("Новость мы обещаем раньше первого ответа: %s.") % PRIORITY_NAMES[name])
    of_fee = terms.penalties or (terms.credits and terms.credits.base != "sum")
    if of_fee and not (terms.payment.get("fee") or terms.payment.get("unit")):
        found.append(_("Скидки считаем от платы, а плата не указана."))
    if terms.credits and terms.credits.kind != "ladder" and "percent" not in terms.availability:
        found.append(_("Скидка за перерывы есть, а доступность вы не обещаете: скидку даст любой перерыв."))
    return found


def decimal(value: float) -> str:
    """«99,95»: as many digits as it has."""
    text = f"{value:.4f}".rstrip("0").rstrip(".")
    return text if is_english() else text.replace(".", ",")


def percent(value: float) -> str:
    """«99,95 %»."""
    return f"{decimal(value)}{NBSP}%"


def money(value: float) -> str:
    """«12 500 ₽»."""
    whole, part = divmod(round(value * 100), 100)
    return grouped(whole) + (f",{part:02d}" if part else "") + f"{NBSP}₽"


def _value(one: Said | None) -> str:
    return one.value if one else ""


def _by_priority(one: Targets, day_s: int) -> Times:
    return [
        (str(PRIORITY_NAMES[name]), spans.said(one[name], day_s) if name in one else "—") for name in ORDER
    ]


def _times(terms: Terms, day_s: int) -> Iterator[Said]:
    named: list[tuple[str, str, Targets]] = [
        (kind, kind_name(kind), terms.targets.get(kind, {})) for kind in TARGETED
    ]
    named += [(f"level{level}", _("Уровень %s") % level, one) for level, one in sorted(terms.levels.items())]
    for key, label, one in named:
        for name in PRIORITIES:
            if name in one:
                title = _("%(what)s, важность %(priority)s") % {
                    "what": label,
                    "priority": PRIORITY_NAMES[name],
                }
                yield Said(f"{key}-{name}", title, spans.at_length(one[name], day_s))


def _rules(terms: Terms, day_s: int) -> Iterator[Said]:
    for kind in KINDS:
        reasons = [str(words) for name, words in REASON_NAMES.items() if name in terms.pauses.get(kind, ())]
        if reasons:
            yield Said(f"pause-{kind}", _("Не считаем: %s") % kind_name(kind).lower(), ", ".join(reasons))
    for level, times in sorted(terms.handovers.items()):
        for name in (one for one in PRIORITIES if one in times):
            facts = {"level": level, "priority": PRIORITY_NAMES[name]}
            label = _("Новость после передачи на уровень %(level)s, важность %(priority)s") % facts
            yield Said(f"moved{level}-{name}", label, spans.at_length(times[name], day_s))
    if terms.warn_at:
        shares = ", ".join(percent(share) for share in terms.warn_at)
        yield Said("warn", _("Предупреждаем своих, когда прошло"), shares)
    if terms.urgent:
        names = [str(PRIORITY_NAMES[name]) for name in PRIORITIES if name in terms.urgent]
        yield Said("urgent", _("Предупреждаем и ночью, если важность"), ", ".join(names))
    if terms.grace_s:
        yield Said("grace", _("Запас, если важность подняли"), spans.at_length(terms.grace_s, day_s))
    days = terms.reopen_days
    yield Said(
        "reopen",
        _("Клиент может вернуть решённый запрос"),
        spans.tied(ngettext("%s день", "%s дней", days), days),
    )
    if terms.margin:
        yield Said("margin", _("Запас в том, что слышит клиент"), percent(terms.margin))
    kept = _("%(share)s, если сроков за месяц не меньше %(n)s")
    yield Said("share", _("Сдерживаем сроков"), kept % {"share": percent(terms.share), "n": terms.sample})


def _service(terms: Terms) -> Iterator[Said]:
    for name, label in AVAILABILITY_NAMES.items():
        if name in terms.availability:
            yield Said(name, str(label), decimal(terms.availability[name]))
    yield from counting(terms)


def counting(terms: Terms) -> Iterator[Said]:
    """How availability is counted, where a percent of it is promised or worth something."""
    how = terms.uptime
    if "percent" not in terms.availability and not terms.credits:
        return
    yield Said("window", _("Доступность считаем"), str(money_words.WINDOWS[how.window]))
    yield Said("service", _("Услуга должна работать"), str(money_words.SERVICE[how.service]))
    yield Said("planned", _("Плановые работы"), str(money_words.PLANNED[how.planned]))
    yield Said("begins", _("Перерыв начинается"), str(money_words.BEGINS[how.begins]))
    yield Said("ends", _("Перерыв кончается"), str(money_words.ENDS[money_words.end_of(how)]))
    if how.excluded:
        causes = [str(words) for name, words in money_words.CAUSES.items() if name in how.excluded]
        yield Said("except", _("Не считаем перерыв, если причина"), ", ".join(causes))


def _money(terms: Terms) -> Iterator[Said]:
    for below, credit in terms.penalties:
        yield Said(
            f"penalty-{below:g}", _("Скидка, если сдержали меньше %s") % percent(below), percent(credit)
        )
    if terms.penalties:
        yield Said("cap", _("Скидка за месяц не больше"), percent(terms.cap))
    yield from credits_said(terms)
    if terms.payment.get("fee"):
        per = PERIODS[terms.payment.get("per", "month")]
        yield Said("fee", _("Плата"), f"{money(terms.payment['fee'])} {per}")
    if terms.payment.get("unit"):
        by = money_words.UNITS[terms.payment.get("by", "request")]
        yield Said("unit", _("За единицу сверх платы"), f"{money(terms.payment['unit'])} {by}")
    if terms.payment.get("included"):
        yield Said("included", _("Входит в плату, единиц"), decimal(terms.payment["included"]))
    if terms.until:
        yield Said("until", _("Действует до"), f"{terms.until:%d.%m.%Y}")


def credits_said(terms: Terms) -> Iterator[Said]:
    """What an agreement gives back when its services stood."""
    agreed = terms.credits
    if not agreed:
        return
    if agreed.kind == "ladder":
        for below, credit in agreed.steps:
            label = _("Скидка, если доступность ниже %s") % percent(below)
            yield Said(f"credit-{below:g}", label, percent(credit))
    else:
        label, value = money_words.rate(agreed)
        yield Said("credit-rate", label, value)
    if agreed.kind in ("per_hour", "days"):
        yield Said("credit-hours", _("Часы перерыва"), str(money_words.ROUNDINGS[agreed.rounding]))
    base = str(money_words.BASES[agreed.base])
    yield Said("credit-base", _("От чего скидка"), money(agreed.sum) if agreed.base == "sum" else base)
    yield Said("credit-cap", _("Скидка за перерывы не больше"), percent(agreed.cap))
    if agreed.least:
        yield Said("credit-least", _("Скидку даём, если она больше"), money(agreed.least))
    if claim := money_words.claim(agreed, terms.uptime.window):
        yield Said("credit-claim", _("Попросить о скидке можно"), claim)


def _text(terms: Terms) -> Iterator[Said]:
    for name, label in WORD_NAMES.items():
        if terms.words.get(name):
            yield Said(f"words-{name}", str(label), terms.words[name])
