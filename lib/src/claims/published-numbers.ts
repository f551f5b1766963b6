import type { PaperRun } from "../experiments/part";
import type { Protocol } from "../experiments/protocol";
import { percent } from "../figures/estimate";

/** What a published number is of. */
export type PublishedQuantity =
  | "test accuracy (%)"
  | "active units (%)"
  | "neurons of hidden layer 1 with inputs"
  | "neurons of hidden layer 2 with inputs";

/** The epoch that a number is of: the best on the test set, the last, or the best on a validation part. */
export type PublishedEpoch = "best" | "last" | "validation" | "not stated";

/** Which of our runs stand beside a published number. */
export interface OwnRuns {
  readonly experiment: string;
  readonly protocol: Protocol;
  readonly label: string;
  /** How they differ from the published setting, in words; left out where they repeat it, and can be judged by it. */
  readonly differ?: (run: PaperRun) => string;
  /** What is not quite as published where the setting is repeated: the causes that are known of a difference. */
  readonly remark?: string;
}

/** A number of another paper. */
export interface PublishedNumber {
  readonly source: string;
  readonly setting: string;
  readonly dataset: string;
  readonly quantity: PublishedQuantity;
  readonly value: number;
  readonly epoch: PublishedEpoch;
  /** Null where nothing of ours can stand beside it; `why` says the reason. */
  readonly ours: OwnRuns | null;
  readonly why?: string;
}

const accuracy: PublishedQuantity = "test accuracy (%)";

function anchor(label: string, rest: Pick<OwnRuns, "differ" | "remark">): OwnRuns {
  return { experiment: "anchors", protocol: "plain", label, ...rest };
}

/** Our dense networks under both protocols, which are smaller and trained otherwise. */
function denseNetworks(rest: string): OwnRuns[] {
  const differ = ({ record: { config }, protocol }: PaperRun): string =>
    `hidden layers ${config.hidden.join("-")}, ${config.optimizer.kind}, ${config.epochs} epochs, protocol ${protocol}${rest}`;
  return (["plain", "tuned"] as const).map((protocol) => ({ experiment: "static", protocol, label: "dense", differ }));
}

/** A row of values for MNIST, Fashion-MNIST and EMNIST Balanced. */
function onThree(
  values: readonly [number, number, number],
  rest: Omit<PublishedNumber, "dataset" | "value">,
): PublishedNumber[] {
  return ["mnist", "fashion-mnist", "emnist-balanced"].map((dataset, i) => ({ dataset, value: values[i], ...rest }));
}

const table4 = { source: "arXiv 2501.19107, Table 4 (3 seeds)", quantity: accuracy, epoch: "best" } as const;
const table7 = "arXiv 2501.19107, Table 7 (3 seeds)";
const [rigl, set] = ["RigL 2501.19107", "SET 2501.19107"];

const wide = {
  remark:
    "pixels stay in [0, 1] and the learning rate falls until the end; theirs are standardised, and it falls over the first 90 % of epochs (biomedical-cybernetics/Cannistraci-Hebb-training, mlp_and_cnn/load_data.py and run.py)",
};

const activeUnits = {
  differ: () =>
    "another quantity: ours are hidden neurons with an input; theirs (mlp_and_cnn/run.py, --record_anp) pixels and neurons that feed the next layer and, of the last hidden layer, neurons with an input",
};

/** Three hidden layers of 1568, 99 % sparse, best test epoch. */
const wideLayers: readonly PublishedNumber[] = [
  ...onThree([98.61, 89.91, 86.94], { ...table4, setting: rigl, ours: anchor(rigl, wide) }),
  ...onThree([98.14, 89, 86.31], { ...table4, setting: set, ours: anchor(set, wide) }),
  ...denseNetworks("").flatMap((ours) =>
    onThree([98.78, 90.88, 87.13], { ...table4, setting: "dense 2501.19107", ours }),
  ),
  ...onThree([98.81, 90.93, 87.61], {
    ...{ ...table4, setting: "CHTs 2501.19107", ours: null },
    why: "CHTs grows connections by the topology alone, a method that no claim is about",
  }),
  ...onThree([29, 55, 28], {
    ...{ source: table7, setting: rigl, quantity: "active units (%)", epoch: "last" },
    ours: anchor(rigl, activeUnits),
  }),
];

const lenetRigl = "RigL 1911.11134";
const evci = { source: "arXiv 1911.11134, Appendix B", setting: lenetRigl, dataset: "mnist", epoch: "last" } as const;
const lenetRuns = anchor(lenetRigl, {
  remark:
    "the learning rate falls along a cosine, and updates end at 75 % of training; in their code (google-research/rigl, rigl/mnist/mnist_train_eval.py) it falls to a third at epochs 75 and 95, and updates end after 50 000 of 120 000 steps",
});
const survivors = anchor(lenetRigl, {
  differ: () => "ours have an input, but some may have no output; the published ones have both",
});

/** LeNet-300-100 on MNIST. The published network that survives is 408-100-69. */
const lenet: readonly PublishedNumber[] = [
  { ...evci, quantity: accuracy, value: 98.52, ours: lenetRuns },
  { ...evci, quantity: "neurons of hidden layer 1 with inputs", value: 100, ours: survivors },
  { ...evci, quantity: "neurons of hidden layer 2 with inputs", value: 69, ours: survivors },
];

const nearDensity = anchor(lenetRigl, {
  differ: ({ record }) => `RigL with ${percent(Number((1 - record.result.overallSparsity).toFixed(3)))} of all weights`,
});

/** Sparse Momentum at some densities of LeNet-300-100, published as test errors. */
const sparseMomentum: readonly PublishedNumber[] = [
  { density: 1, error: 2.36, ours: null },
  { density: 2, error: 1.99, ours: nearDensity },
  { density: 5, error: 1.53, ours: null },
].map(({ density, error, ours }) => ({
  source: "TimDettmers/sparse_learning, results/MNIST_compression_comparison_lenet300-100.csv",
  setting: `Sparse Momentum, ${density} % of weights`,
  ...{ dataset: "mnist", quantity: accuracy, value: Number((100 - error).toFixed(2)), epoch: "not stated", ours },
  why: "Sparse Momentum is another method, and no network of ours has this density",
}));

/** A dense network on Forest Cover. No number of sparse training was found for it. */
const tabular: readonly PublishedNumber[] = denseNetworks("; features standardised, not quantiles; another split").map(
  (ours) => ({
    source: "yandex-research/rtdl-revisiting-models, tuned MLP",
    ...{ setting: "dense MLP", dataset: "covtype", quantity: accuracy, value: 96.25, epoch: "validation", ours },
  }),
);

/** Published numbers of settings like ours. */
export const publishedNumbers: readonly PublishedNumber[] = [...wideLayers, ...lenet, ...sparseMomentum, ...tabular];
