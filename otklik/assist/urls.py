from django.urls import path

from otklik.assist import views, views_style, views_writing

app_name = "assist"
urlpatterns = [
    path("<int:number>/findings/", views.findings, name="findings"),
    path("<int:number>/verdict/", views.verdict, name="verdict"),
    path("<int:number>/sheet/", views.sheet, name="sheet"),
    path("writing/", views_writing.writing, name="writing"),
    path("mine/", views_writing.mine, name="mine"),
    path("style/", views_style.styles, name="styles"),
    path("style/<int:pk>/", views_style.style, name="style"),
    path("style/<int:pk>/trying/", views_style.trying, name="trying"),
    path("style/<int:pk>/versions/<int:version>/", views_style.restore, name="restore"),
    path("style/<int:pk>/off/<slug:rule>/", views_style.switch_off, name="switch-off"),
]
