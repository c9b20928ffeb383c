from members.models.division import Division
from members.models.feedback import Feedback
from members.models.roster import RosterImport
from members.models.team import Posting, SendingUnit, Team
from members.models.user import RoleAssignment, User

__all__ = ["Division", "Feedback", "Posting", "RoleAssignment", "RosterImport", "SendingUnit", "Team", "User"]
