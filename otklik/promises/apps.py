from django.apps import AppConfig


class PromisesConfig(AppConfig):
    name = "otklik.promises"
    label = "promises"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from otklik.promises import cards
        from otklik.web import slots

        slots.add("ticket.card", cards.promises, 8)
        slots.add("ticket.card", cards.news, 10)
