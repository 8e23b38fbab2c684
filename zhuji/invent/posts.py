"""How many teachers of which subject a school should have, by its pupils and classes."""

from collections.abc import Mapping
from math import ceil

# Weekly periods, roughly: they decide who is needed.
_WEIGHTS: Mapping[str, Mapping[str, float]] = {
    "kindergarten": {"preschool": 1},
    "primary": {
        "chinese": 7,
        "maths": 5,
        "english": 2.2,
        "pe": 2.6,
        "morality": 1.4,
        "science": 1.4,
        "music": 1.4,
        "art": 1.4,
        "it": 0.8,
        "labour": 0.5,
        "psychology": 0.3,
    },
    "junior": {
        "chinese": 5.5,
        "maths": 5.5,
        "english": 5,
        "pe": 3,
        "physics": 2,
        "history": 2,
        "morality": 2,
        "geography": 1.4,
        "biology": 1.4,
        "chemistry": 1.2,
        "music": 1.1,
        "art": 1.1,
        "it": 1,
        "psychology": 0.5,
    },
}
THIN = ("pe", "music", "art", "it", "psychology", "science")


def teachers_needed(stage: str, pupils: int, classes: int) -> int:
    match stage:
        case "kindergarten":
            return 2 * classes
        case "junior":
            return max(15, ceil(pupils / 12.5)) if pupils else 0
        case _:
            least = 3 if pupils < 50 else 7
            return max(least, ceil(pupils / 17), ceil(classes * 1.7)) if pupils else 0


def quota(stage: str, teachers: int) -> dict[str, int]:
    """Largest remainders; subjects too small for a teacher of their own fall away."""
    weights = _WEIGHTS[stage]
    whole = sum(weights.values())
    exact = {subject: teachers * weight / whole for subject, weight in weights.items()}
    given = {subject: int(value) for subject, value in exact.items()}
    rest = sorted(exact, key=lambda subject: given[subject] - exact[subject])
    for subject in rest[: teachers - sum(given.values())]:
        given[subject] += 1
    return {subject: number for subject, number in given.items() if number}
