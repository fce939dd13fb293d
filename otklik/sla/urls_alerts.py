from django.urls import path

from otklik.sla import views_alerts as views

app_name = "alerts"
urlpatterns = [
    path("", views.page, name="page"),
    path("count/", views.count, name="count"),
    path("seen/", views.seen, name="seen"),
]
