"""May this person? What no permission of Django's says about questions."""

from members.enums import Role
from members.models import User


def may_retire(person: User) -> bool:
    """Taking a question out of use needs no second person, but an administrator."""
    return person.is_superuser or person.holds(Role.ADMINISTRATOR)
