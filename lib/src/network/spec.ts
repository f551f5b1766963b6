/** The network of a run: fully connected layers with ReLU between them and softmax cross-entropy at the end. */
export interface NetworkSpec {
  /** Inputs, hidden widths, classes: for example [784, 512, 256, 10]. */
  readonly sizes: readonly number[];
  /** LayerNorm (ε = 1e-5, learned gain and offset) on hidden pre-activations. */
  readonly layerNorm: boolean;
}
