from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    name = "otklik.desk"
    label = "desk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from otklik.accounts.rights import Right
        from otklik.desk import counting
        from otklik.web import places
        from otklik.web.places import Place

        places.add(
            Place(_("Входящие"), "inbox", "desk:inbox", 10, key="G I", go="KeyI", count=counting.waiting)
        )
        places.add(Place(_("Поиск"), "search", "desk:search", 20, key="/"))
        places.add(Place(_("Сводка"), "chart", "desk:lead", 35, Right.LEAD, key="G L", go="KeyL"))
        places.add(Place(_("Клиент сказал"), "chat", "desk:pass-on", 40, Right.PASS_ON))
        places.add(Place(_("Новое письмо"), "write", "desk:new", 30, Right.WORK))
