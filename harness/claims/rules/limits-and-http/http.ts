import { samplesOf } from "../../../measure/evidence.ts";
import type { Recording } from "../../../model/recording.ts";
import { atMost, exactly, type Bound } from "../../../verdict/bound.ts";
import { figureOf, question, wordsOf } from "../../former.ts";
import type { Condition, Question, Rule, Text } from "../../former.ts";

/** How the client of http-keep-alive asked. */
type Asked = "HTTP/1.1" | "HTTP/1.1, close" | "HTTP/1.0" | "HTTP/1.0, keep-alive";

/** What it told of the connection on which it asked so. */
function told(recording: Recording, asked: Asked, field: string): string | number | null {
  const one = samplesOf(recording, "report").find(
    ({ report }) => report["kind"] === "kept" && report["asked"] === asked,
  );
  const value = one?.report[field] ?? null;
  return typeof value === "boolean" ? null : value;
}

/** Two answers on one connection: it was still there for a second request. */
const answers = (asked: Asked, bound: Bound): Question =>
  figureOf(
    {
      en: `answers on one connection, asked with ${asked}: {}`,
      zh: `以 ${asked} 请求，一个连接上的应答：{} 个`,
    },
    {
      needs: ["report"],
      of: (recording) => {
        const count = told(recording, asked, "answers");
        return typeof count === "number" ? count : null;
      },
    },
    bound,
  );

const saysKeepAlive: Question = wordsOf(
  { en: 'the header is "Connection: {}"', zh: "响应头是 “Connection: {}”" },
  {
    needs: ["report"],
    of: (recording) => {
      const header = told(recording, "HTTP/1.1", "connection");
      if (header === null) return null;
      return header === "" ? "(none)" : String(header).toLowerCase();
    },
  },
  "keep-alive",
);

/** That the server closes what is idle before the client has waited enough. */
const hasIdleLimit: Question = question(["report"], (recording) => {
  const asked = told(recording, "HTTP/1.1", "answers");
  const endedMs = told(recording, "HTTP/1.1", "endedMs");
  if (asked === null) return { holds: null, observed: { en: "nobody asked", zh: "没有请求" } };
  if (typeof endedMs !== "number") {
    return {
      holds: false,
      observed: { en: "the server did not close while it was waited for", zh: "等待期间服务器一直没有关闭" },
    };
  }
  const seconds = (endedMs / 1000).toFixed(1);
  return {
    holds: true,
    observed: { en: `the server closed after ${seconds} s of silence`, zh: `沉默 ${seconds} s 后服务器关闭` },
  };
});

const NODE: Text = { en: "Node's http server as it comes", zh: "默认设置的 Node http 服务器" };
const NGINX: Text = { en: "nginx with keepalive_timeout 2s", zh: "nginx，keepalive_timeout 2s" };
const PYTHON: Text = {
  en: "Python's http.server as it comes, which speaks HTTP/1.0",
  zh: "默认设置的 Python http.server，只说 HTTP/1.0",
};
const PYTHON_11: Text = { en: "Python's http.server with HTTP/1.1", zh: "Python http.server，改用 HTTP/1.1" };

const asksOf = (where: Text, trial: string, asks: Condition["asks"]): Condition => ({
  where,
  in: [trial],
  asks,
});

const keepsAlive: Condition["asks"] = [
  answers("HTTP/1.1", exactly(2)),
  saysKeepAlive,
  hasIdleLimit,
  answers("HTTP/1.1, close", exactly(1)),
];
const byVersion: Condition["asks"] = [answers("HTTP/1.1", exactly(2)), answers("HTTP/1.0", atMost(1))];

export const rules: Rule[] = [
  {
    id: "C99",
    under: [
      asksOf(NODE, "http-keep-alive/node", keepsAlive),
      asksOf(NGINX, "http-keep-alive/nginx", keepsAlive),
      asksOf(PYTHON, "http-keep-alive/python", [answers("HTTP/1.1", exactly(1))]),
    ],
    beyond: [asksOf(PYTHON_11, "http-keep-alive/python-http-1.1", [saysKeepAlive, hasIdleLimit])],
    because: {
      "holds-with-limits": {
        en:
          "Node and nginx say so and close after their idle limit, and one end is enough to end it; but HTTP/1.1 asks for neither the header (a connection stays unless `close` is said, RFC 9112, section 9.3) nor for a limit: " +
          "Python's server has neither",
        zh: "Node 和 nginx 会带这个响应头，并在空闲时限后关闭，任何一方都可以不保持；但 HTTP/1.1 既不要求这个头（没说 close 就是保持，RFC 9112 第 9.3 节），也不要求时限：Python 的服务器两样都没有",
      },
      holds: {
        en: "every server said so, and closed after its idle limit",
        zh: "所有服务器都带这个响应头，并在空闲时限后关闭",
      },
      refuted: {
        en: "a server of HTTP/1.1 did not say so or had no limit, or kept a connection that the other end could not keep",
        zh: "HTTP/1.1 服务器没带这个头或没有时限，或者一方不支持却仍然保持",
      },
    },
  },
  {
    id: "C273",
    under: [
      asksOf(NODE, "http-keep-alive/node", byVersion),
      asksOf(NGINX, "http-keep-alive/nginx", byVersion),
      asksOf(PYTHON_11, "http-keep-alive/python-http-1.1", byVersion),
    ],
    beyond: [asksOf(PYTHON, "http-keep-alive/python", byVersion)],
    because: {
      "holds-with-limits": {
        en: "so it is where both ends speak the version; a client of HTTP/1.1 before a server that answers in HTTP/1.0 gets a short connection, whatever it would like",
        zh: "双方都说同一版本时如此；HTTP/1.1 的客户端遇到以 HTTP/1.0 应答的服务器，得到的仍是短连接",
      },
      holds: {
        en: "the version that the client speaks decided it before every server",
        zh: "在所有服务器面前，都由客户端所说的版本决定",
      },
      refuted: {
        en: "a server kept HTTP/1.0 connections, or closed those of HTTP/1.1, without having been asked",
        zh: "没有要求，服务器却保持了 HTTP/1.0 的连接，或关闭了 HTTP/1.1 的连接",
      },
    },
  },
];
