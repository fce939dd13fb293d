"""A faceless form of address: «Уважаемый клиент» (contract: `address`)."""

from collections.abc import Iterator

from otklik.coach import opening
from otklik.coach.opening import Address
from otklik.coach.reading import Reading, Word, finding
from otklik.coach.reply import Finding

CODE = "address"
REASON = "За таким обращением клиент не видит себя: поздоровайтесь и назовите его по имени, если знаете его."
_GOES_ON = frozenset({"что", "чтобы", "как", "если", "который", "которые", "о", "на", "и"})


def find(reading: Reading) -> Iterator[Finding]:
    """Each polite word with a role and no name; the suggestion greets, or takes the address away."""
    for found in opening.addresses(reading):
        place, instead = _better(reading, found)
        if any(mark.isdigit() for mark in reading.text[found.start : found.end]):
            instead = ()  # «получатель посылки 118»: the number would be lost
        yield finding(CODE, place, REASON, suggestions=instead)


def _better(reading: Reading, found: Address) -> tuple[tuple[int, int], tuple[str, ...]]:
    """A place round the address and what may stand there; the place takes in a neighbour whose letter changes."""
    before = [word for word in found.sentence.words if word.end <= found.start]
    after = reading.words[found.words[-1].at + 1 :][:2]
    said = [word for word in before if word.is_word]
    if said:
        return _inside(found, said, after)
    if found.sentence is not reading.judged_sentences[0] or opening.greeting(reading):
        return _without(found, after)
    return _greeted(reading, found, after)


def _inside(
    found: Address, said: list[Word], after: tuple[Word, ...]
) -> tuple[tuple[int, int], tuple[str, ...]]:
    """«Здравствуйте, уважаемый клиент!» → «Здравствуйте!»; silent where the comma is needed by what follows."""
    ends = not after or after[0].text[0] in "!.?…" or after[0].at not in _numbers(found)
    goes_on = len(after) == 2 and after[0].text == "," and after[1].low in _GOES_ON
    if ends or goes_on:
        return (said[-1].start, found.end), (said[-1].text,)
    return (found.start, found.end), ()


def _numbers(found: Address) -> range:
    return range(found.sentence.words[0].at, found.sentence.words[-1].at + 1)


def _without(found: Address, after: tuple[Word, ...]) -> tuple[tuple[int, int], tuple[str, ...]]:
    """The reply greets elsewhere: the next word begins the sentence."""
    follows = after[-1] if after else None
    if len(after) < 2 or follows is None or not follows.judged or not follows.is_word:
        return (found.start, found.end), ()
    return (found.start, follows.end), (_capital(follows.text),)


def _greeted(
    reading: Reading, found: Address, after: tuple[Word, ...]
) -> tuple[tuple[int, int], tuple[str, ...]]:
    """A greeting instead of the address, by the client's name where he gave it."""
    hello = opening.by_hour(reading.reply.now)
    name = opening.client_name(reading)
    ways = (f"{hello}, {name}", hello) if name else (hello,)
    mark = after[0].text if after else ""
    if mark == ",":
        follows = after[-1]
        if len(after) < 2 or not follows.judged or not follows.is_word:
            return (found.start, found.end), ()
        return (found.start, follows.end), tuple(f"{way}! {_capital(follows.text)}" for way in ways)
    if mark[:1] in ("!", "."):
        return (found.start, after[0].end), tuple(way + mark[0] for way in ways)
    return (found.start, found.end), tuple(f"{way}!" for way in ways)


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]
