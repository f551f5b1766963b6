import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { nodeModules, root } from "./paths.mjs";
import { run, SetupError, tail, task } from "./run.mjs";
import { installFromWheel } from "./tensorflow-wheel.mjs";

const packageFolder = join(nodeModules, "@tensorflow", "tfjs-node");
// Inside node_modules, because whatever replaces that takes the library away, too.
const stampFile = join(nodeModules, ".psn-tensorflow.json");

/**
 * The native library of tfjs-node: by the package's own installer; where its address does not answer, from a Python
 * wheel; else none, and TensorFlow.js runs on WebAssembly, which is said every time. `again` tries once more after that.
 */
export async function ensureTensorFlow({ again = false } = {}) {
  const system = `${process.platform} ${process.arch}`;
  const known = readStamp(system);
  if (known && (known.native || !again)) return known.native || sayWasm(known.reasons);
  const reasons = [];
  for (const [name, install] of [
    ["its own installer", runOwnInstaller],
    ["the library in the Python package tensorflow-cpu", installFromWheel],
  ]) {
    const reason = await task(`TensorFlow.js: native library, by ${name}`, () => attempt(install));
    if (!reason) return writeFileSync(stampFile, JSON.stringify({ system, native: true, reasons }));
    reasons.push(`${name}: ${reason}`);
    process.stdout.write(`  not possible: ${reason}\n`);
  }
  writeFileSync(stampFile, JSON.stringify({ system, native: false, reasons }));
  sayWasm(reasons);
}

function readStamp(system) {
  if (!existsSync(stampFile)) return undefined;
  const stamp = JSON.parse(readFileSync(stampFile, "utf8"));
  const gone = stamp.native && !existsSync(join(packageFolder, "deps", "lib"));
  return stamp.system === system && !gone ? stamp : undefined;
}

function sayWasm(reasons) {
  process.stdout.write(
    `• TensorFlow.js: no native library here, so it runs on WebAssembly, about three times slower.\n${reasons
      .map((reason) => `    ${reason}\n`)
      .join("")}  \`npm run setup\` tries again.\n`,
  );
}

/** Why it did not work, or undefined if it did: a library counts only once it has multiplied two matrices. */
async function attempt(install) {
  try {
    await install(packageFolder);
    await verify();
    return undefined;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    return error.message;
  }
}

async function verify() {
  const program = `
    require(${JSON.stringify(join(root, "lib", "dist", "engines", "tensorflow.js"))}).loadTensorFlow().then(({ tf }) => {
      const [six] = tf.matMul(tf.tensor2d([[1, 2]]), tf.tensor2d([[2], [2]])).dataSync();
      if (six !== 6) throw new Error("[1 2]·[2 2] gave " + six);
    }).catch((error) => { console.error(error.message); process.exit(1); });`;
  const { code, output } = await run(process.execPath, ["-e", program], { env: { ...process.env, PSN_TFJS: "node" } });
  if (code === 0) return;
  for (const folder of ["deps", "lib"]) rmSync(join(packageFolder, folder), { recursive: true, force: true });
  throw new SetupError(`it was installed and does not load (${tail(output, 3)})`);
}

/** tfjs-node's own installer downloads a library and a binding that fit together, or compiles the latter. */
async function runOwnInstaller() {
  const address = process.env.TFJS_NODE_CDN_STORAGE ?? process.env.CDN_STORAGE ?? "https://storage.googleapis.com/";
  if (!(await answers(address))) throw new SetupError(`${address} does not answer`);
  for (const folder of ["deps", "lib"]) rmSync(join(packageFolder, folder), { recursive: true, force: true });
  const path = [join(nodeModules, ".bin"), process.env.PATH].join(delimiter);
  const { code, output } = await run(process.execPath, [join("scripts", "install.js")], {
    cwd: packageFolder,
    env: { ...process.env, PATH: path },
    timeoutMs: 5 * 60_000,
  });
  if (code !== 0) throw new SetupError(`it ended with ${code} (${tail(output, 3)})`);
}

async function answers(address) {
  // fetch does not know proxies; behind one, the installer itself finds out.
  if (process.env.HTTPS_PROXY ?? process.env.https_proxy) return true;
  try {
    await fetch(address, { method: "HEAD", signal: AbortSignal.timeout(5000) });
    return true;
  } catch (error) {
    if (error.name === "TimeoutError" || error instanceof TypeError) return false;
    throw error;
  }
}
