/** What started this process, and is not to leave it behind. */
export interface Parent {
  /** The parent process at the first look. */
  readonly pid: number;
  /** Jupyter, which may have ended before that look, or may have started the kernel through another program. */
  readonly jupyter: number | undefined;
}

/** Ends this process within a second of the end of the one that started it, as Jupyter's being killed. */
export function endWithParent(): Parent {
  const parent: Parent = { pid: process.ppid, jupyter: namedByJupyter() };
  if (hasEnded(parent)) {
    console.error(
      `Jupyter, by JPY_PARENT_PID the process ${parent.jupyter}, has ended, and so does its kernel. If it runs, but on another machine or outside this container, start the kernel without that variable.`,
    );
    process.exit(1);
  }
  setInterval(() => {
    if (hasEnded(parent)) process.exit(1);
  }, 1000).unref();
  return parent;
}

/** Whether it is gone, where `ppid` is this process's parent now. */
export function hasEnded({ pid, jupyter }: Parent, ppid: number = process.ppid): boolean {
  if (ppid !== pid) return true;
  if (jupyter === undefined || jupyter === ppid) return false;
  // 1 takes in who lost its parent. Until Jupyter's own parent has noticed its end, Jupyter looks alive.
  return ppid === 1 || !isAlive(jupyter);
}

/** On Windows it is no process id but a handle. */
function namedByJupyter(): number | undefined {
  const pid = Number(process.env.JPY_PARENT_PID);
  return pid > 0 && process.platform !== "win32" ? pid : undefined;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH"; // another user's is none of ours, but there
  }
}
