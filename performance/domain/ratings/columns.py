"""The columns of a sheet of scores."""

from collections.abc import Mapping, Sequence

from common.spreadsheets.headings import Header, Headings

# The first of each is the heading of the template and of messages.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "code": ("工号", "人员编号", "编号", "队员编号", "员工号", "工作证号"),
    "name": ("姓名", "队员姓名", "人员姓名", "名字", "被评价人"),
    "score": ("得分", "分数", "评分", "成绩", "分值", "测评得分", "评价得分", "满意度"),
    "reason": ("更改原因", "修改原因", "更正原因", "变更原因"),
}
REQUIRED = ("code", "name", "score")
_WORDS = Headings(HEADINGS)


def find_header(rows: Sequence[Sequence[str]]) -> Header:
    return _WORDS.find(rows)


def missing(header: Header) -> list[str]:
    """Chinese headings that are needed and not there."""
    found = set(header.fields.values())
    return [HEADINGS[field][0] for field in REQUIRED if field not in found]
