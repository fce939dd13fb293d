"""What a replay found out, in words and as a picture of before and after."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from otklik.desk.models import Ticket
from otklik.russian.typography import NBSP
from otklik.sla import levels_said, spans, wording
from otklik.sla.replay.models import Replay
from otklik.sla.replay.running import MOST
from otklik.sla.terms import KINDS, PRIORITIES, Kind
from otklik.web.figures import counted, decimal, number

FEW: Final = 100  # clocks judged: with fewer the words say so
NAMED: Final = 30  # requests that the page names
_FIT: Final = 0.1  # a queue that is off by more than this is no likeness
Found = Mapping[str, Any]  # replaying.Whole out of a JSON column


@dataclass(frozen=True, slots=True)
class Row:
    """One kind and priority. was, now, low, high: percent for the picture; look of the verdict: ok | bad | ''."""

    kind: str
    priority: str
    judged: str
    before: str
    after: str
    between: str
    change: str
    verdict: str
    look: str
    was: float
    now: float
    low: float
    high: float

    @property
    def span(self) -> float:
        return round(self.high - self.low, 2)

    @property
    def words(self) -> str:
        told = {"was": self.before, "now": self.after, "between": self.between}
        return _("было %(was)s, стало бы %(now)s, с разбросом %(between)s") % told


@dataclass(frozen=True, slots=True)
class Named:
    """A request that would have been judged otherwise."""

    number: int
    subject: str
    kind: str


@dataclass(frozen=True, slots=True)
class Told:
    """The page below the question. people: sentences on the queue, where answers were moved."""

    sentences: tuple[str, ...]
    rows: tuple[Row, ...]
    late: tuple[Named, ...]
    saved: tuple[Named, ...]
    more_late: str
    more_saved: str
    people: tuple[str, ...]


def percent_done(replay: Replay) -> int:
    return min(100 * replay.done // replay.total, 99) if replay.total else 0


def told(replay: Replay, teams: Collection[int] | None) -> Told | None:
    """None until it is done. teams: whose requests the reader may see now, None: all. One query."""
    found: Found | None = replay.result
    if found is None:
        return None
    rows = tuple(_row(one) for one in found["rows"])
    if _is_unlike(found):
        rows = tuple(replace(one, verdict=_("расчёт не сходится"), look="") for one in rows)
    known = _known([*found["late"], *found["saved"]], teams)
    late, saved = (_named(found[name], known) for name in ("late", "saved"))
    return Told(
        tuple(_sentences(found, rows)), rows, late, saved, _rest(found["late_count"], late),
        _rest(found["saved_count"], saved), tuple(_people(found)),
    )  # fmt: skip


def _row(one: Found) -> Row:
    before, after, change = one["before"], one["after"], one["change"]
    verdict, look = _verdict(one)
    name = PRIORITIES[one["priority"]]
    return Row(
        wording.kind_name(one["kind"]), str(wording.PRIORITY_NAMES[name]), number(int(after[0])),
        levels_said.share(before[2]) if before[0] else "—", levels_said.share(after[2]) if after[0] else "—",
        _("от %(low)s до %(high)s") % {"low": _points(after[3]), "high": levels_said.share(after[4])},
        _signed(change[0]), verdict, look, *(round(100 * n, 2) for n in (before[2], after[2], after[3], after[4])),
    )  # fmt: skip


def _verdict(one: Found) -> tuple[str, str]:
    """Sure where 95 % of the draws lie on one side."""
    _share, low, high = one["change"]
    if not one["before"][0] or not one["after"][0]:
        return _("не с чем сравнить"), ""
    if one["after"][0] < FEW:
        return _("мало данных"), ""
    if low > 0:
        return _("лучше"), "ok"
    if high < 0:
        return _("хуже"), "bad"
    return (_("так же") if one["change"][0] == 0 else _("в пределах разброса")), ""


def _points(share: float) -> str:
    return decimal(round(100 * share))


def _signed(change: float) -> str:
    """«+6,5 п. п.»"""
    points = round(100 * change, 1)
    sign = "+" if points > 0 else "−" if points < 0 else ""
    return _("%s п. п.") % f"{sign}{decimal(abs(points))}".replace(" ", NBSP)


def _sentences(found: Found, rows: Sequence[Row]) -> Iterator[str]:
    requests = int(found["requests"])
    yield counted(ngettext("Пересчитали %s запрос.", "Пересчитали %s запросов.", requests), requests)
    if found["taken"] >= MOST:
        yield _("Взяли самые новые: больше за один раз не считаем.")
    if _is_unlike(found):
        yield _(
            "Расчёт заметно расходится с тем, что было, поэтому по нему не решайте. Так бывает, когда люди работают "
            "по часам своего соглашения: очередь считает по часам компании."
        )
        return
    better = [one for one in rows if one.look == "ok"]
    worse = [one for one in rows if one.look == "bad"]
    yield from _best(
        better,
        _(
            "Заметнее всего стало бы лучше: %(kind)s, важность «%(priority)s»: было %(was)s, стало бы %(now)s."
        ),
    )
    yield from _best(
        worse,
        _("Заметнее всего стало бы хуже: %(kind)s, важность «%(priority)s»: было %(was)s, стало бы %(now)s."),
    )
    if not better and not worse:
        yield _("Уверенной разницы не видно: доли остались бы прежними или разошлись в пределах разброса.")
    yield _due(found["due"])


def _best(rows: Sequence[Row], words: str) -> Iterator[str]:
    if rows:
        most = max(rows, key=lambda one: abs(one.now - one.was))
        yield words % {
            "kind": most.kind.lower(), "priority": most.priority, "was": most.before, "now": most.after,
        }  # fmt: skip


def _due(due: Mapping[str, int]) -> str:
    moved = due["earlier"] + due["later"]
    if not moved:
        return _("Сроки остались бы на месте.")
    told = {
        "moved": number(moved), "all": number(due["all"]), "earlier": number(due["earlier"]),
        "later": number(due["later"]), "half": levels_said.about(due["median_s"]),
    }  # fmt: skip
    return (
        _(
            "Из %(all)s сроков сдвинулись бы %(moved)s: раньше %(earlier)s, позже %(later)s, обычно на %(half)s."
        )
        % told
    )


def _people(found: Found) -> Iterator[str]:
    """What the queue takes for true, and how near it comes to what was."""
    people = found.get("people")
    if not people:
        return
    told = {"now": decimal(people["now"]), "then": decimal(people["then"])}
    yield _("Людей в команде за неделю отвечало в среднем %(now)s, стало бы %(then)s.") % told
    yield _(
        "Сколько времени уходит на один ответ, никто не засекает. Берём верхнюю границу: рабочее время от слова "
        "клиента или от прошлого ответа этого же человека до его ответа, обычно %s. В нём сидят "
        "и звонки, и другие дела."
    ) % levels_said.about(max(people["median_s"], spans.MINUTE_S))
    yield _(
        "Дальше работает очередь команды: запросы приходят, когда пришли, первыми берут срочные, потом старые, берёт "
        "тот, кто освободился. Клиент пишет снова через столько же, сколько ждал тогда. «Было» в таблице — эта же "
        "очередь с прежними людьми."
    )
    yield from _fit(people["fit"])


def _fit(fit: Mapping[Kind, Sequence[float]]) -> Iterator[str]:
    told = [
        _("%(kind)s: на деле %(was)s, в расчёте %(now)s")
        % {
            "kind": wording.kind_name(kind).lower(), "was": levels_said.share(fit[kind][0]),
            "now": levels_said.share(fit[kind][1]),
        }
        for kind in _compared(fit)
    ]  # fmt: skip
    if told:
        yield _("Сверка с тем, что было: %s.") % "; ".join(told)


def _compared(fit: Mapping[Kind, Sequence[float]]) -> list[Kind]:
    return [kind for kind in KINDS if kind in fit and kind in ("response", "next_reply", "resolution")]


def _is_unlike(found: Found) -> bool:
    """Whether the queue, with the people that there were, makes something else of it than was: no likeness."""
    fit = found["people"]["fit"] if found.get("people") else {}
    return any(abs(fit[kind][0] - fit[kind][1]) > _FIT for kind in _compared(fit))


def _known(pairs: Sequence[Sequence[Any]], teams: Collection[int] | None) -> dict[int, tuple[int, str]]:
    """Id → number and subject of those that the reader may see."""
    rows = Ticket.objects.filter(pk__in=[pk for pk, _kind in pairs])
    if teams is not None:
        rows = rows.filter(team__in=teams)
    return {pk: (n, subject) for pk, n, subject in rows.values_list("pk", "number", "subject")}


def _named(pairs: Sequence[Sequence[Any]], known: Mapping[int, tuple[int, str]]) -> tuple[Named, ...]:
    seen = [(pk, kind) for pk, kind in pairs if pk in known][:NAMED]
    return tuple(Named(*known[pk], wording.kind_name(kind).lower()) for pk, kind in seen)


def _rest(count: int, shown: Sequence[Named]) -> str:
    if count <= len(shown):
        return ""
    return _("Всего их %(count)s, здесь самые новые из тех, что вам видны.") % {"count": number(count)}
