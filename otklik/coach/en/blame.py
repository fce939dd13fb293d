"""The fault put on the client (contract: `blame`)."""

from collections.abc import Iterator

from otklik.coach import tone
from otklik.coach.en import grammar
from otklik.coach.en.segments import segments
from otklik.coach.phrases import tables
from otklik.coach.reading import Reading, Sentence, Word, finding
from otklik.coach.reply import Finding

CODE = "blame"
LIST = "en_blame"
REASON = "Клиент читает это как обвинение: назовите причину без «you» и предложите выход."


def find(reading: Reading) -> Iterator[Finding]:
    """Each reproach: what the lists hear, and the client's deed given as the cause of the trouble."""
    found = list(tone.findings(reading, LIST, CODE))
    taken = [(one.start, one.end) for one in found]
    for sentence in reading.judged_sentences:
        place = _deed_as_cause(sentence)
        if place and not any(start < place[1] and place[0] < end for start, end in taken):
            found.append(finding(CODE, place, REASON))
    yield from sorted(found, key=lambda one: one.start)


def _deed_as_cause(sentence: Sentence) -> tuple[int, int] | None:
    """«… because you forced it», «You parked across two bays, hence the ticket»."""
    if "you" not in sentence.lows or sentence.is_question or tone.is_calm(sentence, LIST):
        return None
    parts = [part.words for part in segments(sentence)]
    for number, words in enumerate(parts):
        at = _deed(words)
        if at is None:
            continue
        after = [words[comma + 1 :] for comma in range(at, len(words)) if grammar.at(words, comma) == ","]
        leads_on = any(map(_leads_on, [*after, *parts[number + 1 : number + 2]]))
        if grammar.at(words, at - 1) in {"because", "since"} or leads_on:
            return words[at].start, words[-1].end
    return None


def _deed(words: tuple[Word, ...]) -> int | None:
    """The place of a «you» that did something; luck and wishes are no deeds."""
    for at, word in enumerate(words):
        if not word.judged or grammar.low(word) != "you":
            continue
        verb = grammar.at(words, grammar.past_adverbs(words, at + 1))
        past = grammar.is_participle(verb) or verb in grammar.listed("en_blame_parts", "pasts")
        if past and verb not in grammar.listed("en_blame_parts", "luck"):
            return at
    return None


def _leads_on(words: tuple[Word, ...]) -> bool:
    """«hence the ticket», «so no refund is due», «which is why it broke»."""
    said = " ".join(grammar.low(word) for word in words if word.is_word)
    return any(f"{said} ".startswith(f"{turn} ") for turn in tables(f"{LIST}_parts")["turns"])
