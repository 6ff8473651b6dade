import { EventEmitter } from "node:events";
import xterm from "@xterm/headless";
import fc from "fast-check";
import { expect, test } from "vitest";
import { CellWriter } from "../../src/tui/monitor/cell-writer.ts";
import { fitTo, textWidth } from "../../src/tui/text/width.ts";

/** A terminal that keeps the bytes and shows them on an emulator. */
class Emulated extends EventEmitter {
  readonly columns: number;
  readonly rows: number;
  readonly emulator: InstanceType<typeof xterm.Terminal>;
  bytes = "";
  takes = true;

  constructor(columns: number, rows: number) {
    super();
    this.columns = columns;
    this.rows = rows;
    this.emulator = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 0 });
  }

  write(text: string): boolean {
    this.bytes += text;
    this.emulator.write(text);
    return this.takes;
  }

  async shown(): Promise<string[]> {
    await new Promise<void>((resolve) => this.emulator.write("", resolve));
    const { active } = this.emulator.buffer;
    return Array.from({ length: this.rows }, (_, y) => active.getLine(y)!.translateToString(true));
  }
}

function open(columns = 20, rows = 4) {
  const terminal = new Emulated(columns, rows);
  const writer = new CellWriter(terminal);
  writer.open();
  terminal.bytes = "";
  return { terminal, writer };
}

test("the same frame twice writes nothing the second time", () => {
  const { terminal, writer } = open();
  writer.write("one\ntwo");
  terminal.bytes = "";
  writer.write("one\ntwo");
  expect(terminal.bytes).toBe("");
});

test("where only ASCII is shown, a name keeps its letters without marks, and a cell of anything else is a question mark", async () => {
  const terminal = new Emulated(20, 1);
  const writer = new CellWriter(terminal, false);
  writer.open();
  writer.write("n\u0303and\u00fa \u56f3\u9762 |");
  expect((await terminal.shown())[0]).toBe("nandu ???? |");
});

test("one changed digit costs a jump, the digit and the marks of a frame", async () => {
  const { terminal, writer } = open();
  writer.write("spiral 41%\nwaves");
  terminal.bytes = "";
  writer.write("spiral 42%\nwaves");
  expect(terminal.bytes).toBe("\x1b[?2026h\x1b[1;9H2\x1b[?2026l");
  expect((await terminal.shown())[0]).toBe("spiral 42%");
});

test("a shorter line erases the rest of the longer one", async () => {
  const { terminal, writer } = open();
  writer.write("a long line\nbelow");
  writer.write("a\n");
  expect(await terminal.shown()).toEqual(["a", "", "", ""]);
});

test("a wide character over two narrow ones, and back, leaves no half of it", async () => {
  const { terminal, writer } = open();
  for (const line of ["ab日本cd", "a日x本cd", "abcdefgh", "日本日本"]) {
    writer.write(line);
    expect((await terminal.shown())[0]).toBe(line);
  }
});

test("a changed colour alone is written", async () => {
  const { terminal, writer } = open();
  writer.write("\x1b[32mok\x1b[39m");
  terminal.bytes = "";
  writer.write("\x1b[31mok\x1b[39m");
  expect(terminal.bytes).toContain("\x1b[0;31mok");
  expect(terminal.bytes).toContain("\x1b[0m");
});

test("a terminal that is behind gets the newest frame once it is ready, not those between", async () => {
  const { terminal, writer } = open();
  terminal.takes = false;
  writer.write("frame 1");
  writer.write("frame 2");
  writer.write("frame 3");
  const framesWritten = () => terminal.bytes.split("\x1b[?2026h").length - 1;
  expect(framesWritten()).toBe(1);
  terminal.takes = true;
  terminal.emit("drain");
  expect(framesWritten()).toBe(2);
  expect((await terminal.shown())[0]).toBe("frame 3");
});

test("after a resize everything is painted anew on an empty screen", async () => {
  const { terminal, writer } = open();
  writer.write("stays");
  terminal.bytes = "";
  terminal.emit("resize");
  expect(terminal.bytes).toContain("\x1b[2J");
  expect((await terminal.shown())[0]).toBe("stays");
});

test("closing restores cursor, wrapping and screen, once", () => {
  const { terminal, writer } = open();
  terminal.bytes = "";
  writer.close();
  writer.close();
  expect(terminal.bytes).toBe("\x1b[0m\x1b[?7h\x1b[?25h\x1b[?1049l");
});

test("any run of frames leaves on the terminal what the last one says", async () => {
  const word = fc.constantFrom(
    "a",
    "bc",
    " ",
    "日",
    "é",
    "█▌",
    "░░",
    "42%",
    "\x1b[31mred\x1b[39m",
    "\x1b[1mB\x1b[22m",
  );
  const line = fc.array(word, { maxLength: 7 }).map((words) => words.join(""));
  const frame = fc.array(line, { maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(fc.array(frame, { minLength: 1, maxLength: 6 }), async (frames) => {
      const { terminal, writer } = open(30, 4);
      for (const lines of frames) writer.write(lines.join("\n") || " ");
      const wanted = [...frames.at(-1)!, "", "", "", ""]
        .slice(0, 4)
        .map((text) => text.replace(/\x1b\[\d+m/g, "").trimEnd());
      expect((await terminal.shown()).map((text) => text.trimEnd())).toEqual(wanted);
    }),
    { numRuns: 100 },
  );
});

test("a text is as wide as its characters: wide ones 2, combining marks 0", () => {
  expect(textWidth("abc")).toBe(3);
  expect(textWidth("日本")).toBe(4);
  expect(textWidth("e\u0301")).toBe(1);
  expect(fitTo("日本の波", 6)).toBe("日本… ");
  expect(fitTo("ab", 4)).toBe("ab  ");
});
