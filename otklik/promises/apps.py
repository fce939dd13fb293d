from django.apps import AppConfig


class PromisesConfig(AppConfig):
    name = "otklik.promises"
    label = "promises"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from otklik.accounts.rights import Right
        from otklik.promises import cards
        from otklik.web import places, slots
        from otklik.web.places import Place

        places.add(Place(_("Обещания"), "promise", "promises:page", 25, Right.WORK))
        slots.add("ticket.card", cards.promises, 8)
        slots.add("ticket.card", cards.news, 10)
