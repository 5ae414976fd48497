import {
  exactly,
  fact,
  freshSysctl,
  quantity,
  samplesOf,
  sendQueue,
  setupOf,
  type CommandLine,
  type ExactExpectation,
  type InterventionPlan,
  type Recording,
  type Setup,
  type Sysctls,
} from "../../harness/experiment.ts";

const PORT = 8080;

const nginx: CommandLine = "nginx -p {scratch} -e stderr -c {here}/nginx.conf";
const python: CommandLine = `python3 -m http.server --bind 0.0.0.0 --directory {scratch} ${PORT}`;
const under128: Sysctls = { "net.core.somaxconn": "128" };

const raise: InterventionPlan = {
  name: "somaxconn is raised",
  phase: "load",
  when: { elapsedMs: 500 },
  do: { sysctl: "net.core.somaxconn", value: "4096", on: "server" },
};
const reload: InterventionPlan = {
  name: "the server reads its configuration again",
  phase: "load",
  when: { elapsedMs: 1000 },
  do: { signal: "SIGHUP", program: "server" },
};
const restart: InterventionPlan = {
  name: "the server is restarted",
  phase: "load",
  when: { elapsedMs: 1000 },
  do: { restart: "server" },
};

/** Interventions are made while the server listens, in this order. */
function setup(run: CommandLine, sysctls: Sysctls = {}, interventions: InterventionPlan[] = []): Setup {
  return setupOf({
    hosts: { server: sysctls },
    servers: { server: { run, listens: PORT } },
    phases: {
      load: { elapsedMs: interventions.length === 0 ? 200 : 1200 },
      // Time for the intervention to take effect.
      drain: { elapsedMs: interventions.length === 0 ? 200 : 2500 },
    },
    interventions,
    everyMs: { sockets: 500, listeners: 100, counters: 500, processes: 500 },
  });
}

interface Look {
  backlog: number;
  inode: number;
}

/** The listener in the first look that finds it, and in the last one. */
function seen(recording: Recording): { first: Look; last: Look } | null {
  const looks = samplesOf(recording, "listeners", "server").flatMap(({ listeners }) => listeners);
  const [first, last] = [
    looks.find(({ port }) => port === PORT),
    looks.findLast(({ port }) => port === PORT),
  ];
  return first === undefined || last === undefined ? null : { first, last };
}

function backlogIs(value: number, when: "first" | "last", because: string): ExactExpectation {
  return quantity(
    `connections in Send-Q ${when === "first" ? "at first" : "at last"}`,
    sendQueue("server", when),
    exactly(value),
  ).because(because);
}

const sameListener: ExactExpectation = {
  claim: "it is the same socket that listens at last",
  because: "it was not closed: listen() on a listening socket changes its limit",
  needs: ["listeners"],
  test: (recording) => {
    const looks = seen(recording);
    if (looks === null) return { holds: null, observed: "nothing was seen listening" };
    const holds = looks.first.inode === looks.last.inode;
    return { holds, observed: holds ? "its inode stayed" : "it has another inode" };
  },
};

const roomy = freshSysctl("server", "net.core.somaxconn", "4096").because(
  "it is the default since Linux 5.4",
);

export const experiment = fact({
  id: "listener-backlog",
  title: "The backlog that a server asked for, and when it asked",
  question: "What backlog do servers listen with, and when does a change reach a running server?",
  tags: ["accept-queue", "backlog", "nginx"],
  variants: {
    nginx: {
      summary: "nginx without a backlog in its configuration",
      setup: setup(nginx),
      exact: [roomy, backlogIs(511, "first", "NGX_LISTEN_BACKLOG on Linux")],
    },
    node: {
      summary: "Node's http without a backlog argument",
      setup: setup(`listener-backlog/node --port ${PORT}`),
      exact: [roomy, backlogIs(511, "first", "the default of net.Server.listen()")],
    },
    python: {
      summary: "Python's http.server with its own backlog",
      setup: setup(python),
      exact: [roomy, backlogIs(5, "first", "request_queue_size of socketserver.TCPServer")],
    },
    "somaxconn-raised": {
      summary: "nginx under a somaxconn of 128, which is raised to 4096",
      setup: setup(nginx, under128, [raise]),
      exact: [
        backlogIs(128, "first", "the smaller of the two"),
        backlogIs(128, "last", "only listen() reads somaxconn"),
        sameListener,
      ],
    },
    "somaxconn-raised-reload": {
      summary: "somaxconn is raised from 128 to 4096, and nginx reads its configuration again",
      setup: setup(nginx, under128, [raise, reload]),
      exact: [
        backlogIs(128, "first", "the smaller of the two"),
        backlogIs(128, "last", "its configuration is unchanged, so nginx does not call listen()"),
        sameListener,
      ],
    },
    "somaxconn-raised-restart": {
      summary: "somaxconn is raised from 128 to 4096, and nginx is restarted",
      setup: setup(nginx, under128, [raise, restart]),
      exact: [
        backlogIs(128, "first", "the smaller of the two"),
        backlogIs(511, "last", "listen() was called again"),
      ],
    },
    "backlog-raised-reload": {
      summary: "nginx with backlog=47, which reads its configuration again after a change to 97",
      setup: setup("sh {here}/raised.sh {scratch}", { "net.core.somaxconn": "4096" }, [reload]),
      exact: [
        backlogIs(47, "first", "the value in the configuration"),
        backlogIs(97, "last", "nginx calls listen() again on its existing socket"),
        sameListener,
      ],
    },
  },
});
