import { expect, test } from "vitest";
import { MotionBacklog } from "../../../src/daemon/device/ebb/motion-backlog.ts";

test("three moves of 50 ms sent at once are 150 ms of motion, and 60 ms later 90 ms", () => {
  const backlog = new MotionBacklog();
  for (let i = 0; i < 3; i++) backlog.sent(1000, 50, false);
  expect(backlog.queuedMs(1000)).toBe(150);
  expect(backlog.queuedMs(1060)).toBe(90);
  expect(backlog.unacknowledged).toBe(3);
});

test("the OK to a move that had to wait tells that the one before has just begun", () => {
  const backlog = new MotionBacklog();
  for (let i = 0; i < 3; i++) backlog.sent(0, 50, false);
  backlog.acknowledged(1);
  backlog.acknowledged(2);
  backlog.acknowledged(58); // expected at 50: the board is 8 ms late
  expect(backlog.queuedMs(58)).toBe(100);
});

test("an OK that comes early puts the board ahead", () => {
  const backlog = new MotionBacklog();
  for (let i = 0; i < 3; i++) backlog.sent(0, 50, false);
  backlog.acknowledged(0);
  backlog.acknowledged(0);
  backlog.acknowledged(40);
  expect(backlog.queuedMs(40)).toBe(100);
});

test("OKs read late, all at once, do not make the queue look longer than it can be", () => {
  const backlog = new MotionBacklog();
  for (let i = 0; i < 4; i++) backlog.sent(0, 50, false);
  for (let i = 0; i < 4; i++) backlog.acknowledged(140); // the fourth was taken when the third began, at 100
  expect(backlog.queuedMs(140)).toBeLessThanOrEqual(100);
});

test("a move at speed sent after the board ran dry is a starvation, counted once a stroke", () => {
  const backlog = new MotionBacklog();
  backlog.sent(0, 20, false);
  backlog.sent(19, 20, true);
  expect(backlog.starvations).toBe(0);
  backlog.sent(60, 20, true);
  backlog.sent(100, 20, true);
  expect(backlog.starvations).toBe(1);
  backlog.strokeEnded();
  backlog.sent(200, 20, true);
  expect(backlog.starvations).toBe(2);
});

test("a move from standstill may come as late as it likes", () => {
  const backlog = new MotionBacklog();
  backlog.sent(0, 20, false);
  backlog.sent(500, 20, false);
  expect(backlog.starvations).toBe(0);
});

test("after a stop only what the board has not read yet is to be executed", () => {
  const backlog = new MotionBacklog();
  for (let i = 0; i < 3; i++) backlog.sent(0, 50, false);
  backlog.acknowledged(0);
  backlog.acknowledged(0);
  backlog.cleared(10);
  expect(backlog.queuedMs(10)).toBe(50);
  backlog.acknowledged(10);
  expect(backlog.unacknowledged).toBe(0);
});
