from django.urls import path

from otklik.sla import views_why

app_name = "why"
urlpatterns = [path("<int:number>/why/", views_why.page, name="page")]
