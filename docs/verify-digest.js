// The digest of a sealed result in another language: node docs/verify-digest.js result.json
// prints the SHA-256 that was published, whatever program has set the file; docs/verify.md says over what it is taken.
const { records } = JSON.parse(require("fs").readFileSync(process.argv[2]));
const canonical = (value) =>
  Array.isArray(value)
    ? `[${value.map(canonical)}]`
    : value && typeof value === "object"
      ? `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`)}}`
      : JSON.stringify(value);
const hash = require("crypto").createHash("sha256");
for (const record of records) hash.update(`${canonical(record)}\n`);
console.log(hash.digest("hex"));
