// Opens each workbook with SheetJS and with ExcelJS and prints what they found, as JSON.
//   node read.mjs NODE_MODULES < {"name": "path", …}
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const require = createRequire(path.join(path.resolve(process.argv[2]), "from-here.js"));
const XLSX = require("xlsx");
const ExcelJS = require("exceljs");

const iso = (day) => (Number.isNaN(day.getTime()) ? String(day) : day.toISOString().slice(0, 10));

function sheetjs(file) {
  const book = XLSX.readFile(file, { cellDates: true });
  const sheets = {};
  for (const name of book.SheetNames) {
    const sheet = book.Sheets[name];
    sheets[name] = Object.keys(sheet)
      .filter((ref) => !ref.startsWith("!"))
      .map((ref) => {
        const { r, c } = XLSX.utils.decode_cell(ref);
        const cell = sheet[ref];
        return [r + 1, c + 1, cell.t === "e" ? { error: cell.w } : plain(cell.v)];
      });
  }
  return sheets;
}

function plain(value) {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return iso(value);
  if (typeof value !== "object") return value;
  if ("error" in value) return { error: value.error };
  if ("formula" in value || "sharedFormula" in value) return plain(value.result);
  if ("richText" in value) return value.richText.map((piece) => piece.text).join("");
  if ("text" in value) return plain(value.text);
  return `[object ${JSON.stringify(value)}]`;
}

async function exceljs(file) {
  const book = new ExcelJS.Workbook();
  await book.xlsx.readFile(file);
  const sheets = {};
  for (const sheet of book.worksheets) {
    const cells = [];
    sheet.eachRow((row, r) => row.eachCell((cell, c) => cells.push([r, c, plain(cell.value)])));
    sheets[sheet.name] = cells;
  }
  return sheets;
}

const found = { sheetjs: {}, exceljs: {} };
for (const [name, file] of Object.entries(JSON.parse(fs.readFileSync(0, "utf-8")))) {
  for (const [column, read] of [["sheetjs", sheetjs], ["exceljs", exceljs]]) {
    try {
      found[column][name] = { sheets: await read(file) };
    } catch (cause) {
      found[column][name] = { failed: String(cause) };
    }
  }
}
process.stdout.write(JSON.stringify(found));
