import assert from "node:assert/strict";
import { test } from "node:test";
import { paperSwitches } from "psn/dist/commands/paper";
import { manners, parameters } from "psn/dist/notebook/parameters";

test("every parameter has a switch of its name, and what is not said is left to the notebooks", () => {
  assert.deepEqual(paperSwitches([]), { only: [], parameters: {} });
  for (const parameter of parameters) {
    const isFlag = manners.includes(parameter) && parameter !== "workers";
    const args = isFlag ? [`--${parameter}`] : [`--${parameter}`, "7"];
    assert.deepEqual(paperSwitches(args).parameters, { [parameter]: isFlag ? "1" : "7" });
  }
});

test("lists have commas, or a switch for each name, and psn's own words will do", () => {
  const args = ["--datasets", "mnist,covtype", "--dataset", "fashion-mnist", "--protocol", "plain"];
  assert.deepEqual(
    paperSwitches([...args, "--only", "figure-3", "--starts", "ERK", "--starts", "matched, scattered"]),
    {
      only: ["figure-3"],
      parameters: { datasets: "mnist,covtype,fashion-mnist", protocols: "plain", starts: "ERK,matched, scattered" },
    },
  );
});

test("a switch that does not exist is refused", () => {
  assert.throws(() => paperSwitches(["--sparsity", "0.9"]), /--sparsity/);
});
