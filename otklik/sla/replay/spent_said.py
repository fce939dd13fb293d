"""Where the time went in words and pictures: a bar for all, one for each team and month, and a table of the same."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from otklik.russian.typography import NBSP
from otklik.sla import levels_said, spans
from otklik.sla.replay.spending import SLICES, Bar, Figures, Line, Slice
from otklik.staff.models import Team
from otklik.web.figures import counted

_NAMES: Final = {
    "shelf": gettext_lazy("у ответственного, но без движения"), "queue": gettext_lazy("без ответственного"),
    "client": gettext_lazy("ждём клиента"), "vendor": gettext_lazy("ждём поставщика или коллег"),
    "night": gettext_lazy("нерабочее время"),
}  # fmt: skip
_LEAST: Final = 0.05  # percent of a bar: what is narrower can't be seen
_TENS: Final = 10  # requests that have a tenth part
_HEAVY: Final = 0.3  # of all time with the longest tenth: from there on the sum speaks of them


@dataclass(frozen=True, slots=True)
class Piece:
    """One colour of a bar: percent of its width."""

    key: str
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Row:
    """A slice in the table of all."""

    key: str
    name: str
    share: str
    total: str
    half: str
    cases: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A bar with its name and the same in words; cells: shares in the order of the heads."""

    name: str
    requests: int
    total: str
    pieces: tuple[Piece, ...]
    words: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """The page. heads: (key, name) of the slices that there are, in the order in which they are drawn."""

    is_any: bool
    sentences: tuple[str, ...]
    heads: tuple[tuple[str, str], ...]
    whole: Shown | None
    rows: tuple[Row, ...]
    teams: tuple[Shown, ...]
    months: tuple[Shown, ...]


def told(figures: Figures) -> Told:
    """One query for the names of teams."""
    there = [line for line in figures.lines if line.total_s]
    heads = [line.slice for line in there]
    whole = Bar(None, figures.requests, {line.slice: line.total_s for line in there})
    keys = [bar.key for bar in figures.teams if isinstance(bar.key, int)]
    names: dict[object, str] = dict(Team.objects.filter(pk__in=keys).values_list("pk", "name"))
    other = _("другие команды")
    return Told(
        is_any=bool(there), sentences=tuple(_sentences(figures, there)),
        heads=tuple((key(one), name(one)) for one in heads),
        whole=_shown(whole, _("все запросы"), heads) if there else None,
        rows=tuple(_row(line, figures.requests) for line in there),
        teams=tuple(_shown(bar, names.get(bar.key, other), heads) for bar in figures.teams),
        months=tuple(_shown(bar, _month(bar.key), heads) for bar in figures.months),
    )  # fmt: skip


def key(one: Slice) -> str:
    return f"work-{one.level}" if one.where == "work" else one.where


def name(one: Slice) -> str:
    if one.where == "work":
        return _("в работе, уровень %s") % one.level
    return str(_NAMES[one.where])


def pieces(seconds: Mapping[Slice, int]) -> Iterator[Piece]:
    """From left to right, together the whole width."""
    total, x = sum(seconds.values()), 0.0
    for one in SLICES:
        width = 100 * seconds.get(one, 0) / total if total else 0.0
        if width >= _LEAST:
            yield Piece(key(one), round(x, 2), round(width, 2))
        x += width


def _sentences(figures: Figures, lines: Sequence[Line]) -> Iterator[str]:
    if not lines:
        return
    counts = ngettext("Посчитали %s запрос: от первого слова клиента до решения или до этой минуты.",
                      "Посчитали %s запросов: от первого слова клиента до решения или до этой минуты.",
                      figures.requests)  # fmt: skip
    yield counted(counts, figures.requests)
    if figures.found > figures.drawn:
        yield _("Всего таких запросов %s, эти выбрал жребий.") % counted("%s ", figures.found).strip()
    if figures.drawn > figures.requests:
        yield _("Запросов, по которым считать нечего: %s.") % (figures.drawn - figures.requests)
    most = max(lines, key=lambda one: one.total_s)
    yield _("Больше всего времени уходит сюда: %(where)s, %(share)s.") % {
        "where": name(most.slice), "share": levels_said.share(most.share),
    }  # fmt: skip
    half = {"half": lasted(figures.half_s)}
    yield _("Половина запросов живёт не дольше, чем %(half)s, считая ночи и выходные.") % half
    if figures.requests >= _TENS and figures.longest >= _HEAVY:
        yield _(
            "Десятая часть самых долгих запросов забирает %s всего времени. Доли говорят больше о них, а обычный "
            "запрос виден по медиане."
        ) % levels_said.share(figures.longest)


def _row(line: Line, requests: int) -> Row:
    return Row(
        key(line.slice), name(line.slice), levels_said.share(line.share), lasted(line.total_s),
        lasted(line.half_s), levels_said.share(line.cases / requests),
    )  # fmt: skip


def _shown(bar: Bar, called: str, heads: Sequence[Slice]) -> Shown:
    total = bar.total_s or 1
    shares = {one: levels_said.share(bar.seconds.get(one, 0) / total) for one in heads}
    words = ", ".join(f"{name(one)} {share}" for one, share in shares.items() if bar.seconds.get(one))
    return Shown(
        called, bar.requests, lasted(bar.total_s), tuple(pieces(bar.seconds)), words, tuple(shares.values())
    )


def _month(value: int | date | None) -> str:
    """«ноябрь 2026»."""
    if not isinstance(value, date):
        return ""
    return f"{str(MONTHS[value.month]).lower()}{NBSP}{value.year}"


def lasted(seconds: int) -> str:
    """«45 мин», «19 ч», «12 дней»: calendar time, no finer than anybody means it."""
    if seconds < 2 * spans.WHOLE_DAY_S:
        return levels_said.about(seconds)
    days = round(seconds / spans.WHOLE_DAY_S)
    return counted(ngettext("%s день", "%s дней", days), days)
