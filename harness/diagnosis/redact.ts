import type { View } from "../model/expectation.ts";
import type { ProcessRow } from "../model/sample.ts";
import type { Subject } from "../model/subject.ts";
import type { Examination, Patient } from "./examine.ts";
import type { PortUser } from "./port-users.ts";
import type { Origin } from "./recorded.ts";
import { ReplacedAddresses, replacedIn } from "./replaced-addresses.ts";

/** A boot id that is no machine's. */
const NO_BOOT = "00000000-0000-4000-8000-000000000000";

/**
 * Replaces what tells whose host was examined: addresses, and the names of processes. The same thing always has the same replacement, as long
 * as the redaction lives. Numbers, ports, states and sysctls are left, and so is every relation that a symptom is about.
 */
export class Redaction {
  readonly #addresses = new ReplacedAddresses();
  readonly #names = new Map<string, string>();
  readonly #files = new Map<string, string>();

  /** A name of a process, of a user or of a host, or a command line: `name-1`. An empty one stays empty. */
  name(name: string): string {
    return name === "" ? "" : replacedIn(this.#names, name, (nth) => `name-${nth + 1}`);
  }

  /** An address without a port. */
  address(address: string): string {
    return this.#addresses.address(address);
  }

  /** The name of a file that somebody has saved: `file-1`. Standard input, `-`, stays. */
  file(name: string): string {
    return name === "-" ? name : replacedIn(this.#files, name, (nth) => `file-${nth + 1}`);
  }

  /** What was read of a live host or from a recording, without the names and addresses. Saved text is redacted before: redactedEvidence(). */
  examination(examination: Examination): Examination {
    const { patients, whole, unread } = examination;
    return {
      ...examination,
      patients: patients.map((patient) => this.#patient(patient)),
      whole: this.#patient(whole),
      unread: unread.map(({ pid, name }) => ({ pid, name: this.name(name) })),
    };
  }

  /** Who uses a port. */
  portUser(user: PortUser): PortUser {
    const [, remote = "", port = ""] = /^(.*) port (\d+)$/.exec(user.remote) ?? [];
    return {
      ...user,
      name: user.name === null ? null : this.name(user.name),
      remote: `${this.#addresses.address(remote)} port ${port}`,
    };
  }

  /** The origin of a recording, without what identifies the machine: its boot id, and what its builder added to the kernel's release. */
  origin(origin: Origin): Origin {
    const { kernel } = origin;
    const [release = ""] = /^\d+(?:\.\d+)*/.exec(kernel.release) ?? [];
    return { ...origin, bootId: NO_BOOT, kernel: { ...kernel, release } };
  }

  /** A subject. The name of a family contains that of its process. */
  subject<S extends Subject>(subject: S): S {
    if (subject.kind !== "family") return subject;
    const program = this.name(subject.program);
    const command = subject.command === "" ? "" : this.name(subject.command);
    return { ...subject, program, command, name: `${program}-${subject.pid}` };
  }

  #patient({ subject, view, pids }: Patient): Patient {
    const redacted = this.subject(subject);
    const host = redacted.name;
    const samples = view.samples.map((sample) => ({ ...this.#sample(sample), host }));
    return { subject: redacted, view: { ...view, host, samples }, pids };
  }

  #sample(sample: View["samples"][number]): View["samples"][number] {
    switch (sample.kind) {
      case "sockets":
        return {
          ...sample,
          groups: sample.groups.map((group) => ({
            ...group,
            examples: group.examples.map((one) => ({
              ...one,
              local: this.#addresses.end(one.local),
              remote: this.#addresses.end(one.remote),
            })),
          })),
        };
      case "listeners":
        return {
          ...sample,
          listeners: sample.listeners.map((one) => ({
            ...one,
            address: this.#addresses.address(one.address),
          })),
        };
      case "processes":
        return { ...sample, processes: sample.processes.map((row) => this.#process(row)) };
      case "counters":
        return sample;
    }
  }

  #process(row: ProcessRow): ProcessRow {
    return { ...row, name: this.name(row.name), program: this.name(row.program) };
  }
}
