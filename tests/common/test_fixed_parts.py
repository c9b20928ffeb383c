"""Parts of a page that are put together once."""

from django.template import engines
from django.utils.translation import override


def page(source: str, **variables: str) -> list[str]:
    template = engines["django"].from_string("{% load fixed_parts i18n %}" + source)
    shown = []
    for language in ("zh-hans", "en", "zh-hans"):
        with override(language):
            shown.append(template.render(variables))
    return shown


def test_a_fixed_part_is_said_in_the_language_of_the_reader() -> None:
    shown = page('{% fixed %}{% translate "Hand in" %}{% endfixed %}')

    assert shown == ["交卷", "Hand in", "交卷"]


def test_nothing_of_one_reader_is_shown_to_another() -> None:
    shown = page("{% fixed %}[{{ name }}]{% endfixed %} {{ name }}", name="甲")

    assert shown == ["[] 甲"] * 3


def test_a_part_that_names_what_it_depends_on_is_put_together_for_each_value() -> None:
    template = engines["django"].from_string(
        "{% load fixed_parts %}{% fixed text_size %}{{ text_size }}{{ name }}{% endfixed %}"
    )

    shown = [template.render({"text_size": size, "name": "甲"}) for size in ("large", "normal", "large")]

    assert shown == ["large", "normal", "large"]
