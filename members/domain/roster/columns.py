"""Which column is which: the headings that counties write, and where the table begins."""

from collections.abc import Mapping, Sequence

from common.spreadsheets import headings
from common.spreadsheets.headings import Line, lines_below

__all__ = ["HEADINGS", "Header", "Line", "find_header", "lines_below"]

# The first of each is the heading of the template and of messages.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "code": ("工号", "编号", "人员编号", "队员编号", "员工号", "工作证号"),
    "name": ("姓名", "队员姓名", "人员姓名", "名字"),
    "phone": ("手机号", "手机", "手机号码", "联系电话", "电话", "联系方式", "移动电话"),
    "township": ("乡镇", "镇", "乡镇名称", "所在乡镇", "乡（镇）", "乡镇街道", "乡镇（街道）", "派驻乡镇"),
    "village": ("村", "行政村", "驻村", "村名", "派驻村", "村（社区）", "所驻村", "帮扶村"),
    "division_code": ("行政区划代码", "区划代码", "村代码", "行政区划", "统计用区划代码"),
    "team_name": ("工作队", "工作队名称", "队名", "驻村工作队"),
    "team_code": ("队编号", "工作队编号", "队号"),
    "sending_unit": ("派出单位", "选派单位", "派驻单位", "单位", "工作单位"),
    "role": ("职务", "驻村职务", "队内职务", "担任职务"),
    "staff_category": ("人员类别", "身份", "人员性质", "编制类别", "身份类别"),
    "starts_on": ("开始日期", "驻村开始日期", "到岗日期", "起始日期", "驻村时间", "开始时间", "到村时间"),
    "ends_on": ("结束日期", "驻村结束日期", "离岗日期", "截止日期", "结束时间"),
}
REQUIRED = ("code", "name")
# One of these must be there to say where somebody serves.
PLACES = ("division_code", "village", "team_code", "team_name")

_WORDS = headings.Headings(HEADINGS)


class Header(headings.Header):
    @property
    def missing(self) -> list[str]:
        """Chinese headings that are needed and not there."""
        found = set(self.fields.values())
        absent = [HEADINGS[field][0] for field in REQUIRED if field not in found]
        return absent if found & set(PLACES) else [*absent, HEADINGS["division_code"][0]]


def find_header(rows: Sequence[Sequence[str]]) -> Header:
    found = _WORDS.find(rows)
    return Header(found.row, found.fields)
