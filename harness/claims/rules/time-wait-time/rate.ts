import { counterDelta, counterSeries } from "../../../measure/counters.ts";
import { lasted } from "../../../measure/lasting.ts";
import { socketSeries } from "../../../measure/sockets.ts";
import type { HostName } from "../../../model/names.ts";
import type { Recording } from "../../../model/recording.ts";
import { figure } from "../../../verdict/wording.ts";
import { question } from "../../former.ts";
import type { Question, Rule, Text } from "../../former.ts";
import { TIME_WAIT } from "./questions.ts";

/** The load's last seconds: more than a minute after its beginning, when as many go as come. */
const PLATEAU_S = 7;

/** The mean of the looks in the last seconds of the load. */
function plateau(recording: Recording): number | null {
  const series = socketSeries(recording, { host: "server", state: "TIME-WAIT" }).during("load");
  const end = series.last?.atUs ?? 0;
  const { points } = series.window(end - PLATEAU_S * 1e6, end);
  return points.length === 0 ? null : points.reduce((sum, { value }) => sum + value, 0) / points.length;
}

/** Connections a second in the last minute of the load. */
function rate(recording: Recording): number | null {
  const series = counterSeries(recording, { host: "client", counter: "TcpActiveOpens" }).during("load");
  const { first, last } = series.window((series.last?.atUs ?? 0) - 60e6, Number.POSITIVE_INFINITY);
  if (first === null || last === null || last.atUs - first.atUs < 2e6) return null;
  return (last.value - first.value) / ((last.atUs - first.atUs) / 1e6);
}

/** That the pile is as large as the connections of so many seconds, give or take a tenth. */
const pileIs = (secondsOf: (usual: Recording | undefined) => number | null): Question =>
  question(["sockets", "counters"], (recording, usual) => {
    const [pile, each, seconds] = [plateau(recording), rate(recording), secondsOf(usual)];
    const isKnown = pile !== null && each !== null && seconds !== null;
    const wanted = isKnown ? each * seconds : null;
    const said = (value: number | null): string => (value === null ? "?" : figure(value));
    const whole = (value: number | null): string => (value === null ? "?" : String(Math.round(value)));
    return {
      holds: wanted === null || pile === null ? null : Math.abs(pile / wanted - 1) <= 1 / 10,
      observed: {
        en: `${said(each)} a second left ${whole(pile)} TIME-WAIT, where ${said(seconds)} s of them are ${whole(wanted)}`,
        zh: `每秒 ${said(each)} 个，稳定在 ${whole(pile)} 个 TIME-WAIT；乘以 ${said(seconds)} 秒应为 ${whole(wanted)} 个`,
      },
    };
  });

/** How long one lasted where it was measured. */
const measured = (usual: Recording | undefined): number | null => {
  const seen = usual === undefined ? null : lasted(usual, TIME_WAIT);
  return seen?.isOver ? seen.seconds : null;
};

/** In less than a minute nothing is over: the pile must be all that was closed. */
const allPiledUp = (host: HostName): Question =>
  question(["sockets", "counters"], (recording) => {
    const most = socketSeries(recording, { host, state: "TIME-WAIT" }).peak?.value ?? null;
    const closed = counterDelta(recording, { host: "client", counter: "TcpActiveOpens" }) ?? 0;
    return {
      holds: most === null || closed === 0 ? null : most >= 0.9 * closed,
      observed: {
        en: `of ${closed} closed within a few seconds, ${most ?? "?"} were in TIME-WAIT at the most`,
        zh: `几秒内关闭 ${closed} 个，最多只有 ${most ?? "?"} 个处于 TIME-WAIT`,
      },
    };
  });

const STEADY = "time-wait-rate/steady";
const DEFAULT = "time-wait-length/default";
const FOR_A_MINUTE: Text = {
  en: "at a steady rate for longer than a minute, the server closing first",
  zh: "服务端先关闭、以恒定速率持续一分多钟时",
};

export const rates: Rule[] = [
  {
    id: "C24a",
    under: [{ where: FOR_A_MINUTE, in: [STEADY], asks: [pileIs(() => 240)] }],
    beyond: [],
    because: {
      obsolete: {
        en: "each lasts 60 s here and not 240, so 1000 a second are 60,000; the trial is of 23 a second, as the law does not ask how many",
        zh: "这里每个持续 60 秒而不是 240 秒，所以每秒 1000 个对应 60,000 个；试验用每秒 23 个，规律与速率大小无关",
      },
    },
    history: {
      text: {
        en: "with the 240 s of Windows 2000 and of RFC 793 the figure is right",
        zh: "按 Windows 2000 与 RFC 793 的 240 秒计算，这个数字是对的",
      },
      source:
        "https://learn.microsoft.com/previous-versions/windows/it-pro/windows-2000-server/cc938217(v=technet.10); RFC 793, section 3.3",
    },
  },
  {
    id: "C24b",
    under: [{ where: FOR_A_MINUTE, in: [STEADY, DEFAULT], asks: [pileIs(measured)] }],
    beyond: [
      {
        where: { en: "with tcp_max_tw_buckets = 47", zh: "tcp_max_tw_buckets = 47 时" },
        in: ["time-wait-rate/capped"],
        asks: [allPiledUp("server")],
      },
      {
        where: {
          en: "at a client with 46 ports and tcp_tw_reuse = 1",
          zh: "客户端只有 46 个端口且 tcp_tw_reuse = 1 时",
        },
        in: ["ephemeral-port-exhaustion/fixed-by-reuse"],
        asks: [allPiledUp("client")],
      },
    ],
    because: {
      "holds-with-limits": {
        en: "it is Little's law, as long as each lasts its whole time: tcp_max_tw_buckets is a lid on it, and a client that comes back from a port that still waits takes that TIME-WAIT away, so that one client leaves no more than it has ports",
        zh: "这就是利特尔法则，前提是每个都待满时长：tcp_max_tw_buckets 会封顶；而客户端从仍在等待的端口再次连来会取代那个 TIME-WAIT，所以单个客户端留下的不会多于它的端口数",
      },
      refuted: { en: "the pile has another size", zh: "积压的数量与此不符" },
    },
  },
];
