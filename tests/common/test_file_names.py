"""Names of files that people take away."""

import pytest

from common.file_names import in_file_name


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026年 第3季度：考核", "2026年-第3季度：考核"),
        ('../a\\b:"c"?*<d>|e', "a-b-c-d-e"),
        ("一\x00二\n三", "一二-三"),
        (" .. ", ""),
    ],
)
def test_what_no_system_takes_in_a_name_is_left_out(text: str, expected: str) -> None:
    assert in_file_name(text) == expected
