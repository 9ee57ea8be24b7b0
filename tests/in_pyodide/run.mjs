// Starts Pyodide as a browser would have it, with xlwings beside it, and answers requests: a line of JSON each.
//   node run.mjs PYODIDE-FOLDER FOLDER      FOLDER holds xlwings.zip, main.py and inside.py
import fs from "node:fs";
import path from "node:path";
import readline from "node:readline";
import { pathToFileURL } from "node:url";

const [pyodideFolder, folder] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(path.join(pyodideFolder, "pyodide.mjs")));
// What Python prints must not mix with the answers; without a network nothing can be fetched by mistake.
const aside = { stdout: (text) => console.error(text), stderr: (text) => console.error(text) };
globalThis.fetch = () => Promise.reject(new Error("the tests are offline"));
const python = await loadPyodide({ indexURL: pyodideFolder, ...aside });
const site = python.runPython("import site; site.getsitepackages()[0]");
python.unpackArchive(new Uint8Array(fs.readFileSync(path.join(folder, "xlwings.zip"))), "zip", { extractDir: site });
for (const name of ["main.py", "inside.py"]) {
  python.FS.writeFile(`${site}/${name}`, fs.readFileSync(path.join(folder, name)));
}
const answer = python.runPython("import importlib; importlib.invalidate_caches(); import inside; inside.answer");
for await (const line of readline.createInterface({ input: process.stdin })) {
  const { method, ...request } = JSON.parse(line);
  const found = answer(method, python.toPy(request));
  process.stdout.write(`${found}\n`);
}
