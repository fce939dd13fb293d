"""The desk's rows, a subject a file."""

from otklik.desk.models.drafts import Draft, DraftFile, SentSheet
from otklik.desk.models.files import Attachment, StoredFile
from otklik.desk.models.handing import HandedOver, HandOver
from otklik.desk.models.learning import Word
from otklik.desk.models.messages import Message, Note, Recipient
from otklik.desk.models.sending import Delivery
from otklik.desk.models.tickets import CLOSED_STATES, OPEN, OPEN_STATES, Participant, Relation, Tag, Ticket

__all__ = [
    "CLOSED_STATES",
    "OPEN",
    "OPEN_STATES",
    "Attachment",
    "Delivery",
    "Draft",
    "DraftFile",
    "HandOver",
    "HandedOver",
    "Message",
    "Note",
    "Participant",
    "Recipient",
    "Relation",
    "SentSheet",
    "StoredFile",
    "Tag",
    "Ticket",
    "Word",
]
