//! The deployment's configuration: the one list of the variables that a function reads, and what they say, read once
//! from the environment, typed, all faults in one message.

use std::fmt;
use std::sync::OnceLock;

use domain::token::Secret;
use url::{Host, Url};

/// A variable that whoever deploys the functions sets on them.
#[derive(Clone, Copy, Debug)]
pub struct Variable {
    pub name: &'static str,
    pub needed_by: NeededBy,
    /// What counts when it is not set or blank; none where it has to be set.
    pub default: Option<&'static str>,
    /// Its value must not be seen again once it is set.
    pub secret: bool,
    /// What it is, for the operators' page and `.env.example`.
    pub meaning: &'static str,
    /// A value to begin with.
    pub example: &'static str,
}

/// The functions that read a variable.
#[derive(Clone, Copy, Debug)]
pub enum NeededBy {
    All,
    Only(&'static [&'static str]),
}

pub const DATABASE: Variable = Variable {
    name: "APPWRITE_DATABASE_ID",
    needed_by: NeededBy::All,
    default: None,
    secret: false,
    meaning: "the one database that the deployment works on: main_database in production, main_dev elsewhere",
    example: "main_dev",
};

const DEVELOPMENT_HOSTS: Variable = Variable {
    name: "VALYOURISE_DEVELOPMENT_HOSTS",
    needed_by: NeededBy::Only(&["scrape-enrich"]),
    default: Some(""),
    secret: false,
    meaning: "development only: comma-separated host:port that may be read although they are not public; counts only \
              while Appwrite itself is on loopback",
    example: "",
};

/// The functions that ask a language model.
const ASKS_A_MODEL: NeededBy = NeededBy::Only(&["report-generate", "scrape-enrich", "skill-map"]);

const MODEL_URL: Variable = Variable {
    name: "VALYOURISE_MODEL_URL",
    needed_by: ASKS_A_MODEL,
    default: Some(""),
    secret: false,
    meaning: "where a language model is asked for organisations that have opted in: the address before \
              /chat/completions of a server that speaks OpenAI's API, https; http only on loopback while Appwrite itself \
              is there; empty: no model is asked",
    example: "",
};

const MODEL_KEY: Variable = Variable {
    name: "VALYOURISE_MODEL_KEY",
    needed_by: ASKS_A_MODEL,
    default: Some(""),
    secret: true,
    meaning: "the key for the model's server, if it wants one",
    example: "",
};

const MODEL_NAME: Variable = Variable {
    name: "VALYOURISE_MODEL_NAME",
    needed_by: ASKS_A_MODEL,
    default: Some(""),
    secret: false,
    meaning: "the model as its server calls it; to be set with VALYOURISE_MODEL_URL",
    example: "",
};

/// All that there are.
pub const VARIABLES: &[Variable] = &[
    DATABASE,
    DEVELOPMENT_HOSTS,
    MODEL_URL,
    MODEL_KEY,
    MODEL_NAME,
];

/// Set by the platform, for example to `https://cloud.appwrite.io/v1`.
const ENDPOINT: &str = "APPWRITE_FUNCTION_API_ENDPOINT";

/// Set by the platform.
const PROJECT: &str = "APPWRITE_FUNCTION_PROJECT_ID";

impl Variable {
    pub fn is_needed_by(&self, function: &str) -> bool {
        match self.needed_by {
            NeededBy::All => true,
            NeededBy::Only(functions) => functions.contains(&function),
        }
    }

    /// Nothing works without it.
    pub fn is_required(&self) -> bool {
        self.default.is_none()
    }
}

impl fmt::Display for NeededBy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => formatter.write_str("all functions"),
            Self::Only(functions) => formatter.write_str(&functions.join(", ")),
        }
    }
}

/// Whether a value says anything.
pub fn is_set(value: &str) -> bool {
    !value.trim().is_empty()
}

/// What the environment of a deployed function says.
#[derive(Debug)]
pub struct Config {
    pub endpoint: Url,
    pub project: String,
    pub database: String,
    pub development_hosts: String,
    /// Where a language model is asked, if the operator has named one.
    pub model: Option<ModelServer>,
}

/// A server that speaks OpenAI's chat completions, and one of its models.
#[derive(Clone, Debug)]
pub struct ModelServer {
    pub url: Url,
    /// Empty where the server wants none.
    pub key: Secret,
    pub name: String,
}

impl ModelServer {
    /// What the variables say; none where they say nothing.
    ///
    /// # Errors
    /// What is wrong with them.
    fn read(
        url: &str,
        key: &str,
        name: &str,
        appwrite: Option<&Url>,
    ) -> Result<Option<Self>, String> {
        let (url, name) = match (url.trim(), name.trim()) {
            ("", "") => return Ok(None),
            ("", _) => return Err(format!("{} is not set", MODEL_URL.name)),
            (_, "") => return Err(format!("{} is not set", MODEL_NAME.name)),
            both => both,
        };
        let wrong = |what| Err(format!("{} {what}", MODEL_URL.name));
        let Ok(url) = Url::parse(url) else {
            return wrong("is not an address");
        };
        if !url.username().is_empty() || url.password().is_some() {
            return wrong("holds a name or password; the key has a variable of its own");
        }
        let is_local = is_loopback(&url) && appwrite.is_some_and(is_loopback);
        match url.scheme() {
            "https" => {}
            "http" if is_local => {}
            _ => {
                return wrong(
                    "is not https, which it may be without only beside an Appwrite on loopback",
                )
            }
        }
        Ok(Some(Self {
            url,
            key: Secret::new(key.trim()),
            name: name.to_owned(),
        }))
    }
}

/// Whether an address is this machine's own, by its name or number.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

impl Config {
    /// The process's configuration, or one sentence that names everything that is missing or wrong. A process is one
    /// function's.
    pub fn get(function: &str) -> Result<&'static Self, &'static str> {
        static CONFIG: OnceLock<Result<Config, String>> = OnceLock::new();
        CONFIG
            .get_or_init(|| {
                Self::read(function, |name| {
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

    fn read(function: &str, environment: impl Fn(&str) -> Option<String>) -> Result<Self, String> {
        let mut faults = Vec::new();
        let mut value = |name: &str, default: Option<&str>| {
            let set = environment(name).filter(|value| is_set(value));
            set.or_else(|| default.map(str::to_owned))
                .unwrap_or_else(|| {
                    faults.push(format!("{name} is not set"));
                    String::new()
                })
        };
        let endpoint = value(ENDPOINT, None);
        let project = value(PROJECT, None);
        let mut own = |variable: &Variable| match variable.default {
            default if variable.is_needed_by(function) => value(variable.name, default),
            default => default.unwrap_or_default().to_owned(),
        };
        let database = own(&DATABASE);
        let development_hosts = own(&DEVELOPMENT_HOSTS);
        let model = [MODEL_URL, MODEL_KEY, MODEL_NAME].map(|variable| own(&variable));
        let endpoint = match Url::parse(&endpoint) {
            Ok(url) if url.has_host() => Some(url),
            _ if endpoint.is_empty() => None,
            _ => {
                faults.push(format!("{ENDPOINT} is not an address"));
                None
            }
        };
        let [url, key, name] = model;
        let model = ModelServer::read(&url, &key, &name, endpoint.as_ref());
        let model = model.unwrap_or_else(|fault| {
            faults.push(fault);
            None
        });
        match endpoint {
            Some(endpoint) if faults.is_empty() => Ok(Self {
                endpoint,
                project,
                database,
                development_hosts,
                model,
            }),
            _ => Err(format!(
                "The function's variables are incomplete: {}. Set them with `valyou vars push` and deploy it again.",
                faults.join("; ")
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn everything_that_is_missing_is_named_at_once() {
        let fault = Config::read("scrape-enrich", |_| Some(" ".to_owned())).unwrap_err();
        let required = VARIABLES.iter().filter(|variable| variable.is_required());
        let names: Vec<&str> = required.map(|variable| variable.name).collect();
        assert!(!names.is_empty());
        for name in [ENDPOINT, PROJECT].iter().chain(&names) {
            assert!(fault.contains(&format!("{name} is not set")), "{fault}");
        }
        let fault = Config::read("scrape-enrich", |_| Some("nowhere".to_owned())).unwrap_err();
        assert!(fault.contains("APPWRITE_FUNCTION_API_ENDPOINT is not an address"));
    }

    #[test]
    fn exactly_what_the_list_holds_is_read() {
        let functions = VARIABLES
            .iter()
            .flat_map(|variable| match variable.needed_by {
                NeededBy::All => &["any"],
                NeededBy::Only(functions) => functions,
            });
        for function in functions {
            let asked = RefCell::new(BTreeSet::new());
            let read = Config::read(function, |name| {
                asked.borrow_mut().insert(name.to_owned());
                Some("http://127.0.0.1:9501/v1".to_owned())
            });
            assert!(read.is_ok());
            let needed = VARIABLES
                .iter()
                .filter(|variable| variable.is_needed_by(function));
            let platform = [ENDPOINT, PROJECT].into_iter();
            let listed = platform.chain(needed.map(|variable| variable.name));
            assert_eq!(
                asked.into_inner(),
                listed.map(str::to_owned).collect(),
                "{function}"
            );
        }
    }

    #[test]
    fn a_complete_environment_is_read() {
        let set = |name: &str| match name {
            "APPWRITE_FUNCTION_API_ENDPOINT" => Some("http://127.0.0.1:9501/v1".to_owned()),
            "APPWRITE_FUNCTION_PROJECT_ID" => Some("p".to_owned()),
            "APPWRITE_DATABASE_ID" => Some("main_dev".to_owned()),
            "VALYOURISE_DEVELOPMENT_HOSTS" => Some("127.0.0.1:80".to_owned()),
            _ => None,
        };
        let config = Config::read("scrape-enrich", set).unwrap();
        assert_eq!(config.database, "main_dev");
        assert_eq!(config.development_hosts, "127.0.0.1:80");
        let config = Config::read("invite-accept", set).unwrap();
        assert_eq!(config.development_hosts, "");
        assert!(config.model.is_none());
    }

    #[track_caller]
    fn check_model(appwrite: &str, url: &str, name: &str, expect: Result<bool, &str>) {
        let read = Config::read("scrape-enrich", |variable| {
            let set = match variable {
                "APPWRITE_FUNCTION_API_ENDPOINT" => appwrite,
                "VALYOURISE_MODEL_URL" => url,
                "VALYOURISE_MODEL_KEY" => "very-secret",
                "VALYOURISE_MODEL_NAME" => name,
                _ => "x",
            };
            Some(set.to_owned())
        });
        match (&read, expect) {
            (Ok(config), Ok(is_set)) => assert_eq!(config.model.is_some(), is_set, "{url}"),
            (Err(fault), Err(expect)) => assert!(fault.contains(expect), "{url}: {fault}"),
            _ => panic!("{url}: {read:?}"),
        }
        assert!(!format!("{read:?}").contains("very-secret"));
    }

    #[test]
    fn a_model_is_asked_over_https_or_on_this_machine_beside_an_appwrite_that_is_here_too() {
        let (here, away) = ("http://127.0.0.1:9501/v1", "https://cloud.appwrite.io/v1");
        check_model(away, "https://api.example.com/v1", "m", Ok(true));
        check_model(here, "http://localhost:11434/v1", "m", Ok(true));
        check_model(away, "", "", Ok(false));
        check_model(away, " ", " ", Ok(false));
        let not_https = "VALYOURISE_MODEL_URL is not https";
        check_model(away, "http://api.example.com/v1", "m", Err(not_https));
        check_model(away, "http://127.0.0.1:11434/v1", "m", Err(not_https));
        check_model(here, "http://10.0.0.1/v1", "m", Err(not_https));
        check_model(here, "ftp://127.0.0.1/v1", "m", Err(not_https));
        check_model(away, "api.example.com", "m", Err("is not an address"));
        check_model(
            away,
            "https://a:b@api.example.com",
            "m",
            Err("name or password"),
        );
        check_model(
            away,
            "https://api.example.com",
            "",
            Err("VALYOURISE_MODEL_NAME is not set"),
        );
        check_model(away, "", "m", Err("VALYOURISE_MODEL_URL is not set"));
    }
}
