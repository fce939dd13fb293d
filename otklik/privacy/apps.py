from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "otklik.privacy"
    label = "privacy"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from otklik.channels import resealing
        from otklik.privacy import cards, working
        from otklik.web import slots

        resealing.add(working.secrets)
        slots.add("ticket.card", cards.consents, 60)
