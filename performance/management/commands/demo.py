"""The demonstration: a county, its people, its handbooks, a question bank, exams, training and an appraised quarter."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from cms.domain.demo_knowledge import load_demo_knowledge
from common.clock import now
from courses.domain.demo_training import prepare_demo_training
from exams.domain.demo_exam import prepare_demo_exams
from members.domain.demo_county import DEMO_PASSWORD, demo_accounts, load_demo_county
from performance.domain.demo_appraisal import prepare_demo_appraisal
from question_bank.domain.demo_bank import load_demo_bank


class Command(BaseCommand):
    help = "Bring in the demonstration, from the county to its appraisal. Safe to repeat: what is there stays."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--accounts", action="store_true", help="Only print the accounts one may sign in with.")

    def handle(self, *args: Any, accounts: bool = False, **options: Any) -> None:
        if not settings.DEMO:
            # Its accounts have a published password.
            raise CommandError("This is not a demonstration: DEMO is off in the settings.")
        if accounts:
            self.print_accounts()
        else:
            self.load()

    def load(self) -> None:
        at = now()
        admin = load_demo_county(at=at)
        knowledge = load_demo_knowledge(at=at)
        bank = load_demo_bank(at=at)
        prepare_demo_exams(by=admin, at=at)
        prepare_demo_training(by=admin, at=at)
        prepare_demo_appraisal(by=admin, at=at)
        self.stdout.write(f"demo county ready: {bank.questions} questions added, {bank.already_there} were there")
        self.stdout.write(
            f"knowledge: {knowledge.handbooks} handbooks, {knowledge.lectures} lectures, "
            f"{knowledge.notices} notices added"
        )

    def print_accounts(self) -> None:
        for account in demo_accounts():
            self.stdout.write(
                f"{account.username:<10}{DEMO_PASSWORD}  {account.name}  {account.role.label}  {account.place}"
            )
