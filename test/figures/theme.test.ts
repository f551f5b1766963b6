import assert from "node:assert/strict";
import { test } from "node:test";
import { compareMethods, methodStyle, methods, mix } from "psn/dist/figures/theme";

test("no two methods share colour, dash and marker", () => {
  const all = [...methods, ...[0.25, 0.5, 1, 1.5, 2, 2.5].map((cv) => `lognormal CV ${cv}`)];
  const looks = all.map((method) => {
    const { color, dash, symbol } = methodStyle(method);
    return `${color} ${dash} ${symbol}`;
  });
  // A lognormal without a CV looks as one of CV 1: the two never stand in one figure.
  assert.equal(new Set(looks).size, all.length - 1);
});

test("the starts of RigL differ in colour, and in dash or marker where print is grey", () => {
  const starts = [
    "random",
    "ERK",
    "constant",
    "lognormal CV 0.5",
    "lognormal CV 1",
    "lognormal CV 2",
    "matched",
    "power law",
    "power law CV 2",
  ];
  const styles = starts.map(methodStyle);
  assert.equal(new Set(styles.map((style) => style.color)).size, starts.length);
  assert.equal(new Set(styles.map((style) => style.dash + style.symbol)).size, starts.length);
});

test("scattered inputs keep a profile's colour and open its marker", () => {
  for (const profile of ["constant", "matched", "lognormal CV 1", "power-law CV 1", "lognormal CV 0.5"]) {
    const [windows, scattered] = [profile, `${profile}, scattered`].map(methodStyle);
    assert.equal(scattered.label, `${windows.label}, scattered`);
    assert.equal(scattered.color, windows.color);
    assert.notEqual(scattered.symbol, windows.symbol);
    assert.match(scattered.symbol, /-open/);
  }
  assert.ok(compareMethods("constant", "constant, scattered") < 0);
  assert.ok(compareMethods("constant, scattered", "linear CV 0.5") < 0);
});

test("names are understood as tables spell them", () => {
  assert.equal(methodStyle("ERK").label, "ERK");
  assert.equal(methodStyle("power-law").label, "power law");
  assert.equal(methodStyle("pareto").label, "power law");
  for (const name of ["lognormal CV 0.5", "lognormal, CV 0.5", "lognormal-0.5", "lognormal 0.5", "lognormal cv=0.5"]) {
    assert.equal(methodStyle(name).label, "lognormal CV 0.5", name);
  }
  assert.equal(methodStyle("step CV 2").label, "step CV 2");
});

test("a method without a style is refused by name", () => {
  assert.throws(() => methodStyle("snip"), /no style for "snip"; known are dense, random/);
});

test("methods sort as figures list them, then by CV", () => {
  const sorted = ["lognormal CV 2", "matched", "lognormal CV 0.5", "constant", "random"].sort(compareMethods);
  assert.deepEqual(sorted, ["random", "constant", "lognormal CV 0.5", "lognormal CV 2", "matched"]);
});

test("colours mix by their share", () => {
  assert.equal(mix("#000000", "#FFFFFF", 0.5), "#808080");
  assert.equal(mix("#102030", "#FFFFFF", 0), "#102030");
  assert.equal(mix("#102030", "#FFFFFF", 7), "#FFFFFF");
});
