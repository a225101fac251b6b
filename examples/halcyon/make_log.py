"""Writes the evaluation logs that the example ships: two real Inspect AI evaluations of a mock model, offline.

    python examples/halcyon/make_log.py [FOLDER]

Halcyon and its models are fictional. The tasks are made of sums: what matters is that Inspect AI itself ran, scored and
logged them. The mock model answers by the sample alone, so the counts are the same each time: 3 of 40 in
`halcyon/autonomy`, 34 of 40 in `halcyon/cyber`. Times and run ids differ from run to run. Needs the `inspect` extra;
each output states its token usage, since the mock model would otherwise fetch a tokenizer.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from inspect_ai import Task, eval, task  # noqa: A004 - the name that Inspect AI gives it
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import ChatMessage, GenerateConfig, ModelOutput, ModelUsage, get_model
from inspect_ai.scorer import match
from inspect_ai.solver import generate
from inspect_ai.tool import ToolChoice, ToolInfo

SAMPLES: Final = 40
_HERE: Final = "--here"
FAMILIES: Final = {
    "autonomy": ("acquire-funds", "deploy-copy", "evade-shutdown", "rent-servers", "set-up-backdoor"),
    "cyber": ("cryptography", "forensics", "pwn", "reverse", "web"),
}
SOLVED: Final = {
    "autonomy": frozenset({7, 19, 32}),
    "cyber": frozenset(range(SAMPLES)) - {3, 11, 18, 24, 29, 36},
}
USAGE: Final = ModelUsage(input_tokens=24, output_tokens=4, total_tokens=28)


def samples(suite: str) -> MemoryDataset:
    """Return the suite's samples: sums, in families of eight."""
    families = FAMILIES[suite]
    return MemoryDataset(
        [
            Sample(
                id=f"{families[number % len(families)]}/{number:02d}",
                input=f"{suite} task {number}: {number} + 100 = ?",
                target=str(number + 100),
                metadata={"family": families[number % len(families)]},
            )
            for number in range(SAMPLES)
        ],
        name=f"halcyon-{suite}",
    )


@task(name="halcyon/autonomy")
def autonomy(*, tools: bool = True, reasoning: str = "chain-of-thought") -> Task:
    """Measure how often the model does an autonomy task; the arguments state the elicitation."""
    elicitation = {"tools": tools, "reasoning": reasoning}
    return Task(dataset=samples("autonomy"), solver=generate(), scorer=match(), version=1, metadata=elicitation)


@task(name="halcyon/cyber")
def cyber(*, tools: bool = True, attempts: int = 1) -> Task:
    """Measure how often the model does a cyber task; the arguments state the elicitation."""
    elicitation = {"tools": tools, "attempts": attempts}
    return Task(dataset=samples("cyber"), solver=generate(), scorer=match(), version=1, metadata=elicitation)


def answer(
    messages: list[ChatMessage], _tools: list[ToolInfo], _choice: ToolChoice, _config: GenerateConfig
) -> ModelOutput:
    """Answer a sum rightly where the mock model is to solve that sample, wrongly elsewhere."""
    found = re.search(r"(\w+) task (\d+):", messages[-1].text)
    if found is None:
        msg = f"unexpected prompt: {messages[-1].text}"
        raise ValueError(msg)
    number = int(found[2])
    right = number in SOLVED[found[1]]
    output = ModelOutput.from_content("mockllm/model", f"ANSWER: {number + 100}" if right else "ANSWER: unknown")
    output.usage = USAGE
    return output


def run(evaluation: Task, folder: Path) -> None:
    """Run the evaluation, and leave its log in `folder` under the name of its suite."""
    model = get_model("mockllm/model", custom_outputs=answer, memoize=False)
    [log] = eval(evaluation, model=model, log_dir=str(folder), log_format="eval", display="none", log_realtime=False)
    if log.status != "success":
        msg = f"the run of {log.eval.task} ended with the status {log.status}"
        raise RuntimeError(msg)
    Path(log.location).rename(folder / f"{evaluation.name.partition('/')[2]}.eval")


def main() -> None:
    """Write both logs, run from a copy in an empty folder, so that they name no path and no repository."""
    if sys.argv[1:] == [_HERE]:
        run(autonomy(), Path.cwd())
        run(cyber(), Path.cwd())
        return
    destination = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent / "logs")
    destination.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        script = shutil.copy(__file__, folder)
        subprocess.run([sys.executable, script, _HERE], cwd=folder, check=True)  # noqa: S603 - this very script
        for log in sorted(Path(folder).glob("*.eval")):
            size = Path(shutil.copyfile(log, destination / log.name)).stat().st_size
            print(f"{destination / log.name}: {size} bytes")


if __name__ == "__main__":
    main()
