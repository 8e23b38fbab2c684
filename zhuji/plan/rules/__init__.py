"""The checks of a package, by what they look at; `zhuji.plan.check` lists them all."""
