from django.urls import path

from otklik.accounts import (
    oidc,
    views,
    views_factors,
    views_keys,
    views_rules,
    views_security,
    views_services,
)

urlpatterns = [
    path("", views.home, name="home"),
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-in/", views.sign_in, name="account_login"),  # so allauth calls it
    path("sign-in/second/", views_factors.prove, name="mfa_authenticate"),  # so allauth calls it
    path("sign-in/passkey/", views_factors.passkey, name="passkey"),
    path("sign-in/again/", views_rules.again, name="sign-in-again"),
    path("sign-in/<slug:slug>/", views_services.enter, name="service-enter"),
    path("sign-in/<slug:provider_id>/back/", oidc.callback, name="openid_connect_callback"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("operator/login/", views.operator_login, name="operator-login"),
    path("first-run/", views.first_run, name="first-run"),
    path("password/", views.forgotten, name="forgotten"),
    path("password/<str:token>/", views.set_password, name="set-password"),
    path("me/security/", views_security.security, name="security"),
    path("me/security/sessions/", views_security.end_all, name="sessions-end"),
    path("me/security/sessions/<str:name>/", views_security.end, name="session-ends"),
    path("me/security/app/", views_factors.app, name="factor-app"),
    path("me/security/keys/", views_factors.key, name="factor-key"),
    path("me/security/factors/<int:pk>/removal/", views_factors.take_away, name="factor-goes"),
    path("me/security/codes/", views_factors.codes, name="factor-codes"),
    path("keys/", views_keys.keys, name="keys"),
    path("keys/<int:pk>/revocation/", views_keys.revoke, name="key-revoked"),
    path("sign-in-rules/", views_rules.rules, name="sign-in-rules"),
    path("services/", views_services.services, name="services"),
    path("services/new/", views_services.service, name="new-service"),
    path("services/<int:pk>/", views_services.service, name="service"),
    path("services/<int:pk>/removal/", views_services.service_goes, name="service-goes"),
]
