import { expect, test } from "vitest";
import { Answer } from "./answer.ts";
import { Asked } from "./asked.ts";
import { Inbox } from "./inbox.ts";

const inboxOf = (...pieces: string[]): Inbox => {
  const inbox = new Inbox();
  for (const piece of pieces) inbox.add(Buffer.from(piece, "latin1"));
  return inbox;
};

test("two answers in one piece are read one after the other", () => {
  const inbox = inboxOf("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.0 204", " No\r\n\r\nrest");
  const [first, second] = [new Answer("GET"), new Answer("GET")];
  expect(first.read(inbox)).toBe("ok");
  expect(first.fields).toMatchObject({ status: 200, version: "1.1", bytes: 43, headBytes: 38, bodyBytes: 5 });
  expect(second.read(inbox)).toBe("ok");
  expect(second.fields).toMatchObject({ status: 204, version: "1.0", bodyBytes: 0, persistent: false });
  expect(inbox.take()?.toString()).toBe("rest");
});

test("what the server says about the connection is reported", () => {
  const said = (fields: string, version = "1.1") => {
    const answer = new Answer("HEAD");
    expect(answer.read(inboxOf(`HTTP/${version} 200 OK\r\n${fields}\r\n`))).toBe("ok");
    const { connectionField, keepAliveSeconds, persistent } = answer.fields;
    return [connectionField, keepAliveSeconds, persistent];
  };
  expect(said("")).toEqual([null, null, true]);
  expect(said("", "1.0")).toEqual([null, null, false]);
  expect(said("Connection: close\r\n")).toEqual(["close", null, false]);
  expect(said("Connection: Keep-Alive\r\nKeep-Alive: max=100, timeout=5\r\n", "1.0")).toEqual([
    "keep-alive",
    5,
    true,
  ]);
  expect(said('keep-alive: timeout = "15"\r\nConnection: Upgrade, close, keep-alive\r\n')).toEqual([
    "close",
    15,
    false,
  ]);
  expect(said("Keep-Alive: 15\r\n")).toEqual([null, null, true]);
});

test("chunks are counted without their framing, and interim answers belong to the head", () => {
  const answer = new Answer("GET");
  const head = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  expect(answer.read(inboxOf(head, "3\r\nab", "c\r\n2\r\nde\r\n0\r\n\r\n"))).toBe("ok");
  // zlib.crc32("abcde")
  expect(answer.fields).toMatchObject({ headBytes: head.length, bodyBytes: 5, bodyCrc32: 0x8587d865 });
});

test("a FIN ends an answer that has no length, and cuts any other", () => {
  const ended = (...pieces: string[]) => {
    const answer = new Answer("GET");
    expect(answer.read(inboxOf(...pieces))).toBeNull();
    return [answer.finish(), answer.fields["complete"], answer.fields["bodyBytes"]];
  };
  expect(ended()).toEqual(["empty", false, 0]);
  expect(ended("HTTP/1.1 200 OK\r\n\r\nabc")).toEqual(["ok", true, 3]);
  expect(ended("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc")).toEqual(["truncated", false, 3]);
  expect(ended("HTTP/1.1 200")).toEqual(["truncated", false, 0]);
});

test("bytes that are no answer are named, and a change of protocol is a whole answer", () => {
  expect(new Answer("GET").read(inboxOf("SSH-2.0-x\r\n"))).toBe("not-http");
  const inbox = inboxOf("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n\x81\x00");
  const answer = new Answer("GET");
  expect(answer.read(inbox)).toBe("ok");
  expect(answer.fields).toMatchObject({ status: 101, complete: true, persistent: false });
  expect(inbox.bytes).toBe(2);
});

test("the methods of requests are found, however they are cut", () => {
  const asked = new Asked();
  for (const piece of [
    "HE",
    "AD / HTTP/1.1\r",
    "\nHost: x\r\n\r\nGET /a HTTP/1.0\r\n\r\nHEAD /",
    " HTTP/1.1\r\n\r\n",
  ]) {
    asked.sent(piece);
  }
  expect([asked.next(), asked.next(), asked.next(), asked.next()]).toEqual(["HEAD", "GET", "HEAD", "GET"]);
});
