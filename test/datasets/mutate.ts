import type { Random } from "psn/dist/random";

const allBytes = Uint8Array.from({ length: 256 }, (_, i) => i);

/**
 * A damaged copy of `bytes`: bytes changed, cut off, added, removed from the middle, or doubled. New bytes are taken
 * from `alphabet`, so that some of the damage looks plausible.
 */
export function mutate(bytes: Uint8Array, random: Random, alphabet: Uint8Array = allBytes): Uint8Array {
  const at = random.integer(bytes.length);
  const letter = () => alphabet[random.integer(alphabet.length)];
  switch (random.integer(6)) {
    case 0:
      return bytes.slice(0, at);
    case 1:
      return Uint8Array.from([...bytes, ...Array.from({ length: 1 + random.integer(40) }, letter)]);
    case 2:
      return Uint8Array.from([...bytes.slice(0, at), ...bytes.slice(at + 1 + random.integer(8))]);
    case 3:
      return Uint8Array.from([...bytes.slice(0, at), ...bytes.slice(Math.max(0, at - 20))]);
    default: {
      const copy = Uint8Array.from(bytes); // slice of a Buffer would share its memory
      const near = random.integer(2) === 0 ? Math.min(bytes.length, 20) : bytes.length; // half of them in the header
      for (let i = 0; i <= random.integer(4); i++) copy[random.integer(near)] = letter();
      return copy;
    }
  }
}
