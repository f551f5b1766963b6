import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";

/** A message of Jupyter's protocol (https://jupyter-client.readthedocs.io/en/stable/messaging.html). */
export interface Message {
  readonly identities: readonly Buffer[];
  readonly header: Header;
  readonly content: Readonly<Record<string, unknown>>;
}

export interface Header {
  readonly msg_id: string;
  readonly msg_type: string;
  readonly session: string;
  readonly username: string;
  readonly date: string;
  readonly version: string;
}

/** The version of the protocol that is spoken here. */
export const protocolVersion = "5.3";

const delimiter = Buffer.from("<IDS|MSG>");
const session = randomUUID();

/** Reads a message. @throws Error where its signature is not made with `key`, or it has too few parts */
export function decode(key: string, frames: readonly Buffer[]): Message {
  const at = frames.findIndex((frame) => frame.equals(delimiter));
  if (at < 0 || frames.length < at + 6) throw new Error(`a message of ${frames.length} frames is not one of Jupyter's`);
  const [signature, ...parts] = frames.slice(at + 1, at + 6);
  const expected = Buffer.from(sign(key, parts));
  if (key !== "" && (signature.length !== expected.length || !timingSafeEqual(signature, expected))) {
    throw new Error("a message is not signed with this kernel's key");
  }
  const [header, , , content] = parts.map((part) => JSON.parse(part.toString("utf8")));
  return { identities: frames.slice(0, at), header, content };
}

/** A new message of a type and content, `parent` being what it answers, as frames. */
export function encode(
  key: string,
  { parent, type, content }: { parent: Message | undefined; type: string; content: object },
): Buffer[] {
  const header: Header = {
    msg_id: randomUUID(),
    msg_type: type,
    session,
    username: parent?.header.username ?? "",
    date: new Date().toISOString(),
    version: protocolVersion,
  };
  const parts = [header, parent?.header ?? {}, {}, content].map((part) => Buffer.from(JSON.stringify(part)));
  return [...(parent?.identities ?? []), delimiter, Buffer.from(sign(key, parts)), ...parts];
}

function sign(key: string, parts: readonly Buffer[]): string {
  if (key === "") return "";
  const hmac = createHmac("sha256", key);
  for (const part of parts) hmac.update(part);
  return hmac.digest("hex");
}
