// Appwrite's SDKs for servers and for browsers, unmodified, doing what the frontend and its server do. Prints one line
// for each thing that holds, and ends with 1 at the first that does not.
//
// Usage: node sdks.mjs ENDPOINT PROJECT KEY DATABASE WEBSITE
import assert from "node:assert/strict";
import * as browser from "appwrite";
import * as server from "node-appwrite";

const [endpoint, project, key, database, website] = process.argv.slice(2);

const connected = (Client) => new Client().setEndpoint(endpoint).setProject(project);
const admin = connected(server.Client).setKey(key);
const rows = new server.TablesDB(admin);
const users = new server.Users(admin);
const teams = new server.Teams(admin);
const holds = (what) => console.log(`holds: ${what}`);

/** Asks until the answer is as wanted; the test's own time limit ends a wait for nothing. */
async function until(ask, wanted) {
    for (;;) {
        const answer = await ask();
        if (wanted(answer)) return answer;
        await new Promise((go) => setTimeout(go, 50));
    }
}

async function refused(what, type) {
    await assert.rejects(what, (error) => {
        assert.equal(error.type, type, error.message);
        return true;
    });
}

// The server seeds an organisation.
const carol = await users.create({ userId: "carol", email: "carol@example.com", password: "correct-horse", name: "Carol" });
await users.updateEmailVerification({ userId: "carol", emailVerification: true });
await users.create({ userId: "dave", email: "dave@example.com", password: "correct-horse", name: "Dave" });
await teams.create({ teamId: "team-acme", name: "Acme" });
const membership = await teams.createMembership({ teamId: "team-acme", roles: ["owner"], userId: carol.$id });
assert.equal(membership.confirm, true);
await rows.createRow({
    databaseId: database,
    tableId: "organizations",
    rowId: "acme",
    data: {
        name: "Acme", slug: "acme", teamId: "team-acme", createdByUserId: "carol", defaultPrivacyMode: "option_1",
        aiEnrichmentOptIn: false,
    },
});
holds("the server SDK makes users, a team, a membership and a row");

await refused(
    rows.createRow({ databaseId: database, tableId: "organizations", rowId: "acme", data: { name: "Twice" } }),
    "row_invalid_structure",
);
const listed = await rows.listRows({
    databaseId: database,
    tableId: "organizations",
    queries: [server.Query.equal("slug", ["acme"]), server.Query.select(["name"])],
});
assert.equal(listed.total, 1);
assert.equal(listed.rows[0].name, "Acme");
holds("the server SDK queries rows and is told what is wrong with one");

const transaction = await rows.createTransaction();
await rows.createOperations({
    transactionId: transaction.$id,
    operations: [{
        action: "update", databaseId: database, tableId: "organizations", rowId: "acme", data: { industry: "Anvils" },
    }],
});
await rows.updateTransaction({ transactionId: transaction.$id, commit: true });
const changed = await rows.listRows({
    databaseId: database,
    tableId: "organizations",
    queries: [server.Query.equal("$id", ["acme"])],
});
assert.equal(changed.rows[0].industry, "Anvils");
holds("the server SDK commits a transaction");

// The browser's SDK, once with a token and once with a session.
const { jwt } = await users.createJWT({ userId: "carol" });
const session = await users.createSession({ userId: "carol" });
const signedIn = [
    ["a token", connected(browser.Client).setJWT(jwt)],
    ["a session", connected(browser.Client).setSession(session.secret)],
];
for (const [by, client] of signedIn) {
    const account = await new browser.Account(client).get();
    assert.equal(account.email, "carol@example.com");
    const functions = new browser.Functions(client);
    const seen = await functions.createExecution({
        functionId: "scrape-enrich",
        body: JSON.stringify({ organizationId: "acme", sourceUrl: website, dryRun: true }),
        async: false,
        xpath: "/",
        method: browser.ExecutionMethod.POST,
        headers: { "content-type": "application/json" },
    });
    assert.equal(seen.status, "completed", seen.errors);
    assert.equal(seen.responseStatusCode, 200, seen.responseBody);
    assert.equal(JSON.parse(seen.responseBody).dryRun, true);
    assert.equal(seen.logs, "", "logs are for keys");
    holds(`the browser SDK signs in with ${by} and runs a function while it waits`);
}

const [, client] = signedIn[0];
const functions = new browser.Functions(client);
const started = await functions.createExecution({
    functionId: "scrape-enrich",
    body: JSON.stringify({ organizationId: "acme", sourceUrl: website }),
    async: true,
    xpath: "/",
    method: browser.ExecutionMethod.POST,
});
assert.equal(started.status, "waiting");
const ended = await until(
    () => functions.getExecution({ functionId: "scrape-enrich", executionId: started.$id }),
    (execution) => ["completed", "failed"].includes(execution.status),
);
assert.equal(ended.responseStatusCode, 201, ended.errors);
holds("the browser SDK starts a function and finds it completed");

// What the requester may read, and nobody else.
const own = new browser.TablesDB(client);
const jobs = await own.listRows({ databaseId: database, tableId: "scrape_jobs" });
assert.equal(jobs.total, 1);
assert.equal(jobs.rows[0].status, "done");
assert.equal(jobs.rows[0].functionExecutionId, started.$id);
const profile = JSON.parse(jobs.rows[0].prefillJson).profile;
assert.ok(profile.name.value.length > 0);
holds("the requester reads the finished job and its profile");

const stranger = connected(browser.Client).setJWT((await users.createJWT({ userId: "dave" })).jwt);
const others = new browser.TablesDB(stranger);
assert.equal((await others.listRows({ databaseId: database, tableId: "scrape_jobs" })).total, 0);
await refused(
    others.getRow({ databaseId: database, tableId: "scrape_jobs", rowId: jobs.rows[0].$id }),
    "row_not_found",
);
await refused(
    others.updateRow({
        databaseId: database, tableId: "scrape_jobs", rowId: jobs.rows[0].$id, data: { status: "failed" },
    }),
    "row_not_found",
);
await refused(
    own.updateRow({ databaseId: database, tableId: "scrape_jobs", rowId: jobs.rows[0].$id, data: { status: "failed" } }),
    "user_unauthorized",
);
await refused(own.listRows({ databaseId: database, tableId: "okr_items" }), "user_unauthorized");
holds("users read their own jobs, change nothing and see no items");

const strange = await new browser.Functions(stranger).createExecution({
    functionId: "scrape-enrich",
    body: JSON.stringify({ organizationId: "acme", sourceUrl: website }),
    async: false,
});
assert.equal(strange.responseStatusCode, 404);
assert.equal(JSON.parse(strange.responseBody).error.code, "not_found");
const nobody = new browser.Functions(connected(browser.Client));
await refused(nobody.createExecution({ functionId: "scrape-enrich" }), "user_unauthorized");
holds("strangers and guests are refused");

// Their own view of what they started.
const listedRuns = await functions.listExecutions({ functionId: "scrape-enrich" });
assert.ok(listedRuns.executions.some((execution) => execution.$id === started.$id));
const strangers = await new browser.Functions(stranger).listExecutions({ functionId: "scrape-enrich" });
assert.ok(strangers.executions.every((execution) => execution.$id !== started.$id));
holds("users list their own executions only");
