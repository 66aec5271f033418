//! The pages of one website, from the first that is read to the profile. Pure.

use serde::{Deserialize, Serialize};
use url::Url;

use crate::extract;
use crate::extract::pointed::{self, Pointers, Verdicts};
use crate::links::{self, Link};
use crate::page::Page;
use crate::proposal::Proposal;

/// What can be asked about a website. The first page that counts is the one that was given.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Request {
    /// Reads a page: its body comes beside the request.
    Page {
        url: Url,
        /// What the Content-Type header says, if anything.
        charset: Option<String>,
    },
    /// Which other pages the first one leads to.
    Links,
    /// What all pages say, of a site that was asked for under this address.
    Profile { source: Url },
    /// What of the pages a model may be shown.
    Passages,
    /// What all pages say, joined with what a model points at.
    Pointed { source: Url, pointers: Pointers },
}

/// What comes back, one for each [`Request`].
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    Page(Read),
    Links(Vec<Link>),
    Profile(Box<Proposal>),
    Passages(Vec<String>),
    Pointed(Box<(Proposal, Verdicts)>),
}

/// What became of a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Read {
    /// It counts.
    Kept,
    /// Another page had the very same body: some sites answer every address with the same page.
    Known,
    /// It only sends its readers on.
    Signpost(Url),
}

/// The pages that count so far.
#[derive(Debug, Default)]
pub struct Session {
    pages: Vec<Page>,
}

impl Session {
    /// Answers one request.
    pub fn answer(&mut self, request: Request, body: &[u8]) -> Answer {
        match request {
            Request::Page { url, charset } => {
                Answer::Page(self.read(url, body, charset.as_deref()))
            }
            Request::Links => Answer::Links(self.links()),
            Request::Profile { source } => Answer::Profile(Box::new(self.profile(source))),
            Request::Passages => Answer::Passages(pointed::passages(&self.pages)),
            Request::Pointed { source, pointers } => {
                let (profile, verdicts) = pointed::profile(&self.pages, &pointers);
                let proposal = Proposal::new(Some(source), &self.pages, profile);
                Answer::Pointed(Box::new((proposal, verdicts)))
            }
        }
    }

    fn read(&mut self, url: Url, body: &[u8], charset: Option<&str>) -> Read {
        let page = Page::new(Some(url.clone()), body, charset);
        if let Some(to) = links::refresh(&page.html, &url) {
            return Read::Signpost(to);
        }
        if self.pages.iter().any(|other| other.sha256 == page.sha256) {
            return Read::Known;
        }
        self.pages.push(page);
        Read::Kept
    }

    fn links(&self) -> Vec<Link> {
        match self.pages.first() {
            Some(Page {
                url: Some(url),
                html,
                ..
            }) => links::worth_reading(html, url),
            _ => Vec::new(),
        }
    }

    fn profile(&self, source: Url) -> Proposal {
        Proposal::new(Some(source), &self.pages, extract::profile(&self.pages))
    }
}
