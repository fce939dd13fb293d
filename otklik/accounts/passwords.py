"""Passwords that the lists of common ones miss, since few of those are twelve signs long.

A common one with figures around it, in the other keyboard, said twice, or a row of signs in order.
"""

import re
from functools import lru_cache
from itertools import pairwise

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_LATIN = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
_RUSSIAN = "йцукенгшщзхъфывапролджэячсмитьбюё"
_KEYS = str.maketrans(_RUSSIAN, _LATIN)
_AROUND = re.compile(r"[\W\d_]+")
LEAST_DIFFERENT = 5


class SimplePasswordValidator:
    """In AUTH_PASSWORD_VALIDATORS."""

    def validate(self, password: str, user: object = None) -> None:  # noqa: ARG002 - Django's signature
        """Raises ValidationError."""
        if is_simple(password):
            raise ValidationError(
                _("Такой пароль подбирают первым. Возьмите несколько слов, не связанных между собой."),
                code="password_too_simple",
            )

    def get_help_text(self) -> str:
        return _("Не самый частый пароль с цифрами на конце и не знаки подряд.")


def is_simple(password: str) -> bool:
    """Whether a guesser tries it among the first million."""
    plain = password.lower()
    if len(set(plain)) < LEAST_DIFFERENT or _is_row(plain):
        return True
    typed = plain.translate(_KEYS)
    return any(_once(_AROUND.sub("", one)) in _common() for one in (plain, typed))


def _once(word: str) -> str:
    """«passwordpassword» → «password»."""
    for length in range(1, len(word) // 2 + 1):
        if word == word[:length] * (len(word) // length):
            return word[:length]
    return word


def _is_row(word: str) -> bool:
    """«123456789012», «abcdefghijkl», «qwertyuiop[]»: each sign follows the one before, up, down or along the keys."""
    steps = {(ord(b) - ord(a)) % 10 if (a + b).isdigit() else ord(b) - ord(a) for a, b in pairwise(word)}
    return steps <= {1} or steps <= {-1, 9} or word in _LATIN * 2 or word in _RUSSIAN * 2


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    """Django's list; '' stands for what was nothing but figures."""
    return frozenset(CommonPasswordValidator().passwords) | {""}
