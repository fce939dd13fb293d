"""The question of a replay in words: which requests, and what is supposed otherwise."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from otklik.desk.models import Tag, Ticket
from otklik.sla import spans, wording
from otklik.sla.models import Agreement, Calendar
from otklik.sla.replay import running
from otklik.sla.replay.choosing import Chosen
from otklik.sla.replay.models import Replay
from otklik.sla.replay.wishing import Wish
from otklik.staff.models import Team
from otklik.web.figures import counted

DAY_S = 8 * spans.HOUR_S


def lines(replay: Replay) -> list[tuple[str, str]]:
    """(what, how) of the page: the set of requests, then what is otherwise. At most four queries."""
    chosen, wish = running.question(replay)
    return [*_chosen(chosen), *_wish(wish)]


def brief(replay: Replay) -> str:
    """What is otherwise, in one line; no query but for a calendar's name."""
    _chosen, wish = running.question(replay)
    said = "; ".join(f"{what.lower()}: {how}" for what, how in _wish(wish))
    return said[:1].upper() + said[1:]


def _chosen(chosen: Chosen) -> Iterator[tuple[str, str]]:
    yield _("За сколько дней"), counted(ngettext("%s день", "%s дней", chosen.days), chosen.days)
    for what, model, pk in (
        (_("Соглашение"), Agreement, chosen.agreement), (_("Команда"), Team, chosen.team),
        (_("Метка"), Tag, chosen.tag),
    ):  # fmt: skip
        if pk is not None:
            yield what, str(model.objects.filter(pk=pk).first() or _("больше нет"))
    if chosen.priority is not None:
        yield _("Важность"), str(Ticket.Priority(chosen.priority).label)


def _wish(wish: Wish) -> Iterator[tuple[str, str]]:
    if wish.hours:
        yield _("Часы"), _hours(wish)
    for kind, targets in wish.targets.items():
        told = [
            f"{wording.PRIORITY_NAMES[name]}: {spans.said(targets[name], DAY_S)}"
            for name in wording.ORDER
            if name in targets
        ]
        yield wording.kind_name(kind), ", ".join(told)
    if wish.more:
        yield _("Людей в каждой команде"), people(wish.more)
    if wish.follow and wish.hours:
        yield _("Когда работают люди"), _("по этим же часам")


def people(more: int) -> str:
    """«на 2 человека больше»."""
    n = abs(more)
    words = (
        ngettext("на %s человека больше", "на %s человек больше", n)
        if more > 0
        else ngettext("на %s человека меньше", "на %s человек меньше", n)
    )
    return counted(words, n)


def _hours(wish: Wish) -> str:
    if wish.calendar is not None:
        return str(Calendar.objects.filter(pk=wish.calendar).first() or _("больше нет"))
    if wish.hours == "longer":
        return _("в рабочие дни с %(since)s до %(until)s") % {"since": wish.since, "until": wish.until}
    return _("круглосуточно") if wish.hours == "always" else _("то же и по субботам")
