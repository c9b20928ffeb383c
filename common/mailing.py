"""Messages by e-mail, where the environment names a server (``EMAIL_URL``)."""

import smtplib
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import BadHeaderError, EmailMessage

from common.channels import GiveUp, Letter, Recipient, TryAgain

_REFUSED_FOR_GOOD = 500


class MailChannel:
    key = "email"

    def reaches(self, recipient: Recipient) -> bool:
        return settings.SENDS_MAIL and recipient.is_active and bool(recipient.email)

    def send(self, letter: Letter, recipient: Recipient, *, at: datetime) -> None:
        try:
            _mail(letter, recipient.email).send()
        except (BadHeaderError, smtplib.SMTPRecipientsRefused) as error:
            if isinstance(error, BadHeaderError) or _is_final(error):
                raise GiveUp(str(error)) from error
            raise TryAgain(str(error)) from error
        except (smtplib.SMTPException, OSError) as error:
            raise TryAgain(str(error) or type(error).__name__) from error


def _mail(letter: Letter, address: str) -> EmailMessage:
    host = urlsplit(settings.WAGTAILADMIN_BASE_URL).hostname or "localhost"
    headers = {
        # The same at every try: a mail program shows what arrived twice once.
        "Message-ID": f"<{letter.uuid}@{host}>",
        # RFC 3834: nobody's absence is answered to a machine.
        "Auto-Submitted": "auto-generated",
    }
    body = "\n\n".join(part for part in (letter.text, letter.link) if part)
    return EmailMessage(letter.subject, body or letter.subject, to=[address], headers=headers)


def _is_final(refused: smtplib.SMTPRecipientsRefused) -> bool:
    return all(code >= _REFUSED_FOR_GOOD for code, _said in refused.recipients.values())
