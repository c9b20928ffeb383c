"""Shapes of the API's answers."""

from typing import Any

from rest_framework import serializers

from courses.enums import AbsenceReason, AttendanceState, CourseState, SessionState

REASONS = [value for value, _label in AbsenceReason.choices]
STATES = [value for value, _label in AttendanceState.choices]


class MyProgressSerializer(serializers.Serializer[Any]):
    """How far one is: ``attended`` of ``required`` sessions; ``passed`` is null where no test has to be passed."""

    attended = serializers.IntegerField()
    required = serializers.IntegerField()  # type: ignore[assignment]  # a field that is called so
    passed = serializers.BooleanField(allow_null=True)
    is_completed = serializers.BooleanField()
    is_exempt = serializers.BooleanField()


class MyCourseSerializer(serializers.Serializer[Any]):
    uuid = serializers.UUIDField()
    title = serializers.CharField()
    kind = serializers.CharField()
    division = serializers.CharField(help_text="Twelve-digit code of the division whose course it is.")
    state = serializers.ChoiceField(choices=[CourseState.OPEN.value, CourseState.CLOSED.value])
    joined_on = serializers.DateField()
    left_on = serializers.DateField(allow_null=True)
    progress = MyProgressSerializer()


class MyAttendanceSerializer(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=STATES)
    reason = serializers.ChoiceField(choices=[*REASONS, ""])
    arrived_at = serializers.DateTimeField(allow_null=True)


class MySessionSerializer(serializers.Serializer[Any]):
    """``is_expected``: the session is still to come and one's own; ``repeat_of`` names the one that is given again."""

    uuid = serializers.UUIDField()
    topic = serializers.CharField()
    repeat_of = serializers.UUIDField(allow_null=True)
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    place = serializers.CharField()
    online_url = serializers.CharField()
    lecturers = serializers.ListField(child=serializers.CharField())
    state = serializers.ChoiceField(choices=[value for value, _label in SessionState.choices])
    is_expected = serializers.BooleanField()
    attendance = MyAttendanceSerializer(allow_null=True)


class MyCourseDetailSerializer(MyCourseSerializer):
    goals = serializers.CharField()
    exam = serializers.UUIDField(allow_null=True, help_text="The follow-up test.")
    sessions = MySessionSerializer(many=True)


class PlaceSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()


class LackSerializer(serializers.Serializer[Any]):
    """What somebody lacks, what is known of why, and the session at which they can still have it."""

    session = serializers.UUIDField()
    topic = serializers.CharField()
    state = serializers.ChoiceField(choices=STATES, allow_null=True)
    reason = serializers.ChoiceField(choices=REASONS, allow_null=True)
    next_session = serializers.UUIDField(allow_null=True)
    next_starts_at = serializers.DateTimeField(allow_null=True)


class GapSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    township = PlaceSerializer()
    team = serializers.CharField()
    attended = serializers.IntegerField()
    required = serializers.IntegerField()  # type: ignore[assignment]  # a field that is called so
    passed = serializers.BooleanField(allow_null=True)
    reason = serializers.ChoiceField(choices=[*REASONS, ""])
    is_explained = serializers.BooleanField()
    missing = LackSerializer(many=True)
