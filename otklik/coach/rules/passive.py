"""Passive that hides who acts (contract: `passive`): «заявка принята», «возврат осуществляется».

A finding with suggestions covers the subject and the verb group («Ваша заявка была передана»), since the subject
changes its case; one without covers the verb group alone.
"""

from collections.abc import Iterator
from itertools import islice

from otklik.coach.actives import ways_and_place
from otklik.coach.clauses import named_doers
from otklik.coach.doers import passives
from otklik.coach.passives import Passive, words_of
from otklik.coach.reading import Reading, Sentence, finding
from otklik.coach.reply import Finding, Severity

CODE = "passive"
MOST = 200  # a reply with more needs no longer list, and a hostile text no longer look
REASON = "Клиент не видит, кто это делает: начните с «мы», с «я» или с имени того, кто за это взялся."
REASON_NAMED = "Поставьте того, кто это делает, в начало: так фраза короче и живее."


def find(reading: Reading) -> Iterator[Finding]:
    """Each verb group on its own, the first `MOST` of them. Budget: 1 000 characters ≤ 3 ms."""
    all_ = ((sentence, found) for sentence in reading.judged_sentences for found in passives(sentence))
    for sentence, found in islice(all_, MOST):
        yield _finding(reading, sentence, found)


def _finding(reading: Reading, sentence: Sentence, found: Passive) -> Finding:
    if (found.doer and not found.doer_is_ours) or _is_done_by_a_thing(found):
        return finding(CODE, found.place, REASON_NAMED, severity="hint")
    place, ways = ways_and_place(reading, sentence, found)
    if _goes_on_with_will(sentence, place[1]):
        ways = ()
    severity: Severity = "hint" if _is_the_clients(found) else "warning"
    return finding(CODE, place, REASON, suggestions=ways, severity=severity)


def _goes_on_with_will(sentence: Sentence, end: int) -> bool:
    """«Списан он не будет»: the rest of the predicate stands behind."""
    after = [word.low for word in sentence.words if word.start >= end][:2]
    return after[:1] == ["будет"] or after in (["не", "будет"], ["не", "будут"])


def _is_the_clients(found: Passive) -> bool:
    """«Счёт оплачен», «адрес указан»: hidden, but most often it was the client."""
    if found.head.kind == "participle":
        return found.head.base in words_of("clients")
    return found.head.lemma in words_of("clients_habits")


def _is_done_by_a_thing(found: Passive) -> bool:
    """«Размер пени установлен договором»: no «мы» hides here."""
    named = (one for one in named_doers(found.clause, found.first, found.last) if one.at == found.last + 1)
    return any(one.lemma not in words_of("manners") and one.lemma not in {"мы", "я"} for one in named)
