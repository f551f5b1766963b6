/** The code of earlier cells, as `history_request` asks for it. */
export interface History {
  add(number: number, source: string): void;
  /** Lines as [session, cell, source]. There is one session, 1: nothing is kept when the kernel ends. */
  answer(request: Readonly<Record<string, unknown>>): HistoryLine[];
}

export type HistoryLine = readonly [session: number, cell: number, source: string | readonly [string, null]];

const session = 1;

export function createHistory(): History {
  const cells: [number: number, source: string][] = [];
  return {
    add: (number, source) => void cells.push([number, source]),
    answer({ hist_access_type, output, n, start, stop, session: asked, pattern, unique }) {
      let found = cells;
      if (hist_access_type === "range") {
        // Sessions are counted from the first, or back from the current one, which is 0.
        const isOurs = asked === session || asked === 0 || asked === undefined;
        const [from, to] = [(start as number) ?? 0, (stop as number | null) ?? Number.POSITIVE_INFINITY];
        found = isOurs ? cells.filter(([number]) => number >= from && number < to) : [];
      } else {
        if (hist_access_type === "search") found = cells.filter(([, source]) => glob(String(pattern)).test(source));
        if (unique) found = found.filter(([, source], i) => !found.slice(i + 1).some(([, later]) => later === source));
        if (typeof n === "number") found = n > 0 ? found.slice(-n) : [];
      }
      return found.map(([number, source]) => [session, number, output ? [source, null] : source]);
    },
  };
}

/** "*" stands for any text, "?" for any character. */
function glob(pattern: string): RegExp {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", "[\\s\\S]*").replaceAll("?", "[\\s\\S]")}$`);
}
