// Serves a small model of one's own on loopback as OpenAI's chat completions: node serve.mjs <file.gguf> <port>
import { createServer } from "node:http";
import { getLlama, LlamaChatSession } from "node-llama-cpp";

const [file, port] = process.argv.slice(2);
// What is longer is cut off at its end, which a model that small takes no harm from.
const MOST_CHARACTERS = 2_000;
const CONTEXT = 4_096;
// More of them wait for one another where others are at work, too.
const THREADS = 1;

const llama = await getLlama({ build: "never" });
const model = await llama.loadModel({ modelPath: file });
const context = await model.createContext({ contextSize: CONTEXT, threads: THREADS });
const sequence = context.getSequence();

// One question at a time.
let last = Promise.resolve();

async function answer(request) {
    const [told, data] = request.messages.map((message) => message.content);
    const schema = request.response_format?.json_schema?.schema;
    const grammar = schema && await llama.createGrammarForJsonSchema(plain(schema));
    await sequence.clearHistory();
    const session = new LlamaChatSession({ contextSequence: sequence, systemPrompt: told });
    const text = await session.prompt(data.slice(0, MOST_CHARACTERS), { grammar, maxTokens: 200, temperature: 0 });
    session.dispose({ disposeSequence: false });
    return text;
}

// A list of types is one of several in the words of the library.
function plain(schema) {
    if (Array.isArray(schema)) return schema.map(plain);
    if (schema === null || typeof schema !== "object") return schema;
    const { type, ...rest } = schema;
    const others = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, plain(value)]));
    if (Array.isArray(type)) return { oneOf: type.map((one) => (one === "null" ? { type: one } : { ...others, type: one })) };
    return type === undefined ? others : { ...others, type };
}

createServer(async (request, response) => {
    let body = "";
    for await (const piece of request) body += piece;
    const turn = last.then(() => answer(JSON.parse(body)));
    last = turn.catch(() => {});
    response.setHeader("content-type", "application/json");
    try {
        const message = { role: "assistant", content: await turn };
        response.end(JSON.stringify({ choices: [{ index: 0, message, finish_reason: "stop" }] }));
    } catch (error) {
        response.statusCode = 500;
        response.end(JSON.stringify({ error: { message: String(error) } }));
    }
}).listen(Number(port), "127.0.0.1", () => console.log(`listening on ${port}`));
