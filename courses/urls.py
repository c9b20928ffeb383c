"""Pages of training outside the staff interface."""

from django.urls import path

from courses.web import feedback, hosting, leaves, marking, screen, sessions, sheets, signing_in

app_name = "courses"

urlpatterns = [
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
]
