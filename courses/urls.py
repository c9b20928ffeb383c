"""Pages of the training outside the staff interface."""

from django.urls import path

from courses.web import badges, certificates, courses

app_name = "courses"

urlpatterns = [
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
]
