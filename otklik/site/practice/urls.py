"""Addresses under /practice/."""

from django.urls import path

from otklik.site.practice import views

app_name = "practice"
urlpatterns = [
    path("", views.mail, name="mail"),
    path("letters/", views.send, name="send"),
    path("letters/<str:key>/machine/", views.machine, name="machine"),
    path("letters/<str:key>/bounce/", views.bounce, name="bounce"),
    path("enter/<slug:key>/", views.enter, name="enter"),
]
