/** A notebook of the paper and what it exports to `figures/`. */
export interface PaperNotebook {
  /** The file's name without `.ipynb`. */
  readonly name: string;
  /** Figure names, such as "figure-1". */
  readonly figures: readonly string[];
}

/** The paper's notebooks, in its order. */
export const paperNotebooks: readonly PaperNotebook[] = [
  { name: "1-profiles", figures: ["figure-1"] },
  { name: "2-static", figures: ["figure-2", "figure-2-margin"] },
  { name: "3-rigl", figures: ["figure-3", "figure-3-gain"] },
  { name: "4-gradients", figures: ["figure-4"] },
  { name: "5-equilibria", figures: ["figure-5"] },
  { name: "6-hubs", figures: ["figure-6", "figure-6-pixels"] },
  { name: "7-claims", figures: ["figure-7"] },
];

/** A tour for questions of one's own. It trains live and makes no figure of the paper, so it is run by its name only. */
export const tour: PaperNotebook = { name: "0-explore", figures: [] };

/**
 * The notebooks that make the given figures; all of the paper's if none is given. A notebook's own name will do, too,
 * and the tour has no other.
 *
 * @throws RangeError on a name that no figure has
 */
export function notebooksFor(figures: readonly string[]): PaperNotebook[] {
  const names = ({ name, figures }: PaperNotebook): string[] => [...figures, name];
  const valid = paperNotebooks.flatMap((notebook) => notebook.figures);
  for (const figure of figures) {
    if (![tour, ...paperNotebooks].some((notebook) => names(notebook).includes(figure))) {
      throw new RangeError(`There is no ${figure}; there are ${valid.join(", ")}.`);
    }
  }
  if (figures.length === 0) return [...paperNotebooks];
  return [tour, ...paperNotebooks].filter((notebook) => names(notebook).some((name) => figures.includes(name)));
}
