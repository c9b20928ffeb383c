from members.models.division import Division
from members.models.roster import RosterImport
from members.models.team import Posting, SendingUnit, Team
from members.models.user import RoleAssignment, User

__all__ = ["Division", "Posting", "RoleAssignment", "RosterImport", "SendingUnit", "Team", "User"]
