//! The deployment's configuration: read once from the environment, typed, all faults in one message.

use std::sync::OnceLock;

use url::Url;

/// What the environment of a deployed function says.
#[derive(Debug)]
pub struct Config {
    /// `APPWRITE_FUNCTION_API_ENDPOINT`, set by the platform, for example `https://cloud.appwrite.io/v1`.
    pub endpoint: Url,
    /// `APPWRITE_FUNCTION_PROJECT_ID`, set by the platform.
    pub project: String,
    /// `APPWRITE_DATABASE_ID`, a variable of the project: the one database this deployment works on.
    pub database: String,
    /// `VALYOURISE_DEVELOPMENT_HOSTS`, comma-separated `host:port`: addresses that the page fetcher may read although
    /// they are not public. Counts only while the endpoint itself is loopback.
    pub development_hosts: String,
}

impl Config {
    /// The process's configuration, or one sentence that names everything that is missing or wrong.
    pub fn get() -> Result<&'static Self, &'static str> {
        static CONFIG: OnceLock<Result<Config, String>> = OnceLock::new();
        CONFIG
            .get_or_init(|| {
                Self::read(|name| {
                    #[expect(
                        clippy::disallowed_methods,
                        reason = "the one place that reads a function's environment"
                    )]
                    std::env::var(name).ok()
                })
            })
            .as_ref()
            .map_err(String::as_str)
    }

    fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, String> {
        let mut faults = Vec::new();
        let mut required = |name: &str| {
            let value = variable(name).filter(|value| !value.trim().is_empty());
            if value.is_none() {
                faults.push(format!("{name} is not set"));
            }
            value.unwrap_or_default()
        };
        let endpoint = required("APPWRITE_FUNCTION_API_ENDPOINT");
        let project = required("APPWRITE_FUNCTION_PROJECT_ID");
        let database = required("APPWRITE_DATABASE_ID");
        let development_hosts = variable("VALYOURISE_DEVELOPMENT_HOSTS").unwrap_or_default();
        let endpoint = match Url::parse(&endpoint) {
            Ok(url) if url.has_host() => Some(url),
            _ if endpoint.is_empty() => None,
            _ => {
                faults.push("APPWRITE_FUNCTION_API_ENDPOINT is not an address".to_owned());
                None
            }
        };
        match endpoint {
            Some(endpoint) if faults.is_empty() => Ok(Self {
                endpoint,
                project,
                database,
                development_hosts,
            }),
            _ => Err(format!(
                "The function's variables are incomplete: {}.",
                faults.join("; ")
            )),
        }
    }
}

/// Text that must not reach a log.
#[derive(Clone, serde::Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for the one place that needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_is_missing_is_named_at_once() {
        let fault = Config::read(|_| None).unwrap_err();
        for name in [
            "APPWRITE_FUNCTION_API_ENDPOINT",
            "APPWRITE_FUNCTION_PROJECT_ID",
            "APPWRITE_DATABASE_ID",
        ] {
            assert!(fault.contains(name), "{fault}");
        }
    }

    #[test]
    fn a_complete_environment_is_read() {
        let config = Config::read(|name| match name {
            "APPWRITE_FUNCTION_API_ENDPOINT" => Some("http://127.0.0.1:9501/v1".to_owned()),
            "APPWRITE_FUNCTION_PROJECT_ID" => Some("p".to_owned()),
            "APPWRITE_DATABASE_ID" => Some("main_dev".to_owned()),
            _ => None,
        })
        .unwrap();
        assert_eq!(config.database, "main_dev");
    }

    #[test]
    fn a_secret_does_not_show_itself() {
        assert_eq!(format!("{:?}", Secret::new("standard_abc")), "***");
    }
}
