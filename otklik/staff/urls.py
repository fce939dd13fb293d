from django.urls import path

from otklik.staff import views, views_office

urlpatterns = [
    path("me/", views.me, name="me"),
    path("me/password/", views.password, name="my-password"),
    path("people/", views_office.people, name="people"),
    path("people/new/", views_office.new_person, name="new-person"),
    path("people/<int:pk>/", views_office.person, name="person"),
    path("people/<int:pk>/link/", views_office.person_link, name="person-link"),
    path("people/<int:pk>/leaving/", views_office.person_leaves, name="person-leaves"),
    path("teams/", views_office.teams, name="teams"),
    path("teams/new/", views_office.team, name="new-team"),
    path("teams/<int:pk>/", views_office.team, name="team"),
    path("teams/<int:pk>/removal/", views_office.team_goes, name="team-goes"),
    path("company/", views_office.company, name="company"),
]
