from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orgs", "0005_trail_by_month")]

    operations = [
        migrations.AddField(
            model_name="person",
            name="password_given_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="口令由别人设于"),
        ),
    ]
