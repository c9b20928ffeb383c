"""What the product tells people, and how it reached them."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.models.user import User


class MessageQuerySet(models.QuerySet["Message"]):
    def of(self, person: User) -> Self:
        return self.filter(person=person)

    def unread(self) -> Self:
        return self.filter(read_at=None)


class Message(models.Model):
    """One message to one person, in their list of messages; copies go out by the channels they can be reached by."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(User, models.PROTECT, related_name="messages", verbose_name=_("person"))
    # What it is about, so that nobody is told the same thing twice: "courses.reminder:12:345".
    key = models.CharField(max_length=120, unique=True)
    subject = models.CharField(_("subject"), max_length=120)
    text = models.CharField(_("text"), max_length=500, blank=True)
    # A path of this product.
    link = models.CharField(max_length=200, blank=True)
    sent_at = models.DateTimeField(_("sent at"))
    read_at = models.DateTimeField(_("read at"), null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-sent_at", "-pk"]
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes = [models.Index(fields=["person", "-sent_at"], name="members_message_of_person")]

    def __str__(self) -> str:
        return self.subject


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def due(self, *, at: datetime) -> Self:
        return self.filter(state=Delivery.State.WAITING, next_try_at__lte=at)


class Delivery(models.Model):
    """The copy of a message that goes out by one channel, tried again until it arrives or is given up."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("delivery", "Waiting")
        SENT = "sent", pgettext_lazy("delivery", "Sent")
        FAILED = "failed", pgettext_lazy("delivery", "Given up")

    message = models.ForeignKey(Message, models.CASCADE, related_name="deliveries")
    # The key under which the channel is registered.
    channel = models.CharField(_("channel"), max_length=20)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(pgettext_lazy("message", "attempts"), default=0)
    next_try_at = models.DateTimeField()
    error = models.CharField(_("error"), max_length=300, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["next_try_at", "pk"]
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [models.UniqueConstraint(fields=["message", "channel"], name="members_delivered_once")]
        indexes = [models.Index(fields=["next_try_at"], condition=Q(state="waiting"), name="members_delivery_due")]

    def __str__(self) -> str:
        return f"{self.channel}: {self.get_state_display()}"
