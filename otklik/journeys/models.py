"""What the client's page says and asks for beyond the letters (R-D1)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class NowLine(models.Model):
    """What is being done now, in words that the client reads: «проверяю вашу выписку». One stands at a time."""

    ticket = models.ForeignKey("desk.Ticket", models.CASCADE, related_name="now_lines")
    words = models.CharField(max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"], condition=Q(ended_at=None), name="nowline_one_standing"
            ),
            models.CheckConstraint(condition=~Q(words=""), name="nowline_has_words"),
        ]

    def __str__(self) -> str:
        return self.words


class Gift(models.Model):
    """Something beyond what was asked or paid for, announced in words that the client reads (R-D7)."""

    ticket = models.ForeignKey("desk.Ticket", models.CASCADE, related_name="gifts")
    words = models.CharField(max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "words"], name="gift_once"),
            models.CheckConstraint(condition=~Q(words=""), name="gift_has_words"),
        ]

    def __str__(self) -> str:
        return self.words


class Wait(models.Model):
    """One client's wait for the first answer, with what was guessed of it when it began; working seconds (waits.py)."""

    ticket = models.OneToOneField("desk.Ticket", models.CASCADE, related_name="wait", primary_key=True)
    team = models.ForeignKey("staff.Team", models.CASCADE, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    ahead = models.PositiveSmallIntegerField()
    by_last_s = models.PositiveIntegerField(null=True)
    by_mean_s = models.PositiveIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)
    actual_s = models.PositiveIntegerField(null=True)  # None: still waiting, or ended without an answer

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None, actual_s=None) | Q(ended_at__gte=F("asked_at")),
                name="wait_ends_later",
            ),
            models.CheckConstraint(
                condition=Q(by_last_s=None, by_mean_s=None)
                | Q(by_last_s__isnull=False, by_mean_s__isnull=False),
                name="wait_guessed_both_ways",
            ),
        ]
        indexes = [
            models.Index(fields=["team", "asked_at"], condition=Q(ended_at=None), name="wait_going"),
            models.Index(
                F("team"), F("ended_at").desc(), condition=Q(actual_s__isnull=False), name="wait_answered"
            ),
        ]

    def __str__(self) -> str:
        return f"wait of {self.ticket_id}"


class Proof(models.Model):
    """One browser's way to show that it belongs to the participant: a code that only their mailbox gets (proving.py).

    The code itself is not stored: it is counted from the salt and the key of the environment.
    """

    link = models.ForeignKey("accounts.ClientLink", models.CASCADE, related_name="proofs")
    salt = models.BinaryField(max_length=16)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()  # of the code; a proved browser holds until the link ends
    tries = models.PositiveSmallIntegerField(default=0)
    proved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="proof_expires_later"),
            models.CheckConstraint(condition=Q(tries__lte=5), name="proof_five_tries"),
        ]

    def __str__(self) -> str:
        return f"proof {self.pk} of link {self.link_id}"


class Letter(models.Model):
    """A short letter that the client's page owes to a participant. The outbox sends what is not done (letters.py)."""

    class Kind(models.TextChoices):
        LINK = "link"  # the link, asked for again
        CODE = "code"  # the code of a Proof
        SOLVED = "solved"  # somebody with the link said that the matter is solved

    kind = models.CharField(max_length=6, choices=Kind)
    ticket = models.ForeignKey("desk.Ticket", models.CASCADE, related_name="page_letters")
    identity = models.ForeignKey("clients.Identity", models.CASCADE, related_name="page_letters")
    proof = models.ForeignKey(Proof, models.CASCADE, null=True, related_name="letters")
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="code", proof__isnull=False) | (~Q(kind="code") & Q(proof=None)),
                name="letter_only_code_has_a_proof",
            )
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(done_at=None), name="letter_owed")
        ]  # letters.owed()

    def __str__(self) -> str:
        return f"letter {self.pk}: {self.kind}"
