import type { Dataset, Split } from "psn/dist/datasets/dataset";
import { createRandom, type Random } from "psn/dist/random";

/** Three overlapping Gaussian clouds in twelve dimensions: learned in a second, never to 100 % at once. */
export function blobs(trainRows = 300, testRows = 90): Dataset {
  const random = createRandom(7);
  const centres = Array.from({ length: 3 }, () => Array.from({ length: 12 }, () => random.normal()));
  return {
    name: "blobs",
    inputs: 12,
    classes: 3,
    scale: 1,
    train: cloud(centres, trainRows, random),
    test: cloud(centres, testRows, random),
    checksums: {},
  };
}

function cloud(centres: readonly (readonly number[])[], rows: number, random: Random): Split {
  const labels = Uint8Array.from({ length: rows }, (_, row) => row % 3);
  const features = Float32Array.from({ length: rows * 12 }, (_, i) => {
    return centres[labels[Math.floor(i / 12)]][i % 12] + random.normal();
  });
  return { rows, features, labels };
}
