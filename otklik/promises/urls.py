from django.urls import path

from otklik.promises import views

app_name = "promises"
urlpatterns = [
    path("", views.page, name="page"),
    path("news/<int:number>/", views.news, name="news"),
    path("noted/<int:number>/", views.noted, name="noted"),
    path("<int:pk>/", views.promise, name="promise"),
    path("<int:pk>/end/", views.end, name="end"),
]
