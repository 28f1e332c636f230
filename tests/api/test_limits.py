"""Writing too often is refused and told how long to wait; it is counted by caller and kind, before anything is read."""

from __future__ import annotations

from tests.api.sample import Twice, make

ADD = "/api/v1/books/x/notes"
NOTE = {"title": {"en": "A note"}}
ADA = {"Authorization": "Bearer secretariat"}


def test_the_third_write_must_wait() -> None:
    limits = Twice()
    client = make(limits=limits).test_client()
    assert [client.post(ADD, json=NOTE, headers=ADA).status_code for _ in range(2)] == [201, 201]
    refused = client.post(ADD, data="not even JSON", headers=ADA)
    assert (refused.status_code, refused.get_json()["code"]) == (429, "too_many_requests")
    assert refused.headers["Retry-After"] == "7"
    assert limits.taken == [("write", "subject:ada:secretariat")] * 3
    nominator = {"Authorization": "Bearer nominator"}
    assert client.post(ADD, json=NOTE, headers=nominator).status_code == 403  # judged, not limited
    assert client.get("/api/v1/notes?book=x", headers=ADA).status_code != 429
    assert len(limits.taken) == 4


def test_who_is_nobody_takes_from_no_bucket() -> None:
    limits = Twice()
    client = make(limits=limits).test_client()
    for _ in range(9):
        assert client.post(ADD, json=NOTE, headers={"Authorization": "Bearer x"}).status_code == 401
    assert limits.taken == []


def test_every_act_and_no_read_is_documented_to_answer_so() -> None:
    paths = make().test_client().get("/api/openapi.json").get_json()["paths"]
    for path in paths.values():
        for method, operation in path.items():
            limited = operation["responses"].get("429")
            assert (limited is not None) is (method != "get")
            assert limited is None or limited["headers"]["Retry-After"]["schema"] == {"type": "integer"}
