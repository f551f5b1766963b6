/** The data sets of the paper, and the stand-in for EMNIST where Balanced cannot be had. */
export type DatasetName =
  | "mnist"
  | "fashion-mnist"
  | "emnist-balanced"
  | "emnist-letters"
  | "emnist-bymerge-116k"
  | "covtype";

/** A file as its publisher distributes it, and how to know that it is the right one. */
export interface SourceFile {
  /** Folder under the data folder and under a mirror. */
  readonly folder: string;
  readonly file: string;
  readonly bytes: number;
  readonly digest: Digest;
  /** Where it can be downloaded, tried in this order; empty for a member of an archive only. */
  readonly addresses: readonly string[];
  /** The archive that holds it, if it is not published alone. */
  readonly archive?: { readonly file: SourceFile; readonly member: string };
}

export interface Digest {
  readonly algorithm: "sha256" | "md5";
  readonly hex: string;
}

/** The images and the labels of one part, in IDX format, gzipped. */
export interface ImagePart {
  readonly rows: number;
  readonly images: SourceFile;
  readonly labels: SourceFile;
}

/** How the files of a data set become features, labels, and a training and a test part. */
export type DatasetSource =
  | {
      readonly kind: "images";
      readonly side: number;
      /** The label of the first class in the files; the others follow it. */
      readonly firstLabel: number;
      /** Whether the files hold each image transposed (EMNIST does), which the loader undoes. */
      readonly transposed: boolean;
      readonly parts:
        | { readonly kind: "official"; readonly train: ImagePart; readonly test: ImagePart }
        | { readonly kind: "stratified"; readonly all: ImagePart; readonly testFraction: number };
    }
  | { readonly kind: "covtype"; readonly rows: number; readonly data: SourceFile; readonly testFraction: number };

export interface CatalogueEntry {
  readonly name: DatasetName;
  /** Its name as a figure or a table prints it. */
  readonly title: string;
  readonly inputs: number;
  readonly classes: number;
  readonly licence: string;
  /** The page that describes it. */
  readonly homepage: string;
  readonly source: DatasetSource;
}

type Fingerprint = readonly [bytes: number, sha256: string];

/** A file to be downloaded alone from any of the folders `bases`. */
function published(folder: string, file: string, [bytes, sha256]: Fingerprint, bases: readonly string[]): SourceFile {
  const addresses = bases.map((base) => base + file);
  return { folder, file, bytes, digest: { algorithm: "sha256", hex: sha256 }, addresses };
}

/** All of EMNIST. Its publisher's checksum is an md5; each member is checked by sha256 on its own. */
export const emnistArchive: SourceFile = {
  folder: "emnist",
  file: "gzip.zip",
  bytes: 561_753_746,
  digest: { algorithm: "md5", hex: "58c8d27c78d21e728a6bc7b3cc06412e" },
  addresses: ["https://biometrics.nist.gov/cs_links/EMNIST/gzip.zip"],
};

function archived(file: string, [bytes, sha256]: Fingerprint): SourceFile {
  const archive = { file: emnistArchive, member: `gzip/${file}` };
  return { folder: "emnist", file, bytes, digest: { algorithm: "sha256", hex: sha256 }, addresses: [], archive };
}

const imagesOf = (part: string): string => `${part}-images-idx3-ubyte.gz`;
const labelsOf = (part: string): string => `${part}-labels-idx1-ubyte.gz`;

function mnistPart(part: string, rows: number, images: Fingerprint, labels: Fingerprint): ImagePart {
  const bases = [
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
  ];
  const file = (name: string, print: Fingerprint) => published("mnist", name, print, bases);
  return { rows, images: file(imagesOf(part), images), labels: file(labelsOf(part), labels) };
}

function fashionPart(part: string, rows: number, images: Fingerprint, labels: Fingerprint): ImagePart {
  const bases = [
    "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
    "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
  ];
  const file = (name: string, print: Fingerprint) => published("fashion-mnist", name, print, bases);
  return { rows, images: file(imagesOf(part), images), labels: file(labelsOf(part), labels) };
}

function emnistPart(part: string, rows: number, images: Fingerprint, labels: Fingerprint): ImagePart {
  const file = (name: string, print: Fingerprint) => archived(`emnist-${name}`, print);
  return { rows, images: file(imagesOf(part), images), labels: file(labelsOf(part), labels) };
}

const upright = { kind: "images", side: 28, firstLabel: 0, transposed: false } as const;
const transposed = { kind: "images", side: 28, firstLabel: 0, transposed: true } as const;

const mnist: CatalogueEntry = {
  name: "mnist",
  title: "MNIST",
  inputs: 784,
  classes: 10,
  licence: "CC BY-SA 3.0, as redistributors state it; © Yann LeCun and Corinna Cortes",
  homepage: "http://yann.lecun.com/exdb/mnist/",
  source: {
    ...upright,
    parts: {
      kind: "official",
      train: mnistPart(
        "train",
        60_000,
        [9_912_422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"],
        [28_881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"],
      ),
      test: mnistPart(
        "t10k",
        10_000,
        [1_648_877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"],
        [4_542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"],
      ),
    },
  },
};

const fashionMnist: CatalogueEntry = {
  name: "fashion-mnist",
  title: "Fashion-MNIST",
  inputs: 784,
  classes: 10,
  licence: "MIT; © Zalando SE",
  homepage: "https://github.com/zalandoresearch/fashion-mnist",
  source: {
    ...upright,
    parts: {
      kind: "official",
      train: fashionPart(
        "train",
        60_000,
        [26_421_880, "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"],
        [29_515, "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"],
      ),
      test: fashionPart(
        "t10k",
        10_000,
        [4_422_102, "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"],
        [5_148, "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"],
      ),
    },
  },
};

const emnist = {
  inputs: 784,
  licence: "none stated by NIST; derived from NIST Special Database 19, cite Cohen et al. 2017",
  homepage: "https://www.nist.gov/itl/products-and-services/emnist-dataset",
} as const;

const emnistBalanced: CatalogueEntry = {
  ...emnist,
  name: "emnist-balanced",
  title: "EMNIST Balanced",
  classes: 47,
  source: {
    ...transposed,
    parts: {
      kind: "official",
      train: emnistPart(
        "balanced-train",
        112_800,
        [28_207_740, "74295e75e4e9fa2c102147460ee7eb763653d5132d883a84fb88932bfb8d2db4"],
        [80_618, "b46d41e5156a0a8aaaa4d18979fdd1588850fa8571018acffd5d93b325a7d6ed"],
      ),
      test: emnistPart(
        "balanced-test",
        18_800,
        [4_714_707, "117fc12b015e37ea98bfb2cbba3f77c3782c056cdbd219b87abfc8661d7135db"],
        [13_504, "a67cac948379b67270b9a4d0a01c8ec661598accf2f2b1964340b7c83cb175cd"],
      ),
    },
  },
};

const emnistLetters: CatalogueEntry = {
  ...emnist,
  name: "emnist-letters",
  title: "EMNIST Letters",
  classes: 26,
  source: {
    ...transposed,
    firstLabel: 1,
    parts: {
      kind: "official",
      train: emnistPart(
        "letters-train",
        124_800,
        [30_804_864, "6288f418a917e007bf5fddb823a2dc7a5c6a35031401b93292a539cb12bd881f"],
        [79_283, "9759af91ea6bccdf07a6040fd085861f2ec88e37f7c3f5760f6feb57106fbe5c"],
      ),
      test: emnistPart(
        "letters-test",
        20_800,
        [5_039_157, "50f0e93d75b99b463e9760b8345866f22587fa2c2fba472730a5ba09c693412d"],
        [144, "924955c31fe7fd809b7303b5c0141282955f4b8390c74cdfd5d80435e0f4b4cb"],
      ),
    },
  },
};

/** The official ByMerge test file, split anew: not EMNIST Balanced, and never called so. */
const emnistByMerge: CatalogueEntry = {
  ...emnist,
  name: "emnist-bymerge-116k",
  title: "emnist-bymerge-116k",
  classes: 47,
  source: {
    ...transposed,
    parts: {
      kind: "stratified",
      testFraction: 0.15,
      all: emnistPart(
        "bymerge-test",
        116_323,
        [28_905_295, "5e5815ec1b522089134435f7c55e75a00960b58414793593ffff23efc0821683"],
        [79_351, "8bda1516255683ba9071e141947ca0c91a911176065cdd6259b0b4d8dc5b5f35"],
      ),
    },
  },
};

const covtype: CatalogueEntry = {
  name: "covtype",
  title: "Forest Cover (covtype)",
  inputs: 54,
  classes: 7,
  licence: "CC BY 4.0 (UCI); reuse unlimited with retention of: © Jock A. Blackard and Colorado State University",
  homepage: "https://archive.ics.uci.edu/dataset/31/covertype",
  source: {
    kind: "covtype",
    rows: 581_012,
    testFraction: 0.2,
    data: {
      folder: "covtype",
      file: "covtype.data.gz",
      bytes: 11_240_707,
      digest: { algorithm: "sha256", hex: "614360d0257557dd1792834a85a1cdebfadc3c4f30b011d56afee7ffb5b15771" },
      addresses: [
        "https://archive.ics.uci.edu/ml/machine-learning-databases/covtype/covtype.data.gz",
        "https://ndownloader.figshare.com/files/5976039",
      ],
    },
  },
};

/** Every data set by name. */
export const catalogue: Readonly<Record<DatasetName, CatalogueEntry>> = {
  mnist,
  "fashion-mnist": fashionMnist,
  "emnist-balanced": emnistBalanced,
  "emnist-letters": emnistLetters,
  "emnist-bymerge-116k": emnistByMerge,
  covtype,
};
