import type { Recording } from "../../../model/recording.ts";
import { atLeast, atMost } from "../../../verdict/bound.ts";
import { question } from "../../former.ts";
import type { Question, Rule, Text } from "../../former.ts";
import { AT_ONCE_MS, closeMs, closeTook, goodbye, received, written } from "./seen.ts";

const asIs = (text: string): Text => ({ en: text, zh: text });

/** What one trial came to: bytes received, the goodbye, and whether close() waited. */
function cameTo(recording: Recording | undefined): Text | null {
  if (recording === undefined) return null;
  const [read, wrote, ms] = [received(recording, "server"), written(recording, "client"), closeMs(recording)];
  const said = goodbye(recording, "client");
  if (read === null || wrote === null || ms === null || said === null) return null;
  const waited = ms > AT_ONCE_MS;
  return {
    en: `${said}, ${read} of ${wrote} bytes received, close() ${waited ? "waited" : "at once"}`,
    zh: `${said}，${wrote} 字节收到 ${read}，close() ${waited ? "等待" : "立即返回"}`,
  };
}

/** Whether two options come to the same. */
const areAlike = (first: Text, second: Text): Question =>
  question(["packet", "report"], (...recordings) => {
    const [one, other] = recordings.slice(0, 2).map(cameTo);
    const isKnown = one !== null && one !== undefined && other !== null && other !== undefined;
    return {
      holds: isKnown ? one.en === other.en : null,
      observed: {
        en: `${first.en}: ${one?.en ?? "?"}; ${second.en}: ${other?.en ?? "?"}`,
        zh: `${first.zh}：${one?.zh ?? "?"}；${second.zh}：${other?.zh ?? "?"}`,
      },
    };
  });

const DEFAULT: Text = { en: "with no option set, and bytes queued", zh: "不设选项、发送队列里有数据" };

/** SO_LINGER off, as it is by default, and what it is taken for. */
export const rules: Rule[] = [
  {
    id: "C52",
    under: [
      {
        where: { en: "close() with bytes queued", zh: "发送队列里有数据时 close()" },
        in: ["linger/zero", "linger/off-with-time"],
        asks: [areAlike(asIs("{1, 0}"), asIs("{0, 0}"))],
      },
    ],
    beyond: [],
    because: {
      refuted: {
        en: "They are opposites: SO_DONTLINGER (Winsock's name; Linux has none) is linger {0, …}, which delivers what is queued in the background; {1, 0} throws it away with a RST. Both return at once, which may be where the mix-up comes from.",
        zh: "两者恰好相反：SO_DONTLINGER（Winsock 的叫法，Linux 没有）即 linger {0, …}，数据在后台继续发完；{1, 0} 则用 RST 把数据丢掉。两者的 close() 都立即返回，混淆大概由此而来。",
      },
      holds: {
        en: "both came to the same here.",
        zh: "这里两者效果相同。",
      },
    },
  },
  {
    id: "C240",
    under: [
      {
        where: {
          en: "a socket left as it is, beside one with linger {0, 0}",
          zh: "不设选项，与显式设 linger {0, 0} 相比",
        },
        in: ["linger/off", "linger/off-with-time"],
        asks: [areAlike({ en: "nothing set", zh: "未设置" }, asIs("{0, 0}"))],
      },
    ],
    beyond: [],
    because: {
      holds: {
        en: "A new socket has linger off. So it is on Linux, as the document says of Windows: close() returns at once and delivers in the background.",
        zh: "新套接字的 linger 是关的；文中说的是 Windows，Linux 也一样：close() 立即返回，数据在后台继续送。",
      },
    },
  },
  {
    id: "C241",
    under: [
      {
        where: DEFAULT,
        in: ["linger/off"],
        asks: [closeTook(atLeast(AT_ONCE_MS))],
      },
      {
        where: { en: "with linger {1, 0}", zh: "linger {1, 0} 时" },
        in: ["linger/zero"],
        asks: [closeTook(atMost(AT_ONCE_MS))],
      },
    ],
    beyond: [
      {
        where: { en: "with linger {1, 3}", zh: "linger {1, 3} 时" },
        in: ["linger/seconds"],
        asks: [closeTook(atLeast(AT_ONCE_MS))],
      },
    ],
    because: {
      refuted: {
        en: "By default close() does not wait, whatever is queued: the worry is groundless, and {1, 0} buys with lost data what one has for nothing. The only close() that waits is that with linger {1, n}.",
        zh: "默认情况下，不管排了多少数据，close() 都不会等待，这个担心没有必要：{1, 0} 是用丢数据去换本来就有的东西。唯一会等待的是 linger {1, n}。",
      },
      holds: {
        en: "without the option close() waits here until what is queued was delivered.",
        zh: "这里不设选项时，close() 会等排队的数据送完。",
      },
    },
  },
];
