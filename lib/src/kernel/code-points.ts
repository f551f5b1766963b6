/** Jupyter counts characters of code; JavaScript counts 𝑥 and 🙂 twice. */
export function toIndex(text: string, codePoints: number): number {
  return [...text].slice(0, codePoints).join("").length;
}

/** The number of characters before an index. */
export function toCodePoints(text: string, index: number): number {
  return [...text.slice(0, index)].length;
}
