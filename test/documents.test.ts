import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pageTables } from "psn/dist/commands/pages";
import { paperNotebooks } from "psn/dist/notebook/paper-notebooks";

const root = join(__dirname, "..", "..");
const read = (file: string): string => readFileSync(join(root, file), "utf8");
const documents = ["README.md", "environment.md", "CHANGELOG.md", "data/README.md"];

test("the example of the README compiles strictly and runs", () => {
  const [, example] = /```ts\n(.*?)```/s.exec(read("README.md")) ?? assert.fail("the README has no example");
  const folder = mkdtempSync(join(root, "test", ".build", "example-"));
  try {
    writeFileSync(join(folder, "example.mts"), example);
    const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
    const options = [
      "--ignoreConfig",
      "--strict",
      "--skipLibCheck",
      "--target",
      "es2022",
      "--module",
      "node16",
      "--types",
      "node",
    ];
    execFileSync(process.execPath, [compiler, ...options, join(folder, "example.mts")], { stdio: "pipe" });
    const printed = execFileSync(process.execPath, [join(folder, "example.mjs")], { encoding: "utf8", stdio: "pipe" });
    const [, accuracy, cv] = /^test accuracy (\S+); .* to (\S+)\n$/.exec(printed) ?? assert.fail(printed);
    assert.ok(Number(accuracy) > 0.5, printed);
    assert.ok(Number(cv) > 0 && Number(cv) !== 0.8, printed);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

for (const document of documents) {
  test(`every file that ${document} links to is there`, () => {
    const links = [...read(document).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link]) => link);
    const missing = links.filter((link) => !existsSync(join(root, document, "..", link)));
    assert.deepEqual(missing, []);
  });
}

test("environment.md names the versions that are pinned", () => {
  const manifests = ["package.json", "lib/package.json"].map((file) => JSON.parse(read(file)));
  const pinned = manifests.flatMap(({ dependencies, devDependencies }) =>
    Object.entries({ ...dependencies, ...devDependencies }),
  );
  const python = [...read("requirements.txt").matchAll(/^(\S+?)==(\S+)/gm)].map(([, name, version]) => [name, version]);
  const text = read("environment.md");
  const missing = [...pinned, ...python].filter(([name, version]) => !text.includes(`| ${name} | ${version} |`));
  assert.deepEqual(missing, []);
});

test("the documents say of the committed results what can be computed from them", async () => {
  for (const { page, text } of await pageTables(join(root, "data", "results"))) {
    assert.ok(read(page).includes(text), `not in ${page}, where \`npm run psn -- pack\` puts it:\n${text}`);
  }
});

test("committed results are small", () => {
  const folder = join(root, "data", "results");
  const bytes = readdirSync(folder).reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
  assert.ok(bytes <= 25e6, `${bytes} bytes`);
});

test("the paper's figures are exported in five formats, and its notebooks are executed and under 1.5 MB", () => {
  const figures = readdirSync(join(root, "figures"));
  for (const { name, figures: own } of paperNotebooks) {
    for (const figure of own) {
      for (const format of ["svg", "pdf", "png", "html", "json"])
        assert.ok(figures.includes(`${figure}.${format}`), `${figure}.${format}`);
    }
    const text = read(`notebooks/${name}.ipynb`);
    assert.ok(text.length < 1.5e6, `${name} has ${text.length} characters`);
    const cells: { cell_type: string; execution_count: number | null }[] = JSON.parse(text).cells;
    assert.ok(
      cells.every(({ cell_type, execution_count }) => cell_type !== "code" || execution_count !== null),
      name,
    );
  }
});
