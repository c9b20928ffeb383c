"""Words of training in templates."""

from django import template

from courses.domain.addresses import session_url
from courses.domain.wording import lack_for_office, lack_for_person, progress_in_words

register = template.Library()
register.filter("session_url", session_url)
register.filter("progress_in_words", progress_in_words)
register.filter("lack_for_office", lack_for_office)
register.filter("lack_for_person", lack_for_person)
