/** One part of a data set: `rows` examples of `inputs` features each, row-major, and their labels. */
export interface Split {
  readonly rows: number;
  /** Length rows × inputs. Bytes are pixels and stand for value × {@link Dataset.scale}. */
  readonly features: Uint8Array | Float32Array;
  /** Length rows, each in 0 … classes − 1. */
  readonly labels: Uint8Array;
}

/** A data set ready for training. */
export interface Dataset {
  readonly name: string;
  readonly inputs: number;
  readonly classes: number;
  /** What a stored feature is multiplied by: 1/255 for pixels kept as bytes, 1 for floats. */
  readonly scale: number;
  readonly train: Split;
  readonly test: Split;
  /** sha256 of every source file, by file name; part of a run's identity. */
  readonly checksums: Readonly<Record<string, string>>;
}
