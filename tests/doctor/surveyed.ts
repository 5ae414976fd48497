// Makes sockets of every kind that a survey sorts, in a network namespace of its own, and prints what it shows. It runs inside namespaces of
// its own: inLab().
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { Survey } from "../../harness/diagnosis/survey.ts";
import { currentNamespace } from "../../harness/kernel/namespace.ts";
import { link, LOOPBACK_UP } from "../../harness/lab/links.ts";
import { until } from "../lab/wait.ts";

const [HERE, HEIR, GONE] = [8080, 8081, 8082];
const namespace = currentNamespace("here");
link(namespace, [LOOPBACK_UP]);
writeFileSync("/proc/sys/net/ipv4/tcp_tw_reuse", "0");

const kept: unknown[] = [];

async function serve(port: number): Promise<{ accept: () => Promise<[Socket, Socket]>; close: () => void }> {
  const server = createServer({ allowHalfOpen: true }).listen(port, "127.0.0.1");
  await once(server, "listening");
  kept.push(server);
  return {
    accept: async () => {
      const client = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
      const [accepted] = (await once(server, "connection")) as [Socket];
      for (const socket of [client, accepted]) socket.on("error", () => {}).resume();
      kept.push(client, accepted);
      return [client, accepted];
    },
    close: () => server.close(),
  };
}

/** Ends a connection at both ends, the first one first. */
async function endBoth([first, second]: [Socket, Socket]): Promise<void> {
  first.end();
  await once(second, "end");
  second.end();
  await Promise.all([once(first, "close"), once(second, "close")]);
}

const here = await serve(HERE);
for (let nth = 0; nth < 3; nth += 1) await here.accept();
// A TIME-WAIT at the connecting end, to a destination that this process uses; and an orphan that the server's end outlives.
await endBoth(await here.accept());
const [orphan, left] = await here.accept();
orphan.end(() => orphan.destroy());
await once(left, "end");

// Two processes share a socket, and only the child keeps it in the end.
const heir = await serve(HEIR);
const [, shared] = await heir.accept();
const descriptor = (shared as unknown as { _handle: { fd: number } })._handle.fd;
const child = spawn("sleep", ["600"], { stdio: ["ignore", "ignore", "ignore", descriptor] });
await once(child, "spawn");

// A service that stopped. Its port has a TIME-WAIT that nobody holds, and nobody listens.
const gone = await serve(GONE);
const [client, accepted] = await gone.accept();
await endBoth([accepted, client]);
gone.close();

const survey = new Survey(namespace);
const both = (): boolean =>
  survey.look().some((one) => one.shared.some(({ pids }) => pids.includes(child.pid ?? 0)));
await until(both, (is) => is, 20_000);
const seen = survey.look();
console.log(
  JSON.stringify({
    own: process.pid,
    child: child.pid,
    unread: survey.unread,
    unseen: survey.unseenSockets,
    seen: seen.map(({ groups, ...rest }) => ({
      ...rest,
      groups: groups.map(({ state, side, port, owner, count, examples }) => ({
        state,
        side,
        port,
        owner,
        count,
        hasInfo: examples.every(({ tcpInfo }) => tcpInfo !== undefined),
      })),
    })),
  }),
);
process.exit(0);
