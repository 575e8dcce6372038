const sameName =
  "bat c cpp cs css csv dart diff fs go graphql h hcl html ini java json jsx kt less lua php proto py r rb rs scss sh sql svelte svg swift tex toml ts tsx txt vb vue xml yaml zig js";

const extensions = new Map<string, string>([
  ...sameName.split(" ").map((name) => [name, name] as const),
  ...Object.entries({
    bash: "sh",
    "c#": "cs",
    "c++": "cpp",
    console: "sh",
    csharp: "cs",
    elixir: "ex",
    "f#": "fs",
    fsharp: "fs",
    golang: "go",
    haskell: "hs",
    javascript: "js",
    julia: "jl",
    kotlin: "kt",
    latex: "tex",
    markdown: "md",
    md: "md",
    mermaid: "mmd",
    objectivec: "m",
    patch: "diff",
    perl: "pl",
    powershell: "ps1",
    ps1: "ps1",
    pwsh: "ps1",
    python: "py",
    ruby: "rb",
    rust: "rs",
    shell: "sh",
    terraform: "tf",
    typescript: "ts",
    vbnet: "vb",
    yml: "yaml",
    zsh: "sh",
  }),
]);

/** The name of a file with code in this language. The language is a model's word: one that is unknown does not name the file. */
export function codeFileName(language: string | undefined): string {
  const name = language?.toLowerCase() ?? "";
  return name === "dockerfile" ? "Dockerfile" : `code.${extensions.get(name) ?? "txt"}`;
}
