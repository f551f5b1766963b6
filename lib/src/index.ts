/** psn: fan-in profiles, masked layers and dynamic sparse training. What notebooks import, by concept of the paper. */

// Claims: what the paper says, how it is tested, and what the records say of it.
export { type CalibrationRow, calibrationRows } from "./claims/calibration";
export type {
  ClaimEstimate,
  ClaimId,
  ClaimResult,
  ClaimStatement,
  ProtocolResult,
  Side,
  Verdict,
} from "./claims/claim";
export {
  type ConcentrationRow,
  concentrationRows,
  type GradientStatistic,
  gradientStatistics,
} from "./claims/concentration";
export {
  type ConvergenceOptions,
  type ConvergenceRow,
  convergenceRows,
  equilibriumStarts,
  evenStarts,
  riglStarts,
  type VariantRow,
  variantRows,
} from "./claims/convergence";
export { contractionMargin } from "./claims/e1";
export { type EndRow, endRows } from "./claims/ends";
export {
  type FixedPointRow,
  fixedPointRows,
  type HubIdentityRow,
  hubIdentityRows,
  type StationarityRow,
  stationarityRows,
} from "./claims/equilibrium-tables";
export {
  type AccuracyEstimateRow,
  accuracyEstimates,
  type DifferenceRow,
  differencesTo,
} from "./claims/estimates";
export {
  type FanInCourseRow,
  type FanInPlace,
  type FinalFanInRow,
  fanInCourseRows,
  finalFanInRows,
} from "./claims/fan-in-course";
export {
  accuracyText,
  estimateText,
  gainText,
  pText,
  signed,
  type UnitText,
  unitText,
  valueText,
} from "./claims/format";
export { concentratedRange, evenRange, type HierarchyRow, hierarchyRows, substantialRatio } from "./claims/g1";
export { type CvCorrelationRow, cvCorrelationRows, strongCorrelation, substantialCorrelation } from "./claims/g2";
export { arbitraryMargin, type StepRow, stepRows, type TransplantRow, transplantRows } from "./claims/h1";
export { type InputRuleContrast, type InputRuleRow, inputRuleRows } from "./claims/input-rule";
export { type ChangeRow, changeRows, claimResults, type LedgerRow, ledger } from "./claims/ledger";
export { closeMargin, gainMargin, settlingGain } from "./claims/margins";
export { type MatchedCvRow, matchedCvRows } from "./claims/matched-cvs";
export type { ProtocolChange } from "./claims/protocol-change";
export { describePublished, type PublishedRow, publishedComparison, publishedMargin } from "./claims/published";
export { type MatchedGainRow, matchedGainRows, type ReadingRow, readingRows } from "./claims/r1-gains";
export { type DifficultyRow, difficultyRows, type TrendRow, trendRows } from "./claims/r2";
export {
  type RefinementContrastRow,
  type RefinementRow,
  refinementContrastRows,
  refinementMargin,
  refinementRows,
} from "./claims/refinement";
export { type DatasetGapRow, type DenseGapRow, datasetGapRows, denseGapRows } from "./claims/s1";
export { type GainRow, gainRows } from "./claims/s2-gains";
export { type TogetherRow, togetherRows } from "./claims/s2-together";
// Data sets.
export { datasetFromArrays, subset } from "./datasets/arrays";
export type { Dataset, Split } from "./datasets/dataset";
export {
  type DatasetName,
  type DatasetSummary,
  datasetChecksums,
  datasetSummaries,
} from "./datasets/load";
export { createEngine, type EngineName } from "./engines/create";
// Networks and what trains them.
export type {
  Batch,
  Engine,
  EngineNetwork,
  LayerNormParameters,
  LayerParameters,
  Moves,
  Optimizer,
} from "./engines/engine";
export { createSparseEngine, type NeuronGradients, type SparseEngine, type SparseNetwork } from "./engines/sparse";
export { loadTensorFlow } from "./engines/tensorflow";
export { createTfjsEngine } from "./engines/tfjs";
// Experiments: grids of runs, and tables of their records.
export { equilibriumCv } from "./experiments/equilibrium";
export { type ExperimentName, experimentNames, experimentParts } from "./experiments/experiments";
export type { ExperimentPart, GridRun, PaperRun, PartFilter } from "./experiments/part";
export { type Protocol, paperDatasets, protocols, type Scale, scales, sparsityLevels } from "./experiments/protocol";
export { type UnreachedCv, unreachedCvs } from "./experiments/reach";
export type { FailedRun, RunProvenance, RunRecord } from "./experiments/record";
export type { RecordedRun } from "./experiments/run-grid";
export {
  type AccuracyEstimate,
  type AccuracyRow,
  accuracyRows,
  type FanInCvRow,
  fanInCvRows,
  lastOfEachRun,
} from "./experiments/tables";
// Figures and notebooks.
export { datasetLabel, type Estimate, percent } from "./figures/estimate";
export type { Figure, FigureLayout, FigureOptions, PlotlyObject } from "./figures/figure";
export { type FanInRow, type Figure1Tables, figure1, type MaskRow, type WindowRow } from "./figures/figure-1";
export { type Figure2Options, figure2, type StaticAccuracyRow, type StaticGainRow } from "./figures/figure-2";
export { type Figure2MarginOptions, figure2Margin } from "./figures/figure-2-margin";
export { type Figure3Options, figure3, type RiglRow } from "./figures/figure-3";
export { figure3Gain } from "./figures/figure-3-gain";
export {
  type Figure4Options,
  figure4,
  type GradientMeasure,
  type GradientNullRow,
  type GradientRow,
  type GradientTimeRow,
} from "./figures/figure-4";
export {
  type EquilibriumPlace,
  type EquilibriumRatioRow,
  type FanInEndRow,
  type FanInEvolutionRow,
  type Figure5Options,
  type Figure5Tables,
  figure5,
} from "./figures/figure-5";
export { type Figure6Options, figure6, type HubsRow } from "./figures/figure-6";
export { type FanInShift, type Figure6PixelsOptions, figure6Pixels, type PixelMap } from "./figures/figure-6-pixels";
export { figure7, type LedgerVerdict, type VerdictRow } from "./figures/figure-7";
export { type FanInMoment, type HubFormationOptions, hubFormation } from "./figures/hub-formation";
export { layerOverview, type NamedTopology } from "./figures/layer-overview";
// Measures and statistics.
export { kolmogorovSmirnov, wasserstein } from "./measures/distances";
export {
  type Convergence,
  type DistanceRatio,
  type Equilibrium,
  type EquilibriumOptions,
  type EquivalenceRatio,
  equilibrium,
  equivalenceMargin,
  type FanInRun,
  type FixedPoint,
  fixedPoint,
} from "./measures/equilibrium";
export { type FanInSpread, type FanInStatistics, fanInStatistics } from "./measures/fan-in";
export {
  compareFits,
  type FanInFit,
  type FitComparison,
  fitTruncatedLognormal,
  fitTruncatedPowerLaw,
  type LognormalFit,
  type PowerLawFit,
} from "./measures/fits";
export {
  type GradientConcentration,
  type GradientStatistics,
  gradientConcentration,
  mechanicalNull,
} from "./measures/gradient-concentration";
export { type HubIdentity, hubIdentity } from "./measures/hub-identity";
export { churn, createExploration, type Exploration, hubs, jaccard } from "./measures/hubs";
export { randomMaskCv } from "./measures/random-mask";
export { driftMargin, type Stationarity, stationarity, type UpdateRun } from "./measures/stationarity";
export { layerNorm } from "./network/layer-norm";
export {
  type MaskedDense,
  type MaskedDenseConfig,
  type MaskedDenseConstructor,
  maskedDense,
} from "./network/masked-dense";
export type { NetworkSpec } from "./network/spec";
export { type Start, type StartConfig, startTopologies } from "./network/start";
export { type DenseLayer, initialWeights, type WeightMode } from "./network/weights";
export { type CrossTable, crossTable } from "./notebook/cross-table";
export {
  type ExportFormat,
  type ExportOptions,
  exportFigure,
  figuresDirectory,
  renderPng,
  renderSvg,
} from "./notebook/export";
export {
  type Aggregation,
  aggregate,
  type Cell,
  type Frame,
  frame,
  type Row,
  rows,
  type Statistic,
  toCsv,
} from "./notebook/frames";
export { loadDataset } from "./notebook/load-dataset";
export type { NotebookParameters, NotebookSettings, Parameter } from "./notebook/parameters";
export { type Progress, type ProgressOptions, progress } from "./notebook/progress";
export { type ProvenanceInput, type ProvenanceRow, provenance } from "./notebook/provenance";
export { paperRuns } from "./notebook/runs";
export { paperParts } from "./notebook/selection";
export { notebookSettings } from "./notebook/settings";
export { type ShowOptions, show, showTable, type TableOptions } from "./notebook/show";
export { showClaim, showRecorded, showVerdict } from "./notebook/show-claims";
export { sparkline } from "./notebook/sparkline";
export { type TrainingOptions, train } from "./notebook/train";
export type { LayerBudget } from "./profiles/allocation";
// Profiles: how unevenly a layer's neurons are connected.
export {
  type CustomFamily,
  type Family,
  type FamilyName,
  familyName,
  familyNames,
  profileShape,
} from "./profiles/families";
export { fanInProfile, maximumCv, type Profile } from "./profiles/fan-in-profile";
export { createRandom, type Random, type RandomState } from "./random";
export { type BootstrapInterval, type BootstrapOptions, bootstrap, expandedLevel } from "./statistics/bootstrap";
export { type ClusteredCorrelation, clusteredCorrelation } from "./statistics/clustered-correlation";
export { type Correlation, pearson, spearman } from "./statistics/correlation";
export {
  type Equivalence,
  type EquivalenceOptions,
  equivalence,
  equivalenceToZero,
} from "./statistics/equivalence";
export { holm } from "./statistics/holm";
export { type PairedComparison, pairedComparison, type TTest } from "./statistics/paired-comparison";
export { partialCorrelation } from "./statistics/partial-correlation";
export type { Interval } from "./statistics/samples";
export { type Summary, summary } from "./statistics/summary";
export { type Trend, type TrendOptions, trend } from "./statistics/trend";
// Topology: sparse layers, their budgets and how they move.
export { type BudgetOptions, erkBudget, uniformBudget } from "./topology/budgets";
export { checkTopology, fanIn, fanOut, fromMask, toMask } from "./topology/masks";
export type { FlatValues, Moved, Moving, SparseLayer } from "./topology/move";
export { type DenseGradients, riglUpdate, rowWiseRiglUpdate, shuffledRiglUpdate } from "./topology/rigl";
export { cosineDropFraction, isUpdateStep, type UpdateTimes } from "./topology/schedule";
export { setUpdate } from "./topology/set";
export type { Topology } from "./topology/topology";
export type { TopologyUpdate, UpdateSchedule } from "./topology/update";
export { adam, type RunConfig, resolveConfig, rigl, type TrainConfig } from "./training/config";
export type { EpochLog, TrainOptions, TrainProgress } from "./training/loop";
export type { TrainResult } from "./training/train";
export type { UpdateLog } from "./training/update-layers";
// Wiring: from fan-ins to masks.
export { goldenStride, inputOffsets } from "./wiring/offsets";
export { randomTopology } from "./wiring/random-topology";
export { type Wiring, type WiringRule, wire, wiringRules } from "./wiring/wire";
