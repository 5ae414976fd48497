import type { Redaction } from "../redact.ts";
import type { End } from "./end.ts";
import type { SavedEvidence, Sentence, Source } from "./evidence.ts";
import type { SavedSocket } from "./socket.ts";

/**
 * Evidence without the addresses and names that are in it: those of sockets and processes are replaced, and so are the names of files. The
 * filters of a command, and the lines that could not be read, are left out: nobody knows what is in them.
 */
export function redactedEvidence(evidence: SavedEvidence, redaction: Redaction): SavedEvidence {
  const { looks, unused, unreadable } = evidence;
  return {
    ...evidence,
    looks: looks.map(({ atMs, sockets, source }) => ({
      atMs,
      sockets: sockets.map((socket) => redactedSocket(socket, redaction)),
      source: commandOf(source),
    })),
    unused: unused.map((sentence) => redactedSentence(sentence, redaction)),
    unreadable: unreadable.map(({ file, line, text, because }) => ({
      file: redaction.file(file),
      line,
      text: "",
      because: withoutWordOf(text, because),
    })),
  };
}

function redactedSocket(socket: SavedSocket, redaction: Redaction): SavedSocket {
  const end = ({ address, port }: End): End => ({ address: redaction.address(address), port });
  return {
    ...socket,
    text: "",
    local: end(socket.local),
    remote: end(socket.remote),
    holders: socket.holders.map((holder) => ({ ...holder, name: redaction.name(holder.name) })),
  };
}

function redactedSentence(sentence: Sentence, redaction: Redaction): Sentence {
  return sentence.map((part): string | Source =>
    typeof part === "string" ? part : { words: commandOf(part.words), file: redaction.file(part.file) },
  );
}

/** Options of ss and netstat that take no value. */
const PLAIN_OPTIONS = /^-[HO46WTaeilmnopstuwxz]+$/;

/** The name of the program that printed a text, and its options: a filter, or the name of a network namespace, can follow. */
function commandOf(words: string): string {
  const [path = "", ...others] = words.split(/\s+/);
  const program = path.slice(path.lastIndexOf("/") + 1);
  return [program, ...others.filter((word) => PLAIN_OPTIONS.test(word))].join(" ");
}

/** A reason begins with the word of the line that it is about, if it is about one. */
function withoutWordOf(text: string, because: string): string {
  const [first = "", ...others] = because.split(" ");
  return text.includes(first) ? ["a word of it", ...others].join(" ") : because;
}
