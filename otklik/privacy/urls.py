from django.urls import path

from otklik.privacy import views

app_name = "privacy"
urlpatterns = [
    path("settings/privacy/", views.page, name="page"),
    path("privacy/clients/<int:pk>/", views.client, name="client"),
    path("privacy/clients/<int:pk>/consents/", views.consent, name="consent"),
    path("privacy/clients/<int:pk>/exports/", views.export, name="export"),
    path("privacy/clients/<int:pk>/erasure/", views.erasure, name="erasure"),
    path("privacy/consents/<int:pk>/withdrawal/", views.withdrawal, name="withdrawal"),
    path("privacy/exports/<int:pk>/", views.download, name="download"),
]
