"""What a trainer builds a text from. Names and descriptions are what the editor's menu shows."""

from typing import Any

from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.documents import get_document_model
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

TEXT_FEATURES = ["bold", "ol", "ul", "link", "document-link"]


class KeyFigureBlock(blocks.StructBlock):
    """One number that must be known by heart."""

    value = blocks.CharBlock(max_length=40, label=pgettext_lazy("key figure", "figure"))
    label = blocks.CharBlock(max_length=120, label=_("what it counts"))
    source = blocks.CharBlock(max_length=200, required=False, label=_("source"))

    class Meta:
        icon = "order"
        label = _("Key figure")
        template = "cms/blocks/key_figure.html"
        description = _("One number that must be known by heart.")
        preview_value = {"value": "50", "label": "每季度驻村天数", "source": "县级制度"}


class ImageBlock(blocks.StructBlock):
    """A picture with the words for whoever cannot see it."""

    image = ImageChooserBlock(label=_("image"))
    description = blocks.CharBlock(max_length=200, label=_("what it shows"))

    class Meta:
        icon = "image"
        label = _("Image")
        template = "cms/blocks/image.html"
        description = _("A picture, described in words.")
        # The library may hold no picture yet: one that is drawn for the purpose stands in for it.
        preview_value = {"image": None, "description": "入户走访：先看住房，再看饮水。"}
        preview_template = "cms/blocks/image_preview.html"


class TableBlock(TypedTableBlock):
    """Rows and columns of words, with an example for the editor's menu."""

    class Meta:
        preview_value = {
            "columns": [{"type": "text", "heading": "事项"}, {"type": "text", "heading": "时限"}],
            "rows": [{"values": ["入户走访", "每季度一遍"]}, {"values": ["台账更新", "当天"]}],
            "caption": "",
        }


class DocumentBlock(DocumentChooserBlock):
    """A file to open or to keep, with an example for the editor's menu."""

    def get_preview_value(self) -> Any:
        # Never saved; its address leads nowhere.
        return get_document_model()(pk=0, title="驻村工作队管理办法", file="guide.pdf", file_size=186_000)


# Migrations know both under the names of what they are in the database.
DECONSTRUCT_ALIASES = {DocumentBlock: "wagtail.documents.blocks.DocumentChooserBlock"}


class BodyBlock(blocks.StreamBlock):
    """The body of an entry, a lecture or a notice."""

    heading = blocks.CharBlock(
        max_length=120,
        icon="title",
        label=_("Heading"),
        template="cms/blocks/heading.html",
        description=_("Starts a new part of the text."),
        preview_value="入户前先看台账",
    )
    text = blocks.RichTextBlock(
        features=TEXT_FEATURES,
        icon="pilcrow",
        label=_("Text"),
        template="cms/blocks/text.html",
        description=_("Paragraphs and lists."),
        preview_value="<p>先问住房，再问饮水。</p>",
    )
    steps = blocks.ListBlock(
        blocks.CharBlock(max_length=300, label=_("step")),
        icon="list-ol",
        label=_("Steps"),
        template="cms/blocks/steps.html",
        description=_("What to do, one after the other."),
        preview_value=["入户", "登记", "公示"],
    )
    table = TableBlock(
        [("text", blocks.CharBlock(required=False))],
        icon="table",
        label=_("Table"),
        template="cms/blocks/table.html",
        description=_("Rows and columns; on a phone it scrolls sideways."),
    )
    key_figure = KeyFigureBlock()
    warning = blocks.TextBlock(
        max_length=400,
        icon="warning",
        label=_("Warning"),
        template="cms/blocks/warning.html",
        description=_("What goes wrong often."),
        preview_value="不要代签。",
    )
    image = ImageBlock()
    document = DocumentBlock(
        icon="doc-full",
        label=_("Document"),
        template="cms/blocks/document.html",
        description=_("A file to open or to keep."),
    )
    question = blocks.CharBlock(
        max_length=300,
        icon="help",
        label=_("Question to think about"),
        template="cms/blocks/question.html",
        description=_("No answer is asked for and nothing is counted."),
        preview_value="你们村的风险户是怎么发现的？",
    )


def plain_text(value: Any) -> str:
    """The words of a body, in their order, without markup; what is searched and compared."""
    return "\n".join(words for child in value for words in _words(child.block_type, child.value) if words)


def _words(kind: str, value: Any) -> list[str]:
    if kind == "text":
        # A closing tag parts words: 「一」 and 「二」 of a list must not become one.
        return [strip_tags(value.source.replace("</", " </")).strip()]
    if kind == "steps":
        return list(value)
    if kind == "table":
        return [str(cell) for row in value.row_data for cell in row["values"]] + [c["heading"] for c in value.columns]
    if kind == "key_figure":
        return [value["value"], value["label"], value["source"]]
    if kind == "image":
        return [value["description"]]
    return [value.title] if kind == "document" and value else [str(value)] if value else []
