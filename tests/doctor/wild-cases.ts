import type { NeededProgram } from "../programs/packages.ts";
import { adviceOf, evidenceOf, isSilentOn, pidOf, type Printed } from "./wild.ts";

/** Whether what was printed is as a sentence says. */
export type Check = (printed: Printed) => boolean;

/** A program, what its expect.json says, and what each sentence of it means for what the doctor prints. */
export interface WildCase {
  id: string;
  /** As in expect.json. */
  mode: string;
  side: string;
  needs: NeededProgram[];
  /** By variant: the program that the first finding accuses, and why it was examined; null where nobody has a fault. */
  variants: Record<string, { accused: string; role: string } | null>;
  /** By the sentence of expect.json: how it is checked on every variant that has findings; where nobody has a fault, on every one. */
  must: Record<string, Check | { on: string[]; holds: Check }>;
  never: Record<string, Check | { on: string[]; holds: Check }>;
}

const healthy = null;

/** The figures of a sentence, or NaN. */
const figures = (text: string, pattern: RegExp): number[] =>
  (pattern.exec(text)?.slice(1) ?? ["NaN"]).map(Number);
const isWithin = (least: number, most: number, ...values: number[]): boolean =>
  values.length > 0 && values.every((value) => value >= least && value <= most);

const abandoned = (printed: Printed): string => evidenceOf(printed, "abandoned-connection");
const pools = (printed: Printed): string => evidenceOf(printed, "pool-per-call");
const overflow = (printed: Printed): string => evidenceOf(printed, "accept-queue-overflow");
const taken = (printed: Printed): string => evidenceOf(printed, "service-port-in-ephemeral-range");
const shared = (printed: Printed): string => evidenceOf(printed, "accidental-port-sharing");
/** Whether nobody but this program is accused. */
const onlyAccuses =
  (program: string): Check =>
  ({ findings }) =>
    findings.every(({ subject }) => subject.program === program);

export const CASES: WildCase[] = [
  {
    id: "01-late-connect-abandoned",
    mode: "abandoned-connection",
    side: "connector",
    needs: ["python3", "ip", "ss"],
    variants: {
      buggy: { accused: "node", role: "other end" },
      fixed: healthy,
    },
    must: {
      "the connector holds 24 ESTABLISHED connections to one address": (printed) =>
        printed.findings[0]?.sockets.count === 24 &&
        printed.findings[0].sockets.example?.state === "ESTABLISHED" &&
        /had opened 24 connections to 127\.0\.0\.1:18101/.test(abandoned(printed)),
      "it has never sent a byte on any of them (`bytes_sent` 0), and reads nothing more from them": (
        printed,
      ) => /never sent anything on them/.test(abandoned(printed)),
      // The client waits for 250 ms.
      "the count is that of the attempts, not of a pool; every one is older than the client's own timeout": (
        printed,
      ) => (figures(abandoned(printed), /, ([\d.]+) to [\d.]+ s ago/)[0] ?? 0) > 0.25,
      "the listening process is healthy": onlyAccuses("node"),
    },
    never: {
      "F46 half-open: both ends are alive": isSilentOn("half-open-idle", "half-open-writer"),
      "F32 idle pool: a pool has asked something on each of its connections": isSilentOn(
        "pool-per-call",
        "idle-connection-hoard",
      ),
      "a leak of the listening process": onlyAccuses("node"),
    },
  },
  {
    id: "02-pool-per-call",
    mode: "pool-per-call",
    side: "connector",
    needs: ["ip", "ss"],
    variants: {
      buggy: { accused: "node", role: "other end" },
      fixed: healthy,
    },
    must: {
      "the connector holds 40 ESTABLISHED idle connections to one address, each of which has carried one request":
        (printed) => /had 40 connections to 127\.0\.0\.1:18102, each used once/.test(pools(printed)),
      "the count grows by one with every call: no pool re-uses anything": ({ findings }) =>
        findings.some(({ evidence }) =>
          evidence.some(({ because }) => because.includes("nothing here is used again")),
        ),
      "the listening process keeps connections because it may": ({ findings }) =>
        findings.every(({ role }) => role === "other end"),
    },
    never: {
      "F57 unconsumed body: Recv-Q and Send-Q are 0": isSilentOn("unconsumed-body"),
      "F58 pool starvation: nobody waits": isSilentOn("pool-starvation"),
      "the server's idle timeout is too long (true, and not the cause)": (printed) =>
        !/timeout/i.test(adviceOf(printed)),
    },
  },
  {
    id: "05-haproxy-half-close",
    mode: "healthy",
    side: "nobody",
    needs: ["python3", "haproxy", "ip", "ss"],
    variants: { healthy, abortonclose: healthy },
    must: {
      "nothing is wrong with haproxy; or, where only the listening end is seen: an answer is still owed on each (`bytes_sent` 0 on the CLOSE-WAIT socket) and the same process waits on as many connections to its backend":
        ({ examined, findings, remarks }) =>
          examined.some(({ subject }) => subject.program === "haproxy") &&
          ![...findings, ...remarks].some(({ subject }) => subject.name.startsWith("haproxy")),
      "if anything is slow it is the backend on port 18155": ({ findings }) => findings.length === 0,
    },
    never: {
      "F29 close-wait-leak": isSilentOn("close-wait-leak"),
      "F30 stopped reading (some have Recv-Q 1: the FIN)": isSilentOn("close-wait-not-reading"),
      "advice to set `option abortonclose` without saying what it does to such clients": ({ text }) =>
        !text.includes("abortonclose"),
    },
  },
  {
    id: "08-tls-handshake-in-accept",
    mode: "silent-client-blocks-acceptor",
    side: "listener",
    needs: ["python3", "openssl", "ip", "ss"],
    variants: {
      buggy: { accused: "python3", role: "asked" },
      fixed: healthy,
    },
    must: {
      "LISTEN Recv-Q 8, never falling: nobody accepts, and the process sleeps (state S, no processor time, not stopped)":
        (printed) =>
          /^8 connections waited at port 18108 and none was accepted for [\d.]+ s; pid \d+ slept \(state S\)/.test(
            evidenceOf(printed, "silent-client-blocks-acceptor"),
          ),
      "exactly one accepted connection, on which nothing has ever been received: the peer that blocks it, by address and port":
        ({ findings, text }) => {
          const { count, example } = findings[0]?.sockets ?? { count: 0, example: null };
          return count === 1 && text.includes(`${example?.remote} has sent it nothing`);
        },
      "8 CLOSE-WAIT without a process, each with 518 bytes (a ClientHello and a FIN): never accepted": (
        printed,
      ) => {
        const { sockets, cause } = printed.findings[1] ?? {};
        return (
          sockets?.count === 8 &&
          sockets.pids.length === 0 &&
          cause?.mode === "silent-client-blocks-acceptor" &&
          printed.text.includes("silent-client-blocks-acceptor explains it")
        );
      },
    },
    never: {
      "F01 backlog too small (8 of 64)": isSilentOn("accept-queue-overflow", "somaxconn-clamp"),
      "F29/F30: the CLOSE-WAIT belong to nobody": isSilentOn("close-wait-leak", "close-wait-not-reading"),
      "the process is stopped or busy": isSilentOn("blocked-acceptor", "end-of-file-spin"),
    },
  },
  {
    id: "12-container-somaxconn",
    mode: "accept-queue-overflow",
    side: "listener",
    needs: ["python3", "ip", "ss"],
    variants: {
      buggy: { accused: "python3", role: "asked" },
      hardcoded: { accused: "python3", role: "asked" },
      fixed: healthy,
    },
    must: {
      "LISTEN Recv-Q 127 to 129 with Send-Q 128, and ListenOverflows grows: in a single look the queue may be one below its limit, the counter is the proof":
        (printed) =>
          isWithin(127, 129, ...figures(overflow(printed), /(\d+) connections waited/)) &&
          isWithin(128, 128, ...figures(overflow(printed), /a backlog of (\d+)/)) &&
          isWithin(1, Infinity, ...figures(overflow(printed), /TcpExtListenOverflows rose by (\d+)/)),
      "buggy: somaxconn in THIS namespace is 128 = Send-Q: the clamp; raise it inside and listen again": {
        on: ["buggy"],
        holds: (printed) =>
          printed.findings.some(
            ({ mode, cause, fix }) =>
              mode === "somaxconn-clamp" &&
              cause?.mode === "accept-queue-overflow" &&
              fix.kernel.some(({ tried }) => tried === "fixed-by-sysctl"),
          ) &&
          printed.text.includes("a Send-Q of 128, and net.core.somaxconn of this namespace is 128") &&
          printed.text.includes("accept-queue-overflow explains it"),
      },
      "hardcoded: somaxconn is 16384 > Send-Q 128: the program asks for 128; no sysctl helps": {
        on: ["hardcoded"],
        holds: ({ text }) =>
          text.includes(
            "net.core.somaxconn is 16384, so the program itself asked for 128, and no sysctl makes this queue longer",
          ),
      },
      "and above both: one connection in 400 ms is accepted": (printed) => {
        const [count = Number.NaN, seconds = Number.NaN] = figures(
          overflow(printed),
          /never had much room, and (\d+) connections were accepted in ([\d.]+) s/,
        );
        return isWithin(1, 4, count / seconds);
      },
    },
    never: {
      "advice to raise the sysctl in the hardcoded variant": {
        on: ["hardcoded"],
        holds: (printed) =>
          isSilentOn("somaxconn-clamp")(printed) && !/somaxconn|sysctl/.test(adviceOf(printed)),
      },
      "advice to raise it on the host": (printed) => !/\bhost\b/.test(adviceOf(printed)),
      "F03 SYN flood": isSilentOn("syn-queue-overflow"),
    },
  },
  {
    id: "13-port-taken-by-a-client",
    mode: "service-port-in-ephemeral-range",
    side: "a bystander: the connector of another connection",
    needs: ["python3", "ip", "ss"],
    variants: {
      buggy: { accused: "python3", role: "local user" },
      fixed: healthy,
    },
    must: {
      "nobody listens on 40006": ({ text }) => text.includes("nobody listens on port 40006"),
      "40006 is the LOCAL port of a connection of `agent` (pid) to port 8500": (printed) =>
        printed.findings[0]?.subject.pid === pidOf(printed, "agent") &&
        /local port of a connection of pid \d+, from 127\.0\.0\.1:40006 to 127\.0\.0\.1:8500/.test(
          taken(printed),
        ),
      "40006 is within ip_local_port_range (40000-40015) and not reserved": (printed) =>
        /ip_local_port_range is 40000 to 40015, and 40006 is not reserved/.test(taken(printed)),
    },
    never: {
      "F21 TIME-WAIT: it is ESTABLISHED": (printed) =>
        isSilentOn("restart-refused")(printed) && !/TIME-WAIT/.test(taken(printed) + adviceOf(printed)),
      "F34 inherited listener": isSilentOn("forked-child-holds-listener"),
      "`agent` listens on 40006 (a local port is not yet a listening end)": ({ examined, text }) =>
        examined.every(({ subject }) => subject.ports?.includes(40_006) !== true) &&
        /which listens on no such port/.test(text),
      "set SO_REUSEADDR": (printed) => !/SO_REUSEADDR/.test(adviceOf(printed)),
    },
  },
  {
    id: "17-time-wait-healthy",
    mode: "healthy",
    side: "nobody",
    needs: ["python3", "ip", "ss"],
    variants: { healthy },
    must: {
      "healthy: 400 TIME-WAIT at the listening end, as many as connections in the last 60 s; they cost no port here":
        ({ findings }) => findings.length === 0,
      "at most a remark: a connection for each request": ({ remarks }) =>
        remarks.every(({ mode }) => mode === "requests-per-connection-churn"),
    },
    never: {
      "F17 port exhaustion (they are at the listening end)": isSilentOn(
        "ephemeral-port-exhaustion",
        "connect-latency-cliff",
      ),
      "tcp_tw_reuse, tcp_tw_recycle, tcp_fin_timeout": ({ text }) => !/tcp_tw_re|tcp_fin_timeout/.test(text),
    },
  },
  {
    id: "18-two-servers-one-port",
    mode: "accidental-port-sharing",
    side: "listener: two processes",
    needs: ["python3", "ip", "ss"],
    variants: {
      buggy: { accused: "python3", role: "asked" },
      fixed: healthy,
    },
    must: {
      "two LISTEN rows on 127.0.0.1:18118 in two processes that are not master and worker: other arguments, another start time, neither is the other's parent":
        (printed) => {
          const pids = [pidOf(printed, "old"), pidOf(printed, "new")];
          return (
            printed.findings.every(({ subject }) => pids.includes(subject.pid ?? 0)) &&
            pids.every((pid) => shared(printed).includes(`(pid ${pid})`)) &&
            shared(printed).includes("on port 18118")
          );
        },
      "both accept; about half of the connections go to each": (printed) =>
        shared(printed).includes("both accept"),
    },
    never: {
      "F13 zombie member: both queues are empty": isSilentOn("reuseport-zombie-listener"),
      "healthy, because both queues are empty": ({ status }) => status === 1,
      "workers of one server": ({ text }) => !/are workers|workers of one/i.test(text),
    },
  },
];
