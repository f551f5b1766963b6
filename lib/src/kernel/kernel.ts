import { setTimeout } from "node:timers/promises";
import { toCodePoints, toIndex } from "./code-points";
import type { Channel, Connection } from "./connection";
import { createExecution, type Execution } from "./execution";
import { kernelInformation, kernelVersions } from "./information";
import type { Message } from "./messages";
import type { Session } from "./session";
import type { StopRequest } from "./stop-request";

/** Answers Jupyter's requests. */
export interface Kernel {
  receive(channel: Channel, request: Message): void;
  /** Stops the running cell, if there is one. */
  interrupt(): void;
}

/** What requests of a type are answered with; undefined means no reply. */
type Answer = (request: Message) => object | undefined;

/**
 * Cells are executed in the order in which they come; all else is answered at once, while a cell waits for something.
 * `end` ends the process.
 */
export function createKernel(session: Session, connection: Connection, stop: StopRequest, end: () => void): Kernel {
  const execution = createExecution(session, connection, stop);
  const { enqueue } = createQueue(execution, connection);
  const answers = createAnswers(session, execution, connection);
  const { publish, reply, status } = connection;
  return {
    receive(channel, request) {
      const type = request.header.msg_type;
      if (type === "execute_request") return enqueue(request);
      status(request, "busy");
      const content = answers[type]?.(request);
      const replyType = type.replace(/_request$/, "_reply");
      if (content) reply(channel, request, replyType, content);
      if (type === "shutdown_request") publish(request, replyType, content!);
      status(request, "idle");
      const running = execution.running();
      if (running) status(running.request, "busy"); // the kernel is not as idle as that sounded
      if (type === "shutdown_request") end();
    },
    interrupt: execution.interrupt,
  };
}

/** Milliseconds for cells that were sent together with a failing one, as by Run All, to come in and be aborted. */
const GRACE = 50;

/** The cells that wait for their turn. A failed cell aborts those that came by then, unless it is not to stop them. */
function createQueue(execution: Execution, { reply, status }: Connection): { enqueue(request: Message): void } {
  let waiting: Message[] = [];
  let isAtWork = false;
  const work = async (): Promise<void> => {
    isAtWork = true;
    for (let request = waiting.shift(); request !== undefined; request = waiting.shift()) {
      status(request, "busy");
      const stops = request.content.stop_on_error !== false;
      // Nobody sits at a frontend without stdin, such as nbconvert: what it saves shall hold no times.
      if (request.content.allow_stdin === false) process.env.PSN_PROGRESS ??= "quiet";
      const content = await execution.execute(request);
      const isToStop = content.status === "error" && stops;
      if (isToStop) await setTimeout(GRACE);
      const aborted = isToStop ? waiting.splice(0) : [];
      reply("shell", request, "execute_reply", content);
      status(request, "idle");
      for (const other of aborted) {
        status(other, "busy");
        reply("shell", other, "execute_reply", { status: "aborted" });
        status(other, "idle");
      }
    }
    isAtWork = false;
  };
  return {
    enqueue(request) {
      waiting = [...waiting, request];
      if (!isAtWork) void work();
    },
  };
}

function createAnswers(
  { executor, tslab }: Session,
  { history }: Execution,
  { publish }: Connection,
): Readonly<Record<string, Answer>> {
  const position = ({ content }: Message): [code: string, index: number] => {
    const code = String(content.code);
    return [code, toIndex(code, Number(content.cursor_pos ?? code.length))];
  };
  return {
    kernel_info_request: () => kernelInformation(kernelVersions(tslab)),
    is_complete_request({ content }) {
      const { completed, indent } = tslab.isCompleteCode(String(content.code));
      return completed ? { status: "complete" } : { status: "incomplete", indent };
    },
    inspect_request(request) {
      const info = executor.inspect(...position(request));
      const data = info ? { "text/plain": tslab.printQuickInfo(info) } : {};
      return { status: "ok", found: info !== undefined, data, metadata: {} };
    },
    complete_request(request) {
      const [code, index] = position(request);
      const { start, end, candidates } = executor.complete(code, index);
      const [cursor_start, cursor_end] = [start, end].map((at) => toCodePoints(code, at));
      return { status: "ok", matches: candidates, cursor_start, cursor_end, metadata: {} };
    },
    history_request: ({ content }) => ({ status: "ok", history: history.answer(content) }),
    comm_info_request: () => ({ status: "ok", comms: {} }),
    comm_open(request) {
      publish(request, "comm_close", { comm_id: request.content.comm_id, data: {} }); // there are no widgets here
      return undefined;
    },
    interrupt_request() {
      process.emit("SIGINT", "SIGINT"); // for this kernel, and for all other work that listens, as `interruptSignal` does
      return { status: "ok" };
    },
    shutdown_request: ({ content }) => ({ status: "ok", restart: content.restart === true }),
  };
}
