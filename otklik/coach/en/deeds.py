"""A deed of ours already done for the client: «I took $15 off», «Olga cleaned the room»."""

from collections.abc import Sequence

from otklik.coach.en import doers, grammar
from otklik.coach.en.grammar import at, listed
from otklik.coach.reading import Word


def is_done(words: Sequence[Word]) -> bool:
    """«I took $15 off», «we've moved your lesson», «Olga cleaned the room»: a deed that mends; «we lost it» is none."""
    for place in range(len(words)):
        if at(words, place) in {"i", "we", "i've", "we've"}:
            verb = grammar.past_adverbs(words, place + 1)
            if at(words, verb) == "have":
                verb = grammar.past_adverbs(words, verb + 1)
        elif doers.is_a_name(words[place]) and at(words, place + 2) in listed("en_passive", "objects"):
            verb = place + 1
        else:
            continue
        denied = any(at(words, here) in {"not", "never"} for here in range(place, verb))
        if not denied and _mends(words, verb):
            return not _went_wrong(words, verb)
    return False


def _mends(words: Sequence[Word], verb: int) -> bool:
    done = at(words, verb)
    if done in listed("en_next_step", "harm") or (done == "gave" and at(words, verb + 1) == "up"):
        return False
    if done in {"kept", "held", "left", "cut"} and at(words, verb - 1) not in {
        "i",
        "we",
        "i've",
        "we've",
        "have",
    }:
        return False  # «the machine on Via Bassa kept your card»
    return (done.endswith("ed") and done not in listed("en_grammar", "no_participles")) or done in listed(
        "en_next_step", "mended"
    )


def _went_wrong(words: Sequence[Word], verb: int) -> bool:
    rest = {at(words, here) for here in range(verb, len(words))}
    return not rest.isdisjoint(
        {"wrong", "mistake", "twice", "late", "wrongly", "incorrectly", "another", "else", "error"}
    )
