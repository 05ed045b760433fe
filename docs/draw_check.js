// The winners of a prize draw in another language: node docs/draw_check.js DRAW.json prints those of each tier.
// DRAW.json is the public JSON of the draw, linked at the foot of its page.
const draw = JSON.parse(require("fs").readFileSync(process.argv[2]));
const hash = (text) => require("crypto").createHash("sha256").update(text).digest("hex");
if (hash(draw.list.map((line) => line + "\n").join("")) !== draw.list_sha256) throw "another list";
if (hash(draw.seed) !== draw.seed_sha256) throw "another seed";
const rows = draw.list.map((line) => line.split("|"));
const taken = new Set();
for (const [, name, prizes, , , below, mark] of rows.filter((row) => row[0] === "tier")) {
  const ticket = (code) => hash(["draw", draw.seed, draw.public_number, name, code].join("|"));
  const codes = rows
    .filter(([word, code, , sum, n]) => word === "entry" && !taken.has(code) && +sum >= mark * n && (!below || +sum < below * n))
    .map(([, code]) => [ticket(code), code]).sort().slice(0, prizes).map(([, code]) => code);
  codes.forEach((code) => taken.add(code));
  console.log(name, codes.join(" "));
}
