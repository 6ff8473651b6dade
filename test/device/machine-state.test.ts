import { expect, test } from "vitest";
import type { MachineInfo } from "../../src/daemon/device/driver-messages.ts";
import { MachineState } from "../../src/daemon/device/machine-state.ts";
import { deviceViewSchema } from "../../src/shared/ws-messages.ts";

const INFO: MachineInfo = {
  firmware: "2.8.1",
  nickname: null,
  port: "/dev/ttyACM0",
  positionKnown: true,
  motorCurrentA: 0.72,
  motorPower: true,
};
const HOME = { position: { x: 0, y: 0 }, penUp: true };

function machine(): MachineState {
  return new MachineState({ id: "a", driver: "ebb", port: "auto", model: "axidraw_v3", speed: 1 });
}

test("a machine is disconnected, connected, busy, paused and connected again as a job goes by", () => {
  const state = machine();
  const statuses = [state.status];
  state.connected(INFO, HOME);
  statuses.push(state.status);
  state.begin("rose");
  statuses.push(state.status);
  state.ended({ jobId: "rose", outcome: "paused", at: { move: 0, mm: 0 }, reason: "" });
  statuses.push(state.status);
  state.begin("rose");
  state.ended({ jobId: "rose", outcome: "completed", at: { move: 4, mm: 0 }, reason: "" });
  statuses.push(state.status);
  expect(statuses).toEqual(["disconnected", "connected", "busy", "paused", "connected"]);
  expect(deviceViewSchema.parse(state.view())).toMatchObject({
    firmware_version: "v2.8.1",
    position: { x: 0, y: 0 },
  });
});

test("motors without power are an error with what to do, and no job starts", () => {
  const state = machine();
  state.connected({ ...INFO, motorPower: false }, HOME);
  expect(state.status).toBe("error");
  expect(state.canDraw).toBe(false);
  expect(state.reason).toContain("power supply");
});

test("a machine that is believed by itself, but counts from the origin 150 mm away from where it just was, has been reset", () => {
  const drawing = () => {
    const state = machine();
    state.connected(INFO, HOME);
    state.begin("rose");
    state.moved({ position: { x: 150, y: 20 }, penUp: false }, 0);
    return state;
  };
  const reset = drawing();
  reset.connected(INFO, { position: { x: 3, y: 1 }, penUp: true });
  expect([reset.isPositionLost, reset.foundAt]).toEqual([true, null]);
  const pulledOut = drawing();
  pulledOut.connected(INFO, { position: { x: 160, y: 20 }, penUp: true });
  expect([pulledOut.isPositionLost, pulledOut.foundAt]).toEqual([false, { x: 160, y: 20 }]);
});

test("a machine that lost its power away from home does not know its place; at home nothing is lost", () => {
  const away = machine();
  away.connected(INFO, HOME);
  away.begin("rose");
  away.moved({ position: { x: 40, y: 10 }, penUp: false }, 0);
  away.connected({ ...INFO, positionKnown: false }, HOME);
  expect(away.view().position).toBe(null);
  away.homed();
  expect(away.view().position).toEqual({ x: 0, y: 0 });
  const parked = machine();
  parked.connected(INFO, HOME);
  parked.begin("rose");
  parked.moved(HOME, 0);
  parked.connected({ ...INFO, positionKnown: false }, HOME);
  expect(parked.isPositionLost).toBe(false);
});

test("two jobs that took 10 % longer than planned make the third's estimate 5.1 % longer", () => {
  const state = machine();
  state.learnTime(100, 110);
  state.learnTime(100, 110);
  expect(state.timeFactor).toBeCloseTo(1.051, 9);
  state.learnTime(5, 50);
  expect(state.timeFactor).toBeCloseTo(1.051, 9);
});

test("a machine that is not there is disconnected, one that cannot be used is in error, each with the reason", () => {
  const state = machine();
  state.away({ code: "device.port-missing", message: "no EBB found on USB" });
  expect([state.status, state.reason]).toEqual(["disconnected", "no EBB found on USB"]);
  state.away({ code: "device.port-denied", message: "no permission" });
  expect([state.status, state.reason]).toEqual(["error", "no permission"]);
});

test("a machine halted by hand takes no job until it is homed, and says so", () => {
  const state = machine();
  state.connected(INFO, HOME);
  state.positionLost();
  expect(state.canDraw).toBe(false);
  expect(state.view().reason).toContain("plotty device home");
  state.homed();
  expect([state.canDraw, state.view().reason]).toEqual([true, null]);
});

test("motors that lose their supply lose the place away from home, and nothing at home", () => {
  const away = machine();
  away.connected(INFO, HOME);
  away.begin("rose");
  away.moved({ position: { x: 40, y: 10 }, penUp: false }, 0);
  away.powered(false);
  expect([away.status, away.isPositionLost, away.view().motor_power]).toEqual(["error", true, false]);
  away.powered(true);
  expect([away.isFaulty, away.isPositionLost]).toEqual([false, true]);
  const home = machine();
  home.connected(INFO, HOME);
  home.moved(HOME, 0);
  home.powered(false);
  home.powered(true);
  expect(home.canDraw).toBe(true);
});

test("where a job was cut off is where the machine is found first; a later look does not change it, the next run ends it", () => {
  const state = machine();
  state.jobId = "rose";
  state.connected(INFO, { position: { x: 40, y: 10 }, penUp: true });
  state.moved(HOME, 0);
  state.connected(INFO, HOME);
  expect(state.foundAt).toEqual({ x: 40, y: 10 });
  state.begin("rose");
  expect(state.foundAt).toBe(null);
});

test("starved strokes are counted on over reconnections", () => {
  const state = machine();
  state.connected(INFO, HOME);
  state.moved(HOME, 2);
  state.connected(INFO, HOME);
  state.moved(HOME, 1);
  expect(state.view().starved_strokes).toBe(3);
});
