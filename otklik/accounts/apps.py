from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "otklik.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in
        from django.http import HttpRequest
        from django.utils import timezone

        from otklik.accounts import sessions, stepping
        from otklik.accounts.models import User

        def began(request: HttpRequest, user: User, **_more: object) -> None:
            now = timezone.now()
            sessions.began(request, now)
            stepping.began(request, user, now)

        user_logged_in.connect(began, weak=False, dispatch_uid="otklik.sessions")
