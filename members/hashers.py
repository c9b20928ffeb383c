"""Password hashing."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class OwaspArgon2Hasher(Argon2PasswordHasher):
    """Argon2id with 19 MiB, two passes and one lane.

    OWASP's Password Storage Cheat Sheet names this as equal in strength to larger memory with
    fewer passes. 312 people who sign in within a minute are a load of their own.
    """

    time_cost = 2
    memory_cost = 19 * 1024  # KiB
    parallelism = 1
