import { join } from "node:path";

/** The path of a file in test/fixtures, from wherever the compiled test runs. */
export function fixture(name: string): string {
  return join(__dirname, "..", "fixtures", name);
}
