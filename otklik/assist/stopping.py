"""What stops a sending: an unfilled place, a bare refusal, an insult. Nothing else does, and a person may insist."""

from otklik.assist import checking, grounds
from otklik.coach import House
from otklik.desk.stopping import Stop

_USUAL = House()


def eye(text: str, number: int | None) -> list[Stop]:
    """The database is asked only where something is found: a team may have switched that rule off."""
    found = checking.blocking(text, _USUAL)
    if not found:
        return []
    off = grounds.house_of_request(number).off if number else frozenset()
    return [
        Stop(one.rule, " ".join(text[one.start : one.end].split())[:120], one.reason)
        for one in found
        if one.rule not in off
    ]
