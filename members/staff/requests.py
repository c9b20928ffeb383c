"""Requests behind Wagtail's gate: somebody is signed in."""

from django.http import HttpRequest

from members.models import User


class StaffRequest(HttpRequest):
    user: User
