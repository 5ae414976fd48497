import { segments } from "../../../measure/segments.ts";
import type { Recording } from "../../../model/recording.ts";
import type { PacketSample } from "../../../model/sample.ts";
import { wordsOf } from "../../former.ts";
import type { Question } from "../../former.ts";

/** The first SYN of the client's n-th connection. */
export const synOf = (recording: Recording, connection: number): PacketSample | undefined =>
  segments(recording, { connection, from: "client", flags: ["SYN"] })[0];
/** That this SYN carries what `wanted` says, in tcpdump's words: `tfo cookie, length 97`. */
export const carried = (connection: number, wanted: string): Question =>
  wordsOf(
    { en: `SYN ${connection}: {}`, zh: `第 ${connection} 个 SYN：{}` },
    {
      needs: ["packet"],
      of: (recording) => {
        const syn = synOf(recording, connection);
        if (syn === undefined) return null;
        const { fastOpenCookie } = syn.options;
        // As tcpdump has it.
        const option =
          fastOpenCookie === undefined ? "" : fastOpenCookie === "" ? "tfo cookiereq, " : "tfo cookie, ";
        return `${option}length ${syn.payloadBytes}`;
      },
    },
    wanted,
  );
