"""The wording of :mod:`exams.domain.wording` for templates."""

from django import template

from exams.domain import wording

register = template.Library()
register.filter("moment", wording.moment)
register.filter("time_of_day", wording.time_of_day)
