from django.urls import path

from otklik.promises import views

app_name = "promises"
urlpatterns = [path("news/<int:number>/", views.news, name="news")]
