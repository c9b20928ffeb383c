"""Rosters: reading a file, planning what it would change, carrying that out.

Planning is pure: what the file says and what is known go in, a plan comes out; only carrying out writes.
"""

from members.domain.roster.carrying_out import Outcome, carry_out_roster
from members.domain.roster.issuing import IssuedPassword, issue_initial_passwords, people_without_sign_in
from members.domain.roster.plan import RosterPlan
from members.domain.roster.present import plan_roster
from members.domain.roster.purging import purge_rosters
from members.domain.roster.reading import read_roster

__all__ = [
    "IssuedPassword",
    "Outcome",
    "RosterPlan",
    "carry_out_roster",
    "issue_initial_passwords",
    "people_without_sign_in",
    "plan_roster",
    "purge_rosters",
    "read_roster",
]
