import { wireConnections } from "../../../measure/packets.ts";
import { samplesOf } from "../../../measure/evidence.ts";
import type { Recording } from "../../../model/recording.ts";
import { question } from "../../former.ts";
import type { Condition, Question, Rule, Text } from "../../former.ts";
import { goodbye } from "./seen.ts";

/** With which of the two the connection of a program ended that was ended by a signal; null when that cannot be told. */
function lastWord(recording: Recording, signal: string): "FIN" | "RST" | null {
  const ended = samplesOf(recording, "program").find(
    (sample) => sample.event === "exited" && sample.signal === signal,
  );
  const plan = ended === undefined ? undefined : recording.header.setup.programs[ended.program];
  const port = Number(/^bind (\d+)$/.exec(plan?.args[0] ?? "")?.[1]);
  const found = wireConnections(recording).find(({ ends: [caller] }) => caller.port === port);
  if (found === undefined) return null;
  return goodbye(recording, "client", found.connection);
}

const endsWith = (signal: string, flag: "FIN" | "RST"): Question =>
  question(["packet", "program"], (recording) => {
    const word = lastWord(recording, signal);
    return {
      holds: word === null ? null : word === flag,
      observed: { en: `after ${signal}: ${word ?? "?"}`, zh: `${signal} 之后：${word ?? "?"}` },
    };
  });

const READ: Text = { en: "with all input read", zh: "输入已全部读完时" };
const UNREAD: Text = { en: "with input left unread", zh: "还有输入未读时" };

const when = (where: Text, variant: string, asks: Condition["asks"]): Condition => ({
  where,
  asks,
  in: [`process-ends/${variant}`],
});

/** What a connection's other end hears when a process ends. */
export const rules: Rule[] = [
  {
    id: "C49a",
    under: [when(READ, "all-read", [endsWith("SIGINT", "FIN"), endsWith("SIGTERM", "FIN")])],
    beyond: [when(UNREAD, "unread-input", [endsWith("SIGINT", "FIN")])],
    because: {
      "holds-with-limits": {
        en: "When a process ends, the kernel closes its descriptors as close() would: with a FIN, unless input was left unread, which makes it a RST. How the process came to end is not asked.",
        zh: "进程一结束，内核就替它关闭所有描述符，与 close() 无异：发 FIN；只有接收队列里还有未读数据时才发 RST。进程是怎么结束的，内核并不关心。",
      },
    },
  },
  {
    id: "C49b",
    under: [when(READ, "all-read", [endsWith("SIGSEGV", "RST"), endsWith("SIGKILL", "RST")])],
    beyond: [when(UNREAD, "unread-input", [endsWith("SIGSEGV", "RST"), endsWith("SIGKILL", "RST")])],
    because: {
      refuted: {
        en: "A crash and a kill end connections with a FIN, just as a return does. A RST comes from unread input (or SO_LINGER {1, 0}), however the process ended: it is only that a program which crashes is often busy with some.",
        zh: "崩溃和 kill -9 也与正常退出一样，发的是 FIN。是否发 RST 取决于有没有未读数据（或设了 SO_LINGER {1, 0}），与死法无关；只不过进程崩溃时往往正好有请求没读完。",
      },
      holds: {
        en: "a process that dies of a signal has its connections reset here, though nothing was left unread.",
        zh: "这里被信号杀死的进程，即使没有未读数据，连接也会被复位。",
      },
    },
  },
];
