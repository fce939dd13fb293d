"""The positive twin of a negative wording: «раньше 8:00 касса не откроется» → «касса откроется в 8:00»."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from otklik.coach import nounphrase
from otklik.coach.moments import Moment
from otklik.coach.nounphrase import NounPhrase
from otklik.coach.phrases import tables
from otklik.coach.reading import Word
from otklik.coach.verbalnouns import is_made_of_verb
from otklik.russian import morphology

Twin = str  # in lower case but for names; the first word takes the capital of the place
_OPEN = {"закрыт": "открыт", "закрыта": "открыта", "закрыто": "открыто", "закрыты": "открыты"}
_FREE = {
    "недоступен": "доступен",
    "недоступна": "доступна",
    "недоступно": "доступно",
    "недоступны": "доступны",
    "недействителен": "действителен",
    "недействительна": "действительна",
    "недействительно": "действительно",
    "недействительны": "действительны",
}
_HELPLESS = frozenset(
    {
        "сможем",
        "сможет",
        "смогут",
        "смогу",
        "можем",
        "может",
        "могут",
        "могу",
        "получится",
        "выйдет",
        "удастся",
    }
    | {"успеем", "успею", "вправе", "имеем", "имеет", "имеют", "имею", "предусмотрен", "предусмотрена"}
    | {"предусмотрено", "предусмотрены", "в"}
)


@dataclass(frozen=True, slots=True)
class Clause:
    """`sentence_words[begin:end]`, a clause without its marks. text: the reply."""

    sentence_words: Sequence[Word]
    begin: int
    end: int
    text: str

    @property
    def words(self) -> Sequence[Word]:
        return self.sentence_words[self.begin : self.end]

    @property
    def is_plain(self) -> bool:
        """No comma inside it but the one of «раньше, чем»."""
        return not any(
            word.text == "," and after.low != "чем"
            for word, after in pairwise(self.sentence_words[self.begin : self.end])
        )


def said(twin: Twin, first: Word) -> tuple[str, ...]:
    """The twin as it stands at the place of `first`."""
    return (morphology.like(twin, first.text if len(first.text) == 1 or not first.text.isupper() else "а"),)


def earliest(words: Sequence[Word], after: int, moment: Moment | None, text: str) -> Twin | None:
    """«не раньше вторника» → «самое раннее во вторник»."""
    if moment:
        return f"самое раннее {moment.at}" if moment.at else None
    if after < len(words) and words[after].low == "через":
        return f"самое раннее {text[words[after].start : words[-1].end]}"
    return None


def by_time(clause: Clause, place: int, moment: Moment, denial: int, *, is_after: bool) -> Twin | None:
    """The twin of a clause with a time at `place` and a denial; None where it can't be turned surely."""
    if moment.is_event or not moment.since:
        return None
    words = clause.words
    denier = words[denial].low
    if denier == "нет" or (denier == "не" and words[denial + 1].low in {"будет", "бывает"}):
        return None if is_after else _will_be(clause, place, moment, denial)
    rest = _rest(clause, place, moment.end, denial)
    if rest is None or denier.startswith(("нельзя", "невозмож")):
        return None
    by_clock = ":" in moment.since or _is_an_hour(moment)
    if is_after:
        return f"{rest} до {moment.since}" if by_clock else _through(rest, moment)
    if denier != "не":  # «открыт с 1 мая» would read as open already
        free = _FREE.get(denier)
        rest = rest.replace(free, f"{'будут' if free.endswith('ы') else 'будет'} {free}", 1) if free else rest
        return f"{rest} {_since(moment.since)}" if by_clock else None
    verb = morphology.parses(words[denial + 1].text)[0]
    if verb.normal_form.replace("ё", "е") in tables("negative")["beginnings"]:
        earliest_ = "" if by_clock else "самое раннее "
        return f"{rest} {earliest_}{moment.at}" if moment.at else None
    if "perf" in verb.tag:
        return f"{rest} самое раннее {moment.at}" if moment.at else None
    return f"{rest} {_since(moment.since)}"


def _will_be(clause: Clause, place: int, moment: Moment, denial: int) -> Twin | None:
    """«раньше 9 ноября занятий не будет» → «занятия будут с 9 ноября»."""
    words = clause.words
    taken = {*range(place, moment.end), denial, denial + (words[denial].low == "не")}
    left = [n for n in range(len(words)) if n not in taken]
    noun = nounphrase.at(words, left[0], "gent") if left else None
    if noun is None or left != list(range(left[0], noun.end)) or noun.is_joined:
        return None
    what = noun.in_case("nomn", clause.text)
    if what is None:
        return None
    if noun.number_and_gender()[0] == "plur":
        since = _since(moment.since) if ":" in str(moment.since) else None
        time = since or (f"самое раннее {moment.at}" if moment.at else None)
        return f"{_lower(what, noun.words[0])} будут {time}" if time else None
    return f"{_lower(what, noun.words[0])} будет самое раннее {moment.at}" if moment.at else None


def _is_an_hour(moment: Moment) -> bool:
    """«9 утра», «12 часов»: a limit of each day."""
    words = str(moment.since).lower().split()
    return any(
        word.startswith(("час", "утра", "вечера", "дня", "ночи", "полдень", "полноч")) for word in words
    )


def _through(rest: Twin, moment: Moment) -> Twin | None:
    """«после 15 декабря» lets the 15th in: «по 15 декабря включительно»."""
    day, _, month = str(moment.since).partition(" ")
    named = day.isdigit() and month and not month.startswith(("числ", "год"))
    return f"{rest} по {moment.since} включительно" if named else None


def _since(time: str) -> str:
    return f"со {time}" if _needs_vowel(time) else f"с {time}"


def _lower(said: str, first: Word) -> str:
    """A word that opened the sentence loses its capital, a name keeps it."""
    is_name = any(
        "Name" in one.tag or "Surn" in one.tag or "Geox" in one.tag
        for one in morphology.parses(first.text)[:1]
    )
    return (
        said
        if is_name or (len(first.text) > 1 and first.text[1:].lower() != first.text[1:])
        else said[:1].lower() + said[1:]
    )


def _rest(clause: Clause, begin: int, end: int, denial: int) -> str | None:
    """The clause without `words[begin:end]` and without the denial; None where a genitive hangs on the denial."""
    words = clause.words
    kept = [
        n for n in range(len(words)) if not begin <= n < end and not (n == denial and words[n].low == "не")
    ]
    if not kept or not _stands_without_denial(words, kept):
        return None
    if words[denial].low == "не" and words[denial + 1].low in _HELPLESS:
        return None
    parts: list[str] = []
    for n in kept:
        word = words[n]
        said = {**_OPEN, **_FREE, "нельзя": "можно", "невозможно": "можно"}.get(word.low, word.text)
        glued = n > 0 and n - 1 in kept and words[n - 1].end == word.start
        parts.append(said if glued or not parts else f" {said}")
    return _lower("".join(parts), words[kept[0]])


def _stands_without_denial(words: Sequence[Word], kept: list[int]) -> bool:
    """No bare noun that is only a genitive («заявок не принимаем»): without «не» it would have to change."""
    for n in kept:
        word = words[n]
        parses = [one for one in morphology.parses(word.text) if one.tag.POS == "NOUN"]
        if not parses or morphology.parses(word.text)[0].tag.POS != "NOUN":
            continue
        bare = n == 0 or not (
            words[n - 1].is_a("PREP") or words[n - 1].is_a("NOUN") or words[n - 1].is_a("ADJF")
        )
        if bare and not any(one.tag.case in {"nomn", "accs", "datv", "ablt"} for one in parses):
            return False
    return True


def by_condition(clause: Clause, place: int, noun: NounPhrase, denial: int) -> Twin | None:
    """«без паспорта посылку не выдадим» → «посылку выдадим по паспорту»."""
    denier = clause.words[denial]
    if noun.is_joined or denier.low == "нет" or _may_go_on(noun):
        return None
    if denier.low == "не" and clause.words[denial + 1].is_a("INFN"):
        return None
    with_it = _with(noun, clause)
    rest = _rest(clause, place, noun.end, denial)
    if with_it is None or not rest or _goes_on_with_preposition(clause.words, noun.end):
        return None
    before = clause.words[:place]
    if place < denial and len(before) > 1 and before[-1].is_a("NOUN") and before[-2].is_a("PREP"):
        return None
    return f"{rest} {with_it}"


def _with(noun: NounPhrase, clause: Clause) -> str | None:
    """«по паспорту», «с подписью», «после осмотра»: what is wanted, said as a condition."""
    data = tables("negative")
    if noun.lemma == "код":  # «войдёт по коду»: as if he had it
        return None
    if noun.lemma in data["by_paper"]:
        what = noun.in_case("datv", clause.text)
        return f"по {what}" if what else None
    if noun.lemma in data["with_things"]:  # «действует с подписью» is no condition
        return None
    what = noun.in_case("gent", clause.text) if is_made_of_verb(noun.lemma) else None
    return f"после {what}" if what else None


def _goes_on_with_preposition(words: Sequence[Word], place: int) -> bool:
    """«без справки от врача»: what hangs on the noun by a preposition would be left behind."""
    return place < len(words) and words[place].low in {"от", "о", "об", "из", "за", "для", "на"}


def _may_go_on(noun: NounPhrase) -> bool:
    """«без перезагрузки настройки не применятся»: the second noun may be the subject."""
    return len(noun.words) > noun.head + 1 and (noun.words[-1].is_a("nomn") or not noun.words[-1].is_word)


def _needs_vowel(said: str) -> bool:
    low = said.lower()
    return low.startswith("вт") or (low[:1] in "сзшж" and low[1:2] not in "аеёиоуыэюяь" and low[:1].isalpha())


def as_soon_as(condition: Clause, main: Clause, denial: int) -> Twin | None:
    """«пока не подпишете договор, доступ не откроем» → «доступ откроем, когда подпишете договор»."""
    kept = [n for n in range(len(main.words)) if n != denial]
    if not any(word.low == "не" for word in condition.words) or condition.words[0].low == "до":
        return None
    if main.words[-1].low == "пор" or not (main.is_plain and condition.is_plain):
        return None
    if not _stands_without_denial(main.words, kept):
        return None
    first = _lower(" ".join(main.words[n].text for n in kept), main.words[kept[0]])
    not_at = next(n for n, word in enumerate(condition.words) if word.low == "не")
    then = " ".join(word.text for n, word in enumerate(condition.words) if n not in {0, not_at})
    if main.words[denial].low != "не" or not_at + 1 >= len(condition.words):
        return None
    deeds = [condition.words[not_at + 1], main.words[denial + 1]]
    both_once = all("perf" in morphology.parses(word.text)[0].tag for word in deeds)
    return f"{first}, когда {then}" if both_once else None
