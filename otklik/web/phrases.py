"""Texts that one page says many times, each looked up once.

Django finds out for each text anew which language the page speaks: three texts a message made sixty of a long talk.
"""

from django.utils.translation import gettext


class Phrases(dict[str, str]):
    """By their Russian words, which gettext_noop marks where they stand. For one page: its language is the first's."""

    def __missing__(self, text: str) -> str:
        self[text] = found = gettext(text)
        return found
