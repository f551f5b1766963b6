// TensorFlow's C library out of the Python package `tensorflow-cpu`, and tfjs-node's binding compiled against it.
// For Linux machines that reach a Python package index but not the address of tfjs-node's own installer.
import { mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findProgram } from "./find-program.mjs";
import { nodeModules, venvPython } from "./paths.mjs";
import { pip } from "./python.mjs";
import { runOrFail, SetupError } from "./run.mjs";

const wheels = {
  x64: {
    platform: "manylinux_2_27_x86_64",
    sha256: "2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c",
  },
};
const version = "2.21.0";
// The library is plain C and serves every Python; the wheel is named after one.
const python = "3.11";

const libraries = ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"];
/** Other names under which the compiler, the loader and tfjs-node's installer look for them. */
const links = {
  "libtensorflow.so": libraries[0],
  "libtensorflow.so.2.9.1": libraries[0],
  "libtensorflow_framework.so": libraries[1],
};
/** What `binding/*.cc` includes, and what those include. */
const headers = [
  "tensorflow/c/c_api.h",
  "tensorflow/c/c_api_macros.h",
  "tensorflow/c/eager/c_api.h",
  "tensorflow/c/tf_attrtype.h",
  "tensorflow/c/tf_buffer.h",
  "tensorflow/c/tf_datatype.h",
  "tensorflow/c/tf_status.h",
  "tensorflow/c/tf_tensor.h",
  "tensorflow/c/tf_tstring.h",
  "tensorflow/core/platform/ctstring.h",
  "tensorflow/core/platform/ctstring_internal.h",
  "tsl/platform/ctstring.h",
  "tsl/platform/ctstring_internal.h",
  "xla/tsl/c/tsl_status.h",
];

/**
 * Puts `deps/` and `lib/napi-v8/` into tfjs-node's folder. Everything is made in a temporary folder beside it and
 * moved at the end, so that a set-up that is killed leaves nothing half-made.
 */
export async function installFromWheel(packageFolder) {
  const wheel = process.platform === "linux" ? wheels[process.arch] : undefined;
  if (!wheel) throw new SetupError(`no known tensorflow-cpu wheel for ${process.platform} ${process.arch}`);
  const compiler = findProgram([process.env.CXX, "g++", "clang++", "c++"]);
  if (!compiler) throw new SetupError("no C++ compiler; on Debian or Ubuntu: sudo apt-get install g++");
  const work = join(nodeModules, `.tensorflow-${process.pid}`);
  try {
    mkdirSync(work, { recursive: true });
    const file = await download(wheel, work);
    await unpack(file, work);
    await compile(compiler, packageFolder, work);
    for (const folder of ["deps", "lib"]) {
      rmSync(join(packageFolder, folder), { recursive: true, force: true });
      renameSync(join(work, folder), join(packageFolder, folder));
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function download({ platform, sha256 }, work) {
  const requirement = join(work, "tensorflow.txt");
  writeFileSync(requirement, `tensorflow-cpu==${version} --hash=sha256:${sha256}\n`);
  const tag = ["--python-version", python, "--implementation", "cp", "--abi", `cp${python.replace(".", "")}`];
  await pip(
    ["download", "--no-deps", "--only-binary=:all:", "--platform", platform, ...tag].concat([
      "--dest",
      work,
      "--requirement",
      requirement,
    ]),
    `pip could not fetch tensorflow-cpu ${version} (no network, or not the file whose checksum is known)`,
  );
  return join(
    work,
    readdirSync(work).find((name) => name.endsWith(".whl")),
  );
}

async function unpack(wheel, work) {
  const program = `
import sys, zipfile, pathlib, shutil
wheel, work, *pairs = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    for pair in pairs:
        source, target = pair.split("=")
        path = pathlib.Path(work, target)
        path.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(source) as read, open(path, "wb") as write:
            shutil.copyfileobj(read, write, 1 << 22)
`;
  const pairs = [
    ...libraries.map((name) => `tensorflow/${name}=deps/lib/${name}`),
    ...headers.map((name) => `tensorflow/include/${name}=deps/include/${name}`),
  ];
  await runOrFail(venvPython, ["-c", program, wheel, work, ...pairs], "the tensorflow-cpu wheel could not be unpacked");
  rmSync(wheel);
  for (const [name, target] of Object.entries(links)) symlinkSync(target, join(work, "deps", "lib", name));
}

async function compile(compiler, packageFolder, work) {
  const target = join(work, "lib", "napi-v8");
  mkdirSync(target, { recursive: true });
  const sources = ["tfjs_backend.cc", "tfjs_binding.cc"].map((name) => join(packageFolder, "binding", name));
  await runOrFail(
    compiler,
    ["-std=c++17", "-O2", "-fPIC", "-shared", "-DNAPI_VERSION=8", ...sources]
      .concat(["-I", packageFolder, "-I", join(work, "deps", "include")])
      .concat(["-I", join(nodeModules, "node-api-headers", "include")])
      .concat(["-L", join(work, "deps", "lib"), "-ltensorflow", "-ltensorflow_framework"])
      .concat(["-Wl,-rpath,$ORIGIN/../../deps/lib", "-o", join(target, "tfjs_binding.node")]),
    "tfjs-node's binding could not be compiled",
  );
}
