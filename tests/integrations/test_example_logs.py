"""The logs that the example ships say what its story needs."""

from __future__ import annotations

from pathlib import Path

import pytest

from interlock.evidence import CountingRule, EvaluationProtocol, summarise
from interlock.integrations import read_inspect_log

LARGEST = 100_000


@pytest.mark.parametrize(("name", "successes"), [("autonomy", 3), ("cyber", 34)])
def test_a_shipped_log_reads_to_the_counts_of_the_script_that_wrote_it(
    repository: Path, name: str, successes: int
) -> None:
    path = repository / "examples" / "halcyon" / "logs" / f"{name}.eval"
    assert path.stat().st_size < LARGEST
    log = read_inspect_log(path)
    assert log.task == f"halcyon/{name}"
    assert log.task_args["tools"] is True
    protocol = EvaluationProtocol(task=log.task, suite=f"halcyon/{name}", elicitation=("tools",))
    summary = summarise(log, protocol=protocol, rule=CountingRule(measure="m"))
    assert (summary.data["successes"], summary.data["trials"]) == (successes, 40)
    assert summary.findings == ()
    families = summarise(log, protocol=protocol, rule=CountingRule(measure="m", cluster_key="family")).data["clusters"]
    assert isinstance(families, list)
    assert [one["trials"] for one in families] == [8] * 5
    assert sum(one["successes"] for one in families) == successes


def test_the_shipped_logs_name_no_path_of_the_machine_that_wrote_them(repository: Path) -> None:
    for path in sorted((repository / "examples" / "halcyon" / "logs").glob("*.eval")):
        assert b"/make_log.py" not in path.read_bytes()
        log = read_inspect_log(path)
        assert log.model == "mockllm/model"
