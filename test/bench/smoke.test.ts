import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { type LivePeer, startPeer } from "psn/bench/.build/live-peer";
import { allPeers } from "psn/bench/.build/peers";
import { PeerError } from "psn/bench/.build/protocol";
import { measure, openRun } from "psn/bench/.build/rounds";
import { dataShape, nonzeros, setting } from "psn/bench/.build/setting";

const tiny = { sizes: [20, 16, 12, 4], batch: 8 };

/** Null where this machine does not have what the peer needs. */
async function start(id: string): Promise<LivePeer | null> {
  try {
    return await startPeer(allPeers().find((peer) => peer.id === id)!, []);
  } catch (error) {
    if (error instanceof PeerError) return null;
    throw error;
  }
}

for (const id of ["tfjs", "sparse-avx512", "sparse-avx2", "sparse-portable", "sparse-wasm"]) {
  test(`rounds are measured, of several settings side by side (${id})`, async (context) => {
    const peer = await start(id);
    if (peer === null) return context.skip(`${id} does not run here`);
    const changes = [{}, { layerNorm: true }, { update: { interval: 4, fraction: 0.3 } }];
    const cells = changes.map((change) => ({ peer, setting: setting({ ...tiny, ...change }) }));
    const costs = await measure(cells, { rounds: 3, seconds: 0.005 });
    assert.equal(costs.length, 3);
    for (const rounds of costs) {
      assert.equal(rounds.length, 3);
      for (const cost of rounds) assert.ok(cost > 0.1 && cost < 1e6, `${cost} µs a step`);
    }
    await assert.rejects(peer.ask("steps", { run: "cell 0", steps: 1 }), /there is no run cell 0/);
    await openRun({ peer, setting: setting(tiny) }, "last");
    const { resident, own } = await peer.ask("memory", { run: "last" });
    assert.ok(resident! > 1e7);
    assert.equal(own === null, id === "tfjs", `${own} bytes`);
    peer.stop();
  });
}

test("the PyTorch peers train the same network, and learn", async (context) => {
  const peers = await Promise.all(["pytorch-masked", "pytorch-csr", "pytorch-tuned-csr", "pytorch-onednn"].map(start));
  if (peers.includes(null)) return context.skip("no PyTorch here");
  const losses = await Promise.all(
    peers.map(async (peer) => {
      const few = setting({ ...tiny, sizes: [20, 64, 64, 4], sparsity: 0.5 });
      await peer!.ask("data", { data: "few", ...dataShape(few), rows: 8 });
      await peer!.ask("open", { run: "a", data: "few", setting: few });
      const { loss: first } = await peer!.ask("steps", { run: "a", steps: 30 });
      const { loss: last } = await peer!.ask("steps", { run: "a", steps: 400 });
      await assert.rejects(openRun({ peer: peer!, setting: setting({ layerNorm: true }) }, "b"), /no LayerNorm/);
      peer!.stop();
      return { first, last };
    }),
  );
  for (const { first, last } of losses) {
    assert.ok(Math.abs(first / losses[0].first - 1) < 1e-4, JSON.stringify(losses));
    assert.ok(last < first / 10, `from ${first} to ${last}`);
  }
});

test("settings count their connections, with the dense output", () => {
  assert.equal(nonzeros(setting({ sizes: [10, 20, 3], sparsity: 0.9 })), 20 + 60);
  assert.equal(nonzeros(setting({ sparsity: 0 })), 784 * 512 + 512 * 256 + 2560);
});

test("unknown parts, peers and switches are refused before anything is measured", () => {
  const bench = (...args: string[]) =>
    spawnSync(process.execPath, [require.resolve("psn/bench/.build/main.js"), ...args], { encoding: "utf8" });
  const part = bench("--only", "everything");
  assert.match(part.stderr, /There is no part everything; there are peers, rigl/);
  assert.equal(part.status, 2);
  assert.match(bench("--peer", "abacus").stderr, /There is no peer abacus; there are sparse-avx512/);
  assert.equal(bench("--fast").status, 2);
});
