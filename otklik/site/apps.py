from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "otklik.site"
    label = "otklik_site"
