"""Addresses of the ledgers."""

from django.urls import path

from zhuji.web.ledgers import forms, records, uploads, views

urlpatterns = [
    path("ledgers/", views.ledgers, name="ledgers"),
    path("ledgers/<slug:key>/", views.ledger, name="ledger"),
    path("ledgers/<slug:key>/views/", views.keep_view, name="ledger-views"),
    path("ledgers/<slug:key>/views/<int:view>/drop/", views.drop_view, name="ledger-view-drop"),
    path("ledgers/<slug:key>/export/", views.export, name="ledger-export"),
    path("ledgers/<slug:key>/template/", views.blank_workbook, name="ledger-template"),
    path("ledgers/<slug:key>/removed/", records.removed, name="ledger-removed"),
    path("ledgers/<slug:key>/removed/<int:change>/", records.restore, name="ledger-restore"),
    path("ledgers/<slug:key>/rows/remove/", records.remove_many, name="ledger-remove-many"),
    path("ledgers/<slug:key>/import/", uploads.start, name="ledger-import"),
    path("uploads/<int:number>/", uploads.upload, name="upload"),
    path("uploads/<int:number>/refused/", uploads.refused, name="upload-refused"),
    path("imports/<int:number>/", uploads.receipt, name="import"),
    path("imports/<int:number>/undo/", uploads.undo, name="import-undo"),
    path("ledgers/<slug:key>/new/", forms.new, name="ledger-new"),
    path("ledgers/<slug:key>/draft/", forms.draft, name="ledger-draft"),
    path("ledgers/<slug:key>/<int:row>/", records.record, name="ledger-row"),
    path("ledgers/<slug:key>/<int:row>/edit/", forms.edit, name="ledger-edit"),
    path("ledgers/<slug:key>/<int:row>/remove/", records.remove, name="ledger-remove"),
    path(
        "ledgers/<slug:key>/<int:row>/reveal/<slug:column>/", records.reveal, name="ledger-reveal"
    ),
]
