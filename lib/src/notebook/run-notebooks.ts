import { existsSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { executeNotebook } from "./execute";
import { notebooksFor, type PaperNotebook } from "./paper-notebooks";
import { manners, type Parameter, parameters, variableOf } from "./parameters";
import { createProgressLine } from "./progress-line";
import { checkEnvironment } from "./settings";

/** What `npm run paper` is asked to do. */
export interface PaperRequest {
  /** Figures to make, such as "figure-3"; empty means all. */
  readonly only: readonly string[];
  /** Parameters of the notebooks' first cells, as their variables of the environment have them. */
  readonly parameters: Readonly<Partial<Record<Parameter, string>>>;
}

const root = join(__dirname, "..", "..", "..");

/**
 * Executes the paper's notebooks, one after the other, telling its progress on stderr and the figures made on stdout.
 * Each is replaced by its executed self, once that is whole. A quick look goes to `quick/` in notebooks/ and figures/
 * instead, and a selection, such as of some data sets, to `selection/`: neither overwrites the paper's own.
 *
 * @throws RangeError on a figure that does not exist, or a parameter that cannot be; NotebookError at the first cell
 *   that fails
 */
export async function runPaper({ only, parameters: asked }: PaperRequest): Promise<void> {
  const notebooks = notebooksFor(only);
  const { environment, place } = paperEnvironment(asked);
  const source = join(root, "notebooks");
  const target = join(source, place);
  const chosen = environment.PSN_FIGURES;
  // Quick figures find their place in this folder by themselves.
  const folder = chosen ? resolve(source, chosen) : join(root, "figures", place === "selection" ? place : "");
  const figures = join(folder, place === "quick" ? place : "");
  mkdirSync(target, { recursive: true });
  for (const notebook of notebooks) {
    const progress = createProgressLine(notebook.name, process.stderr);
    try {
      const file = `${notebook.name}.ipynb`;
      await executeNotebook(join(source, file), {
        output: join(target, file),
        folder: source,
        python: join(root, ".venv", "bin", "python"),
        environment: { ...environment, PSN_FIGURES: folder },
        onEvent: progress.show,
      });
      progress.end("done");
    } catch (error) {
      progress.end("failed");
      throw error;
    }
  }
  process.stdout.write(describeFigures(notebooks, figures));
}

/**
 * The environment that notebooks run in, where switches go before variables, and where executed notebooks and figures
 * go, from notebooks/ and figures/: "" for the paper's own.
 *
 * @throws RangeError on a parameter that cannot be, by the switch or the variable that says it
 */
export function paperEnvironment(
  asked: PaperRequest["parameters"],
  given: NodeJS.ProcessEnv = process.env,
): { environment: NodeJS.ProcessEnv; place: "" | "quick" | "selection" } {
  const variables = Object.entries(asked).map(([name, text]) => [variableOf(name as Parameter), text]);
  const environment: NodeJS.ProcessEnv = { ...given, ...Object.fromEntries(variables) };
  environment[variableOf("quick")] ||= "0"; // whatever a first cell says: where its figures go hangs on it
  checkEnvironment(environment, (parameter) => (parameter in asked ? `--${parameter}` : variableOf(parameter)));
  return { environment, place: placeOf(environment) };
}

function placeOf(environment: NodeJS.ProcessEnv): "" | "quick" | "selection" {
  if (environment[variableOf("quick")] === "1") return "quick";
  const choices = parameters.filter((parameter) => !manners.includes(parameter));
  return choices.some((choice) => environment[variableOf(choice)]) ? "selection" : "";
}

/** One line for each figure with the kinds of file that exist of it. */
function describeFigures(notebooks: readonly PaperNotebook[], folder: string): string {
  const files = existsSync(folder) ? readdirSync(folder) : [];
  const lines = notebooks
    .flatMap(({ figures }) => figures)
    .map((figure) => {
      const own = files.filter((file) => file.startsWith(`${figure}.`) && statSync(join(folder, file)).isFile());
      const kinds = own.map((file) => file.slice(figure.length + 1)).sort();
      return `${figure}: ${kinds.length > 0 ? `${relative(process.cwd(), join(folder, figure))}.{${kinds.join(",")}}` : "not exported"}\n`;
    });
  return lines.join("");
}
