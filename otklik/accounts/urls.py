from django.urls import path

from otklik.accounts import views

urlpatterns = [
    path("", views.home, name="home"),
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("operator/login/", views.operator_login, name="operator-login"),
    path("first-run/", views.first_run, name="first-run"),
    path("password/<str:uid>/<str:token>/", views.set_password, name="set-password"),
]
