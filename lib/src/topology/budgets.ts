/** How many connections each layer gets is decided here; which layer is pinned dense is the caller's choice. */
export interface BudgetOptions {
  /** Keep the output layer dense and outside the budget. */
  readonly denseOutput: boolean;
  /** Keep the first layer dense and outside the budget; false when absent. */
  readonly denseInput?: boolean;
}

interface Layer {
  readonly inputs: number;
  readonly neurons: number;
  readonly size: number;
}

/**
 * The same density in every sparse layer.
 *
 * @param sizes inputs, hidden widths, classes: at least two, integers ≥ 1
 * @param sparsity share of absent connections, in [0, 1)
 * @returns number of connections of each layer; a layer pinned dense has all of its own
 */
export function uniformBudget(sizes: readonly number[], sparsity: number, pinned: BudgetOptions): number[] {
  const layers = layersOf(sizes, sparsity);
  return layers.map(({ size }, l) => (isPinned(l, layers.length, pinned) ? size : size - absent(size, sparsity)));
}

/**
 * A density of its own for every layer.
 *
 * @param sparsities share of absent connections of each layer, each in [0, 1)
 */
export function layerBudget(sizes: readonly number[], sparsities: readonly number[]): number[] {
  if (sparsities.length !== sizes.length - 1) {
    throw new RangeError(
      `budget: ${sparsities.length} sparsities for the ${sizes.length - 1} layers of [${sizes.join(", ")}]; give one each`,
    );
  }
  return sparsities.map((sparsity, l) => uniformBudget(sizes.slice(l, l + 2), sparsity, { denseOutput: false })[0]);
}

/**
 * Erdős–Rényi-kernel: the density of a layer is proportional to (inputs + neurons)/(inputs · neurons), and the sparse
 * layers together have the sparsity asked for (arXiv 1911.11134, §3; google-research/rigl `rigl/sparse_utils.py`).
 * Layers that would be more than dense become dense, and the others share what is left.
 *
 * @param sizes inputs, hidden widths, classes: at least two, integers ≥ 1
 * @param sparsity share of absent connections, in [0, 1)
 * @returns number of connections of each layer; a layer pinned dense has all of its own
 */
export function erkBudget(sizes: readonly number[], sparsity: number, pinned: BudgetOptions): number[] {
  const all = layersOf(sizes, sparsity);
  const budgeted = all.filter((_, l) => !isPinned(l, all.length, pinned));
  const raw = ({ inputs, neurons, size }: Layer): number => (inputs + neurons) / size;
  const total = budgeted.reduce((sum, { size }) => sum + size - absent(size, sparsity), 0);
  let sparse = budgeted;
  let epsilon = 0;
  while (sparse.length > 0) {
    const dense = budgeted.filter((layer) => !sparse.includes(layer));
    const left = dense.reduce((sum, { size }) => sum - size, total);
    epsilon = left / sparse.reduce((sum, layer) => sum + raw(layer) * layer.size, 0);
    const densest = Math.max(...sparse.map(raw));
    if (epsilon * densest <= 1) break;
    sparse = sparse.filter((layer) => raw(layer) !== densest);
  }
  return all.map((layer) =>
    sparse.includes(layer) ? layer.size - Math.floor((1 - epsilon * raw(layer)) * layer.size) : layer.size,
  );
}

function isPinned(layer: number, layers: number, { denseInput = false, denseOutput }: BudgetOptions): boolean {
  return (denseInput && layer === 0) || (denseOutput && layer === layers - 1);
}

/** Connections that a layer lacks at a sparsity: ⌊s·N⌋. */
function absent(size: number, sparsity: number): number {
  return Math.floor(sparsity * size);
}

function layersOf(sizes: readonly number[], sparsity: number): Layer[] {
  if (sizes.length < 2 || !sizes.every((size) => Number.isSafeInteger(size) && size >= 1)) {
    throw new RangeError(`budget: sizes are [${sizes.join(", ")}]; they must be at least two integers ≥ 1`);
  }
  if (!(sparsity >= 0 && sparsity < 1)) throw new RangeError(`budget: sparsity is ${sparsity}; it must be in [0, 1)`);
  return sizes.slice(1).map((neurons, l) => ({ inputs: sizes[l], neurons, size: sizes[l] * neurons }));
}
