import { expect, test } from "vitest";
import { segmentsInFullZh, socketsInFullZh, spaced } from "./wording-zh.ts";

test("a selector of sockets is written in full, with its host in front", () => {
  expect(socketsInFullZh({ state: "TIME-WAIT" })).toBe("TIME-WAIT 套接字");
  const which = { state: ["CLOSE-WAIT", "LAST-ACK"], side: "listener", port: 8080 } as const;
  expect(socketsInFullZh({ ...which, owner: "none", receiveQueue: "empty" }, "server")).toBe(
    "server 上 8080 端口监听端的 CLOSE-WAIT 或 LAST-ACK 套接字（接收队列为空，没有进程持有）",
  );
  expect(socketsInFullZh({ exchanged: ["nothing", "sent"] })).toBe("套接字（没有收发过数据或只发送过数据）");
});

test("a selector of segments stands in front of its noun", () => {
  expect(
    spaced(
      `${segmentsInFullZh({ from: "client", flags: ["SYN"], without: ["ACK"], fate: "dropped" })}报文段`,
    ),
  ).toBe("client 发出的被丢弃的带 SYN、不带 ACK 的报文段");
  expect(segmentsInFullZh({})).toBe("");
});

test.each([
  ["server上有3个套接字", "server 上有 3 个套接字"],
  ["带数据 的报文段", "带数据的报文段"],
  ["node（pid 7） 持有", "node（pid 7）持有"],
  ["用时： 3 s ，之后  消失", "用时：3 s，之后消失"],
])("a space separates Chinese and Latin characters, and nothing else: %s", (text, wanted) => {
  expect(spaced(text)).toBe(wanted);
});
