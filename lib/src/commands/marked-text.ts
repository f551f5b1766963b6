/**
 * A document with the lines between two of its lines, `<!-- marker:begin -->` and `<!-- marker:end -->`, replaced.
 *
 * @param page the document's name, for the error
 * @throws RangeError unless it has both markers, once each and in order
 */
export function withMarkedText(document: string, text: string, place: { page: string; marker: string }): string {
  const [begin, end] = ["begin", "end"].map((which) => `<!-- ${place.marker}:${which} -->`);
  const [before, inside, ...more] = document.split(begin);
  const [, after, ...rest] = (inside ?? "").split(end);
  if (after === undefined || more.length > 0 || rest.length > 0 || before.includes(end)) {
    throw new RangeError(`${place.page} must have one line ${begin} and, below it, one line ${end}; add them`);
  }
  return `${before}${begin}\n${text}\n${end}${after}`;
}
