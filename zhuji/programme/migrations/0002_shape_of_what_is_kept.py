from django.db import migrations, models

import zhuji.programme.models


class Migration(migrations.Migration):

    dependencies = [
        ('programme', '0001_kept_judgements'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='judging',
            name='one_judging_of_a_day',
        ),
        # What is there already was packed before shapes were told: it is none of the present one.
        migrations.AddField(
            model_name='judging',
            name='shape',
            field=models.PositiveSmallIntegerField(default=0, verbose_name='存法'),
        ),
        migrations.AlterField(
            model_name='judging',
            name='shape',
            field=models.PositiveSmallIntegerField(default=zhuji.programme.models.current_shape, verbose_name='存法'),
        ),
        migrations.AddConstraint(
            model_name='judging',
            constraint=models.UniqueConstraint(fields=('plan', 'digest', 'snapshot', 'on', 'shape'), name='one_judging_of_a_day'),
        ),
    ]
