import { PlottyError } from "../../shared/errors.ts";
import { print, type Session } from "../session.ts";

/** `plotty completion bash|zsh|fish`: the script that makes Tab ask plotty. */
export async function completion(session: Session, shell: string): Promise<number> {
  const script = SCRIPTS[shell];
  if (!script) {
    throw new PlottyError("usage.invalid", `there is completion for bash, zsh and fish, not for "${shell}"`);
  }
  await print(session, script);
  return 0;
}

const SCRIPTS: Readonly<Record<string, string>> = {
  bash: `# plotty completion for bash:  source <(plotty completion bash)
_plotty() {
  local word tells typed=\${COMP_WORDS[COMP_CWORD]}
  local -a words=()
  COMPREPLY=()
  # bash cuts --fit=page into three words
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do [[ $word == = ]] || words+=("$word"); done
  [[ $typed == = ]] && typed=
  while IFS=$'\\t' read -r word tells; do
    if [[ $word == :files ]]; then
      compopt -o filenames 2>/dev/null
      while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "$typed")
    else
      COMPREPLY+=("$word")
    fi
  done < <(plotty __complete "\${words[@]}" "$typed" 2>/dev/null)
}
complete -F _plotty plotty
`,
  zsh: `#compdef plotty
# plotty completion for zsh:  plotty completion zsh > ~/.zfunc/_plotty   (a directory of fpath)
_plotty() {
  local -a found
  local word tells files=
  while IFS=$'\\t' read -r word tells; do
    if [[ $word == :files ]]; then files=1; else found+=("\${word//:/\\\\:}\${tells:+:$tells}"); fi
  done < <(plotty __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)
  (( \${#found} )) && _describe plotty found
  [[ -n $files ]] && _files
}
if [[ \${zsh_eval_context[-1]} == loadautofunc ]]; then _plotty "$@"; else compdef _plotty plotty; fi
`,
  fish: `# plotty completion for fish:  plotty completion fish > ~/.config/fish/completions/plotty.fish
function __plotty_complete
  set -l words (commandline -opc)
  set -l current (commandline -ct | string collect --allow-empty)
  for line in (plotty __complete $words[2..] "$current" 2>/dev/null)
    if test "$line" = ":files"
      __fish_complete_path "$current"
    else
      echo $line
    end
  end
end
complete -c plotty -f -a "(__plotty_complete)"
`,
};
