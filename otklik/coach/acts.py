"""What the sentences of a reply do, read once for the rules of sense: which refuse, which can't help anybody on.

`refused` adds to the refusals by letters (`refusing.py`) those by grammar (`denials.py`). `helpful` leaves out what a
scolding, a mock, a doubt or an unreal wish says, however much its verbs look like steps: «подумайте, как это
отразится», «попробуйте читать глазами», «если бы вы позвонили по телефону …».
"""

from weakref import WeakKeyDictionary

from otklik.coach import denials, tone, waying
from otklik.coach.phrases import Match, phrases
from otklik.coach.reading import Reading, Sentence, Word
from otklik.coach.refusalwords import LONGEST
from otklik.coach.refusing import Refusal, refusals
from otklik.coach.remedies import is_lifted as lifted_by_letters

SCOLDING = ("blame", "lecture", "rude", "dissuade")  # who only scolds helps nobody
_TALK = ("lecture", "rude", "dissuade")
_WHOLE = frozenset({"rude", "dissuade"})
_WILL = frozenset({"будет", "будут", "станет", "станут"})
_MARKS = frozenset(",;:—–()")

# rules ask one after another for the same; forgotten with the reading
_REFUSED: "WeakKeyDictionary[Reading, list[Refusal]]" = WeakKeyDictionary()
_SCOLDED: "WeakKeyDictionary[Reading, dict[str, list[tuple[int, int]]]]" = WeakKeyDictionary()
_HELPFUL: "WeakKeyDictionary[Reading, tuple[Sentence, ...]]" = WeakKeyDictionary()


def refused(reading: Reading) -> list[Refusal]:
    """All refusals in order, at most one a sentence: by letters, and by grammar where no letters tell."""
    if reading not in _REFUSED:
        known = {one.sentence: one for one in refusals(reading)}
        found = (
            known.get(at) or denials.refusal(reading, at, one) for at, one in enumerate(reading.sentences)
        )
        _REFUSED[reading] = [one for one in found if one and not _is_talk(reading, one)]
    return _REFUSED[reading]


def _is_talk(reading: Reading, one: Refusal) -> bool:
    """«Давайте не будем раздувать», «нервы в прейскурант не входят»: what sneers or preaches refuses nothing."""
    words = [word for word in reading.sentences[one.sentence].words if one.start <= word.start < one.end]
    before = [word.low for word in reading.words[: words[0].at] if word.is_word][-1:]
    if before == ["давайте"]:
        return True
    ours = any(word.is_a("VERB", "1per") or word.low in _WILL for word in words)
    talk = [place for rule in _TALK for place in _places(reading, rule)]
    return not ours and any(_meets((one.start, one.end), place) for place in talk)


def is_lifted(reading: Reading, refusal: Refusal) -> bool:
    """Whether a helpful sentence near the refusal lifts it."""
    return lifted_by_letters(reading, refusal, helpful(reading))


def scolded(reading: Reading) -> list[tuple[int, int]]:
    """The clauses with which the reply scolds, preaches, mocks or dissuades."""
    return [place for rule in SCOLDING for place in _places(reading, rule)]


def _places(reading: Reading, rule: str) -> list[tuple[int, int]]:
    known = _SCOLDED.setdefault(reading, {})
    if rule not in known:
        hits = (hit for _, every in tone.said(reading, rule) for hit in every)
        known[rule] = [_reach(hit.match, whole=rule in _WHOLE) for hit in hits]
    return known[rule]


def _reach(match: Match, *, whole: bool) -> tuple[int, int]:
    """How far a scolding reaches: its clause, with what follows «что»; a mock and a doubt spoil the whole sentence."""
    sentence = match.sentence
    if whole:
        return sentence.start, sentence.end
    parts = _parts(sentence)
    held = [at for at, one in enumerate(parts) if _meets((one[0].start, one[-1].end), match.place)]
    if not held:
        return match.place
    goes_on = held[-1] + 1 < len(parts) and parts[held[-1] + 1][0].low == "что"
    return parts[held[0]][0].start, sentence.end if goes_on else parts[held[-1]][-1].end


def _meets(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def helpful(reading: Reading) -> tuple[Sentence, ...]:
    """The sentences without the words that can't help; a sentence of nothing else stays, without a word judged."""
    if reading not in _HELPFUL:
        places = scolded(reading)
        _HELPFUL[reading] = tuple(_kept(one, places) for one in reading.sentences)
    return _HELPFUL[reading]


def _kept(sentence: Sentence, places: list[tuple[int, int]]) -> Sentence:
    if len(sentence.words) > LONGEST:
        return sentence
    near = [
        place
        for place in places
        if not _promises(sentence, place) and _meets(place, (sentence.start, sentence.end))
    ]
    if (near and sentence.is_question) or next(phrases("acts", "hollow").find_in(sentence), None):
        return Sentence(sentence.words[-1:])
    idle = [*near, *_idle(sentence)]
    if not idle:
        return sentence
    words = tuple(word for word in sentence.words if not any(a <= word.start < b for a, b in idle))
    return Sentence(words or sentence.words[-1:])


def _promises(sentence: Sentence, place: tuple[int, int]) -> bool:
    """«Курьер Аня довезёт его к шести на коленях»: a deed to come with its hour helps, however it is worded."""
    words = [word for word in sentence.words if place[0] <= word.start < place[1]]
    comes = any(word.is_a("VERB", "futr", "3per") or word.is_a("VERB", "futr", "1per") for word in words)
    return comes and waying.tells_when(Sentence(tuple(words)))


def _idle(sentence: Sentence) -> list[tuple[int, int]]:
    """The clauses in which an idle phrase stands."""
    return [
        (part[0].start, part[-1].end)
        for part in _parts(sentence)
        if next(phrases("acts", "idle").find_in(Sentence(part)), None)
    ]


def _parts(sentence: Sentence) -> list[tuple[Word, ...]]:
    begun, found = 0, []
    for at, word in enumerate(sentence.words):
        if word.plain in _MARKS:
            found.append(sentence.words[begun:at])
            begun = at + 1
    found.append(sentence.words[begun:])
    return [part for part in found if part]
