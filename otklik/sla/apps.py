from django.apps import AppConfig


class SlaConfig(AppConfig):
    name = "otklik.sla"
    label = "sla"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from otklik.promises import suggesting
        from otklik.sla import alerts, cards, worked
        from otklik.web import inserts, places, slots
        from otklik.web.places import Place

        inserts.add("lead.links", "sla/advice-link.html", 15)
        inserts.add("lead.links", "sla/levels-link.html", 20)
        inserts.add("lead.links", "sla/uptime-link.html", 22)
        inserts.add("lead.links", "sla/replay/time-link.html", 21)
        inserts.add("lead.links", "sla/report/link.html", 24)
        slots.add("ticket.card", cards.tier, 4)
        suggesting.use(worked.add)
        slots.add("company.page", cards.of_company, 1)
        places.add(
            Place(_("Напоминания"), "bell", "alerts:page", 15, count=alerts.waiting, recount="alerts:count")
        )
