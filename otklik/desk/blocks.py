"""The talk as HTML. By f-strings, as the rows of the list: twenty messages by templates took five milliseconds."""

from collections.abc import Sequence
from datetime import datetime, tzinfo
from html import escape  # Django's looks first whether a text is lazy: none is here

from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from otklik.desk import oddities
from otklik.desk.meetings import Meeting
from otklik.desk.threads import Attached
from otklik.desk.timeline import Block, Happenings, Item
from otklik.web import dates, faces
from otklik.web.templatetags.otklik import size, sprite

FRAME = "allow-same-origin allow-popups allow-popups-to-escape-sandbox"  # no scripts: views_files.letter()


def render(items: Sequence[Item]) -> SafeString:
    """Every word of people is escaped here; `Block.text` and `Block.quote` are safe already (words.py)."""
    pen = _Pen()
    return mark_safe("".join(pen.item(one) for one in items))  # noqa: S308 - see the line above


class _Pen:
    """What all blocks of one page share: the moment, the zone, the drawings."""

    def __init__(self) -> None:
        self.tz: tzinfo = timezone.get_current_timezone()
        self.now: datetime = timezone.now().astimezone(self.tz)
        self.shapes = sprite()
        self.said = dates.voice()

    def item(self, item: Item) -> str:
        if isinstance(item, Happenings):
            return self._line(item)
        at = self._time(item.at)
        return self._folded(item, at) if item.folded else self._block(item, f' id="{item.id}"', at)

    def _line(self, item: Happenings) -> str:
        lines = "".join(f"<li>{self._time(at, '')} {escape(words)}</li>" for words, at in item.lines)
        return (
            f'<details class="events" id="{item.id}"><summary class="fold fold--line small">{self._icon("right")}'
            f'<span data-cut>{escape(item.short)}</span></summary><ul class="events__all">{lines}</ul></details>'
        )

    def _folded(self, block: Block, at: str) -> str:
        return (
            f'<details class="older" id="{block.id}"><summary class="fold fold--line">{self._icon("right")}'
            f"<b>{escape(block.author)}</b><span data-cut>{escape(block.line)}</span>{at}</summary>"
            f"{self._block(block, '', at)}</details>"
        )

    def _block(self, block: Block, name: str, at: str) -> str:
        face = f"avatar avatar--{faces.tone(block.author)}"
        return (
            f'<article class="msg msg--{block.look}"{name} aria-label="{escape(block.label)}">'
            f'<span class="{face}" aria-hidden="true">{escape(faces.initials(block.author))}</span>'
            f'<header class="msg__head"><b>{escape(block.author)}</b>{self._mark(block)}{self._via(block)}'
            f"{at}</header>{self._people(block)}"
            f'<div class="msg__text">{block.text}</div>{self._pictures(block.pictures)}'
            f"{self._meeting(block.meeting)}{self._under(block)}{self._odd(block)}{self._trouble(block)}</article>"
        )

    def _mark(self, block: Block) -> str:
        return (
            f'<span class="msg__lock">{self._icon("lock")}{escape(block.mark)}</span>' if block.mark else ""
        )

    def _via(self, block: Block) -> str:
        if not block.via:
            return ""
        fate = f" · {escape(block.sending.words)}" if block.sending else ""
        return f'<span class="msg__meta msg__via">{escape(block.via)}{fate}</span>'

    def _people(self, block: Block) -> str:
        return f'<p class="msg__people small">{_("Кому:")} {escape(block.people)}</p>' if block.people else ""

    def _pictures(self, pictures: Sequence[Attached]) -> str:
        shown = "".join(
            f'<a href="/desk/files/{one.pk}/picture/" target="_blank" rel="noopener">'
            f'<img src="/desk/files/{one.pk}/picture/" alt="{escape(one.name)}" loading="lazy"></a>'
            for one in pictures
        )
        return f'<div class="msg__pictures">{shown}</div>' if shown else ""

    def _meeting(self, meeting: Meeting | None) -> str:
        if meeting is None:
            return ""
        facts = ((_("Когда"), meeting.when), (_("Где"), meeting.where), (_("Зовёт"), meeting.who))
        lines = "".join(f"<dt>{name}</dt><dd>{escape(said)}</dd>" for name, said in facts if said)
        return (
            f'<section class="meeting" aria-label="{escape(meeting.title)}">{self._icon("promise", 16)}<div>'
            f'<p class="meeting__title">{escape(meeting.title)}</p><b>{escape(meeting.what)}</b>'
            f'<dl class="meeting__facts">{lines}</dl></div></section>'
        )

    def _under(self, block: Block) -> str:
        chips = [
            f'<a class="fold" href="/desk/files/{one.pk}/" download>{self._icon("attach")}'
            f"<span>{escape(one.name)} · {size(one.size_bytes)}</span></a>"
            for one in block.files
        ]
        if block.quote is not None:
            chips.append(
                f'<details class="quote"><summary class="fold">{self._icon("right")}{block.quote_words}</summary>'
                f'<div class="quote__text">{block.quote}</div></details>'
            )
        if block.has_html:
            chips.append(self._letter(block))
        return f'<div class="msg__under">{"".join(chips)}</div>' if chips else ""

    def _letter(self, block: Block) -> str:
        url = f"/desk/letters/{block.pk}/"
        title = escape(_("Письмо, как его оформил отправитель: %s") % block.author)
        return (
            f'<details class="quote"><summary class="fold">{self._icon("eye")}{_("Как в письме")}</summary>'
            f'<div class="letter" data-behaviour="letter"><iframe src="{url}" sandbox="{FRAME}" loading="lazy" '
            f'title="{title}"></iframe><a class="button button--small" href="{url}?pictures=1" target="_blank" '
            f'rel="noopener" data-pictures>{self._icon("image")}{_("Показать картинки")}</a></div></details>'
        )

    def _odd(self, block: Block) -> str:
        return "".join(
            f'<p class="msg__odd small">{self._icon("warning")}<span>{escape(one)}</span></p>'
            for one in oddities.said(block.odd)
        )

    def _trouble(self, block: Block) -> str:
        if block.sending is None or not block.sending.trouble:
            return ""
        # the outbox says it with what to do; without it the plain words stand
        told = "".join(one.html for one in block.parts) or "".join(
            f"<p>{self._icon('warning', 16)}<span>{escape(one)}</span></p>" for one in block.sending.lines
        )
        return f'<div class="msg__trouble">{told}</div>'

    def _time(self, at: datetime, look: str = ' class="msg__meta"') -> str:
        title = self.said.full(at, self.tz)
        return f'<time{look} title="{title}">{self.said.when(at, self.now, self.tz)}</time>'

    def _icon(self, name: str, px: int = 14) -> str:
        return f'<svg class="icon icon--{px}" aria-hidden="true"><use href="{self.shapes}#{name}"/></svg>'
