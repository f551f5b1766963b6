import { bar } from "../datasets/reporter";
import type { GridProgress } from "../experiments/grid-progress";
import type { TrainProgress } from "../training/loop";
import { sparkline } from "./sparkline";

/** How far some work has come. */
export interface Course {
  /** What is done, parts of pieces included; and in all. */
  readonly done: number;
  readonly total: number;
  /** What pieces are, in the plural: "runs". */
  readonly pieces?: string;
  readonly seconds: number;
  readonly news?: string;
  /** Values so far, such as losses, for a sparkline. */
  readonly values?: readonly number[];
}

/** "████░░ 3 of 5 epochs, 12 a minute, 10 s left · loss 0.312, accuracy 85.2 % █▅▃▂" */
export function describeCourse({ done, total, pieces = "", seconds, news = "", values = [] }: Course): string {
  const perMinute = done > 0 && seconds > 0 ? (60 * done) / seconds : null;
  const counted = [
    `${Math.floor(done)} of ${total} ${pieces}`.trim(),
    ...rateAndRest(perMinute, perMinute && (60 * (total - done)) / perMinute),
  ];
  return [`${bar(done, total)} ${counted.join(", ")}`, latest(news, values)].filter((text) => text !== "").join(" · ");
}

/** "5 of 10 runs done (2 found recorded), 1 failed, 12 a minute, 21 min 30 s left": what is known of a grid. */
export function describeCounts(progress: GridProgress): string {
  const { recorded, done, failed, total, elsewhere, perMinute, secondsLeft } = progress;
  return [
    `${recorded + done} of ${total} runs done${recorded > 0 ? ` (${recorded} found recorded)` : ""}`,
    `${failed} failed`,
    ...(elsewhere > 0 ? [`${elsewhere} in another process`] : []),
    ...rateAndRest(perMinute, secondsLeft),
  ].join(", ");
}

/** "29 %, loss 0.312, accuracy 85.2 %" */
export function describeTraining({ step, steps, ...numbers }: TrainProgress): string {
  const share = `${Math.floor((100 * step) / steps)} %`;
  return [share, describeNumbers(numbers)].filter((text) => text !== "").join(", ");
}

/** "loss 0.312, accuracy 85.2 %", as far as they are known. */
export function describeNumbers({ loss, accuracy }: Pick<TrainProgress, "loss" | "accuracy">): string {
  const texts = [
    ...(loss === null ? [] : [`loss ${loss.toFixed(3)}`]),
    ...(accuracy === null ? [] : [`accuracy ${(100 * accuracy).toFixed(1)} %`]),
  ];
  return texts.join(", ");
}

/** News and a curve. */
export function latest(news: string, values: readonly number[]): string {
  return `${news} ${values.length > 1 ? sparkline(values) : ""}`.trim();
}

function rateAndRest(perMinute: number | null, secondsLeft: number | null): string[] {
  return [
    ...(perMinute === null ? [] : [`${perMinute < 10 ? perMinute.toFixed(1) : Math.round(perMinute)} a minute`]),
    ...(secondsLeft ? [`${duration(secondsLeft)} left`] : []),
  ];
}

/** 42 s, 3 min 05 s, 2 h 07 min. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  const two = (value: number): string => String(value).padStart(2, "0");
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`;
}
