from django.apps import AppConfig


class JourneysConfig(AppConfig):
    name = "otklik.journeys"
    label = "journeys"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from otklik.journeys import cards
        from otklik.web import inserts, slots

        inserts.add("lead.links", "journeys/waits-link.html", 10)
        slots.add("ticket.card", cards.offer, 2)
        slots.add("ticket.card", cards.seen, 20)
