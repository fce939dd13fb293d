"""Whether a reply gives the client what his letter wants: the deed is done, the thing is found, the answer is «да»."""

from otklik.coach import stepping
from otklik.coach.phrases import phrases, tables
from otklik.coach.reading import Sentence, Word
from otklik.russian import morphology


def grants(sentence: Sentence, demanded: frozenset[str]) -> bool:
    """«Да», «снова работает», «поменяли разъём»; demanded: roots of what the client asks to be done."""
    if next(phrases("next-step", "granted").find_in(sentence), None):
        return True
    words = [word for word in sentence.words if word.judged]
    return any(_is_granted(words, at, demanded) for at in range(len(words)))


def does(sentence: Sentence, demanded: frozenset[str]) -> bool:
    """The very deed is done, and by us: «закрыла», «отменил»."""
    for at, word in enumerate(sentence.words):
        roots = {root_of(lemma) for lemma in word.lemmas}
        if roots & demanded and word.judged and word.is_a("VERB", "past", "perf"):
            return not (
                stepping.is_turned(list(sentence.words), at)
                or stepping.is_by_another(list(sentence.words), at)
            )
    return False


def _is_granted(words: list[Word], at: int, demanded: frozenset[str]) -> bool:
    word, known = words[at], tables("next-step")
    tag = morphology.parses(word.text)[0].tag if word.is_word else ""
    past = ("VERB" in tag and "past" in tag) or word.is_a("PRTS", "past")
    if not past or stepping.is_turned(words, at) or stepping.has_a_stranger(words, at):
        return False
    if not word.lemmas.isdisjoint(known["good_news"]):
        return True
    same = any(root_of(lemma) in demanded for lemma in word.lemmas)
    if same and not word.lemmas.isdisjoint(known["takes_away"]):
        return True  # «закройте вклад» — «закрыла»
    if not word.lemmas.isdisjoint(known["paperwork"]):
        return False
    ours = "plur" in tag or at == 0 or words[at - 1].low == "я"
    if any(one.low == "бы" for one in words[at + 1 : at + 3]):
        return False  # «купили бы модель подороже»
    transitive = "VERB" in tag and "perf" in tag and "tran" in tag
    return same or (transitive and ours and not stepping.is_by_another(words, at))


def root_of(lemma: str) -> str:
    """What «заморозить» and «заморозиться» share; rough, and enough within one exchange."""
    return lemma[:5]
