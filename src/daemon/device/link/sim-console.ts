import { SIM_COMMANDS } from "./sim-commands.ts";
import { Fields } from "./sim-fields.ts";
import type { SimFirmware } from "./sim-firmware.ts";
import type { SimMechanics } from "./sim-mechanics.ts";
import { type MotionCommand, TICKS_PER_MS } from "./sim-motion.ts";
import type { SimReply } from "./sim-reply.ts";

/** A mark between the USB packets of 2.x, after which it tells the errors it has collected. */
const PACKET_END = Symbol("packet end");
const PACKET_BYTES = 64;
/** Time to read and answer a command that is no move. */
const COMMAND_PARSING_MS = 0.4;

/**
 * The command parser of the simulated board. A motion command that finds the FIFO full blocks it: nothing that comes
 * after is read before there is room.
 */
export class SimConsole {
  /** Called for each motion command with how long the FIFO had had room when it arrived, ms; 0 when it was there before. */
  onHandOff: (waitMs: number) => void = () => {};
  buttonPressed = false;
  hasMotorPower = true;
  acknowledges = true;
  futureSyntax = false;
  variable = 0;
  nodes = 0;
  nickname: string;
  /** Where the pen's servo is plugged in. */
  servoPin = 1;
  readonly mechanics: SimMechanics;
  readonly firmware: SimFirmware;
  readonly #send: (text: string) => void;
  readonly #instant: boolean;
  #input: (InputLine | typeof PACKET_END)[] = [];
  #line = "";
  #inLineEnd = false;
  #blocked: MotionCommand | undefined;
  /** What stands before the end of the reply: in future syntax, the command's letters. */
  #echo = "";
  #reading: InputLine | undefined;
  /** When the line being read has been; Infinity while none is. */
  readyTick = Infinity;
  #errors = new Set<number>();

  constructor(
    mechanics: SimMechanics,
    firmware: SimFirmware,
    nickname: string,
    instant: boolean,
    send: (text: string) => void,
  ) {
    this.mechanics = mechanics;
    this.firmware = firmware;
    this.nickname = nickname;
    this.#instant = instant;
    this.#send = send;
  }

  get isBlocked(): boolean {
    return this.#blocked !== undefined;
  }

  receive(text: string): void {
    for (let at = 0; at < text.length; at += PACKET_BYTES) {
      for (const char of text.slice(at, at + PACKET_BYTES)) this.#take(char);
      this.#input.push(PACKET_END);
    }
    this.goOn();
  }

  /** Reads on until the input is empty, a line takes its time or a command must wait for room in the FIFO. */
  goOn(): void {
    while (this.#unblock() && this.#finishReading()) {
      const next = this.#input.shift();
      if (next === undefined) return;
      if (next === PACKET_END) this.#tellErrors();
      else this.#read(next);
    }
  }

  /** @returns whether the parser is free */
  #unblock(): boolean {
    if (!this.#blocked) return true;
    if (!this.mechanics.hasRoom) return false;
    this.mechanics.fifo.push(this.#blocked);
    this.#blocked = undefined;
    this.#acknowledge();
    if (this.firmware.arithmetic === "3.0") this.#tellErrors();
    return true;
  }

  #read(line: InputLine): void {
    const isMove = /^(LM|L3|LT|SM|XM)/i.test(line.text);
    const parsingMs = this.#instant ? 0 : isMove ? this.firmware.moveParsingMs : COMMAND_PARSING_MS;
    this.#reading = line;
    this.readyTick = this.mechanics.tick + Math.round(parsingMs * TICKS_PER_MS);
  }

  /** @returns whether the parser is free for the next line */
  #finishReading(): boolean {
    const line = this.#reading;
    if (line === undefined) return true;
    if (this.mechanics.tick < this.readyTick) return false;
    this.#reading = undefined;
    this.readyTick = Infinity;
    this.#handedOff(line);
    this.#execute(line.text);
    return this.#unblock();
  }

  #handedOff({ text, arrivedTick }: InputLine): void {
    const isMotion = /^(LM|L3|LT|SM|XM|SP)/i.test(text);
    if (isMotion) this.onHandOff(Math.max(0, arrivedTick - this.mechanics.freedTick) / TICKS_PER_MS);
  }

  /** Collects a line. Several line ends in a row are one; other control characters are dropped. */
  #take(char: string): void {
    if (char === "\r" || char === "\n") {
      if (!this.#inLineEnd) this.#input.push({ text: this.#line, arrivedTick: this.mechanics.tick });
      this.#inLineEnd = true;
      this.#line = "";
    } else if (char >= " ") {
      this.#inLineEnd = false;
      this.#line += char;
      if (this.#line.length >= this.firmware.longestLine) {
        this.#line = "";
        this.#errors.add(3);
      }
    }
  }

  #execute(line: string): void {
    const [name, rest] = splitCommand(line);
    const command = this.firmware.lacks.includes(name) ? undefined : SIM_COMMANDS[name];
    this.#echo = this.futureSyntax ? name : "";
    const fields = new Fields(rest);
    for (const error of this.#errors) if (error !== 3) fields.fail(error as 4);
    const before = fields.errors.length;
    const reply = command ? command(fields, this) : unknownCommand(line.slice(0, 2) || "\r");
    for (const found of fields.found) this.#write(`!5 Err: Need comma next, found: '${found}'`, "\r\n");
    const errors = fields.errors.slice(before).filter((error) => error !== 5);
    for (const error of this.firmware.arithmetic === "3.0" ? errors.slice(0, 1) : errors)
      this.#errors.add(error);
    this.#answer(reply);
    if (fields.isFine && !fields.atEnd && command && name !== "R") this.#errors.add(7);
    if (this.firmware.arithmetic === "3.0" && !this.#blocked) this.#tellErrors();
  }

  #answer(reply: SimReply): void {
    const lines = reply.lines ?? [];
    for (const [text, lineEnd] of lines) this.#write(text, lineEnd);
    if (!reply.ok || (this.#echo !== "" && lines.length > 0)) return;
    if (reply.motion && !this.mechanics.hasRoom) {
      this.#blocked = reply.motion;
      return;
    }
    if (reply.motion) this.mechanics.fifo.push(reply.motion);
    this.#acknowledge();
  }

  /** 3.x sends the line end even where OK is switched off. */
  #acknowledge(): void {
    if (this.futureSyntax) this.#send(`${this.#echo}\n`);
    else if (this.acknowledges) this.#send(`${this.#echo}OK\r\n`);
    else if (this.firmware.arithmetic === "3.0") this.#send("\r\n");
  }

  #tellErrors(): void {
    const errors = [...this.#errors].sort((a, b) => a - b);
    this.#errors.clear();
    for (const error of errors) this.#write(errorText(error, this.firmware.version), "\r\n");
  }

  #write(text: string, lineEnd: string): void {
    const isNamed = this.#echo === "" || text.startsWith(`${this.#echo},`);
    this.#send(isNamed ? text + (this.#echo === "" ? lineEnd : "\n") : `${this.#echo},${text}\n`);
  }
}

interface InputLine {
  readonly text: string;
  readonly arrivedTick: number;
}

function splitCommand(line: string): readonly [name: string, rest: string] {
  const length = line[1] === "," || line.length < 2 ? 1 : 2;
  return [line.slice(0, length).toUpperCase(), line.slice(length)];
}

function unknownCommand(letters: string): SimReply {
  const name = (letters[1] === "," ? letters[0]! : letters).toUpperCase();
  const hex = [...name]
    .map((char) => char.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0"))
    .join("");
  return { lines: [[`!8 Err: Unknown command '${name}:${hex}'`, "\r\n"]], ok: false };
}

function errorText(error: number, version: string): string {
  const misspelt = version < "2.7";
  switch (error) {
    case 1:
      return "!1 Err: Can't step that fast";
    case 3:
      return "!3 Err: RX Buffer overrun";
    case 4:
      return "!4 Err: Missing parameter(s)";
    case 6:
      return misspelt ? "!6 Err: Invalid paramter value" : "!6 Err: Invalid parameter value";
    default:
      return misspelt ? "!7 Err: Extra parmater" : "!7 Err: Extra parameter";
  }
}
