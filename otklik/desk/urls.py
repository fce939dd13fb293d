from django.urls import path

from otklik.desk import views, views_deeds, views_files, views_writing

app_name = "desk"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("list/", views.fresh_list, name="list"),
    path("search/", views.search, name="search"),
    path("new/", views_writing.letter, name="new"),
    path("new/drafts/<str:mode>/", views_writing.draft, name="letter-draft"),
    path("new/drafts/<str:mode>/files/", views_writing.attach, name="letter-attach"),
    path("new/drafts/<str:mode>/files/<int:pk>/", views_writing.detach, name="letter-detach"),
    path("<int:number>/", views.ticket, name="ticket"),
    path("<int:number>/thread/", views.fresh_thread, name="thread"),
    path("<int:number>/card/", views.card, name="card"),
    path("<int:number>/unread/", views.unread, name="unread"),
    path("<int:number>/reply/", views_writing.reply, name="reply"),
    path("<int:number>/note/", views_writing.note, name="note"),
    path("<int:number>/vendor/", views_writing.vendor, name="vendor"),
    path("<int:number>/drafts/<str:mode>/", views_writing.draft, name="draft"),
    path("<int:number>/drafts/<str:mode>/files/", views_writing.attach, name="attach"),
    path("<int:number>/drafts/<str:mode>/files/<int:pk>/", views_writing.detach, name="detach"),
    path("messages/<int:pk>/undo/", views_writing.undo, name="undo"),
    path("<int:number>/owner/", views_deeds.owner, name="owner"),
    path("<int:number>/hand-over/", views_deeds.hand_over, name="hand-over"),
    path("<int:number>/state/", views_deeds.state, name="state"),
    path("<int:number>/solution/", views_deeds.solution, name="solution"),
    path("<int:number>/reopening/", views_deeds.reopening, name="reopening"),
    path("<int:number>/spam/", views_deeds.spam, name="spam"),
    path("<int:number>/tags/", views_deeds.tags, name="tags"),
    path("<int:number>/tags/removal/", views_deeds.untag, name="untag"),
    path("<int:number>/addresses/", views_deeds.join, name="join"),
    path("<int:number>/blocking/", views_deeds.blocking, name="blocking"),
    path("letters/<int:pk>/", views_files.letter, name="letter"),
    path("letters/<int:pk>/pictures/<path:content_id>", views_files.inline_picture, name="inline-picture"),
    path("files/<int:pk>/", views_files.download, name="file"),
    path("files/<int:pk>/picture/", views_files.picture, name="picture"),
]
