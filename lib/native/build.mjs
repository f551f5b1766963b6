// Builds the kernel from lib/native/src: `node build.mjs [--sanitize] [--addon] [--wasm]`, both where neither is named.
// Needs nothing but a C++ compiler and node_modules/node-api-headers; without a compiler, says so and exits with 2.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const source = join(here, "src");
const output = join(here, "dist");

const common = [
  "-std=c++17",
  "-O3",
  "-fno-exceptions",
  "-fno-rtti",
  "-fno-threadsafe-statics",
  "-ffp-contract=off",
  "-fno-math-errno",
  "-Wno-psabi", // vectors are passed between functions of one file only
];
const sanitizing = [
  "-fsanitize=address,undefined",
  "-fno-sanitize-recover=undefined",
  "-fno-omit-frame-pointer",
  "-g",
  "-O1",
];

const avx2 = ["-mavx2", "-mfma"];
const avx512 = [...avx2, "-mavx512f", "-mavx512dq", "-mavx512vl", "-mavx512bw"];

/** Name, floats in a vector, whether multiply-adds are fused, flags. */
const x64 = [
  ["avx512", 16, 1, avx512],
  ["avx512_unfused", 16, 0, avx512],
  ["avx2", 8, 1, avx2],
  ["avx2_unfused", 8, 0, avx2],
];
const kernels = [...(process.arch === "x64" ? x64 : []), ["portable", 4, 0, []]];

/** A compiler that runs, or undefined; clang's code is the faster by a few per cent. */
export function findCompiler(candidates = [process.env.CXX, "clang++", "g++", "c++"]) {
  return candidates.find((name) => name && spawnSync(name, ["--version"], { stdio: "ignore" }).status === 0);
}

/** The path of the addon, built or not. @param {{ sanitize?: boolean }} options */
export function addonPath({ sanitize = false } = {}) {
  return join(output, sanitize ? "kernel-sanitized.node" : "kernel.node");
}

export const wasmPath = join(here, "kernel.wasm");

/** Whether the addon is there and made from just this source, by just this compiler. */
export function isAddonCurrent({ sanitize = false, compiler = findCompiler() } = {}) {
  const stamp = `${addonPath({ sanitize })}.stamp`;
  if (!compiler || !existsSync(addonPath({ sanitize })) || !existsSync(stamp)) return false;
  return readFileSync(stamp, "utf8") === stampOf(versionOf(compiler), sanitize);
}

/**
 * Builds the addon where it is missing or older than its source.
 *
 * @param {{ sanitize?: boolean, compiler?: string }} options
 * @returns {Promise<{ built: boolean, compiler: string }>}
 * @throws Error with the compiler's words when it fails
 */
export async function buildAddon({ sanitize = false, compiler = findCompiler() } = {}) {
  if (!compiler) throw new Error("No C++ compiler was found (CXX, clang++, g++, c++).");
  const version = versionOf(compiler);
  const addon = addonPath({ sanitize });
  if (isAddonCurrent({ sanitize, compiler })) return { built: false, compiler: version };
  const folder = join(output, `${process.pid}`);
  mkdirSync(folder, { recursive: true });
  try {
    const flags = [
      ...common,
      "-fPIC",
      "-fvisibility=hidden",
      ...(isGcc(version) ? ["-Wno-subobject-linkage"] : []),
      ...(sanitize ? sanitizing : []),
    ];
    const objects = kernels.map(([name]) => join(folder, `${name}.o`));
    const jobs = kernels.map(([name, width, fused, machine], i) => [
      ...flags,
      ...machine,
      `-DPSN_NAME=${name}`,
      `-DPSN_WIDTH=${width}`,
      `-DPSN_FMA=${fused}`,
      "-c",
      join(source, "kernel.cpp"),
      "-o",
      objects[i],
    ]);
    const host = join(folder, "addon.o");
    jobs.push([...flags, "-I", headers(), "-c", join(source, "addon.cpp"), "-o", host]);
    await runAll(compiler, jobs);
    const library = process.platform === "darwin" ? ["-bundle", "-undefined", "dynamic_lookup"] : ["-shared"];
    const made = join(folder, "kernel.node");
    await runAll(compiler, [[...library, ...(sanitize ? sanitizing : []), ...objects, host, "-o", made]]);
    renameSync(made, addon);
    writeFileSync(`${addon}.stamp`, stampOf(version, sanitize));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return { built: true, compiler: version };
}

/** Builds kernel.wasm into `target`; needs clang with its WebAssembly linker. */
export async function buildWasm({ target = wasmPath, compiler = process.env.PSN_CLANG ?? "clang++" } = {}) {
  const flags = [
    ...common,
    "--target=wasm32",
    "-nostdlib",
    "-ffreestanding",
    "-msimd128",
    "-mbulk-memory",
    "-fvisibility=hidden",
    "-Wl,--no-entry",
    "-Wl,--strip-all",
    "-Wl,-z,stack-size=262144",
    "-DPSN_NAME=wasm",
    "-DPSN_WIDTH=4",
    "-DPSN_FMA=0",
  ];
  await runAll(compiler, [[...flags, join(source, "kernel.cpp"), join(source, "wasm.cpp"), "-o", target]]);
}

function headers() {
  const { include_dir } = createRequire(import.meta.url)("node-api-headers");
  return include_dir;
}

function isGcc(version) {
  return !version.includes("clang");
}

/** What the addon is made from: source, flags and compiler. */
function stampOf(version, sanitize) {
  const parts = [version, process.arch, sanitize, common, sanitizing, kernels];
  const hash = createHash("sha256").update(JSON.stringify(parts));
  for (const name of readdirSync(source).sort()) hash.update(name).update(readFileSync(join(source, name)));
  return hash.digest("hex");
}

function versionOf(compiler) {
  return spawnSync(compiler, ["--version"], { encoding: "utf8" }).stdout.split("\n")[0];
}

/** Runs the compiler once for each list of arguments, as many at a time as there are cores. */
async function runAll(compiler, jobs) {
  const waiting = [...jobs];
  const work = async () => {
    for (let job = waiting.shift(); job; job = waiting.shift()) await runOne(compiler, job);
  };
  await Promise.all(Array.from({ length: Math.min(jobs.length, availableParallelism()) }, work));
}

function runOne(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (said += text));
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${command} ${args.join(" ")}\nended with ${code}:\n${said}`));
    });
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const asked = process.argv.slice(2);
  const both = !asked.includes("--addon") && !asked.includes("--wasm");
  if (both || asked.includes("--addon")) {
    if (!findCompiler()) {
      process.stderr.write("No C++ compiler was found (CXX, clang++, g++, c++); the kernel will run on WebAssembly.\n");
      process.exit(2);
    }
    const { compiler } = await buildAddon({ sanitize: asked.includes("--sanitize") });
    process.stdout.write(`kernel: addon, ${compiler}\n`);
  }
  if (both || asked.includes("--wasm")) await buildWasm();
}
