"""Every address of the product: each room lists its own."""

from django.contrib import admin
from django.urls import include, path

from otklik.api.app import api
from otklik.assist.api import router as coach
from otklik.assist.api import short as short_coach
from otklik.desk.api import router as requests
from otklik.site.watch import views as watch
from otklik.web import faults
from otklik.web import views as web

api.add_router("/requests", requests)
api.add_router("/coach", coach)

handler400 = faults.unacceptable

urlpatterns = [
    path("desk/", include("otklik.desk.urls")),  # first: most of what is asked for
    path("desk/", include("otklik.sla.urls_why")),
    path("", include("otklik.accounts.urls")),
    path("", include("otklik.staff.urls")),
    path("promises/", include("otklik.promises.urls")),
    path("alerts/", include("otklik.sla.urls_alerts")),
    path("assist/", include("otklik.assist.urls")),
    path("settings/", include("otklik.sla.urls")),
    path("settings/boxes/", include("otklik.channels.urls")),
    path("settings/letters/", include("otklik.channels.outbox.urls")),
    path("settings/upkeep/", include("otklik.site.upkeep.urls")),
    path("", include("otklik.privacy.urls")),
    path("r/", include("otklik.journeys.urls")),
    path("practice/", include("otklik.site.practice.urls")),  # a 404 each where this is no demo
    path("api/v1/", api.urls),
    path("api/coach", short_coach, name="api-coach"),
    path("healthz", watch.healthz, name="healthz"),
    path("readyz", watch.readyz, name="readyz"),
    path("metrics", watch.metrics, name="metrics"),
    path("live-ticket/", web.live_ticket, name="live-ticket"),
    path("theme/", web.theme, name="theme"),
    path("language/", web.language, name="language"),
    path("operator/", admin.site.urls),
]
