"""The real verb instead of an empty phrase: «осуществите перезагрузку сервера» → «перезагрузите сервер»."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from otklik.coach import claims, nounphrase, turning
from otklik.coach.emptyverbs import Phrase
from otklik.coach.nounphrase import NounPhrase
from otklik.coach.phrases import tables
from otklik.coach.reading import Word
from otklik.coach.verbalnouns import Deed, deeds
from otklik.russian import morphology

if TYPE_CHECKING:
    from pymorphy3.analyzer import Parse

# after a verb without its object these words would hang in the air: «оплатите за доставку»
_HANGS = frozenset({"за", "по", "о", "об", "над", "на", "всех", "и", "или", "из", "через", "с", "со"})
_SEASONS = frozenset({"весной", "летом", "осенью", "зимой", "утром", "днем", "вечером", "ночью"})
_BY_ITSELF = frozenset({"автоматически", "самостоятельно", "через"})  # the client or a machine does it
_OURS = frozenset({"мы", "я", "нами", "мной", "вами", "они", "он", "она"})


def instead(phrase: Phrase, text: str) -> tuple[str, ...]:
    """Replacements for the text from the first to the last word of the phrase; none where it can't be turned surely."""
    phrase = _without_empty_noun(phrase)
    deed = deeds().get(phrase.noun.lemma)
    if deed is None or phrase.noun.is_joined:
        return ()
    what = _object(phrase.noun, deed, phrase, text)
    verb = deed.verb(phrase.aspect, alone=not what)
    how = _manner(phrase.noun)
    if verb is None or what is None or how is None or _something_unsure(phrase):
        return ()
    between = _between(phrase)
    made = _passive(phrase, deed, verb) if phrase.passive else _active(phrase, verb)
    if between is None or not made:
        return ()
    return tuple(_put_together(phrase, one, what, how, between) for one in made)


def _without_empty_noun(phrase: Phrase) -> Phrase:
    """«осуществляется проведение анализа ошибки»: the verb is in «анализ», the noun between is as empty as the verb."""
    outer, words = phrase.noun, phrase.sentence.words
    if outer.lemma not in tables("nominal")["chains"]["empty_nouns"] or outer.head:
        return phrase
    inner = nounphrase.at(words, outer.words[0].at - words[0].at + 1, "gent")
    if inner is None or inner.end != outer.end:
        return phrase
    head = inner.head + 1
    noun = NounPhrase(outer.words, head, (None, *inner.forms), outer.end, inner.is_joined)
    return replace(phrase, noun=noun)


def _put_together(phrase: Phrase, verb: str, what: str, how: str, between: str) -> str:
    """The words in order: doer and verb first, or the object where the noun stood first and the verb is active."""
    turned_round = not phrase.passive and phrase.noun.words[0].at < phrase.verb.at and bool(what)
    if turned_round:
        parts = [what, between, how, verb]
    elif phrase.passive:
        doer, _, rest = verb.partition(" ")
        parts = [doer, how, rest, what, between]
    else:
        parts = [how, verb, between, what]
    said = " ".join(part for part in parts if part)
    first = phrase.words[0].text
    return morphology.like(said, first) if not first.isupper() or len(first) == 1 else said


# ---- the object


def _object(noun: NounPhrase, deed: Deed, phrase: Phrase, text: str) -> str | None:
    """What the verb is done to, in the accusative; "" where it needs nothing, None where it isn't clear."""
    rest = noun.words[noun.head + 1 :]
    owner = next((word.low for word in noun.words[: noun.head] if word.low in {"его", "ее", "их"}), "")
    if "keep" in deed.flags:
        return None if rest or owner else ""
    if not rest:
        if owner:
            return owner.replace("ее", "её")
        return "" if _may_stand_alone(deed, phrase) else None
    words = phrase.sentence.words
    first = rest[0].at - words[0].at
    if rest[0].token.kind == "number" and len(rest) == 2:
        return None if rest[0].text.endswith("1") else text[rest[0].start : rest[1].end]
    what = nounphrase.at(words, first, "gent")
    if what is None or what.is_joined or owner or _goes_the_other_way(noun, what):
        return None
    if what.lemma == "средство" and what.head == 1 and "денежн" in what.words[0].low and what.end == noun.end:
        return "деньги"
    if what.lemma == "средство" and not what.head and what.noun.low == "средств" and what.end == noun.end:
        return "деньги"
    return what.in_case("accs", text)


def _goes_the_other_way(noun: NounPhrase, what: NounPhrase) -> bool:
    """«Театр производит возврат билетов»: he takes them back."""
    return what.lemma in tables("nominal")["taken_back"] and noun.lemma in {"возврат", "возвращение"}


def _may_stand_alone(deed: Deed, phrase: Phrase) -> bool:
    if "alone" not in deed.flags or phrase.passive:
        return False
    words = phrase.sentence.words
    after = phrase.words[-1].at - words[0].at + 1
    return after >= len(words) or words[after].low not in _HANGS


def _manner(noun: NounPhrase) -> str | None:
    """What describes the noun, said of the verb: «полную проверку» → «полностью»; None where it can't be said so."""
    said = []
    for form in noun.forms[: noun.head]:
        if form is None:
            continue
        adverb = tables("nominal")["adverbs"].get(form.normal_form.replace("ё", "е"))
        if adverb is None:
            return None
        said.append(adverb)
    return " ".join(said)


# ---- the sentence round it


def _between(phrase: Phrase) -> str | None:
    """The words between verb and noun, kept as they are; None where they aren't plainly a pronoun or an adverb."""
    own = {word.at for word in phrase.words}
    first, last = phrase.words[0].at, phrase.words[-1].at
    offset = phrase.sentence.words[0].at
    kept = [word for word in phrase.sentence.words[first - offset : last - offset + 1] if word.at not in own]
    if any(word.text == "," for word in kept):
        return _please(kept)
    parts = [str(morphology.parses(word.text)[0].tag.POS) if word.is_word else "" for word in kept]
    with_someone = parts == ["PREP", "NPRO"]
    if with_someone or all(part in {"NPRO", "ADVB", "PRCL"} for part in parts):
        return " ".join(word.text for word in kept)
    return None


def _please(kept: list[Word]) -> str | None:
    """«, пожалуйста,» stays with its place: the verb before it, the object after it; else nothing is offered."""
    return None if [word.low for word in kept] != [",", "пожалуйста", ","] else ""


def _something_unsure(phrase: Phrase) -> bool:
    """Two predicates or a named doer in the clause, a refusal, «может быть»: the turn could say another thing."""
    words = phrase.sentence.words
    offset = words[0].at
    begin, end = phrase.words[0].at - offset, phrase.words[-1].at - offset + 1
    if (
        end + 1 < len(words)
        and words[end].low in {"и", "или", "а", "но"}
        and _goes_on(words, end + 1, phrase)
    ):
        return True
    if not phrase.passive:
        return False
    clause = [word for word in words[_back(words, begin) : _on(words, end)] if word.is_word]
    if any(
        word.low in _OURS
        or word.low in {"не", "бы", "может", "могут", "должен", "должна", "должно", "должны"}
        for word in clause
    ):
        return True
    return any(word.low.startswith("котор") for word in clause) or any(
        _is_doer(clause, n) for n in range(len(clause))
    )


def _back(words: Sequence[Word], place: int) -> int:
    """Where the clause begins, at most six words back."""
    for n in range(place - 1, max(0, place - 6) - 1, -1):
        if turning.is_mark(words[n]):
            return n + 1
    return max(0, place - 6)


def _on(words: Sequence[Word], place: int) -> int:
    """Where the clause ends, at most six words on."""
    return next((n for n in range(place, min(len(words), place + 6)) if turning.is_mark(words[n])), place + 6)


def _goes_on(words: Sequence[Word], place: int, phrase: Phrase) -> bool:
    after = words[place : place + 2]
    return (
        any(word.is_a("PRTS") or word.is_a("VERB") for word in after)
        if phrase.passive
        else any(word.is_a("NOUN", "accs") for word in after)
    )


def _is_doer(words: Sequence[Word], place: int) -> bool:
    """A bare noun in the instrumental («банком»), or a word that says that it isn't we: «автоматически»."""
    word = words[place]
    if word.low in _BY_ITSELF:
        return True
    parse = morphology.parses(word.text)[0]
    governed = any(one.is_a("PREP") for one in words[max(0, place - 3) : place])
    return parse.tag.POS == "NOUN" and parse.tag.case == "ablt" and not governed and word.low not in _SEASONS


# ---- the form of the verb


def _active(phrase: Phrase, verb: "Parse") -> list[str]:
    """The verb in the very form of the empty one."""
    tag = phrase.form.tag
    if tag.POS == "INFN":
        return [verb.word]
    if tag.POS == "GRND":
        made = morphology.inflect(verb, "GRND", *(["past"] if phrase.aspect == "perf" else []))
        return [made] if made else []
    wanted = _order(phrase) if (tag.number == "plur" and tag.person == "2per") or tag.mood == "impr" else None
    wanted = wanted or [str(one) for one in (tag.mood, tag.tense, tag.person, tag.number, tag.gender) if one]
    made = morphology.inflect(verb, *wanted)
    return [made] if made else []


def _order(phrase: Phrase) -> list[str] | None:
    """«выполните» may be an order or «вы выполните»: an order unless «вы» or «если», «когда» stand before it."""
    tag = phrase.form.tag
    place = phrase.verb.at - phrase.sentence.words[0].at
    before = phrase.sentence.words[max(0, place - 12) : place]
    told = any(word.low in {"вы", "если", "когда", "пока"} for word in before)
    forms = {parse.tag.mood for parse in morphology.parses(phrase.verb.text) if parse.tag.POS == "VERB"}
    if "impr" in forms and not (told and "indc" in forms):
        return ["impr", str(tag.number), "excl"]
    return ["indc", "2per", "plur", "futr" if phrase.aspect == "perf" else "pres"]


def _passive(phrase: Phrase, deed: Deed, verb: "Parse") -> list[str]:
    """«мы» and the verb in the time of the passive; «я» as well where it is one deed of one time."""
    words = phrase.sentence.words
    if "client" in deed.flags or "keep" in deed.flags or _is_anothers(words):
        return []
    tag, auxiliary = phrase.form.tag, phrase.auxiliary.low if phrase.auxiliary else ""
    if auxiliary == "быть":
        return []
    if tag.POS == "PRTS":
        mine = _may_one_person(verb, phrase.noun, words)
        made = _once(verb, future=auxiliary.startswith("буд"))
        return made if mine else made[:1]
    if tag.POS == "INFN":
        return [f"мы будем {verb.word}"] if auxiliary.startswith("буд") else []
    if tag.tense == "past":
        return _said("мы", morphology.inflect(verb, "past", "plur"))
    return _said("мы", morphology.inflect(verb, "indc", "pres", "1per", "plur"))


def _is_anothers(words: Sequence[Word]) -> bool:
    """Another body, the law, a machine or the client at his screen does it."""
    return (
        claims.names_another(words) or claims.is_done_on_a_screen(words) or claims.is_done_by_a_machine(words)
    )


def _may_one_person(verb: "Parse", noun: NounPhrase, words: Sequence[Word]) -> bool:
    things = {lemma for word in noun.words[noun.head + 1 :] if word.is_word for lemma in word.lemmas}
    return claims.may_one_do(verb.normal_form, things, words)


def _once(verb: "Parse", *, future: bool) -> list[str]:
    if future:
        we, me = ("indc", "futr", "1per", "plur"), ("indc", "futr", "1per", "sing")
        return _said("мы", morphology.inflect(verb, *we)) + _said("я", morphology.inflect(verb, *me))
    he, she = ("past", "masc", "sing"), ("past", "femn", "sing")
    return (
        _said("мы", morphology.inflect(verb, "past", "plur"))
        + _said("я", morphology.inflect(verb, *he))
        + _said("я", morphology.inflect(verb, *she))
    )


def _said(doer: str, verb: str | None) -> list[str]:
    return [f"{doer} {verb}"] if verb else []


def dropped(outer: NounPhrase, inner: NounPhrase, words: Sequence[Word], text: str) -> tuple[str, ...]:
    """«проведение обновления базы» → «обновление базы»: the inner noun in the case of the outer one."""
    head = outer.forms[outer.head]
    if head is None or inner.is_joined or outer.head:
        return ()
    case = str(head.tag.case)
    said = inner.in_case(case, text)
    if said is None or (case == "nomn" and _is_counted_on(words, outer, inner)):
        return ()
    if case == "nomn" and inner.number_and_gender() == ("sing", "femn") and not _says_of_third(words):
        return ()
    return (morphology.like(said, outer.words[0].text),)


def _says_of_third(words: Sequence[Word]) -> bool:
    """A verb in the third person and none in another, no infinitive: what looks like a nominative is one."""
    verbs = [morphology.parses(word.text)[0].tag for word in words if word.is_word]
    if any((tag.person in {"1per", "2per"} and tag.POS == "VERB") or tag.POS == "INFN" for tag in verbs):
        return False
    return any(tag.person == "3per" and tag.POS == "VERB" for tag in verbs)


def _is_counted_on(words: Sequence[Word], outer: NounPhrase, inner: NounPhrase) -> bool:
    """Whether a predicate of the sentence agrees with the outer noun and wouldn't with the inner one."""
    if outer.number_and_gender() == inner.number_and_gender():
        return False
    if inner.number_and_gender()[0] != outer.number_and_gender()[0]:
        return True
    return any(
        word.is_a("neut") and (word.is_a("PRTS") or word.is_a("ADJS") or word.is_a("VERB", "past"))
        for word in words
    )


def purpose(outer: NounPhrase, begin: int, said: str | None, words: Sequence[Word]) -> turning.Turned | None:
    """«для осуществления выбора места» → «чтобы выбрать место», where the sentence lets it."""
    if not said:
        return None
    turned = turning.closed_clause(words, begin, outer.end, f"чтобы {said}")
    return turned if turned.suggestions else None
