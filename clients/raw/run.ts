import { socketAddress } from "../../harness/kernel/address.ts";
import { drive } from "../load/drive.ts";
import { Engine } from "./engine.ts";
import type { Saying } from "./protocol.ts";

/** A client program: its name, whether its connections carry one attempt or many, and its protocol. */
export interface ClientProgram {
  name: string;
  summary: string;
  keepOpen: boolean;
  saying: Saying;
}

/** Runs a client of the raw engine from the command line of this process and sets its exit code, like `drive`. */
export function run({ saying, ...program }: ClientProgram): Promise<void> {
  const { keepOpen } = program;
  return drive({
    ...program,
    flags: saying.flags,
    notes: "",
    prepare(whole, said) {
      const address = socketAddress(whole.to.address, whole.to.port);
      const protocol = saying.protocol(whole, said);
      return (plan, share, report) => new Engine(plan, address, { protocol, keepOpen, share }, report);
    },
  });
}
