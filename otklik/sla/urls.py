from django.urls import path

from otklik.sla import views

app_name = "sla"
urlpatterns = [path("hours/", views.hours, name="hours")]
