"""Rows of the people who sign in, their doors and what they looked at."""

from otklik.accounts.models.doors import ApiKey, Provider, Session
from otklik.accounts.models.letters import AccountLetter, PasswordLink
from otklik.accounts.models.links import ClientLink, Tally
from otklik.accounts.models.looks import Look
from otklik.accounts.models.people import OwnRole, User, UserManager

__all__ = [
    "AccountLetter",
    "ApiKey",
    "ClientLink",
    "Look",
    "OwnRole",
    "PasswordLink",
    "Provider",
    "Session",
    "Tally",
    "User",
    "UserManager",
]
