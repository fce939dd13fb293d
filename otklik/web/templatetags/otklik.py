"""What our templates say beyond Django's own tags."""

from datetime import date, datetime, timedelta, tzinfo
from functools import cache, lru_cache

from django import template
from django.template.context import Context
from django.template.defaultfilters import stringfilter
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from otklik import tracing
from otklik.russian import tidy
from otklik.russian.typography import NBSP
from otklik.web import clocks, dates, faces, figures, keeping
from otklik.web import inserts as added

register = template.Library()


@register.simple_tag
def icon(name: str, size: int = 20, label: str = "") -> SafeString:
    """A drawing of icons.svg. With a label it speaks, without one it is decoration. size: 14, 16 or 20."""
    return _drawn(name, size, label)


@lru_cache(maxsize=1000)
def _drawn(name: str, size: int, label: str) -> SafeString:
    spoken = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    shape = "icon" if size == 20 else f"icon icon--{size}"
    return format_html('<svg class="{}" {}><use href="{}#{}"/></svg>', shape, spoken, sprite(), name)


@cache
def sprite() -> str:
    return static("web/icons.svg")


@register.simple_tag(takes_context=True)
def kept(context: Context, template: str, **values: object) -> SafeString:
    """A part that shows these values and the language alone: drawn once for each set of them (keeping.py)."""
    return keeping.part(template, values, context.get("csrf_token", ""))


@register.simple_tag
def inserts(place: str) -> list[str]:
    """Templates that other rooms add to this place (inserts.py)."""
    return added.of(place)


@register.simple_tag
def trace() -> str:
    """What this request is called in the log; '' where it has no name."""
    return tracing.current()


@register.filter
def when(moment: datetime | None) -> str:
    """«сегодня, 14:30», «вчера, 9:05», «21 ноября, сб, 14:30»; '' for None."""
    return dates.when(moment, timezone.now(), _tz()) if moment else ""


@register.filter
def brief(moment: datetime | None) -> str:
    return dates.brief(moment, timezone.now(), _tz()) if moment else ""


@register.filter
def fulldate(moment: datetime | None) -> str:
    return dates.full(moment, _tz()) if moment else ""


@register.filter
def clocktime(moment: datetime | None) -> str:
    """«9:41» alone."""
    return dates.time(moment, _tz()) if moment else ""


@register.filter
def by(moment: datetime | None) -> str:
    """A due time as it is told: «сегодня до 18:00»."""
    return dates.by(moment, timezone.now(), _tz()) if moment else ""


@register.filter
def age(moment: datetime | None) -> str:
    return dates.age(moment, timezone.now()) if moment else ""


@register.filter
def sofar(moment: datetime | None) -> str:
    """How long since then: «3 ч 10 мин»."""
    return dates.span(max(timedelta(0), timezone.now() - moment)) if moment else ""


@register.filter
def span(length: timedelta) -> str:
    """«1 ч 50 мин»; 1 h 50 min."""
    return dates.span(length)


@register.filter
def dayname(value: date | None) -> str:
    """«сегодня», «21 ноября»; 21 November."""
    return dates.day_of_month(value, timezone.localdate()) if value else ""


@register.filter
def upto(count: int, many: int) -> str:
    """A figure that stops: «12», «1000+»."""
    return figures.number(count) if count <= many else f"{figures.number(many)}+"


@register.filter
def unlocalized(value: float) -> str:
    """For an attribute of a drawing: a point in every language."""
    return f"{value:.1f}"


@register.simple_tag
def clock(kind: str, due_at: datetime, since: datetime) -> clocks.Clock:
    """{% clock kind due_at since as it %}{% include "clock.html" with clock=it only %}"""
    return clocks.running(kind, due_at, since, now=timezone.now(), tz=_tz())


@register.filter
def numbered(number: int) -> str:
    """A request by its number: «№ 1001»; No. 1001."""
    return (_("№ %s") % number).replace(" ", NBSP)


@register.filter
def quoted(words: str) -> str:
    """In the quotes of the language: «слова», “words”."""
    return _("«%s»") % words


@register.filter
def size(bytes_: int) -> str:
    """«84 КБ», «1,5 МБ»; 1.5 MB."""
    if bytes_ < 1024:
        return f"{bytes_}{NBSP}{_('Б')}"
    if bytes_ < 2**20:
        return f"{round(bytes_ / 1024)}{NBSP}{_('КБ')}"
    return f"{figures.decimal(bytes_ / 2**20)}{NBSP}{_('МБ')}"


@register.filter(is_safe=True)
@stringfilter
def typography(text: str) -> str:
    """Non-breaking spaces in a text of ours; never on a client's words."""
    return tidy(text)


@register.filter
def initials(name: str) -> str:
    return faces.initials(name)


@register.filter
def tone(name: str) -> str:
    return faces.tone(name)


def _tz() -> tzinfo:
    return timezone.get_current_timezone()
