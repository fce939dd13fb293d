"""Our commitments: who will do what by when (contract: `promise`; always a hint)."""

import re
from collections.abc import Iterator

from otklik.coach.en.due import due
from otklik.coach.phrases import tables
from otklik.coach.reading import Reading, Sentence, finding
from otklik.coach.reply import Finding, Promised

CODE = "promise"
REASON = "Это обещание: клиент будет его ждать."
_DOER = re.compile(
    r"\b(?P<who>I|[Ww]e|(?:[Oo]ur|[Tt]he|[Aa]|[Yy]our) (?:\w+ )?\w+|[A-Z]\w+)"
    r"(?:'ll|’ll| (?:will|shall)| (?:am|are|is) going to)"
    r" (?:also |then |now |personally |be (?=\w+ing\b)|get |have \w+ )?(?P<what>\w+[^.!?\n]*)"
)
_LET_ME = re.compile(r"\b(?P<who>Let me|I'm going to|I’m going to) (?P<what>\w+[^.!?\n]*)")
_PASSIVE = re.compile(
    r"\bwill (?:also |then )?be "
    r"(?P<what>(?:\w+ed|sent|paid|made|done|given|put|taken|brought|rebuilt|reset)\b[^.!?\n]*)"
)
_CONDITION = re.compile(
    r"\b(?:if|unless|once|when|whenever|as soon as you|in case|until you|after you|should you)\b",
    re.IGNORECASE,
)
_ORDER_FIRST = re.compile(r"^\W*(?:please )?\w+\b[^.!?]*,? and (?:we|I)(?:'ll|’ll| will)\b", re.IGNORECASE)


def find(reading: Reading) -> Iterator[Finding]:
    """Sentences in which our side commits to a deed; conditions, questions and what things do are left out."""
    for sentence in reading.judged_sentences:
        said = _judged_text(reading, sentence)
        found = _promise(said)
        if found and not sentence.is_question and _is_ours(sentence):
            who, what = found
            until = due(said, reading.reply.now) if reading.reply.now else None
            yield finding(
                CODE, (sentence.start, sentence.end), REASON, promise=Promised(what.strip(), who, until)
            )


def _is_ours(sentence: Sentence) -> bool:
    words = [word for word in sentence.words if word.is_word]
    return bool(words) and all(word.judged for word in words[:2])


def _judged_text(reading: Reading, sentence: Sentence) -> str:
    """The sentence with blanks for what is quoted: somebody else's promise isn't ours."""
    said = list(reading.text[sentence.start : sentence.end])
    for word in sentence.words:
        if not word.judged:
            first, past = max(0, word.start - sentence.start), word.end - sentence.start
            said[first:past] = " " * (past - first)
    return "".join(said)


def _promise(said: str) -> tuple[str | None, str] | None:
    if _CONDITION.search(said) or _begins_with_an_order(said):
        return None
    for match in (*_DOER.finditer(said), *_LET_ME.finditer(said)):
        who, what = match["who"], match["what"]
        if _is_doer(who) and what.split()[0].lower() not in tables("en_promise")["no_deeds"]:
            return ("I" if who.startswith(("Let", "I")) else "we" if who == "We" else who), what
    passive = _PASSIVE.search(said)
    return (None, passive["what"]) if passive else None


def _begins_with_an_order(said: str) -> bool:
    first = re.match(r"\W*(?:please,? )?([a-z]+)", said, re.IGNORECASE)
    return bool(first and first[1].lower() in tables("en_promise")["orders"] and _ORDER_FIRST.match(said))


def _is_doer(who: str) -> bool:
    """We, I, a role of our side or a person's name; things («the money», «it») do by themselves."""
    if who in {"I", "We", "we"} or who.startswith(("Let", "I'm", "I’m")):
        return True
    words = who.lower().split()
    if len(words) == 1:
        return who[0].isupper() and words[0] not in tables("en_promise")["no_names"]
    return words[-1] in tables("en_promise")["roles"]
