import type { PaperRun } from "../experiments/part";
import type { Protocol } from "../experiments/protocol";
import { fanInStatistics } from "../measures/fan-in";
import { compareFits } from "../measures/fits";
import { cellsOf } from "./cells";

/** The fan-ins of one sparse layer of one run of RigL at its end, and the laws that they are held against. */
export interface EndRow {
  readonly protocol: Protocol;
  readonly experiment: string;
  readonly dataset: string;
  readonly sparsity: number;
  readonly start: string;
  readonly seed: number;
  /** From 0. */
  readonly layer: number;
  /** Fan-in CV over all neurons at the start and at the end. */
  readonly startCv: number;
  readonly cv: number;
  /** CV over neurons with an input, Gini over all, share of connections of the top decile, largest fan-in over inputs. */
  readonly activeCv: number;
  readonly gini: number;
  readonly topDecileShare: number;
  readonly maxShare: number;
  /** Share of neurons without input. */
  readonly zeroShare: number;
  /** Truncated discrete lognormal of the active neurons: σ (Infinity where a power law is its limit) and KS distance. */
  readonly lognormalSigma: number;
  readonly lognormalKs: number;
  /** Truncated power law of the same: exponent and KS distance. */
  readonly powerLawExponent: number;
  readonly powerLawKs: number;
  /** ln L(lognormal) − ln L(power law), never below 0; and p of "a power law". */
  readonly logLikelihoodRatio: number;
  readonly powerLawP: number;
}

/** Where fan-ins end, a row for each sparse layer of each run of `equilibrium` or `rigl`, dead layers left out. */
export function endRows(runs: readonly PaperRun[], experiment: "equilibrium" | "rigl" = "equilibrium"): EndRow[] {
  return cellsOf(runs, [experiment]).flatMap(({ protocol, dataset, sparsity, label, runs: own }) =>
    own.flatMap(({ record: { config, result } }) =>
      result.layers.flatMap(({ layer, inputs, fanIn }) => {
        const end = fanIn[fanIn.length - 1];
        if (end.every((k) => k === 0)) return [];
        const place = { protocol, experiment, dataset, sparsity, start: label, seed: config.seed, layer };
        return [{ ...place, startCv: fanInStatistics(fanIn[0]).cv, ...endColumns(end, inputs) }];
      }),
    ),
  );
}

function endColumns(end: readonly number[], inputs: number) {
  const { cv, gini, topDecileShare, maxShare, zeroShare, active } = fanInStatistics(end, { inputs });
  const { lognormal, powerLaw, logLikelihoodRatio, nestedP } = compareFits(end, { inputs });
  return {
    cv,
    activeCv: active.cv,
    gini,
    topDecileShare,
    maxShare,
    zeroShare,
    lognormalSigma: lognormal.sigma,
    lognormalKs: lognormal.ks,
    powerLawExponent: powerLaw.exponent,
    powerLawKs: powerLaw.ks,
    logLikelihoodRatio,
    powerLawP: nestedP,
  };
}
