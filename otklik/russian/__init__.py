"""Russian text for any program: what it says and what a computer has to put together.

Reading: `text` (words and sentences with their places), `morphology` (forms of words), `spoken` (dates and terms as
people say them), `spelling`. Writing: `dates`, `plural`, `names` (cases of names), `tidy` (typography).
Pure: values in, values out; no Django, no clock, no setting. Nothing here raises on any input.
"""

from otklik.russian import dates
from otklik.russian.plurals import form, plural
from otklik.russian.typography import tidy

__all__ = ["dates", "form", "plural", "tidy"]
