import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { findBrowser } from "psn/dist/notebook/browser";

const folder = mkdtempSync(join(tmpdir(), "psn-browser-"));
after(() => rmSync(folder, { recursive: true }));

const chrome = join(folder, "google-chrome");
writeFileSync(chrome, "#!/bin/sh\n");
chmodSync(chrome, 0o755);

test("a browser is found in PATH", () => {
  assert.equal(findBrowser({ PATH: `/nowhere:${folder}` }), chrome);
});

test("PSN_BROWSER comes first, and is an error if it cannot be run", () => {
  assert.equal(findBrowser({ PATH: "", PSN_BROWSER: chrome }), chrome);
  assert.throws(
    () => findBrowser({ PATH: folder, PSN_BROWSER: "/nowhere/chrome" }),
    /PSN_BROWSER is \/nowhere\/chrome/,
  );
  assert.throws(() => findBrowser({ PATH: "", PSN_BROWSER: folder }), /which cannot be run/);
});

test("without a browser the message says how to get one", { skip: process.platform === "darwin" }, () => {
  assert.throws(
    () => findBrowser({ PATH: "/nowhere" }),
    /apt-get install chromium.*brew install --cask chromium.*PSN_BROWSER/,
  );
});
