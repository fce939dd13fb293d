"""What lifts an English refusal: an order to the client, a question, an offer, another way, a price, an address."""

from functools import cache

from otklik.coach.anchored import Anchored
from otklik.coach.en import commitments, grammar
from otklik.coach.en.deeds import is_done
from otklik.coach.en.grammar import at, listed, low
from otklik.coach.en.segments import Segment, segments
from otklik.coach.phrases import Phrase, tables
from otklik.coach.reading import Reading, Sentence, Word

_FILE = "en_refusal"
_MONEY = frozenset("£$€")
_UNITS = frozenset({"euro", "euros", "dollars", "pounds", "usd", "eur", "gbp"})


def stands(reading: Reading) -> bool:
    """Whether the reply offers the client anything beside its refusal."""
    return any(_offers(sentence, reading) for sentence in reading.judged_sentences)


def _offers(sentence: Sentence, reading: Reading) -> bool:
    if sentence.is_question:
        return not any("??" in word.text for word in sentence.words)
    if any(word.token.kind == "place" and word.judged for word in sentence.words):
        return True
    if _list("closing").stands(sentence):
        return False
    words = tuple(word for word in sentence.words if word.judged)
    if any(ask(words) for ask in (told, is_done, can, _turns, _prices)) or _shows_another(sentence, words):
        return True
    return any(_acts(segment, reading) for segment in segments(sentence))


def _shows_another(sentence: Sentence, words: tuple[Word, ...]) -> bool:
    """«Sunday instead of Friday» tells what went wrong, not another way."""
    if not _list("way_out").stands(sentence):
        return False
    return not any(
        at(words, place) == "instead" and at(words, place + 1) == "of" for place in range(len(words))
    )


def _acts(segment: Segment, reading: Reading) -> bool:
    """We do something about it: «I'll ask the vet», «Dana is calling you today»; «hope Miso is purring» wishes."""
    if at(segment.words, 0) in {"hope", "hoping", "wishing"}:
        return False
    deed = commitments.deed(segment, reading)
    return deed is not None and deed.who is not None


def can(words: tuple[Word, ...]) -> bool:
    """«You can …», «we could …», «a friend may …»: not «can't», not «I can only apologise»."""
    for place in range(1, len(words)):
        if at(words, place) not in {"can", "could", "may", "might"} or words[place].text == "May":
            continue
        verb = grammar.past_adverbs(words, place + 1)
        if at(words, place - 1) == "it" and at(words, verb) in {"take", "last", "happen"}:
            continue  # «it can take some time»
        if at(words, place + 1) in {"not", "no", "only", "never"} or at(words, verb) in listed(
            "en_refusal", "no_help"
        ):
            continue
        before = {at(words, place - 1), at(words, place - 2)}
        if not before & {"no", "nothing", "none", "nobody", "nor"} and not {
            at(words, here) for here in range(place)
        } & {"no", "nothing"}:
            return True
    return False


def told(words: tuple[Word, ...]) -> list[int]:
    """Orders to the client that lead him somewhere: «accept my apologies», «keep the receipt» don't."""
    return [place for place in grammar.orders(words) if at(words, place) not in listed(_FILE, "no_way")]


def _turns(words: tuple[Word, ...]) -> bool:
    """«…, but the chemist next door has two boxes»: something good after a «but»."""
    for place in range(1, len(words)):
        if at(words, place) in {"but", "however", "though", "although", "yet"} and place + 2 < len(words):
            if at(words, place - 1) in {
                "nobody",
                "nothing",
                "none",
                "anything",
                "anyone",
                "choice",
                "option",
            }:
                continue
            rest = {low(word) for word in words[place + 1 :]}
            if rest.isdisjoint(listed(_FILE, "negative")):
                return True
    return False


def _prices(words: tuple[Word, ...]) -> bool:
    """A price in a sentence that denies nothing is an offer."""
    lows = {low(word) for word in words}
    if not lows.isdisjoint(listed(_FILE, "negative")):
        return False
    priced = any(word.text in _MONEY for word in words) or not lows.isdisjoint(_UNITS)
    return priced and not lows.isdisjoint({"is", "cost", "costs", "for", "at", "from"})


@cache
def _list(key: str) -> Anchored:
    return Anchored([Phrase(_both(table["say"])) for table in tables(_FILE)[key]])


def _both(say: str) -> str:
    return " ".join(
        "|".join([*part.split("|"), *(way.replace("'", "’") for way in part.split("|") if "'" in way)])
        for part in say.split()
    )
