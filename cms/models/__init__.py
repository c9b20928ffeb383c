from cms.models.audience import AudienceRule, readable_pages
from cms.models.handbook import ChapterPage, EntryPage, HandbookIndexPage, HandbookPage
from cms.models.lecture import LectureIndexPage, LecturePage
from cms.models.notice import NoticeIndexPage, NoticePage
from cms.models.page import BasePage
from cms.models.reading import ReadingRecord
from cms.models.review import SecondPersonTask

__all__ = [
    "AudienceRule",
    "BasePage",
    "ChapterPage",
    "EntryPage",
    "HandbookIndexPage",
    "HandbookPage",
    "LectureIndexPage",
    "LecturePage",
    "NoticeIndexPage",
    "NoticePage",
    "ReadingRecord",
    "SecondPersonTask",
    "readable_pages",
]
