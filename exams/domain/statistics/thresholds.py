"""From how many answers a figure is said at all, and from where on it is conspicuous: one place, each with its reason.

``settings.STATISTICS = {"facility": 20}`` changes one of them for an installation.
"""

from typing import NamedTuple

from django.conf import settings


class Thresholds(NamedTuple):
    # -- from how many answers on a figure is said ----------------------------------------------
    # Wilson's interval is the one for small numbers (Brown, Cai and DasGupta 2001), yet with ten answers it is still up
    # to 53 points of a hundred wide; with fewer it says little but would be read as a figure.
    facility: int = 10
    # A correlation of thirty has a standard error near 0.19: enough to tell a negative one from a good one, no more.
    discrimination: int = 30
    # A third of thirty are ten people: the least for which one person is not the whole column's story.
    thirds: int = 30
    # Quartiles of fewer than ten are single answers.
    seconds: int = 10
    # Persons, not answers: with twenty the variance of the totals is known within a factor of two.
    reliability: int = 20

    # -- from where on a question is looked at again -----------------------------------------------
    # One-sided 95%: what only chance may have brought opens no task.
    z_conspicuous: float = 1.645
    # Rule of three (Hanley and Lippman-Hand 1983): nobody of sixty means at most 5% at 95% confidence, which is where
    # Haladyna and Downing (1993) call a distractor idle.
    idle_from: int = 60
    # An even choice would have fallen on it: as many picked other wrong options as leave one out by chance in one of
    # twenty. Where nearly everybody is right nobody is left to be misled, and that says nothing about a distractor.
    idle_chance: float = 0.05
    # A question in words whose facility lies below this with the upper end of its interval: what is accepted may be
    # wrong or too narrow. There are no options by which the best could show another answer.
    hardly_anybody: float = 0.2
    # Even the lower end of its interval lies this high. Tests of what everybody must know are meant to be easy.
    too_easy: float = 0.95
    # More than half of those examined lately have met it, they are more than one team's meeting, and half as many again
    # as have met the average question: where all have been met alike the bank is small, which no question can mend.
    exposed_share: float = 0.5
    exposed_people: int = 30
    exposed_above_mean: float = 1.5
    exposure_days: int = 90
    # Between two quarters: more than trainers would overlook, and beyond chance at 99%. Every question is looked at
    # each quarter, so at 95% one of twenty would open a task with nothing behind it.
    drift: float = 0.15
    z_drift: float = 2.576


def thresholds() -> Thresholds:
    return Thresholds()._replace(**getattr(settings, "STATISTICS", {}))
