"""The rules of tone on fresh sentences and clean replies, and their lists against the dictionary.

`sentences/<rule>.txt`, `<rule>_later.txt` and so on: «+» the rule should speak, «-» it must be silent; «~» it should
speak and doesn't yet. They were written before the lists that hear them, a round after a round.
`clean_replies.txt`: replies of many trades, a blank line between; no rule of tone speaks about them.
"""

import re
from pathlib import Path

import pytest

from otklik import coach
from otklik.russian import morphology

HERE = Path(__file__).parent
RULES = ("vague", "lecture", "blame", "template", "rude", "dissuade")
TONE = {*RULES, "shouting"}
LISTS = HERE.parents[1] / "otklik" / "coach" / "data"


def _sentences(rule, kinds):
    files = sorted((HERE / "sentences").glob(f"{rule}*.txt"))
    lines = [line for one in files for line in one.read_text(encoding="utf-8").splitlines()]
    return [line[2:] for line in lines if line[:1] in kinds]


def _speaks(rule, text, *, complaint=False):
    reply = coach.Reply(text, first=False, complaint=complaint)
    return any(one.rule == rule for one in coach.check(reply))


def _clean_replies():
    text = (HERE / "sentences" / "clean_replies.txt").read_text(encoding="utf-8")
    return [reply.strip() for reply in text.split("\n\n") if reply.strip()]


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_of_tone_hears_fresh_sentences(rule):
    complaint = rule == "dissuade"

    assert [text for text in _sentences(rule, "+") if not _speaks(rule, text, complaint=complaint)] == []
    assert len(_sentences(rule, "+")) >= 60
    assert len(_sentences(rule, "~")) * 5 <= len(_sentences(rule, "+"))


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_of_tone_is_silent_on_fresh_clean_sentences(rule):
    clean = _sentences(rule, "-")

    assert [text for text in clean if _speaks(rule, text, complaint=rule == "dissuade")] == []
    assert len(clean) >= 60


@pytest.mark.parametrize("reply", _clean_replies())
def test_a_clean_reply_stays_without_findings_of_tone(reply):
    found = coach.check(coach.Reply(reply, first=False, complaint="жалоб" in reply))

    assert [(one.rule, reply[one.start : one.end]) for one in found if one.rule in TONE] == []


@pytest.mark.parametrize("rule", RULES)
def test_every_dictionary_form_of_a_list_is_one(rule):
    lists = "".join(path.read_text(encoding="utf-8") for path in LISTS.glob(f"{rule}*.toml"))
    listed = set(re.findall(r"([а-яё-]+)~", lists))

    assert sorted(word for word in listed if word not in morphology.lemmas(word)) == []


@pytest.mark.parametrize(
    "form", ["Вам, как бухгалтеру, надо знать такие вещи.", "Вам, как хозяину, пора понять."]
)
def test_grammemes_may_be_one_of_several_ways(form):
    assert _speaks("lecture", form)


@pytest.mark.parametrize("rule", RULES)
def test_every_grammeme_of_a_list_is_known(rule):
    lists = "".join(path.read_text(encoding="utf-8") for path in LISTS.glob(f"{rule}*.toml"))
    listed = {tuple(tags.split(",")) for tags in re.findall(r"<([A-Za-z0-9,]+)>", lists)}

    assert [tags for tags in listed if morphology.is_a("слово", *tags) not in (True, False)] == []
    assert set(re.findall(r"[<>]", re.sub(r"<[A-Za-z0-9,]+>", "", lists))) == set()
