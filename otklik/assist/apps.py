from django.apps import AppConfig


class AssistConfig(AppConfig):
    name = "otklik.assist"
    label = "assist"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from otklik.assist.stopping import eye
        from otklik.desk import stopping
        from otklik.web import inserts

        inserts.add("composer.paper", "assist/marks.html", 10)
        inserts.add("composer.under", "assist/coach.html", 10)
        stopping.add(eye)
