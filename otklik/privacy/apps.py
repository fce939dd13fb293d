from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "otklik.privacy"
    label = "privacy"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from otklik.privacy import cards
        from otklik.web import slots

        slots.add("ticket.card", cards.consents, 60)
