from django.urls import path

from otklik.promises import views

app_name = "promises"
urlpatterns = [
    path("news/<int:number>/", views.news, name="news"),
    path("<int:pk>/", views.promise, name="promise"),
    path("<int:pk>/end/", views.end, name="end"),
]
