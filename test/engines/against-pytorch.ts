import assert from "node:assert/strict";
import { before, test } from "node:test";
import type { Engine } from "psn/dist/engines/engine";
import { cases, gradientProbe, namedArrays, probeGradients, type Trajectory, trajectories } from "./gradient-fixtures";
import { assertClose } from "./networks";

/** Registers the tests that hold an engine's losses, gradients and trajectories to PyTorch's in float64. */
export function testAgainstPyTorch(name: string, createEngine: () => Promise<Engine>): void {
  let engine: Engine;
  before(async () => {
    engine = await createEngine();
  });

  test(`the losses and gradients of ${name} are PyTorch's, in every case and layer`, () => {
    assert.equal(compareGradients(engine), 496);
  });

  for (const trajectory of trajectories()) {
    test(`twenty steps of ${name} are PyTorch's (${trajectory.name})`, () => compareTrajectory(engine, trajectory));
  }
}

/** Returns how many arrays were compared. */
function compareGradients(engine: Engine): number {
  let compared = 0;
  for (const { name, spec, layers, batch, expected } of cases()) {
    const network = engine.create(spec, layers, gradientProbe);
    const { loss, accuracy } = network.evaluate(batch);
    assertClose([loss], [expected.loss], 1e-6, `${name}: loss`);
    assert.equal(accuracy, expected.accuracy, `${name}: accuracy`);
    if (expected.dense) {
      const dense = network.denseGradients(batch, [0, 1]);
      dense.forEach((values, layer) => {
        assertClose(values, expected.dense![layer], 1e-6, `${name}: dense gradient of layer ${layer}`);
      });
    }
    probeGradients(network, layers, batch).forEach((actual, layer) => {
      const wanted = namedArrays(expected.gradients[layer]);
      namedArrays(actual).forEach(([what, values], i) => {
        assertClose(values, wanted[i][1], 1e-6, `${name}: ${what} of layer ${layer}`);
        assert.ok(
          wanted[i][1].some((value) => value !== 0),
          `${name}: ${what} of layer ${layer} are all 0`,
        );
        compared++;
      });
    });
    network.dispose();
  }
  return compared;
}

function compareTrajectory(
  engine: Engine,
  { spec, layers, optimizer, batches, learningRates, all, expected }: Trajectory,
): void {
  const network = engine.create(spec, layers, optimizer);
  const losses = batches.map((batch, step) => network.step(batch, learningRates[step]));
  assertClose(losses, expected.losses, 1e-6, "losses");
  assertClose([network.evaluate(all).loss], [expected.loss], 1e-6, "loss after training");
  expected.layers.forEach((values, layer) => {
    const wanted = namedArrays(values);
    namedArrays(network.read(layer)).forEach(([what, actual], i) => {
      assertClose(actual, wanted[i][1], 1e-5, `${what} of layer ${layer}`);
    });
  });
  network.dispose();
}
