"""Who a session belongs to, with the role loaded: its rights are asked on every page."""

from django.contrib.auth.backends import ModelBackend

from otklik.accounts.models import User


class PeopleBackend(ModelBackend):
    def get_user(self, user_id: int) -> User | None:
        user = User.objects.select_related("own_role").filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None
