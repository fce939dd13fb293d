from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssistConfig(AppConfig):
    name = "otklik.assist"
    label = "assist"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from otklik.accounts.rights import Right
        from otklik.assist.stopping import eye
        from otklik.desk import stopping
        from otklik.web import inserts, places
        from otklik.web.places import Place

        places.add(
            Place(
                _("Как мы пишем"),
                "hint",
                "assist:writing",
                37,
                Right.WORK,
                also=("assist:mine", "assist:styles"),
            )
        )
        inserts.add("composer.paper", "assist/marks.html", 10)
        inserts.add("composer.under", "assist/coach.html", 10)
        stopping.add(eye)
