"""Pages about oneself."""

from django.urls import path

from members.web import feedback, messages, mine, passwords, signing_in

urlpatterns = [
    path("sign-in/", signing_in.sign_in, name="sign_in"),
    path("sign-in/demo/", signing_in.sign_in_as_demo, name="sign_in_as_demo"),
    path("sign-out/", signing_in.sign_out, name="sign_out"),
    path("password/", passwords.change_password, name="change_password"),
    path("me/", mine.me, name="me"),
    path("me/data/", mine.my_data, name="my_data"),
    path("messages/", messages.my_messages, name="my_messages"),
    path("messages/read/", messages.read_all_messages, name="read_all_messages"),
    path("messages/<uuid:uuid>/", messages.open_message, name="open_message"),
    path("feedback/", feedback.feedback, name="feedback"),
    path("privacy/", mine.privacy, name="privacy"),
]
