import { useReducer, useRef } from "react";
import { isFinished } from "../../shared/job-machine.ts";
import type { JobView } from "../../shared/ws-messages.ts";
import type { Mirror } from "../client/mirror.ts";
import type { AppProps } from "./app.tsx";
import { COMMANDS, parseCommand } from "./commands.ts";
import { completePath } from "./complete-path.ts";
import { helpAfter } from "./help.ts";
import { rowOfKey, type Target } from "./keymap.ts";
import { PANES, type Size } from "./layout.ts";
import { moved } from "./moves.ts";
import { editPrompt, type Prompt } from "./prompt.ts";
import { useKeys } from "./use-keys.ts";
import { FIRST_VIEW, type Question, type View, type ViewState, viewOf } from "./view.ts";

/** What is shown of the mirror, and the keys that change it. */
export function useView(props: AppProps, mirror: Mirror, size: Size): View {
  // Not a state of React's: the next key may come before it has rendered what this one has changed.
  const state = useRef(FIRST_VIEW);
  const [, render] = useReducer((count: number) => count + 1, 0);
  const viewNow = () => viewOf(state.current, mirror, props);

  const change = (to: Partial<ViewState>) => {
    state.current = { ...state.current, ...to };
    render();
  };
  const tell = (told: string | undefined) => change({ told });
  const run = (doing: Promise<string>) => {
    doing.then(tell, (error: Error) => tell(error.message));
  };

  const type = (prompt: Prompt, name: string, text: string) => {
    const edit = editPrompt(prompt, name, text, completed);
    change({ prompt: edit.type === "typing" ? edit.prompt : undefined });
    if (edit.type === "left" && prompt.kind === "filter") change({ filter: "" });
    if (edit.type === "done") submit(edit.prompt);
  };
  const submit = ({ kind, text }: Prompt) => {
    if (kind === "filter") change({ filter: text.trim() });
    else if (kind === "add") run(props.onAdd(text));
    else if (text.trim() !== "") command(text, viewNow());
  };
  const command = (line: string, { job, target }: View) => {
    try {
      const parsed = parseCommand(line);
      if (parsed.name === "quit") run(props.onAction("quit", target));
      else if (props.isReadOnly) tell("nothing is changed with --read-only");
      else if (parsed.name === "cancel" || parsed.name === "remove") ask(parsed.name, parsed.words[0], job);
      else run(props.onCommand(parsed, job));
    } catch (error) {
      tell((error as Error).message);
    }
  };
  /** What the daemon would refuse it is left to refuse. */
  const ask = (verb: Question["verb"], named: string | undefined, selected: JobView | undefined) => {
    const about = named === undefined ? selected : mirror.jobs.get(named);
    if (about && isPossible(verb, about)) change({ asked: { verb, job: about } });
    else if (about || named === undefined) run(props.onCommand({ name: verb, words: [] }, about));
    else
      props.onFind(named).then(
        (found) => ask(verb, undefined, found),
        (error: Error) => tell(error.message),
      );
  };
  const answer = ({ verb, job }: Question, text: string) => {
    change({ asked: undefined });
    if (text === "y" || text === "Y") run(props.onCommand({ name: verb, words: [job.id] }, job));
  };
  const press = (name: string, text: string) => {
    const { told, prompt, asked, helpFrom } = state.current;
    const view = viewNow();
    const { target } = view;
    if (told !== undefined) tell(undefined);
    if (name === "ctrl+c") return run(props.onAction("interrupt", target));
    if (prompt) return type(prompt, name, text);
    if (asked) return answer(asked, text);
    const row = rowOfKey(name);
    if (helpFrom !== undefined) return change({ helpFrom: helpAfter(row?.action, helpFrom, size) });
    if (!row) return;
    const to = moved(row.action, view);
    if (row.action === "pane") change({ focus: PANES[Number(name) - 1]! });
    else if (!row.available(target)) tell(refusal(row.word, target));
    else if (to) change(to);
    else run(props.onAction(row.action, target));
  };
  useKeys({ press, isTyping: () => state.current.prompt !== undefined });
  return viewNow();
}

function isPossible(verb: Question["verb"], { state }: JobView): boolean {
  return verb === "cancel" ? !isFinished(state) : state !== "RUNNING" && state !== "PAUSED";
}

function refusal(word: string, { isReadOnly }: Target): string {
  return isReadOnly ? `no ${word} with --read-only` : `${word} is not possible now`;
}

function completed({ kind, text }: Prompt): string {
  if (kind === "add") return completePath(text);
  if (kind === "filter") return text;
  if (/^add\s/.test(text)) return `add ${completePath(text.slice(4))}`;
  const fitting = COMMANDS.filter((name) => name.startsWith(text));
  return fitting.length === 1 ? `${fitting[0]} ` : text;
}
