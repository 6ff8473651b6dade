import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createCommandQueue } from "../../../src/daemon/device/ebb/command-queue.ts";
import * as ebb from "../../../src/daemon/device/ebb/commands.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { ScriptLink } from "../../support/script-link.ts";

function connect() {
  const link = new ScriptLink();
  const clock = new FakeClock();
  const queue = createCommandQueue({ link, clock });
  return { link, clock, queue };
}

const PEN = ebb.setPen(true, 100);

test("commands go out before their replies have come, and replies find their commands in order", async () => {
  const { link, queue } = connect();
  const answers = Promise.all([
    queue.send(ebb.querySteps),
    queue.send(PEN),
    queue.send(ebb.queryMotors),
    queue.send(ebb.queryCurrent),
    queue.send(ebb.queryButton),
    queue.send(ebb.queryMotorState),
  ]);
  expect(link.sent).toEqual(["QS", "SP,1,100", "QM", "QC", "QB", "QE"]);
  expect(queue.waiting).toBe(6);
  link.say("1421,-429", "OK", "OK", "QM,1,0,1,0", "0394,0300", "OK", "1", "OK", "16,0", "OK");
  expect(await answers).toEqual([
    { motor1: 1421, motor2: -429 },
    undefined,
    true,
    { reference: 394, supply: 300 },
    true,
    { motor1: 16, motor2: 0 },
  ]);
  expect(queue.waiting).toBe(0);
});

test("the name of a board without one is null, though only OK comes", async () => {
  const { link, queue } = connect();
  const names = Promise.all([queue.send(ebb.queryNickname), queue.send(ebb.queryNickname)]);
  link.say("OK", "East EBB", "OK");
  expect(await names).toEqual([null, "East EBB"]);
});

test.each([
  ["1,0,0,120,44", true],
  ["0,0,0,0,0", false],
  ["1", true],
])("ES answered by %s tells whether something was interrupted: %s", async (line, interrupted) => {
  const { link, queue } = connect();
  const answer = queue.send(ebb.stopMotion);
  link.say(line, "OK");
  expect(await answer).toBe(interrupted);
});

test("ES of 2.7.0 answers OK alone", async () => {
  const { link, queue } = connect();
  const answer = queue.send(ebb.stopMotion);
  link.say("OK");
  expect(await answer).toBeNull();
});

test("a command of 64 bytes with its carriage return is sent, a longer one is not", async () => {
  const { link, queue } = connect();
  const sized = (length: number) => ({ ...PEN, text: "X".repeat(length) });
  void queue.send(sized(63));
  await expect(queue.send(sized(64))).rejects.toMatchObject({ code: "internal" });
  expect(link.sent).toEqual(["X".repeat(63)]);
});

test("V drops everything that was meant for someone else", async () => {
  const { link, queue } = connect();
  const version = queue.send(ebb.queryVersion);
  link.say("OK", "!8 Err: Unknown command '", "0394,0300", "EBBv13_and_above EB Firmware Version 2.8.1");
  expect(await version).toBe("EBBv13_and_above EB Firmware Version 2.8.1");
});

describe("ends for good", () => {
  const cases: [what: string, said: string[], code: string][] = [
    ["an error line instead of OK", ["!6 Err: Invalid parameter value"], "device.board-error"],
    ["a misspelt error of an old firmware", ["!7 Err: Extra parmater"], "device.board-error"],
    ["an error in the other syntax", ["SP,!4 Err: Missing parameter(s)"], "device.board-error"],
    ["garbage", ["\x07\xff?LM"], "device.reply-invalid"],
    ["the answer to another question", ["1421,-429"], "device.reply-invalid"],
  ];
  test.each(cases)("after %s", async (_, said, code) => {
    const { link, queue } = connect();
    const failures: string[] = [];
    queue.onFailure = (failure) => failures.push(failure.code);
    const first = queue.send(PEN);
    const second = queue.send(ebb.querySteps);
    link.say(...said);
    await expect(first).rejects.toMatchObject({ code, details: { command: "SP,1,100" } });
    await expect(second).rejects.toMatchObject({ code });
    link.say("OK", "1421,-429", "OK");
    await expect(queue.send(ebb.querySteps)).rejects.toMatchObject({ code });
    expect(link.sent).toEqual(["SP,1,100", "QS"]);
    expect(failures).toEqual([code]);
  });

  test("when an error comes after OK, as 2.x tells an extra parameter", async () => {
    const { link, queue } = connect();
    const done = queue.send(PEN);
    link.say("OK", "!7 Err: Extra parameter");
    await done;
    await expect(queue.send(PEN)).rejects.toMatchObject({ code: "device.board-error" });
  });

  test("when OK comes before the data line that is due", async () => {
    const { link, queue } = connect();
    const steps = queue.send(ebb.querySteps);
    link.say("OK");
    await expect(steps).rejects.toMatchObject({ code: "device.reply-invalid" });
  });

  test("when the link ends, with the cause in words", async () => {
    const { link, queue } = connect();
    const done = queue.send(PEN);
    link.onEnd(new Error("the cable was pulled"));
    await expect(done).rejects.toMatchObject({
      code: "device.link-closed",
      message: expect.stringContaining("the cable was pulled"),
    });
  });

  test("when no reply comes within 1 s, and a reply after that is nobody's", async () => {
    const { link, clock, queue } = connect();
    const steps = queue.send(ebb.querySteps);
    clock.advance(999);
    expect(queue.failure).toBeUndefined();
    clock.advance(1);
    await expect(steps).rejects.toMatchObject({ code: "device.reply-timeout" });
    link.say("1,1", "OK");
    await expect(queue.send(ebb.querySteps)).rejects.toMatchObject({ code: "device.reply-timeout" });
  });
});

test("a reply may take as long as the two moves that can stand before it, and one second more", async () => {
  const { link, clock, queue } = connect();
  const pens = [queue.send(ebb.setPen(false, 500)), queue.send(ebb.setPen(true, 700))];
  link.say("OK", "OK");
  await Promise.all(pens);
  const move = queue.send(ebb.delay(50));
  clock.advance(2199);
  expect(queue.failure).toBeUndefined();
  link.say("OK");
  await move;
});

test("whatever lines a board sends, no query is answered by a line that is not its own", async () => {
  const line = fc.oneof(
    fc.constantFrom("OK", "1", "0", "QM,0,0,0,0", "16,16", "!4 Err: Missing parameter(s)", "3,4"),
    fc.string({ maxLength: 12 }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 12 }), async (lines) => {
      const { link, queue } = connect();
      const answers = Promise.allSettled([
        queue.send(ebb.querySteps),
        queue.send(ebb.queryMotors),
        queue.send(ebb.queryButton),
      ]);
      link.say(...lines);
      link.onEnd();
      const [steps, motors, button] = await answers;
      if (steps.status === "fulfilled")
        expect(lines.slice(0, 2)).toEqual([expect.stringMatching(/^-?\d+,-?\d+$/), "OK"]);
      if (motors.status === "fulfilled") expect(lines[2]).toMatch(/^QM,/);
      if (button.status === "fulfilled")
        expect(lines.slice(3, 5)).toEqual([expect.stringMatching(/^[01]$/), "OK"]);
    }),
  );
});

test("a board that does not know a command that may be missing says so, and the conversation goes on", async () => {
  const { link, queue } = connect();
  const answers = Promise.all([
    queue.send(ebb.queryNickname),
    queue.send(ebb.queryButton),
    queue.send(ebb.queryCurrent),
    queue.send(ebb.queryMotorState),
    queue.send(ebb.clearSteps),
    queue.send(ebb.querySteps),
  ]);
  for (const command of ["QT", "QB", "QC", "QE", "CS"]) link.say(`!8 Err: Unknown command '${command}:5154'`);
  link.say("12,-7", "OK");
  expect(await answers).toEqual([null, false, null, null, undefined, { motor1: 12, motor2: -7 }]);
});
