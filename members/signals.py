"""What other storeys may listen to."""

from django.dispatch import Signal

# Sent with sender=User and person=… inside the transaction of the cause: signing out, a changed or
# reset password, a deactivated account. Whoever handed out rights that outlive a session ends them here.
access_ended = Signal()
