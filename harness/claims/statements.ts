import type { Text } from "../model/text.ts";
import { AREAS, type Area, type Statement } from "./claim.ts";
import { CLOSE_WAIT } from "./statements/close-wait.ts";
import { CLOSING } from "./statements/closing.ts";
import { FAST_OPEN } from "./statements/fast-open.ts";
import { HANDSHAKE_AND_QUEUES } from "./statements/handshake-and-queues.ts";
import { KEEP_ALIVE_PROBES } from "./statements/keep-alive-probes.ts";
import { LIMITS_AND_HTTP } from "./statements/limits-and-http.ts";
import { REUSE } from "./statements/reuse.ts";
import { STATES } from "./statements/states.ts";
import { TIME_WAIT } from "./statements/time-wait.ts";

/** The five teaching documents; claims name them by their place here, from 1. */
export const DOCUMENTS: Text[] = [
  { en: "a review of TCP's states", zh: "回顾一下TCP/IP连建立断开" },
  { en: "CLOSE_WAIT in detail, and the listener's two queues", zh: "CLOSE_WAIT状态详解" },
  { en: "HTTP's long and short connections", zh: "HTTP协议与TCP/IP协议的关系" },
  { en: "the parameters of TCP", zh: "全网最详细TCP参数讲解" },
  { en: "the CLOSE_WAIT of network servers", zh: "关于网络连接CLOSE_WAIT状态的问题" },
];

const ORDER = Object.keys(AREAS) as Area[];

/** Everything that the documents claim, by area and in the order of the ids. */
export const STATEMENTS: Statement[] = [
  ...STATES,
  ...HANDSHAKE_AND_QUEUES,
  ...FAST_OPEN,
  ...CLOSING,
  ...TIME_WAIT,
  ...CLOSE_WAIT,
  ...REUSE,
  ...KEEP_ALIVE_PROBES,
  ...LIMITS_AND_HTTP,
].toSorted((a, b) => ORDER.indexOf(a.area) - ORDER.indexOf(b.area));
