//! A function served natively beside those that the embedded Appwrite starts, so that a test has as many processes of it
//! as it likes and knows which one is asked.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use world::{World, DATABASE};

/// The process dies with this value.
pub struct Host {
    child: Child,
    address: String,
    http: reqwest::Client,
    key: String,
}

impl Host {
    /// `program` is `env!("CARGO_BIN_EXE_valyou-under-test")`; `endpoint` is the world's or that of something in between.
    pub fn start(program: &str, function: &str, world: &World, endpoint: &str) -> Self {
        let mut child = Command::new(program)
            .args(["host", function])
            .env("APPWRITE_FUNCTION_API_ENDPOINT", endpoint)
            .env("APPWRITE_FUNCTION_PROJECT_ID", world.appwrite.project())
            .env("APPWRITE_DATABASE_ID", DATABASE)
            .env("VALYOURISE_DEVELOPMENT_HOSTS", &world.site.host)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("its output"))
            .read_line(&mut line)
            .expect("it says where it listens");
        let address = line.trim().strip_prefix("ready on ");
        Self {
            address: address.expect("an address").to_owned(),
            child,
            http: reqwest::Client::builder()
                .no_proxy()
                .build()
                .expect("a client"),
            key: world.appwrite.key().to_owned(),
        }
    }

    /// One execution in this process, with these headers of the platform's beside its key.
    pub async fn execute(
        &self,
        execution: &str,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> (u16, Value) {
        let mut request = self
            .http
            .post(format!("http://{}/", self.address))
            .header("x-open-runtimes-logging", "disabled")
            .header("x-appwrite-execution-id", execution)
            .header("x-appwrite-key", &self.key)
            .json(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.expect("the process answers");
        let status = response.status().as_u16();
        (status, response.json().await.expect("a JSON answer"))
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
