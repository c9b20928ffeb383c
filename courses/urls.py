"""Pages of training outside the staff interface."""

from django.urls import path

from courses.web import (
    badges,
    calendar,
    certificates,
    courses,
    feedback,
    hosting,
    leaves,
    marking,
    screen,
    sessions,
    sheets,
    signing_in,
)

app_name = "courses"

urlpatterns = [
    path("calendar/<str:token>.ics", calendar.calendar_feed, name="calendar_feed"),
    path("courses/", courses.my_courses, name="my_courses"),
    path("courses/<uuid:uuid>/", courses.course, name="course"),
    path(".well-known/jwks.json", badges.keys, name="badge_keys"),
    path("badges/achievements/<uuid:uuid>/", badges.achievement, name="badge_achievement"),
    path("badges/image.svg", badges.image, name="badge_image"),
    path("badges/issuers/<slug:code>/", badges.issuer, name="badge_issuer"),
    path("badges/issuers/<slug:code>/revocations/", badges.revocations, name="badge_revocations"),
    path("badges/keys/<str:thumbprint>/", badges.key, name="badge_key"),
    path("certificates/", certificates.verify_serial, name="verify_certificate"),
    path("certificates/<uuid:uuid>/", certificates.certificate, name="certificate"),
    path("certificates/<uuid:uuid>/badge.svg", certificates.badge, name="certificate_badge"),
    path("certificates/<uuid:uuid>/certificate.pdf", certificates.certificate_pdf, name="certificate_pdf"),
    path("certificates/<uuid:uuid>/credential.jwt", certificates.credential, name="certificate_credential"),
    path("me/certificates/", certificates.my_certificates, name="my_certificates"),
    path("courses/sign-in/", signing_in.spoken_code, name="spoken_code"),
    path("courses/sessions/<uuid:uuid>/", sessions.session_page, name="session"),
    path("courses/sessions/<uuid:uuid>/sign-in/", signing_in.sign_in_to_session, name="sign_in_to_session"),
    path("courses/sessions/<uuid:uuid>/leave/", leaves.ask, name="ask_leave"),
    path("courses/sessions/<uuid:uuid>/feedback/", feedback.give, name="give_feedback"),
    path("courses/sessions/<uuid:uuid>/host/", hosting.host_page, name="host"),
    path("courses/sessions/<uuid:uuid>/host/board/", hosting.board, name="host_board"),
    path("courses/sessions/<uuid:uuid>/host/paper/", sheets.enter_paper, name="enter_sheet"),
    path("courses/sessions/<uuid:uuid>/host/sheet.pdf", sheets.sheet_pdf, name="sheet_pdf"),
    path("courses/sessions/<uuid:uuid>/host/people/<str:code>/", marking.mark_person, name="mark_person"),
    path("courses/sessions/<uuid:uuid>/host/people/<str:code>/leave/", leaves.enter, name="enter_leave"),
    path("courses/sessions/<uuid:uuid>/host/leaves/<uuid:leave>/", leaves.decide, name="decide_leave"),
    path("courses/sessions/<uuid:uuid>/screen/", screen.screen, name="screen"),
    path("courses/sessions/<uuid:uuid>/screen/code/", screen.code, name="screen_code"),
    path("courses/leaves/<uuid:uuid>/file/", leaves.leave_file, name="leave_file"),
    path("courses/calendar/", calendar.my_calendar, name="my_calendar"),
    path("courses/calendar/renew/", calendar.renew_feed, name="renew_feed"),
]
