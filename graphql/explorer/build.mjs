// Puts GraphiQL into static/graphiql (git-ignored): three packages of npm, each checked against the hash in packages.json, of which
// only the ready bundles are taken; nothing of them is run here. Without it the explorer is the plain page.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const packages = JSON.parse(readFileSync(new URL("packages.json", import.meta.url), "utf8"));
const target = fileURLToPath(new URL("../../static/graphiql", import.meta.url));
const work = mkdtempSync(join(tmpdir(), "graphiql-"));
const built = join(work, "built");

// What would only be refused is taken out: fonts inside a style sheet and a style element behind dialogs (by our policy; it would
// stop the page from scrolling there, no more), and maps that are not here.
const STYLE_ELEMENT = 'if(!document)return null;var e=document.createElement("style")';
const own = (text) => text
  .replace(/@font-face\s*\{[^}]*\}/g, "")
  .replace(/\n?\/\/# sourceMappingURL=\S+/g, "")
  .replace(STYLE_ELEMENT, STYLE_ELEMENT.replace("if(!document)", ""));

try {
  mkdirSync(built);
  for (const [name, { version, integrity, files }] of Object.entries(packages)) {
    const npm = ["pack", `${name}@${version}`, "--silent", "--ignore-scripts", "--pack-destination", work];
    const archive = join(work, execFileSync("npm", npm, { cwd: work, encoding: "utf8" }).trim().split("\n").at(-1));
    const found = `sha512-${createHash("sha512").update(readFileSync(archive)).digest("base64")}`;
    if (found !== integrity) throw new Error(`${name} ${version} is not what packages.json says: ${found}`);
    execFileSync("tar", ["-xzf", archive, "-C", work]);
    for (const [from, to] of Object.entries(files)) writeFileSync(join(built, to), own(readFileSync(join(work, "package", from), "utf8")));
    rmSync(join(work, "package"), { recursive: true });
  }
  rmSync(target, { recursive: true, force: true });
  cpSync(built, target, { recursive: true });
} finally {
  rmSync(work, { recursive: true, force: true });
}
