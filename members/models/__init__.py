from members.models.division import Division
from members.models.feedback import Feedback
from members.models.message import Delivery, Message
from members.models.roster import RosterImport
from members.models.team import Posting, SendingUnit, Team
from members.models.two_person import TwoPersonRequest
from members.models.user import RoleAssignment, User

__all__ = [
    "Delivery",
    "Division",
    "Feedback",
    "Message",
    "Posting",
    "RoleAssignment",
    "RosterImport",
    "SendingUnit",
    "Team",
    "TwoPersonRequest",
    "User",
]
