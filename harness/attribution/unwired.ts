import { samplesOf } from "../measure/evidence.ts";
import type { HostName } from "../model/names.ts";
import type { SocketExample, SocketsSample } from "../model/sample.ts";
import { type Attribution, decided, likely, undecided, type Verdict } from "./attribution.ts";
import type { Sources } from "./evidence.ts";
import { addressIn } from "./rows.ts";

/** What a counter alone decides. `linger-zero` shares its counter with data that comes after close(). */
const COUNTED: { counter: string; verdict: (moved: string) => Verdict }[] = [
  { counter: "TcpExtTCPAbortOnClose", verdict: (moved) => decided("unread-bytes", moved) },
  {
    counter: "TcpExtTCPAbortOnData",
    verdict: (moved) => undecided(moved, "linger-zero", "data-after-close"),
  },
  { counter: "TcpExtTCPAbortOnLinger", verdict: (moved) => decided("linger2", moved) },
  { counter: "TcpExtTCPAbortOnMemory", verdict: (moved) => decided("orphan-limit", moved) },
];

/** What the rows and the counters of hosts without a wire show: fewer causes, and no single reset. */
export function unwired(sources: Sources): Attribution[] {
  const { hosts, links } = sources.recording.header.setup;
  const wired = new Set(links.flatMap((link) => (link.kind === "wire" ? link.between : [])));
  return Object.keys(hosts)
    .filter((host) => !wired.has(host))
    .flatMap((host) => [...resetsCounted(host, sources), ...closesInRows(host, sources)]);
}

function resetsCounted(host: HostName, { counters }: Sources): Attribution[] {
  const whole = counters.whole(host);
  if (whole === null) return [];
  const { untilUs: atUs, moved } = whole;
  const of = (count: number, verdict: Verdict): Attribution => ({
    seen: "counters",
    ending: "RST",
    count,
    atUs,
    afterUs: 0,
    host,
    link: null,
    connection: null,
    near: null,
    far: null,
    ...verdict,
    made: null,
    program: null,
  });
  const known = COUNTED.map(({ counter, verdict }) => {
    const count = moved(counter);
    return { count, verdict: verdict(`${counter} moved by ${count}`) };
  }).filter(({ count }) => count > 0);
  const counted = known.reduce((sum, { count }) => sum + count, 0);
  const rest = moved("TcpOutRsts") - counted;
  const others = undecided(
    `TcpOutRsts moved by ${moved("TcpOutRsts")}, and no counter of its own by so many`,
    ...([
      "no-listener",
      "no-connection",
      "data-after-close",
      "listener-closed",
      "keep-alive",
      "backlog",
    ] as const),
  );
  return [...known.map(({ count, verdict }) => of(count, verdict)), ...(rest > 0 ? [of(rest, others)] : [])];
}

/** One FIN for each socket that a look found after its own FIN. */
function closesInRows(host: HostName, { recording, ends }: Sources): Attribution[] {
  const found = new Map<string, Attribution>();
  let beforeUs: number | null = null;
  for (const look of samplesOf(recording, "sockets", host)) {
    const heldUs = ends.lookBefore(host, look.atUs)?.atUs ?? null;
    for (const { state, row } of finished(look)) {
      const key = `${row.local} ${row.remote}`;
      const known = found.get(key);
      // Holders are those of a look at the processes: only one after the FIN shows who held the socket then.
      const isFresh = known !== undefined && heldUs !== null && heldUs > known.atUs;
      const verdict = verdictOf(state, row, isFresh);
      if (known === undefined) {
        found.set(key, attributionOf(look, row, beforeUs, verdict, recording.header.addresses));
      } else if (known.sure !== "decided" && verdict.sure === "decided") {
        found.set(key, { ...known, ...verdict });
      }
    }
    beforeUs = look.atUs;
  }
  return [...found.values()];
}

function finished({ groups }: SocketsSample): { state: string; row: SocketExample }[] {
  const states = new Set<string>(["FIN-WAIT-1", "FIN-WAIT-2", "CLOSING", "LAST-ACK"]);
  return groups
    .filter(({ state }) => states.has(state))
    .flatMap(({ state, examples }) => examples.map((row) => ({ state, row })));
}

function verdictOf(state: string, { inode, pids }: SocketExample, isFresh: boolean): Verdict {
  if (inode === 0) {
    return likely("close", `nobody holds the socket (${state}, no inode)`, "shutdown", "process-ended");
  }
  if (pids.length === 0) {
    const because = `the socket has an inode (${state}), and no process that is seen holds it`;
    return undecided(because, "shutdown", "close");
  }
  const because = `process ${pids.join(", ")} holds the socket (${state})`;
  return isFresh ? decided("shutdown", because) : likely("shutdown", because, "close");
}

function attributionOf(
  { atUs, host }: SocketsSample,
  { local, remote }: SocketExample,
  afterUs: number | null,
  verdict: Verdict,
  addresses: Record<HostName, string[]>,
): Attribution {
  const end = (text: string): Attribution["near"] => {
    const address = addressIn(text);
    const owner = Object.entries(addresses).find(([, own]) => own.includes(address))?.[0] ?? "";
    return { host: owner, address, port: Number(text.slice(text.lastIndexOf(":") + 1)) };
  };
  return {
    seen: "rows",
    ending: "FIN",
    count: 1,
    atUs,
    afterUs,
    host,
    link: null,
    connection: null,
    near: end(local),
    far: end(remote),
    ...verdict,
    made: null,
    program: null,
  };
}
