"""Days off of other countries, from the package `holidays`. Pure."""

from dataclasses import dataclass
from datetime import date

# the neighbours first, then by the alphabet of their Russian names
CODES = (
    "RU", "BY", "KZ", "KG", "UZ", "AM", "AZ", "GE", "MD", "TJ", "TM", "MN", "GB", "DE", "IL", "IN", "CY", "CN", "LV",
    "LT", "AE", "PL", "RS", "US", "TH", "TR", "FI", "FR", "CZ", "EE",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Days:
    """off: public holidays, moved ones too; worked: weekend days that are worked instead of others."""

    off: frozenset[date]
    worked: frozenset[date]


def of(country: str, years: range) -> Days:
    """Raises KeyError for a country that is not in CODES."""
    import holidays  # a large package: only who chooses another country waits for it

    if country not in CODES:
        raise KeyError(country)
    found = holidays.country_holidays(country, years=list(years))
    return Days(frozenset(found), frozenset(getattr(found, "weekend_workdays", ())))


def name(country: str, day: date, language: str) -> str:
    """What this day off is called, in a language that the package speaks for this country; '' for any other."""
    import holidays

    known = holidays.country_holidays(country, years=day.year)
    if language not in known.supported_languages:
        return ""
    return str(holidays.country_holidays(country, years=day.year, language=language).get(day) or "")
