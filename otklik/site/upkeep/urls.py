from django.urls import path

from otklik.site.upkeep import views

app_name = "upkeep"
urlpatterns = [
    path("", views.page, name="page"),
    path("letters/<int:pk>/rereading/", views.reread, name="reread"),
    path("deliveries/<int:pk>/resending/", views.resend, name="resend"),
    path("deliveries/<int:pk>/counting/", views.count_as_sent, name="count"),
    path("jobs/<int:pk>/retry/", views.retry_job, name="retry"),
    path("keeping/", views.keeping, name="keeping"),
]
