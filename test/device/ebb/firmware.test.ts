import { expect, test } from "vitest";
import { capabilities, parseVersion } from "../../../src/daemon/device/ebb/firmware.ts";

test("the version is read from the board's own words", () => {
  expect(parseVersion("EBBv13_and_above EB Firmware Version 2.8.1")).toBe("2.8.1");
  expect(parseVersion("EBBv13_and_above EB Firmware Version 3.0.2")).toBe("3.0.2");
  expect(parseVersion("Grbl 1.1h ['$' for help]")).toBeUndefined();
});

test.each(["2.5.2", "2.4.9", "1.9.12"])("firmware %s is refused with the way to a newer one", (version) => {
  expect(() => capabilities(version)).toThrowError(
    expect.objectContaining({
      code: "device.firmware-too-old",
      message: expect.stringMatching(/2\.5\.3 or newer.*https:/),
    }),
  );
});

test("each ability begins with the version that brought it", () => {
  expect(capabilities("2.5.3")).toMatchObject({
    hasNickname: false,
    ticksBetweenMoves: 1,
  });
  expect(capabilities("2.5.4").hasNickname).toBe(true);
  expect(capabilities("2.6.1").enablingZeroesCounters).toBe(false);
  expect(capabilities("2.6.2").enablingZeroesCounters).toBe(true);
  expect(capabilities("2.6.6").clearsAccumulators).toBe(false);
  expect(capabilities("2.7.0")).toMatchObject({
    clearsAccumulators: true,
    newArithmetic: true,
    ticksBetweenMoves: 0,
  });
  expect(capabilities("2.7.1").tellsMotorState).toBe(false);
  expect(capabilities("2.10.0").tellsMotorState).toBe(true);
  expect(capabilities("3.0.0")).toMatchObject({ hasFutureSyntax: true });
});
