// Reads a list of JSON schemas from a file and prints what OpenAI's own client makes of each for its strict servers.
import { readFileSync } from "node:fs";
import { toStrictJsonSchema } from "openai/lib/transform";

const schemas = JSON.parse(readFileSync(process.argv[2], "utf8"));
console.log(JSON.stringify(schemas.map((schema) => toStrictJsonSchema(schema))));
