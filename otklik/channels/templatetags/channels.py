"""What the pages of mailboxes say beyond the tags of all pages."""

import re

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from otklik.russian import tidy

register = template.Library()
_NAMED = re.compile("«[^»]+»|“[^”]+”")


@register.filter
def linked(step: str, url: str) -> SafeString:
    """A step of ours whose first «name» leads to this address; a step without one gets a link after it."""
    words = tidy(str(step))  # a preset's texts are lazy
    named = _NAMED.search(words)
    link = '{}<a class="link" href="{}" target="_blank" rel="noopener noreferrer">{}</a>{}'
    if not url:
        return escape(words)
    if named is None:
        return format_html(link, f"{words}: ", url, _("открыть страницу"), "")
    return format_html(link, words[: named.start()], url, named[0], words[named.end() :])


@register.filter
def has_name(step: str) -> bool:
    return _NAMED.search(str(step)) is not None
