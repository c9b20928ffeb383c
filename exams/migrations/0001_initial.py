from decimal import Decimal
from django.conf import settings
from django.db import migrations, models
import django.core.validators
import django.db.models.deletion
import modelcluster.fields
import uuid


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("members", "0001_initial"),
        ("question_bank", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Blueprint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                (
                    "multiple_rule",
                    models.CharField(
                        choices=[
                            ("all_or_nothing", "Nothing"),
                            ("fixed_share", "A fixed share of the points"),
                            ("proportional", "A share for every right option picked"),
                        ],
                        default="fixed_share",
                        max_length=16,
                        verbose_name="incomplete multiple choice earns",
                    ),
                ),
                (
                    "multiple_share_percent",
                    models.PositiveSmallIntegerField(default=40, validators=[django.core.validators.MaxValueValidator(100)], verbose_name="fixed share (%)"),
                ),
                (
                    "division",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="members.division", verbose_name="division"),
                ),
            ],
            options={
                "verbose_name": "blueprint",
                "verbose_name_plural": "blueprints",
                "ordering": ["title"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("multiple_share_percent__lte", 100)), name="exams_blueprint_share_is_a_percentage"),
                ],
            },
        ),
        migrations.CreateModel(
            name="BlueprintRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("single", "Single choice"),
                            ("multiple", "Multiple choice"),
                            ("true_false", "True or false"),
                            ("fill", "Fill in"),
                            ("short", "Short answer"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                (
                    "difficulty",
                    models.CharField(
                        blank=True,
                        choices=[("easy", "Easy"), ("medium", "Medium"), ("hard", "Hard")],
                        help_text="Empty: any difficulty.",
                        max_length=8,
                        verbose_name="difficulty",
                    ),
                ),
                (
                    "count",
                    models.PositiveSmallIntegerField(
                        validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(200)], verbose_name="how many"
                    ),
                ),
                (
                    "points_each",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=5,
                        validators=[django.core.validators.MinValueValidator(Decimal("0.5")), django.core.validators.MaxValueValidator(100)],
                        verbose_name="points each",
                    ),
                ),
                (
                    "blueprint",
                    modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name="rows", to="exams.blueprint"),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty: any topic.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="question_bank.topic",
                        verbose_name="topic",
                    ),
                ),
            ],
            options={
                "verbose_name": "row",
                "verbose_name_plural": "rows",
                "ordering": ["sort_order"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("count__gte", 1), ("points_each__gt", 0)), name="exams_blueprint_row_asks_something"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Exam",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("publishing", "Being published"), ("published", "Published"), ("closed", "Closed")],
                        default="draft",
                        editable=False,
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("opens_at", models.DateTimeField(verbose_name="opens at")),
                ("closes_at", models.DateTimeField(verbose_name="closes at")),
                (
                    "minutes",
                    models.PositiveSmallIntegerField(
                        default=30,
                        validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(600)],
                        verbose_name="minutes",
                    ),
                ),
                (
                    "attempts_allowed",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(9)],
                        verbose_name="attempts",
                    ),
                ),
                (
                    "counting_attempt",
                    models.CharField(
                        choices=[
                            ("best", "The best attempt"),
                            ("last", "The last attempt"),
                            ("first", "The first attempt"),
                            ("mean", "The mean of all attempts"),
                        ],
                        default="best",
                        max_length=8,
                        verbose_name="which attempt counts",
                    ),
                ),
                (
                    "pass_percent",
                    models.PositiveSmallIntegerField(
                        default=60,
                        validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(100)],
                        verbose_name="pass mark (%)",
                    ),
                ),
                (
                    "good_percent",
                    models.PositiveSmallIntegerField(
                        default=80,
                        validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(100)],
                        verbose_name="good from (%)",
                    ),
                ),
                (
                    "excellent_percent",
                    models.PositiveSmallIntegerField(
                        default=90,
                        validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(100)],
                        verbose_name="excellent from (%)",
                    ),
                ),
                ("shuffle_questions", models.BooleanField(default=True, verbose_name="shuffle the questions of a kind")),
                ("shuffle_options", models.BooleanField(default=True, verbose_name="shuffle the options")),
                (
                    "fresh_days",
                    models.PositiveSmallIntegerField(
                        default=180, help_text="Questions a candidate met within these days come last.", verbose_name="days a question counts as recently met"
                    ),
                ),
                (
                    "release_rule",
                    models.CharField(
                        choices=[
                            ("at_once", "As soon as it is marked"),
                            ("after_close", "When the exam has closed"),
                            ("by_hand", "When the office releases it"),
                        ],
                        default="after_close",
                        max_length=12,
                        verbose_name="results are shown",
                    ),
                ),
                ("released_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="released at")),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("everybody", "Everybody in the division"),
                            ("role", "One role in the division"),
                            ("teams", "Chosen teams"),
                            ("draw", "A random draw"),
                            ("chosen", "Chosen people"),
                        ],
                        default="everybody",
                        max_length=10,
                        verbose_name="who",
                    ),
                ),
                (
                    "audience_role",
                    models.CharField(
                        blank=True,
                        choices=[("first_secretary", "First secretary"), ("member", "Team member")],
                        help_text="Empty: both.",
                        max_length=20,
                        verbose_name="which role",
                    ),
                ),
                ("draw_count", models.PositiveIntegerField(blank=True, null=True, verbose_name="draw so many people")),
                (
                    "draw_percent",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)],
                        verbose_name="or so many per cent",
                    ),
                ),
                ("draw_by_township", models.BooleanField(default=False, verbose_name="in proportion from every township")),
                ("draw_rest_days", models.PositiveSmallIntegerField(default=0, verbose_name="leave out people drawn in the last days")),
                ("question_count", models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="questions")),
                ("total_points", models.DecimalField(decimal_places=2, default=Decimal("0"), editable=False, max_digits=7, verbose_name="points in all")),
                ("published_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="published at")),
                ("closed_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="closed at")),
                (
                    "audience_division",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty: in the exam's own division.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="members.division",
                        verbose_name="in which division",
                    ),
                ),
                ("audience_people", models.ManyToManyField(blank=True, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="which people")),
                ("audience_teams", models.ManyToManyField(blank=True, related_name="+", to="members.team", verbose_name="which teams")),
                (
                    "blueprint",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="exams", to="exams.blueprint", verbose_name="blueprint"),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="created by"
                    ),
                ),
                (
                    "division",
                    models.ForeignKey(
                        help_text="Whose exam this is; people outside it cannot be examined.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="members.division",
                        verbose_name="division",
                    ),
                ),
                (
                    "retake_of",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="retakes",
                        to="exams.exam",
                        verbose_name="retake of",
                    ),
                ),
            ],
            options={
                "verbose_name": "exam",
                "verbose_name_plural": "exams",
                "ordering": ["-opens_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("closes_at__gt", models.F("opens_at"))),
                        name="exams_exam_closes_after_it_opens",
                        violation_error_message="The exam closes before it opens.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("excellent_percent__lte", 100), ("good_percent__lte", models.F("excellent_percent")), ("pass_percent__lte", models.F("good_percent"))
                        ),
                        name="exams_exam_bands_rise",
                        violation_error_message="The limits must rise: pass, good, excellent.",
                    ),
                    models.CheckConstraint(condition=models.Q(("attempts_allowed__gte", 1), ("minutes__gte", 1)), name="exams_exam_can_be_sat"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Publication",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Waiting"), ("running", "Running"), ("done", "Done"), ("failed", "Failed")],
                        default="waiting",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("algorithm", models.CharField(max_length=32)),
                ("seed", models.CharField(max_length=64)),
                ("done", models.PositiveIntegerField(default=0, verbose_name="papers made")),
                ("total", models.PositiveIntegerField(default=0, verbose_name="papers to make")),
                ("error", models.TextField(blank=True, verbose_name="what went wrong")),
                ("requested_at", models.DateTimeField(verbose_name="requested at")),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                (
                    "exam",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="publications", to="exams.exam", verbose_name="exam"),
                ),
                (
                    "requested_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="requested by"),
                ),
            ],
            options={
                "verbose_name": "publication",
                "verbose_name_plural": "publications",
                "ordering": ["-requested_at"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["waiting", "running"])), fields=("exam",), name="exams_one_publication_at_a_time"
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="exam",
            name="publication",
            field=models.ForeignKey(
                blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="exams.publication"
            ),
        ),
        migrations.CreateModel(
            name="Candidate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division_code", models.CharField(max_length=12)),
                (
                    "role",
                    models.CharField(
                        blank=True, choices=[("first_secretary", "First secretary"), ("member", "Team member")], max_length=20, verbose_name="role in the team"
                    ),
                ),
                (
                    "staff_category",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("civil_servant", "Civil servant"),
                            ("institution", "Institution staff"),
                            ("enterprise", "Enterprise staff"),
                            ("other", "Other"),
                        ],
                        max_length=20,
                        verbose_name="staff category",
                    ),
                ),
                ("score", models.DecimalField(decimal_places=2, max_digits=7, null=True, verbose_name="score")),
                ("attempts_used", models.PositiveSmallIntegerField(default=0, verbose_name="attempts used")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="candidacies", to=settings.AUTH_USER_MODEL, verbose_name="person"
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="members.team", verbose_name="team"),
                ),
                (
                    "exam",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="candidates", to="exams.exam", verbose_name="exam"),
                ),
            ],
            options={
                "verbose_name": "candidate",
                "verbose_name_plural": "candidates",
                "ordering": ["division_code", "person__code"],
                "constraints": [
                    models.UniqueConstraint(fields=("exam", "person"), name="exams_candidate_once_per_exam"),
                ],
                "indexes": [
                    models.Index(fields=["exam", "division_code"], name="exams_candidate_place"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Paper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(default=1, verbose_name="for attempt")),
                ("items", models.JSONField()),
                (
                    "candidate",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="papers", to="exams.candidate", verbose_name="candidate"),
                ),
                ("publication", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="papers", to="exams.publication")),
            ],
            options={
                "verbose_name": "paper",
                "verbose_name_plural": "papers",
                "constraints": [
                    models.UniqueConstraint(fields=("candidate", "number"), name="exams_one_paper_per_attempt"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("submitted", "Waiting for marks"), ("marked", "Marked")],
                        default="open",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("opened_at", models.DateTimeField(verbose_name="started at")),
                ("closes_at", models.DateTimeField(verbose_name="closes at")),
                ("submitted_at", models.DateTimeField(null=True, verbose_name="handed in at")),
                (
                    "hand_in",
                    models.CharField(
                        blank=True,
                        choices=[("member", "Handed in"), ("time", "Time was up"), ("office", "Closed by the office")],
                        max_length=8,
                        verbose_name="how it ended",
                    ),
                ),
                ("receipt", models.CharField(max_length=24, null=True, unique=True, verbose_name="receipt")),
                ("grant_number", models.PositiveIntegerField(default=1)),
                ("page_leaves", models.PositiveIntegerField(default=0, verbose_name="page leaves")),
                ("score", models.DecimalField(decimal_places=2, max_digits=7, null=True, verbose_name="score")),
                ("objective_score", models.DecimalField(decimal_places=2, max_digits=7, null=True, verbose_name="objective part")),
                ("subjective_score", models.DecimalField(decimal_places=2, max_digits=7, null=True, verbose_name="subjective part")),
                (
                    "candidate",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="attempts", to="exams.candidate", verbose_name="candidate"),
                ),
                (
                    "paper",
                    models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="attempt", to="exams.paper", verbose_name="paper"),
                ),
            ],
            options={
                "verbose_name": "attempt",
                "verbose_name_plural": "attempts",
                "ordering": ["-opened_at"],
                "constraints": [
                    models.UniqueConstraint(condition=models.Q(("state", "open")), fields=("candidate",), name="exams_one_open_attempt_per_candidate"),
                    models.CheckConstraint(condition=models.Q(("closes_at__gt", models.F("opened_at"))), name="exams_attempt_closes_after_it_opens"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("receipt", None), ("state", "open"), ("submitted_at", None)),
                            models.Q(models.Q(("state", "open"), _negated=True), ("receipt__isnull", False), ("submitted_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="exams_closed_attempt_has_a_receipt",
                    ),
                ],
                "indexes": [
                    models.Index(condition=models.Q(("state", "open")), fields=["closes_at"], name="exams_open_attempt_by_end"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Draw",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("number", models.PositiveSmallIntegerField(verbose_name="number")),
                ("record", models.JSONField()),
                ("reason", models.CharField(blank=True, help_text="Why people were drawn again.", max_length=200, verbose_name="reason")),
                ("drawn_at", models.DateTimeField(verbose_name="drawn at")),
                (
                    "drawn_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="drawn by"),
                ),
                (
                    "exam",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="draws", to="exams.exam", verbose_name="exam"),
                ),
            ],
            options={
                "verbose_name": "draw",
                "verbose_name_plural": "draws",
                "ordering": ["exam", "-number"],
                "constraints": [
                    models.UniqueConstraint(fields=("exam", "number"), name="exams_draw_numbered_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExamQuestion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("papers", models.PositiveIntegerField(verbose_name="papers")),
                ("exam", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="questions", to="exams.exam")),
                (
                    "version",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="exposures", to="question_bank.questionversion"),
                ),
            ],
            options={
                "verbose_name": "question of an exam",
                "verbose_name_plural": "questions of an exam",
                "constraints": [
                    models.UniqueConstraint(fields=("exam", "version"), name="exams_question_counted_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PendingAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(verbose_name="question")),
                ("claimed_until", models.DateTimeField(null=True)),
                (
                    "attempt",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="pending_answers", to="exams.attempt"),
                ),
                (
                    "claimed_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="with"
                    ),
                ),
            ],
            options={
                "verbose_name": "answer to mark",
                "verbose_name_plural": "answers to mark",
                "ordering": ["attempt", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("attempt", "number"), name="exams_answer_waits_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ScoreExport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "format",
                    models.CharField(
                        choices=[("xlsx", "XLSX"), ("csv", "CSV"), ("csv-gb18030", "CSV (GB18030)"), ("pdf", "PDF")], max_length=12, verbose_name="format"
                    ),
                ),
                ("reason", models.CharField(max_length=200, verbose_name="what it is for")),
                ("rows", models.PositiveIntegerField(verbose_name="people")),
                ("with_phones", models.BooleanField(default=False, verbose_name="with full phone numbers")),
                ("exported_at", models.DateTimeField(verbose_name="exported at")),
                (
                    "exam",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="exports", to="exams.exam", verbose_name="exam"),
                ),
                (
                    "exported_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="exported by"),
                ),
            ],
            options={
                "verbose_name": "score export",
                "verbose_name_plural": "score exports",
                "ordering": ["-exported_at"],
            },
        ),
        migrations.CreateModel(
            name="Response",
            fields=[
                ("pk", models.CompositePrimaryKey("attempt_id", "number", blank=True, editable=False, primary_key=True, serialize=False)),
                ("number", models.PositiveSmallIntegerField(verbose_name="question")),
                ("sequence", models.BigIntegerField()),
                ("saved_at", models.DateTimeField(verbose_name="saved at")),
                ("flagged", models.BooleanField(default=False, verbose_name="flagged")),
                ("answer", models.JSONField()),
                ("attempt", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="responses", to="exams.attempt")),
            ],
            options={
                "verbose_name": "response",
                "verbose_name_plural": "responses",
            },
        ),
        migrations.CreateModel(
            name="Mark",
            fields=[
                ("pk", models.CompositePrimaryKey("attempt_id", "number", "revision", blank=True, editable=False, primary_key=True, serialize=False)),
                ("number", models.PositiveSmallIntegerField(verbose_name="question")),
                ("revision", models.PositiveSmallIntegerField(default=1, verbose_name="revision")),
                (
                    "source",
                    models.CharField(
                        choices=[("automatic", "By rule"), ("marker", "By a marker"), ("overruled", "Overruled")], max_length=10, verbose_name="source"
                    ),
                ),
                ("points", models.DecimalField(decimal_places=2, max_digits=5, verbose_name="points")),
                ("marked_at", models.DateTimeField(verbose_name="marked at")),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="reason")),
                (
                    "actor",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="marked by",
                    ),
                ),
                ("attempt", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="marks", to="exams.attempt")),
            ],
            options={
                "verbose_name": "mark",
                "verbose_name_plural": "marks",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("points__gte", 0)), name="exams_mark_is_not_negative"),
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("source", "overruled"), _negated=True), models.Q(("reason", ""), _negated=True), _connector="OR"),
                        name="exams_overruled_mark_has_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source", "automatic"), ("actor__isnull", False), _connector="OR"), name="exams_human_mark_has_an_actor"
                    ),
                ],
            },
        ),
    ]
