"""Shapes of the API's answers. Points are exact: decimal numbers as text, as they stand in the record."""

from typing import Any

from rest_framework import serializers


class DivisionSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()


class QuarterSerializer(serializers.Serializer[Any]):
    """A quarter; ``counts_what_was_known_at`` and ``digest`` are those of the computation it rests on now."""

    name = serializers.CharField(help_text="Such as 2026Q3: its part in the address of the scorecards.")
    division = DivisionSerializer()
    year = serializers.IntegerField()
    number = serializers.IntegerField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    state = serializers.ChoiceField(choices=["open", "computed", "published", "closed"])
    edition = serializers.IntegerField()
    counts_what_was_known_at = serializers.DateTimeField(allow_null=True)
    published_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    digest = serializers.CharField(allow_null=True)


class ScoreEvidenceSerializer(serializers.Serializer[Any]):
    """A piece of evidence. ``ref`` names its source and what the source finds it by."""

    label = serializers.CharField()  # type: ignore[assignment]  # a field that is called so
    on = serializers.CharField(allow_null=True)
    value = serializers.CharField(allow_null=True)
    of = serializers.CharField(allow_null=True)
    ref = serializers.CharField()
    note = serializers.CharField()


class ScoreLineSerializer(serializers.Serializer[Any]):
    """What one indicator gave, or a correction: then ``correction`` is its reason."""

    indicator = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # a field that is called so
    weight = serializers.DecimalField(7, 4)
    percent = serializers.DecimalField(7, 4, allow_null=True)
    points = serializers.DecimalField(6, 2)
    explanation = serializers.CharField()
    correction = serializers.CharField(allow_null=True)
    evidence = ScoreEvidenceSerializer(many=True)


class ScorecardSerializer(serializers.Serializer[Any]):
    """One person in one quarter; ``total`` is the sum of the lines, and null for who is exempt."""

    uuid = serializers.UUIDField()
    quarter = serializers.CharField()
    quarter_state = serializers.CharField()
    division = serializers.CharField(help_text="Twelve-digit code of the division that appraises.")
    code = serializers.CharField()
    name = serializers.CharField()
    sending_unit = serializers.CharField()
    township = DivisionSerializer()
    village = serializers.CharField()
    team = serializers.CharField()
    role = serializers.CharField()
    staff_category = serializers.CharField()
    days_served = serializers.IntegerField()
    state = serializers.ChoiceField(choices=["counted", "exempt"])
    remark = serializers.CharField()
    total = serializers.DecimalField(6, 2, allow_null=True)
    grade = serializers.CharField()
    limits = serializers.ListField(child=serializers.CharField())
    suggested_measure = serializers.CharField(help_text="A suggestion for people to decide; empty for none.")
    lines = ScoreLineSerializer(many=True)
