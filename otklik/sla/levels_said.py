"""Figures of levels in words: the lines of their page, and what a screen reader says for the picture."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from otklik.sla import spans, wording
from otklik.sla.chances import FLOOR, Share, Span
from otklik.sla.levels import Figures, Level
from otklik.sla.terms import PRIORITIES
from otklik.sla.visits import END

_MINUTES, _HOURS, _DAYS = 60, 300, 1800  # to what times are rounded: below an hour, four hours, for longer
NEAR = 1.1  # times: two figures closer than this say the same
NONE = "—"
_DUST = 1e-9  # that folding leaves of a whole


@dataclass(frozen=True, slots=True)
class Line:
    """A priority in the table above. look: of its verdict, ok | warn | bad, '' where there is none.

    Plain counts of requests are told only who sees all of them (counts); others get None.
    """

    priority: str
    name: str
    promise: str
    chance: str
    between: str
    most: str
    naive: str
    requests: int | None
    verdict: str
    look: str


@dataclass(frozen=True, slots=True)
class Row:
    """A level under the picture."""

    level: int
    target: str
    visits: int | None
    here: int | None
    kept: str
    between: str
    half: str
    most: str
    most_between: str
    again: str
    leads: tuple[str, ...]
    part: str


def line(one: Figures, day_s: int, *, counts: bool = True) -> Line:
    name = PRIORITIES[one.priority]
    verdict, look = _verdict(one, counts=counts)
    return Line(
        name, str(wording.PRIORITY_NAMES[name]), spans.at_length(one.promise_s, day_s) if one.promise_s else NONE,
        share(one.chance.value) if one.chance else NONE, between(one.chance), longest(one.most),
        about(one.naive_s) if one.naive_s else NONE, one.requests if counts else None, verdict, look,
    )  # fmt: skip


def _verdict(one: Figures, *, counts: bool) -> tuple[str, str]:
    """Sure only where both estimates lie with their whole intervals on one side of what the agreement wants kept."""
    if not one.is_enough:
        return few(one.ended) if counts else _("мало данных"), ""
    if one.chance is None:
        return _("срок решения не обещаем"), ""
    side = _side(one.chance, one.aim)
    if side == 0 or side != _side(one.straight, one.aim):
        return _("пока неясно"), "warn"
    return (_("держим"), "ok") if side > 0 else (_("не держим"), "bad")


def _side(one: Share | None, aim: float) -> int:
    """1: surely so much or more, -1: surely less, 0: neither."""
    if one is None:
        return 0
    return int(one.low >= aim) - int(one.high < aim)


def few(ended: int) -> str:
    return ngettext("мало данных: решили %s запрос", "мало данных: решили %s запросов", ended) % ended


def sentences(one: Figures, day_s: int) -> list[str]:
    """What the picture shows, said in full: the chance, the sum that misleads, how sure we are."""
    return list(_sentences(one, day_s))


def _sentences(one: Figures, day_s: int) -> Iterator[str]:
    if not one.is_enough:
        yield _("Шанс посчитаем, когда решим %s запросов: по меньшему числу можно только гадать.") % FLOOR
        return
    if one.promise_s and one.chance:
        yield _(
            "Обещаем решить за %(promise)s. Успеваем в %(chance)s запросов (%(between)s), а держать хотим %(aim)s."
        ) % {
            "promise": spans.at_length(one.promise_s, day_s), "chance": share(one.chance.value),
            "between": between(one.chance), "aim": wording.percent(one.aim * 100),
        }  # fmt: skip
    else:
        yield _("Срок решения это соглашение не обещает, поэтому показываем только, сколько уходит времени.")
    if one.most and one.most.value:
        told = {"most": about(one.most.value), "between": span_between(one.most)}
        yield _("Девять запросов из десяти решаем за %(most)s (%(between)s).") % told
        yield from _sum(one.naive_s, one.most.value)
    if one.is_rough:
        yield _("Запросов пока немного, поэтому разброс широкий: верьте промежутку, а не одной цифре.")
    if one.straight and one.chance:
        yield from _other(one.chance, one.straight, one.aim)


def _other(chance: Share, straight: Share, aim: float) -> Iterator[str]:
    """The estimate by whole requests, where it says something else."""
    told = {"straight": share(straight.value), "between": between(straight)}
    if not straight.low <= chance.value <= straight.high:
        yield _("По целым запросам выходит другое: %(straight)s (%(between)s).") % told
        yield _("Похоже, долгие уровни идут у одних и тех же запросов.")
    elif _side(chance, aim) != _side(straight, aim):
        yield _("По целым запросам выходит %(straight)s (%(between)s), поэтому пока неясно.") % told


def _sum(naive_s: float | None, most_s: float) -> Iterator[str]:
    if naive_s is None or not most_s:
        return
    if naive_s > most_s * NEAR:
        words = _(
            "Сумма таких же времён по уровням, %s, пугает зря: через все уровни идут немногие, и редко кто долго "
            "ждёт на каждом."
        )
    elif naive_s * NEAR < most_s:
        words = _(
            "Сумма таких же времён по уровням, %s, успокаивает зря: запросы приходят назад и проходят один уровень "
            "по несколько раз."
        )
    else:
        words = _("Сумма таких же времён по уровням, %s, здесь почти не обманывает.")
    yield words % about(naive_s)


def rows(levels: Sequence[Level], day_s: int, *, counts: bool = True) -> list[Row]:
    return [_row(one, day_s, counts=counts) for one in levels]


def _row(one: Level, day_s: int, *, counts: bool) -> Row:
    few = few_visits(one.ended) if counts else _("мало данных")
    enough = one.ended >= FLOOR
    return Row(
        one.level, spans.at_length(one.target_s, day_s) if one.target_s else NONE,
        one.visits if counts else None, one.here if counts else None,
        share(one.kept.value) if one.kept else NONE, between(one.kept),
        longest(one.half) if enough else few, longest(one.most) if enough else "",
        span_between(one.most) if enough else "", share(one.again), tuple(_lead(*lead) for lead in one.leads),
        share(one.part) if one.part else NONE,
    )  # fmt: skip


def few_visits(ended: int) -> str:
    """At a level: how many have left it."""
    return ngettext("мало данных: %s запрос", "мало данных: %s запросов", ended) % ended


def _lead(to: int, part: float) -> str:
    if to == END:
        return _("решили %s") % share(part)
    return _("уровень %(level)s: %(share)s") % {"level": to, "share": share(part)}


def share(value: float) -> str:
    """«94 %»; near the whole with a decimal, so that «100 %» is said of all alone."""
    return wording.percent(_percents(value))


def _percents(value: float) -> float:
    return min(round(value * 100, 1), 99.9) if 0.985 < value < 1 - _DUST else round(value * 100)


def between(one: Share | None) -> str:
    """«от 90 до 97 %»."""
    if one is None:
        return ""
    return _("от %(low)s до %(high)s") % {"low": wording.decimal(_percents(one.low)), "high": share(one.high)}


def span_between(one: Span) -> str:
    """«от 5 ч до 9 ч»; «не меньше 5 ч» where we haven't seen the end of it."""
    if one.low is None:
        return ""
    if one.high is None:
        return _("не меньше %s") % about(one.low)
    return _("от %(low)s до %(high)s") % {"low": about(one.low), "high": about(one.high)}


def longest(one: Span | None) -> str:
    """«6 ч»; without an end: «дольше, чем мы видели»."""
    if one is None:
        return NONE
    return about(one.value) if one.value is not None else _("дольше, чем мы видели")


def about(seconds: float) -> str:
    """«45 мин», «2 ч 35 мин», «19 ч»: no finer than anybody means it."""
    grain = _MINUTES if seconds < spans.HOUR_S else _HOURS if seconds < 4 * spans.HOUR_S else _DAYS
    rounded = round(seconds / grain) * grain
    return spans.said(rounded, spans.WHOLE_DAY_S * 1000) if rounded else spans.tied(_("%s мин"), 0)


def tick(seconds: float) -> str:
    """Under the picture: «0», «30 мин», «12 ч»."""
    return about(seconds) if seconds else "0"
