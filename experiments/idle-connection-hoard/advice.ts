import type { Advice, Signs } from "../../harness/experiment.ts";

export const signs: Signs = {
  zh: "没人用也没人关的连接，直到别人进不来",
  seen: ["ESTAB, empty queues, at the listening end", "EMFILE"],
  mark: {
    en: "the process has no descriptor left, and the peers answer keep-alive probes",
    zh: "进程已没有描述符，对端会应答保活探测",
  },
};

export const advice: Advice = {
  cures: [
    { layer: "program", what: "an idle timeout, which limits the time of a request, too", tried: "fixed" },
    { layer: "program", what: "a limit on the connections of each address", tried: "fixed-by-limit" },
    {
      layer: "configuration",
      what: "an idle timeout, and limits on the connections of one address and of all (keepalive_timeout, limit_conn, worker_connections in nginx)",
    },
  ],
  wrong: ["keepalive-finds-dead-peers", "more-descriptors", "larger-backlog"],
};
