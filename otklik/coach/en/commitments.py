"""Where a thought commits our side to a deed: «I'll …», «our electrician, Dave, will …», «I'm sending it today»."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from otklik.coach.en import doers, grammar, passive
from otklik.coach.en.due import names_a_time
from otklik.coach.en.grammar import at, listed, past_adverbs
from otklik.coach.en.segments import Segment
from otklik.coach.reading import Reading, Word

_FILE = "en_promise"
_GOING = frozenset({"am", "is", "are", "'m", "'s", "'re"})
_SHORT = {"'ll": 3, "'m": 2, "'re": 3, "'s": 2}
_SUBORDINATE = frozenset({"once", "when", "after", "until", "till"})
Words = tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Deed:
    """begin: the place of the verb in the segment; who: «I», «we», a role or a name, None where the words hide it."""

    begin: int
    who: str | None


def deed(segment: Segment, reading: Reading) -> Deed | None:
    """The first commitment of a thought; None when a condition, a habit or an order to the client governs it."""
    words = segment.words
    if not any(word.judged for word in words):
        return None
    found = next((one for one in _all(segment, reading) if words[one.begin].judged), None)
    if found is None or _is_conditional(segment, found.begin) or _is_habit(words):
        return None
    return found


def _all(segment: Segment, reading: Reading) -> Iterator[Deed]:
    words = segment.words
    for place in range(len(words)):
        if words[place].judged:
            yield from _future(segment, place, reading)
            yield from _present(segment, place, reading)
            yield from _set_ways(words, place)


def _future(segment: Segment, place: int, reading: Reading) -> Iterator[Deed]:
    """«will», «shall», «'ll», «am going to» and what follows."""
    words, said = segment.words, at(segment.words, place)
    if said in {"will", "shall"} or said.endswith("'ll"):
        verb = place + 1
    elif _is_going(words, place):
        verb = past_adverbs(words, place + 1) + 2
    else:
        return
    doer = doers.before(segment, place, reading)
    yield from _with_verb(words, verb, doer)


def _is_going(words: Words, place: int) -> bool:
    said = at(words, place)
    if said not in _GOING and not said.endswith(("'m", "'re", "'s")):
        return False
    place = past_adverbs(words, place + 1)
    return at(words, place) == "going" and at(words, place + 1) == "to"


def _with_verb(words: Words, verb: int, doer: doers.Doer) -> Iterator[Deed]:
    end = past_adverbs(words, verb)
    if any(at(words, here) in listed(_FILE, "no_after") for here in range(verb, end)):
        return
    said = at(words, end)
    if said in {"be", "get", "have"} and (hidden := _passive(words, end)) is not None:
        if not doer.is_client or at(words, hidden) in listed(_FILE, "told"):
            yield Deed(hidden, None)
        return
    if doer.name is None:
        if doer.is_client:
            yield from _told(words, end)
        return
    if said == "be":
        yield from _being(words, end, doer.name)
    elif said and words[end].is_word and said not in listed(_FILE, "no_deeds") and not _is_empty(words, end):
        yield Deed(end, doer.name)


def _passive(words: Words, place: int) -> int | None:
    """The participle of «be sent», «be (automatically) refunded», «have been fixed»."""
    here = past_adverbs(words, place + 1)
    while at(words, here) in {"be", "been", "being"}:
        here = past_adverbs(words, here + 1)
    said = at(words, here)
    if at(words, place) == "have" and "been" not in {at(words, here - 1), at(words, here - 2)}:
        return None
    if at(words, place) == "get" and not said.endswith("ed"):
        return None
    if here >= len(words) or not grammar.is_participle(said) or said in listed(_FILE, "no_passive"):
        return None
    if any(
        at(words, near) in {"automatically", "always", "never", "only"} for near in range(place, here + 2)
    ):
        return None
    return None if passive.is_state(words, here, place, bare=False) else here


def _being(words: Words, place: int, who: str) -> Iterator[Deed]:
    here = past_adverbs(words, place + 1)
    said, after = at(words, here), at(words, here + 1)
    timed = names_a_time([grammar.low(word) for word in words[here:]])
    if said in listed(_FILE, "being") or (said == "in" and after in {"touch", "contact", "your", "and"}):
        if said not in {"at", "there", "with", "over"} or timed or after in {"your", "you"}:
            yield Deed(place, who)
    elif said in {"on", "outside"} and after in {"site", "your", "it", "the"} and timed:
        yield Deed(place, who)
    elif grammar.is_deed_in_ing(said) or said in _LASTING:
        yield Deed(here, who)


_LASTING = frozenset(
    {
        "keeping",
        "monitoring",
        "checking",
        "reviewing",
        "offering",
        "investigating",
        "putting",
        "carrying",
        "working",
    }
)


def _is_empty(words: Words, place: int) -> bool:
    """«have to», «do our best», «keep doing it»: no deed that a client could wait for."""
    said, after = at(words, place), at(words, place + 1)
    if said == "have":
        rest = [grammar.low(word) for word in words[place + 1 :]]
        if grammar.is_participle(after):
            return False
        near = {"look", "word", "chat", "ready", "done", "for"} & set(rest[:4])
        return after == "to" or not (near or names_a_time(rest))
    if said == "do":
        return after in {"our", "my", "everything", "all", "whatever", "not", "business", "well"}
    if said == "let":
        return after not in {"you", "him", "her", "them"} or at(words, place + 2) not in {"know", "have"}
    if said == "try":
        return after not in {"again", "another"}
    if said == "see":
        return after not in {"to", "about", "if", "whether", "that"}
    if said == "find":
        return after in {"it", "that", "them", "this"}
    return (
        said in {"cost", "take", "help"}
        and after in {"about", "up", "you", "us"}
        and not _is_taken(words, place)
    )


def _is_taken(words: Words, place: int) -> bool:
    return (at(words, place) == "take" and at(words, place + 1) in {"you", "up"}) or at(
        words, place
    ) == "help"


def _told(words: Words, place: int) -> Iterator[Deed]:
    """«You'll hear from me by noon», «you'll have the draft by Friday»."""
    said = at(words, place)
    rest = [grammar.low(word) for word in words[place + 1 :]]
    ours = any(
        one == "from" and two in {"me", "us", "our", "my", "him", "her"} for one, two in pairwise(rest)
    )
    if said in {"hear", "get", "receive", "have"} and ours:
        yield Deed(place, "I" if "me" in rest else "we")
    elif said == "have" and _has_a_term(rest):
        yield Deed(place, None)


def _has_a_term(rest: list[str]) -> bool:
    """«The draft by Friday»: a thing and its time."""
    if not rest or rest[0] in {"to", "until", "access"}:
        return False
    return not {"by", "within", "before"}.isdisjoint(rest) and names_a_time(rest)


def _present(segment: Segment, place: int, reading: Reading) -> Iterator[Deed]:
    """«I'm sending it today», «Anna is bringing the keys at five»: the near future with its time."""
    words, said = segment.words, at(segment.words, place)
    if said not in _GOING and not said.endswith(("'m", "'re", "'s")):
        return
    verb = past_adverbs(words, place + 1)
    if any(at(words, here) in {"not", "now", "still", "already"} for here in range(place, verb + 1)):
        return
    if not grammar.is_deed_in_ing(at(words, verb)):
        return
    who = doers.before(segment, place, reading).name
    rest = [grammar.low(word) for word in words[verb + 1 :]]
    if who and "since" not in rest and (_is_soon(rest) or names_a_time(rest) or _names_first(words[:place])):
        yield Deed(verb, who)


def _is_soon(rest: list[str]) -> bool:
    said = " ".join(rest)
    return any(
        way in said for way in ("right away", "straight away", "straightaway", "first thing", "next week")
    ) or any(word in listed(_FILE, "soon") for word in rest)


def _names_first(words: Words) -> bool:
    return names_a_time([grammar.low(word) for word in words])


def _set_ways(words: Words, place: int) -> Iterator[Deed]:
    """«Let me check», «Expect a call from Dana by five», «we promise to …», «leave it with me»."""
    said, after = at(words, place), at(words, place + 1)
    begins = place == 0 or at(words, place - 1) in {",", "so", "and", "please", "now", "first", "then"}
    if said == "let" and after == "me" and begins:
        verb = past_adverbs(words, place + 2)
        if at(words, verb) in listed(_FILE, "let_me"):
            yield Deed(verb, "I")
    elif said == "expect" and (begins or at(words, place - 1) in {"can", "should", "may"}):
        yield from _expected(words, place)
    elif (
        said in {"i", "we"}
        and after in listed(_FILE, "pledges")
        and at(words, place + 2) in {"to", "you", "that"}
    ):
        yield Deed(place + 1, "I" if said == "i" else "we")


def _expected(words: Words, place: int) -> Iterator[Deed]:
    rest = [grammar.low(word) for word in words[place + 1 :]]
    giver = next((here for here in range(place + 1, len(words)) if at(words, here) == "from"), None)
    if giver is not None and giver + 1 < len(words):
        who = words[giver + 1].text
        if who in {"me", "us"} or who[0].isupper() or who in {"our", "my"}:
            yield Deed(place, {"me": "I", "us": "we", "our": "we", "my": "I"}.get(who, who))
            return
    if any(word in listed(_FILE, "calls") for word in rest[:4]) and names_a_time(rest):
        yield Deed(place, None)


def _is_habit(words: Words) -> bool:
    lows = [grammar.low(word) for word in words]
    if not listed(_FILE, "habits").isdisjoint(lows):
        return True
    return any(
        one in {"every", "each"}
        and two
        in {"time", "day", "week", "month", "year", "monday", "friday", "morning", "evening", "quarter"}
        for one, two in pairwise(lows)
    )


def _is_conditional(segment: Segment, verb: int) -> bool:
    """What waits for the client's choice or deed, or for an «if» of any kind."""
    words = segment.words
    for place in range(len(words)):
        said, after = at(words, place), at(words, place + 1)
        if said in {"unless", "whenever", "should"} and (said != "should" or (place == 0 and after != "be")):
            return True
        if said == "if" and not _asks(words, place):
            return True
        if (said == "in" and after == "case") or (
            said in {"provided", "assuming"} and after in {"that", "you", "the"}
        ):
            return True
        if (said in _SUBORDINATE or (said == "soon" and after == "as")) and _is_clients(words, place):
            return True
    return _follows_an_order(segment, verb)


def _asks(words: Words, place: int) -> bool:
    """«I'll check if …», «if necessary»: no condition; «know if anything changes» is one."""
    if at(words, place + 1) in listed(_FILE, "no_conditions"):
        return True
    if at(words, place + 1) in {"anything", "something", "there", "you"}:
        return False
    return at(words, place - 1) in listed(_FILE, "asking")


def _is_clients(words: Words, place: int) -> bool:
    """Whether the clause that begins here is about the client's own deed: «once you confirm»."""
    near = [at(words, here) for here in range(place + 1, min(len(words), place + 5))]
    return any(
        word in {"you", "you've", "you're", "you'd", "your"} for word in near[:3]
    ) or "from you" in " ".join(near)


def _follows_an_order(segment: Segment, verb: int) -> bool:
    """«Send us the form and we'll …»: it waits for the client."""
    words = segment.words[:verb]
    if _waits_for_a_deed(words):
        return True
    before = segment.before
    if not before or at(before, len(before) - 1) not in {"and", ","} or at(segment.words, 0) in {"but", "so"}:
        return False
    start = max(
        (place + 1 for place, word in enumerate(before) if word.plain in {";", ":", "—", "–", "."}), default=0
    )
    return _waits_for_a_deed(before[start:])


def _waits_for_a_deed(words: Words) -> bool:
    """Whether the client is told to do something that matters: «accept my apologies», «leave it with me» do not."""
    told = grammar.orders(words, sure=True)
    return any(
        at(words, place) not in listed(_FILE, "no_waiting") and not gives_time(words[place:])
        for place in told
    )


def gives_time(words: Words) -> bool:
    """«Give me until five and I'll …», «leave it with me», «let me see»: the client has nothing to do."""
    lows = [grammar.low(word) for word in words[:4]]
    ours = "me" in lows or "us" in lows
    return ours and lows[:1] in (["give"], ["leave"], ["let"], ["allow"])
