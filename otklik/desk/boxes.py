"""What the desk must know of the boxes that its answers leave by. Their room stands further right: no import."""

from dataclasses import dataclass
from typing import cast

from django.apps import apps
from django.utils.translation import gettext as _

from otklik.errors import Refusal


class BoxOnlyObserves(Refusal):
    code = "reply.observe"


class NoBox(Refusal):
    code = "reply.no_box"


@dataclass(frozen=True, slots=True)
class From:
    """An address of ours to write from."""

    pk: int
    address: str
    name: str
    team_id: int
    mode: str


def _rows(**only: object) -> list[From]:
    boxes = apps.get_model("channels", "Box").objects.filter(**only).order_by("address")
    fields = ("pk", "address", "name", "team_id", "mode")
    return [From(*cast("tuple[int, str, str, int, str]", row)) for row in boxes.values_list(*fields)]


def answering(team_ids: frozenset[int]) -> list[From]:
    """Boxes of these teams that may send, for the choice «От»."""
    return _rows(team_id__in=team_ids, mode="answer")


def refuse_if_silent(box_id: int | None) -> From:
    """The box, if it may send. Raises NoBox or BoxOnlyObserves."""
    found = _rows(pk=box_id) if box_id else []
    return speaking(found[0] if found else None)


def speaking(box: From | None) -> From:
    """This box, if there is one and it may send. Raises NoBox or BoxOnlyObserves."""
    if box is None:
        raise NoBox(
            _("У этого запроса нет ящика для ответа."),
            _("Выберите адрес в поле «От» или попросите администратора."),
        )
    if box.mode != "answer":
        raise BoxOnlyObserves(
            _("Ящик %(address)s пока только читает письма, ответов из него нет.") % {"address": box.address},
            _("Попросите администратора включить ответы: Настройки → Почта."),
        )
    return box
