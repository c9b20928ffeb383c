"""Shapes of the API's answers."""

from typing import Any

from rest_framework import serializers

from exams.models import Attempt


class ExamSerializer(serializers.Serializer[Any]):
    """An exam as one of its candidates sees it."""

    uuid = serializers.UUIDField()
    title = serializers.CharField()
    opens_at = serializers.DateTimeField()
    closes_at = serializers.DateTimeField()
    minutes = serializers.IntegerField()
    total_points = serializers.FloatField()
    pass_points = serializers.FloatField()
    attempts_left = serializers.IntegerField()
    state = serializers.ChoiceField(choices=["upcoming", "open", "running", "used_up", "over"])


class OptionSerializer(serializers.Serializer[Any]):
    id = serializers.CharField()
    text = serializers.CharField()


class FigureSerializer(serializers.Serializer[Any]):
    url = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    description = serializers.CharField()


class PaperRowSerializer(serializers.Serializer[Any]):
    """One question of a paper. No key travels in it."""

    number = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=["single", "multiple", "true_false", "fill", "short"])
    stem = serializers.CharField()
    points = serializers.FloatField()
    options = OptionSerializer(many=True)
    blanks = serializers.IntegerField()
    figures = FigureSerializer(many=True)


class OpenAttemptSerializer(serializers.Serializer[Attempt]):
    """A running attempt with its paper and what was answered so far."""

    uuid = serializers.UUIDField()
    exam = serializers.UUIDField()
    opened_at = serializers.DateTimeField()
    closes_at = serializers.DateTimeField()
    server_time = serializers.DateTimeField()
    grant = serializers.CharField()
    paper = PaperRowSerializer(many=True)
    responses = serializers.DictField()


class ResponseInSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField(min_value=1)
    answer = serializers.DictField()
    sequence = serializers.IntegerField(min_value=0)
    flagged = serializers.BooleanField(required=False)


class SaveSerializer(serializers.Serializer[Any]):
    responses = ResponseInSerializer(many=True)


class SavedSerializer(serializers.Serializer[Any]):
    saved = serializers.ListField(child=serializers.IntegerField())
    stale = ResponseInSerializer(many=True)
    closes_at = serializers.DateTimeField()
    server_time = serializers.DateTimeField()


class SubmittedSerializer(serializers.Serializer[Any]):
    state = serializers.CharField()
    submitted_at = serializers.DateTimeField()
    receipt = serializers.CharField()


class ReviewRowSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    kind = serializers.CharField()
    stem = serializers.CharField()
    points = serializers.FloatField()
    earned = serializers.FloatField(allow_null=True)
    verdict = serializers.CharField()
    given = serializers.ListField(child=serializers.CharField())
    expected = serializers.ListField(child=serializers.CharField())
    explanation = serializers.CharField()
    basis = serializers.CharField()
    document_number = serializers.CharField()
    repair = serializers.CharField(help_text="What was done about a wrong key, when, and what it changed; or empty.")
    figures = FigureSerializer(many=True)


class ScoreChangeSerializer(serializers.Serializer[Any]):
    """A repaired key that changed the score of this attempt."""

    repaired_at = serializers.DateTimeField()
    number = serializers.IntegerField()
    reason = serializers.CharField()
    score_before = serializers.FloatField(allow_null=True)
    score_after = serializers.FloatField(allow_null=True)


class AttemptResultSerializer(serializers.Serializer[Any]):
    """An ended attempt; ``score``, ``band``, ``passed``, ``review`` and ``score_changes`` only when released."""

    uuid = serializers.UUIDField()
    state = serializers.CharField()
    submitted_at = serializers.DateTimeField()
    receipt = serializers.CharField()
    released = serializers.BooleanField()
    score = serializers.FloatField(allow_null=True)
    total_points = serializers.FloatField()
    band = serializers.CharField(allow_null=True)
    passed = serializers.BooleanField(allow_null=True)
    review = ReviewRowSerializer(many=True)
    score_changes = ScoreChangeSerializer(many=True)


class ScoreRowSerializer(serializers.Serializer[Any]):
    """One candidate's score for the office."""

    name = serializers.CharField()
    code = serializers.CharField()
    phone = serializers.CharField()
    sending_unit = serializers.CharField()
    township = serializers.CharField()
    township_code = serializers.CharField()
    village = serializers.CharField()
    team = serializers.CharField()
    role = serializers.CharField()
    staff_category = serializers.CharField()
    sitting = serializers.IntegerField()
    total = serializers.FloatField()
    score = serializers.FloatField(allow_null=True)
    objective = serializers.FloatField(allow_null=True)
    subjective = serializers.FloatField(allow_null=True)
    passed = serializers.BooleanField(allow_null=True)
    band = serializers.CharField()
    minutes_used = serializers.IntegerField(allow_null=True)
    started_at = serializers.DateTimeField(allow_null=True)
    handed_in_at = serializers.DateTimeField(allow_null=True)
    hand_in = serializers.CharField()
    page_leaves = serializers.IntegerField(allow_null=True)
    is_retake = serializers.BooleanField()
    absent = serializers.BooleanField()
    remark = serializers.CharField()
