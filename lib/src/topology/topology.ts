/**
 * Which inputs each neuron of one layer reads: the mask of a sparse layer as compressed rows, one row a neuron.
 *
 * Neuron i reads inputs `columns[rowPointers[i]] … columns[rowPointers[i + 1] − 1]`, sorted ascending, no repeats.
 */
export interface Topology {
  /** Number of inputs n; every column is in 0 … n − 1. */
  readonly inputs: number;
  /** Number of neurons M. */
  readonly neurons: number;
  /** Length M + 1, from 0 to the number of nonzeros E, never falling. */
  readonly rowPointers: Uint32Array;
  /** Length E. */
  readonly columns: Uint32Array;
}
