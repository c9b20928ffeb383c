"""Signing in programs, and who they act for."""

from datetime import date
from typing import Any

from django.contrib.auth import authenticate
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.authentication import BaseAuthentication
from rest_framework.authtoken.models import Token
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.clock import now
from members.models import Division, User


class CredentialsSerializer(serializers.Serializer[Any]):
    username = serializers.CharField(max_length=150, help_text="User name, staff number or mobile phone.")
    password = serializers.CharField(max_length=128, trim_whitespace=False, style={"input_type": "password"})


class TokenSerializer(serializers.Serializer[Any]):
    token = serializers.CharField()


class PlaceSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()


class HeldRoleSerializer(serializers.Serializer[Any]):
    role = serializers.CharField()
    division = serializers.CharField(help_text="Twelve-digit code; the role holds inside it.")


class MeSerializer(serializers.Serializer[Any]):
    uuid = serializers.UUIDField()
    name = serializers.CharField()
    roles = HeldRoleSerializer(many=True)
    team = PlaceSerializer(allow_null=True)
    township = PlaceSerializer(allow_null=True)


class TokenView(APIView):
    """A token for programs. It ends when the password is changed or reset, or the account is closed."""

    authentication_classes: list[type[BaseAuthentication]] = []
    permission_classes = [AllowAny]

    def get_authenticate_header(self, request: Request) -> str:
        return "Token"  # what makes the refusal a 401

    @extend_schema(
        operation_id="create_token",
        summary="Sign in",
        request=CredentialsSerializer,
        responses={
            200: TokenSerializer,
            401: OpenApiResponse(description="authentication_failed"),
            403: OpenApiResponse(description="password_change_required"),
            429: OpenApiResponse(description="locked_out; Retry-After says for how many seconds"),
        },
    )
    def post(self, request: Request) -> Response:
        credentials = CredentialsSerializer(data=request.data)
        credentials.is_valid(raise_exception=True)
        # The plain request: the lockout leaves its mark there, and its middleware looks for it there.
        person = authenticate(request._request, **credentials.validated_data)
        if not isinstance(person, User):
            raise AuthenticationFailed(_("The name or the password is not right."))
        if person.must_change_password or person.password_is_too_old(at=now()):
            raise PermissionDenied(_("Please change your password before you go on."), code="password_change_required")
        token, _created = Token.objects.get_or_create(user=person)
        return Response({"token": token.key})


class MeView(APIView):
    @extend_schema(operation_id="read_me", summary="Who I am", responses=MeSerializer)
    def get(self, request: Request) -> Response:
        person: User = request.user  # type: ignore[assignment]
        return Response(_about(person, on=localdate(now())))


def _about(person: User, *, on: date) -> dict[str, Any]:
    posting = person.posting(on=on)
    village = posting.team.division if posting else None
    return {
        "uuid": person.uuid,
        "name": person.name,
        "roles": [{"role": held.role, "division": held.division.code} for held in person.roles_held],
        "team": {"code": posting.team.code, "name": posting.team.name} if posting else None,
        "township": _township(village.township_code) if village else None,
    }


def _township(code: str) -> dict[str, str] | None:
    return Division.objects.filter(code=code).values("code", "name").first()  # type: ignore[return-value]
