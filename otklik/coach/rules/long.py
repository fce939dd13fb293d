"""A sentence too long to read at once, or a letter of more than two minutes (contract: `long`)."""

from collections.abc import Iterator

from otklik.coach.reading import WHOLE, Reading, Sentence, Word, finding
from otklik.coach.reply import Finding
from otklik.russian import plural

CODE = "long"
WORDS = 30  # the contract's limit of a sentence
TWO_MINUTES = 360  # words, at 180 a minute, what a screen is read at
REASON_SENTENCE = "В предложении {count}, к его концу клиент забудет начало: разделите его на два или три."
REASON_LETTER = "Письмо читают дольше двух минут: оставьте главное, подробности дайте списком или ссылкой."
_WRAPPED = 60  # a line at least so long goes on in the next one; a shorter one is a line of its own
_LEAST = 7  # words in each half of a split sentence
_BULLETS = "-–—•*·"
_JOINS = ("поэтому", "так что", "однако")


def find(reading: Reading) -> Iterator[Finding]:
    """One finding for each long sentence; one for the whole where prose outside lists takes over two minutes."""
    prose = 0
    for sentence in reading.judged_sentences:
        prose += 0 if _is_item(sentence) else _count(sentence.words)
        for part in _lines(reading, sentence):
            if _count(part) > WORDS and 2 * _count(part, judged=True) > WORDS:
                yield _too_long(reading, part)
    if prose > TWO_MINUTES:
        yield finding(CODE, WHOLE, REASON_LETTER)


def _count(words: tuple[Word, ...], *, judged: bool = False) -> int:
    """Words as a person counts them: numbers and addresses too, signs and marks not."""
    kinds = ("word", "number", "place")
    return sum(word.token.kind in kinds and (word.judged or not judged) for word in words)


def _is_item(sentence: Sentence) -> bool:
    """An item of a list: instructions may be as long as they need."""
    first = sentence.words[0]
    numbered = (
        first.token.kind == "number" and len(sentence.words) > 1 and sentence.words[1].text in (".", ")")
    )
    return first.text.strip() in _BULLETS or numbered


def _lines(reading: Reading, sentence: Sentence) -> Iterator[tuple[Word, ...]]:
    """The sentence cut where a short line ends without a full stop: a reader stops there."""
    words = sentence.words
    begun = 0
    for at in range(1, len(words)):
        line_end = words[at - 1].end
        if "\n" in reading.text[line_end : words[at].start]:
            line_start = reading.text.rfind("\n", 0, line_end) + 1
            if line_end - line_start < _WRAPPED:
                yield words[begun:at]
                begun = at
    yield words[begun:]


def _too_long(reading: Reading, part: tuple[Word, ...]) -> Finding:
    marks = [word for word in part if word.text.strip() not in _BULLETS]
    place = (marks[0].start, part[-1].end)
    return finding(
        CODE,
        place,
        REASON_SENTENCE.format(count=plural(_count(part), "слово", "слова", "слов")),
        suggestions=_split(reading, place, part),
    )


def _split(reading: Reading, place: tuple[int, int], part: tuple[Word, ...]) -> tuple[str, ...]:
    """The sentence as two where a new one may begin safely: «…; зимнюю…», «…, поэтому…»."""
    if any(word.text in ":()[]" for word in part) or part[0].low in (
        "если",
        "когда",
        "чтобы",
        "поскольку",
        "хотя",
    ):
        return ()
    for at in range(1, len(part) - 1):
        begins = _new_start(part, at)
        if begins and _stands_alone(part[:at]) and _stands_alone(part[begins:]):
            first = reading.text[place[0] : part[at].start].rstrip()
            rest = reading.text[part[begins].start : place[1]]
            return (f"{first}. {rest[0].upper()}{rest[1:]}",)
    return ()


def _new_start(part: tuple[Word, ...], at: int) -> int | None:
    """Where the second sentence begins when the first ends at the mark `at`; None where it can't end there."""
    mark, after = part[at], part[at + 1]
    if not mark.judged or not after.judged or not after.is_word:
        return None
    if mark.text == ";":
        return at + 1
    begins = at + 2 if after.low == "и" and at + 2 < len(part) else at + 1
    opening = " ".join(word.low for word in part[begins : begins + 2])
    return begins if mark.text == "," and opening.startswith(_JOINS) else None


def _stands_alone(words: tuple[Word, ...]) -> bool:
    """Long enough, and with a verb of its own."""
    said = [word for word in words if word.judged and word.is_word]
    return len(said) >= _LEAST and any(word.is_a("VERB") or word.is_a("PRED") for word in said)
