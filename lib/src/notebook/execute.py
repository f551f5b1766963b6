"""Executes one notebook with the kernel that it names: execute.py NOTEBOOK OUTPUT FOLDER.

The kernel works in FOLDER. What happens goes to stdout, one JSON object a line:
  {"event": "cell", "number": 3, "of": 12}       a code cell begins, counted from 1
  {"event": "text", "stream": "stderr", "text": "..."}  what it writes, or (stdout) shows as plain text
  {"event": "failed", "index": 7, "text": "..."} its status is bad; index counts all cells from 0
  {"event": "died", "text": "..."}               the kernel ended
OUTPUT is written in either of the first two ends, failed or done.
"""

import asyncio
import json
import os
import queue
import signal
import sys
import threading
import time

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError


def report(event, **fields):
    print(json.dumps({"event": event, **fields}), flush=True)


class Client(NotebookClient):
    """Tells of everything that the kernel writes, even between cells, where nbclient looks away."""

    async def async_start_new_kernel_client(self):
        client = await super().async_start_new_kernel_client()
        get = client.iopub_channel.get_msg

        async def get_and_tell(*args, **kwargs):
            message = await get(*args, **kwargs)
            content = message["content"]
            if message["msg_type"] == "stream":
                report("text", stream=content["name"], text=content["text"])
            elif message["msg_type"] == "error":
                # It may come late, for a cell that has ended, which nbclient does not look at any more.
                report("text", stream="stderr", text="\n".join(content["traceback"]) + "\n")
            elif message["msg_type"] in ("display_data", "update_display_data"):
                if set(content["data"]) == {"text/plain"}:
                    report("text", stream="stdout", text=content["data"]["text/plain"])
            return message

        client.iopub_channel.get_msg = get_and_tell
        return client

    async def async_execute_cell(self, cell, cell_index, **kwargs):
        executed = await super().async_execute_cell(cell, cell_index, **kwargs)
        if cell_index == len(self.nb.cells) - 1:
            await self.settle()
        return executed

    async def settle(self, seconds=0.5):
        """An un-awaited rejection is told after its cell has ended; the last cell's, too, shall be heard."""
        end = time.monotonic() + seconds
        try:
            while (left := end - time.monotonic()) > 0:
                await self.kc.iopub_channel.get_msg(timeout=left)
        except queue.Empty:
            pass


def end_with_parent():
    """Stdin ends when the program that started us does, even if it is killed; the kernel must not survive that."""
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGTERM)


def execute(client):
    """Jupyter looks for free ports, and another program may have one when the kernel comes to it: it then tries once more."""
    try:
        client().execute()
    except RuntimeError as error:
        if "before replying to kernel_info" not in str(error):
            raise
        client().execute()


def main(source, output, folder):
    threading.Thread(target=end_with_parent, daemon=True).start()
    notebook = nbformat.read(source, as_version=4)
    numbers = {}
    current = 0
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type == "code" and cell.source.strip():
            numbers[index] = len(numbers) + 1
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None

    def begin(cell, cell_index):
        nonlocal current
        current = cell_index
        if cell_index in numbers:
            report("cell", number=numbers[cell_index], of=len(numbers))

    def client():
        return Client(
            notebook,
            timeout=None,
            # Times of day would change the file at every run.
            record_timing=False,
            resources={"metadata": {"path": folder}},
            on_cell_start=begin,
        )

    code = 0
    try:
        execute(client)
    except CellExecutionError as error:
        report("failed", index=current, text=f"{error.ename} {error.evalue}".strip())
        code = 1
    except (DeadKernelError, RuntimeError, asyncio.CancelledError) as error:
        report("died", text=str(error) or type(error).__name__)
        return 2
    nbformat.write(notebook, output)
    return code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
