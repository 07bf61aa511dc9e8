"""What the hub needs from outside. A port is a noun with a few methods; `storage`, `broker` and `security` keep them.

A `Work` is one transaction: everything read and written through it is seen together or not at all. Every call takes and
gives batches, because one statement for thirty-two messages costs little more than for one. Every row belongs to a
municipality. A port and the row it keeps stand in one file.
"""

from hub.ports.answers import Answer, Answers
from hub.ports.audit import Audit, AuditEntry, AuditLine
from hub.ports.broker import Broker, Ticket
from hub.ports.clock import Clock
from hub.ports.consents import ConsentRequests, Consents
from hub.ports.decisions import DecisionRow, Decisions
from hub.ports.deliveries import Deliveries, Delivery
from hub.ports.directory import Directory
from hub.ports.door import Door, Letter
from hub.ports.experiences import Answered, Experience, Experiences
from hub.ports.figures import Count, Figures, Lasted, Span, What
from hub.ports.holds import Hold, Holds, Move, Moves, unanswered
from hub.ports.inbox import Inbox
from hub.ports.keys import Keys
from hub.ports.ledger import Ledger, Part
from hub.ports.links import Link, Links
from hub.ports.looks import Looks
from hub.ports.persons import Persons
from hub.ports.plans import Plans
from hub.ports.population import Events, Feeds, Population, Registered
from hub.ports.proposals import Proposal, Proposals
from hub.ports.set_aside import AsideRow, SetAside
from hub.ports.tally import Tally, Wait
from hub.ports.tasks import Logbook, Tasks
from hub.ports.views import View, Views, ViewVersion, ViewVersions
from hub.ports.work import Store, Work

__all__ = [
    "Answer",
    "Answered",
    "Answers",
    "AsideRow",
    "Audit",
    "AuditEntry",
    "AuditLine",
    "Broker",
    "Clock",
    "ConsentRequests",
    "Consents",
    "Count",
    "DecisionRow",
    "Decisions",
    "Deliveries",
    "Delivery",
    "Directory",
    "Door",
    "Events",
    "Experience",
    "Experiences",
    "Feeds",
    "Figures",
    "Hold",
    "Holds",
    "Inbox",
    "Keys",
    "Lasted",
    "Ledger",
    "Letter",
    "Link",
    "Links",
    "Logbook",
    "Looks",
    "Move",
    "Moves",
    "Part",
    "Persons",
    "Plans",
    "Population",
    "Proposal",
    "Proposals",
    "Registered",
    "SetAside",
    "Span",
    "Store",
    "Tally",
    "Tasks",
    "Ticket",
    "View",
    "ViewVersion",
    "ViewVersions",
    "Views",
    "Wait",
    "What",
    "Work",
    "unanswered",
]
