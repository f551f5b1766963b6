import assert from "node:assert/strict";
import { test } from "node:test";
import type { Engine, Optimizer } from "psn/dist/engines/engine";
import { pytorch, pytorchBatch, pytorchLayers } from "./networks";

const adam: Optimizer = { kind: "adam", beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 };
const sgd: Optimizer = { kind: "sgd", momentum: 0.9, nesterov: false, weightDecay: 0.01 };
const spec = { sizes: pytorch.sizes, layerNorm: false };
const none = new Uint32Array();

const upTo = (rows: number): Uint32Array => Uint32Array.from({ length: rows }, (_, row) => row);

/** Registers the tests that any engine refuses the same arguments in the same words; `engineOf` is called when they run. */
export function testWrongArguments(engineOf: () => Engine): void {
  test("examples that do not fit are errors that name what is wrong, and nothing is trained", () => {
    const network = engineOf().create(spec, pytorchLayers(), adam);
    const batch = pytorchBatch(0, 2);
    const second = { ...batch, labels: Uint8Array.of(0, 4) };
    const wrong: [object, RegExp][] = [
      [{ rows: 3 }, /features has length 24; it must be 36/],
      [{ rows: 0, features: new Uint8Array(), labels: new Uint8Array() }, /0 rows/],
      [{ rows: 1.5 }, /1.5 rows/],
      [{ labels: Uint8Array.of(1) }, /labels has length 1; it must be 2/],
      [{ labels: second.labels }, /label 4, but the network has 4 classes/],
      [{ labels: Uint16Array.of(0, 1) }, /labels: the kind is Uint16Array; it must be Uint8Array/],
      [{ scale: Number.NaN }, /scale NaN/],
      [{ features: Float64Array.from(batch.features) }, /features: the kind is Float64Array; it must be Uint8Array or/],
      [{ features: [...batch.features] }, /features: the kind is Array/],
    ];
    for (const [change, message] of wrong) {
      const given = { ...batch, ...change };
      assert.throws(() => network.step(given, 0.1), message);
      assert.throws(() => network.denseGradients(given, [0]), message);
      assert.throws(() => network.evaluate(given), message);
    }
    assert.throws(() => network.steps(second, Uint32Array.of(0, 1), 1, Float64Array.of(0.1, 0.1)), /label 4/);
    assert.throws(() => network.move(second, Uint32Array.of(1), [0], [1], "keep"), /label 4/);
    assert.throws(() => network.evaluateRows(second, 1, 1), /label 4/);
    pytorchLayers().forEach((layer, index) => {
      assert.deepEqual(network.read(index), layer);
    });
    network.dispose();
  });

  test("steps and evaluations of rows that are not there, or not all, are errors, and nothing is trained", () => {
    const network = engineOf().create(spec, pytorchLayers(), adam);
    const batch = pytorchBatch(0, 4);
    const steps = (order: Uint32Array, size: number, ...rates: number[]) => {
      return () => network.steps(batch, order, size, Float64Array.from(rates));
    };
    assert.throws(() => network.step(batch, Number.NaN), /learning rate NaN/);
    assert.throws(steps(upTo(4), 2, 0.1), /1 learning rates for 2 steps/);
    assert.throws(steps(upTo(4), 2, 0.1, 0.1, 0.1), /3 learning rates for 2 steps/);
    assert.throws(steps(upTo(4), 2, 0.1, Number.POSITIVE_INFINITY), /learning rate Infinity/);
    assert.throws(steps(Uint32Array.of(0, 9), 2, 0.1), /row 9 does not exist; there are 4/);
    assert.throws(steps(none, 2), /no rows/);
    for (const size of [0, -1, 1.5, 2 ** 32, 2 ** 32 + 1, Number.NaN]) {
      assert.throws(steps(upTo(4), size, 0.1), new RegExp(`batch ${size} is not an integer from 1 to 4294967295`));
    }
    const rates = Float32Array.of(0.1) as unknown as Float64Array;
    assert.throws(() => network.steps(batch, upTo(4), 4, rates), /learning rates: the kind is Float32Array/);
    const order = Float64Array.of(0, 1) as unknown as Uint32Array;
    assert.throws(() => network.steps(batch, order, 2, Float64Array.of(0.1)), /order: the kind is Float64Array/);
    for (const [first, rows] of [
      [1, 4],
      [3, 0],
      [-1, 2],
      [0.5, 1],
    ]) {
      assert.throws(() => network.evaluateRows(batch, first, rows), new RegExp(`rows ${first} \\+ ${rows} are not`));
    }
    pytorchLayers().forEach((layer, index) => {
      assert.deepEqual(network.read(index), layer);
    });
    assert.equal(network.steps(batch, upTo(4), 2 ** 32 - 1, Float64Array.of(0.1)).length, 1);
    network.dispose();
  });

  test("layers that are dense or missing, and topologies that do not fit, are errors that name them", () => {
    const layers = pytorchLayers();
    const network = engineOf().create(spec, layers, adam);
    const batch = pytorchBatch(0, 2);
    const move = (layer: number, ...drops: number[]) => {
      return () => network.move(batch, upTo(2), [layer], drops, "keep");
    };
    assert.throws(() => network.denseGradients(batch, [2]), /layer 2 is dense/);
    assert.throws(() => network.read(3), /layer 3 does not exist/);
    assert.throws(move(2, 1), /layer 2 is dense/);
    assert.throws(move(0, 1000), /cannot drop 1000 of its/);
    assert.throws(move(0, 0.5), /cannot drop 0.5 of its/);
    assert.throws(move(0), /0 drops for 1 layers/);
    assert.throws(() => network.move(batch, Uint32Array.of(2), [0], [1], "keep"), /row 2 does not exist/);
    const { topology, weights } = layers[0];
    const replace = (change: object, fresh: number[] = []) => {
      return () => network.replace(0, { ...topology!, ...change }, weights, Uint32Array.from(fresh));
    };
    assert.throws(replace({ neurons: 8 }), /the topology is 12 → 8; the layer is 12 → 9/);
    assert.throws(
      replace({ columns: topology!.columns.map((column) => column + 12) }),
      /layer 0 of 12 inputs × 9 neurons: neuron 0 reads input 1\d; inputs are 0 … 11/,
    );
    assert.throws(replace({ columns: topology!.columns.slice().reverse() }), /a row must ascend without repeats/);
    assert.throws(replace({ columns: Uint16Array.from(topology!.columns) }), /columns: the kind is Uint16Array/);
    assert.throws(replace({}, [3]), /fresh index 3 is not a connection/);
    assert.throws(replace({}, [12 * 9]), /fresh index 108 is not a connection/);
    assert.throws(() => network.replace(0, topology!, weights.slice(1), none), /weights has length/);
    const broken = weights.slice().fill(Number.NaN, 2, 3);
    assert.throws(() => network.replace(0, topology!, broken, none), /layer 0: weights: parameter 2 is NaN/);
    const doubles = Float64Array.from(weights) as unknown as Float32Array;
    assert.throws(() => network.replace(0, topology!, doubles, none), /weights: the kind is Float64Array/);
    assert.throws(() => network.replace(2, topology!, weights, none), /layer 2 is dense/);
    assert.deepEqual(network.read(0), layers[0]);
    network.dispose();
  });

  test("networks that cannot be are errors that name what is wrong", () => {
    const layers = pytorchLayers();
    const [first, ...rest] = layers;
    const create =
      (optimizer: Optimizer, sizes: readonly number[] = spec.sizes, given = layers) =>
      () =>
        engineOf().create({ ...spec, sizes }, given, optimizer);
    assert.throws(create({ ...adam, epsilon: 0 } as Optimizer), /epsilon 0/);
    assert.throws(create({ ...adam, beta2: 1 } as Optimizer), /beta2 1/);
    assert.throws(create({ ...sgd, weightDecay: -1 } as Optimizer), /weightDecay -1/);
    assert.throws(create({ ...sgd, momentum: 0, nesterov: true } as Optimizer), /momentum 0/);
    assert.throws(create(adam, spec.sizes, rest), /2 layers for sizes/);
    assert.throws(create(adam, [12], []), /sizes \[12\]/);
    assert.throws(create(adam, [12, 2 ** 24, 2]), /sizes \[12,16777216,2\] must be below 2\^24 each/);
    assert.throws(create(adam, [2 ** 20, 2 ** 12]), /below 2\^32 as a product/);
    const broken = first.weights.slice().fill(Number.NaN, 2, 3);
    assert.throws(create(adam, spec.sizes, [{ ...first, weights: broken }, ...rest]), /weights: parameter 2 is NaN/);
    const bias = first.bias.slice().fill(Number.NEGATIVE_INFINITY, 1, 2);
    assert.throws(create(adam, spec.sizes, [{ ...first, bias }, ...rest]), /bias: parameter 1 is -Infinity/);
  });

  test("a network that is disposed is of no more use", () => {
    const network = engineOf().create(spec, pytorchLayers(), adam);
    network.dispose();
    const uses = [
      () => network.step(pytorchBatch(), 0.1),
      () => network.evaluate(pytorchBatch()),
      () => network.denseGradients(pytorchBatch(), [0]),
      () => network.read(0),
      () => network.dispose(),
    ];
    for (const use of uses) assert.throws(use, /disposed/);
  });
}
