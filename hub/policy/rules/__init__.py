"""The rules, one file a family. Importing the families enters every rule in the book."""

from hub.policy.book import RULES, Book
from hub.policy.rules import basis, consent, coordination, duties, redaction, safety, who_consents

__all__ = ["BOOK", "basis", "consent", "coordination", "duties", "redaction", "safety", "who_consents"]

BOOK = Book(RULES)
