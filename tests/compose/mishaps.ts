import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The lab in which things go wrong. */
export const STAGE = "close-wait-leak";

/** Something that goes wrong in a lab, and the sentence that the lab must print about it. */
export interface Mishap {
  name: string;
  /** The changes to compose files: the file, the text, and its replacement. */
  edits: [file: string, from: string, to: string][];
  /** The service whose container is killed when the load begins. */
  kill?: string;
  says: RegExp;
}

const SOON: Mishap["edits"][number] = [`${STAGE}.yaml`, "[part, judge,", '[part, judge, --within, "6",'];
const WAIT_FOR_EVER = "entrypoint: [sleep, infinity]";

/** Each mishap must end the lab with a sentence, an exit code that is not 0, and no verdict. */
export const MISHAPS: Mishap[] = [
  {
    name: "a sysctl that the daemon refuses",
    edits: [[`${STAGE}.yaml`, 'net.ipv4.tcp_tw_reuse: "0"', 'net.ipv4.tcp_no_such: "0"']],
    says: /tcp_no_such/,
  },
  {
    name: "a sysctl with another value than in the setup",
    edits: [[`${STAGE}.yaml`, 'net.ipv4.tcp_fin_timeout: "2"', 'net.ipv4.tcp_fin_timeout: "60"']],
    says: /host (?:client|server): net\.ipv4\.tcp_fin_timeout is 60, but must be 2/,
  },
  {
    name: "a missing capability",
    edits: [["parts.yaml", "[SYS_PTRACE, DAC_OVERRIDE]", "[DAC_OVERRIDE]"]],
    says: /may not read \/proc\/1\/fd, the descriptors of server: .*SYS_PTRACE/,
  },
  {
    name: "an observer outside its host's pid namespace",
    edits: [
      [
        `${STAGE}.yaml`,
        "command: [part, observer, server]\n    network_mode: service:server\n    pid: service:server",
        "command: [part, observer, server]\n    network_mode: service:server",
      ],
    ],
    says: /the observer of server is not in the pid namespace of the program server/,
  },
  {
    name: "an observer that does not connect",
    edits: [
      SOON,
      [`${STAGE}.yaml`, "command: [part, observer, client]", `${WAIT_FOR_EVER}\n    command: []`],
    ],
    says: /the observer of client was not found within 6 s/,
  },
  {
    name: "a program that does not connect",
    edits: [
      SOON,
      [`${STAGE}.yaml`, "command: [part, programs, server, closing]", `${WAIT_FOR_EVER}\n    command: []`],
    ],
    says: /not all programs of server were found within 6 s/,
  },
  {
    name: "results that cannot be written",
    edits: [["parts.yaml", "../results:/lastack/results", "../results:/lastack/results:ro"]],
    says: /no verdict: cannot make a folder for the run/,
  },
  {
    name: "a client that is killed",
    edits: [],
    kill: "client",
    says: /no verdict on close-wait-leak\/buggy: /,
  },
  {
    name: "a server that is killed",
    edits: [],
    kill: "server",
    says: /no verdict on close-wait-leak\/buggy: /,
  },
  {
    name: "an observer that is killed",
    edits: [],
    kill: "observer-server",
    says: /no verdict on close-wait-leak\/buggy: the observer of server has ended/,
  },
];

/** Changes the compose files of a folder. Returns a function that restores them. Throws when there is nothing to change. */
export function edit(folder: string, edits: Mishap["edits"]): () => void {
  const before = new Map<string, string>();
  for (const [file, from, to] of edits) {
    const path = join(folder, file);
    const text = readFileSync(path, "utf8");
    if (!text.includes(from)) throw new Error(`compose/${file} has no ${from}: nothing to change`);
    if (!before.has(path)) before.set(path, text);
    writeFileSync(path, text.replaceAll(from, to));
  }
  return () => {
    for (const [path, text] of before) writeFileSync(path, text);
  };
}
