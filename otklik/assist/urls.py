from django.urls import path

from otklik.assist import views

app_name = "assist"
urlpatterns = [
    path("<int:number>/findings/", views.findings, name="findings"),
    path("<int:number>/verdict/", views.verdict, name="verdict"),
    path("<int:number>/sheet/", views.sheet, name="sheet"),
]
