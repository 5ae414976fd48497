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
export const EXPLAINED: Record<string, Text> = {
  "lighttpd/reuse-at-idle-close": {
    en: "it closes an idle connection after 5 s (server.max-keep-alive-idle) and announces no time, so a client that sends at that moment loses its request. Let the time be longer than that of the clients' pool.",
    zh: "空闲连接 5 秒后被它关闭（server.max-keep-alive-idle），但没有预告时间，所以恰好此时发出的请求会丢失。请把这个时间设得比客户端连接池的更长。",
  },
  "uvicorn/reuse-at-idle-close": {
    en: "it closes an idle connection after 5 s (--timeout-keep-alive) and announces no time, so a client that sends at that moment loses its request. Behind a proxy, let it be longer than the proxy's.",
    zh: "空闲连接 5 秒后被它关闭（--timeout-keep-alive），但没有预告时间，所以恰好此时发出的请求会丢失。在代理后面时，请设得比代理的更长。",
  },
  "haproxy/early-answer-to-upload": {
    en: "an answer of http-request return goes out before the body is read, and the close with unread bytes becomes an RST. A client that only sends, and does not read meanwhile, may lose the answer; this one read it.",
    zh: "http-request return 的应答在读请求体之前就发出，带着未读字节关闭就变成了 RST。只发不读的客户端可能丢失应答；这里的客户端读到了。",
  },
  "caddy/early-answer-to-upload": {
    en: "Go's net/http reads at most 256 KiB of a body that its handler left, answers, waits half a second and closes; what comes after that is answered with an RST. A client that reads while it sends has the answer by then.",
    zh: "Go 的 net/http 最多读 256 KiB 处理函数留下的请求体，应答后等半秒再关闭；之后到来的数据会得到 RST。边发边读的客户端那时已经拿到应答。",
  },
  "python-http-server/early-answer-to-upload": {
    en: "it answers POST with 501 without reading the body, and the close with unread bytes becomes an RST. The answer was read here because the client reads while it sends. It is not meant for production.",
    zh: "它不读请求体就用 501 应答 POST，带着未读字节关闭就变成了 RST。这里的客户端边发边读，所以读到了应答。它本来就不用于生产环境。",
  },
  "python-http-server/descriptors-run-out": {
    en: "socketserver ignores EMFILE from accept() and asks again at once, because the listener is still readable: it spins for as long as clients hold all descriptors, and serves again when they have gone.",
    zh: "socketserver 忽略 accept() 的 EMFILE，而监听套接字仍然可读，于是立刻重试：只要客户端占着所有描述符，它就空转；它们离开后又正常服务。",
  },
  "waitress/descriptors-run-out": {
    en: "its loop reports EMFILE from accept() and asks again at once, because the listener is still readable: it spins for as long as clients hold all descriptors, and serves again when they have gone. Its connection_limit (100) keeps it below an ordinary limit of 1024.",
    zh: "它的循环报告 accept() 的 EMFILE 后立刻重试，因为监听套接字仍然可读：只要客户端占着所有描述符，它就空转；它们离开后又正常服务。它的 connection_limit（100）让它低于通常的 1024 上限。",
  },
  "gunicorn/early-answer-to-upload": {
    en: "a sync worker closes after each answer, whether the application has read the body or not, and the close with unread bytes becomes an RST. Its manual asks for a proxy in front that reads uploads.",
    zh: "sync worker 每次应答后都关闭，不管应用有没有读完请求体，带着未读字节关闭就变成了 RST。它的手册要求前面有一个会读完上传的代理。",
  },
  "gunicorn/silent-clients": {
    en: "a sync worker serves one connection at a time, and waits for the first bytes of a silent client: as many silent clients as workers, and nobody is served until the worker is ended after 30 s. Its manual says so, and asks for a buffering proxy in front.",
    zh: "sync worker 一次只服务一个连接，会一直等沉默的客户端发来第一个字节：沉默的客户端和 worker 一样多时，在 worker 于 30 秒后被结束之前谁也得不到服务。它的手册说明了这一点，并要求前面有缓冲代理。",
  },
  "gunicorn/half-a-request": {
    en: "the same: a sync worker waits for the rest of a request, and serves nobody meanwhile.",
    zh: "同上：sync worker 等请求的其余部分，其间不服务任何人。",
  },
  "gunicorn/one-byte-a-second": {
    en: "the same: a sync worker waits for each byte of a request, and serves nobody meanwhile.",
    zh: "同上：sync worker 等请求的每一个字节，其间不服务任何人。",
  },
  "requests/truncates": {
    en: "requests 2 with urllib3 1 does not compare what came with Content-Length: half a body is returned with status 200. urllib3 2 compares (enforce_content_length).",
    zh: "requests 2 配 urllib3 1 时不会把收到的长度与 Content-Length 比较：半个正文也以状态 200 返回。urllib3 2 会比较（enforce_content_length）。",
  },
  "requests/drops-at-byte": {
    en: "the same: the FIN in the middle of the body is taken for its end.",
    zh: "同上：正文中间的 FIN 被当成了正文的结束。",
  },
  "requests/comes-back": {
    en: "the same: the server is killed in the middle of a body, and the part that came is returned as the whole.",
    zh: "同上：服务器在发送正文途中被杀死，已到的部分被当作完整的正文返回。",
  },
};
