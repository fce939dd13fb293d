from django.urls import path

from otklik.channels import views, views_connecting, views_granting, views_ledger, views_outgoing

app_name = "channels"
urlpatterns = [
    path("", views.boxes, name="boxes"),
    path("new/", views_connecting.new, name="new"),
    path("help/", views.help_page, name="help"),
    path("new/door/", views_connecting.door, name="door"),
    path("granted/", views_granting.granted, name="granted"),
    path("<int:pk>/", views.box, name="box"),
    path("<int:pk>/mode/", views.mode, name="mode"),
    path("<int:pk>/settings/", views.settings, name="settings"),
    path("<int:pk>/servers/", views.servers, name="servers"),
    path("<int:pk>/outgoing/", views_outgoing.outgoing, name="outgoing"),
    path("<int:pk>/fuse/", views.reset_fuse, name="fuse"),
    path("<int:pk>/check/", views_connecting.check, name="check"),
    path("<int:pk>/check/anew/", views_connecting.check_anew, name="check-anew"),
    path("<int:pk>/check/all/", views_connecting.check_all, name="check-all"),
    path("<int:pk>/check/<str:name>/", views_connecting.check_one, name="check-one"),
    path("<int:pk>/take/", views_connecting.take, name="take"),
    path("<int:pk>/answer/", views_connecting.answer, name="answer"),
    path("<int:pk>/removal/", views_connecting.drop, name="drop"),
    path("<int:pk>/grant/", views_granting.grant, name="grant"),
    path("<int:pk>/ledger/", views_ledger.ledger, name="ledger"),
    path("<int:pk>/ledger/fetch/", views_ledger.bring, name="bring"),
    path("letters/<int:pk>.eml", views_ledger.raw, name="raw"),
    path("letters/<int:pk>/rereading/", views_ledger.reread, name="reread"),
]
