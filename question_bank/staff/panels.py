"""What the editor of a question shows, and for which kinds."""

from django.forms import Select
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as pgettext
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList, Panel

from question_bank.domain.importing.findings import MOST_PICTURES
from question_bank.enums import Kind
from question_bank.staff.figures import FigureChooser
from question_bank.staff.forms import QuestionForm


def _only_for(*kinds: Kind) -> dict[str, str]:
    """Read by kind-fields.js; without the script everything is shown."""
    return {"data-for-kinds": " ".join(kinds)}


QUESTION_PANELS: list[Panel] = [
    MultiFieldPanel(
        [
            FieldRowPanel([FieldPanel("topic", widget=Select), FieldPanel("kind"), FieldPanel("difficulty")]),
            FieldPanel("stem"),
        ],
        heading=pgettext("question", "What is asked"),
    ),
    InlinePanel(
        "figures",
        heading=_("Pictures"),
        label=pgettext("question", "picture"),
        help_text=_("They are shown below the stem. Say what each shows, for those who cannot see it."),
        max_num=MOST_PICTURES,
        panels=[FieldPanel("figure", widget=FigureChooser), FieldPanel("description")],
    ),
    InlinePanel(
        "options",
        heading=_("Options"),
        label=_("option"),
        panels=[FieldPanel("text"), FieldRowPanel([FieldPanel("is_right"), FieldPanel("is_anchored")])],
        attrs=_only_for(Kind.SINGLE, Kind.MULTIPLE),
    ),
    FieldPanel("options_in_order", attrs=_only_for(Kind.SINGLE, Kind.MULTIPLE)),
    FieldPanel("statement_is_true", attrs=_only_for(Kind.TRUE_FALSE)),
    InlinePanel(
        "blanks",
        heading=_("Blanks"),
        label=_("blank"),
        help_text=_("One row for each ____ in the stem, in the same order."),
        panels=[FieldPanel("accepted")],
        attrs=_only_for(Kind.FILL),
    ),
    FieldPanel("blanks_in_any_order", attrs=_only_for(Kind.FILL)),
    FieldPanel("marking_guide", attrs=_only_for(Kind.SHORT)),
    MultiFieldPanel(
        [
            FieldPanel("explanation"),
            FieldPanel("entry"),
            FieldPanel("basis"),
            FieldRowPanel([FieldPanel("document_number"), FieldPanel("region")]),
            FieldRowPanel([FieldPanel("valid_from"), FieldPanel("valid_to")]),
        ],
        heading=_("Explanation and basis"),
    ),
]

question_edit_handler = ObjectList(QUESTION_PANELS, base_form_class=QuestionForm)
