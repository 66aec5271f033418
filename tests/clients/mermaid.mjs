// Charts of reports, drawn by several versions of Mermaid in a browser without a screen: each has the pieces, links and
// labels that it should have, and nothing that leads anywhere or runs. Prints one line for each version in which that
// holds, and ends with 1 at the first chart of which it does not. Where npm or the browser cannot be had it prints
// "skipped: " and why.
//
// Usage: node mermaid.mjs CHARTS PICTURES?, in a folder of its own
// CHARTS is a JSON file: [{name, source, kind, labels, links}]. PICTURES is a folder to write the drawings to.
import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

// Each is packed by itself into one file, so none of what it depends on is installed. npm gives what stands here or nothing.
const VERSIONS = {
    "9.4.3": "sha512-TLkQEtqhRSuEHSE34lh5bCa94KATCyluAXmFnNI2PRZwOpXFeqiJWwZl+d2CcemE1RS6QbbueSSq9QIg8Uxcyw==",
    "10.9.8": "sha512-gmIhmkmD/3DL5lErDV71E/cFUkEbBW4VTFpsJH1HSYjeBICRKOoc4AZem+RNz/FhhCXKBMZiD75bIfBlb2A4yA==",
    "11.4.1": "sha512-Mb01JT/x6CKDWaxigwfZYuYmDZ6xtrNwNlidKZwkSrDaY9n90tdrJTV5Umk+wP1fZscGptmKFXHsXMDEVZ+Q6A==",
    "12.3.0": "sha512-4113TdXeLAsMruJ79OpFL5O8+LTFXhQqZ260rF3tgUmiNAtRm4Uume04I+65PRN6yZ69J4f8rVYWW8zRk65UYw==",
};
const BROWSERS = ["chromium", "chromium-browser", "google-chrome"];

const [file, pictures] = process.argv.slice(2);
const charts = JSON.parse(readFileSync(file, "utf8"));

function skip(why) {
    console.log(`skipped: ${why}`);
    process.exit(0);
}

/** The file of this version, taken from npm once. */
function library(version) {
    const kept = `mermaid-${version}.js`;
    if (!existsSync(kept)) take(version, kept);
    return readFileSync(kept);
}

function take(version, kept) {
    const folder = mkdtempSync(join(tmpdir(), "mermaid-"));
    process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
    try {
        const pack = ["pack", `mermaid@${version}`, "--loglevel=error", "--pack-destination", folder];
        execFileSync("npm", pack, { stdio: ["ignore", "ignore", "pipe"] });
    } catch (error) {
        const [complaint] = String(error.stderr ?? error).split("\n");
        skip(`npm has not given Mermaid ${version}: ${complaint}`);
    }
    const packed = join(folder, `mermaid-${version}.tgz`);
    const hash = createHash("sha512").update(readFileSync(packed)).digest("base64");
    if (`sha512-${hash}` !== VERSIONS[version]) throw new Error(`Mermaid ${version} is not what it was`);
    execFileSync("tar", ["-xzf", packed, "-C", folder, "package/dist/mermaid.min.js"]);
    // Whole or not at all, whenever this is ended.
    writeFileSync(`${kept}.new`, readFileSync(join(folder, "package/dist/mermaid.min.js")));
    renameSync(`${kept}.new`, kept);
}

function browser() {
    for (const program of BROWSERS) {
        try {
            execFileSync(program, ["--version"], { stdio: "ignore" });
            return program;
        } catch {
            // The next may be there.
        }
    }
    return skip(`none of ${BROWSERS.join(", ")} is on this machine`);
}

/** Runs in the browser: draws every chart as strictly and as loosely as Mermaid can, and tells what came out of it. */
async function draw() {
    const { mermaid } = globalThis;
    const told = [];
    const pieces = { pie: "path.pieCircle", gantt: "rect.task", flowchart: "g.node" };
    const labels = { pie: "g.legend text", gantt: "text[class*=taskText]", flowchart: "g.node" };
    const active = ".clickable, a, script, image, img, iframe, object, embed, link, form, input, video, audio, animate, set";
    globalThis.ran = 0;
    globalThis.alert = () => { globalThis.ran += 1; };
    const charts = await (await fetch("charts.json")).json();
    for (const securityLevel of ["strict", "loose"]) {
        mermaid.initialize({ startOnLoad: false, securityLevel });
        for (const [n, { source, kind }] of charts.entries()) {
            const drawn = { securityLevel };
            told.push(drawn);
            try {
                await (mermaid.parseAsync ?? mermaid.parse).call(mermaid, source);
                const svg = await (mermaid.renderAsync ?? mermaid.render).call(mermaid, `${securityLevel}${n}`, source);
                drawn.svg = svg.svg ?? svg;
                const place = document.createElement("div");
                place.innerHTML = drawn.svg;
                document.body.append(place);
                const texts = [...place.querySelectorAll(labels[kind])].map((text) => text.textContent);
                drawn.labels = texts.map((text) => text.replace(/\s+/g, " ").trim());
                drawn.pieces = place.querySelectorAll(pieces[kind]).length;
                drawn.links = place.querySelectorAll("path.flowchart-link").length;
                const all = [...place.querySelectorAll("*")];
                const acts = (element) => [...element.attributes].some(({ name, value }) =>
                    name.startsWith("on") || /href|^src/.test(name) || /javascript:|https?:\/\/(?!www\.w3\.org)/i.test(value));
                const alive = all.filter((element) => element.matches(active) || acts(element));
                drawn.active = alive.map((element) => element.outerHTML.slice(0, 200));
                place.remove();
            } catch (error) {
                drawn.error = String(error?.message ?? error?.str ?? error);
            }
        }
    }
    // What a chart has started may run a little later.
    await new Promise((go) => requestAnimationFrame(() => setTimeout(go)));
    await fetch("told", { method: "POST", body: JSON.stringify({ told, ran: globalThis.ran }) });
}

/** What this version made of the charts. */
async function drawn(program, version) {
    const script = library(version);
    const page = `<!doctype html><meta charset="utf-8"><title>charts</title><body>
        <script src="mermaid.js"></script><script>(${draw})()</script>`;
    const files = {
        "/": ["text/html", page],
        "/mermaid.js": ["text/javascript; charset=utf-8", script],
        "/charts.json": ["application/json", JSON.stringify(charts)],
    };
    // What a browser leaves goes before the next run: its processes may still write there when it has ended.
    const profile = resolve(`browser-${version}`);
    rmSync(profile, { recursive: true, force: true });
    let running;
    const told = await new Promise((tell, reject) => {
        const server = createServer((request, response) => {
            if (request.method === "POST") {
                const parts = [];
                request.on("data", (part) => parts.push(part));
                request.on("end", () => {
                    response.end();
                    server.close();
                    tell(JSON.parse(Buffer.concat(parts).toString()));
                });
                return;
            }
            const [type, body] = files[request.url] ?? [];
            response.writeHead(type ? 200 : 404, type ? { "content-type": type } : {}).end(body);
        });
        server.listen(0, "127.0.0.1", () => {
            const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-proxy-server"];
            const address = `http://127.0.0.1:${server.address().port}/`;
            running = spawn(program, [...flags, `--user-data-dir=${profile}`, "--remote-debugging-port=0", address], {
                stdio: ["ignore", "ignore", "pipe"],
            });
            let complaint = "";
            running.stderr.on("data", (part) => { complaint = (complaint + part).slice(-2_000); });
            running.on("exit", (code) => reject(new Error(`${program} ended with ${code}: ${complaint}`)));
        });
    });
    running.removeAllListeners("exit");
    await new Promise((go) => {
        running.on("exit", go);
        running.kill();
    });
    return told;
}

/** What is wrong with a drawing, if anything. */
function fault(chart, { labels, pieces, links, active, error }) {
    if (error) return error;
    // Blanks are where a version breaks its lines.
    const text = (texts) => JSON.stringify(texts.map((label) => label.replace(/\s/g, "")).sort());
    if (pieces !== chart.labels.length) return `${pieces} pieces instead of ${chart.labels.length}`;
    if (text(labels) !== text(chart.labels)) return `labels are ${JSON.stringify(labels)}`;
    if (links !== chart.links) return `${links} links instead of ${chart.links}`;
    return active.length > 0 ? `it is not only a drawing: ${active.join("\n")}` : null;
}

const program = browser();
// Nothing is said to hold before everything is there.
Object.keys(VERSIONS).forEach(library);
for (const version of Object.keys(VERSIONS)) {
    const { told, ran } = await drawn(program, version);
    if (ran > 0) throw new Error(`Mermaid ${version} ran a script of a chart`);
    if (told.length !== 2 * charts.length) throw new Error(`Mermaid ${version} drew ${told.length} charts`);
    for (const [n, drawing] of told.entries()) {
        const chart = charts[n % charts.length];
        const wrong = fault(chart, drawing);
        if (wrong) {
            console.error(`Mermaid ${version} (${drawing.securityLevel}), ${chart.name}: ${wrong}\n${chart.source}`);
            process.exit(1);
        }
        if (pictures && drawing.securityLevel === "strict") {
            mkdirSync(pictures, { recursive: true });
            writeFileSync(join(pictures, `${version}-${n}.svg`), drawing.svg);
        }
    }
    console.log(`holds: Mermaid ${version} draws ${charts.length} charts as they are meant`);
}
