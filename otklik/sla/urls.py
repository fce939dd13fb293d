from django.urls import path

from otklik.sla import views

app_name = "sla"
urlpatterns = [
    path("hours/", views.hours, name="hours"),
    path("hours/new/", views.new_calendar, name="new-calendar"),
    path("hours/<int:pk>/", views.hours, name="calendar"),
]
