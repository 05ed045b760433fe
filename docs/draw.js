// Algorithm 1 in another language: node docs/draw.js CONTEST.json SEED prints what `flask paper draw` prints.
// CONTEST.json is what `flask contest show` gives, or the organiser hands out; the seed stands on the result page.
const [file, seed] = process.argv.slice(2);
const { terms, pool } = JSON.parse(require("fs").readFileSync(file));
const hash = (...parts) => require("crypto").createHash("sha256").update(parts.join("|")).digest("hex");
const by = (key) => (a, b) => (key(a) < key(b) ? -1 : 1);
const fits = (line, v) =>
  line.kind === v.kind &&
  (line.difficulty === null || line.difficulty === v.difficulty) &&
  (line.domain === null || `/${v.domain}/`.includes(`/${line.domain}/`));
const paper = [];
for (const line of terms.plan) {
  const left = pool.versions.filter((v) => fits(line, v) && !paper.includes(v));
  paper.push(...left.sort(by((v) => hash("paper", seed, v.version))).slice(0, line.count));
}
if (terms.mix_questions) paper.sort(by((v) => hash("order", seed, v.version)));
const options = (v) => {
  const numbers = Array.from({ length: v.options }, (_, place) => place + 1);
  if (!terms.mix_options) return numbers;
  const free = numbers.filter((n) => !v.pinned.includes(n));
  return [...free.sort(by((n) => hash("option", seed, v.version, n))), ...v.pinned.sort(by(Number))];
};
console.log(JSON.stringify(paper.map((v) => ({ version: v.version, options: options(v) }))));
