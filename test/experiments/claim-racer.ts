/** Claims as many of the given runs as it can, says which, and holds them until it is killed. */
import { openClaims } from "psn/dist/experiments/claims";

const claims = openClaims(process.argv[2]);
process.on("message", (ids: string[]) => process.send!(ids.filter((id) => claims.take(id) !== null)));
process.send!("ready");
