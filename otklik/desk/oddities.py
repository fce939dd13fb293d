"""What the reader of letters found odd, in words for people: the reader itself speaks to programs."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

ELSE = gettext_noop("Письмо устроено не по правилам, часть могла показаться не так")
_CUT = gettext_noop("Письмо оборвано: конца может не хватать")
_KEPT = gettext_noop("Часть письма показать нельзя, она лежит в файле")
_HEADERS = gettext_noop("Заголовки письма слишком длинные, мы показали их начало")
# by the beginning of the reader's words; the first that fits
_SAID = (
    ("multipart not closed", _CUT),
    ("text cut", gettext_noop("Текст слишком длинный: здесь его начало, целиком он лежит в файле")),
    ("header cut", _HEADERS),
    ("headers cut", _HEADERS),
    ("bytes that are not", gettext_noop("Часть букв испорчена, на их месте стоит �")),
    ("winmail.dat", gettext_noop("Вложение winmail.dat не распаковалось, прикладываем его как есть")),
    ("more than", gettext_noop("В письме слишком много частей, остальные лежат в файле")),
    ("multipart without", ELSE),
    ("boundary", ELSE),
    ("content type", ELSE),
    ("no blank line", ELSE),
    ("transfer encoding", ELSE),
)


def said(odd: list[str]) -> list[str]:
    """Sentences for the page, each once. What is not the reader's (our own words about a letter) stays as it is."""
    return list(dict.fromkeys(_one(words) for words in odd))


def _one(words: str) -> str:
    for beginning, sentence in _SAID:
        if words.startswith(beginning):
            return _(sentence)
    if words.endswith("kept as a file"):
        return _(_KEPT)
    return _(ELSE) if words.isascii() else words
