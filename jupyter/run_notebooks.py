"""Runs notebooks top to bottom, each in a kernel of its own, and reports on stdout, one JSON object a line.

Usage: run_notebooks.py [--twice] SECONDS_PER_CELL OUTPUT_FOLDER NOTEBOOK...

With --twice every cell runs twice before the next one, as people do who are not sure that it took.

A notebook fails when a cell fails or does not end, when the kernel dies, and also for what a kernel goes on after: a
promise whose rejection nobody saw, an output that could not be sent. nbclient is never told to allow errors: tslab drops
the cells that wait behind a failed one, and the run would look complete.
"""

import json
import re
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

# Closing first: what was still under way then shows its errors now.
CHECK = """
const host = (globalThis as any)[Symbol.for('kafka-producer-internals.kernel-host')];
const closingErrors = await host.closeAll();
console.log('@checked ' + JSON.stringify({ closingErrors, unseenErrors: host.unseenErrors, lostMessages: host.lostMessages }));
"""
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def report(**event):
    print(json.dumps(event), flush=True)


def text_of(cell, stream=None):
    texts = (o.text for o in cell.outputs if o.output_type == "stream" and stream in (None, o.name))
    return COLOUR.sub("", "".join(texts)).strip()


def check_kernel(client, index):
    """What went wrong without failing a cell, as sentences."""
    cell = nbformat.v4.new_code_cell(CHECK)
    # The client files outputs by cell index, so the cell has to be in the notebook while it runs.
    client.nb.cells.append(cell)
    try:
        client.execute_cell(cell, index)
    finally:
        client.nb.cells.pop()
    line = next((l for l in text_of(cell).splitlines() if l.startswith("@checked ")), None)
    if line is None:
        return [f"the kernel could not be asked how it went: {text_of(cell)}"]
    checked = json.loads(line.removeprefix("@checked "))
    wrong = [f"an error that nobody handled: {error}" for error in checked["unseenErrors"]]
    wrong += [f"closing failed: {error}" for error in checked["closingErrors"]]
    if checked["lostMessages"] > 0:
        wrong.append(f"{checked['lostMessages']} outputs were lost")
    return wrong


def run(path, output, timeout, times):
    notebook = nbformat.read(path, as_version=4)
    code = [(index, cell) for index, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
    client = NotebookClient(
        notebook,
        kernel_name="tslab",
        timeout=timeout,
        record_timing=False,
        resources={"metadata": {"path": str(path.parent)}},
    )
    wrong, done, cell = [], 0, None
    try:
        with client.setup_kernel():
            for index, cell in code:
                for _ in range(times):
                    client.execute_cell(cell, index)
                done += 1
                report(event="cell", notebook=path.stem, done=done, cells=len(code))
            wrong = check_kernel(client, len(notebook.cells))
    except CellTimeoutError:
        wrong = [f"cell {done + 1} did not end within {timeout} s: {first_line(cell)}"]
    except CellExecutionError:
        wrong = [f"cell {done + 1} failed: {first_line(cell)}\n{text_of(cell, 'stderr') or text_of(cell)}"]
    except DeadKernelError:
        wrong = [f"the kernel died in cell {done + 1}: {first_line(cell) if cell else ''}"]
    except RuntimeError as error:
        wrong = [f"the kernel did not start: {error}"]
    # Beside the outputs, so that npm run book can tell a whole run from one that only looks like it.
    notebook.metadata["run"] = {"wrong": wrong}
    nbformat.write(notebook, output / path.name)
    return wrong


def first_line(cell):
    return next((line for line in cell.source.splitlines() if line.strip()), "")


def main():
    arguments = sys.argv[1:]
    times = 2 if arguments[0] == "--twice" else 1
    timeout, output, *names = arguments[times - 1 :]
    timeout, output = int(timeout), Path(output)
    output.mkdir(parents=True, exist_ok=True)
    failed = False
    for name in names:
        started = time.monotonic()
        wrong = run(Path(name), output, timeout, times)
        failed = failed or bool(wrong)
        report(event="end", notebook=Path(name).stem, wrong=wrong, seconds=round(time.monotonic() - started, 1))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
