import assert from "node:assert/strict";
import { test } from "node:test";
import { withMarkedText } from "psn/dist/commands/marked-text";

const place = { page: "README.md", marker: "ledger" };

test("a document gets a text between its markers, as it is and again and again, and must have them", () => {
  const page = "# A\n<!-- costs:begin -->\n<!-- ledger:begin -->\nold\n<!-- ledger:end -->\nB\n";
  const once = withMarkedText(page, "| $1 $& |", place);
  assert.equal(once, "# A\n<!-- costs:begin -->\n<!-- ledger:begin -->\n| $1 $& |\n<!-- ledger:end -->\nB\n");
  assert.equal(withMarkedText(once, "| $1 $& |", place), once);
  for (const broken of ["", "<!-- ledger:begin -->", "<!-- ledger:end --><!-- ledger:begin -->", `${page}${page}`]) {
    assert.throws(() => withMarkedText(broken, "", place), /README.md must have one line <!-- ledger:begin -->/);
  }
});
