//! Deployments: the code of functions, from an upload to a program that can be asked. Not the compiling, which is
//! [`runtime::build`], nor the processes, which are [`crate::functions::runtime`]'s.
//!
//! An upload is stored, built when it is its turn, and made the active one if it was to be; until then, and when the
//! build fails, the deployment before it stays active. A build that was cut off begins anew at the next start.

mod build;
mod record;
mod route;
mod upload;

pub(crate) use self::build::resume;
pub(crate) use self::record::{forget, is_deployed, program};
pub(crate) use self::route::{deploy, route};
