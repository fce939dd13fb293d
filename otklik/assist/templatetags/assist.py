"""What the coach's pages say beyond the tags of all pages."""

from django import template

from otklik.assist import rules
from otklik.web import figures

register = template.Library()


@register.filter
def rulename(code: str) -> str:
    """What people call this rule."""
    return rules.name(code)


@register.filter
def decimal(value: float | None) -> str:
    """«1,5»; «—» where there is nothing to tell."""
    return "—" if value is None else figures.decimal(value)


@register.filter
def percent(value: float | None) -> str:
    """«64 %»; «—» where there is nothing to tell."""
    return "—" if value is None else f"{value:.0f}\N{NO-BREAK SPACE}%"
