from django.urls import path

from otklik.sla import views, views_agreements, views_levels
from otklik.sla.advice import views as advice
from otklik.sla.replay import views as replay
from otklik.sla.report import views as reports
from otklik.sla.uptime import views as uptime

app_name = "sla"
urlpatterns = [
    path("hours/", views.hours, name="hours"),
    path("hours/new/", views.new_calendar, name="new-calendar"),
    path("hours/<int:pk>/", views.hours, name="calendar"),
    path("agreements/", views_agreements.tiers, name="agreements"),
    path("agreements/new/", views_agreements.new, name="new"),
    path("agreements/<int:pk>/", views_agreements.agreement, name="agreement"),
    path("agreements/<int:pk>/terms/", views_agreements.terms, name="terms"),
    path("agreements/<int:pk>/covers/", views_agreements.cover, name="cover"),
    path("agreements/<int:pk>/copy/", views_agreements.copy, name="copy"),
    path("agreements/<int:pk>/end/", views_agreements.end, name="end"),
    path("agreements/<int:pk>/open/", views_agreements.move_open, name="move-open"),
    path("agreements/covers/<int:pk>/removal/", views_agreements.uncover, name="uncover"),
    path("agreements/versions/<int:pk>/print/", views_agreements.printed, name="print"),
    path("levels/", views_levels.first, name="levels-first"),
    path("levels/<int:pk>/", views_levels.levels, name="levels"),
    path("uptime/", uptime.incidents, name="uptime"),
    path("uptime/outage/", uptime.new, {"kind": "outage"}, name="new-outage"),
    path("uptime/work/", uptime.new, {"kind": "work"}, name="new-work"),
    path("uptime/<int:pk>/", uptime.incident, name="incident"),
    path("uptime/<int:pk>/withdrawal/", uptime.withdraw, name="incident-withdrawal"),
    path("uptime/agreements/<int:pk>/", uptime.period, name="period"),
    path("uptime/accounts/<int:pk>/", uptime.account, name="account"),
    path("advice/", advice.page, name="advice"),
    path("advice/taken/", advice.take, name="advice-taken"),
    path("time/", replay.time, name="time"),
    path("what-if/", replay.what_if, name="what-if"),
    path("what-if/<int:pk>/", replay.replay, name="replay"),
    path("what-if/<int:pk>/stop/", replay.stop, name="replay-stop"),
    path("what-if/<int:pk>/again/", replay.again, name="replay-again"),
    path("reports/", reports.reports, name="reports"),
    path("reports/<str:of>/<int:pk>/", reports.report, name="report"),
    path("reports/<str:of>/<int:pk>/pdf/", reports.pdf, name="report-pdf"),
    path("tariffs/", views_agreements.tariffs, name="tariffs"),
    path("tariffs/of/<int:number>/", views_agreements.tariff, name="tariff"),
]
