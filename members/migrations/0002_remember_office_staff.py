from django.db import migrations

OFFICE_ROLES = ("trainer", "administrator", "inspector", "auditor")


def remember(apps, schema_editor):
    """``is_staff`` says from now on whether somebody holds an office role."""
    User = apps.get_model("members", "User")
    RoleAssignment = apps.get_model("members", "RoleAssignment")
    holders = RoleAssignment.objects.filter(role__in=OFFICE_ROLES).values("user")
    User.objects.filter(pk__in=holders).update(is_staff=True)
    User.objects.exclude(pk__in=holders).filter(is_superuser=False).update(is_staff=False)


class Migration(migrations.Migration):
    dependencies = [("members", "0001_initial")]

    operations = [migrations.RunPython(remember, migrations.RunPython.noop)]
