from django.urls import path

from otklik.staff import views, views_office

urlpatterns = [
    path("me/", views.me, name="me"),
    path("me/password/", views.password, name="my-password"),
    path("me/return/", views.returned, name="my-return"),
    path("people/", views_office.people, name="people"),
    path("people/new/", views_office.new_person, name="new-person"),
    path("people/<int:pk>/", views_office.person, name="person"),
    path("people/<int:pk>/link/", views_office.person_link, name="person-link"),
    path("people/<int:pk>/letter/", views_office.person_letter, name="person-letter"),
    path("people/<int:pk>/sessions/", views_office.person_signs_out, name="person-signs-out"),
    path("people/<int:pk>/factors/", views_office.person_loses_factor, name="person-loses-factor"),
    path("roles/", views_office.roles, name="roles"),
    path("roles/new/", views_office.role, name="new-role"),
    path("roles/<int:pk>/", views_office.role, name="role"),
    path("roles/<int:pk>/removal/", views_office.role_goes, name="role-goes"),
    path("people/<int:pk>/leaving/", views_office.person_leaves, name="person-leaves"),
    path("teams/", views_office.teams, name="teams"),
    path("teams/new/", views_office.team, name="new-team"),
    path("teams/<int:pk>/", views_office.team, name="team"),
    path("teams/<int:pk>/removal/", views_office.team_goes, name="team-goes"),
    path("company/", views_office.company, name="company"),
]
