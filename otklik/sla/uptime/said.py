"""What a period was counted on, in words: for its page now, and for a closed one for ever. Reads uptime/evidence.py."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from otklik.russian.typography import NBSP, grouped
from otklik.sla import money_words, penalty
from otklik.sla.penalty import Window
from otklik.sla.uptime.evidence import Evidence
from otklik.web import dates
from otklik.web.language import is_english

WHY: Final = {
    "outage": gettext_lazy("услуга не работала"),
    "late_notice": gettext_lazy("о работах предупредили слишком поздно"),
    "overrun": gettext_lazy("работы вышли за объявленное время"),
    "over_limit": gettext_lazy("работы заняли больше минут, чем обещали"),
    "agreed_down": gettext_lazy("соглашение считает плановые работы перерывом"),
    "announced": gettext_lazy("о работах предупредили вовремя"),
    "in_window": gettext_lazy("пришлось на плановые работы"),
    "counted": gettext_lazy("это время уже стоит в другой строке"),
    "excluded": gettext_lazy("перерывов с такой причиной соглашение не считает"),
    "untold": gettext_lazy("никто не сообщил, как того ждёт соглашение"),
    "before": gettext_lazy("раньше, чем начинает считать соглашение"),
    "workaround": gettext_lazy("клиент уже мог работать обходным путём"),
    "closed": gettext_lazy("в это время услуга и не должна была работать"),
}
HOW: Final = {
    "down": gettext_lazy("перерыв"), "planned": gettext_lazy("плановые работы"), "not": gettext_lazy("не считаем"),
}  # fmt: skip
PRICE_PLACES: Final = 4  # as the form of an agreement takes them
_LOOKS: Final = {"down": "bad", "planned": "info", "not": ""}
_OUTCOMES: Final = {
    "none": gettext_lazy("Скидки за это соглашение не даёт."),
    "kept": gettext_lazy("Обещание сдержали."),
    "owed": gettext_lazy("Клиент получает скидку."),
    "capped": gettext_lazy("Клиент получает самую большую скидку, какую даёт соглашение."),
    "mild": gettext_lazy("Обещание не сдержали. Скидки за такое отступление соглашение не даёт."),
    "short": gettext_lazy("Обещание не сдержали, но скидку соглашение даёт за более долгий перерыв."),
    "small": gettext_lazy("Сумма так мала, что соглашение её не даёт."),
    "unasked": gettext_lazy("Соглашение даёт скидку тому, кто о ней попросит. Клиент ещё не просил."),
    "lapsed": gettext_lazy("До срока никто не попросил о скидке."),
    "late": gettext_lazy("О скидке попросили позже срока."),
}
CHARGED: Final = {
    "fee": gettext_lazy("Плата по соглашению"), "request": gettext_lazy("Решённые запросы сверх платы"),
    "hour": gettext_lazy("Часы работы сверх платы"), "uptime": gettext_lazy("Скидка за перерывы"),
    "clocks": gettext_lazy("Скидка за опоздания в запросах"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the evidence. incident: its key, 0 where it is unknown."""

    incident: int
    name: str
    when: str
    much: str
    how: str
    look: str
    why: str


@dataclass(frozen=True, slots=True)
class Charged:
    """A line of the bill: what, for which days, how many, at what price, and the sum."""

    what: str
    days: str
    quantity: str
    price: str
    sum: str


@dataclass(frozen=True, slots=True)
class Told:
    """look: of the percent beside what was promised, ok, bad or ''."""

    percent: str
    promised: str
    look: str
    base: str
    planned: str
    down: str
    rows: tuple[Row, ...]
    credit: tuple[str, ...]
    bill: tuple[Charged, ...]
    total: str
    left: str
    terms: tuple[tuple[str, str], ...]


def told(found: Evidence) -> Told:
    much, terms = found["availability"], found["terms"]
    promised = terms["availability"].get("percent")
    is_below = (
        promised is not None and much["percent"] != "" and Decimal(much["percent"]) < Decimal(str(promised))
    )
    look = "" if promised is None or not much["percent"] else "bad" if is_below else "ok"
    return Told(
        f"{_comma(much['told'])}{NBSP}%" if much["told"] else "—",
        f"{_comma(f'{promised:g}')}{NBSP}%" if promised is not None else "", look,
        length(much["base_s"]), length(much["planned_s"]), length(much["down_s"]), tuple(_rows(found)),
        tuple(_credits(found)), tuple(_bill(found)), money(found["bill"]["total"]),
        money(found["bill"]["left"]) if Decimal(found["bill"]["left"]) else "", tuple(_terms(terms)),
    )  # fmt: skip


def length(seconds: str) -> str:
    """«43 200 мин», «1 мин 30 с», «0,5 с»: minutes, as agreements count; of a second parts where there is no minute."""
    whole = Decimal(seconds)
    minutes, rest = int(whole // 60), whole % 60
    if minutes:
        rest = rest.to_integral_value(ROUND_FLOOR)
    parts = [f"{grouped(minutes)}{NBSP}{_('мин')}"] if minutes or not rest else []
    if rest:
        parts.append(f"{_comma(f'{rest.normalize():f}')}{NBSP}{_('с')}")
    return " ".join(parts)


def money(value: str | Decimal, places: int = 2) -> str:
    """«12 500 ₽», «-1 200,50 ₽»: kopecks where there are some, half up. places: of more, as a price may have."""
    sum_ = Decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    whole, _point, part = f"{abs(sum_):f}".partition(".")
    part = part[:2] + part[2:].rstrip("0")
    text = grouped(int(whole)) + (_comma(f".{part}") if part.strip("0") else "") + f"{NBSP}₽"
    return f"−{text}" if sum_ < 0 else text


def window_name(window: Window) -> str:
    """«ноябрь 2026», «4-й квартал 2026», «весь 2026 год»."""
    year = window.first.year
    if window.kind == "year":
        return _("весь %s год") % year
    if window.kind == "quarter":
        return _("%(n)s-й квартал %(year)s") % {"n": (window.first.month + 2) // 3, "year": year}
    return f"{MONTHS[window.first.month - 1]} {year}"


def _rows(found: Evidence) -> Iterator[Row]:
    zone = ZoneInfo(found["zone"])
    for one in found["availability"]["lines"]:
        since, until = datetime.fromisoformat(one["since"]), datetime.fromisoformat(one["until"])
        known = found["incidents"].get(one["incident"], {})
        yield Row(
            int(one["incident"]), known.get("name", ""), stretch(since, until, zone), length(one["seconds"]),
            str(HOW[one["how"]]), _LOOKS[one["how"]], str(WHY[one["why"]]),
        )  # fmt: skip


def stretch(since: datetime, until: datetime, zone: ZoneInfo) -> str:
    """«10 ноября, 12:00–13:00», «10 ноября, 23:00 — 11 ноября, 1:30»; seconds where there are some."""
    first, last = since.astimezone(zone), until.astimezone(zone)
    today = timezone.now().astimezone(zone).date()
    begin = f"{dates.day_of_month(first.date(), today)}, {_clock(first)}"
    if first.date() == last.date():
        return f"{begin}–{_clock(last)}"
    return f"{begin}{NBSP}— {dates.day_of_month(last.date(), today)}, {_clock(last)}"


def _clock(moment: datetime) -> str:
    return f"{moment.hour}:{moment:%M}" + (f":{moment:%S}" if moment.second else "")


def _credits(found: Evidence) -> Iterator[str]:
    """Sentences: what is owed for outages and for late requests, and by which sum."""
    credit, clocks = found["credit"], found["clocks"]
    yield (
        _("Доступность.")
        + " "
        + _outcome(credit, _("Судить не по чему: услуга в эти дни и не должна работать."))
    )
    if credit["outcome"] in ("owed", "capped"):
        yield _sum(credit, found)
    if credit["deadline"] and credit["outcome"] == "unasked":
        moment = datetime.fromisoformat(credit["deadline"]).astimezone(ZoneInfo(found["zone"]))
        yield _("Попросить о скидке клиент может до %s.") % dates.full(moment, ZoneInfo(found["zone"]))
    if clocks["outcome"] == "none":
        return
    yield (
        _("Запросы.")
        + " "
        + _outcome(
            clocks, _("Сроков набралось меньше %s, они перейдут в следующий срок расчёта.") % clocks["sample"]
        )
    )
    if clocks["judged"]:
        share = _comma(penalty.Ratio(clocks["met"], clocks["judged"]).told())
        facts = {"met": clocks["met"], "judged": clocks["judged"], "share": f"{share}{NBSP}%"}
        yield _("Сдержали сроков: %(met)s из %(judged)s, это %(share)s.") % facts
    if clocks["outcome"] in ("owed", "capped"):
        yield _sum(clocks, found)


def _outcome(credit: dict[str, Any], unknown: str) -> str:
    return unknown if credit["outcome"] == "unknown" else str(_OUTCOMES[credit["outcome"]])


def _sum(credit: dict[str, Any], found: Evidence) -> str:
    """«10 % от 12 000 ₽ — 1200 ₽»."""
    rate, kind = Decimal(credit["rate"]), found["terms"]["credits"]["kind"]
    facts = {"base": money(credit["base"]), "sum": money(credit["sum"]), "hours": _decimal(credit["hours"])}
    if kind == "days" and credit is found["credit"]:
        days = ngettext("%s день", "%s дней", int(rate)) % _decimal(credit["rate"])
        return _("%(days)s из платы %(base)s: %(sum)s.") % {**facts, "days": days}
    return _("%(rate)s от %(base)s: %(sum)s.") % {**facts, "rate": f"{_decimal(credit['rate'])}{NBSP}%"}


def _bill(found: Evidence) -> Iterator[Charged]:
    for one in found["bill"]["lines"]:
        first, behind = date.fromisoformat(one["since"]), date.fromisoformat(one["until"])
        last = date.fromordinal(behind.toordinal() - 1)
        quantity = _decimal(one["quantity"])
        if Decimal(one["of"]) != 1:
            quantity = _("%(n)s из %(of)s дней") % {"n": quantity, "of": _decimal(one["of"])}
        yield Charged(
            str(CHARGED[one["what"]]), f"{first:%d.%m}–{last:%d.%m.%Y}", quantity,
            money(one["price"], PRICE_PLACES), money(one["sum"]),
        )  # fmt: skip


def _terms(terms: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """How it was counted: the rules that were in force."""
    how = terms["uptime"]
    yield _("Услуга должна работать"), str(money_words.SERVICE[how["service"]])
    yield _("Плановые работы"), str(money_words.PLANNED[how["planned"]])
    yield _("Перерыв начинается"), str(money_words.BEGINS[how["begins"]])
    yield _("Перерыв кончается"), str(money_words.ENDS["workaround" if how["workaround"] else "fixed"])
    if "notice_h" in terms["availability"]:
        hours = _decimal(f"{terms['availability']['notice_h']:g}")
        yield _("О плановых работах предупреждаем"), _("за %s ч") % hours
    if "planned_min" in terms["availability"]:
        yield _("Плановые работы, минут в месяц"), _decimal(f"{terms['availability']['planned_min']:g}")


def _decimal(text: str) -> str:
    """«5,583»: three places at most."""
    value = Decimal(text).quantize(Decimal("0.001"), ROUND_HALF_UP)
    return _comma(f"{value.normalize():f}")


def _comma(text: str) -> str:
    return text if is_english() else text.replace(".", ",")


MONTHS: Final = (
    gettext_lazy("январь"), gettext_lazy("февраль"), gettext_lazy("март"), gettext_lazy("апрель"),
    gettext_lazy("май"), gettext_lazy("июнь"), gettext_lazy("июль"), gettext_lazy("август"), gettext_lazy("сентябрь"),
    gettext_lazy("октябрь"), gettext_lazy("ноябрь"), gettext_lazy("декабрь"),
)  # fmt: skip
