import { expect, test } from "vitest";
import { whenAborted } from "../../src/tui/client/when-aborted.ts";

test("Ctrl-C counts before a command has begun to listen, while it listens, and not after", () => {
  const heard: string[] = [];
  whenAborted(AbortSignal.abort(), () => heard.push("before"));
  const [now, late] = [new AbortController(), new AbortController()];
  whenAborted(now.signal, () => heard.push("now"));
  whenAborted(late.signal, () => heard.push("late"))();
  now.abort();
  late.abort();
  expect(heard).toEqual(["before", "now"]);
});
