from django.urls import path

from otklik.channels.outbox import views

app_name = "outbox"
urlpatterns = [
    path("<int:pk>/", views.letter, name="letter"),
    path("<int:pk>/resending/", views.resend, name="resend"),
    path("<int:pk>/counting/", views.count_as_sent, name="count"),
]
