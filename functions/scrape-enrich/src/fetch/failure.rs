//! Why a page could not be had.

use std::borrow::Cow;

use crate::guard::Refusal;

/// Why a page could not be had, in words for the person who typed the address; they never quote the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FetchFailure {
    /// The address itself is refused.
    #[error("{0}")]
    Refused(Refusal),
    /// The website redirects to a refused address.
    #[error("The website redirects to an address that is not read. {0}")]
    RedirectRefused(Refusal),
    #[error("The website redirects again and again. Open it in a browser and enter the address where it ends.")]
    TooManyRedirects,
    /// A redirect without an address, or with one that cannot be understood.
    #[error("The website redirects to nowhere. Open it in a browser and enter the address where it ends.")]
    BrokenRedirect,
    /// From https to http: what comes then could be anybody's words.
    #[error("The website redirects from https to unprotected http. Enter its http address if you trust it.")]
    Downgrade,
    #[error("The website cannot be reached, or its certificate is not valid. Check that it opens in a browser.")]
    Unreachable,
    /// The connection broke or the server does not speak HTTP.
    #[error("The website broke off its answer. Try again later.")]
    Broken,
    /// Any status but 200, 203 and the redirects.
    #[error("{}", of_status(*.0))]
    Status(u16),
    #[error("The address leads to a file that is not a web page. Enter the address of a page.")]
    NotAPage,
    /// The body is packed in a way that is not known, or is not what its headers say.
    #[error("The website sends its answer in an encoding that is not read. Enter another page of it, or fill in the profile by hand.")]
    Undecodable,
    /// Packed, it is larger than any page that is read.
    #[error(
        "The page is too large to read. Enter another page of the website, such as its about page."
    )]
    TooLarge,
    #[error("The website takes too long to answer. Try again later.")]
    TooSlow,
}

fn of_status(status: u16) -> Cow<'static, str> {
    let words = match status {
        401 | 403 => {
            "The website does not let us read this page. Enter another page of it, or fill in the profile by hand."
        }
        404 | 410 => "The website has no such page. Check the web address or enter the home page.",
        429 => "The website asks us to come back later. Try again in an hour.",
        500.. => "The website has a problem of its own. Try again later.",
        _ => {
            return format!("The website answers with status {status} instead of a page. Enter another page of it.").into()
        }
    };
    words.into()
}

impl FetchFailure {
    /// The same failure, met after a redirect.
    pub(crate) fn of_a_redirect(self) -> Self {
        match self {
            Self::Refused(refusal) => Self::RedirectRefused(refusal),
            other => other,
        }
    }
}
