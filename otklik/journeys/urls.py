from django.urls import path

from otklik.journeys import views, views_desk, views_news

app_name = "journeys"
urlpatterns = [
    path("ask/", views.ask, name="ask"),
    path("preview/<int:number>/", views_desk.preview, name="preview"),
    path("now/<int:number>/", views_desk.now, name="now"),
    path("waits/", views_desk.waits_page, name="waits"),
    path("gift/<int:number>/", views_desk.gift, name="gift"),
    path("offer/<int:number>/", views_news.offer, name="offer"),
    path("<str:token>/", views.page, name="page"),
    path("<str:token>/news/", views.news, name="news"),
    path("<str:token>/words/", views.write, name="write"),
    path("<str:token>/solved/", views.solved, name="solved"),
    path("<str:token>/code/", views.ask_code, name="code"),
    path("<str:token>/proof/", views.prove, name="proof"),
    path("<str:token>/renewal/", views.renew, name="renew"),
    path("<str:token>/files/<int:pk>/", views.file, name="file"),
    path("<str:token>/files/<int:pk>/picture/", views.picture, name="picture"),
]
