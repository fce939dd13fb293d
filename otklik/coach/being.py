"""«является» turned into a dash or into nothing: «чек является подтверждением» → «чек — подтверждение»."""

from otklik.coach import nounphrase, turning
from otklik.coach.reading import Word
from otklik.coach.spot import Spot
from otklik.coach.turning import Turned
from otklik.russian import morphology

# adjectives that are said of something in the short form: «рецепт обязателен»
_SHORT = frozenset(
    {
        "обязательный",
        "необходимый",
        "действительный",
        "недействительный",
        "доступный",
        "недоступный",
        "возможный",
    }
    | {"невозможный", "актуальный", "верный", "корректный", "допустимый", "недопустимый", "достаточный"}
)


def is_something(spot: Spot) -> Turned:
    """A dash before a noun, nothing before an adjective and after a pronoun; no turn where the subject isn't sure."""
    words, begin = spot.words, spot.begin
    if spot.last.low not in {"является", "являются"} or not _has_subject(words, begin):
        return spot.turned()
    adjective = _adjective(words, spot.end)
    noun = nounphrase.at(words, spot.end, "ablt") if adjective is None else None
    if noun is not None:
        said, end = None if noun.is_joined else noun.in_case("nomn", spot.text), noun.words[-1].end
        denied = len(spot.match.words) > 1
        dash = "" if denied or words[begin - 1].is_a("NPRO") else "— "
    else:
        said, end, dash = adjective, words[min(spot.end, len(words) - 1)].end, ""
    if not said:
        return spot.turned()
    no = "не " if len(spot.match.words) > 1 else ""
    return Turned(spot.first.start, end, (f"{dash}{no}{said}",))


def _adjective(words: tuple[Word, ...], place: int) -> str | None:
    """«(является) архивным» → «архивный»: only when nothing that it could describe follows."""
    if place >= len(words) or not words[place].is_word:
        return None
    if morphology.parses(words[place].text)[0].tag.POS not in {"ADJF", "PRTF"}:
        return None
    adjective = morphology.first(words[place].text, "ADJF", "ablt")
    is_last = place + 1 >= len(words) or turning.is_mark(words[place + 1]) or words[place + 1].is_a("PREP")
    if adjective is None or not is_last:
        return None
    wanted = {"nomn", str(adjective.tag.number)}
    if adjective.tag.number == "sing":
        wanted.add("femn" if adjective.tag.gender == "femn" else _gender_of_subject(words, place))
    if adjective.normal_form in _SHORT:
        return morphology.inflect(adjective, "ADJS", *(wanted - {"nomn"}))
    return morphology.inflect(adjective, *wanted)


def _gender_of_subject(words: tuple[Word, ...], place: int) -> str:
    """«тариф является архивным», «подключение является платным»: masculine and neuter look alike in «архивным»."""
    for word in words[max(0, place - 30) : place]:
        noun = nounphrase.noun_parse(word, "nomn", "sing")
        if noun and noun.tag.gender in {"masc", "neut"}:
            return str(noun.tag.gender)
    return "masc"


def _has_subject(words: tuple[Word, ...], place: int) -> bool:
    """A nominative stands in the clause before the verb, and the clause hangs on nothing («который является»)."""
    for word in reversed(words[max(0, place - 30) : place]):
        if word.text in {",", ";", ":"} or word.low.startswith("котор"):
            return False
        if word.is_a("nomn") and not word.is_a("PREP"):
            return True
    return False
