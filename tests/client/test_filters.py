from datetime import UTC, date, datetime

from dateline_client.filters import to_params


def test_what_is_not_asked_is_not_written() -> None:
    assert to_params({"q": None, "country": [], "km": None}) == ()


def test_several_values_are_given_again_and_a_point_together() -> None:
    asked = {"entity": ["Q114", "Kim, Jong-un"], "country": "KE", "near": (-1.28, 36.8), "box": (1.0, 2.0, -1.0, 3.0)}
    assert to_params(asked) == (
        ("entity", "Q114"),
        ("entity", "Kim, Jong-un"),
        ("country", "KE"),
        ("near", "-1.28,36.8"),
        ("box", "1.0,2.0,-1.0,3.0"),
    )


def test_days_moments_and_yes_and_no_are_written_as_the_api_reads_them() -> None:
    asked = {
        "published_from": date(2026, 11, 1),
        "published_to": datetime(2026, 11, 22, 9, tzinfo=UTC),
        "stance_quoted": False,
        "km": 2.5,
        "size": 10,
    }
    assert to_params(asked) == (
        ("from", "2026-11-01"),
        ("to", "2026-11-22T09:00:00+00:00"),
        ("stance_quoted", "false"),
        ("km", "2.5"),
        ("size", "10"),
    )
