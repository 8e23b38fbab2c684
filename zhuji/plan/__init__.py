"""The plan as data: packages of YAML read into frozen objects; proof that no clause is left."""
