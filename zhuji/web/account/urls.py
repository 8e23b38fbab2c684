"""Addresses of accounts, of governing them, and of a guardian's visit."""

from django.urls import path

from zhuji.web.account import child, factors, governing, links, views

urlpatterns = [
    path("account/", views.mine, name="account"),
    path("account/password/", views.password, name="account-password"),
    path("account/sign-ins/end/", views.end_sign_in, name="end-sign-in"),
    path("account/sign-ins/end-all/", views.leave_everywhere, name="leave-everywhere"),
    path("account/deputy/", views.deputise, name="deputise"),
    path("account/factors/", factors.factors, name="factors"),
    path("account/factors/app/", factors.enrol_app, name="enrol-app"),
    path("account/factors/key/options/", factors.key_options, name="enrol-key-options"),
    path("account/factors/key/", factors.enrol_key, name="enrol-key"),
    path("account/factors/codes/", factors.new_codes, name="recovery-codes"),
    path("account/factors/remove/", factors.remove, name="remove-factor"),
    path("account/people/", governing.everybody, name="people"),
    path("account/people/new/", governing.add, name="person-new"),
    path("account/people/<path:username>/", governing.one, name="person"),
    path("account/links/", links.issued, name="child-links"),
    path("account/links/revoke/", links.revoke, name="revoke-child-link"),
    path("account/corrections/", links.corrections, name="corrections"),
    path("child/", child.record, name="child"),
    path("child/over/", child.over, name="child-over"),
    path("child/leave/", child.leave, name="child-leave"),
    path("child/link/<str:token>/", child.open_link, name="child-open"),
]
