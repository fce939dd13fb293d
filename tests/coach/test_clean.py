"""500 sentences of ordinary support talk that nobody would want to change: the coach is to be silent about them.

What it says all the same stands in `clean_findings.txt`, so that anyone can see how much it nags. The file follows the
coach: python -m tests.coach.test_clean writes it anew. No rule is made weaker to shorten it.
"""

from pathlib import Path

from otklik import coach
from otklik.coach.reading import Reading

FOLDER = Path(__file__).parent
LISTED = FOLDER / "clean_findings.txt"
A_THOUSAND = 0.2  # findings above a hint per 1,000 characters that people bear


def sentences() -> list[str]:
    return (FOLDER / "clean.txt").read_text(encoding="utf-8").splitlines()


def listed() -> list[str]:
    """A line for each finding above a hint: rule, words, sentence."""
    replies = [coach.Reply(text, first=False, our_fault=False) for text in sentences()]
    return [
        f"{one.rule}\t{reply.text[one.start : one.end]}\t{reply.text}"
        for reply in replies
        for one in coach.check(reply)
        if one.severity != "hint"
    ]


def test_there_are_500_different_sentences():
    assert len(set(sentences())) == len(sentences()) >= 500
    assert all(len(Reading(coach.Reply(text)).sentences) <= 2 for text in sentences())


def test_the_coach_does_not_nag():
    found = listed()

    assert found == LISTED.read_text(encoding="utf-8").splitlines()
    assert len(found) * 1000 / sum(map(len, sentences())) <= A_THOUSAND


if __name__ == "__main__":
    LISTED.write_text("".join(f"{row}\n" for row in listed()), encoding="utf-8")
