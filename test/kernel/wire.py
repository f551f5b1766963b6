"""A client of one kernel, told what to do by JSON lines on stdin: wire.py KERNEL FOLDER [SECONDS]; each is answered by one
line. With SECONDS it crashes so long after it started the kernel, before it knows whether that is ready.

  {"op": "send", "type": "execute_request", "content": {...}, "channel": "shell"}  -> {"id": "..."}
  {"op": "finish", "id": "...", "seconds": 30}  -> {"reply": {...} | null, "outputs": [{"type": ..., "content": ...}]}
  {"op": "listen", "id": "...", "seconds": 1}   -> {"outputs": [...]}  what comes for a request that is finished
  {"op": "interrupt"}, {"op": "restart"}, {"op": "stop"}                -> {}
  {"op": "wait", "seconds": 5}                  -> {"code": 0}          the exit code once the kernel's process has ended, else null
  {"op": "beat", "seconds": 1}                  -> {"answered": true}   by the heartbeat, asked anew
  {"op": "pid"}                                 -> {"pid": 123}
  {"op": "crash"}: ends at once, as a killed Jupyter does
"""

import json
import os
import signal
import subprocess
import sys
import time

import zmq
from jupyter_client import KernelManager


class Wire:
    def __init__(self, kernel, folder, crash=None):
        self.manager = KernelManager(kernel_name=kernel)
        # The kernel must not have our stdout: Node would make it non-blocking, and long answers would be cut.
        self.manager.start_kernel(cwd=folder, stdout=subprocess.DEVNULL)
        if crash is not None:
            time.sleep(float(crash))
            self.crash()
        self.connect()

    def connect(self):
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=60)
        self.published, self.replies = {}, {}

    def send(self, type, content, channel="shell"):
        message = self.client.session.msg(type, content)
        getattr(self.client, f"{channel}_channel").send(message)
        return {"id": message["header"]["msg_id"]}

    def take(self, seconds):
        """Takes all that the kernel has published and answered, waiting for some of it."""
        sockets = {getattr(self.client, f"{name}_channel").socket: name for name in ("iopub", "shell", "control")}
        zmq.select(list(sockets), [], [], seconds)
        for socket, name in sockets.items():
            while (message := self.client.session.recv(socket, mode=zmq.NOBLOCK)[1]) is not None:
                id = message["parent_header"].get("msg_id")
                told = {"type": message["msg_type"], "content": message["content"]}
                if name == "iopub":
                    self.published.setdefault(id, []).append(told)
                else:
                    self.replies[id] = told

    def finish(self, id, seconds=30):
        idle = {"type": "status", "content": {"execution_state": "idle"}}
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if id in self.replies and idle in self.published.get(id, []):
                break
            self.take(0.2)
        return {"reply": self.replies.pop(id, None), "outputs": self.published.pop(id, [])}

    def listen(self, id, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.take(0.05)
        return {"outputs": self.published.pop(id, [])}

    def interrupt(self):
        self.manager.interrupt_kernel()

    def restart(self):
        self.client.stop_channels()
        self.manager.restart_kernel(now=False)
        self.connect()

    def wait(self, seconds):
        end = time.monotonic() + seconds
        while self.manager.is_alive() and time.monotonic() < end:
            time.sleep(0.02)
        return {"code": self.manager.provisioner.process.poll()}

    def beat(self, seconds):
        with self.manager.connect_hb() as socket:
            socket.linger = 0
            socket.send(b"ping")
            return {"answered": socket.poll(1000 * seconds) > 0 and socket.recv() == b"ping"}

    def pid(self):
        return {"pid": self.manager.provisioner.pid}

    def stop(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)

    def crash(self):
        os.kill(os.getpid(), signal.SIGKILL)


wire = Wire(*sys.argv[1:])
print("{}", flush=True)
for line in sys.stdin:
    order = json.loads(line)
    op = order.pop("op")
    print(json.dumps(getattr(wire, op)(**order) or {}), flush=True)
    if op == "stop":
        break
else:
    wire.stop()
