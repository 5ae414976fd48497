import {
  attemptsOk,
  connections,
  counterMoved,
  counterStill,
  exactly,
  fact,
  setupOf,
  type Setup,
  type Variant,
} from "../../harness/experiment.ts";
import { signs } from "./signs.ts";

const REQUESTS = 199;

/** `server` and `client`: after how many requests that end closes the connection; 0 for never. */
interface Limits {
  server: number;
  client?: number;
}

function setup({ server, client }: Limits): Setup {
  const ends = client === undefined ? "--close server" : `--close client --requests-per-connection ${client}`;
  return setupOf({
    sysctls: { "net.ipv4.tcp_tw_reuse": "0", "net.ipv4.tcp_max_tw_buckets": "4096" },
    servers: { server: `requests-per-connection-churn/server --port 8080 --requests ${server}` },
    clients: {
      load: {
        run: `clients/long-http --to {server}:8080 --attempts ${REQUESTS} --rate 200 ${ends}`,
        withinMs: 20_000,
      },
    },
    phases: [
      { name: "load", until: { exited: ["load"] } },
      { name: "drain", until: { elapsedMs: 700 } },
    ],
    everyMs: { sockets: 100, listeners: 500, counters: 250, processes: 500 },
  });
}

const load = { program: "load" };

function variant(summary: string, limits: Limits): Variant {
  const limit = limits.client ?? limits.server;
  const made = limit === 0 ? 1 : Math.ceil(REQUESTS / limit);
  const [first, second] = limits.client === undefined ? ["server", "client"] : ["client", "server"];
  return {
    summary,
    setup: setup(limits),
    exact: [
      attemptsOk(load, exactly(REQUESTS)).because(
        "a connection ends between two requests, and never during one",
      ),
      connections(load, exactly(made)).because(
        limit === 0
          ? "nothing ends the connection"
          : "the requests divided by the limit, and one for the rest",
      ),
      counterMoved({ host: first, counter: "TcpExtTW" }, exactly(made)).because(
        `the ${first} closes each connection first, and has its TIME-WAIT`,
      ),
      counterStill({ host: second, counter: "TcpExtTW" }).because(`the ${second} closes second`),
    ],
  };
}

export const experiment = fact({
  id: "requests-per-connection-churn",
  title: "A limit of requests for each connection, and the TIME-WAIT that it makes",
  question:
    "How many connections does a kept-alive client use up, if one end closes each after so many requests?",
  tags: ["time-wait", "keep-alive", "http"],
  signs,
  variants: {
    "server-7": variant("the server ends a connection after 7 requests", { server: 7 }),
    "server-97": variant("the server ends a connection after 97 requests", { server: 97 }),
    "no-limit": variant("no end ends a connection", { server: 0 }),
    "client-7": variant("the client ends a connection after 7 requests", { server: 0, client: 7 }),
  },
});
