import { type Canvas, createCanvas, writeNote } from "./canvas";
import { distinct } from "./estimate";
import type { Figure, FigureOptions } from "./figure";
import { fontSize, grey, mix, okabeIto } from "./theme";

/** What became of a claim. */
export type LedgerVerdict = "reproduced" | "partly" | "not reproduced" | "not testable";

/** The verdict on one claim under one protocol. */
export interface VerdictRow {
  /** "S1" */
  readonly claim: string;
  /** "plain", "tuned" */
  readonly protocol: string;
  readonly verdict: LedgerVerdict;
}

interface VerdictLook {
  readonly letter: string;
  readonly fill: string;
  readonly border: string;
  readonly text: string;
}

/** Apart in colour, in grey (dark, middle, white, dotted) and by letter. */
const looks: Readonly<Record<LedgerVerdict, VerdictLook>> = {
  reproduced: { letter: "R", fill: okabeIto.blue, border: okabeIto.blue, text: "#FFFFFF" },
  partly: { letter: "P", fill: mix(okabeIto.orange, "#FFFFFF", 0.35), border: okabeIto.orange, text: "#000000" },
  "not reproduced": { letter: "N", fill: "#FFFFFF", border: okabeIto.vermillion, text: okabeIto.vermillion },
  "not testable": { letter: "–", fill: "#FFFFFF", border: grey.band, text: grey.note },
};

const left = 62;
const top = 38;
const cell = { width: 44, height: 28, gap: 5 };

/** Figure 7: the ledger of claims at a glance, a column for each claim and a line for each protocol. */
export function figure7(rows: readonly VerdictRow[], options: FigureOptions = {}): Figure {
  if (rows.length === 0) throw new RangeError("figure7: the table has no rows; pass at least one");
  const claims = distinct(rows.map((row) => row.claim));
  const protocols = distinct(rows.map((row) => row.protocol));
  const width = Math.max(500, left + claims.length * (cell.width + cell.gap) + 8);
  const keyTop = top + protocols.length * (cell.height + cell.gap) + 14;
  const canvas = createCanvas(width, keyTop + 26);
  // Shapes stand on a figure that has at least one pair of axes.
  canvas.panel({ left: 0, top: 0, width, height: keyTop + 26 }, { visible: false }, { visible: false });
  claims.forEach((claim, i) => {
    const x = left + i * (cell.width + cell.gap);
    canvas.write(`<b>${claim}</b>`, x + cell.width / 2, top - 11, { xanchor: "center" });
    protocols.forEach((protocol, j) => {
      const row = rows.find((each) => each.claim === claim && each.protocol === protocol);
      const y = top + j * (cell.height + cell.gap);
      drawVerdict(canvas, row?.verdict ?? "not testable", { x, y, width: cell.width, height: cell.height });
    });
  });
  protocols.forEach((protocol, j) => {
    canvas.write(protocol, left - 10, top + j * (cell.height + cell.gap) + cell.height / 2, { xanchor: "right" });
  });
  drawKey(canvas, keyTop);
  writeNote(canvas, options.note, width - 8);
  return {
    name: "figure-7",
    data: canvas.traces,
    layout: canvas.layout(),
    caption: `Verdicts on the paper's ${claims.length === 1 ? "claim" : `${claims.length} claims`} by protocol: ${tally(rows, protocols)}. A claim is not testable where runs are missing or too few to say either, or the protocol does not have them.`,
    alt: `A strip of verdicts. ${protocols.map((protocol) => `${protocol}: ${claims.map((claim) => `${claim} ${rows.find((row) => row.claim === claim && row.protocol === protocol)?.verdict ?? "not testable"}`).join(", ")}`).join("; ")}.`,
  };
}

interface CellPlace {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function drawVerdict(canvas: Canvas, verdict: LedgerVerdict, { x, y, width, height }: CellPlace): void {
  const { letter, fill, border, text } = looks[verdict];
  const page = canvas.layout();
  const line = { color: border, width: 2, dash: verdict === "not testable" ? "2px,2px" : "solid" };
  canvas.shape({
    type: "rect",
    xref: "paper",
    yref: "paper",
    x0: x / page.width,
    x1: (x + width) / page.width,
    y0: 1 - y / page.height,
    y1: 1 - (y + height) / page.height,
    fillcolor: fill,
    line,
    layer: "below",
  });
  const font = { color: text, size: height > 20 ? fontSize.panel : fontSize.tick };
  canvas.write(`<b>${letter}</b>`, x + width / 2, y + height / 2, { xanchor: "center", font });
}

function drawKey(canvas: Canvas, top: number): void {
  let x = left;
  for (const verdict of Object.keys(looks) as LedgerVerdict[]) {
    drawVerdict(canvas, verdict, { x, y: top, width: 18, height: 16 });
    canvas.write(verdict, x + 24, top + 8);
    x += 24 + verdict.length * 6 + 16;
  }
}

function tally(rows: readonly VerdictRow[], protocols: readonly string[]): string {
  return protocols
    .map((protocol) => {
      const own = rows.filter((row) => row.protocol === protocol);
      const counts = (Object.keys(looks) as LedgerVerdict[]).flatMap((verdict) => {
        const count = own.filter((row) => row.verdict === verdict).length;
        return count > 0 ? [`${count} ${verdict}`] : [];
      });
      return `${protocol}: ${counts.join(", ")}`;
    })
    .join("; ");
}
