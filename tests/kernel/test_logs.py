from __future__ import annotations

import json
import logging
import sys

from kernel.logs import JsonLines


def test_a_log_line_is_one_json_object_with_the_attributes_beside_the_message() -> None:
    record = logging.makeLogRecord({"name": "gateway", "levelname": "INFO", "msg": "plan made", "fetches": 3})
    line = json.loads(JsonLines().format(record))
    assert line["message"] == "plan made"
    assert line["fetches"] == 3
    assert line["level"] == "info"


def test_an_exception_is_told_in_the_same_line() -> None:
    try:
        raise ValueError("no")
    except ValueError:
        record = logging.makeLogRecord({"name": "gateway", "msg": "failed", "exc_info": sys.exc_info()})
    text = JsonLines().format(record)
    assert "\n" not in text
    assert "ValueError: no" in json.loads(text)["exception"]
