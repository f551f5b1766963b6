const BEGIN = "<!-- bench:begin -->";
const END = "<!-- bench:end -->";

/**
 * A document with the text between its markers replaced.
 *
 * @throws RangeError unless it has both markers, once each and in order
 */
export function between(document: string, text: string): string {
  const [before, inside, ...more] = document.split(BEGIN);
  const [, after, ...rest] = (inside ?? "").split(END);
  if (after === undefined || more.length > 0 || rest.length > 0 || before.includes(END)) {
    throw new RangeError(`README.md must have one line ${BEGIN} and, below it, one line ${END}; add them`);
  }
  return `${before}${BEGIN}\n\n${text}\n\n${END}${after}`;
}
