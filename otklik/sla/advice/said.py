"""Advice in words: the sentence that a lead takes away, how sure we are, the trap, levels, people (R-E4)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from otklik.russian.typography import NBSP
from otklik.sla import chances, levels_said, spans, wording
from otklik.sla.advice import targets
from otklik.sla.advice.people import AWAY, Crew, Step
from otklik.sla.advice.splitting import Split
from otklik.sla.advice.subjects import What
from otklik.sla.advice.targets import Advice

OF: Final = {
    85: gettext_lazy("17 случаях из 20"), 90: gettext_lazy("9 случаях из 10"), 95: gettext_lazy("19 случаях из 20"),
}  # fmt: skip
SURE: Final = {
    85: gettext_lazy("в 17 из 20"), 90: gettext_lazy("в 9 из 10"), 95: gettext_lazy("в 19 из 20"),
}  # fmt: skip
WHATS: Final[dict[What, object]] = {
    "response": gettext_lazy("Первый ответ"), "resolution": gettext_lazy("Решение"),
}  # fmt: skip
_HARDLY: Final = 0.005  # share of requests that is told as hardly any
_FEW_OPEN: Final = 0.05  # of all cases
_STEP: Final = 100  # numbers of cases for those who don't see all requests


@dataclass(frozen=True, slots=True)
class Choice:
    """A line of the table: what if we promised this. mark: which of them it is, '' for none."""

    time: str
    kept: str
    between: str
    is_proposal: bool
    is_today: bool


@dataclass(frozen=True, slots=True)
class LevelRow:
    """between: where `most` lies by these data; few: '' where there are enough stays, else that there are few."""

    level: int
    target: str
    most: str
    between: str
    kept: str
    few: str


@dataclass(frozen=True, slots=True)
class StepRow:
    """in_time: '' with those who cannot keep up; look: bad | ok | ''."""

    people: int
    in_time: str
    offer: str
    occupancy: str
    hired: int
    look: str


def headline(advice: Advice, what: What, *, counts: bool) -> str:
    if advice.proposal_s is not None:
        told = {"time": promised(advice.proposal_s, advice.day_s), "of": OF[advice.share]}
        if what == "response":
            return _("Обещайте первый ответ за %(time)s: так бывает в %(of)s.") % told
        return _("Обещайте решение за %(time)s: так бывает в %(of)s.") % told
    if advice.is_enough:
        return _("Срок не советуем: самые долгие запросы ещё в работе, и конца мы не видели.")
    if not counts:
        return _("Мало данных: срок советуем, когда есть %s готовых случаев.") % chances.SURE
    if not advice.ended:
        return _("Мало данных: срок советуем по %s случаям, а готовых пока нет.") % chances.SURE
    have = ngettext("готов только %s случай", "готовы только %s случаев", advice.ended) % advice.ended
    return _("Мало данных: срок советуем по %(enough)s случаям, а у нас %(have)s.") % {
        "enough": chances.SURE, "have": have,
    }  # fmt: skip


def promised(seconds: int, day_s: int) -> str:
    """After «за»: «2 рабочих часа», «3 рабочих дня», «30 рабочих минут»; round the clock without «рабочих»."""
    whole = day_s >= spans.WHOLE_DAY_S
    if seconds % day_s == 0:
        n = seconds // day_s
        words = (
            ngettext("%s день", "%s дней", n) if whole else ngettext("%s рабочий день", "%s рабочих дней", n)
        )
    elif seconds % spans.HOUR_S == 0:
        n = seconds // spans.HOUR_S
        words = (
            ngettext("%s час", "%s часов", n) if whole else ngettext("%s рабочий час", "%s рабочих часов", n)
        )
    else:
        n = round(seconds / spans.MINUTE_S)
        words = (
            ngettext("%s минуту", "%s минут", n)
            if whole
            else ngettext("%s рабочую минуту", "%s рабочих минут", n)
        )
    return (words % n).replace(" ", NBSP)


def sentences(advice: Advice, what: What, *, counts: bool) -> list[str]:
    """How sure it is, what today's target would have kept, what the ended ones alone would say."""
    return [*_sureness(advice), *_today(advice), *_trap(advice), *_open(advice, what, counts=counts)]


def _sureness(advice: Advice) -> Iterator[str]:
    bound = advice.bound
    if advice.proposal_s is not None and bound.value is not None:
        yield _(
            "По этим данным %(of)s укладываются в %(most)s; настоящая цифра лежит в промежутке %(between)s. "
            "Берём верхний край и округляем до срока, который говорят люди."
        ) % {
            "of": _of(advice.share), "most": levels_said.about(bound.value),
            "between": levels_said.span_between(bound),
        }  # fmt: skip
    elif advice.ended and bound.low is not None:
        told = {"of": _of(advice.share), "most": levels_said.span_between(bound)}
        yield _("Пока видно так: %(of)s — это %(most)s.") % told
    elif advice.ended:
        yield _("За сколько мы успеваем %s, пока не видно: самые долгие ещё в работе.") % _of(advice.share)


def _of(share: int) -> str:
    return {85: _("17 случаев из 20"), 90: _("9 случаев из 10"), 95: _("19 случаев из 20")}[share]


def _today(advice: Advice) -> Iterator[str]:
    if not advice.today_s:
        yield _("Сейчас это соглашение такого срока не обещает.")
    elif advice.kept is not None and advice.ended >= chances.FLOOR:
        yield _("Сейчас соглашение обещает %(time)s: за это время успели бы в %(kept)s случаев (%(between)s).") % {
            "time": spans.at_length(advice.today_s, advice.day_s), "kept": levels_said.share(advice.kept.value),
            "between": levels_said.between(advice.kept),
        }  # fmt: skip


def _trap(advice: Advice) -> Iterator[str]:
    naive, bound = advice.naive_s, advice.bound
    if naive is None or advice.ended < chances.FLOOR:
        return
    told = levels_said.about(naive)
    if bound.value is None or naive * levels_said.NEAR < bound.value:
        yield (
            _(
                "Ловушка: если смотреть только на готовые случаи, выйдет %s. Так считать нельзя: самые долгие ещё в "
                "работе и в этот счёт не попали."
            )
            % told
        )
    elif advice.cases - advice.ended <= advice.cases * _FEW_OPEN:
        yield (
            _("Если смотреть только на готовые случаи, выйдет %s: открытых мало, и ловушки здесь нет.") % told
        )
    else:
        yield (
            _(
                "Если смотреть только на готовые случаи, выйдет %s, почти столько же: открытые здесь молодые и почти "
                "ничего не меняют."
            )
            % told
        )


def _open(advice: Advice, what: What, *, counts: bool) -> Iterator[str]:
    open_now = advice.cases - advice.ended
    if not open_now:
        return
    if not counts:
        yield _("Открытые запросы тоже в счёте: каждый столько, сколько он уже длится.")
    elif what == "response":
        yield (
            ngettext(
                "%s запрос мы закончили или ведём без ответа: он в счёте столько, сколько длилось ожидание.",
                "%s запросов мы закончили или ведём без ответа: они в счёте столько, сколько длилось ожидание.",
                open_now,
            )
            % open_now
        )
    else:
        yield (
            ngettext(
                "%s запрос ещё в работе: он в счёте столько, сколько уже длится.",
                "%s запросов ещё в работе: они в счёте столько, сколько уже длятся.",
                open_now,
            )
            % open_now
        )


def basis(advice: Advice, population: int, drawn: int, *, counts: bool) -> str:
    """How many cases, out of how many requests. drawn: those that we read; some of them may tell no time."""
    if not counts:
        hundreds = advice.cases // _STEP * _STEP
        return (
            _("не меньше %s случаев за полгода") % hundreds
            if hundreds
            else _("меньше %s случаев за полгода") % _STEP
        )
    cases = ngettext("%s случай", "%s случаев", advice.cases) % advice.cases
    if population > drawn:
        return _("%(cases)s за полгода, по жребию из %(all)s запросов") % {"cases": cases, "all": population}
    if drawn > advice.cases:
        told = {"cases": cases, "silent": drawn - advice.cases}
        return _("%(cases)s за полгода (запросов, по которым считать нечего: %(silent)s)") % told
    return _("%s за полгода") % cases


def choices(advice: Advice) -> list[Choice]:
    """The table under the picture."""
    return [
        Choice(
            spans.at_length(seconds, advice.day_s), levels_said.share(kept.value), levels_said.between(kept),
            is_proposal=seconds == advice.proposal_s, is_today=seconds == advice.today_s,
        )
        for seconds, kept in targets.choices(advice)
    ]  # fmt: skip


def level_rows(split: Split | None, day_s: int) -> list[LevelRow]:
    """[] where one level does it all: its time is that of the promise."""
    if split is None or len(split.parts) < 2:
        return []
    return [
        LevelRow(
            one.level, spans.at_length(one.target_s, day_s), levels_said.longest(one.most),
            levels_said.span_between(one.most), levels_said.share(one.kept.value),
            _("мало данных") if one.ended < chances.SURE else "",
        )
        for one in split.parts
    ]  # fmt: skip


def sums(split: Split | None, day_s: int) -> list[str]:
    """Whether the levels' times together keep the promise: by folding, and why a sum says something else."""
    if split is None or len(split.parts) < 2:
        return []
    told = {
        "of": SURE[split.share], "kept": levels_said.share(split.kept.value),
        "between": levels_said.between(split.kept), "promise": spans.at_length(split.promise_s, day_s),
        "sum": levels_said.about(split.sum_s), "all": levels_said.share(split.through_all),
    }  # fmt: skip
    found = [_fit(split) % told]
    if split.sum_s > split.promise_s and split.through_all < _HARDLY:
        found.append(
            _(
                "Сроки уровней в сумме — %(sum)s, больше обещанного. Это не ошибка: через все уровни почти никто не "
                "идёт."
            )
            % told
        )
    elif split.sum_s > split.promise_s:
        found.append(
            _(
                "Сроки уровней в сумме — %(sum)s, больше обещанного. Это не ошибка: через все уровни идут %(all)s "
                "запросов."
            )
            % told
        )
    else:
        found.append(_("Сроки уровней в сумме — %(sum)s, это в пределах обещанного.") % told)
    if any(one.kept.value < split.share / 100 for one in split.parts):
        found.append(
            _(
                "Где сегодня успевают реже, чем %(of)s, уровню придётся работать быстрее: его срок короче его привычки."
            )
            % told
        )
    return found


def _fit(split: Split) -> str:
    if split.fits:
        return _(
            "Если каждый уровень уложится в свой срок %(of)s случаев, вместе за %(promise)s успеем в %(kept)s запросов "
            "(%(between)s)."
        )
    return _(
        "Даже если каждый уровень уложится в свой срок %(of)s случаев, вместе за %(promise)s успеем только в %(kept)s "
        "запросов (%(between)s). Обещайте больше времени."
    )


def step_rows(crew: Crew | None, day_s: int) -> list[StepRow]:
    return [_step(one, day_s) for one in crew.steps] if crew else []


def _step(one: Step, day_s: int) -> StepRow:
    look = "ok" if one.is_enough else "" if one.served.keeps_up else "bad"
    return StepRow(
        one.people, levels_said.share(one.served.in_time) if one.served.keeps_up else "",
        spans.at_length(one.offer_s, day_s) if one.offer_s else levels_said.NONE,
        levels_said.share(one.served.occupancy), one.hired, look,
    )  # fmt: skip


def crew(one: Crew | None, share: int, day_s: int, *, counts: bool) -> list[str]:
    """What is counted with and the next step; what we take for granted. counts: of the whole desk, for who sees it."""
    if one is None:
        return []
    told = [*(_load(one) if counts else []), *_enough(one, share, day_s)]
    granted = _(
        "Принимаем, что письма идут ровно, свободный берёт то, что ждёт дольше всех, а на отпуска, болезни и перерывы "
        "уходит %s времени."
    ) % levels_said.share(AWAY)
    return [" ".join(told), granted] if told else [granted]


def _load(one: Crew) -> Iterator[str]:
    told = {
        "requests": wording.decimal(round(one.load.per_hour / (one.answers or 1), 1)),
        "answers": wording.decimal(round(one.answers, 1)),
        "minutes": wording.decimal(round(one.load.handling_s / spans.MINUTE_S, 1)), "from": one.hour,
        "to": ((one.hour or 0) + 1) % 24,
    }  # fmt: skip
    if one.hour is not None:
        yield _("Самый людный час — с %(from)s до %(to)s: запросов %(requests)s.") % told
    else:
        yield _("За рабочий час, вместе с ночными письмами, приходит запросов: %(requests)s.") % told
    yield _("На каждый мы пишем ответов: %(answers)s; на ответ уходит минут: %(minutes)s.") % told


def _enough(one: Crew, share: int, day_s: int) -> Iterator[str]:
    enough = next((step for step in one.steps if step.is_enough), None)
    after = next((step for step in one.steps if enough and step.people == enough.people + 1), None)
    if enough:
        yield (
            ngettext(
                "Чтобы держать этот срок, за письмами нужен %s человек.",
                "Чтобы держать этот срок, за письмами нужно %s человек одновременно.",
                enough.people,
            )
            % enough.people
        )
    if enough and after and after.offer_s and enough.offer_s and after.offer_s < enough.offer_s:
        yield _("Следующий шаг: с ещё одним человеком можно обещать %(time)s %(of)s случаев.") % {
            "time": spans.at_length(after.offer_s, day_s), "of": SURE[share],
        }  # fmt: skip
    elif enough and after:
        yield _("Ещё один человек срока почти не меняет: письма и так почти не ждут.")
