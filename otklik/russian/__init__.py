"""Russian words that a computer has to put together: plurals, spoken dates, typography.

Pure: values in, values out; no Django, no clock, no setting. Nothing here raises on any input.
"""

from otklik.russian import dates
from otklik.russian.plurals import form, plural
from otklik.russian.typography import tidy

__all__ = ["dates", "form", "plural", "tidy"]
