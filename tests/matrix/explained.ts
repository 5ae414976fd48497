import type { Text } from "../../harness/model/text.ts";

/** What the cells of the servers' table show. */
export const SIGNS: Record<string, Text> = {
  pass: { en: "✓", zh: "✓" },
  informational: { en: "i", zh: "i" },
  skip: { en: "–", zh: "–" },
  warn: { en: "! warn", zh: "! 警告" },
  inconclusive: { en: "?", zh: "?" },
  fail: { en: "✗ fail", zh: "✗ 失败" },
};

/** What the cells of the clients' table show. */
export const CLIENT_WORDS: Record<string, Text> = {
  served: { en: "served", zh: "得到应答" },
  error: { en: "error", zh: "报错" },
  half: { en: "✗ takes half", zh: "✗ 把半个当整个" },
  waits: { en: "waits", zh: "一直等" },
  found: { en: "✗ found", zh: "✗ 有发现" },
};

export const PAGE = {
  title: { en: "What others do: servers and clients", zh: "别人怎么做：服务器与客户端" },
  intro: {
    en: `\`npm run matrix\` installs these programs, probes the servers with \`lastack check\`, runs the clients with \`lastack exec\`, and writes this
page. It was run on Linux KERNEL. Each program runs as its own manual or Debian starts it; tests/fixtures/matrix has the files. Each cell is a link to what was
expected and observed.`,
    zh: `\`npm run matrix\` 安装这些程序，用 \`lastack check\` 检验服务器，用 \`lastack exec\` 运行客户端，并生成本页。运行于 Linux KERNEL。每个程序都按它自己的手册或 Debian
的方式启动，文件在 tests/fixtures/matrix。每个格子都链接到预期与所见（英文）。`,
  },
  servers: { en: "Servers", zh: "服务器" },
  serversIntro: {
    en: "✓: pass. i: informational, where more than one answer is right. –: skipped, because the protocol gave a reason.",
    zh: "✓：通过。i：仅供参考，因为不止一种做法正确。–：跳过，协议给出了理由。",
  },
  clients: { en: "Clients", zh: "客户端" },
  clientsIntro: {
    en: `Each client makes three requests, 0.6 s apart, with its defaults, and is ended after 15 s. *served*: it reports that each was answered. *error*: it
reports an error. *waits*: after 15 s it was still waiting or trying again, because it has no timeout by default, or a longer one; in production, give it one. *takes half*: it takes
half an answer for a whole one.`,
    zh: `每个客户端用默认设置发三个请求，间隔 0.6 秒，15 秒后被结束。*得到应答*：它报告每个请求都有应答。*报错*：它报告了错误。*一直等*：15
秒后还在等或还在重试，因为它默认没有超时，或超时更长；在生产环境中请设置超时。*把半个当整个*：它把半个应答当成了完整的应答。`,
  },
} satisfies Record<string, Text>;

/** Why a program fails, is warned of, or is deceived, by `ID/ROW`. A test wants one for each such cell, and no other. */
export const EXPLAINED: Record<string, Text> = {};
