"""The actions that must be whole or not at all, each over the same county, ready to be done."""

from tests.faults.acts import keeping, ledgers, people, work

ACTS = (*ledgers.ACTS, *people.ACTS, *work.ACTS, *keeping.ACTS)
