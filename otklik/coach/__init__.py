"""The reply coach: says what in a reply of a service person would hurt the client, why, and how to say it better.

Pure: values in, findings out; no Django, no clock, no network. Nothing raises on any text.

    >>> from otklik import coach
    >>> [one.rule for one in coach.check(coach.Reply("НЕ ЗВОНИТЕ НАМ!!!", first=False))][:1]
    ['shouting']
"""

from otklik.coach.checking import CODES, check
from otklik.coach.reply import SEVERITY, Finding, House, Language, OwnWords, Promised, Reply
from otklik.coach.stopping import blocking

__all__ = [
    "CODES",
    "SEVERITY",
    "Finding",
    "House",
    "Language",
    "OwnWords",
    "Promised",
    "Reply",
    "blocking",
    "check",
]
