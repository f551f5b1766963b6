// What `npm run setup`, `paper`, `lab`, `psn`, `bench` and `npm test` run: all set-up that is missing, then the command.
// This file is read by every Node, however old, so that it can say that it is too old.
import { readFileSync } from "node:fs";
import { atLeast } from "./versions.mjs";

const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
const oldest = manifest.engines.node.replace(">=", "");
if (atLeast(process.version, oldest)) {
  import("./main.mjs").then(({ main }) => main(process.argv.slice(2)));
} else {
  console.error(
    `Node ${oldest} or newer is needed, and this is ${process.version}. Get one at https://nodejs.org or by \`nvm install 22\`.`,
  );
  process.exitCode = 1;
}
