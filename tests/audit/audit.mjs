// The audits of graphql-http against one address; TOKEN, where given, goes along as a bearer token. Prints one JSON object.
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { auditServer } = require("graphql-http");

const [url] = process.argv.slice(2);
const { TOKEN } = process.env;
const fetchFn = (address, init = {}) => fetch(address, { ...init, headers: { ...init.headers, ...(TOKEN && { authorization: `Bearer ${TOKEN}` }) } });

const results = await auditServer({ url, fetchFn });
const failed = results.filter(({ status }) => status !== "ok").map(({ id, name, status, reason }) => ({ id, name, status, reason }));
console.log(JSON.stringify({ version: require("graphql-http/package.json").version, audits: results.length, failed }));
