import { createSparseEngine } from "psn/dist/engines/sparse";
import { testAgainstPyTorch } from "./against-pytorch";

const deterministic = process.env.PSN_DETERMINISTIC === "1";
testAgainstPyTorch("the sparse engine", async () => createSparseEngine({ deterministic }));
